"""ESC407 and ESC411: whether a range holds its nodes or services, and node types whose addresses are not known."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.facts import Sizing
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.sizing import (
    common_need,
    default_need,
    most_nodes_in,
    nodes_held,
    size_of,
    zone_need,
    zone_of,
)
from escscaffold.rules.finding import MoveFix, Rule, Violation
from escscaffold.spec.model import Need
from escscaffold.spec.node_pools import unknown_node_types


class _Shortfall(Struct, frozen=True, kw_only=True):
    """What a range holds and what is wanted of it, in words, and what would be right but for a larger range."""

    text: str
    fix: str = "Or reduce the need here and put the rest in another environment."


def too_small(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that cannot hold the nodes or services that the environment asks for, or has by default."""
    for environment in plan.environments:
        common = common_need(environment.spec)
        default = default_need(environment.spec) if common is None else None
        for planned in environment.ranges:
            sizing = planned.facts.sizing
            if sizing is None or planned.origin == "implied":
                continue
            zones = environment.zones_of(planned)
            in_zone = zone_need(environment.spec, zones, zone_of(planned.name)) if zones else None
            need = _need(environment, planned, in_zone if zones else common)
            shortfall = _shortfall(need, planned, sizing) if need else None
            if need is None and default and sizing.counts == "nodes" and not planned.facts.per_zone:
                need, shortfall = default, _default_shortfall(environment, default, planned)
            if need and shortfall:
                enough = size_of(need, planned.facts)
                larger = enough.prefix_length < planned.cidr.prefixlen
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} {shortfall.text}.",
                    reason="; ".join(step.text for step in enough.steps) + ".",
                    move=MoveFix(range_name=planned.name, prefix_lengths=(enough.prefix_length,)) if larger else None,
                    fix=f"{shortfall.fix} {_other_instances(environment, planned, need)}".rstrip(),
                    source=sizing.source,
                )


def _need(environment: EnvironmentPlan, planned: PlannedRange, common: Need | None) -> Need | None:
    """Return what the range has to hold: its own need, with what another range or a setting asks of the cluster."""
    request = environment.spec.ranges.get(planned.name)
    need = request.need if request else None
    sizing = planned.facts.sizing
    if common is None or (sizing and sizing.counts != "nodes"):
        return need
    if need is None:
        return common
    pods = common.pods_per_node if need.pods_per_node is None else need.pods_per_node
    return replace(need, nodes=common.nodes, surge=common.surge, pods_per_node=pods, pools=common.pools)


def _other_instances(environment: EnvironmentPlan, planned: PlannedRange, need: Need) -> str:
    """Return how to say what a node takes where it is another one than is counted with; nothing where all are alike."""
    request = environment.spec.ranges.get(planned.name)
    if not (planned.facts.sizing and planned.facts.sizing.interfaces) or (request and request.need):
        return ""
    example = f'{planned.name} = {{ cidr = "{planned.cidr}", nodes = {need.nodes}, pods_per_node = N, interfaces = M }}'
    setting = environment.spec.mode.settings["nodes"]
    return f"Or replace {setting} by the numbers of your instance type: {example}."


def _shortfall(need: Need, planned: PlannedRange, sizing: Sizing) -> _Shortfall | None:
    """Say what the range holds and what is asked, or nothing where it is enough."""
    if sizing.counts == "services":
        held = max(planned.cidr.num_addresses - sizing.extra - planned.facts.kept_addresses, 0)
        few = held < (need.services or 0)
        return _Shortfall(text=f"fits {held:,} services, but {need.services:,} are needed") if few else None
    surge = sizing.default_surge if need.surge is None else need.surge
    requested = (need.nodes or 0) + surge
    held = nodes_held(planned.cidr.prefixlen, need, planned.facts)
    text = f"fits {held:,} nodes, but {requested:,} are needed, including {surge} during an upgrade"
    if need.pools:
        text += f", in addition to the node pools {', '.join(pool.name for pool in need.pools)}"
    return _Shortfall(text=text) if held < requested or _too_many(need, planned) else None


def _too_many(need: Need, planned: PlannedRange) -> bool:
    """Whether there is no room for the further node pools, whatever is asked for the first."""
    return bool(need.pools) and size_of(need, planned.facts).prefix_length < planned.cidr.prefixlen


def _default_shortfall(environment: EnvironmentPlan, default: Need, planned: PlannedRange) -> _Shortfall | None:
    """Report a range that holds fewer nodes than the cluster has by default."""
    surge = default.surge or 0
    most = (default.nodes or 0) + surge
    held = nodes_held(planned.cidr.prefixlen, default, planned.facts)
    if held >= most:
        return None
    setting = environment.spec.mode.settings["nodes"]
    fewer = " and ".join(f"{name} = {value}" for name, value in most_nodes_in(environment.spec, held).items())
    return _Shortfall(
        text=f"fits {held:,} nodes, but the cluster can have {most:,}: {setting} defaults to {default.nodes}, and an "
        f"upgrade adds {surge}",
        fix=f"Or set {fewer} in [environments.{environment.name}.kubernetes]." if fewer else "",
    )


def unknown_types(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment with a node type that the facts do not have."""
    for environment in plan.environments:
        spec = environment.spec
        of_pools = (pool.settings for pool in spec.node_pools.values())
        unknown = tuple(
            dict.fromkeys(
                name
                for settings in (spec.kubernetes, *of_pools)
                for name in unknown_node_types(spec.mode, spec.facts.nodes.types(spec.cloud.name), settings)
            )
        )
        if unknown:
            kind = next(facts for facts in spec.mode.ranges.values() if facts.sizing and facts.sizing.node_types)
            sizing = kind.sizing
            assert sizing is not None, "it has just been looked at"
            pods, interfaces = sizing.default_pods_per_node, sizing.node_addresses
            name = f"{kind.name}-1" if kind.per_zone else kind.name
            yield Violation(
                environment=environment.name,
                subject=spec.mode.node_types,
                message=f"The addresses of {', '.join(unknown)} are not known: {kind.name} ranges are sized for "
                f"nodes of {pods} pods and {interfaces} interfaces.",
                fix=f"Check the spelling. For a newer type, set the numbers of a node: {name} = {{ nodes = N, "
                f"pods_per_node = {pods}, interfaces = {interfaces} }}, and accept ESC411.",
            )


RULES = (
    Rule(
        code="ESC407",
        severity="error",
        title="Range too small",
        reason="The cloud creates the range but cannot add nodes or pods once it is full.",
        source="docs/explanation/planner.md",
        check=too_small,
    ),
    Rule(
        code="ESC411",
        severity="warning",
        title="Unknown instance type",
        reason="An instance type with more interfaces uses more addresses than the plan counts.",
        source="https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/vpc/vpc_ip_resource_limit.go",
        check=unknown_types,
    ),
)
