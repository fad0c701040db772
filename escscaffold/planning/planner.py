"""Plans a repository: keeps what is pinned or granted, then places the rest, environment by environment.

The same spec, grants and snapshot give the same plan. What is wrong with a plan is for the
rules to say; a range without room stands in `unplaced`.
"""

from collections.abc import Set
from ipaddress import IPv4Network

from msgspec.structs import replace

from escscaffold.planning.claims import Claims
from escscaffold.planning.draft import Draft
from escscaffold.planning.placement import PHASES, Placement
from escscaffold.planning.plan import AddressPlan, Grants
from escscaffold.planning.snapshot import Snapshot, Taken, taken_of
from escscaffold.spec.model import EnvironmentSpec, IpamSpec, Spec


def plan_addresses(
    spec: Spec, granted: Grants | None = None, snapshot: Snapshot | None = None, widened: Set[str] = frozenset()
) -> AddressPlan:
    """Return where every range of every environment lies.

    `granted` is where the last plan put them (the lock): such a range stays where it is, so that
    adding, removing or resizing one range never moves another. `snapshot` is what the IPAM of the
    spec had: the planner stays off it. An environment that claimed blocks is placed inside them,
    and one that is to claim some in what the spec claims from; those that are `widened`, in both.
    """
    granted = granted or Grants()
    # What comes back finds its old place.
    known = {**granted.retired, **granted.ranges}
    taken = _taken(spec, granted.claims, snapshot)
    environments = [_where_claimed(one, spec.ipam, granted.claims, widened) for one in spec.environments.values()]
    drafts = [Draft.begin(one, known, granted.routed.get(one.name, ())) for one in environments]
    asked = {(draft.spec.name, r.name) for draft in drafts for r in draft.requests}
    retired = {key: block for key, block in granted.retired.items() if key not in asked}
    clouds = {one.cloud.name: one.cloud for one in spec.environments.values()}
    kept = {one.name: granted.claims.blocks(one.name) for one in environments}
    never = (*spec.reserved.values(), *retired.values())
    placement = Placement(never, clouds.values(), taken=[one.cidr for one in taken], kept=kept)
    # What an environment has counts before what its peering merely takes along.
    for draft in drafts:
        placement.hold(draft.spec.name, draft.crossing_rooms())
    for draft in drafts:
        placement.claim(draft.spec.name, (*draft.remote(), *kept[draft.spec.name]))
    for phase in PHASES:
        for draft in drafts:
            placement.take_step(draft, phase)
    return AddressPlan(
        spec=spec,
        environments=tuple(draft.planned() for draft in drafts),
        retired=retired,
        moving=granted.moving,
        claims=granted.claims,
        snapshot=snapshot,
        taken=taken,
        granted=granted,
    )


def _taken(spec: Spec, claims: Claims, snapshot: Snapshot | None) -> tuple[Taken, ...]:
    """Return what others have in the IPAM, environments of this repository that are not in the spec among them."""
    if spec.ipam is None or snapshot is None or not snapshot.is_of(spec.ipam):
        return ()
    own_ids = {claim.id for (name, _), claim in claims.held.items() if name in spec.environments}
    repository = claims.repository or spec.ipam.repository
    own = {(repository, name) for name in spec.environments} if repository else set()
    return taken_of(snapshot, spec.ipam, own_ids, own)


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
