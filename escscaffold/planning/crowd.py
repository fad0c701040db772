"""Supernets that are free in part, the emptiest first, each looked at once for however many environments."""

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from ipaddress import IPv4Network, collapse_addresses
from typing import TypeVar

from escscaffold.planning.freespace import FreeSpace
from escscaffold.planning.ranges import aligned, covered_by, overlaps_any

T = TypeVar("T")

Entry = tuple[int, int, IPv4Network]
"""A supernet after the number of its taken addresses and the rank of its pool: the best is the least.

One that is wider than those that are looked for has not been looked into yet.
"""


class Crowd:
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
        apart: Sequence[IPv4Network],
    ) -> T | None:
        """Return what `place` makes of the emptiest legal supernet of which it makes anything.

        Where the space is not as others will find it (`apart`), nothing is learned for them.
        """
        regions = self._regions(apart)
        own = [entry for region in regions for entry in self._look_into(region)]
        heapify(own)
        later: list[Entry] = []
        found: T | None = None
        while found is None and (own or self._entries):
            if own and (not self._entries or own[0] < self._entries[0]):
                supernet = heappop(own)[2]
                found = place(supernet) if is_legal(supernet) else None
                continue
            entry = heappop(self._entries)
            supernet = entry[2]
            if covered_by(supernet, regions):
                later.append(entry)
            elif supernet.prefixlen < self._length:
                for one in self._look_into(supernet):
                    if not overlaps_any(one[2], regions):
                        heappush(self._entries, one)
                later += [(0, 0, region) for region in regions if region.subnet_of(supernet)]
            elif (now := self._entry(supernet)) != entry:
                if now is not None:
                    heappush(self._entries, now)
            elif not is_legal(supernet) or (found := place(supernet)) is not None:
                later.append(entry)
        for entry in later:
            heappush(self._entries, entry)
        return found

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
