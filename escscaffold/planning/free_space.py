"""Free addresses: a binary tree over the whole space, in which each step takes as long as an address is.

Each environment is placed on its own view of it, in which its own ranges are ignored.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, collapse_addresses

BITS = 32


class FreeSpace:
    """The free addresses, kept as the fewest blocks.

    >>> space = FreeSpace([IPv4Network("10.0.0.0/22")], taken=[IPv4Network("10.0.1.0/24")])
    >>> list(space.parts(IPv4Network("10.0.0.0/8")))
    [IPv4Network('10.0.0.0/24'), IPv4Network('10.0.2.0/23')]
    """

    def __init__(self, free: Iterable[IPv4Network], taken: Iterable[IPv4Network] = ()) -> None:
        # By block, the prefix length of its largest free part. What is wholly free is there with
        # its own prefix length and nothing below it; what holds nothing free does not stand there.
        self._largest: dict[int, int] = {}
        for block in free:
            self._give(_node(block))
        for block in taken:
            self.take(block)

    def take(self, block: IPv4Network) -> list[int]:
        """Take the block's free addresses away, and return what was taken, for `give_back`."""
        node = _node(block)
        whole = self._free_around(node)
        if whole:
            self._split(whole, node)
            taken = [node]
        else:
            taken = list(self._below(node))
            for part in taken:
                self._forget(part, node)
        self._largest.pop(node, None)
        self._settle(node >> 1)
        return taken

    def give_back(self, taken: Iterable[int]) -> None:
        """Make free again what `take` returned."""
        for node in taken:
            self._give(node)

    def is_free(self, block: IPv4Network) -> bool:
        """Return True if every address of the block is free."""
        return self._free_around(_node(block)) != 0

    def parts(self, block: IPv4Network, prefix_length: int = BITS) -> Iterator[IPv4Network]:
        """Yield what is free of the block as the fewest blocks, lowest first, without those that are smaller."""
        node = _node(block)
        if self._free_around(node):
            yield block
            return
        yield from map(_block, self._below(node, prefix_length))

    def count(self, block: IPv4Network) -> int:
        """Return how many addresses of the block are free."""
        node = _node(block)
        if self._free_around(node):
            return block.num_addresses
        return sum(1 << (BITS - _length(part)) for part in self._below(node))

    def has_room(self, block: IPv4Network, prefix_length: int) -> bool:
        """Return True if a block of this size is free inside the block."""
        if prefix_length < block.prefixlen:
            return False
        node = _node(block)
        return self._largest.get(node, BITS + 1) <= prefix_length or self._free_around(node) != 0

    def split(self, within: IPv4Network, length: int, prefix_length: int) -> Iterator[IPv4Network]:
        """Yield the blocks of `length` inside a block in which one of `prefix_length` is free, lowest first."""
        waiting = [within]
        while waiting:
            block = waiting.pop()
            if self.is_free(block):
                yield from block.subnets(new_prefix=length)
            elif self.has_room(block, prefix_length):
                if block.prefixlen == length:
                    yield block
                else:
                    waiting += reversed(list(block.subnets()))

    def lowest(self, within: IPv4Network, prefix_length: int) -> IPv4Network | None:
        """Return the lowest free block of this size inside a free part that is no smaller, or None."""
        return self._outermost(within, prefix_length, (0, 1))

    def highest(self, within: IPv4Network, prefix_length: int) -> IPv4Network | None:
        """Return the highest free block of this size, or None."""
        return self._outermost(within, prefix_length, (1, 0))

    def _outermost(self, within: IPv4Network, prefix_length: int, sides: tuple[int, int]) -> IPv4Network | None:
        """Walk down to a free part that is large enough, and in it to the block on the first of the sides."""
        node = _node(within)
        if prefix_length < within.prefixlen:
            return None
        if not self._free_around(node):
            if self._largest.get(node, BITS + 1) > prefix_length:
                return None
            while self._largest[node] != _length(node):
                halves = (2 * node + side for side in sides)
                node = next(half for half in halves if self._largest.get(half, BITS + 1) <= prefix_length)
        while _length(node) < prefix_length:
            node = 2 * node + sides[0]
        return _block(node)

    def _free_around(self, node: int) -> int:
        """Return the wholly free block that is this one or holds it, or 0."""
        while node:
            largest = self._largest.get(node)
            if largest is not None:
                return node if largest == _length(node) else 0
            node >>= 1
        return 0

    def _below(self, node: int, prefix_length: int = BITS) -> Iterator[int]:
        """Yield the wholly free blocks that are this one or inside it, and not smaller, lowest first."""
        waiting = [node]
        while waiting:
            block = waiting.pop()
            largest = self._largest.get(block)
            if largest is None or largest > prefix_length:
                continue
            if largest == _length(block):
                yield block
            else:
                waiting += (2 * block + 1, 2 * block)

    def _split(self, whole: int, node: int) -> None:
        """Cut a free block so that `node` inside it is one of the pieces."""
        del self._largest[whole]
        while node != whole:
            self._largest[node ^ 1] = _length(node)
            node >>= 1

    def _forget(self, part: int, top: int) -> None:
        """Drop a free block, and its marks below `top`."""
        while part != top and self._largest.pop(part, None) is not None:
            part >>= 1

    def _give(self, node: int) -> None:
        if self._free_around(node):
            return
        for part in list(self._below(node)):
            self._forget(part, node)
        self._largest[node] = _length(node)
        self._settle(node >> 1)

    def _settle(self, node: int) -> None:
        """Update the marks of a block and of those around it from their halves."""
        while node:
            lower, upper = self._largest.get(2 * node), self._largest.get(2 * node + 1)
            half = _length(node) + 1
            if lower == half and upper == half:
                del self._largest[2 * node], self._largest[2 * node + 1]
                largest: int | None = half - 1
            elif lower is None or upper is None:
                largest = upper if lower is None else lower
            else:
                largest = min(lower, upper)
            if self._largest.get(node) == largest and largest is not None:
                return
            if largest is None:
                if self._largest.pop(node, None) is None:
                    return
            else:
                self._largest[node] = largest
            node >>= 1


def _node(block: IPv4Network) -> int:
    length = block.prefixlen
    return 1 << length | int(block.network_address) >> (BITS - length)


def _length(node: int) -> int:
    return node.bit_length() - 1


def _block(node: int) -> IPv4Network:
    length = _length(node)
    return IPv4Network(((node ^ 1 << length) << (BITS - length), length))


class Ground:
    """The free addresses of a plan in the making, with what each environment keeps the others off."""

    def __init__(self, space: FreeSpace) -> None:
        self.space = space
        self._claims: dict[str, list[list[int]]] = defaultdict(list)
        # What environments have and others claimed before them, in part or as a whole.
        self._contested: dict[IPv4Network, list[str]] = {}

    def claim(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep the blocks for an environment, as far as no other one keeps them."""
        self._claims[environment] += [self.space.take(block) for block in blocks]

    def hold(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep the blocks for an environment, also where another one gives up its claim to them."""
        for block in collapse_addresses(blocks):
            taken = self.space.take(block)
            self._claims[environment].append(taken)
            if _number_of(taken) < block.num_addresses:
                self._contested.setdefault(block, []).append(environment)

    def lift(self, environment: str) -> None:
        """Free what is kept for an environment and no other has, so that it can be placed again, or next to it."""
        for taken in reversed(self._claims.pop(environment, [])):
            self.space.give_back(taken)
        for block, holders in list(self._contested.items()):
            remaining = [holder for holder in holders if holder != environment]
            if remaining:
                self._contested[block] = remaining
                self._claims[remaining[0]].append(self.space.take(block))
            else:
                del self._contested[block]

    def lift_all(self) -> None:
        """Free what is kept for anybody."""
        for environment in list(self._claims):
            self.lift(environment)


def _number_of(taken: Iterable[int]) -> int:
    """Return how many addresses are in what `FreeSpace.take` returned."""
    return sum(1 << (BITS - _length(node)) for node in taken)
