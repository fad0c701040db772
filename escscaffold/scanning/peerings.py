"""What the peerings that were found route to, and which of the ranges that were found they leave out. Pure.

Which network a range is in is not looked at: a range of another network than the peered one is left out, too.
"""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.scanning.found import Found, Scan
from escscaffold.scanning.networks import Listed, routed_blocks

# A peering with Kurrent Cloud by either of its providers: `routes` is an argument that no other peering has.
_PEERING = re.compile(r"(^|\.)[a-z0-9]+_peering\.")
_ROUTES = "routes"
_LISTED = "Kurrent peering"
"""What Kurrent Cloud's own command prints of one."""
# What never crosses a peering by its own address: services, the control plane, and pods that hide behind their node.
_STAYS = re.compile(r"(^|[\s_-])(services?|master|control[_-]plane|pod_cidrs?)([\s_-]|$)")


class Peering(Struct, frozen=True, kw_only=True):
    """A peering whose routes are known."""

    name: str
    routes: tuple[IPv4Network, ...]
    found: Found


class Unrouted(Struct, frozen=True, kw_only=True):
    """A range that the routes do not hold as a whole, and the routes that hold a part of it."""

    found: Found
    partly: tuple[str, ...]


def peerings_in(scan: Scan) -> tuple[Peering, ...]:
    """Return the peerings with Kurrent Cloud, by their names."""
    routes: dict[str, dict[IPv4Network, Found]] = {}
    for found in scan.found:
        address, _, argument = found.name.rpartition(" ")
        if argument == _ROUTES and _PEERING.search(address) and isinstance(found.cidr, IPv4Network):
            routes.setdefault(address, {}).setdefault(found.cidr, found)
    for found in (f for resource in scan.resources if resource.what == _LISTED for f in resource.found):
        if found.kind == "route" and isinstance(found.cidr, IPv4Network):
            routes.setdefault(found.name.removesuffix(f" {_ROUTES}"), {}).setdefault(found.cidr, found)
    return tuple(
        Peering(name=name, routes=tuple(sorted(blocks)), found=next(iter(blocks.values())))
        for name, blocks in sorted(routes.items())
    )


def routes_of(peerings: Iterable[Peering]) -> list[IPv4Network]:
    """Return what the peerings route to, each block once, lowest first."""
    return sorted({route for peering in peerings for route in peering.routes})


def has_unknown_routes(scan: Scan, peerings: Iterable[Peering]) -> bool:
    """Return True if there is a peering of whose routes nothing is known, so that none can be said to be missing."""
    known = {peering.name for peering in peerings}
    unknown = (place.name for place in scan.unresolved if place.argument == _ROUTES and _PEERING.search(place.name))
    return any(name not in known for name in unknown)


def unrouted(networks: Iterable[Listed], peerings: Sequence[Peering]) -> tuple[Unrouted, ...]:
    """Return the ranges of subnets and pods that the routes of these peerings do not hold, each block once."""
    routes = routed_blocks(routes_of(peerings))
    left: dict[IPv4Network, Unrouted] = {}
    for network in networks:
        if network.found.kind != "subnet" or _STAYS.search(network.found.name.partition(" ")[2]):
            continue
        if next(routes.holding(network.cidr), None) is None:
            partly = tuple(routes.overlapping(network.cidr))
            left.setdefault(network.cidr, Unrouted(found=network.found, partly=partly))
    return tuple(left.values()) if peerings else ()
