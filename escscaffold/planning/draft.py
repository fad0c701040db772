"""One environment while it is planned: its requests, the free space around them, and the tightest legal supernet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Network, collapse_addresses

from msgspec import Struct, field

from escscaffold.clouds.facts import ExpandingNetwork
from escscaffold.planning.address_plan import EnvironmentPlan, Granted, PlannedRange, Unplaced
from escscaffold.planning.free_space import FreeSpace, SupernetQueue
from escscaffold.planning.ranges import aligned, covered_by, cut, overlaps_any, smallest_supernet, tightest_fit
from escscaffold.planning.requests import Request, requests_of
from escscaffold.spec.model import EnvironmentSpec

SupernetQueues = dict[tuple[object, ...], SupernetQueue]
"""The supernets that are free in part, by what is to be placed in them."""


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
        draft = cls(spec=spec, requests=requests_of(spec, granted), kept_remote=kept_remote)
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


def _remote_ranges(
    spec: EnvironmentSpec,
    covered: Sequence[IPv4Network],
    kept: tuple[IPv4Network, ...] = (),
    kurrent: IPv4Network | None = None,
) -> tuple[IPv4Network, ...]:
    """Return what the peering is to route to: the given ranges, the exact ones, or one supernet.

    What it routed to before (`kept`) stays while it covers what it must: another remote range is
    a new peering. Empty where the supernet would be wider than a route may be.
    """
    limits = spec.facts.kurrent.remote
    if spec.remote:
        return spec.remote
    if not covered:
        return ()
    if spec.routes == "exact":
        return tuple(collapse_addresses(covered))
    fits = len(kept) == 1 and all(covered_by(block, kept) for block in covered)
    if fits and not (kurrent and overlaps_any(kurrent, kept)):
        return kept
    supernet = smallest_supernet(covered)
    if supernet.prefixlen > limits.longest_prefix_length:
        return (aligned(supernet, limits.longest_prefix_length),)
    return (supernet,) if supernet.prefixlen >= limits.shortest_prefix_length else ()


def is_clear(space: FreeSpace, block: IPv4Network, held: Iterable[IPv4Network] = ()) -> bool:
    """Return True if all of the block is free but for what it holds."""
    own = sum(other.num_addresses for other in held if other.subnet_of(block))
    return sum(part.num_addresses for part in space.parts(block)) + own == block.num_addresses


class Surroundings(Struct, frozen=True, kw_only=True):
    """Where a phase looks for room."""

    free: FreeSpace
    """What is clear of everything that is known."""
    least: Callable[[], FreeSpace]
    """What is clear of reserved and forbidden blocks and of its own; other environments may be there."""
    exclusive: tuple[IPv4Network, ...]
    """What of it is taken or free for this environment only."""
    queues: SupernetQueues
    """What placing has learned of supernets that are free in part."""
    claim: Callable[[IPv4Network], None]
    """Takes a block out of what is free, for the rest of the phase."""


def is_free(draft: Draft, request: Request, block: IPv4Network, own: list[IPv4Network], around: Surroundings) -> bool:
    """Return True if nothing but the range's `own` is in the block, and what must hold it does."""
    holder = draft.blocks.get(request.facts.inside)
    if holder is None:
        clear = is_clear(around.free, block, own) or (request.facts.hidden and is_clear(around.least(), block, own))
        return clear and covered_by(block, draft.spec.facts.internal_ranges)
    neighbors = [r for r in draft.inside(request.facts.inside) if r.name in draft.rooms and r is not request]
    return block.subnet_of(holder) and not overlaps_any(block, [draft.rooms[r.name] for r in neighbors])


def is_clear_around(
    space: FreeSpace, room: IPv4Network, block: IPv4Network, internal_ranges: Sequence[IPv4Network]
) -> bool:
    """Return True if the room is the block, or nothing but the block is in it and it is in the usual ranges."""
    inside, around = (sum(part.num_addresses for part in space.parts(block)) for block in (block, room))
    rest = room.num_addresses - block.num_addresses
    return not rest or (around - inside == rest and covered_by(room, internal_ranges))


def is_routable(draft: Draft, request: Request, block: IPv4Network) -> bool:
    """Return True if a legal remote range still covers everything with the block."""
    if not request.facts.covered:
        return True
    kurrent = draft.blocks.get("kurrent")
    remote = _remote_ranges(draft.spec, [*draft.covered_rooms(), block], draft.kept_remote, kurrent)
    return bool(remote) and not (kurrent and overlaps_any(kurrent, remote))


def expanding(spec: EnvironmentSpec) -> Iterator[ExpandingNetwork]:
    """Yield what is known of an existing network that expands, or may be one, where the spec does not state it.

    It may be one by its name, or by its addresses: its ranges are all given, so a range of another place is no proof.
    """
    if spec.parts.get("network") != "existing":
        return
    blocks = [request.block for name, request in spec.ranges.items() if name != "kurrent" and request.block]
    for facts in spec.cloud.expanding_networks:
        option = spec.options.get(facts.option)
        if option == facts.expands:
            yield facts
        elif option == facts.fixed:
            continue
        elif spec.existing.get("network") in facts.names or any(block.subnet_of(facts.cidr) for block in blocks):
            yield facts


class Site(Struct, frozen=True, kw_only=True):
    """What placing may use.

    New ranges lie in the `pools`, the first before the others, where `space` is free. A supernet
    may hold what is taken, at a cost; with `off_limits` it may share no address. It is inside
    one of `allowed`, and is `/widest` at the widest.
    """

    space: FreeSpace
    pools: tuple[IPv4Network, ...]
    allowed: tuple[IPv4Network, ...]
    off_limits: tuple[IPv4Network, ...] = ()
    widest: int = 8
    exclusive: tuple[IPv4Network, ...] = ()
    """Where `space` is another for others that share the queues: what only this environment has, or may use."""
    queues: SupernetQueues = field(default_factory=dict)
    """What is known already of supernets that are free in part; to be shared while space only gets less."""


def place_together(
    prefix_lengths: Sequence[int], pinned: Sequence[IPv4Network], site: Site
) -> tuple[IPv4Network, ...] | None:
    """Place ranges so that the smallest supernet holds them and the pinned ones.

    Returns a block for each of `prefix_lengths`, in their order, or None where no supernet
    that is allowed holds them. Of equally small supernets the one with the fewest taken addresses
    wins, then that of the first pool, then the lowest.

    >>> pool = IPv4Network("172.16.0.0/12")
    >>> pinned = IPv4Network("172.30.0.0/16")
    >>> site = Site(space=FreeSpace([pool], [pinned]), pools=(pool,), allowed=(pool,))
    >>> place_together([17], [pinned], site)
    (IPv4Network('172.31.0.0/17'),)
    """
    if not prefix_lengths:
        return ()
    for length in range(_longest_possible(prefix_lengths, pinned), site.widest - 1, -1):
        pack_supernet = _around_pins if pinned else _anywhere
        if (blocks := pack_supernet(length, prefix_lengths, pinned, site)) is not None:
            return blocks
    return None


def pack(prefix_lengths: Sequence[int], free: Sequence[IPv4Network]) -> tuple[IPv4Network, ...] | None:
    """Cut a block of each size out of the free ones, or return None if they do not fit.

    Largest first into the tightest gap: with sizes that are powers of two and aligned, this
    finds a packing whenever there is one.

    >>> pack([26, 25], [IPv4Network("10.0.0.0/24")])
    (IPv4Network('10.0.0.128/26'), IPv4Network('10.0.0.0/25'))
    """
    placed: dict[int, IPv4Network] = {}
    gaps = list(free)
    for position in sorted(range(len(prefix_lengths)), key=lambda p: prefix_lengths[p]):
        block = tightest_fit(gaps, prefix_lengths[position])
        if block is None:
            return None
        placed[position] = block
        gaps = cut(gaps, block)
    return tuple(placed[position] for position in range(len(prefix_lengths)))


def place_one(
    prefix_length: int,
    preferred: Sequence[IPv4Network],
    pools: Sequence[IPv4Network],
    space: FreeSpace,
    *,
    from_above: bool = True,
) -> IPv4Network | None:
    """Place one range on its own: a preferred block of that size if it is clear, else the highest free one.

    Supernets are placed from the low end, so that what stands alone does not stop one from growing;
    where there are none, it is placed from the low end, too (`from_above=False`).
    """
    for block in preferred:
        if block.prefixlen == prefix_length and space.is_free(block):
            return block
    outermost = space.highest if from_above else space.lowest
    found = (outermost(pool, prefix_length) for pool in pools)
    return next((block for block in found if block is not None), None)


def _longest_possible(prefix_lengths: Sequence[int], pinned: Sequence[IPv4Network]) -> int:
    """Return the prefix length below which no supernet has room, by size alone."""
    needed = sum(1 << (32 - length) for length in prefix_lengths) + sum(b.num_addresses for b in pinned)
    by_size = 32 - (needed - 1).bit_length()
    return min(by_size, smallest_supernet(pinned).prefixlen) if pinned else by_size


def _around_pins(
    length: int, prefix_lengths: Sequence[int], pinned: Sequence[IPv4Network], site: Site
) -> tuple[IPv4Network, ...] | None:
    supernet = aligned(smallest_supernet(pinned), length)
    return _pack_inside(supernet, prefix_lengths, site) if _is_legal(supernet, site) else None


def _anywhere(
    length: int, prefix_lengths: Sequence[int], pinned: Sequence[IPv4Network], site: Site
) -> tuple[IPv4Network, ...] | None:
    """Place in the first supernet of this length that is wholly free, else in the emptiest that has room."""
    for pool in site.pools:
        supernet = site.space.lowest(pool, length) or _across(pool, length, site)
        if supernet and (blocks := pack(prefix_lengths, list(_parts(supernet, site)))) is not None:
            return blocks
    key = (length, tuple(sorted(prefix_lengths)), site.pools)
    if key not in site.queues:
        site.queues[key] = SupernetQueue(site.space, site.pools, length, min(prefix_lengths))
    return site.queues[key].first(
        lambda supernet: _pack_inside(supernet, prefix_lengths, site),
        lambda supernet: _is_legal(supernet, site),
        site.exclusive,
    )


def _across(pool: IPv4Network, length: int, site: Site) -> IPv4Network | None:
    """Return the block of this length that holds the pool, if adjacent pools fill it and all of it is free."""
    if length >= pool.prefixlen:
        return None
    block = aligned(pool, length)
    return block if site.space.is_free(block) and covered_by(block, collapse_addresses(site.pools)) else None


def _pack_inside(supernet: IPv4Network, prefix_lengths: Sequence[int], site: Site) -> tuple[IPv4Network, ...] | None:
    """Place in what is free of the supernet."""
    if not any(site.space.has_room(part, min(prefix_lengths)) for part in _parts(supernet, site)):
        return None
    smallest = max(prefix_lengths)
    return pack(prefix_lengths, [gap for part in _parts(supernet, site) for gap in site.space.parts(part, smallest)])


def _parts(supernet: IPv4Network, site: Site) -> Iterator[IPv4Network]:
    """Yield what the pools have of the supernet."""
    for pool in site.pools:
        if pool.overlaps(supernet):
            yield max(pool, supernet, key=lambda block: block.prefixlen)


def _is_legal(supernet: IPv4Network, site: Site) -> bool:
    """Return True if the supernet is off the Kurrent network, and leaves no space that it may reach over."""
    inside = any(supernet.subnet_of(space) for space in site.allowed) or not overlaps_any(supernet, site.allowed)
    return inside and not overlaps_any(supernet, site.off_limits)
