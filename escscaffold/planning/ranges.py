"""Arithmetic of ranges, and an index that finds which of many blocks overlap one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from typing import Generic, TypeVar

T = TypeVar("T")
_LENGTH = 63
"""The bits of a place that are the prefix length."""


def first_address(block: IPv4Network) -> int:
    """Return the block's first address as a number."""
    return int(block.network_address)


def last_address(block: IPv4Network) -> int:
    """Return the block's last address as a number."""
    return int(block.network_address) | (1 << (32 - block.prefixlen)) - 1


def smallest_supernet(blocks: Iterable[IPv4Network]) -> IPv4Network:
    """Return the smallest block that holds them all, /0 at the widest.

    Raises ValueError if there are none.

    >>> smallest_supernet([IPv4Network("172.30.0.0/16"), IPv4Network("172.31.128.0/17")])
    IPv4Network('172.30.0.0/15')
    """
    all_blocks = list(blocks)
    low = min(map(first_address, all_blocks))
    high = max(map(last_address, all_blocks))
    return IPv4Network((low, 32 - (low ^ high).bit_length()), strict=False)


def aligned(block: IPv4Network, prefix_length: int) -> IPv4Network:
    """Return the block of `prefix_length` (at most the block's own) that holds `block`.

    >>> aligned(IPv4Network("10.9.0.0/16"), 15)
    IPv4Network('10.8.0.0/15')
    """
    return block.supernet(new_prefix=prefix_length)


def free_blocks(space: IPv4Network, used: Iterable[IPv4Network]) -> list[IPv4Network]:
    """Return what is left of `space` as the fewest blocks, lowest address first.

    >>> free_blocks(IPv4Network("10.0.0.0/22"), [IPv4Network("10.0.1.0/24")])
    [IPv4Network('10.0.0.0/24'), IPv4Network('10.0.2.0/23')]
    """
    free: list[IPv4Network] = []
    next_free, end = first_address(space), last_address(space)
    spans = sorted((first_address(block), last_address(block)) for block in used)
    for first, last in spans:
        if last < next_free or first > end:
            continue
        if first > next_free:
            free += _blocks_between(next_free, first - 1)
        next_free = last + 1
    if next_free <= end:
        free += _blocks_between(next_free, end)
    return free


def without(blocks: Iterable[IPv4Network], used: Sequence[IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return what is left of each of the blocks, in their order.

    >>> without([IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/15")], [IPv4Network("172.16.0.0/16")])
    (IPv4Network('10.0.0.0/8'), IPv4Network('172.17.0.0/16'))
    """
    return tuple(part for block in blocks for part in (free_blocks(block, used) if used else [block]))


def cut(free: Sequence[IPv4Network], block: IPv4Network) -> list[IPv4Network]:
    """Return the free blocks without `block`, which is inside one of them.

    >>> cut([IPv4Network("10.0.0.0/23")], IPv4Network("10.0.0.0/24"))
    [IPv4Network('10.0.1.0/24')]
    """
    rest: list[IPv4Network] = []
    for gap in free:
        rest += sorted(gap.address_exclude(block)) if block.subnet_of(gap) else [gap]
    return rest


def tightest_fit(free: Iterable[IPv4Network], prefix_length: int) -> IPv4Network | None:
    """Return the start of the smallest free block that holds `prefix_length`, the lowest of equals.

    >>> tightest_fit([IPv4Network("10.0.0.0/16"), IPv4Network("10.8.0.0/24")], 24)
    IPv4Network('10.8.0.0/24')
    """
    fitting = [gap for gap in free if gap.prefixlen <= prefix_length]
    if not fitting:
        return None
    gap = max(fitting, key=lambda g: (g.prefixlen, -first_address(g)))
    return IPv4Network((first_address(gap), prefix_length))


def overlaps_any(block: IPv4Network, others: Iterable[IPv4Network]) -> bool:
    """Return True if the block shares an address with one of the others."""
    return any(overlap(block, other) for other in others)


def overlap(network: IPv4Network, other: IPv4Network) -> bool:
    """Return True if the two share an address: then one holds the other.

    >>> overlap(IPv4Network("10.9.0.0/16"), IPv4Network("10.8.0.0/15"))
    True
    """
    # `ipaddress` compares first and last addresses, objects each, which takes four times as long.
    return not (int(network.network_address) ^ int(other.network_address)) >> 32 - min(
        network.prefixlen, other.prefixlen
    )


def covered_by(block: IPv4Network, cover: Iterable[IPv4Network]) -> bool:
    """Return True if the whole block is inside one of `cover`.

    >>> covered_by(IPv4Network("10.9.0.0/16"), [IPv4Network("10.8.0.0/15")])
    True
    """
    return any(wide.prefixlen <= block.prefixlen and overlap(block, wide) for wide in cover)


def overlapping_pairs(blocks: Sequence[IPv4Network]) -> Iterator[tuple[int, int]]:
    """Yield the positions of each two blocks that overlap, the earlier position first.

    Two CIDR blocks overlap only when one holds the other, so a sweep with a stack finds every
    pair in the time of sorting plus the number of pairs.

    >>> list(overlapping_pairs([IPv4Network("10.0.0.0/8"), IPv4Network("10.1.0.0/16")]))
    [(0, 1)]
    """
    holding: list[int] = []
    for position in sorted(range(len(blocks)), key=lambda p: (first_address(blocks[p]), blocks[p].prefixlen)):
        while holding and last_address(blocks[holding[-1]]) < first_address(blocks[position]):
            holding.pop()
        for wider in holding:
            yield min(wider, position), max(wider, position)
        holding.append(position)


def _blocks_between(first: int, last: int) -> Iterator[IPv4Network]:
    return summarize_address_range(IPv4Address(first), IPv4Address(last))


class BlockIndex(Generic[T]):
    """Things by the block that they have, found again by what overlaps it.

    Of two CIDR blocks that overlap, one holds the other: so what overlaps a block is what begins
    inside it, and the at most 32 blocks around it.

    >>> index = BlockIndex([(IPv4Network("10.0.0.0/8"), "all"), (IPv4Network("10.1.0.0/16"), "one")])
    >>> list(index.overlapping(IPv4Network("10.2.0.0/16"))), list(index.holding(IPv4Network("10.1.0.0/24")))
    (['all'], ['all', 'one'])
    """

    def __init__(self, items: Iterable[tuple[IPv4Network, T]]) -> None:
        self._at: dict[int, list[T]] = defaultdict(list)
        for block, item in items:
            self._at[_place(first_address(block), block.prefixlen)].append(item)
        self._places = sorted(self._at)
        self._lengths = sorted({place & _LENGTH for place in self._places})

    def holding(self, block: IPv4Network) -> Iterator[T]:
        """Yield what the whole block is in, the largest first."""
        first = first_address(block)
        for length in self._lengths:
            if length > block.prefixlen:
                return
            yield from self._at.get(_place(first >> (32 - length) << (32 - length), length), ())

    def overlapping(self, block: IPv4Network) -> Iterator[T]:
        """Yield what overlaps the block: first what holds it, the largest first, then what is in it."""
        yield from self.holding(block)
        position = bisect_left(self._places, _place(first_address(block), block.prefixlen + 1))
        end = _place(last_address(block) + 1, 0)
        while position < len(self._places) and self._places[position] < end:
            yield from self._at[self._places[position]]
            position += 1


def _place(first: int, prefix_length: int) -> int:
    """Return a block as one number: those sort by their first address, and the larger block before what it holds."""
    return first << 6 | prefix_length
