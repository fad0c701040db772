"""The planner: from a spec and what was allocated before to an address plan. Pure."""

from collections.abc import Callable, Set
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from msgspec.structs import replace

from escscaffold.planning.address_plan import AddressPlan, Grants
from escscaffold.planning.draft import Draft, removed_own_ranges
from escscaffold.planning.lock_records import Claims, with_new_owners
from escscaffold.planning.placement import PLACEMENT_STEPS, Placement
from escscaffold.planning.snapshot import HeldPrefix, Snapshot, held_prefixes
from escscaffold.spec.model import EnvironmentSpec, IpamSpec, Reference, Spec

if TYPE_CHECKING:
    from escscaffold.planning.lock import Lock

AmendGrants = Callable[[Grants], Grants]


def plan_allocated(
    lock: "Lock",
    spec: Spec,
    snapshot: Snapshot | None = None,
    *,
    amend: AmendGrants | None = None,
    widened: Set[str] = frozenset(),
) -> AddressPlan:
    """Plan the spec; allocated ranges keep their addresses, and new ranges avoid the prefixes of the snapshot.

    `amend` adds what the IPAM registered to the lock's allocations, `widened` are the environments whose claimed
    blocks are too small (see `plan_addresses`). Notes on the lock's text go with the plan.
    """
    from escscaffold.planning.lock import grants_for  # a plan of flags alone has no lock

    grants = grants_for(lock, spec)
    plan = plan_addresses(spec, amend(grants) if amend else grants, snapshot, widened)
    return replace(plan, notes=lock.notes)


def plan_addresses(
    spec: Spec, granted: Grants | None = None, snapshot: Snapshot | None = None, widened: Set[str] = frozenset()
) -> AddressPlan:
    """Return the place of every range of every environment.

    `granted` is where the last plan put them (the lock): such a range stays where it is, so that
    adding, removing or resizing one range never moves another. `snapshot` is what the IPAM of the
    spec had: the planner stays off it. An environment that claimed blocks is placed inside them,
    and one that is to claim some in what the spec claims from; those that are `widened`, in both.
    """
    granted = granted or Grants()
    # What comes back finds its old place.
    places = {**granted.retired, **granted.ranges}
    ipam_prefixes = _held_by_others(spec, granted.claims, snapshot)
    environments = [
        _where_claimed(environment, spec.ipam, granted.claims, widened) for environment in spec.environments.values()
    ]
    drafts = [
        Draft.begin(environment, places, granted.routed.get(environment.name, ())) for environment in environments
    ]
    requested = {Reference(draft.spec.name, r.name) for draft in drafts for r in draft.requests}
    retired = {key: block for key, block in granted.retired.items() if key not in requested}
    retired |= removed_own_ranges(environments, granted.ranges, requested)
    clouds = {environment.cloud.name: environment.cloud for environment in spec.environments.values()}
    claimed = {environment.name: granted.claims.blocks(environment.name) for environment in environments}
    unusable = (*spec.reserved.values(), *retired.values())
    placement = Placement(
        unusable, clouds.values(), occupied=[prefix.cidr for prefix in ipam_prefixes], claimed=claimed
    )
    # An environment's own ranges count before the additional addresses that its peering covers.
    for draft in drafts:
        placement.hold(draft.spec.name, draft.crossing_rooms())
    for draft in drafts:
        placement.claim(draft.spec.name, (*draft.remote(), *claimed[draft.spec.name]))
    for step in PLACEMENT_STEPS:
        for draft in drafts:
            placement.take_step(draft, step)
    return AddressPlan(
        spec=spec,
        environments=tuple(draft.planned() for draft in drafts),
        retired=retired,
        moving=granted.moving,
        claims=granted.claims,
        owners=with_new_owners(granted.owners, spec.environments),
        snapshot=snapshot,
        ipam_prefixes=ipam_prefixes,
        granted=granted,
    )


def _held_by_others(spec: Spec, claims: Claims, snapshot: Snapshot | None) -> tuple[HeldPrefix, ...]:
    """Return what others have in the IPAM, environments of this repository that are not in the spec among them."""
    if spec.ipam is None or snapshot is None or not snapshot.is_of(spec.ipam):
        return ()
    own_ids = {claim.id for (name, _), claim in claims.held.items() if name in spec.environments}
    repository = claims.repository or spec.ipam.repository
    own_labels = {(repository, name) for name in spec.environments} if repository else set()
    return held_prefixes(snapshot, spec.ipam, own_ids, own_labels)


def _where_claimed(
    environment: EnvironmentSpec, ipam: IpamSpec | None, claims: Claims, widened: Set[str]
) -> EnvironmentSpec:
    """Return the environment with the blocks that it is placed in: those that it claimed, or can claim from."""
    if ipam is None or not ipam.claim_from:
        return environment
    blocks = claims.blocks(environment.name)
    roots = claim_roots(environment, ipam) if not blocks or environment.name in widened else ()
    pools = (*blocks, *(root for root in roots if root not in blocks))
    return replace(environment, claim_pools=pools, claim_roots=ipam.claim_from)


def claim_roots(environment: EnvironmentSpec, ipam: IpamSpec) -> tuple[IPv4Network, ...]:
    """Return what an environment claims from: of the spec's prefixes, those that meet its pools, if it has some."""
    pools = environment.pools
    return tuple(root for root in ipam.claim_from if not pools or any(root.overlaps(pool) for pool in pools))
