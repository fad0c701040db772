"""Where to put ranges that are given by their size: the tightest legal supernet, always the same one.

Pure: it knows sizes, pinned blocks and what is taken, but no names, clouds or files.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from escscaffold.planning.ranges import (
    aligned,
    cut,
    first_address,
    free_blocks,
    last_address,
    overlaps_any,
    smallest_supernet,
    tightest_fit,
)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What placing may use.

    `pools` are where new ranges may lie, and `beside_pins` where they may lie only if a pinned
    range does. In `taken` no new range may lie; a supernet may hold such a block, at a cost.
    With `off_limits` the supernet itself may share no address, and it is `/widest` at the widest.
    """

    pools: tuple[IPv4Network, ...]
    taken: tuple[IPv4Network, ...]
    off_limits: tuple[IPv4Network, ...] = ()
    beside_pins: tuple[IPv4Network, ...] = ()
    widest: int = 8


def place_together(
    prefix_lengths: Sequence[int], pinned: Sequence[IPv4Network], ground: Ground
) -> tuple[IPv4Network, ...] | None:
    """Place ranges so that the smallest supernet holds them and the pinned ones.

    Returns a block for each of `prefix_lengths`, in their order, or None where no supernet
    that is allowed holds them. Of equally small supernets the one with the fewest taken addresses
    wins, then the lowest.

    >>> ground = Ground(pools=(IPv4Network("172.16.0.0/12"),), taken=(), off_limits=())
    >>> place_together([17], [IPv4Network("172.30.0.0/16")], ground)
    (IPv4Network('172.31.0.0/17'),)
    """
    if not prefix_lengths:
        return ()
    taken = (*ground.taken, *pinned)
    for supernet_length in range(_longest_possible(prefix_lengths, pinned), ground.widest - 1, -1):
        for free in _candidates(supernet_length, pinned, taken, ground):
            if (blocks := pack(prefix_lengths, free)) is not None:
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


def place_one(prefix_length: int, preferred: Sequence[IPv4Network], ground: Ground) -> IPv4Network | None:
    """Place one range on its own: a preferred block of that size if it is clear, else the highest free one.

    Supernets are placed from the low end, so that what stands alone does not stop one from growing.
    """
    for block in preferred:
        if block.prefixlen == prefix_length and not overlaps_any(block, ground.taken):
            return block
    for pool in ground.pools:
        for gap in reversed(free_blocks(pool, ground.taken)):
            if gap.prefixlen <= prefix_length:
                return IPv4Network((last_address(gap) + 1 - (1 << (32 - prefix_length)), prefix_length))
    return None


def _longest_possible(prefix_lengths: Sequence[int], pinned: Sequence[IPv4Network]) -> int:
    """Return the prefix length below which no supernet has room, by size alone."""
    needed = sum(1 << (32 - length) for length in prefix_lengths) + sum(b.num_addresses for b in pinned)
    by_size = 32 - (needed - 1).bit_length()
    return min(by_size, smallest_supernet(pinned).prefixlen) if pinned else by_size


def _candidates(
    length: int, pinned: Sequence[IPv4Network], taken: Sequence[IPv4Network], ground: Ground
) -> Iterator[list[IPv4Network]]:
    """Yield, best first, the free blocks inside each supernet of this length that is allowed."""
    if pinned:
        supernet = aligned(smallest_supernet(pinned), length)
        if _allowed(supernet, ground):
            spaces = [space for space in (*ground.pools, *ground.beside_pins) if space.overlaps(supernet)]
            shared = (max(space, supernet, key=lambda block: block.prefixlen) for space in spaces)
            yield [gap for space in shared for gap in free_blocks(space, taken)]
        return
    crowded: dict[IPv4Network, list[IPv4Network]] = defaultdict(list)
    for pool in ground.pools:
        for gap in free_blocks(pool, taken):
            if gap.prefixlen <= length:
                yield [IPv4Network((first_address(gap), length))]
            else:
                crowded[aligned(gap, length)].append(gap)
    legal = [(supernet, gaps) for supernet, gaps in crowded.items() if _allowed(supernet, ground)]
    legal.sort(key=lambda item: (-sum(gap.num_addresses for gap in item[1]), first_address(item[0])))
    for _, gaps in legal:
        yield gaps


def _allowed(supernet: IPv4Network, ground: Ground) -> bool:
    """Return True if the supernet is off every Kurrent network, and private where it touches private space."""
    apart = not any(supernet.overlaps(pool) and not supernet.subnet_of(pool) for pool in ground.pools)
    return apart and not overlaps_any(supernet, ground.off_limits)
