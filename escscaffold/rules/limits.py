"""ESC4xx: what each cloud and mode allows."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from escscaffold.clouds.loading import load_kurrent
from escscaffold.clouds.refusals import Forbidden, Severity
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import covered_by, overlap, overlaps_any
from escscaffold.rules.finding import Move, Rule, Violation
from escscaffold.rules.words import narrower_remote

_OVERLAPPED: dict[Severity, str] = {"error": "which the cloud refuses", "warning": "which leads to trouble there"}


def wrong_size(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that is larger or smaller than the cloud makes it; `kurrent` has a rule of its own."""
    for environment, planned in _own(plan):
        facts, length = planned.facts, planned.cidr.prefixlen
        shortest, longest = facts.shortest_prefix_length, facts.longest_prefix_length
        if facts.settable and planned.origin != "implied" and not shortest <= length <= longest:
            right = min(max(length, shortest), longest)
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} is a /{length}; in {environment.spec.mode.name} it can be from "
                f"/{shortest} to /{longest}.",
                move=Move(range_name=planned.name, prefix_lengths=(right,)),
                source=facts.limit_source,
            )


def forbidden(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that overlaps addresses that the cloud refuses."""
    yield from _forbidden(plan, "error")


def discouraged(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range, the remote one too, that overlaps addresses that lead to trouble on this cloud."""
    yield from _forbidden(plan, "warning")
    for environment in plan.environments:
        own = [r.cidr for r in environment.covered]
        for rule in environment.spec.cloud.forbidden:
            # What a covered range has is told of that range.
            if rule.applies_to == "kurrent" and not overlaps_any(rule.cidr, own):
                yield from _routed(environment, rule)
    yield from _reserved(plan)


def _reserved(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each reserved block in addresses that are trouble for whoever is connected with them, once for a cloud."""
    clouds = {one.spec.cloud.name: one.spec.cloud for one in plan.environments}
    for cloud in clouds.values():
        connected = [rule for rule in cloud.forbidden if rule.applies_to == "kurrent" and rule.severity == "warning"]
        for name, block in plan.spec.reserved.items() if connected else ():
            for rule in connected:
                if overlap(block, rule.cidr):
                    yield Violation(
                        environment="",
                        subject=name,
                        message=f"[reserved] {name} {block} overlaps {rule.cidr}, which leads to trouble on "
                        f"{cloud.title} in clusters that can reach it.",
                        reason=rule.reason,
                        fix=f"Keep {name} unconnected with the clusters, and accept ESC403 with that reason.",
                        source=rule.source,
                    )


def _routed(environment: EnvironmentPlan, rule: Forbidden) -> Iterator[Violation]:
    for block in environment.remote:
        if block.overlaps(rule.cidr):
            yield Violation(
                environment=environment.name,
                subject="remote",
                message=f"The remote range {block} overlaps {rule.cidr}, {_OVERLAPPED['warning']}.",
                reason=rule.reason,
                fix=narrower_remote(environment, off=[rule.cidr]),
                source=rule.source,
            )


def _forbidden(plan: AddressPlan, severity: Severity) -> Iterator[Violation]:
    for environment in plan.environments:
        for planned in environment.ranges:
            for rule in environment.spec.cloud.forbidden:
                hit = rule.severity == severity and _applies(rule, planned) and overlap(planned.cidr, rule.cidr)
                if hit and not _told_elsewhere(environment, planned, severity):
                    yield Violation(
                        environment=environment.name,
                        subject=planned.name,
                        message=f"{planned.name} {planned.cidr} overlaps {rule.cidr}, {_OVERLAPPED[severity]}.",
                        reason=rule.reason,
                        move=Move(range_name=_movable(environment, planned, rule).name),
                        source=rule.source,
                    )


def _movable(environment: EnvironmentPlan, planned: PlannedRange, rule: Forbidden) -> PlannedRange:
    """Return the range to move: the network, where all of it lies in what is forbidden."""
    holder = environment.holder_of(planned)
    return holder if holder and holder.cidr.subnet_of(rule.cidr) else planned


def _told_elsewhere(environment: EnvironmentPlan, planned: PlannedRange, severity: Severity) -> bool:
    """Return True where the network tells it (what is refused), or its parts in use do (what is unwise)."""
    holder = environment.holder_of(planned)
    if severity == "error":
        return holder is not None and planned.cidr.subnet_of(holder.cidr)
    return bool(environment.held_by(planned.name))


def _applies(rule: Forbidden, planned: PlannedRange) -> bool:
    if rule.applies_to == "every-range":
        return True
    return (planned.name == "kurrent") == (rule.applies_to == "kurrent")


def not_private(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that the cloud takes from private addresses only."""
    for environment, planned in _own(plan):
        if planned.facts.only_in and not covered_by(planned.cidr, planned.facts.only_in):
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} is not inside {_either(planned.facts.only_in)}.",
                move=Move(range_name=planned.name),
                source=planned.facts.limit_source,
            )


def _either(blocks: Iterable[IPv4Network]) -> str:
    return " or ".join(map(str, blocks))


def not_settable(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that a person gave though the cloud sets it."""
    for environment, planned in _own(plan):
        if not planned.facts.settable and planned.cidr != planned.facts.implied:
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} cannot be chosen in {environment.spec.mode.name}: "
                f"the cloud takes {planned.facts.implied}.",
                reason=planned.facts.why,
                fix=f"Leave {planned.name} out, or take a mode with your own network.",
                source=planned.facts.limit_source,
            )


def public(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range outside the addresses that are private by RFC 1918 or shared by RFC 6598."""
    for environment, planned in _own(plan):
        holder = environment.holder_of(planned)
        # What lies inside a public network is public with it, and private once that moves.
        told_of_holder = holder is not None and _is_public(holder) and planned.cidr.subnet_of(holder.cidr)
        if _is_public(planned) and not told_of_holder:
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} is not private address space.",
                move=Move(range_name=planned.name),
                fix="Or, if these addresses are yours, accept ESC406 with that reason.",
            )


def _is_public(planned: PlannedRange) -> bool:
    """Return True if the range is outside private and shared addresses, and no other rule holds it to some of them."""
    usual = (*load_kurrent().private_ranges, *load_kurrent().shared_ranges)
    return planned.origin != "implied" and not planned.facts.only_in and not covered_by(planned.cidr, usual)


def _own(plan: AddressPlan) -> Iterator[tuple[EnvironmentPlan, PlannedRange]]:
    for environment in plan.environments:
        for planned in environment.ranges:
            if planned.name != "kurrent":
                yield environment, planned


RULES = (
    Rule(
        code="ESC401",
        severity="error",
        title="A range has a size that the cloud does not make",
        reason="The cloud refuses it at apply, when half of the environment may already exist.",
        source="docs/reference/modes.md",
        check=wrong_size,
    ),
    Rule(
        code="ESC402",
        severity="error",
        title="A range overlaps addresses that the cloud refuses",
        reason="The cloud keeps these addresses, and tests by overlap: a larger range that holds them is refused too.",
        source="docs/reference/modes.md",
        check=forbidden,
    ),
    Rule(
        code="ESC403",
        severity="warning",
        title="A range overlaps addresses that lead to trouble",
        reason="It works for some and fails for others, late and in ways that are hard to see.",
        source="docs/reference/modes.md",
        check=discouraged,
    ),
    Rule(
        code="ESC404",
        severity="error",
        title="A range must be private",
        reason="The cloud's provider takes RFC 1918 addresses only here.",
        source="docs/reference/modes.md",
        check=not_private,
    ),
    Rule(
        code="ESC405",
        severity="error",
        title="A range that the cloud sets by itself",
        reason="There is no setting for it: what is written here would not become true.",
        source="docs/reference/modes.md",
        check=not_settable,
    ),
    Rule(
        code="ESC406",
        severity="warning",
        title="A range of public addresses",
        reason="They belong to somebody else: hosts that are really there can no longer be reached from the cluster.",
        source="https://www.rfc-editor.org/rfc/rfc1918#section-3",
        check=public,
    ),
)
