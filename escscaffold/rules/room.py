"""ESC209, ESC306 and ESC307: more than is used, less than was asked, and what may still be in use."""

from collections.abc import Iterator

from escscaffold.planning.index import BlockIndex
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import smallest_supernet
from escscaffold.rules.finding import Move, Rule, Violation
from escscaffold.rules.words import narrower_remote

# A judgement of ours: sizes that are no powers of two leave up to half of a supernet empty, and an
# alignment that pins force on it once more half of the rest. What is wider than that is not meant.
_ABSURD = 8


def absurdly_wide(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each supernet that is many times as large as all that it has to cover."""
    for environment in plan.environments:
        used = sum(r.room.num_addresses for r in environment.covered)
        if environment.spec.remote or environment.spec.routes == "exact" or len(environment.covered) < 2:
            continue
        for block in environment.remote:
            if block.num_addresses >= _ABSURD * used:
                held = " and ".join(f"{r.name} {r.cidr}" for r in environment.covered)
                yield Violation(
                    environment=environment.name,
                    subject="remote",
                    message=f"To cover {held}, the peering routes to {block}: {block.num_addresses:,} addresses for "
                    f"{used:,} in use.",
                    move=_nearer(environment),
                    fix=narrower_remote(environment),
                )


def _nearer(environment: EnvironmentPlan) -> Move | None:
    """Return the range to move to the others: the smallest without which they lie close together."""
    for candidate in sorted(environment.covered, key=lambda r: -r.cidr.prefixlen):
        others = [r.room for r in environment.covered if r is not candidate]
        together = smallest_supernet(others).num_addresses
        if together < _ABSURD * sum(room.num_addresses for room in others) and candidate.facts.settable:
            return Move(range_name=candidate.name)
    return None


def no_room_to_grow(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range beside which less is kept free than its growth was asked to be."""
    for environment, planned, growth in _growing(plan):
        bits = (growth - 1).bit_length()
        if planned.room.prefixlen > planned.cidr.prefixlen - bits:
            kept = planned.room.num_addresses // planned.cidr.num_addresses
            has = f"can become {kept} times as large" if kept > 1 else "cannot become larger"
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} {has} where it lies; {growth} times were asked for.",
                move=Move(range_name=planned.name) if planned.facts.settable else None,
                fix=f"Or ask for growth = {kept}.",
            )


def _growing(plan: AddressPlan) -> Iterator[tuple[EnvironmentPlan, PlannedRange, int]]:
    for environment in plan.environments:
        for name, request in environment.spec.ranges.items():
            planned = environment.range(name)
            if request.growth > 1 and planned is not None:
                yield environment, planned, request.growth


def retired(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that lies where one of the past did."""
    index = BlockIndex([(block, (key, block)) for key, block in plan.retired.items()])
    for environment in plan.environments:
        for planned in environment.ranges:
            for key, block in index.overlapping(planned.cidr):
                if _was_part_of(environment, planned, key):
                    continue
                name = ".".join(key)
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} lies where {name} {block} was, which is retired.",
                    move=Move(range_name=planned.name) if planned.facts.settable else None,
                    fix=f"Or, once nothing is left of it: escscaffold generate --forget {name}",
                )


def _was_part_of(environment: EnvironmentPlan, planned: PlannedRange, key: tuple[str, str]) -> bool:
    """Return True where the one of the past lay inside this one, as it had to: it may be of another option."""
    spec = environment.spec
    facts = spec.cloud.modes[spec.mode.name].facts_of(key[1])
    return key[0] == environment.name and facts is not None and facts.inside == planned.name


RULES = (
    Rule(
        code="ESC209",
        severity="warning",
        title="The remote range is many times as large as what it covers",
        reason="All of it is routed into this peering, so no other network there can ever be joined with the database.",
        source="https://docs.kurrent.io/cloud/guides/kubernetes.html",
        check=absurdly_wide,
    ),
    Rule(
        code="ESC306",
        severity="warning",
        title="There is less room to grow than was asked for",
        reason="A range is widened where it lies by taking the other half of the larger block around it, step by step.",
        source="https://www.rfc-editor.org/rfc/rfc4632#section-3.1",
        check=no_room_to_grow,
    ),
    Rule(
        code="ESC307",
        severity="warning",
        title="A range lies where one of the past was",
        reason="What Terraform built there stands until it is destroyed, and others may still reach it.",
        source="docs/explanation/planner.md",
        check=retired,
    ),
)
