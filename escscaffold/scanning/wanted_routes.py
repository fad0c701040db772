"""Which ranges a peering must route to, which of them it does not, and the routes that would do. Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.scanning.networks import Blocks, routed_blocks
from escscaffold.scanning.peering_evidence import PeeringEvidence, SeenCluster, SeenRange

_SERVICES = ("service", "svc")
"""What a secondary range is called that no cluster refers to, where it is surely not for pods."""


class MissingRanges(Struct, frozen=True, kw_only=True):
    """The ranges outside the peering routes."""

    of_clusters: tuple[tuple[SeenCluster, SeenRange], ...]
    others: tuple[SeenRange, ...]
    """Those of the peered network that no cluster is known to use."""
    is_settled: bool
    """Whether all that clusters use is known, so that the other ranges are somebody else's."""

    @property
    def wanted(self) -> list[IPv4Network]:
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
    routes: Iterable[IPv4Network] | None, more: Sequence[IPv4Network], without: IPv4Network | None = None
) -> list[IPv4Network]:
    """Return the routes that exist and those that are missing, none inside another.

    >>> [str(r) for r in routes_with([IPv4Network("10.0.0.0/24")], [IPv4Network("10.1.0.0/30")])]
    ['10.0.0.0/24', '10.1.0.0/28']
    """
    longest = load_kurrent().remote.longest_prefix_length
    kept = [route for route in routes or () if route != without]
    added = [cidr if cidr.prefixlen <= longest else cidr.supernet(new_prefix=longest) for cidr in sorted(set(more))]
    both = list(dict.fromkeys([*kept, *added]))
    blocks = Blocks((str(route), route) for route in both)
    # The widest block that holds a route is the route itself, or one that it lies in.
    return [route for route in both if next(blocks.holding(route)) == str(route)]
