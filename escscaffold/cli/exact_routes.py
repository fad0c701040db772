"""`routes = "exact"` is proposed for what exists, where one route for all of it would be far too wide (ESC209)."""

from escscaffold.cli.answers import Answers
from escscaffold.cli.interview import OtherEnvironments
from escscaffold.errors import SpecError
from escscaffold.rules.overlap_rules import absurdly_wide


def take_exact_routes(answers: Answers, others: OtherEnvironments) -> None:
    """Put exact routes where the network exists, nobody said how it is routed, and one route would not do.

    Ranges of a network that exists cannot move together.
    """
    if "routes" in answers.table or "remote" in answers.ranges:
        return
    try:
        plan = others.planner(answers.spec())
        environment = plan.environment(answers.environment or "")
    except (SpecError, KeyError):
        return
    if environment.spec.parts.get("network") != "existing":
        return
    unroutable = bool(environment.covered) and not environment.remote
    if unroutable or any(violation.environment == environment.name for violation in absurdly_wide(plan)):
        answers.put(("routes",), "exact")
