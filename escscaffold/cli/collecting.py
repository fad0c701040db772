"""From flags to complete answers: asks where there is a terminal, and names the flags where there is none."""

import sys

import click
from msgspec.structs import replace

from escscaffold.cli.answers import DEFAULT_NAME, MISSING, Answers, use_bare_names
from escscaffold.cli.interview import OtherEnvironments, fill_defaults, missing_flags, run_interview
from escscaffold.cli.last_question import AnsweredPlan, LastQuestion
from escscaffold.cli.prompts import open_prompts
from escscaffold.errors import SpecError, WrongUsageError
from escscaffold.rules.overlap_rules import absurdly_wide


def complete(
    answers: Answers, *, yes: bool, others: OtherEnvironments, last: LastQuestion | None = None, plain: bool = False
) -> bool:
    """Complete the answers, and return whether questions were asked; `last` asks to confirm them.

    Raises click.UsageError where questions cannot be asked, WrongUsageError for answers that cannot be read,
    click.exceptions.Exit where the answer to `last` is no.
    """
    _check_given(answers)
    use_bare_names(answers)
    if yes:
        fill_defaults(answers, others)
    missing = [] if yes else missing_flags(answers)
    if missing and (reason := _why_not_asked()):
        raise click.UsageError(
            f"{reason}, and these values are missing: {', '.join(missing)}.\nSet them, or use --yes for the defaults."
        )
    if missing:
        run_interview(answers, others, open_prompts(plain=plain), last and _with_exact_routes(last, others))
    _use_exact_routes(answers, others)
    return bool(missing)


def _why_not_asked() -> str:
    """Return why questions cannot be asked, or nothing."""
    context = click.get_current_context(silent=True)
    if context is not None and context.params.get("as_json"):
        return "No questions with --json"
    return "" if sys.stdin.isatty() else "No terminal for questions"


def _with_exact_routes(last: LastQuestion, others: OtherEnvironments) -> LastQuestion:
    def look_ahead(answers: Answers) -> AnsweredPlan:
        _use_exact_routes(answers, others)
        return last.look_ahead(answers)

    return replace(last, look_ahead=look_ahead)


def _check_given(answers: Answers) -> None:
    """Refuse what is given and wrong before anything is asked; what is missing is for the questions."""
    named = answers if answers.environment is not None else replace(answers, environment=DEFAULT_NAME)
    try:
        named.spec()
    except WrongUsageError as error:
        if problems := tuple(p for p in error.problems if p.code != MISSING):
            raise WrongUsageError(problems) from None


def _use_exact_routes(answers: Answers, others: OtherEnvironments) -> None:
    """Set exact routes where the network exists, its routes are not given, and one route is not possible.

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
