"""What peerings route to, which ranges they must route to and do not, and the routes that would do. Pure.

Which network a range is in is not looked at by `unrouted`: a range of another network than the peered one counts, too.
"""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.known_facts import Facts
from escscaffold.planning.ranges import BlockIndex
from escscaffold.scanning.found import Found, Listed, Scan, routed_blocks
from escscaffold.scanning.peering_evidence import PeeringEvidence, SeenCluster, SeenRange

# A peering with Kurrent Cloud by either of its providers: `routes` is an argument that no other peering has.
_PEERING = re.compile(r"(^|\.)[a-z0-9]+_peering\.")
_ROUTES = "routes"
_LISTED = "Kurrent peering"
"""What Kurrent Cloud's own command prints of one."""
# What never crosses a peering by its own address: services, the control plane, and pods that hide behind their node.
_STAYS = re.compile(r"(^|[\s_-])(services?|master|control[_-]plane|pod_cidrs?)([\s_-]|$)")
_SERVICES = ("service", "svc")
"""What a secondary range is called that no cluster refers to, where it is surely not for pods."""


class Peering(Struct, frozen=True, kw_only=True):
    """A peering whose routes are known."""

    name: str
    routes: tuple[IPv4Network, ...]
    block: Found


class Unrouted(Struct, frozen=True, kw_only=True):
    """A range that the routes do not hold as a whole, and the routes that hold a part of it."""

    block: Found
    partly: tuple[str, ...]


def peerings_in(scan: Scan) -> tuple[Peering, ...]:
    """Return the peerings with Kurrent Cloud, by their names."""
    routes: dict[str, dict[IPv4Network, Found]] = {}
    for block in scan.blocks:
        address, _, argument = block.name.rpartition(" ")
        if argument == _ROUTES and _PEERING.search(address) and isinstance(block.cidr, IPv4Network):
            routes.setdefault(address, {}).setdefault(block.cidr, block)
    for block in (f for resource in scan.resources if resource.what == _LISTED for f in resource.blocks):
        if block.kind == "route" and isinstance(block.cidr, IPv4Network):
            routes.setdefault(block.name.removesuffix(f" {_ROUTES}"), {}).setdefault(block.cidr, block)
    return tuple(
        Peering(name=name, routes=tuple(sorted(blocks)), block=next(iter(blocks.values())))
        for name, blocks in sorted(routes.items())
    )


def routes_of(peerings: Iterable[Peering]) -> list[IPv4Network]:
    """Return what the peerings route to, each block once, lowest first."""
    return sorted({route for peering in peerings for route in peering.routes})


def has_unknown_routes(scan: Scan, peerings: Iterable[Peering]) -> bool:
    """Return True if there is a peering of whose routes nothing is known, so none can be reported as missing."""
    names = {peering.name for peering in peerings}
    unknown = (place.name for place in scan.unresolved if place.argument == _ROUTES and _PEERING.search(place.name))
    return any(name not in names for name in unknown)


def unrouted(networks: Iterable[Listed], peerings: Sequence[Peering]) -> tuple[Unrouted, ...]:
    """Return the ranges of subnets and pods that the routes of these peerings do not hold, each block once."""
    routes = routed_blocks(routes_of(peerings))
    by_block: dict[IPv4Network, Unrouted] = {}
    for network in networks:
        if network.block.kind != "subnet" or _STAYS.search(network.block.name.partition(" ")[2]):
            continue
        if next(routes.holding(network.cidr), None) is None:
            partly = tuple(routes.overlapping(network.cidr))
            by_block.setdefault(network.cidr, Unrouted(block=network.block, partly=partly))
    return tuple(by_block.values()) if peerings else ()


class MissingRanges(Struct, frozen=True, kw_only=True):
    """The ranges outside the peering routes."""

    of_clusters: tuple[tuple[SeenCluster, SeenRange], ...]
    others: tuple[SeenRange, ...]
    """Those of the peered network that no cluster is known to use."""
    is_settled: bool
    """Whether all that clusters use is known, so the other ranges have another purpose."""

    @property
    def unrouted_blocks(self) -> list[IPv4Network]:
        """Return those that need a route."""
        return [r.cidr for _, r in self.of_clusters] + ([] if self.is_settled else [r.cidr for r in self.others])


def missing_ranges(evidence: PeeringEvidence) -> MissingRanges:
    """Return the ranges outside the routes, each block once; all of them where the routes are not known."""
    routes = routed_blocks(evidence.routes or ())

    def is_outside(range_: SeenRange) -> bool:
        overlaps = evidence.kurrent is not None and range_.cidr.overlaps(evidence.kurrent)
        return next(routes.holding(range_.cidr), None) is None and not overlaps

    of_clusters = {r.cidr: (c, r) for c, r in ranges_of_clusters(evidence) if is_outside(r)}
    others = {
        r.cidr: r
        for r in evidence.ranges
        if r.use in ("nodes", "secondary") and r.cidr not in of_clusters and is_outside(r) and not is_of_services(r)
    }
    return MissingRanges(
        of_clusters=tuple(of_clusters.values()), others=tuple(others.values()), is_settled=is_settled(evidence)
    )


def ranges_of_clusters(evidence: PeeringEvidence) -> list[tuple[SeenCluster, SeenRange]]:
    """Return the ranges of nodes and pods."""
    return [(cluster, r) for cluster in evidence.clusters for r in cluster.ranges]


def is_settled(evidence: PeeringEvidence) -> bool:
    """Return True if the ranges of the nodes and pods of all clusters are known."""
    return bool(evidence.clusters) and all(
        cluster.has_nodes and cluster.pods in ("known", "of the subnets") for cluster in evidence.clusters
    )


def is_of_services(range_: SeenRange) -> bool:
    """Return True for a secondary range that no cluster refers to and that is called services."""
    return range_.use == "secondary" and any(word in range_.label.lower() for word in _SERVICES)


def routes_with(
    routes: Iterable[IPv4Network] | None, more: Sequence[IPv4Network], facts: Facts, without: IPv4Network | None = None
) -> list[IPv4Network]:
    """Return the routes that exist and those that are missing, none inside another.

    >>> [str(r) for r in routes_with([IPv4Network("10.0.0.0/24")], [IPv4Network("10.1.0.0/30")], Facts())]
    ['10.0.0.0/24', '10.1.0.0/28']
    """
    longest = facts.kurrent.remote.longest_prefix_length
    remaining = [route for route in routes or () if route != without]
    added = [cidr if cidr.prefixlen <= longest else cidr.supernet(new_prefix=longest) for cidr in sorted(set(more))]
    both = list(dict.fromkeys([*remaining, *added]))
    blocks = BlockIndex((route, route) for route in both)
    # The widest block that holds a route is the route itself, or one that it is in.
    return [route for route in both if next(blocks.holding(route)) == route]
