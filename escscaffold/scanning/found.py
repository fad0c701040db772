"""What a scan comes to."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from msgspec import Struct, field

from escscaffold.scanning.kinds import Kind
from escscaffold.terraform.modules import Module

Network = IPv4Network | IPv6Network

LONGEST_NAME = 200
"""How many letters of a name are kept."""


class Found(Struct, frozen=True, kw_only=True):
    """A CIDR block, and where it stands: `line` is None where only the name tells the place in the file."""

    cidr: Network
    kind: Kind
    name: str
    source: str
    line: int | None = None
    root: str = ""
    """The folder that Terraform runs in; nothing for what is no module."""
    call: str = ""
    """File and line of the module's call in the root; nothing for what stands in the root itself."""
    values: str = ""
    """The file of values, relative to the root, that a person chooses with -var-file."""
    account: str = ""
    """The account, project or subscription, where a cloud said it."""
    region: str = ""
    network: str = ""
    """The network that it is in, by its name where that is known."""

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
    fails: bool = False
    """Whether a scan with this has failed: an address is there, and its network was not found."""


class CloudResource(Struct, frozen=True, kw_only=True):
    """A network, subnet, cluster, peering or the like, as a cloud's own command printed it."""

    what: str
    name: str
    id: str
    account: str
    region: str
    network: str
    """The network that it is in, by its name where a network of this id was printed, too."""
    network_id: str
    """The same as the cloud wrote it: an id, or a name."""
    command: str
    source: str
    document: Mapping[str, Any]
    """All that was printed of it."""
    is_network: bool = False
    alone: bool = False
    """Whether its name says enough without that of its network."""
    found: tuple[Found, ...] = ()


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
    resources: list[CloudResource] = field(default_factory=list)
    """What the clouds' own commands printed."""
    files: int = 0
    modules: dict[str, Module] = field(default_factory=dict)
    """The Terraform modules that were read, by their folders."""
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Source and text of the JSON that was read: states, plans, and what the clouds print."""


def shortened(name: str) -> str:
    """Return a name of at most LONGEST_NAME letters: what stands in a list may be of any length."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3]}..."


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
