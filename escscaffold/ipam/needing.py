"""What is still to be claimed, and how: from a plan, from what the IPAM has, and from which of it is ours. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from ipaddress import IPv4Network

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.ipam.interface import IpamError
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, Grants, Unplaced
from escscaffold.planning.claim_requests import ClaimRequest, claim_requests, is_claimable
from escscaffold.planning.lock import Lock
from escscaffold.planning.lock_records import Claim, Claims, Label, label_in
from escscaffold.planning.planner import claim_roots, plan_allocated
from escscaffold.planning.ranges import covered_by, overlap, overlaps_any
from escscaffold.planning.snapshot import Prefix, Snapshot
from escscaffold.spec.model import IpamSpec, Reference, Spec


class OwnPrefixes(Struct, frozen=True, kw_only=True):
    """The prefixes of this repository as the IPAM has them."""

    repository: str
    held: Mapping[Reference, Prefix]
    surplus: tuple[Prefix, ...] = ()
    """Prefixes with a label that another one has already: two runs claimed at once."""

    @property
    def claims(self) -> Claims:
        """What the lock remembers of them."""
        held = {key: Claim(cidr=prefix.block, id=prefix.id) for key, prefix in self.held.items()}
        return Claims(repository=self.repository, held=held)

    def with_prefix(self, key: Reference, prefix: Prefix) -> "OwnPrefixes":
        """Return the same with one more prefix."""
        return replace(self, held={**self.held, key: prefix})

    def of(self, environment: str) -> Mapping[str, Prefix]:
        """Return an environment's prefixes by range."""
        return {name: prefix for (owner, name), prefix in self.held.items() if owner == environment}


def find_own(prefixes: Iterable[Prefix], claims: Claims, repository: str, spec: Spec) -> OwnPrefixes:
    """Return what of the prefixes is this repository's.

    What only has a label counts for environments of the spec alone: another branch may have
    claimed it for an environment that this one does not have.
    """
    by_number = {claim.id: key for key, claim in claims.held.items()}
    held: dict[Reference, Prefix] = {}
    labelled: list[tuple[Reference, Prefix]] = []
    for prefix in prefixes:
        if prefix.id in by_number:
            held[by_number[prefix.id]] = prefix
        elif (label := label_in(prefix.description)) and label.repository == repository:
            labelled.append((Reference(label.environment, label.range), prefix))
    surplus: list[Prefix] = []
    for key, prefix in sorted(labelled, key=lambda pair: pair[1].id):
        if key.environment not in spec.environments:
            continue
        if key in held:
            surplus.append(prefix)
        else:
            held[key] = prefix
    return OwnPrefixes(repository=repository, held=held, surplus=tuple(surplus))


class ClaimScope(Struct, frozen=True, kw_only=True):
    """For what to claim."""

    spec: Spec
    ipam: IpamSpec
    """The spec's own."""
    lock: Lock
    repository: str
    """What the repository is called in the IPAM."""
    environments: tuple[str, ...]
    today: date


class NeededClaim(Struct, frozen=True, kw_only=True):
    """One block to be claimed."""

    environment: str
    requested: ClaimRequest
    roots: tuple[Prefix, ...] = ()
    """Prefixes to allocate it in, in this order; nothing where it is claimed as it is."""
    claimed: tuple[IPv4Network, ...] = ()
    """What the environment holds already."""

    @property
    def length(self) -> int:
        """The prefix length."""
        return self.requested.cidr.prefixlen

    @property
    def in_words(self) -> str:
        """What is claimed, in words: `a /16 from 10.64.0.0/10` or `172.30.0.0/15, pinned`."""
        if self.roots:
            return f"a /{self.length} from {' or '.join(root.prefix for root in self.roots)}"
        return f"{self.requested.cidr}, pinned"

    @property
    def why(self) -> str:
        """The arithmetic: which ranges need how many addresses, and what is claimed already."""
        leaves = [r for r in self.requested.ranges if not any(o.facts.inside == r.name for o in self.requested.ranges)]
        parts = " + ".join(f"{r.name} /{r.cidr.prefixlen}" for r in leaves)
        total = sum(r.cidr.num_addresses for r in leaves)
        sum_ = f"{parts} = {total:,} of its {self.requested.cidr.num_addresses:,} addresses"
        if not self.claimed:
            return sum_
        had = sum(block.num_addresses for block in self.claimed)
        return f"{sum_}; claimed so far: {', '.join(map(str, self.claimed))} with {had:,}"


class Outlook(Struct, frozen=True, kw_only=True):
    """What the IPAM has, and what follows from it for the environments that are asked for."""

    scope: ClaimScope
    snapshot: Snapshot
    own_prefixes: OwnPrefixes
    plan: AddressPlan
    """The plan before anything is allocated: where the IPAM chooses, addresses may still differ."""
    needs: tuple[NeededClaim, ...]


def outlook(scope: ClaimScope, prefixes: tuple[Prefix, ...]) -> Outlook:
    """Return what is to be claimed, of what the IPAM has now."""
    ipam = scope.ipam
    snapshot = Snapshot(kind=ipam.kind, url=ipam.url, vrf=ipam.vrf, pulled=scope.today.isoformat(), prefixes=prefixes)
    _refuse_missing_roots(scope, snapshot)
    own_prefixes = find_own(prefixes, scope.lock.grants.claims, scope.repository, scope.spec)
    own_prefixes = _without_contested(scope, own_prefixes, prefixes)
    plan = planned(scope, snapshot, own_prefixes)
    needs = tuple(need for name in scope.environments for need in _needs(scope, plan, own_prefixes, name))
    return Outlook(scope=scope, snapshot=snapshot, own_prefixes=own_prefixes, plan=plan, needs=needs)


def _without_contested(scope: ClaimScope, own_prefixes: OwnPrefixes, prefixes: tuple[Prefix, ...]) -> OwnPrefixes:
    """Release what an interrupted run registered and never checked, where another owner has addresses of it."""
    claims = scope.lock.grants.claims.held
    contested = {
        key: prefix
        for key, prefix in own_prefixes.held.items()
        if key not in claims and blocking_prefixes(prefixes, prefix.block, own_prefixes, scope.ipam)
    }
    held = {key: prefix for key, prefix in own_prefixes.held.items() if key not in contested}
    return replace(own_prefixes, held=held, surplus=(*own_prefixes.surplus, *contested.values()))


def _refuse_missing_roots(scope: ClaimScope, snapshot: Snapshot) -> None:
    """Raise IpamError where the IPAM has not what is to be claimed from: it would allocate somewhere else."""
    registered = {prefix.prefix for prefix in snapshot.prefixes}
    for root in scope.ipam.claim_from if scope.environments else ():
        if str(root) not in registered:
            table = f"VRF {snapshot.vrf}" if snapshot.vrf else "the global table"
            raise IpamError(
                f"claim_from: {root} is not a prefix in {table} at {snapshot.url}.",
                hint="Register it there with status container, or set a registered prefix.",
            )


def planned(scope: ClaimScope, snapshot: Snapshot, own_prefixes: OwnPrefixes) -> AddressPlan:
    """Return the plan with what is claimed; an environment for which that is too small looks for more."""

    def with_registered(grants: Grants) -> Grants:
        return _grants_with(grants, own_prefixes, scope.spec)

    plan = plan_allocated(scope.lock, scope.spec, snapshot, amend=with_registered)
    small = {
        environment.name
        for environment in plan.environments
        if any(_crosses(missing) for missing in environment.unplaced)
    }
    if small & {*scope.environments}:
        widened = small & {*scope.environments}
        plan = plan_allocated(scope.lock, scope.spec, snapshot, amend=with_registered, widened=widened)
    return plan


def _grants_with(grants: Grants, own_prefixes: OwnPrefixes, spec: Spec) -> Grants:
    """Return the grants with what is claimed; a range that is registered and was not granted lies where it is.

    So a run that was ended before it wrote the lock is taken up where it was.
    """
    ranges = {key: prefix.block for key, prefix in own_prefixes.held.items() if key.environment in spec.environments}
    places = {key: block for key, block in ranges.items() if _is_range(spec, key)}
    return replace(grants, ranges={**places, **grants.ranges}, claims=own_prefixes.claims)


def _is_range(spec: Spec, key: Reference) -> bool:
    return key.name == "kurrent" or spec.environments[key.environment].mode.facts_of(key.name) is not None


def _crosses(missing: Unplaced) -> bool:
    return not missing.facts.hidden


def _needs(scope: ClaimScope, plan: AddressPlan, own_prefixes: OwnPrefixes, name: str) -> Iterator[NeededClaim]:
    environment = plan.environment(name)
    spec = scope.spec.environments[name]
    by_text = {prefix.prefix: prefix for prefix in (plan.snapshot.prefixes if plan.snapshot else ())}
    roots = [by_text.get(str(root)) for root in claim_roots(spec, scope.ipam)]
    usable = tuple(root for root in roots if root is not None and environment.spec.claim_pools)
    clear = not _is_blocked_elsewhere(scope, plan, environment, usable)
    grows = any(range_name != "kurrent" for range_name in own_prefixes.of(name))
    for requested in claim_requests(environment, [prefix.cidr for prefix in plan.ipam_prefixes]):
        if requested.inside or own_prefixes.claims.holds(requested.cidr):
            continue
        covered = any(r.facts.covered for r in requested.ranges)
        chosen = covered and bool(spec.remote)
        allocated = requested.is_placed and not chosen and _is_whole(environment, requested)
        by_ipam = allocated and clear and not (covered and grows)
        inside = any(covered_by(requested.cidr, (root.block,)) for root in usable)
        yield NeededClaim(
            environment=name,
            requested=requested,
            roots=usable if by_ipam and inside else (),
            claimed=_routed_claims(own_prefixes, name) if covered else (),
        )


def _routed_claims(own_prefixes: OwnPrefixes, name: str) -> tuple[IPv4Network, ...]:
    """Return the blocks that an environment holds, without the Kurrent network's."""
    kurrent = own_prefixes.of(name).get("kurrent")
    return tuple(block for block in own_prefixes.claims.blocks(name) if kurrent is None or block != kurrent.block)


def _is_whole(environment: EnvironmentPlan, requested: ClaimRequest) -> bool:
    """Return True if the block has no need to be near another one: for the peering's route, it is all or its own."""
    if environment.spec.routes == "exact":
        return True
    names = {r.name for r in requested.ranges}
    covered = [r.name for r in environment.covered if is_claimable(environment, r)]
    return not names & {*covered} or names >= {*covered}


def _is_blocked_elsewhere(
    scope: ClaimScope, plan: AddressPlan, environment: EnvironmentPlan, roots: Iterable[Prefix]
) -> bool:
    """Return True if something that the IPAM does not know keeps the environment off a part of the roots.

    The first free block there could then be one that cannot be used.
    """
    used = [prefix.block for prefix in (plan.snapshot.prefixes if plan.snapshot else ()) if prefix.is_used]
    local = [*scope.spec.reserved.values(), *plan.retired.values()]
    local += (rule.cidr for rule in environment.spec.cloud.forbidden)
    for other in plan.environments:
        if other.name != environment.name:
            placed = () if other.name in scope.environments else other.remote
            fixed = (r.cidr for r in other.ranges if not r.hidden and r.origin not in ("placed", "sized"))
            local += (*placed, *fixed)
    blocks = [root.block for root in roots]
    near = [block for block in local if overlaps_any(block, blocks)]
    return any(not covered_by(block, used) for block in near)


def blocking_prefixes(
    prefixes: Iterable[Prefix], block: IPv4Network, own_prefixes: OwnPrefixes, ipam: IpamSpec
) -> tuple[Prefix, ...]:
    """Return the prefixes that block a claim: those of other owners that share addresses with the block.

    A container that holds the block is made for that, and what is claimed from is, too.
    """
    mine = {prefix.id for prefix in (*own_prefixes.held.values(), *own_prefixes.surplus)}
    return tuple(
        prefix
        for prefix in prefixes
        if prefix.id not in mine and overlap(prefix.block, block) and not _holds(prefix, block, ipam)
    )


def _holds(prefix: Prefix, block: IPv4Network, ipam: IpamSpec) -> bool:
    around = prefix.block != block and covered_by(block, (prefix.block,))
    return around and (not prefix.is_used or any(covered_by(root, (prefix.block,)) for root in ipam.claim_from))


def label_of(scope: ClaimScope, environment: str, range_name: str) -> str:
    """Return the description that a claimed prefix gets."""
    return Label(repository=scope.repository, environment=environment, range=range_name).text
