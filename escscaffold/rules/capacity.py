"""ESC407: ranges that the cloud would make, and that are too small for what was asked."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.needs import Sizing
from escscaffold.planning.needs import common_need, most_nodes_in, usual_need, zone_need
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.sizing import nodes_held, size_of
from escscaffold.rules.finding import Move, Rule, Violation
from escscaffold.spec.model import Need


class _Shortfall(Struct, frozen=True, kw_only=True):
    """What a range holds and what is wanted of it, in words, and what would be right but for a larger range."""

    text: str
    fix: str = "Or ask for less here, and for the rest in another environment."


def too_small(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that cannot hold the nodes or services that the environment asks for, or has by default."""
    for environment in plan.environments:
        common = common_need(environment.spec)
        usual = usual_need(environment.spec) if common is None else None
        for planned in environment.ranges:
            sizing = planned.facts.sizing
            if sizing is None or planned.origin == "implied":
                continue
            zones = environment.zones_of(planned)
            in_zone = zone_need(environment.spec, zones) if zones else None
            need = _need(environment, planned, in_zone if zones else common)
            told = _shortfall(need, planned, sizing) if need else None
            if need is None and usual and sizing.counts == "nodes" and not planned.facts.per_zone:
                need, told = usual, _usual_shortfall(environment, usual, planned)
            if need and told:
                enough = size_of(need, planned.facts)
                larger = enough.prefix_length < planned.cidr.prefixlen
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} {told.text}.",
                    reason="; ".join(step.text for step in enough.steps) + ".",
                    move=Move(range_name=planned.name, prefix_lengths=(enough.prefix_length,)) if larger else None,
                    fix=f"{told.fix} {_other_instances(environment, planned, need)}".rstrip(),
                    source=sizing.source,
                )


def _need(environment: EnvironmentPlan, planned: PlannedRange, common: Need | None) -> Need | None:
    """Return what the range has to hold: its own need, with what another range or a setting asks of the cluster."""
    request = environment.spec.ranges.get(planned.name)
    own = request.need if request else None
    sizing = planned.facts.sizing
    if common is None or (sizing and sizing.counts != "nodes"):
        return own
    if own is None:
        return common
    pods = common.pods_per_node if own.pods_per_node is None else own.pods_per_node
    return replace(own, nodes=common.nodes, surge=common.surge, pods_per_node=pods)


def _other_instances(environment: EnvironmentPlan, planned: PlannedRange, need: Need) -> str:
    """Return how to say what a node takes where it is another one than is counted with; nothing where all are alike."""
    request = environment.spec.ranges.get(planned.name)
    if not (planned.facts.sizing and planned.facts.sizing.interfaces) or (request and request.need):
        return ""
    said = f'{planned.name} = {{ cidr = "{planned.cidr}", nodes = {need.nodes}, pods_per_node = N, interfaces = M }}'
    setting = environment.spec.mode.settings["nodes"]
    return f"Or say what a node of your instance type takes, instead of {setting}: {said}."


def _shortfall(need: Need, planned: PlannedRange, sizing: Sizing) -> _Shortfall | None:
    """Say what the range holds and what is asked, or nothing where it is enough."""
    if sizing.counts == "services":
        held = max(planned.cidr.num_addresses - sizing.extra - planned.facts.kept_addresses, 0)
        few = held < (need.services or 0)
        return _Shortfall(text=f"holds {held:,} services, and {need.services:,} are asked for") if few else None
    surge = sizing.default_surge if need.surge is None else need.surge
    asked = (need.nodes or 0) + surge
    held = nodes_held(planned.cidr.prefixlen, need, planned.facts)
    text = f"holds {held:,} nodes, and {asked:,} are asked for, {surge} of them while an upgrade runs"
    return _Shortfall(text=text) if held < asked else None


def _usual_shortfall(environment: EnvironmentPlan, usual: Need, planned: PlannedRange) -> _Shortfall | None:
    """Say that the range holds fewer nodes than the cluster has where nobody says how many."""
    surge = usual.surge or 0
    most = (usual.nodes or 0) + surge
    held = nodes_held(planned.cidr.prefixlen, usual, planned.facts)
    if held >= most:
        return None
    setting = environment.spec.mode.settings["nodes"]
    fewer = " and ".join(f"{name} = {value}" for name, value in most_nodes_in(environment.spec, held).items())
    return _Shortfall(
        text=f"holds {held:,} nodes, and there can be {most:,}: {setting} is {usual.nodes} where nobody sets it, "
        f"and an upgrade adds {surge}",
        fix=f"Or set {fewer} in [environments.{environment.name}.kubernetes]." if fewer else "",
    )


RULES = (
    Rule(
        code="ESC407",
        severity="error",
        title="A range is too small for what is asked of it",
        reason="The cloud makes it, and stops adding nodes or pods when it is full.",
        source="docs/explanation/planner.md",
        check=too_small,
    ),
)
