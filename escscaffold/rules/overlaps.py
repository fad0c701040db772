"""ESC3xx: ranges that share addresses, lie outside their holder, or found no room."""

from collections.abc import Iterator

from escscaffold.planning.alternatives import suggest_block
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import overlapping_pairs
from escscaffold.rules.finding import Rule, Violation
from escscaffold.rules.words import PRIVATE, another_block


def inside_environment(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each two ranges of one environment that overlap, but for a range inside its holder."""
    for environment in plan.environments:
        ranges = environment.ranges
        for earlier, later in overlapping_pairs([r.cidr for r in ranges]):
            first, second = ranges[earlier], ranges[later]
            nested = second.facts.inside == first.name or first.facts.inside == second.name
            if not nested and not _told_of_holder(environment, first, second):
                yield _overlap(plan, environment, second, first, f"{first.name} {first.cidr}")


def _told_of_holder(environment: EnvironmentPlan, first: PlannedRange, second: PlannedRange) -> bool:
    """Return True if the overlap only repeats that of the range which holds one of the two."""
    for part, other in ((first, second), (second, first)):
        holder = environment.range(part.facts.inside) if part.facts.inside else None
        if holder and part.cidr.subnet_of(holder.cidr) and holder.cidr.overlaps(other.cidr):
            return other.facts.inside != holder.name
    return False


def across_environments(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each two ranges of different environments that overlap, hidden ones left out."""
    known = [(e, r) for e in plan.environments for r in e.ranges if not r.hidden]
    for earlier, later in sorted(overlapping_pairs([r.cidr for _, r in known])):
        (first, held), (second, planned) = known[earlier], known[later]
        nested = held.facts.inside or planned.facts.inside
        if first is not second and not nested:
            yield _overlap(plan, second, planned, held, f"{held.name} {held.cidr} of {first.name}")


def _overlap(
    plan: AddressPlan, environment: EnvironmentPlan, second: PlannedRange, first: PlannedRange, other: str
) -> Violation:
    movable = second if second.facts.settable else first
    if not movable.facts.settable:
        fix = "The cloud sets both ranges: take a mode that lets you bring your own network."
    elif movable is second:
        fix = another_block(plan, environment, second.name)
    else:
        fix = f"The cloud sets {second.name}: give {first.name} another range."
    return Violation(
        environment=environment.name,
        subject=second.name,
        message=f"{second.name} {second.cidr} overlaps {other}.",
        fix=fix,
    )


def reserved(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that overlaps a reserved block; what a supernet merely takes along is a warning elsewhere."""
    for environment in plan.environments:
        for planned in environment.ranges:
            for name, block in plan.spec.reserved.items():
                if planned.cidr.overlaps(block):
                    yield Violation(
                        environment=environment.name,
                        subject=planned.name,
                        message=f"{planned.name} {planned.cidr} overlaps [reserved] {name} {block}.",
                        fix=another_block(plan, environment, planned.name)
                        if planned.facts.settable
                        else "The cloud sets this range: take a mode that lets you bring your own network.",
                    )


def outside_holder(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that is not inside the range that must hold it."""
    for environment in plan.environments:
        for planned in environment.ranges:
            holder = environment.range(planned.facts.inside) if planned.facts.inside else None
            if holder and not planned.cidr.subnet_of(holder.cidr):
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} is not inside {holder.name} {holder.cidr}.",
                    fix=another_block(plan, environment, planned.name),
                )


def no_room(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range for which there is no room."""
    for environment in plan.environments:
        for missing in environment.unplaced:
            holder = environment.range(missing.facts.inside) if missing.facts.inside else None
            where = f"in {holder.name} {holder.cidr}" if holder else f"in {PRIVATE}"
            smaller = missing.prefix_length + 1
            block = suggest_block(plan, environment.name, missing.name, smaller)
            yield Violation(
                environment=environment.name,
                subject=missing.name,
                message=f"There is no room for {missing.name} /{missing.prefix_length} {where}.",
                fix=f'A /{smaller} fits: {missing.name} = "{block}".'
                if block
                else "Ask for smaller ranges, give this one by its CIDR, or release a reserved block.",
            )


_SAME = "Routing needs each address in one place only: with two, traffic goes to the wrong one or the peering fails."
_PEERING = "https://docs.kurrent.io/cloud/networking/private-network.html"

RULES = (
    Rule(
        code="ESC301",
        severity="error",
        title="Two ranges of one environment overlap",
        reason=_SAME,
        source=_PEERING,
        check=inside_environment,
    ),
    Rule(
        code="ESC302",
        severity="error",
        title="Two environments overlap",
        reason=_SAME + " A repository's environments are kept apart, so that any of them can be peered with any other.",
        source=_PEERING,
        check=across_environments,
    ),
    Rule(
        code="ESC303",
        severity="error",
        title="A range overlaps a reserved block",
        reason="[reserved] names what nothing may overlap: offices, VPNs, other networks.",
        source="docs/reference/spec.md",
        check=reserved,
    ),
    Rule(
        code="ESC304",
        severity="error",
        title="A range lies outside the network that must hold it",
        reason="A subnet takes its addresses from its network; the cloud refuses any other at apply.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
        check=outside_holder,
    ),
    Rule(
        code="ESC305",
        severity="error",
        title="There is no room for a range",
        reason="Every range is placed clear of all others, of [reserved] and of what the cloud forbids.",
        source="docs/explanation/planner.md",
        check=no_room,
    ),
)
