"""ESC407: ranges that the cloud would make, and that are too small for what was asked."""

from collections.abc import Iterator
from dataclasses import replace

from escscaffold.clouds.needs import Sizing
from escscaffold.planning.needs import common_need
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.sizing import nodes_held, size_of
from escscaffold.rules.finding import Move, Rule, Violation
from escscaffold.spec.model import Need


def too_small(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that cannot hold the nodes or services that the environment asks for."""
    for environment in plan.environments:
        common = common_need(environment.spec)
        for planned in environment.ranges:
            need = _need(environment, planned, common)
            sizing = planned.facts.sizing
            if need is None or sizing is None or planned.origin == "implied":
                continue
            shortfall = _shortfall(need, planned, sizing)
            if shortfall:
                enough = size_of(need, planned.facts)
                larger = enough.prefix_length < planned.cidr.prefixlen
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} {shortfall}.",
                    reason="; ".join(step.text for step in enough.steps) + ".",
                    move=Move(range_name=planned.name, prefix_lengths=(enough.prefix_length,)) if larger else None,
                    fix="Or ask for less here, and for the rest in another environment.",
                    source=sizing.source,
                )


def _need(environment: EnvironmentPlan, planned: PlannedRange, common: Need | None) -> Need | None:
    """Return what the range has to hold: its own need, with the nodes and the surge that another range asks for."""
    request = environment.spec.ranges.get(planned.name)
    own = request.need if request else None
    sizing = planned.facts.sizing
    if common is None or planned.facts.per_zone or (sizing and sizing.counts != "nodes"):
        return own
    return common if own is None else replace(own, nodes=common.nodes, surge=common.surge)


def _shortfall(need: Need, planned: PlannedRange, sizing: Sizing) -> str:
    """Say what the range holds and what is asked, or nothing where it is enough."""
    if sizing.counts == "services":
        held = max(planned.cidr.num_addresses - sizing.extra - planned.facts.kept_addresses, 0)
        return f"holds {held:,} services, and {need.services:,} are asked for" if held < (need.services or 0) else ""
    surge = sizing.default_surge if need.surge is None else need.surge
    asked = (need.nodes or 0) + surge
    held = nodes_held(planned.cidr.prefixlen, need, planned.facts)
    if held >= asked:
        return ""
    return f"holds {held:,} nodes, and {asked:,} are asked for, {surge} of them while an upgrade runs"


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
