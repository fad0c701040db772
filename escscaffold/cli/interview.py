"""Asks what is not given: explains, goes back, shows the plan as it grows, and writes nothing."""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

import click
from msgspec import Struct
from msgspec.structs import replace

from escscaffold.cli.answers import FLAG_OF_KEY, Answers
from escscaffold.cli.bare_names import take_bare_names
from escscaffold.cli.kurrent_questions import KEY as KURRENT
from escscaffold.cli.kurrent_questions import forget_parts, is_answered, parts_of
from escscaffold.cli.output import finding_text, paragraphs
from escscaffold.cli.prompting import agree, ask
from escscaffold.cli.questions import Question, questions
from escscaffold.cli.shared_questions import store_option
from escscaffold.cli.tables import environment_text
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.planner import plan_addresses
from escscaffold.rules.catalogue import check_plan
from escscaffold.rules.finding import Finding
from escscaffold.spec.model import EnvironmentSpec, Spec
from escscaffold.spec.range_values import range_value
from escscaffold.spec.values import BadValue

Planner = Callable[[Spec], AddressPlan]
"""Plans the answers, among the environments that are there already."""


class OtherEnvironments(Struct, frozen=True, kw_only=True):
    """What the new environment will stand beside: nothing, where the repository is new."""

    planner: Planner = plan_addresses
    names: frozenset[str] = frozenset()
    like: EnvironmentSpec | None = None
    """The environment that the new one probably resembles."""


# What is there already has no default: without it, the answers are incomplete and told so.
_UNGUESSABLE = ("existing", "named", "options")
_ROUTES = ("routes",)
_EXACT = 'Route to each range by itself, routes = "exact", and take it?'


def run_interview(answers: Answers, others: OtherEnvironments) -> None:
    """Ask every question that has no answer yet, and put the answers into `answers`.

    Raises click.Abort on Ctrl-C or at the end of input.
    """
    with suppress(ImportError):
        import_module("readline")  # for arrow keys and the like, where the system has it
    given = _given(answers)
    keys = "? explains a question, < goes back to the one before, Ctrl-C leaves with nothing written."
    click.echo(f"{paragraphs(keys)}\n")
    asked: list[Question] = []
    while (question := _next(answers, given, asked, others)) is not None:
        if asked and asked[-1].is_range and (environment := _planned(answers, others)):
            click.echo(f"{environment_text(environment)}\n")
        answer = _ask(question, answers, others)
        if answer is None:
            if asked:
                _forget(answers, asked.pop())
                if _ROUTES not in given:
                    answers.table.pop(*_ROUTES, None)
            else:
                click.echo("This is the first question.\n")
            continue
        _store(answers, question, answer)
        asked.append(question)
        click.echo()


def missing_flags(answers: Answers) -> list[str]:
    """Return the flags of the questions that have no answer; what is in use elsewhere need not be said."""
    given = _given(answers)
    needed = {q.key: q.flag for q in questions(answers, lambda: None) if q.key not in (("reserved",), KURRENT)}
    needed |= {(key,): flag for key, flag in FLAG_OF_KEY.items()}
    return [flag for key, flag in needed.items() if key not in given and key[0] != "options"]


def fill_defaults(answers: Answers, others: OtherEnvironments) -> None:
    """Give the default of every question before the ranges: those the planner places."""
    for question in questions(answers, lambda: None, others.like):
        if not question.is_range and question.key not in _given(answers) and question.key[0] not in _UNGUESSABLE:
            _store(answers, question, question.default)


def _given(answers: Answers) -> set[tuple[str, ...]]:
    keys: set[tuple[str, ...]] = {(key,) for key in answers.table}
    keys |= {("ranges", name) for name in answers.ranges}
    existing = answers.table.get("existing", {})
    keys |= {("existing", name) for name in existing} if isinstance(existing, dict) else set()
    options = answers.table.get("options", {})
    keys |= {("options", name) for name in options} if isinstance(options, dict) else set()
    if answers.ranges.keys() - {"kurrent", "remote"}:
        keys.add(("named",))
    if answers.environment is not None:
        keys.add(("environment",))
    if answers.reserved:
        keys.add(("reserved",))
    if is_answered(answers.table):
        keys.add(KURRENT)
    return keys


def _next(
    answers: Answers, given: set[tuple[str, ...]], asked: list[Question], others: OtherEnvironments
) -> Question | None:
    done = given | {question.key for question in asked}
    for question in questions(answers, lambda: _planned(answers, others), others.like):
        if question.key not in done:
            return question
    return None


def _ask(question: Question, answers: Answers, others: OtherEnvironments) -> str | None:
    """Return a good answer, or None to go back."""
    click.echo(click.style(paragraphs(question.why), dim=True))
    default = "" if question.default in others.names else question.default
    while True:
        text = ask(question.prompt, default).strip()
        if text == "<":
            return None
        if text == "?":
            click.echo(paragraphs(question.explanation()))
            continue
        problem = _problem(question, text, answers, others)
        if problem is None:
            meant = _meant(question, text)
            if meant is None:
                continue
            return meant
        click.echo(problem)
        if _is_good_by_itself(question, text, answers, others) and agree(_EXACT, default=True):
            answers.put(_ROUTES, "exact")
            return text


def _meant(question: Question, text: str) -> str | None:
    """Return the answer, or the usual one that it was meant to be; None to ask again."""
    if not question.doubt(text):
        return text
    suggestion = question.suggestion(text)
    if suggestion and agree(f"{text} is not known. Did you mean {suggestion}?", default=True):
        return suggestion
    return text if agree(f"Use {text}, which is not known here?", default=False) else None


def _is_good_by_itself(question: Question, text: str, answers: Answers, others: OtherEnvironments) -> bool:
    """Return True if nothing is wrong with the answer but that no single route covers it with the others.

    Asked of what is there already only: what is not built yet had better lie where one route covers it.
    """
    if "existing" not in answers.table or "routes" in answers.table or not _gives_ranges(question):
        return False
    return _problem(question, text, replace(answers, table={**answers.table, "routes": "exact"}), others) is None


def _gives_ranges(question: Question) -> bool:
    return question.is_range or question.key == ("named",)


def _problem(question: Question, text: str, answers: Answers, others: OtherEnvironments) -> str | None:
    """Return why the answer will not do, or None."""
    try:
        question.read(text)
    except BadValue as error:
        return paragraphs(f"{error.message} {error.fix}")
    if question.key == ("environment",) and text in others.names:
        return f"{text} is there already: {', '.join(sorted(others.names))}."
    if not _gives_ranges(question):
        return None
    tried = {question.key[1]: range_value(text)} if question.is_range else question.read(text)
    trial = replace(answers, table={**answers.table, "ranges": {**answers.ranges, **tried}})
    errors = _new_errors(trial, set(tried), others)
    return "\n".join(map(finding_text, errors)) or None


def _new_errors(trial: Answers, names: set[str], others: OtherEnvironments) -> list[Finding]:
    try:
        plan = others.planner(trial.spec())
    except SpecError:
        return []
    errors = [f for f in check_plan(plan) if f.severity == "error" and f.environment == trial.environment]
    # What other ranges have wrong is for their own questions, unless this answer is what they collide with.
    return [f for f in errors if f.subject in names | set(trial.ranges) | {"remote"}]


def _planned(answers: Answers, others: OtherEnvironments) -> EnvironmentPlan | None:
    try:
        return others.planner(answers.spec()).environment(answers.environment or "")
    except (SpecError, KeyError):
        return None


def _store(answers: Answers, question: Question, text: str) -> None:
    match question.key:
        case ("environment",):
            answers.environment = text
        case ("reserved",):
            answers.reserved = question.read(text)
        case ("ranges", name):
            _store_range(answers, question, name, text)
        case ("existing", name):
            answers.put(("existing", name), text)
            take_bare_names(answers)
        case ("options", name):
            _store_option(answers, name, text, question.default)
        case ("kurrent",):
            for part, value in parts_of(text).items():
                answers.put(("parts", part), value)
        case ("named",):
            for name, block in question.read(text).items():
                answers.put(("ranges", name), block)
        case (key,):
            answers.table[key] = text


def _store_option(answers: Answers, name: str, text: str, default: str) -> None:
    options = store_option(answers.table.pop("options", {}), name, text, default)
    if options:
        answers.table["options"] = options


def _store_range(answers: Answers, question: Question, name: str, text: str) -> None:
    """Keep the range as given; a default, taken as it is, stays for the plan or the cloud to set."""
    if text != question.default:
        answers.put(("ranges", name), range_value(text))


def _forget(answers: Answers, question: Question) -> None:
    match question.key:
        case ("environment",):
            answers.environment = None
        case ("reserved",):
            answers.reserved = {}
        case ("existing", name):
            del answers.table["existing"][name]
        case ("options", name):
            _store_option(answers, name, question.default, question.default)
        case ("kurrent",):
            forget_parts(answers.table)
        case ("named",):
            answers.table["ranges"] = {n: value for n, value in answers.ranges.items() if n in ("kurrent", "remote")}
        case ("ranges", name):
            answers.table["ranges"] = {n: text for n, text in answers.ranges.items() if n != name}
        case (key,):
            answers.table.pop(key, None)
