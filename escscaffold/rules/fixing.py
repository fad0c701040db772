"""Finds the block that would be right, and holds it to every rule before it is suggested."""

from collections.abc import Callable, Iterable

from escscaffold.planning.alternatives import plan_without_place, same_size
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan
from escscaffold.rules.finding import Move, Rule, Violation

Violations = Iterable[tuple[Rule, Violation]]
Complaint = tuple[str, str]
"""A rule's code and the range that it is about."""

# Seen from one environment alone, the ranges of the others are reserved blocks.
_SAME = {"ESC302": "ESC303"}


def fix_text(
    plan: AddressPlan,
    rule: Rule,
    violation: Violation,
    known: frozenset[Complaint],
    violations_of: Callable[[AddressPlan], Violations],
) -> str:
    """Return what would be right: a block that mends this and breaks nothing new, and what the rule says besides.

    `known` are the errors that the environment has already.
    """
    if violation.move is None:
        return violation.fix
    before = plan.environment(violation.environment)
    mended = complaint(rule, violation)
    for prefix_length in violation.move.prefix_lengths or same_size(before, violation.move.range_name):
        trial = plan_without_place(plan, violation.environment, violation.move.range_name, prefix_length)
        errors, all_complaints = _complaints(violations_of(trial))
        if mended not in all_complaints and errors <= known:
            return f"{_use(before, trial.environments[0], violation.move)} {violation.fix}".rstrip()
    name = violation.move.range_name
    return violation.fix or f"No free block of that size is left for {name}: ask for a smaller one, or free some."


def complaint(rule: Rule, violation: Violation) -> Complaint:
    """Return what is complained of, in the form that is the same for one environment and for many."""
    return _SAME.get(rule.code, rule.code), violation.subject


def _complaints(violations: Violations) -> tuple[set[Complaint], set[Complaint]]:
    """Return the errors alone, and errors and warnings together."""
    found = [(complaint(rule, v), v.severity or rule.severity) for rule, v in violations]
    return {told for told, severity in found if severity == "error"}, {told for told, _ in found}


def _use(before: EnvironmentPlan, after: EnvironmentPlan, move: Move) -> str:
    planned = after.range(move.range_name)
    assert planned is not None, "a range without a place is an error of its own"
    pinned = [r.name for r in before.held_by(move.range_name) if r.origin == "pinned"]
    along = f" Move {' and '.join(pinned)} into it." if pinned else ""
    remote = ", ".join(map(str, after.remote))
    routed = f", and the peering then routes to {remote}" if after.remote != before.remote else ""
    return f'Use {move.range_name} = "{planned.cidr}": it is clear of everything else{routed}.{along}'
