"""What a scan finds: CIDR blocks, expressions nothing computes, broken files; and which blocks are private networks.

Firewall rules, routes and lists of trusted addresses name all of RFC 1918. A whole private range such as 10.0.0.0/8 is
address space there, not a network: reserved, it would leave a plan no place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.known_facts import Facts
from escscaffold.planning.ranges import BlockIndex, covered_by
from escscaffold.scanning.kinds import OWNED, Kind, ValuePath, kind_of, plain_name
from escscaffold.terraform.modules import Module

Network = IPv4Network | IPv6Network

LONGEST_NAME = 200
"""How many letters of a name are kept."""
WIDEST, NARROWEST = 8, 29
# hcloud_network, oci_core_vcn, azurerm_virtual_network, Microsoft.Network/virtualNetworks, google_compute_subnetwork;
# not azurerm_local_network_gateway, whose addresses are those behind a VPN.
_NETWORK_TYPES = re.compile(
    r"(?:^|_)(?:vpc|vcn|vnet|networks?|subnets?|subnetworks?|clusters?)(?:_v2|_ipv4_cidr_block_association)?$"
)
_NETWORK_ARGUMENTS = re.compile(
    r"^((vpc|vcn|vnet|network|virtual_network|subnet)_)?((ipv4|primary)_)?(ip_)?cidrs?(_(blocks?|ranges?))?$"
)
_ADDRESS_SPACE = re.compile(r"(^|_)address_(space|prefix(es)?)$")
# From the begin of an address only, or each of its letters would begin one.
_BLOCK = re.compile(r"(?<![0-9A-Fa-f:.])[0-9A-Fa-f:.]++/[0-9]++")


class Found(Struct, frozen=True, kw_only=True):
    """A CIDR block, and where it is: `line` is None where only the name shows the place in the file."""

    cidr: Network
    kind: Kind
    name: str
    source: str
    line: int | None = None
    root: str = ""
    """The folder that Terraform runs in; nothing for what is no module."""
    call: str = ""
    """File and line of the module's call in the root; nothing for what is in the root itself."""
    values: str = ""
    """The file of values, relative to the root, that a person chooses with -var-file."""
    account: str = ""
    """The account, project or subscription, where a cloud listed it."""
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
    """Whether its name is clear without that of its network."""
    blocks: tuple[Found, ...] = ()


class Broken(Struct, frozen=True, kw_only=True):
    """A file, or a part of one, that could not be read."""

    source: str
    message: str
    line: int | None = None


class Scan(Struct, kw_only=True):
    """All that was found, in the order of the files."""

    facts: Facts
    blocks: list[Found] = field(default_factory=list)
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
    """Return a name of at most LONGEST_NAME letters: what is in a list may be of any length."""
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
    """Return the network that a CIDR block is in, host bits or not; None for anything else."""
    address, slash, length = text.partition("/")
    if not slash or not length.isascii() or not length.isdigit() or len(text) > 50:
        return None
    try:
        return ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        return None


class Listed(Struct, frozen=True, kw_only=True):
    """A private network, and in how many others that were found it lies."""

    block: Found
    cidr: IPv4Network
    depth: int


def why_ignored(network: Network, facts: Facts) -> str:
    """Return why a block is nothing to plan around, or nothing.

    >>> facts = Facts()
    >>> why_ignored(IPv4Network("0.0.0.0/0"), facts), why_ignored(IPv4Network("10.8.0.0/16"), facts)
    ('wider than /8', '')
    """
    if not isinstance(network, IPv4Network):
        return "IPv6"
    if network.prefixlen < WIDEST:
        return f"wider than /{WIDEST}"
    if network.prefixlen > NARROWEST:
        return "a host" if network.prefixlen == network.max_prefixlen else f"smaller than /{NARROWEST}"
    return "" if covered_by(network, facts.internal_ranges) else "not private"


def listed(blocks: Iterable[Found], facts: Facts) -> list[Listed]:
    """Return the private networks by their addresses, each behind those that it is in."""
    private = [(f.cidr, f) for f in blocks if isinstance(f.cidr, IPv4Network) and not why_ignored(f.cidr, facts)]
    private.sort(key=lambda pair: (pair[0].network_address, pair[0].prefixlen, pair[1].kind not in OWNED))
    holding: list[IPv4Network] = []
    rows: list[Listed] = []
    for cidr, f in private:
        while holding and not cidr.subnet_of(holding[-1]):
            holding.pop()
        rows.append(Listed(block=f, cidr=cidr, depth=len(holding) - (cidr in holding)))
        # What a rule or a route speaks of holds nothing.
        if f.kind in OWNED and cidr not in holding:
            holding.append(cidr)
    return rows


def routed_blocks(routes: Iterable[IPv4Network]) -> BlockIndex[str]:
    """Return what routes lead to: adjacent ones hold together what lies across them."""
    return BlockIndex((block, str(block)) for block in collapse_addresses(routes))


def is_network_type(resource_type: str) -> bool:
    """Whether a resource of this type is a network, a part of one, or a cluster in one.

    >>> is_network_type("aws_subnet"), is_network_type("azurerm_local_network_gateway")
    (True, False)
    """
    return bool(_NETWORK_TYPES.search(plain_name(resource_type)))


def kind_of_resource(kind: Kind, cidr: Network, resource_type: str, facts: Facts) -> Kind:
    """Return what a resource's block is for: a whole private range is a network of a network or a cluster only.

    >>> kind_of_resource("network", IPv4Network("10.0.0.0/8"), "azurerm_local_network_gateway", Facts())
    'container'
    """
    is_space = kind in OWNED and cidr in facts.internal_ranges and not is_network_type(resource_type)
    return "container" if is_space else kind


def kind_of_value(kind: Kind, cidr: Network, path: Sequence[str], facts: Facts) -> Kind:
    """Return what a block is for that is in data, in a list or in the arguments of a module.

    A whole private range is a network where its name is one that networks' ranges have, and is space otherwise.

    >>> kind_of_value("network", IPv4Network("10.0.0.0/8"), ["cidr_ranges", "rfc1918"], Facts())
    'container'
    >>> kind_of_value("network", IPv4Network("192.168.0.0/16"), ["vpc_cidr"], Facts())
    'network'
    """
    if kind not in OWNED or cidr not in facts.internal_ranges:
        return kind
    name = plain_name(path[-1]) if path else ""
    return kind if _NETWORK_ARGUMENTS.search(name) or _ADDRESS_SPACE.search(name) else "container"


def without_lists_of_space(blocks: Iterable[Found], facts: Facts) -> list[Found]:
    """Return what was found, with the whole private ranges as space where one name has two of them: no network has."""
    blocks = list(blocks)
    named: dict[tuple[str, ...], set[Network]] = {}
    for f in blocks:
        if f.cidr in facts.internal_ranges and f.kind in OWNED:
            named.setdefault(_name_of(f), set()).add(f.cidr)
    return [
        replace(f, kind="container")
        if f.cidr in facts.internal_ranges and f.kind in OWNED and len(named[_name_of(f)]) > 1
        else f
        for f in blocks
    ]


def space_in(blocks: Iterable[Found], facts: Facts) -> list[Found]:
    """Return the whole private ranges that are in lists and that no network has, each where it is named first.

    What a rule or a route is about is counted with the others.
    """
    blocks = list(blocks)
    of_networks = {f.cidr for f in blocks if f.kind in OWNED}
    spaces: dict[Network, Found] = {}
    for f in blocks:
        if f.cidr in facts.internal_ranges and f.kind == "container" and f.cidr not in of_networks:
            spaces.setdefault(f.cidr, f)
    return list(spaces.values())


def _name_of(block: Found) -> tuple[str, ...]:
    return (block.source, block.name, block.root, block.call, block.values)


def lines_of_blocks(text: str) -> Mapping[str, int]:
    """Return the line on which each CIDR block of the text stands first."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in _BLOCK.finditer(line):
            lines.setdefault(match[0], number)
    return lines


def blocks_in(
    leaf: str, path: ValuePath, facts: Facts, *, about: str, name: str, source: str, line: int | None
) -> Iterator[Found]:
    """Yield the blocks of a single value; without a kind, it is an entry of a list.

    `about` is what the whole text is about, in words with `_` between them, and `name` what it is called.
    """
    for network in networks_in(leaf):
        kind = kind_of(about, path.path, facts)
        yield Found(
            cidr=network,
            kind=kind_of_value("list" if kind == "value" else kind, network, path.path, facts),
            name=path.name_after(name),
            source=source,
            line=line,
        )


def line_of(leaf: str, lines: Mapping[str, int]) -> int | None:
    """Return the line of the first block of a value; None where the text spells it in another way."""
    match = _BLOCK.search(leaf)
    return lines.get(match[0]) if match else None
