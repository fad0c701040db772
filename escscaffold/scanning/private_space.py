"""Whole private ranges, such as 10.0.0.0/8: where they name private address space, and are nobody's network.

Firewall rules, routes and lists of trusted addresses name all of RFC 1918. Reserved, it would leave a plan no place.
"""

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from escscaffold.scanning.found import Found, Network
from escscaffold.scanning.kinds import OWNED, Kind, plain_name
from escscaffold.scanning.networks import PRIVATE

_WHOLE = frozenset(PRIVATE)
# hcloud_network, oci_core_vcn, azurerm_virtual_network, Microsoft.Network/virtualNetworks, google_compute_subnetwork;
# not azurerm_local_network_gateway, whose addresses are those behind a VPN.
_NETWORK_TYPES = re.compile(
    r"(?:^|_)(?:vpc|vcn|vnet|networks?|subnets?|subnetworks?|clusters?)(?:_v2|_ipv4_cidr_block_association)?$"
)
_NETWORK_ARGUMENTS = re.compile(
    r"^((vpc|vcn|vnet|network|virtual_network|subnet)_)?((ipv4|primary)_)?(ip_)?cidrs?(_(blocks?|ranges?))?$"
)
_ADDRESS_SPACE = re.compile(r"(^|_)address_(space|prefix(es)?)$")


def kind_of_resource(kind: Kind, cidr: Network, resource_type: str) -> Kind:
    """Return what a resource's block is for: a whole private range is a network of a network or a cluster only.

    >>> kind_of_resource("network", PRIVATE[0], "azurerm_local_network_gateway")
    'container'
    """
    is_space = kind in OWNED and cidr in _WHOLE and not _NETWORK_TYPES.search(plain_name(resource_type))
    return "container" if is_space else kind


def kind_of_value(kind: Kind, cidr: Network, path: Sequence[str]) -> Kind:
    """Return what a block is for that stands in data, in a list or in the arguments of a module.

    A whole private range is a network where its name is one that networks' ranges have, and is space otherwise.

    >>> kind_of_value("network", PRIVATE[0], ["cidr_ranges", "rfc1918"])
    'container'
    >>> kind_of_value("network", PRIVATE[2], ["vpc_cidr"])
    'network'
    """
    if kind not in OWNED or cidr not in _WHOLE:
        return kind
    name = plain_name(path[-1]) if path else ""
    return kind if _NETWORK_ARGUMENTS.search(name) or _ADDRESS_SPACE.search(name) else "container"


def without_lists_of_space(found: Iterable[Found]) -> list[Found]:
    """Return what was found, with the whole private ranges as space where one name has two of them: no network has."""
    found = list(found)
    named: dict[tuple[str, ...], set[Network]] = {}
    for f in found:
        if f.cidr in _WHOLE and f.kind in OWNED:
            named.setdefault(_name_of(f), set()).add(f.cidr)
    return [
        replace(f, kind="container") if f.cidr in _WHOLE and f.kind in OWNED and len(named[_name_of(f)]) > 1 else f
        for f in found
    ]


def space_in(found: Iterable[Found]) -> list[Found]:
    """Return the whole private ranges that stand in lists and that no network has, each where it is named first.

    What a rule or a route is about is counted with the others.
    """
    found = list(found)
    of_networks = {f.cidr for f in found if f.kind in OWNED}
    spaces: dict[Network, Found] = {}
    for f in found:
        if f.cidr in _WHOLE and f.kind == "container" and f.cidr not in of_networks:
            spaces.setdefault(f.cidr, f)
    return list(spaces.values())


def _name_of(found: Found) -> tuple[str, ...]:
    return (found.source, found.name, found.root, found.call, found.values)
