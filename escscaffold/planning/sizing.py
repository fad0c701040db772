"""From what a cluster and its node pools must hold to prefix lengths, by each cloud's arithmetic. Pure."""

from collections.abc import Mapping
from ipaddress import IPv4Network, collapse_addresses

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.choices import Setting, Value
from escscaffold.clouds.facts import RangeFacts, Sizing, pool_value
from escscaffold.spec.model import EnvironmentSpec, Need, NodePool, PoolNodes
from escscaffold.spec.settings import excluded, needed_settings
from escscaffold.spec.values import counted

_PROTECTIONS = ("prevent_destroy", "protected")


class Step(Struct, frozen=True, kw_only=True):
    """One line of a sum, and where its rule stands."""

    text: str
    source: str


class Sum(Struct, frozen=True, kw_only=True):
    """The size of a need."""

    addresses: int
    """All that the range must hold, with what the cloud keeps."""
    prefix_length: int
    """The longest that holds them."""
    steps: tuple[Step, ...]


def size_of(need: Need, facts: RangeFacts) -> Sum:
    """Return the size of a need in a range with these facts.

    Raises ValueError where the range cannot be sized by a need.

    >>> from escscaffold.clouds.fact_files import load_cloud
    >>> nodes = load_cloud("azure").modes["aks-cni"].ranges["nodes"]
    >>> size_of(Need(nodes=50), nodes).prefix_length
    21
    """
    sizing = _sizing(facts)
    addresses, steps = _services(need, sizing) if sizing.counts == "services" else _nodes(need, sizing)
    for pool in need.pools if sizing.counts == "nodes" else ():
        of_pool = pool.sizings.get(facts.name, sizing)
        addresses += _pool_addresses(pool, of_pool)
        steps.append(Step(text=f"{_pool_words(pool, of_pool)}: {addresses:,} addresses", source=""))
    if need.spare:
        addresses += need.spare
        steps.append(Step(text=f"plus {need.spare:,} spare: {addresses:,} addresses", source=""))
    if facts.kept_addresses:
        addresses += facts.kept_addresses
        reserved = f"plus {facts.kept_addresses:,} reserved by the cloud: {addresses:,} addresses"
        steps.append(Step(text=reserved, source=facts.limit_source))
    by_size = 32 - (addresses - 1).bit_length()
    length = min(by_size, facts.longest_prefix_length)
    held = f"the smallest range that fits is a /{by_size} with {1 << (32 - by_size):,}"
    steps.append(Step(text=held, source=""))
    if length < by_size:
        steps.append(Step(text=f"the smallest supported size is a /{length}", source=facts.limit_source))
    return Sum(addresses=addresses, prefix_length=max(length, 0), steps=tuple(steps))


def nodes_held(prefix_length: int, need: Need, facts: RangeFacts) -> int:
    """Return how many nodes, those of an upgrade among them, a range of this size holds.

    >>> from escscaffold.clouds.fact_files import load_cloud
    >>> pods = load_cloud("gcp").modes["gke-standard"].ranges["pods"]
    >>> nodes_held(17, Need(), pods)
    128
    """
    sizing = _sizing(facts)
    usable = (1 << (32 - prefix_length)) - facts.kept_addresses - need.spare - sizing.extra
    usable = min(usable, facts.most_usable) if facts.most_usable else usable
    usable -= sum(_pool_addresses(pool, pool.sizings.get(facts.name, sizing)) for pool in need.pools)
    held = max(usable, 0) // _node_addresses(need, sizing)
    others = sum(pool.nodes + _pool_surge(pool, sizing) for pool in need.pools)
    return min(held, max(sizing.most_nodes - others, 0)) if sizing.most_nodes else held


def _pool_addresses(pool: PoolNodes, sizing: Sizing) -> int:
    """Return the addresses that the nodes of a further pool and their pods take, those of an upgrade among them."""
    return (pool.nodes + _pool_surge(pool, sizing)) * _node_addresses(_need_of_pool(pool), sizing)


def _pool_surge(pool: PoolNodes, sizing: Sizing) -> int:
    return sizing.default_surge if pool.surge is None else pool.surge


def _pool_words(pool: PoolNodes, sizing: Sizing) -> str:
    """Say what a further pool takes, with the sum so far still to come."""
    count, each = pool.nodes + _pool_surge(pool, sizing), _node_addresses(_need_of_pool(pool), sizing)
    surge = f", {_pool_surge(pool, sizing)} of them while an upgrade runs" if _pool_surge(pool, sizing) else ""
    return f"and the node pool {pool.name} with {count:,} nodes{surge}, x {each:,}"


def _need_of_pool(pool: PoolNodes) -> Need:
    return Need(nodes=pool.nodes, pods_per_node=pool.pods_per_node)


def _node_addresses(need: Need, sizing: Sizing) -> int:
    """Return the addresses that one node and its pods take."""
    return _own(need, sizing) + _for_pods(need, sizing)


def _sizing(facts: RangeFacts) -> Sizing:
    if facts.sizing is None:
        raise ValueError(f"nodes and pods do not size {facts.name}")
    return facts.sizing


def _services(need: Need, sizing: Sizing) -> tuple[int, list[Step]]:
    services = need.services or 0
    addresses = services + sizing.extra
    text = f"{services:,} services plus {sizing.extra} {sizing.extra_purpose}: {addresses:,} addresses"
    return addresses, [Step(text=text, source=sizing.source)]


def _nodes(need: Need, sizing: Sizing) -> tuple[int, list[Step]]:
    nodes = need.nodes or 0
    surge = sizing.default_surge if need.surge is None else need.surge
    each, count = _node_addresses(need, sizing), nodes + surge
    addresses = count * each + sizing.extra
    steps = [
        Step(
            text=f"{nodes:,} nodes and {surge} more during an upgrade: {count:,} nodes",
            source=sizing.surge_source if need.surge is None and surge else "",
        ),
        Step(text=_each(need, sizing), source=sizing.source),
        Step(text=f"{count:,} x {each:,} = {count * each:,} addresses", source=""),
    ]
    if sizing.extra:
        steps.append(Step(text=f"plus {sizing.extra} {sizing.extra_purpose}: {addresses:,} addresses", source=""))
    return addresses, steps


def _each(need: Need, sizing: Sizing) -> str:
    """Say what one node takes."""
    pods = _pods_per_node(need, sizing)
    own_addresses, each = _own(need, sizing), _node_addresses(need, sizing)
    if sizing.pod_blocks:
        length = _block_length(pods, sizing)
        block = f"a node with up to {pods} pods takes a /{length} for them: {1 << (32 - length):,} addresses"
        if sizing.read_to_pods and pods > sizing.read_to_pods:
            block += f" (not verified: no page that was read has a node of more than {sizing.read_to_pods} pods)"
        return f"{block}, and {own_addresses} for itself" if own_addresses else block
    if not sizing.pod_addresses:
        return f"a node takes {counted(own_addresses, 'address')}"
    with_addresses = pods - sizing.host_pods
    pod_addresses_of_node = _for_pods(need, sizing)
    words = f"{with_addresses} of its {pods} pods" if sizing.host_pods else f"{pods} pods"
    spare = f" with {sizing.spare_pod_addresses} to spare" if sizing.spare_pod_addresses and not need.interfaces else ""
    in_batches = f", in batches of {sizing.pod_batch}" if sizing.pod_batch > 1 else ""
    batches = f"{in_batches}{spare}: {pod_addresses_of_node}" if pod_addresses_of_node != with_addresses else ""
    itself = f"{counted(own_addresses, 'address')} for {'its interfaces' if sizing.interfaces else 'itself'}"
    if not own_addresses:
        return f"a node takes one address for each of {words}{batches}"
    return f"a node takes {itself} and one for each of {words}{batches}: {each}"


def _pods_per_node(need: Need, sizing: Sizing) -> int:
    """Return the pods that a node may run: those of the need, or the mode's default."""
    return sizing.default_pods_per_node if need.pods_per_node is None else need.pods_per_node


def _own(need: Need, sizing: Sizing) -> int:
    return sizing.node_addresses if need.interfaces is None else need.interfaces


def _for_pods(need: Need, sizing: Sizing) -> int:
    pods = _pods_per_node(need, sizing)
    if sizing.pod_blocks:
        return 1 << (32 - _block_length(pods, sizing))
    if not sizing.pod_addresses:
        return 0
    # Who counts interfaces has counted what is spare on them.
    spare = sizing.spare_pod_addresses if need.interfaces is None else 0
    return -(-(pods - sizing.host_pods + spare) // sizing.pod_batch) * sizing.pod_batch


def _block_length(pods: int, sizing: Sizing) -> int:
    return next(length for most, length in sizing.pod_blocks if pods <= most)


def common_need(spec: EnvironmentSpec) -> Need | None:
    """Return the requested nodes of the cluster, by the largest need; None where there is none.

    A need of one zone decides nothing for others, and is ignored. Settings of the cluster count as a need.
    """
    needs = [
        request.need
        for name, request in spec.ranges.items()
        if request.need and request.need.nodes and not is_per_zone(spec, name)
    ]
    if (set_so := _need_of_settings(spec)) is not None:
        needs.append(set_so)
    pools = pool_nodes(spec)
    if not needs and pools and (default := default_need(spec)) is not None:
        needs.append(default)
    if not needs:
        return None
    surges = [need.surge for need in needs if need.surge is not None]
    pods = [need.pods_per_node for need in needs if need.pods_per_node is not None]
    return Need(
        nodes=max(need.nodes or 0 for need in needs),
        surge=max(surges, default=None),
        pods_per_node=max(pods, default=None),
        pools=pools,
    )


def with_pools(need: Need, common: Need | None) -> Need:
    """Return what a range is asked to hold, with the node pools that come on top of it."""
    return replace(need, pools=common.pools) if common and common.pools else need


def _need_of_settings(spec: EnvironmentSpec) -> Need | None:
    """Return what the cluster's settings ask of its ranges, where one of them is given."""
    values = {key: spec.kubernetes[name] for key, name in spec.mode.settings.items() if name in spec.kubernetes}
    counts = {key: value for key, value in values.items() if isinstance(value, int)}
    if not counts:
        return None
    default = spec.mode.kubernetes[spec.mode.settings["nodes"]].default
    assert isinstance(default, int), "a cluster has a number of nodes"
    return replace(Need(nodes=default), **counts)


def zone_need(spec: EnvironmentSpec, zones: int, zone: int) -> Need | None:
    """Return what the cluster's settings ask of the ranges of one of its zones; None where they say no number.

    A node group spreads its nodes evenly over its zones; an upgrade adds its nodes in each of them.
    """
    pools = _nodes_in_zone(pool_nodes(spec), zones, zone)
    whole = _need_of_settings(spec) or (default_need(spec) if pools else None)
    return replace(whole, nodes=-(-(whole.nodes or 0) // zones), pools=pools) if whole and zones else None


def zone_of(range_name: str) -> int:
    """Return the number of the zone that a range is in, which its name ends in."""
    return int(range_name.rpartition("-")[2])


def default_need(spec: EnvironmentSpec) -> Need | None:
    """Return the nodes that the cluster can grow to by default: those that Terraform has.

    None where no cluster is created, or where it has no such number.
    """
    if not spec.creates("kubernetes") or "nodes" not in spec.mode.settings:
        return None
    defaults = {key: spec.mode.kubernetes[name].default for key, name in spec.mode.settings.items()}
    return replace(Need(), **{key: value for key, value in defaults.items() if isinstance(value, int)})


def most_nodes_in(spec: EnvironmentSpec, held: int) -> Mapping[str, int]:
    """Return settings with which the created cluster has no more nodes than `held`, the upgrade's among them.

    Nothing where it has as few as it can.
    """
    names, facts = spec.mode.settings, spec.mode.kubernetes
    values = {name: spec.kubernetes.get(name, setting.default) for name, setting in facts.items()}
    fewest = max((v for n, v in values.items() if facts[n].at_most == names["nodes"] and isinstance(v, int)), default=1)
    surge = facts[names["surge"]] if "surge" in names else None
    surge_nodes = values[surge.name] if surge else 0
    assert isinstance(surge_nodes, int), "an upgrade adds a number of nodes"
    if held - surge_nodes >= fewest:
        return {names["nodes"]: held - surge_nodes}
    if surge and surge.least == 0 and held >= fewest:
        return {names["nodes"]: held, surge.name: 0}
    return {}


def is_per_zone(spec: EnvironmentSpec, name: str) -> bool:
    """Return True if there is one such range in each zone."""
    facts = spec.mode.facts_of(name)
    return facts is not None and facts.per_zone


def cluster_settings(spec: EnvironmentSpec) -> Mapping[str, Value]:
    """Return what is set of the cluster in Terraform: what a person set, and what its ranges are sized for.

    The setting's default decides the rest.
    """
    values = needed_settings(spec.mode, spec.ranges)
    for name, setting in spec.mode.kubernetes.items():
        limit = values.get(setting.at_most)
        # A minimum by default follows ranges that are asked to hold fewer nodes.
        if isinstance(limit, int) and isinstance(setting.default, int) and setting.default > limit:
            values[name] = limit
    return dict(sorted({**values, **spec.kubernetes}.items()))


def open_endpoints(spec: EnvironmentSpec) -> list[Setting]:
    """Return the settings by which the API of the cluster that is created answers to every address."""
    if not spec.creates("kubernetes"):
        return []
    chosen = cluster_settings(spec)
    values = {name: chosen.get(name, setting.default) for name, setting in spec.mode.kubernetes.items()}
    return [
        setting
        for name, setting in spec.mode.kubernetes.items()
        if setting.kind == "ranges" and _lets_in_all(setting, values[name]) and not excluded(setting, values)
    ]


def _lets_in_all(setting: Setting, value: Value | None) -> bool:
    if not isinstance(value, tuple) or not value:
        return setting.none_means_all
    return any(block.prefixlen == 0 for block in collapse_addresses(map(IPv4Network, value)))


def database_settings(spec: EnvironmentSpec) -> Mapping[str, Value]:
    """Return what is set of the database in Terraform: what is usual at the cloud, and what a person set."""
    defaults = {
        name: spec.database_settings[name].default for name in spec.cloud.database if name in spec.database_settings
    }
    return {**{name: value for name, value in defaults.items() if value is not None}, **spec.database}


def prevents_destroy(spec: EnvironmentSpec) -> bool:
    """Return whether Terraform refuses to plan the destroy of the database: it does while Kurrent Cloud protects it."""
    settings = spec.database_settings
    return all(name in settings and spec.database.get(name, settings[name].default) for name in _PROTECTIONS)


def pool_nodes(spec: EnvironmentSpec) -> tuple[PoolNodes, ...]:
    """Return the nodes of each pool, over all zones."""
    if not spec.node_pools:
        return ()
    return tuple(_nodes_of_pool(spec, name, pool) for name, pool in spec.node_pools.items())


def _nodes_of_pool(spec: EnvironmentSpec, name: str, pool: NodePool) -> PoolNodes:
    facts, settings = spec.mode.pools, spec.mode.pool_settings()
    assert facts is not None, "a mode without node pools has none in its spec"
    counted = {need: pool_value(settings, pool.settings, setting) for need, setting in facts.counts.items()}
    numbers = {need: value for need, value in counted.items() if isinstance(value, int)}
    if facts.no_surge_with and pool_value(settings, pool.settings, facts.no_surge_with):
        numbers["surge"] = 0
    if pool.sizings:
        # The facts of their type decide it, with the requested pods.
        numbers.pop("pods_per_node", None)
    zones = pool_value(settings, pool.settings, "zones") if facts.zones_of else ()
    numbered = tuple(map(int, zones)) if isinstance(zones, tuple) else ()
    return replace(PoolNodes(name=name, nodes=0, zones=numbered, sizings=pool.sizings), **numbers)


def _nodes_in_zone(pools: tuple[PoolNodes, ...], zones: int, zone: int) -> tuple[PoolNodes, ...]:
    """Return the nodes of each pool in one zone of so many: a pool spreads them evenly over those that it is in."""
    return tuple(
        replace(pool, nodes=-(-pool.nodes // (len(pool.zones) or zones)))
        for pool in pools
        if not pool.zones or zone in pool.zones
    )
