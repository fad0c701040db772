"""What a node takes of a range by its type: its interfaces, and the addresses or prefixes that they hold for pods."""

from collections.abc import Mapping

from msgspec.structs import replace

from escscaffold.clouds.choices import OptionValue, Value
from escscaffold.clouds.facts import Mode, Sizing
from escscaffold.clouds.node_facts import NodeType, node_types


def with_node_types(
    mode: Mode,
    cloud: str,
    settings: Mapping[str, Value],
    options: Mapping[str, OptionValue],
    most_pods: int | None = None,
) -> Mode:
    """Return the mode whose ranges are sized for the largest of the cluster's node types, with so many pods at most.

    A type that is not known of changes nothing: a rule tells it.
    """
    if not mode.node_types:
        return mode
    chosen = settings.get(mode.node_types, mode.kubernetes[mode.node_types].default)
    known = (
        [node_types(cloud)[name] for name in chosen if name in node_types(cloud)] if isinstance(chosen, tuple) else []
    )
    if not known:
        return mode
    if most_pods is not None:
        known = [replace(node, most_pods=min(node.most_pods, most_pods)) for node in known]
    ranges = dict(mode.ranges)
    for kind, facts in mode.ranges.items():
        if facts.sizing and facts.sizing.node_types:
            by_type = [_sized(facts.sizing, node, options) for node in known]
            ranges[kind] = replace(facts, sizing=max(by_type, key=_addresses))
    return replace(mode, ranges=ranges)


def unknown_node_types(mode: Mode, cloud: str, settings: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the types of the cluster's nodes that are not known of."""
    chosen = settings.get(mode.node_types, ())
    return tuple(name for name in chosen if name not in node_types(cloud)) if isinstance(chosen, tuple) else ()


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
