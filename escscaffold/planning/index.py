"""Which of many blocks overlap one, without looking at each."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import Generic, TypeVar

from escscaffold.planning.ranges import first_address, last_address

T = TypeVar("T")

_LENGTH = 63
"""The bits of a place that are the prefix length."""


class BlockIndex(Generic[T]):
    """Things by the block that they have, found again by what overlaps it.

    Of two CIDR blocks that overlap, one holds the other: so what overlaps a block is what begins
    inside it, and the at most 32 blocks around it.

    >>> index = BlockIndex([(IPv4Network("10.0.0.0/8"), "all"), (IPv4Network("10.1.0.0/16"), "one")])
    >>> list(index.overlapping(IPv4Network("10.2.0.0/16")))
    ['all']
    """

    def __init__(self, things: Iterable[tuple[IPv4Network, T]]) -> None:
        self._at: dict[int, list[T]] = defaultdict(list)
        for block, thing in things:
            self._at[_place(first_address(block), block.prefixlen)].append(thing)
        self._places = sorted(self._at)
        self._lengths = sorted({place & _LENGTH for place in self._places})

    def overlapping(self, block: IPv4Network) -> Iterator[T]:
        """Yield what overlaps the block: first what holds it, the largest first, then what lies in it."""
        first = first_address(block)
        for length in self._lengths:
            if length < block.prefixlen:
                start = first >> (32 - length) << (32 - length)
                yield from self._at.get(_place(start, length), ())
        position = bisect_left(self._places, _place(first, block.prefixlen))
        end = _place(last_address(block) + 1, 0)
        while position < len(self._places) and self._places[position] < end:
            yield from self._at[self._places[position]]
            position += 1


def _place(first: int, prefix_length: int) -> int:
    """Return a block as one number: those sort by their first address, and the larger block before what it holds."""
    return first << 6 | prefix_length
