"""What is asked of placing: each range of an environment, own ranges too, with its size, holder and room to lie in."""

from collections.abc import Iterable, Iterator, Mapping, Set
from ipaddress import IPv4Network

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.facts import REMOTE, RangeFacts, as_existing
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, Granted, Origin, PlannedRange
from escscaffold.planning.ranges import overlap
from escscaffold.planning.sizing import common_need, is_per_zone, size_of, with_pools, zone_need, zone_of
from escscaffold.spec.model import EnvironmentSpec, Need, RangeRequest, Reference

_NOTHING = RangeRequest()
IN_CUSTOM_FILES = ("custom",)
"""What is replaced where a range of a team's own moves that is no subnet here."""


class ClaimRequest(Struct, frozen=True, kw_only=True):
    """One prefix to be registered for an environment."""

    range: str
    """The name of the range, or `remote` for what the peering routes to."""
    cidr: IPv4Network
    inside: str = ""
    """The block that it is in; nothing where it is a block of its own."""
    ranges: tuple[PlannedRange, ...] = ()
    """Of a block, the ranges that it is for."""

    @property
    def is_placed(self) -> bool:
        """Whether the planner chose the place of all that is in it, and may choose another."""
        return all(r.origin in ("placed", "sized") for r in self.ranges)


def unclaimed(plan: AddressPlan) -> Iterator[tuple[EnvironmentPlan, ClaimRequest]]:
    """Yield each block that an environment needs and that the repository has not claimed, where it claims at all."""
    if plan.spec.ipam is None or not plan.spec.ipam.claim_from:
        return
    others = [prefix.cidr for prefix in plan.ipam_prefixes]
    for environment in plan.environments:
        for request in claim_requests(environment, others):
            if not request.inside and not plan.claims.holds(request.cidr):
                yield environment, request


def claim_requests(environment: EnvironmentPlan, others: Iterable[IPv4Network] = ()) -> tuple[ClaimRequest, ...]:
    """Return what an environment needs registered: the blocks first, then the ranges inside.

    Not among them are ranges that never cross the peering, those that exist already, and those that a
    cloud sets. Where `others` lie in what the peering routes to, its ranges are blocks themselves.
    """
    ranges = [r for r in environment.ranges if is_claimable(environment, r)]
    blocks = [*_routed(environment, ranges, list(others))]
    for planned in ranges:
        if not any(planned.cidr.subnet_of(block.cidr) for block in blocks):
            blocks.append(ClaimRequest(range=planned.name, cidr=planned.cidr, ranges=(planned,)))
    names = {block.range for block in blocks}
    inner = [
        ClaimRequest(range=planned.name, cidr=planned.cidr, inside=block.range)
        for block in blocks
        for planned in ranges
        if planned.cidr.subnet_of(block.cidr) and planned.name not in names
    ]
    return (*blocks, *inner)


def is_claimable(environment: EnvironmentPlan, planned: PlannedRange) -> bool:
    """Return True for a range whose addresses are this environment's alone, and that it may choose."""
    return not (planned.hidden or environment.is_existing(planned)) and planned.facts.settable


def _routed(
    environment: EnvironmentPlan, ranges: list[PlannedRange], others: list[IPv4Network]
) -> Iterator[ClaimRequest]:
    """Yield a block for each of what the peering routes to, if all in there is this environment's to claim."""
    covered = [r for r in ranges if r.facts.covered]
    fixed = [r.cidr for r in environment.covered if r not in covered]
    many = len(environment.remote) > 1
    for number, remote in enumerate(environment.remote, start=1):
        inside = [r for r in covered if r.cidr.subnet_of(remote)]
        if not inside or any(overlap(remote, block) for block in (*fixed, *others)):
            continue
        held = tuple(r for r in ranges if r.cidr.subnet_of(remote))
        same = next((r.name for r in inside if r.cidr == remote), "")
        yield ClaimRequest(range=same or (f"{REMOTE}-{number}" if many else REMOTE), cidr=remote, ranges=held)


class Request(Struct, frozen=True, kw_only=True):
    """One range to be in the plan; `block` is None while it has no place."""

    name: str
    facts: RangeFacts
    prefix_length: int
    block: IPv4Network | None
    origin: Origin
    is_requested: bool
    """Whether a person gave its size or place."""
    growth_bits: int = 0
    """How much shorter the prefix length may become where it lies."""
    before: IPv4Network | None = None
    """Where it lay with another size: to widen or shrink there moves nothing."""
    was: IPv4Network | None = None
    """Where it lay in the last plan."""

    @property
    def room_length(self) -> int:
        """The prefix length with the room to grow."""
        return max(self.prefix_length - self.growth_bits, 1)


def requests_of(spec: EnvironmentSpec, granted: Granted) -> list[Request]:
    """Return the environment's ranges, `kurrent` first, in the mode's order."""
    zones = _zones(spec)
    common, by_zone = common_need(spec), {zone: zone_need(spec, len(zones), zone) for zone in zones}
    requests = [
        _request(spec, name, facts, granted, by_zone[zone_of(name)] if facts.per_zone else common)
        for name, facts in _names(spec)
    ]
    pinned = {r.name: r.block for r in requests if r.origin == "pinned"}
    return [_follow(request, pinned.get(request.facts.inside)) for request in requests]


def _follow(request: Request, holder: IPv4Network | None) -> Request:
    """Return the request without its earlier place, if that is not inside its holder's new one."""
    left_behind = holder and request.origin == "locked" and request.block and not request.block.subnet_of(holder)
    return replace(request, block=None, origin="placed") if left_behind else request


def _names(spec: EnvironmentSpec) -> Iterator[tuple[str, RangeFacts]]:
    network = spec.facts.kurrent.network
    yield "kurrent", as_existing(network) if spec.parts.get("kurrent-network") == "existing" else network
    zones = _zones(spec)
    for kind, facts in spec.mode.ranges.items():
        if facts.per_zone:
            yield from ((f"{kind}-{zone}", facts) for zone in zones)
        else:
            yield kind, facts
    for name in sorted(spec.ranges):
        facts_of_other = spec.mode.facts_of(name) if name not in spec.mode.ranges else None
        if facts_of_other is not None and not facts_of_other.per_zone:
            yield name, _own_range_facts(spec, name, facts_of_other)


def _zones(spec: EnvironmentSpec) -> list[int]:
    """Return the numbers of the zones: those of every range that is given by zone, and the fewest that there can be."""
    zonal: Mapping[str, RangeFacts] = {kind: facts for kind, facts in spec.mode.ranges.items() if facts.per_zone}
    fewest = max((facts.minimum_zones for facts in zonal.values()), default=0)
    given = {int(name.rpartition("-")[2]) for name in spec.ranges if is_per_zone(spec, name)}
    return sorted(given | set(range(1, fewest + 1)))


def _request(spec: EnvironmentSpec, name: str, facts: RangeFacts, granted: Granted, common: Need | None) -> Request:
    request = spec.ranges.get(name, _NOTHING)
    before = granted.get(Reference(spec.name, name))
    # Where the cloud's own choice was, a chosen range never stays.
    before = None if before == facts.implied else before
    is_requested = request != _NOTHING
    block: IPv4Network | None = None
    length, origin = _length(request, facts, common)
    if request.block is not None:
        block, origin, length = request.block, "pinned", request.block.prefixlen
    elif not is_requested and facts.implied is not None:
        block, origin, length = facts.implied, "implied", facts.implied.prefixlen
    elif before is not None and (not (request.prefix_length is not None or request.need) or before.prefixlen == length):
        block, origin, length = before, "locked", before.prefixlen
    return Request(
        name=name,
        facts=facts,
        prefix_length=length,
        block=block,
        origin=origin,
        is_requested=is_requested,
        growth_bits=(request.growth - 1).bit_length(),
        before=before if block is None else None,
        was=granted.get(Reference(spec.name, name)),
    )


def _length(request: RangeRequest, facts: RangeFacts, common: Need | None) -> tuple[int, Origin]:
    """Return the prefix length, and whether it is given or comes from a need."""
    if request.prefix_length is not None:
        return request.prefix_length, "placed"
    if request.need is not None:
        return size_of(with_pools(request.need, common), facts).prefix_length, "sized"
    default = facts.default_prefix_length
    if common and facts.sizing and facts.sizing.counts == "nodes" and facts.implied is None:
        needed = size_of(common, facts).prefix_length
        if needed < default:
            return needed, "sized"
    return default, "placed"


def _own_range_facts(spec: EnvironmentSpec, name: str, facts: RangeFacts) -> RangeFacts:
    """Return what is known of a range under this name: of a team's own without a subnet, files of theirs make use."""
    if not spec.mode.is_own(name) or spec.ranges[name].subnet:
        return facts
    return replace(facts, replaces=IN_CUSTOM_FILES, refused="", refused_source="")


def removed_own_ranges(
    environments: Iterable[EnvironmentSpec], granted: Granted, requested: Set[Reference]
) -> dict[Reference, IPv4Network]:
    """Return where ranges of a team's own lay that are asked for no more: a subnet may still be there."""
    known = {spec.name: spec.mode for spec in environments}
    return {
        key: block
        for key, block in granted.items()
        if key not in requested and key.environment in known and known[key.environment].is_own(key.name)
    }
