"""The tightest legal supernet: ranges are placed so that the smallest block holds them, or each by itself. Pure."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, collapse_addresses

from msgspec import Struct, field

from escscaffold.planning.free_space import FreeSpace, SupernetQueue
from escscaffold.planning.ranges import aligned, covered_by, cut, overlaps_any, smallest_supernet, tightest_fit

SupernetQueues = dict[tuple[object, ...], SupernetQueue]
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
            yield max(pool, supernet, key=lambda block: block.prefixlen)


def _is_legal(supernet: IPv4Network, site: Site) -> bool:
    """Return True if the supernet is off the Kurrent network, and leaves no space that it may reach over."""
    inside = any(supernet.subnet_of(space) for space in site.allowed) or not overlaps_any(supernet, site.allowed)
    return inside and not overlaps_any(supernet, site.off_limits)
