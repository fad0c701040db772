"""The allocation as one would write it with netaddr's IPSet, and a sweep that looks at both results."""

from collections.abc import Iterable
from ipaddress import IPv4Network
from itertools import pairwise

from netaddr import IPNetwork, IPSet

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.spec.model import Spec

Places = dict[tuple[str, str], IPv4Network]
"""Where ranges lie, by environment and range."""


def allocate(spec: Spec) -> Places:
    """Give each range of an aks-cni fleet the lowest aligned block that fits.

    Service ranges may repeat each other, as they do in our plan.
    """
    pools = IPSet(map(str, load_kurrent().private_ranges))
    forbidden = {str(rule.cidr) for one in spec.environments.values() for rule in one.cloud.forbidden}
    free = pools - IPSet(map(str, spec.reserved.values())) - IPSet(forbidden)
    places: dict[tuple[str, str], IPNetwork] = {}
    for name, one in spec.environments.items():
        sizes = {key: request.prefix_length or 0 for key, request in one.ranges.items()}
        for key in ("kurrent", "network"):
            places[name, key] = _lowest(free, sizes[key])
            free.remove(places[name, key])
        places[name, "nodes"] = _lowest(IPSet([places[name, "network"]]), sizes["nodes"])
    for name, one in spec.environments.items():
        places[name, "services"] = _lowest(free, one.ranges["services"].prefix_length or 0)
    return {key: IPv4Network(str(block)) for key, block in places.items()}


def _lowest(free: IPSet, prefix_length: int) -> IPNetwork:
    return next(IPNetwork((gap.first, prefix_length)) for gap in free.iter_cidrs() if gap.prefixlen <= prefix_length)


def places_of(plan: AddressPlan) -> Places:
    """Return our plan in the same shape."""
    return {(one.name, r.name): r.cidr for one in plan.environments for r in one.ranges}


def assert_disjoint(spec: Spec, places: Places) -> None:
    """Sweep over all addresses: nothing is in two places, but for nodes in their own network.

    Services never leave their cluster: they are clear of what is reserved and of their own environment.
    """
    for name, one in spec.environments.items():
        kurrent, network, nodes, services = (places[name, key] for key in one.ranges)
        _sweep([kurrent, network, services])
        assert nodes.subnet_of(network), f"{name}: {nodes} is not in {network}"
    seen = {block for (_, key), block in places.items() if key == "services"}
    _sweep([*spec.reserved.values(), *seen])
    _sweep([*spec.reserved.values(), *(b for (_, key), b in places.items() if key in ("kurrent", "network"))])


def _sweep(blocks: Iterable[IPv4Network]) -> None:
    spans = sorted((int(block.network_address), int(block.broadcast_address)) for block in blocks)
    for (_, last), (first, _) in pairwise(spans):
        assert last < first, f"{IPv4Network(first)} is taken twice"
