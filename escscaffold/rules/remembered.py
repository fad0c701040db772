"""ESC6xx: what is wrong with the lock, found while it is read."""

from escscaffold.clouds.refusals import Severity
from escscaffold.rules.finding import Rule

_SOURCE = "docs/explanation/planner.md"


def _rule(code: str, severity: Severity, title: str, reason: str) -> Rule:
    return Rule(code=code, severity=severity, title=title, reason=reason, source=_SOURCE)


RULES = (
    _rule(
        "ESC601",
        "error",
        "The lock cannot be read",
        "It remembers where ranges lie; planned without it, those that were placed for you may move, and be replaced.",
    ),
    _rule(
        "ESC602",
        "error",
        "The lock was edited",
        "What Terraform replaces is told by comparing with the lock: with an edited one, it would be told wrong.",
    ),
    _rule(
        "ESC603",
        "warning",
        "The lock holds both sides of a merge",
        "Each branch granted places by itself; together they may collide, which the other findings tell.",
    ),
)
