"""Reads node pools, by the facts that become Terraform's validations, too, and sizes ranges by their nodes' type."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from escscaffold.clouds.choices import OptionValue, Part, Value
from escscaffold.clouds.facts import Mode, NodePoolFacts, Sizing
from escscaffold.clouds.node_facts import NodeType
from escscaffold.spec.model import NodePool, RangeRequest
from escscaffold.spec.settings import check_relations, read_settings
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, Collector, read_text, shown

MOST_POOLS = 50
MOST_LABELS = 50
LABELS = "labels"
TAINTS = "taints"


def read_node_pools(
    collector: Collector,
    table: Mapping[str, Any],
    path: KeyPath,
    mode: Mode,
    types: Mapping[str, NodeType],
    options: Mapping[str, OptionValue],
    parts: Mapping[str, Part],
    ranges: Mapping[str, RangeRequest],
    region: str,
) -> dict[str, NodePool]:
    """Read the table of node pools under the last part of `path`, by their names in alphabetical order.

    `mode` is that of the environment before its ranges are sized for the types of its first pool.
    """
    written = collector.table(table, path)
    if written and mode.pools is None:
        message = f"{mode.name} has no node pools: its nodes are not created here."
        collector.problem("ESC010", path, message, f"Leave {path[-1]} out.")
        return {}
    if written and parts["kubernetes"] != "create":
        message = f"{path[-1]} configures nodes, and this environment creates no cluster."
        fix = f'Set parts.kubernetes = "create", or leave {path[-1]} out.'
        collector.problem("ESC010", path, message, fix)
        return {}
    if len(written) > MOST_POOLS:
        collector.problem("ESC004", path, f"{len(written)} node pools are too many.", f"Give at most {MOST_POOLS}.")
        return {}
    zones, kind = _zones(mode, ranges), mode.pools.zones_of if mode.pools else ""
    pools = {name: _pool(collector, written, (*path, name), mode, types, options, region) for name in sorted(written)}
    read = {name: pool for name, pool in pools.items() if pool is not None}
    for name, pool in read.items():
        for zone in pool.settings.get("zones", ()) if zones else ():  # type: ignore[union-attr]
            if zone not in zones:
                message = f"zones: the node subnet {shown(f'{kind}-{zone}')} does not exist."
                collector.problem("ESC004", (*path, name, "zones"), message, f"Known: {', '.join(zones)}.")
    return read


def _zones(mode: Mode, ranges: Mapping[str, RangeRequest]) -> tuple[str, ...]:
    """Return the numbers of the zones where these are what a pool's zones are; nothing otherwise."""
    kind = mode.ranges.get(mode.pools.zones_of) if mode.pools else None
    if kind is None or not kind.per_zone:
        return ()
    zones = {int(name.rpartition("-")[2]) for name in ranges if mode.facts_of(name) is kind}
    return tuple(map(str, sorted(zones | set(range(1, kind.minimum_zones + 1)))))


def _pool(
    collector: Collector,
    table: Mapping[str, Any],
    path: KeyPath,
    mode: Mode,
    types: Mapping[str, NodeType],
    options: Mapping[str, OptionValue],
    region: str,
) -> NodePool | None:
    facts, pool_settings = mode.pools, mode.pool_settings()
    assert facts is not None, "told above"
    if collector.read("ESC005", path, partial(_name, facts=facts), path[-1]) is None:
        return None
    written = collector.table(table, path)
    labels = collector.table(written, (*path, LABELS))
    if len(labels) > MOST_LABELS:
        message = f"{len(labels)} labels are too many."
        collector.problem("ESC004", (*path, LABELS), message, f"Give at most {MOST_LABELS}.")
    read = {
        key: collector.read("ESC004", (*path, LABELS, key), partial(_label, key=key, facts=facts), value)
        for key, value in sorted(labels.items())
    }
    collector.only_known(written, (*pool_settings, LABELS), path)
    of_settings = {key: value for key, value in written.items() if key in pool_settings}
    settings = read_settings(collector, {path[-1]: of_settings}, path, pool_settings)
    for taint in settings.get(TAINTS, ()):
        collector.read("ESC004", (*path, TAINTS), partial(_not_reserved, facts=facts), taint.partition("=")[0])
    check_relations(collector, path, pool_settings, settings, {}, region)
    return NodePool(
        settings=settings,
        labels={key: value for key, value in read.items() if value is not None},
        sizings=_sizings(mode, types, settings, options),
    )


def _sizings(
    mode: Mode, types: Mapping[str, NodeType], settings: Mapping[str, Value], options: Mapping[str, OptionValue]
) -> dict[str, Sizing]:
    """Return how the nodes of a pool are counted where their type decides that, by the kind of range."""
    setting = mode.pools.counts.get("pods_per_node", "") if mode.pools else ""
    pods = settings.get(setting)
    sized = with_node_types(mode, types, settings, options, pods if isinstance(pods, int) else None)
    return {
        kind: facts.sizing
        for kind, facts in sized.ranges.items()
        if facts.sizing is not None and facts is not mode.ranges[kind]
    }


def _name(value: object, facts: NodePoolFacts) -> str:
    name = read_text(value)
    if name in facts.names_taken:
        raise BadValue(
            f"{shown(name)} is the name of the cluster's first pool, or of a temporary one.",
            f"Use {facts.name_example}.",
        )
    if not re.fullmatch(facts.name_pattern, name):
        message = f"Invalid node pool name {shown(name)}."
        raise BadValue(message, f"Use a name like {facts.name_example}, which matches {facts.name_pattern}.")
    return name


def _label(value: object, key: str, facts: NodePoolFacts) -> str:
    text = read_text(value) if value != "" else ""
    for part, pattern in ((key, facts.labels.key_pattern), (text, facts.labels.value_pattern)):
        if not re.fullmatch(pattern, part):
            raise BadValue(f"{shown(part)} is not valid in a label.", f"Use a label like {facts.labels.example}.")
    _not_reserved(key, facts)
    return text


def _not_reserved(key: object, facts: NodePoolFacts) -> str:
    """Return a key of a label or a taint; raises BadValue where the cloud or Kubernetes sets those of its kind."""
    text = read_text(key)
    prefix = next((part for part in facts.reserved if part in text), None)
    if prefix is not None:
        message = f"{shown(text)} is reserved: keys with {prefix} are set by the cluster alone."
        raise BadValue(message, "Write one of your own, such as example.com/workload.")
    return text


def with_node_types(
    mode: Mode,
    types: Mapping[str, NodeType],
    settings: Mapping[str, Value],
    options: Mapping[str, OptionValue],
    most_pods: int | None = None,
) -> Mode:
    """Return the mode whose ranges are sized for the largest of the cluster's node types, with so many pods at most.

    An unknown type changes nothing: a rule reports it.
    """
    if not mode.node_types:
        return mode
    chosen = settings.get(mode.node_types, mode.kubernetes[mode.node_types].default)
    chosen_types = [types[name] for name in chosen if name in types] if isinstance(chosen, tuple) else []
    if not chosen_types:
        return mode
    if most_pods is not None:
        chosen_types = [replace(node, most_pods=min(node.most_pods, most_pods)) for node in chosen_types]
    ranges = dict(mode.ranges)
    for kind, facts in mode.ranges.items():
        if facts.sizing and facts.sizing.node_types:
            by_type = [_sized(facts.sizing, node, options) for node in chosen_types]
            ranges[kind] = replace(facts, sizing=max(by_type, key=_addresses))
    return replace(mode, ranges=ranges)


def unknown_node_types(mode: Mode, types: Mapping[str, NodeType], settings: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the types of the cluster's nodes that are not known of."""
    chosen = settings.get(mode.node_types, ())
    return tuple(name for name in chosen if name not in types) if isinstance(chosen, tuple) else ()


def _sized(sizing: Sizing, node: NodeType, options: Mapping[str, OptionValue]) -> Sizing:
    """Return the sizing for nodes of this type.

    The network plugin keeps one more interface than its pods need, or one more prefix, ready for the next pods.
    """
    interfaces = node.interfaces - (1 if sizing.node_types == "further" else 0)
    slots = node.addresses - 1
    if sizing.prefixes_with and options.get(sizing.prefixes_with) and node.prefixes:
        pods = min(interfaces * slots * sizing.prefix_addresses + sizing.host_pods, node.most_pods)
        taken = -(-(pods - sizing.host_pods) // sizing.prefix_addresses) + 1
        return replace(
            sizing,
            node_addresses=min(-(-taken // slots), interfaces),
            default_pods_per_node=pods,
            pod_batch=sizing.prefix_addresses,
            spare_pod_addresses=sizing.prefix_addresses,
        )
    pods = min(interfaces * slots + sizing.host_pods, node.most_pods)
    attached = min(-(-(pods - sizing.host_pods) // slots) + 1, interfaces)
    return replace(
        sizing,
        node_addresses=attached,
        default_pods_per_node=pods,
        spare_pod_addresses=attached * slots - (pods - sizing.host_pods),
    )


def _addresses(sizing: Sizing) -> int:
    pods = sizing.default_pods_per_node - sizing.host_pods + sizing.spare_pod_addresses
    return sizing.node_addresses + -(-pods // sizing.pod_batch) * sizing.pod_batch
