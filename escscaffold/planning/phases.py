"""The steps of placing one environment: each gives further ranges of a draft their place.

They are told the space in which the environment's own ranges are taken, and its remote range is
not, but where they say otherwise.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, collapse_addresses

from msgspec.structs import replace

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.planning.draft import Draft, is_clear
from escscaffold.planning.placing import Site, pack, place_one, place_together
from escscaffold.planning.ranges import aligned, free_blocks, smallest_supernet, without
from escscaffold.planning.requests import Request
from escscaffold.planning.surroundings import Surroundings, is_clear_around, is_free, is_routable


def resize(draft: Draft, around: Surroundings) -> None:
    """Widen or shrink ranges of another size where they lay, so that nothing moves."""
    for request in draft.unplaced(lambda r: r.before is not None):
        assert request.before is not None, "asked for above"
        if request.prefix_length < request.before.prefixlen:
            block = aligned(request.before, request.prefix_length)
        else:
            block = IPv4Network((request.before.network_address, request.prefix_length))
        parts = [draft.rooms[r.name] for r in draft.inside(request.name) if r.name in draft.rooms]
        if is_free(draft, request, block, parts, around) and is_routable(draft, request, block):
            draft.put(request, block)


def wants_room(draft: Draft) -> bool:
    """Return True if a range that has its place is to have room to grow, and has none."""
    return any(
        r.growth_bits and r.name in draft.blocks and draft.rooms[r.name] == draft.blocks[r.name] for r in draft.requests
    )


def keep_room(draft: Draft, around: Surroundings) -> None:
    """Keep room to grow beside ranges that have their place: as much of what was asked for as is clear."""
    for request in draft.requests:
        block = draft.blocks.get(request.name)
        if block is None or draft.rooms[request.name] != block:
            continue
        for length in range(request.room_length, block.prefixlen):
            room = aligned(block, length)
            if is_free(draft, request, room, [block], around) and is_routable(draft, request, room):
                draft.put(request, room, block)
                break


def place_holders(draft: Draft, around: Surroundings) -> None:
    """Place the ranges that must hold one which has its place: a network around pinned subnets.

    Where nobody asked for its size, a smaller one that is clear of everything wins over the usual size.
    """
    for holder in draft.unplaced(draft.holds_others):
        held = [draft.rooms[r.name] for r in draft.inside(holder.name) if r.name in draft.rooms]
        if not held:
            continue
        inner = smallest_supernet(held)
        usual = _room_length(draft, holder)
        longest = holder.prefix_length if holder.asked else inner.prefixlen
        if longest > inner.prefixlen:
            continue
        enclosing = [aligned(inner, length) for length in range(min(usual, longest), longest + 1)]
        clear = [block for block in enclosing if is_clear(around.free, block, list(collapse_addresses(held)))]
        if holder.asked:
            block = enclosing[-1]
            rooms = [room for room in enclosing if is_clear_around(around.free, room, block)]
            draft.put(holder, next(room for room in rooms if is_routable(draft, holder, room) or room == block), block)
        else:
            room = (clear or enclosing)[0]
            draft.put(holder, room, room)


def place_covered(draft: Draft, around: Surroundings) -> None:
    """Place what the peering must route to: in the given remote range, or under the tightest supernet.

    With exact routes a common supernet is only preferred. Ranges that have pools of their own are
    placed there, by themselves.
    """
    wanted = draft.unplaced(lambda r: r.facts.covered)
    if draft.spec.remote:
        free = [part for block in collapse_addresses(draft.spec.remote) for part in around.free.parts(block)]
        lengths = [_room_length(draft, r) for r in wanted]
        _put_all(draft, wanted, pack(lengths, without(free, draft.refused(wanted))) or pack(lengths, free))
        return
    for own_pools in {r.facts.pools: None for r in wanted}:
        together = [r for r in wanted if r.facts.pools == own_pools]
        pinned = [] if own_pools else draft.covered_rooms()
        site = _site(draft, together, around, beside=bool(pinned))
        # Where there is no other place, it is a finding that the further block cannot be beside it.
        for pools in dict.fromkeys((without(site.pools, draft.refused(together)), site.pools)):
            lacking = [r for r in together if r.name not in draft.blocks]
            _place_in(draft, lacking, pinned, replace(site, pools=pools), around)


def _place_in(
    draft: Draft, wanted: Sequence[Request], pinned: Sequence[IPv4Network], site: Site, around: Surroundings
) -> None:
    found = place_together([_room_length(draft, r) for r in wanted], pinned, site)
    if found is None and draft.spec.routes == "exact":
        _place_each(draft, wanted, site, around)
    _put_all(draft, wanted, found)


def _place_each(draft: Draft, wanted: Sequence[Request], site: Site, around: Surroundings) -> None:
    """Place ranges together if that can be without the pinned ones, or else each by itself, the largest first."""
    lengths = [_room_length(draft, r) for r in wanted]
    if (found := place_together(lengths, [], site)) is not None:
        _put_all(draft, wanted, found)
        return
    for length, request in sorted(zip(lengths, wanted, strict=True), key=lambda pair: pair[0]):
        if (alone := place_together([length], [], site)) is not None:
            _put_all(draft, [request], alone)
            around.claim(alone[0])


def place_inside(draft: Draft, around: Surroundings) -> None:
    """Place the parts of each range that holds others; parts of a size that nobody asked for shrink to fit.

    It is told the space in which the holders themselves are not taken.
    """
    for holder in [r for r in draft.requests if r.name in draft.blocks]:
        wanted = [r for r in draft.inside(holder.name) if r.name not in draft.blocks]
        if not wanted:
            continue
        block = draft.blocks[holder.name]
        used = [draft.rooms[r.name] for r in draft.inside(holder.name) if r.name in draft.rooms]
        # A pinned holder may lie on ground to avoid: that is a finding, and no reason to leave its parts out.
        for free in (list(around.free.parts(block)), free_blocks(block, used)):
            packed = _pack_shrinking(wanted, free)
            if packed is not None:
                for request, (room, length) in zip(wanted, packed, strict=True):
                    draft.put(request, room, IPv4Network((room.network_address, length)))
                break


def place_apart(draft: Draft, around: Surroundings) -> None:
    """Place what stands by itself, the Kurrent network first.

    It is told the space in which the environment's remote range is taken. What never crosses the
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


def _site(draft: Draft, wanted: Sequence[Request], around: Surroundings, *, beside: bool) -> Site:
    kurrent = load_kurrent()
    pools = _pools(draft, *wanted)
    usual = (*kurrent.private_ranges, *kurrent.shared_ranges)
    # Shared space is nobody's first choice, but beside a range that is pinned there it is right.
    given = draft.spec.claim_pools or draft.spec.pools
    shared = () if given or any(r.facts.only_in or r.facts.pools for r in wanted) else kurrent.shared_ranges
    return Site(
        space=around.free,
        pools=(*pools, *(shared if beside else ())),
        allowed=usual if beside else tuple(collapse_addresses(pools)),
        off_limits=(draft.rooms["kurrent"],) if "kurrent" in draft.rooms else (),
        widest=kurrent.remote.shortest_prefix_length,
        apart=around.apart,
        crowds=around.crowds,
    )


def _pools(draft: Draft, *wanted: Request) -> tuple[IPv4Network, ...]:
    """Return where these ranges may be placed: their own pools, the environment's, or private space."""
    spec, hidden = draft.spec, all(r.facts.hidden for r in wanted)
    pools = wanted[0].facts.pools or spec.pools or load_kurrent().private_ranges
    if hidden and spec.claim_roots:
        pools = without(pools, spec.claim_roots) or pools
    elif not wanted[0].facts.pools:
        # What the peering need not route to may lie in a block of its own, which is not claimed yet.
        apart = () if any(r.facts.covered for r in wanted) else spec.claim_roots
        pools = tuple(dict.fromkeys((*spec.claim_pools, *apart))) or pools
    only = [r.facts.only_in for r in wanted if r.facts.only_in]
    return tuple(p for p in pools if all(any(p.subnet_of(space) for space in spaces) for spaces in only))


def _put_all(draft: Draft, wanted: Iterable[Request], rooms: Iterable[IPv4Network] | None) -> None:
    for request, room in zip(wanted, rooms or (), strict=False):
        draft.put(request, room, None if request.growth_bits else room)


def _pack_shrinking(wanted: Sequence[Request], free: Sequence[IPv4Network]) -> list[tuple[IPv4Network, int]] | None:
    """Pack the requests, with those that nobody gave a size made smaller step by step until all fit.

    Returns each one's room and the prefix length of the range in it.
    """
    steps = max((r.facts.longest_prefix_length - r.prefix_length for r in wanted if not r.asked), default=0)
    for step in range(max(steps, 0) + 1):
        lengths = [
            r.prefix_length if r.asked else min(r.prefix_length + step, r.facts.longest_prefix_length) for r in wanted
        ]
        rooms = pack([length - r.growth_bits for r, length in zip(wanted, lengths, strict=True)], free)
        if rooms is not None:
            return list(zip(rooms, lengths, strict=True))
    return None


def _room_length(draft: Draft, request: Request) -> int:
    """Return the prefix length that a person asked for, or one that has room for what is inside, and for growth."""
    if request.asked or not draft.holds_others(request):
        return request.room_length
    needed = sum(1 << (32 - r.room_length) for r in draft.inside(request.name))
    return max(min(request.room_length, 32 - (needed - 1).bit_length()), 0)
