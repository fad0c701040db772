"""Places environments: all of them take one step before any takes the next.

Each step gives further ranges of a draft their place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv4Network, collapse_addresses

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.facts import Cloud
from escscaffold.planning.draft import Draft, Request
from escscaffold.planning.free_space import FreeSpace, Ground
from escscaffold.planning.ranges import aligned, covered_by, free_blocks, overlaps_any, smallest_supernet, without
from escscaffold.planning.supernets import Site, SupernetQueues, pack, place_one, place_together

_EVERYTHING = IPv4Network("0.0.0.0/0")


class Surroundings(Struct, frozen=True, kw_only=True):
    """Where a step looks for room."""

    free: FreeSpace
    """What is clear of everything that is known."""
    least: Callable[[], FreeSpace]
    """What is clear of reserved and forbidden blocks and of its own; other environments may be there."""
    exclusive: tuple[IPv4Network, ...]
    """What of it is taken or free for this environment only."""
    queues: SupernetQueues
    """What placing has learned of supernets that are free in part."""
    claim: Callable[[IPv4Network], None]
    """Takes a block out of what is free, for the rest of the step."""


def resize(draft: Draft, around: Surroundings) -> None:
    """Widen or shrink ranges of another size where they lay, so that nothing moves."""
    for request in draft.unplaced(lambda r: r.before is not None):
        assert request.before is not None, "set above"
        if request.prefix_length < request.before.prefixlen:
            block = aligned(request.before, request.prefix_length)
        else:
            block = IPv4Network((request.before.network_address, request.prefix_length))
        parts = [draft.rooms[r.name] for r in draft.inside(request.name) if r.name in draft.rooms]
        if _is_free(draft, request, block, parts, around) and draft.is_routable(request, block):
            draft.put(request, block)


def wants_room(draft: Draft) -> bool:
    """Return True if a range that has its place is to have room to grow, and has none."""
    return any(
        r.growth_bits and r.name in draft.blocks and draft.rooms[r.name] == draft.blocks[r.name] for r in draft.requests
    )


def keep_room(draft: Draft, around: Surroundings) -> None:
    """Keep room for the growth of placed ranges: as much of the requested room as is free."""
    for request in draft.requests:
        block = draft.blocks.get(request.name)
        if block is None or draft.rooms[request.name] != block:
            continue
        for length in range(request.room_length, block.prefixlen):
            room = aligned(block, length)
            if _is_free(draft, request, room, [block], around) and draft.is_routable(request, room):
                draft.put(request, room, block)
                break


def place_holders(draft: Draft, around: Surroundings) -> None:
    """Place the ranges that must hold one which has its place: a network around pinned subnets.

    Where no size is requested, a smaller one that is free wins over the default size.
    """
    for holder in draft.unplaced(draft.holds_others):
        held = [draft.rooms[r.name] for r in draft.inside(holder.name) if r.name in draft.rooms]
        if not held:
            continue
        inner = smallest_supernet(held)
        default_length = _room_length(draft, holder)
        longest = holder.prefix_length if holder.is_requested else inner.prefixlen
        if longest > inner.prefixlen:
            continue
        enclosing = [aligned(inner, length) for length in range(min(default_length, longest), longest + 1)]
        clear = [block for block in enclosing if _is_clear(around.free, block, list(collapse_addresses(held)))]
        if holder.is_requested:
            block = enclosing[-1]
            rooms = [
                room
                for room in enclosing
                if _is_clear_around(around.free, room, block, draft.spec.facts.internal_ranges)
            ]
            draft.put(holder, next(room for room in rooms if draft.is_routable(holder, room) or room == block), block)
        else:
            room = (clear or enclosing)[0]
            draft.put(holder, room, room)


def place_covered(draft: Draft, around: Surroundings) -> None:
    """Place what the peering must route to: in the given remote range, or under the tightest supernet.

    With exact routes a common supernet is only preferred. Ranges that have pools of their own are
    placed there, by themselves.
    """
    requests = draft.unplaced(lambda r: r.facts.covered)
    if draft.spec.remote:
        free = [part for block in collapse_addresses(draft.spec.remote) for part in around.free.parts(block)]
        lengths = [_room_length(draft, r) for r in requests]
        _put_all(draft, requests, pack(lengths, without(free, draft.refused(requests))) or pack(lengths, free))
        return
    for own_pools in {r.facts.pools: None for r in requests}:
        together = [r for r in requests if r.facts.pools == own_pools]
        pinned = [] if own_pools else draft.covered_rooms()
        site = _site(draft, together, around, near_pins=bool(pinned))
        # Where there is no other place, the block that the cloud refuses with it becomes a finding.
        for pools in dict.fromkeys((without(site.pools, draft.refused(together)), site.pools)):
            lacking = [r for r in together if r.name not in draft.blocks]
            _place_in(draft, lacking, pinned, replace(site, pools=pools), around)


def _place_in(
    draft: Draft, requests: Sequence[Request], pinned: Sequence[IPv4Network], site: Site, around: Surroundings
) -> None:
    rooms = place_together([_room_length(draft, r) for r in requests], pinned, site)
    if rooms is None and draft.spec.routes == "exact":
        _place_each(draft, requests, site, around)
    _put_all(draft, requests, rooms)


def _place_each(draft: Draft, requests: Sequence[Request], site: Site, around: Surroundings) -> None:
    """Place ranges together if that can be without the pinned ones, or else each by itself, the largest first."""
    lengths = [_room_length(draft, r) for r in requests]
    if (rooms := place_together(lengths, [], site)) is not None:
        _put_all(draft, requests, rooms)
        return
    for length, request in sorted(zip(lengths, requests, strict=True), key=lambda pair: pair[0]):
        if (alone := place_together([length], [], site)) is not None:
            _put_all(draft, [request], alone)
            around.claim(alone[0])


def place_inside(draft: Draft, around: Surroundings) -> None:
    """Place the parts of each range that holds others; parts without a requested size shrink to fit.

    `around` is the space in which the holders themselves are not occupied.
    """
    for holder in [r for r in draft.requests if r.name in draft.blocks]:
        requests = [r for r in draft.inside(holder.name) if r.name not in draft.blocks]
        if not requests:
            continue
        block = draft.blocks[holder.name]
        used = [draft.rooms[r.name] for r in draft.inside(holder.name) if r.name in draft.rooms]
        # A pinned holder may lie on ground to avoid: that is a finding, and no reason to leave its parts out.
        for free in (list(around.free.parts(block)), free_blocks(block, used)):
            packed = _pack_shrinking(requests, free)
            if packed is not None:
                for request, (room, length) in zip(requests, packed, strict=True):
                    draft.put(request, room, IPv4Network((room.network_address, length)))
                break


def place_alone(draft: Draft, around: Surroundings) -> None:
    """Place what stands by itself, the Kurrent network first.

    `around` is the space in which the environment's remote range is occupied. What never crosses the
    peering may repeat what others have, where nothing else is left.
    """
    for request in draft.unplaced(lambda r: not r.facts.covered and not r.facts.inside):
        pools = _pools(draft, request)
        preferred = [block for block in request.facts.preferred if any(block.subnet_of(pool) for pool in pools)]
        among_supernets = not request.facts.pools
        room = place_one(request.room_length, preferred, pools, around.free, from_above=among_supernets)
        if room is None and request.facts.hidden:
            room = place_one(request.room_length, preferred, pools, around.least(), from_above=among_supernets)
        if room is not None:
            draft.put(request, room)
            around.claim(room)


def _is_free(draft: Draft, request: Request, block: IPv4Network, held: list[IPv4Network], around: Surroundings) -> bool:
    """Return True if nothing but the range's `held` is in the block, and what must hold it does."""
    holder = draft.blocks.get(request.facts.inside)
    if holder is None:
        clear = _is_clear(around.free, block, held) or (request.facts.hidden and _is_clear(around.least(), block, held))
        return clear and covered_by(block, draft.spec.facts.internal_ranges)
    neighbors = [r for r in draft.inside(request.facts.inside) if r.name in draft.rooms and r is not request]
    return block.subnet_of(holder) and not overlaps_any(block, [draft.rooms[r.name] for r in neighbors])


def _is_clear_around(
    space: FreeSpace, room: IPv4Network, block: IPv4Network, internal_ranges: Sequence[IPv4Network]
) -> bool:
    """Return True if the room is the block, or nothing but the block is in it and it is in the usual ranges."""
    inside, around = (sum(part.num_addresses for part in space.parts(block)) for block in (block, room))
    rest = room.num_addresses - block.num_addresses
    return not rest or (around - inside == rest and covered_by(room, internal_ranges))


def _is_clear(space: FreeSpace, block: IPv4Network, held: Iterable[IPv4Network] = ()) -> bool:
    """Return True if all of the block is free but for what it holds."""
    held_addresses = sum(other.num_addresses for other in held if other.subnet_of(block))
    return sum(part.num_addresses for part in space.parts(block)) + held_addresses == block.num_addresses


def _site(draft: Draft, requests: Sequence[Request], around: Surroundings, *, near_pins: bool) -> Site:
    kurrent = draft.spec.facts.kurrent
    pools = _pools(draft, *requests)
    internal = draft.spec.facts.internal_ranges
    # Shared space is never the first choice, but right for a range near one that is pinned there.
    own_pools = draft.spec.claim_pools or draft.spec.pools
    shared = () if own_pools or any(r.facts.only_in or r.facts.pools for r in requests) else kurrent.shared_ranges
    return Site(
        space=around.free,
        pools=(*pools, *(shared if near_pins else ())),
        allowed=internal if near_pins else tuple(collapse_addresses(pools)),
        off_limits=(draft.rooms["kurrent"],) if "kurrent" in draft.rooms else (),
        widest=kurrent.remote.shortest_prefix_length,
        exclusive=around.exclusive,
        queues=around.queues,
    )


def _pools(draft: Draft, *requests: Request) -> tuple[IPv4Network, ...]:
    """Return where these ranges may be placed: their own pools, the environment's, or private space."""
    spec, hidden = draft.spec, all(r.facts.hidden for r in requests)
    pools = requests[0].facts.pools or spec.pools or spec.facts.kurrent.private_ranges
    if hidden and spec.claim_roots:
        pools = without(pools, spec.claim_roots) or pools
    elif not requests[0].facts.pools:
        # What the peering need not route to may be in a block of its own, which is not claimed yet.
        unclaimed = () if any(r.facts.covered for r in requests) else spec.claim_roots
        pools = tuple(dict.fromkeys((*spec.claim_pools, *unclaimed))) or pools
    only = [r.facts.only_in for r in requests if r.facts.only_in]
    return tuple(p for p in pools if all(any(p.subnet_of(space) for space in spaces) for spaces in only))


def _put_all(draft: Draft, requests: Iterable[Request], rooms: Iterable[IPv4Network] | None) -> None:
    for request, room in zip(requests, rooms or (), strict=False):
        draft.put(request, room, None if request.growth_bits else room)


def _pack_shrinking(requests: Sequence[Request], free: Sequence[IPv4Network]) -> list[tuple[IPv4Network, int]] | None:
    """Pack the requests, those without a requested size one step smaller each time, until all fit.

    Returns each one's room and the prefix length of the range in it.
    """
    steps = max((r.facts.longest_prefix_length - r.prefix_length for r in requests if not r.is_requested), default=0)
    for step in range(max(steps, 0) + 1):
        lengths = [
            r.prefix_length if r.is_requested else min(r.prefix_length + step, r.facts.longest_prefix_length)
            for r in requests
        ]
        rooms = pack([length - r.growth_bits for r, length in zip(requests, lengths, strict=True)], free)
        if rooms is not None:
            return list(zip(rooms, lengths, strict=True))
    return None


def _room_length(draft: Draft, request: Request) -> int:
    """Return the prefix length that a person asked for, or one that has room for what is inside, and for growth."""
    if request.is_requested or not draft.holds_others(request):
        return request.room_length
    needed = sum(1 << (32 - r.room_length) for r in draft.inside(request.name))
    return max(min(request.room_length, 32 - (needed - 1).bit_length()), 0)


class PlacementStep(Struct, frozen=True, kw_only=True):
    """A step that all environments take before any takes the next."""

    place: Callable[[Draft, Surroundings], None]
    is_for: Callable[[Draft], bool]
    holders_are_occupied: bool = True
    remote_is_occupied: bool = False


def _lacks(kind: Callable[[Draft, Request], bool]) -> Callable[[Draft], bool]:
    """Return whether a draft has a range of this kind without a place."""
    return lambda draft: bool(draft.unplaced(lambda request: kind(draft, request)))


# The ranges that need a common supernet come first, in every environment: the others fit anywhere.
PLACEMENT_STEPS = (
    PlacementStep(place=keep_room, is_for=wants_room),
    PlacementStep(place=resize, is_for=_lacks(lambda _, r: r.before is not None)),
    PlacementStep(place=keep_room, is_for=wants_room),
    PlacementStep(place=place_holders, is_for=_lacks(Draft.holds_others)),
    PlacementStep(place=place_covered, is_for=_lacks(lambda _, r: r.facts.covered)),
    PlacementStep(place=place_inside, is_for=_lacks(lambda _, r: bool(r.facts.inside)), holders_are_occupied=False),
    PlacementStep(place=place_alone, is_for=_lacks(lambda _, r: not r.facts.inside), remote_is_occupied=True),
)


class Placement:
    """For each cloud the ground that its environments are placed on, and what was learned of it."""

    def __init__(
        self,
        unusable: Iterable[IPv4Network],
        clouds: Iterable[Cloud],
        *,
        hidden_repeat: bool = True,
        occupied: Sequence[IPv4Network] = (),
        claimed: Mapping[str, Sequence[IPv4Network]] | None = None,
    ) -> None:
        """Start with grounds on which only unusable blocks are taken.

        With `hidden_repeat`, hidden ranges may repeat what others have, where nothing else is left.
        What others have (`occupied`), hidden ranges may repeat likewise.
        `claimed` are blocks that an environment keeps the others off, whatever it has in there.
        """
        self._claimed = claimed or {}
        self._occupied = tuple(occupied)
        self._hidden_repeat = hidden_repeat
        self._unusable = tuple(unusable)
        self._grounds = {cloud.name: self._ground(cloud, self._occupied) for cloud in clouds}
        self._least: dict[str, Ground] = {}
        self._queues: dict[str, SupernetQueues] = {name: {} for name in self._grounds}

    def hold(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep what an environment has, on the ground of every cloud, also where another one claimed it before."""
        held = list(blocks)
        for ground in self._grounds.values():
            ground.hold(environment, held)

    def claim(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep the blocks for an environment, on the ground of every cloud, as far as no other one has them."""
        claimed = list(blocks)
        for ground in self._grounds.values():
            ground.claim(environment, claimed)

    def lift(self, environment: str) -> None:
        """Free what is kept for an environment."""
        for ground in self._grounds.values():
            ground.lift(environment)

    def take_step(self, draft: Draft, step: PlacementStep, exclusive: Iterable[IPv4Network] = ()) -> None:
        """Let a draft take a step on a ground where its own ranges are as the step needs them.

        `exclusive` is what others will find taken or free that is not so now.
        """
        if not step.is_for(draft):
            return
        name = draft.spec.name
        ground = self._grounds[draft.spec.cloud.name]
        ground.lift(name)
        ground.claim(name, draft.rooms.values() if step.holders_are_occupied else draft.leaf_rooms())
        if step.remote_is_occupied:
            ground.claim(name, (*draft.remote(), *(facts.cidr for facts in draft.spec.expanding_networks())))
        # Its hidden ranges block no other environment, and the addresses that it routes to are free for none.
        hidden = {*draft.rooms.values()} - {*draft.crossing_rooms()}
        around = Surroundings(
            free=ground.space,
            least=lambda: self._least_of(draft) if self._hidden_repeat else ground.space,
            exclusive=(*hidden, *draft.remote(), *exclusive),
            queues=self._queues[draft.spec.cloud.name],
            claim=lambda block: ground.claim(name, [block]),
        )
        step.place(draft, around)
        self.lift(name)
        self.hold(name, draft.crossing_rooms())
        self.claim(name, (*draft.remote(), *self._claimed.get(name, ())))

    def _ground(self, cloud: Cloud, occupied: Iterable[IPv4Network] = ()) -> Ground:
        """Return the ground of a cloud before anything is placed on it."""
        return Ground(FreeSpace([_EVERYTHING], (*self._unusable, *occupied, *(rule.cidr for rule in cloud.forbidden))))

    def _least_of(self, draft: Draft) -> FreeSpace:
        """Return the space in which only the draft's own ranges and unusable blocks are taken."""
        cloud = draft.spec.cloud
        if cloud.name not in self._least:
            self._least[cloud.name] = self._ground(cloud)
        ground = self._least[cloud.name]
        ground.lift_all()
        ground.claim(draft.spec.name, (*draft.rooms.values(), *draft.remote()))
        return ground.space
