"""One environment while it is planned: what is requested of each range, and the places given so far."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from ipaddress import IPv4Network, collapse_addresses

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.facts import RangeFacts, as_existing
from escscaffold.planning.address_plan import EnvironmentPlan, Granted, Origin, PlannedRange, Unplaced
from escscaffold.planning.ranges import aligned, covered_by, overlaps_any, smallest_supernet
from escscaffold.planning.sizing import common_need, is_per_zone, size_of, with_pools, zone_need, zone_of
from escscaffold.spec.model import EnvironmentSpec, Need, RangeRequest, Reference

_NOTHING = RangeRequest()
IN_CUSTOM_FILES = ("custom",)
"""What is replaced where a range of a team's own moves that is no subnet here."""


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


class Draft(Struct, kw_only=True):
    """An environment's ranges, with the places that they were given so far."""

    spec: EnvironmentSpec
    requests: Sequence[Request]
    kept_remote: tuple[IPv4Network, ...] = ()
    """What the peering routed to in the last plan."""
    blocks: dict[str, IPv4Network] = field(default_factory=dict)
    rooms: dict[str, IPv4Network] = field(default_factory=dict)
    """Each block with the addresses kept free for its growth."""

    @classmethod
    def begin(cls, spec: EnvironmentSpec, granted: Granted, kept_remote: tuple[IPv4Network, ...]) -> "Draft":
        """Return a draft in which what is pinned, granted or implied has its place."""
        draft = cls(spec=spec, requests=_requests_of(spec, granted), kept_remote=kept_remote)
        for request in draft.requests:
            if request.block is not None:
                draft.keep(request)
        return draft

    def put(self, request: Request, room: IPv4Network, block: IPv4Network | None = None) -> None:
        """Give a range its place: `block`, or the first part of the room."""
        self.rooms[request.name] = room
        self.blocks[request.name] = block or IPv4Network((room.network_address, request.prefix_length))

    def keep(self, request: Request) -> None:
        """Leave a range where it is, with the adjacent room that its peering already routes to."""
        assert request.block is not None, "what has no place cannot keep it"
        lengths = range(request.room_length, request.prefix_length)
        granted = self.kept_remote if request.facts.covered and self.spec.routes == "exact" else ()
        rooms = (aligned(request.block, length) for length in lengths)
        self.put(request, next((room for room in rooms if covered_by(room, granted)), request.block), request.block)

    def unplaced(self, condition: Callable[[Request], bool]) -> list[Request]:
        """Return the ranges of a kind that have no place yet."""
        return [r for r in self.requests if r.name not in self.blocks and condition(r)]

    def inside(self, name: str) -> list[Request]:
        """Return the ranges that the one with this name must hold."""
        return [r for r in self.requests if r.facts.inside == name]

    def holds_others(self, request: Request) -> bool:
        """Return True if other ranges must be inside this one."""
        return any(r.facts.inside == request.name for r in self.requests)

    def refused(self, requests: Iterable[Request]) -> list[IPv4Network]:
        """Return where a network among these cannot be: with it, the cloud refuses a pinned block."""
        names = {r.name for r in requests}
        further = [
            self.blocks[r.name] for r in self.requests if r.facts.further_block_of in names and r.name in self.blocks
        ]
        limits = self.spec.cloud.further_blocks if further else ()
        return [limit.within for limit in limits if any(overlaps_any(block, limit.refuses) for block in further)]

    def covered_rooms(self) -> list[IPv4Network]:
        """Return what the peering must route to, as far as it has its place."""
        return [self.rooms[r.name] for r in self.requests if r.facts.covered and r.name in self.rooms]

    def leaf_rooms(self) -> list[IPv4Network]:
        """Return the rooms of the ranges that hold no others."""
        return [self.rooms[r.name] for r in self.requests if r.name in self.rooms and not self.holds_others(r)]

    def remote(self) -> tuple[IPv4Network, ...]:
        """Return what the peering routes to, with the ranges that have their place."""
        return _remote_ranges(self.spec, self.covered_rooms(), self.kept_remote, self.rooms.get("kurrent"))

    def is_routable(self, request: Request, block: IPv4Network) -> bool:
        """Return True if a legal remote range still covers everything with the block as the request's place."""
        if not request.facts.covered:
            return True
        kurrent = self.blocks.get("kurrent")
        remote = _remote_ranges(self.spec, [*self.covered_rooms(), block], self.kept_remote, kurrent)
        return bool(remote) and not (kurrent and overlaps_any(kurrent, remote))

    def crossing_rooms(self) -> Iterator[IPv4Network]:
        """Yield the rooms of the ranges that cross the peering."""
        for r in self.requests:
            if r.name in self.rooms and not r.facts.is_hidden(implied=r.origin == "implied"):
                yield self.rooms[r.name]

    def planned(self) -> EnvironmentPlan:
        """Return the plan that the draft has become."""
        ranges = tuple(
            PlannedRange(
                name=r.name,
                cidr=self.blocks[r.name],
                origin=r.origin,
                facts=r.facts,
                room=self.rooms[r.name],
                was=r.was,
            )
            for r in self.requests
            if r.name in self.blocks
        )
        unplaced = tuple(
            Unplaced(name=r.name, prefix_length=r.prefix_length, facts=r.facts)
            for r in self.unplaced(lambda request: True)
        )
        return EnvironmentPlan(
            spec=self.spec, ranges=ranges, remote=self.remote(), unplaced=unplaced, kept_remote=self.kept_remote
        )


def removed_own_ranges(
    environments: Iterable[EnvironmentSpec], granted: Granted, requested: Set[Reference]
) -> dict[Reference, IPv4Network]:
    """Return where ranges of a team's own lay that are asked for no more: a subnet may still be there."""
    modes = {spec.name: spec.mode for spec in environments}
    return {
        key: block
        for key, block in granted.items()
        if key not in requested and key.environment in modes and modes[key.environment].is_own(key.name)
    }


def _requests_of(spec: EnvironmentSpec, granted: Granted) -> list[Request]:
    """Return the environment's ranges, `kurrent` first, in the mode's order."""
    zones = _zones(spec)
    common, by_zone = common_need(spec), {zone: zone_need(spec, len(zones), zone) for zone in zones}
    requests = [
        _request(spec, name, facts, granted, by_zone[zone_of(name)] if facts.per_zone else common)
        for name, facts in _names(spec)
    ]
    pinned = {r.name: r.block for r in requests if r.origin == "pinned"}
    return [_without_outside_place(request, pinned.get(request.facts.inside)) for request in requests]


def _without_outside_place(request: Request, holder: IPv4Network | None) -> Request:
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
    named = {int(name.rpartition("-")[2]) for name in spec.ranges if is_per_zone(spec, name)}
    return sorted(named | set(range(1, fewest + 1)))


def _request(spec: EnvironmentSpec, name: str, facts: RangeFacts, granted: Granted, common: Need | None) -> Request:
    request = spec.ranges.get(name, _NOTHING)
    was = granted.get(Reference(spec.name, name))
    # Where the cloud's own choice was, a chosen range never stays.
    before = None if was == facts.implied else was
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
        was=was,
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


def _remote_ranges(
    spec: EnvironmentSpec,
    covered: Sequence[IPv4Network],
    kept_remote: tuple[IPv4Network, ...] = (),
    kurrent: IPv4Network | None = None,
) -> tuple[IPv4Network, ...]:
    """Return what the peering is to route to: the given ranges, the exact ones, or one supernet.

    What it routed to before (`kept_remote`) stays while it covers what it must: another remote range is
    a new peering. Empty where the supernet would be wider than a route may be.
    """
    limits = spec.facts.kurrent.remote
    if spec.remote:
        return spec.remote
    if not covered:
        return ()
    if spec.routes == "exact":
        return tuple(collapse_addresses(covered))
    fits = len(kept_remote) == 1 and all(covered_by(block, kept_remote) for block in covered)
    if fits and not (kurrent and overlaps_any(kurrent, kept_remote)):
        return kept_remote
    supernet = smallest_supernet(covered)
    if supernet.prefixlen > limits.longest_prefix_length:
        return (aligned(supernet, limits.longest_prefix_length),)
    return (supernet,) if supernet.prefixlen >= limits.shortest_prefix_length else ()
