"""The tightest legal supernet: ranges are placed so that the smallest block holds them, or each by itself. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from ipaddress import IPv4Network, collapse_addresses
from typing import TypeVar

from msgspec import Struct, field

from escscaffold.planning.free_space import FreeSpace
from escscaffold.planning.ranges import aligned, covered_by, cut, overlaps_any, smallest_supernet, tightest_fit

T = TypeVar("T")
Entry = tuple[int, int, IPv4Network]
"""A supernet after the number of its taken addresses and the rank of its pool: the best is the least.

One that is wider than those that are looked for has not been looked into yet.
"""
SupernetQueues = dict[tuple[object, ...], "SupernetQueue"]
"""The supernets that are free in part, by what is to be placed in them."""


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
    candidates = (outermost(pool, prefix_length) for pool in pools)
    return next((block for block in candidates if block is not None), None)


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
            yield max(pool, supernet, key=_prefix_length)


def _is_legal(supernet: IPv4Network, site: Site) -> bool:
    """Return True if the supernet is off the Kurrent network, and leaves no space that it may reach over."""
    inside = any(supernet.subnet_of(space) for space in site.allowed) or not overlaps_any(supernet, site.allowed)
    return inside and not overlaps_any(supernet, site.off_limits)


class SupernetQueue:
    """The supernets of one length that may have room for ranges of certain sizes.

    Space only gets less. So an entry may promise more than there is left, and is corrected once it
    is its turn; and a supernet without room has none later on, and is not looked at again.
    """

    def __init__(self, space: FreeSpace, pools: Sequence[IPv4Network], length: int, largest: int) -> None:
        self._space = space
        self._pools = pools
        self._length = length
        self._largest = largest
        self._roots = [root for root in collapse_addresses(pools) if root.prefixlen <= length]
        self._entries: list[Entry] = [(0, 0, root) for root in self._roots]

    def first(
        self,
        place: Callable[[IPv4Network], T | None],
        is_legal: Callable[[IPv4Network], bool],
        exclusive: Sequence[IPv4Network],
    ) -> T | None:
        """Return what `place` makes of the emptiest legal supernet of which it makes anything.

        Where the space is not as others will find it (`exclusive`), nothing is learned for them.
        """
        regions = self._regions(exclusive)
        entries = [entry for region in regions for entry in self._look_into(region)]
        heapify(entries)
        later: list[Entry] = []
        placed: T | None = None
        while placed is None and (entries or self._entries):
            if entries and (not self._entries or entries[0] < self._entries[0]):
                supernet = heappop(entries)[2]
                placed = place(supernet) if is_legal(supernet) else None
                continue
            entry = heappop(self._entries)
            supernet = entry[2]
            if covered_by(supernet, regions):
                later.append(entry)
            elif supernet.prefixlen < self._length:
                for block in self._look_into(supernet):
                    if not overlaps_any(block[2], regions):
                        heappush(self._entries, block)
                later += [(0, 0, region) for region in regions if region.subnet_of(supernet)]
            elif (now := self._entry(supernet)) != entry:
                if now is not None:
                    heappush(self._entries, now)
            elif not is_legal(supernet) or (placed := place(supernet)) is not None:
                later.append(entry)
        for entry in later:
            heappush(self._entries, entry)
        return placed

    def _regions(self, blocks: Iterable[IPv4Network]) -> list[IPv4Network]:
        """Return what has whole supernets around the blocks, as far as the pools go."""
        around = [aligned(block, min(block.prefixlen, self._length)) for block in blocks]
        inside = (
            max(root, block, key=_prefix_length) for block in around for root in self._roots if block.overlaps(root)
        )
        return list(collapse_addresses(inside))

    def _look_into(self, region: IPv4Network) -> list[Entry]:
        supernets = self._space.split(region, self._length, self._largest)
        return [entry for entry in map(self._entry, supernets) if entry is not None]

    def _entry(self, supernet: IPv4Network) -> Entry | None:
        """Return the supernet as it is now, or None where nothing in it is large enough."""
        if not self._space.has_room(supernet, self._largest):
            return None
        free = {
            rank: self._space.count(max(pool, supernet, key=_prefix_length))
            for rank, pool in enumerate(self._pools)
            if pool.overlaps(supernet)
        }
        first = min(rank for rank, count in free.items() if count)
        return (supernet.num_addresses - sum(free.values()), first, supernet)


def _prefix_length(block: IPv4Network) -> int:
    return block.prefixlen
