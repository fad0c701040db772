"""Which of the blocks that were found are private networks, and which of those lie inside which."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, collapse_addresses

from msgspec import Struct

from escscaffold.scanning.found import Found, Network
from escscaffold.scanning.kinds import OWNED

# RFC 1918, and the shared address space of RFC 6598.
PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
WIDEST, NARROWEST = 8, 29


class Listed(Struct, frozen=True, kw_only=True):
    """A private network, and in how many others that were found it lies."""

    found: Found
    cidr: IPv4Network
    depth: int


def why_ignored(network: Network) -> str:
    """Return why a block is nothing to plan around, or nothing.

    >>> why_ignored(IPv4Network("0.0.0.0/0")), why_ignored(IPv4Network("10.8.0.0/16"))
    ('wider than /8', '')
    """
    if not isinstance(network, IPv4Network):
        return "IPv6"
    if network.prefixlen < WIDEST:
        return f"wider than /{WIDEST}"
    if network.prefixlen > NARROWEST:
        return "a host" if network.prefixlen == network.max_prefixlen else f"smaller than /{NARROWEST}"
    return "" if any(_PRIVATE.holding(network)) else "not private"


def listed(found: Iterable[Found]) -> list[Listed]:
    """Return the private networks by their addresses, each behind those that it lies in."""
    private = [(f.cidr, f) for f in found if isinstance(f.cidr, IPv4Network) and not why_ignored(f.cidr)]
    private.sort(key=lambda pair: (pair[0].network_address, pair[0].prefixlen, pair[1].kind not in OWNED))
    holding: list[IPv4Network] = []
    rows: list[Listed] = []
    for cidr, f in private:
        while holding and not cidr.subnet_of(holding[-1]):
            holding.pop()
        rows.append(Listed(found=f, cidr=cidr, depth=len(holding) - (cidr in holding)))
        # What a rule or a route speaks of holds nothing.
        if f.kind in OWNED and cidr not in holding:
            holding.append(cidr)
    return rows


class Blocks:
    """Named blocks, to be asked for those that share addresses with another."""

    def __init__(self, named: Iterable[tuple[str, IPv4Network]]) -> None:
        self._names: dict[tuple[int, int], list[str]] = {}
        for name, block in named:
            self._names.setdefault((int(block.network_address), block.prefixlen), []).append(name)
        self._sorted = sorted(self._names)
        self._lengths = sorted({length for _, length in self._names})

    def holding(self, block: IPv4Network) -> Iterator[str]:
        """Yield the names of those in which the whole block lies, the widest first."""
        address = int(block.network_address)
        for length in self._lengths:
            if length > block.prefixlen:
                return
            yield from self._names.get((address >> 32 - length << 32 - length, length), ())

    def overlapping(self, block: IPv4Network) -> Iterator[str]:
        """Yield the names of those that share an address with the block."""
        yield from self.holding(block)
        first, last = int(block.network_address), int(block.broadcast_address)
        for place in range(bisect_left(self._sorted, (first, 0)), len(self._sorted)):
            start, length = self._sorted[place]
            if start > last:
                return
            if length > block.prefixlen:
                yield from self._names[start, length]


def routed_blocks(routes: Iterable[IPv4Network]) -> Blocks:
    """Return what routes lead to: adjacent ones hold together what lies across them."""
    return Blocks((str(block), block) for block in collapse_addresses(routes))


_PRIVATE = Blocks((str(network), network) for network in PRIVATE)
