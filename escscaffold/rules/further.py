"""ESC408 to ESC410: what a network cannot hold besides, or a peering would not carry."""

from collections import Counter
from collections.abc import Iterator

from escscaffold.planning.plan import AddressPlan
from escscaffold.planning.ranges import covered_by
from escscaffold.rules.finding import Move, Rule, Violation


def too_many_zones(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each kind of range of which there are more than the cloud takes."""
    for environment in plan.environments:
        kinds = [environment.spec.mode.facts_of(r.name) for r in environment.ranges]
        counted = Counter(facts.name for facts in kinds if facts and facts.most_zones)
        for kind, count in counted.items():
            facts = environment.spec.mode.ranges[kind]
            if count > facts.most_zones:
                yield Violation(
                    environment=environment.name,
                    subject=kind,
                    message=f"There are {count} ranges of {kind}, and {environment.spec.mode.name} takes "
                    f"{facts.most_zones} at most.",
                    fix=f"Give {kind}-1 to {kind}-{facts.most_zones} only, larger ones if need be.",
                    source=facts.limit_source,
                )


def not_beside(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that cannot be added to its network as a further block."""
    for environment in plan.environments:
        for planned in environment.ranges:
            network = environment.range(planned.facts.beside)
            for limit in environment.spec.cloud.further_blocks if network else ():
                refused = [block for block in limit.refuses if planned.cidr.overlaps(block)]
                if network and refused and network.cidr.overlaps(limit.within):
                    yield Violation(
                        environment=environment.name,
                        subject=planned.name,
                        message=f"{planned.name} {planned.cidr} cannot be added to {network.name} {network.cidr}: "
                        f"beside a block in {limit.within}, {refused[0]} is refused.",
                        move=Move(range_name=planned.name),
                        source=limit.source,
                    )


def not_exchanged(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that must reach the database and whose routes the peering would not carry."""
    for environment in plan.environments:
        cloud = environment.spec.cloud
        for planned in environment.covered if cloud.crossing else ():
            if not covered_by(planned.cidr, cloud.crossing):
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} is public address space: its routes do not cross a "
                    f"peering of {cloud.title} unless both sides ask for it.",
                    move=Move(range_name=planned.name),
                    source=cloud.crossing_source,
                )


RULES = (
    Rule(
        code="ESC408",
        severity="error",
        title="More zones than a network can have ranges for",
        reason="Each is a further block of the network, and the cloud sets a limit to their number.",
        source="docs/reference/modes.md",
        check=too_many_zones,
    ),
    Rule(
        code="ESC409",
        severity="error",
        title="A further block that the network cannot be given",
        reason="The cloud refuses further blocks from some spaces, depending on where the first one lies.",
        source="docs/reference/modes.md",
        check=not_beside,
    ),
    Rule(
        code="ESC410",
        severity="error",
        title="A range whose routes do not cross the peering",
        reason="The Kurrent network would not learn where these addresses are: answers to them are lost.",
        source="docs/reference/modes.md",
        check=not_exchanged,
    ),
)
