"""The nodes of an environment's node pools besides the first, as the ranges of its cluster have to hold them. Pure."""

from msgspec.structs import replace

from escscaffold.clouds.facts import pool_value
from escscaffold.spec.model import EnvironmentSpec, NodePool, PoolNodes

POOLS = "node_pools"
"""The table that they stand in, and the beginning of what they are accepted and remembered by."""


def pool_nodes(spec: EnvironmentSpec) -> tuple[PoolNodes, ...]:
    """Return the nodes of each pool, over all zones."""
    if not spec.node_pools:
        return ()
    return tuple(_nodes(spec, name, pool) for name, pool in spec.node_pools.items())


def _nodes(spec: EnvironmentSpec, name: str, pool: NodePool) -> PoolNodes:
    facts, known = spec.mode.pools, spec.mode.pool_settings()
    assert facts is not None, "a mode without node pools has none in its spec"
    counted = {need: pool_value(known, pool.settings, setting) for need, setting in facts.counts.items()}
    numbers = {need: value for need, value in counted.items() if isinstance(value, int)}
    if facts.no_surge_with and pool_value(known, pool.settings, facts.no_surge_with):
        numbers["surge"] = 0
    if pool.sizings:
        # What is known of their type says it, with the pods that are asked for.
        numbers.pop("pods_per_node", None)
    zones = pool_value(known, pool.settings, "zones") if facts.zones_of else ()
    numbered = tuple(map(int, zones)) if isinstance(zones, tuple) else ()
    return replace(PoolNodes(name=name, nodes=0, zones=numbered, sizings=pool.sizings), **numbers)


def nodes_in_zone(pools: tuple[PoolNodes, ...], zones: int, zone: int) -> tuple[PoolNodes, ...]:
    """Return the nodes of each pool in one zone of so many: a pool spreads them evenly over those that it stands in."""
    return tuple(
        replace(pool, nodes=-(-pool.nodes // (len(pool.zones) or zones)))
        for pool in pools
        if not pool.zones or zone in pool.zones
    )
