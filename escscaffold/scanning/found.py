"""What a scan comes to."""

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from msgspec import Struct, field

from escscaffold.scanning.kinds import Kind

Network = IPv4Network | IPv6Network


class Found(Struct, frozen=True, kw_only=True):
    """A CIDR block, and where it stands: `line` is None where only the name tells the place in the file."""

    cidr: Network
    kind: Kind
    name: str
    source: str
    line: int | None = None

    @property
    def place(self) -> str:
        """File and line, or the file alone."""
        return self.source if self.line is None else f"{self.source}:{self.line}"


class Unresolved(Struct, frozen=True, kw_only=True):
    """An expression where a CIDR block is expected, which nothing here can compute."""

    name: str
    argument: str
    expression: str
    reason: str
    source: str
    line: int | None = None


class Broken(Struct, frozen=True, kw_only=True):
    """A file, or a part of one, that could not be read."""

    source: str
    message: str
    line: int | None = None


class Scan(Struct, kw_only=True):
    """All that was found, in the order of the files."""

    found: list[Found] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    files: int = 0


def networks_in(text: str) -> Iterator[Network]:
    """Yield the CIDR blocks of a text that holds nothing else: one, or several with commas or spaces between.

    >>> list(networks_in("10.8.0.0/16, 10.9.0.1/24")), list(networks_in("see 10.8.0.0/16"))
    ([IPv4Network('10.8.0.0/16'), IPv4Network('10.9.0.0/24')], [])
    """
    networks: list[Network] = []
    for part in text.replace(",", " ").replace(";", " ").split():
        network = network_of(part)
        if network is None:
            return
        networks.append(network)
    yield from networks


# A cell of a table is looked at for what it holds, for the row's name and for its status.
@lru_cache(maxsize=4096)
def network_of(text: str) -> Network | None:
    """Return the network that a CIDR block lies in, host bits or not; None for anything else."""
    address, slash, length = text.partition("/")
    if not slash or not length.isascii() or not length.isdigit() or len(text) > 50:
        return None
    try:
        return ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        return None
