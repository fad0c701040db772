"""The last question of the interview: the plan, once, and the yes to write it; an answer can still be corrected."""

from collections.abc import Callable, Iterator
from typing import Literal

import click
from msgspec import Struct

from escscaffold.cli.answers import Answers
from escscaffold.cli.command import FAILED
from escscaffold.cli.output import Output, finding_text, paragraphs
from escscaffold.cli.prompts import BACK, Prompts, yes_or_no
from escscaffold.clouds.fact_files import mode_names
from escscaffold.errors import WrongUsageError
from escscaffold.jobs.key_values import own_path
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.rules.catalogue import check_plan, findings_of, has_errors
from escscaffold.rules.finding import Finding
from escscaffold.spec.range_values import range_value
from escscaffold.spec.toml_text import NotTomlError, given_value, key_path
from escscaffold.spec.values import BadValue, nearest, read_environment_name, shown

LEAVE: Literal["leave"] = "leave"
"""The interview is over."""

_LEAVE = "The plan has errors and is not written. Leave (or type KEY=VALUE to correct it)?"
_HELP = (
    "y: write it. n: leave and write nothing. <: go back to the previous question.\n"
    "KEY=VALUE corrects an answer: region={region}, {range}=/20, kurrent=10.10.0.0/24, environment=live, ci=gitlab, "
    "or any other key of the spec.\n"
    "Origin of a range: pinned to your CIDR block, sized by your nodes and pods, placed by default size, "
    "or implied by the cloud."
)


class AnsweredPlan(Struct, frozen=True, kw_only=True):
    """The plan of the answers, and the question whether to write it."""

    plan: AddressPlan
    shown: str
    """The plan as a table."""
    question: str


class LastQuestion(Struct, frozen=True, kw_only=True):
    """Asks for the yes."""

    look_ahead: Callable[[Answers], AnsweredPlan]
    """Plans the answers; raises SpecError."""
    output: Output

    def ask(self, answers: Answers, prompts: Prompts, taken: frozenset[str]) -> str:
        """Show the plan and its findings and ask for a yes; return `leave`, or `<` to go back.

        A plan with errors is not written: it is corrected, or left. Raises click.exceptions.Exit where nothing is
        written.
        """
        outlook = self._show(answers)
        while True:
            fails = has_errors(check_plan(outlook.plan))
            answer = yes_or_no(
                prompts,
                _LEAVE if fails else outlook.question,
                default=True,
                explanation=_explanation(outlook.plan, answers),
            )
            if answer is True and not fails:
                return LEAVE
            if answer is fails:
                click.echo("Nothing was written.")
                raise click.exceptions.Exit(FAILED)
            if answer == BACK:
                return BACK
            if not isinstance(answer, str):
                continue
            if problem := self._correct(answers, answer, taken, outlook.plan):
                click.echo(problem)
            else:
                click.echo(paragraphs(f"Changed {answer.replace('=', ' to ', 1)}.") + "\n")
                outlook = self._show(answers)

    def _show(self, answers: Answers) -> AnsweredPlan:
        outlook = self.look_ahead(answers)
        lines = [outlook.shown, *map(paragraphs, _shared_lines(outlook.plan, answers.environment or ""))]
        click.echo("\n".join(lines) + "\n")
        self.output.findings(check_plan(outlook.plan), err=False)
        return outlook

    def _correct(self, answers: Answers, text: str, taken: frozenset[str], before: AddressPlan) -> str:
        """Put another answer in place, and return nothing; or why it will not do."""
        from copy import deepcopy  # most answers need no correction

        trial = deepcopy(answers)
        try:
            _put(trial, text, taken)
            plan = self.look_ahead(trial).plan
        except BadValue as error:
            return paragraphs(f"{error.message} {error.fix}")
        except WrongUsageError as error:
            return _finding_texts(findings_of(error.problems))
        places = {_place(finding) for finding in check_plan(before)}
        errors = [finding for finding in check_plan(plan) if finding.severity == "error"]
        if new := [finding for finding in errors if _place(finding) not in places]:
            return _finding_texts(new)
        for name in answers.__struct_fields__:
            setattr(answers, name, getattr(trial, name))
        return ""


def _explanation(plan: AddressPlan, answers: Answers) -> str:
    """Return what the question accepts, with a region and a range that this cloud has."""
    environment = plan.environment(answers.environment or "")
    range_ = next((r.name for r in environment.ranges if r.name != "kurrent"), "kurrent")
    return _HELP.format(region=environment.spec.region, range=range_)


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.environment, finding.subject


def _finding_texts(findings: "tuple[Finding, ...] | list[Finding]") -> str:
    return "\n".join(map(finding_text, findings))


def _put(answers: Answers, text: str, taken: frozenset[str]) -> None:
    """Put a value under its key; raises BadValue for what is no KEY=VALUE."""
    key, equals, value = text.partition("=")
    key, value = key.strip(), value.strip()
    if not equals or not value:
        raise BadValue(
            f"{shown(text)} is neither y nor n.", "Write y, n, < to go back, or KEY=VALUE, like routes=exact."
        )
    try:
        path = own_path(key_path(key), answers.environment or "", answers.table)
    except NotTomlError as error:
        raise BadValue(f"{shown(key)} is not a key: {error.message}.", "Write it like routes=exact.") from None
    if path == ("environment",):
        if value in taken:
            raise BadValue(f"{value} exists: {', '.join(sorted(taken))}.")
        answers.environment = read_environment_name(value)
        return
    if path == ("mode",):
        if value not in mode_names():
            raise BadValue(f"{shown(value)} is not a mode.", nearest(value, mode_names()))
        answers.table["cloud"] = mode_names()[value]
    answers.put(path, range_value(value) if path[0] == "ranges" else given_value(value))


def _shared_lines(plan: AddressPlan, name: str) -> Iterator[str]:
    """Yield what the first environment on a cloud decides for the others; nothing where nothing is shared."""
    try:
        spec = plan.environment(name).spec
    except KeyError:
        return
    option = spec.mode.options.get(spec.cloud.shared)
    others = [e for e in plan.environments if e.name != name and e.spec.cloud.name == spec.cloud.name]
    if option is None or others:
        return
    chosen = str(spec.options.get(spec.cloud.shared, option.default))
    ways = ", ".join(f"options.{spec.cloud.shared}={word}" for word in option.choices if word != chosen)
    meaning = f" ({option.words[chosen].rstrip('.')})" if chosen in option.words else ""
    yield f"{option.purpose}: {chosen}{meaning}. Other choices: {ways}."
