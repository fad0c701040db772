"""Why a range is as large as it is and lies where it does, step by step. Pure."""

from collections.abc import Iterator

from escscaffold.planning.needs import common_need, zone_need
from escscaffold.planning.plan import EnvironmentPlan, PlannedRange
from escscaffold.planning.sizing import Step, size_of


def explain_range(environment: EnvironmentPlan, planned: PlannedRange) -> tuple[Step, ...]:
    """Return the steps from what was asked to the range's size, and then to its place."""
    return (*_size(environment, planned), *_place(environment, planned))


def _size(environment: EnvironmentPlan, planned: PlannedRange) -> Iterator[Step]:
    request = environment.spec.ranges.get(planned.name)
    length, facts = planned.cidr.prefixlen, planned.facts
    if request and request.need:
        yield from size_of(request.need, facts).steps
        return
    zones = environment.zones_of(planned)
    common = zone_need(environment.spec, zones) if facts.per_zone else common_need(environment.spec)
    if common and facts.sizing and facts.sizing.counts == "nodes" and planned.origin == "sized":
        where = f" in each of {zones} zones" if facts.per_zone else ""
        yield Step(text=f"{common.nodes:,} nodes{where} are asked for elsewhere in the cluster", source="")
        yield from size_of(common, facts).steps
    elif planned.origin == "implied":
        yield Step(text=f"the cloud takes {planned.cidr} where nothing else is asked for", source=facts.limit_source)
    elif request and request.prefix_length is not None:
        yield Step(text=f"a /{length} is asked for", source="")
    elif planned.origin in ("placed", "sized"):
        usual = "the usual size" if length == facts.default_prefix_length else "what there is room for"
        span = f"it can be /{facts.shortest_prefix_length} to /{facts.longest_prefix_length}"
        yield Step(text=f"nobody asked for a size, so it is a /{length}, {usual}; {span}", source=facts.limit_source)


def _place(environment: EnvironmentPlan, planned: PlannedRange) -> Iterator[Step]:
    holder = environment.holder_of(planned)
    if planned.origin == "implied":
        return
    if planned.origin == "pinned":
        text = f"{planned.cidr} is asked for"
    elif planned.origin == "locked":
        text = f"{planned.cidr} was granted before, and what was granted never moves"
    elif holder:
        text = f"{planned.cidr} is the tightest free place for it in {holder.name} {holder.cidr}"
    elif planned.was is not None and planned.was.overlaps(planned.cidr):
        text = f"{planned.cidr} is {planned.was}, which was granted before, made larger or smaller where it lies"
    elif planned.facts.covered:
        others = [r.name for r in environment.covered if r is not planned]
        beside = f" and {' and '.join(others)}" if others else ""
        text = f"{planned.cidr} lies where the smallest remote range, {environment.routed}, covers it{beside}"
    else:
        text = f"{planned.cidr} is clear of everything else"
    yield Step(text=text, source="")
    if planned.room != planned.cidr:
        yield Step(text=f"and it can be widened to {planned.room}, which is kept free for it", source="")
