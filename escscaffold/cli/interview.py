"""The interview: asks for what is not given, explains, goes back with every answer remembered, and writes nothing."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import click
from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.cli.answers import FLAG_OF_KEY, Answers, use_bare_names
from escscaffold.cli.cluster_sizes import SIZE, is_number, needs_of
from escscaffold.cli.last_question import LEAVE, LastQuestion
from escscaffold.cli.output import finding_text, paragraphs
from escscaffold.cli.prompts import BACK, HELP, Prompts, yes_or_no
from escscaffold.cli.questions import (
    CI,
    KURRENT,
    Question,
    forget_kurrent_parts,
    kurrent_is_answered,
    kurrent_parts,
    questions,
    ranges_to_give,
)
from escscaffold.cli.tables import routes_text
from escscaffold.clouds.fact_files import load_cloud, mode_names, with_options
from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE, Mode
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.planner import plan_addresses
from escscaffold.rules.catalogue import check_plan
from escscaffold.rules.finding import Finding
from escscaffold.spec.model import EnvironmentSpec, Spec
from escscaffold.spec.range_values import range_value
from escscaffold.spec.values import BadValue

Planner = Callable[[Spec], AddressPlan]
"""Plans the answers, among the existing environments."""

Key = tuple[str, ...]


class OtherEnvironments(Struct, frozen=True, kw_only=True):
    """The environments that the new one is planned with: none, where the repository is new."""

    planner: Planner = plan_addresses
    names: frozenset[str] = frozenset()
    like: EnvironmentSpec | None = None
    """The environment that the new one probably resembles."""
    asks_ci: bool = False
    """Whether the CI service is a question: it is the repository's, so that only a new one has it."""


# Existing resources have no default: without an answer, they are missing, which is an error. Other defaults are not
# written to the spec.
_NO_DEFAULT = ("existing", "named", "size", *CI)
_ROUTES = ("routes",)
_EXACT = 'Accept it and route each range separately (routes = "exact")?'
_EXACT_HELP = "y: one route for each range, without the addresses between them.\nn: ask again. Or type another answer."


class _Interview(Struct, kw_only=True):
    """The state of one interview."""

    answers: Answers
    others: OtherEnvironments
    prompts: Prompts
    answered: set[Key]
    history: list[tuple[Question, str]] = field(default_factory=list)
    remembered: dict[tuple[Key, str], str] = field(default_factory=dict)
    """What was answered before going back, by question and what the answer depends on."""


def run_interview(
    answers: Answers, others: OtherEnvironments, prompts: Prompts, last: LastQuestion | None = None
) -> None:
    """Ask every question that has no answer yet, put the answers into `answers`, and ask for the yes to write them.

    Raises click.Abort on Ctrl-C or at the end of input, click.exceptions.Exit where the answer to the last question
    is no.
    """
    interview = _Interview(answers=answers, others=others, prompts=prompts, answered=_given(answers))
    click.echo(f"{paragraphs(prompts.keys)}\n")
    while True:
        question = _next(interview)
        if question is None:
            outcome = last.ask(answers, prompts, others.names) if last else LEAVE
            if outcome == LEAVE:
                return
            _go_back(interview)
            continue
        text = _ask(interview, question)
        if text is None:
            _go_back(interview)
            continue
        store_answer(answers, question, text)
        interview.history.append((question, text))
        if question.is_range and (environment := _planned(answers, others)):
            click.echo(paragraphs(routes_text(environment)))
        click.echo()


def missing_flags(answers: Answers) -> list[str]:
    """Return the flags of the questions that have no answer; ranges in use elsewhere are optional."""
    answered = _given(answers)
    optional = (("reserved",), KURRENT, CI)
    needed = {q.key: q.flag for q in questions(answers, lambda: None) if q.key not in optional and q.key[0] != "size"}
    needed |= {(key,): flag for key, flag in FLAG_OF_KEY.items() if key != "cloud" or "mode" not in answers.table}
    needed |= {("ranges", name): f"--range {name}=VALUE" for name in _names_to_give(answers)}
    return [flag for key, flag in needed.items() if key not in answered]


def fill_defaults(answers: Answers, others: OtherEnvironments) -> None:
    """Give the default of every question before the ranges: those the planner places."""
    for question in questions(answers, lambda: None, others.like):
        if not question.is_range and question.key not in _given(answers) and question.key[0] not in _NO_DEFAULT:
            store_answer(answers, question, question.default)


def _names_to_give(answers: Answers) -> list[str]:
    mode = answers.table.get("mode")
    if not isinstance(mode, str) or mode not in mode_names():
        return []
    facts = with_options(load_cloud(mode_names()[mode]).modes[mode], {})
    return [name for name, _ in ranges_to_give(facts, answers)]


def _given(answers: Answers) -> set[Key]:
    keys: set[Key] = {(key,) for key in (*answers.table, *answers.top)}
    keys |= {("ranges", name) for name in answers.ranges}
    existing = answers.table.get("existing", {})
    keys |= {("existing", name) for name in existing} if isinstance(existing, dict) else set()
    if answers.ranges.keys() - {*RANGES_OF_EVERY_MODE}:
        keys.add(("named",))
    if answers.environment is not None:
        keys.add(("environment",))
    if answers.reserved:
        keys.add(("reserved",))
    if kurrent_is_answered(answers.table):
        keys.add(KURRENT)
    if (names := _names_to_give(answers)) and answers.ranges.keys() >= {*names} - {"kurrent", "services"}:
        keys.add(("size",))
    return keys


def _next(interview: _Interview) -> Question | None:
    answers, others = interview.answers, interview.others
    done = interview.answered | {question.key for question, _ in interview.history}
    # A full id answers what else it names.
    done |= {("existing", name) for name in answers.table.get("existing", {})}
    all_questions = questions(answers, lambda: _planned(answers, others), others.like, asks_ci=others.asks_ci)
    return next((question for question in all_questions if question.key not in done), None)


def _ask(interview: _Interview, question: Question) -> str | None:
    """Return a good answer, or None to go back."""
    click.echo(click.style(paragraphs(question.why), dim=True))
    answers, others = interview.answers, interview.others
    default = _default(interview, question)
    pending: str | None = None
    while True:
        text = (_read(interview.prompts, question, default) if pending is None else pending).strip()
        pending = None
        if text == BACK:
            return None
        if text == HELP:
            listing = () if interview.prompts.lists_choices else question.listing
            click.echo(paragraphs("\n".join([*listing, question.explanation()])))
            continue
        problem = _problem(question, text, answers, others)
        if problem is None:
            corrected = _corrected(interview.prompts, question, text)
            if isinstance(corrected, str):
                return corrected
            pending = corrected.instead
            continue
        click.echo(problem)
        if _is_good_with_exact_routes(question, text, answers, others):
            agreed = yes_or_no(interview.prompts, _EXACT, default=True, explanation=_EXACT_HELP)
            if agreed is True:
                answers.put(_ROUTES, "exact")
                return text
            pending = agreed if isinstance(agreed, str) and agreed != BACK else None


def _read(prompts: Prompts, question: Question, default: str) -> str:
    if question.choices:
        return prompts.choose(question.prompt, default, question.choices)
    return prompts.text(question.prompt, default, question.words)


def _default(interview: _Interview, question: Question) -> str:
    """Return what was answered before going back, as far as it still is an answer; else the default."""
    before = interview.remembered.get((question.key, _depends_on(interview, question)))
    default = question.default if before is None else before
    return "" if question.key == ("environment",) and default in interview.others.names else default


def _depends_on(interview: _Interview, question: Question) -> str:
    """Return the answer without which another one means nothing: the mode for what a mode has."""
    if question.key in (("environment",), ("mode",), ("reserved",), KURRENT, CI):
        return ""
    table = interview.answers.table
    return str(table.get("cloud" if question.key == ("region",) else "mode"))


class _Again(Struct, frozen=True):
    """The question is asked again, unless something else was answered instead."""

    instead: str | None = None


def _corrected(prompts: Prompts, question: Question, text: str) -> str | _Again:
    """Return the answer, or the suggestion that was accepted instead."""
    if not question.is_doubtful(text):
        return text
    if suggestion := question.suggestion(text):
        agreed = yes_or_no(
            prompts,
            f"{text} is not known. Did you mean {suggestion}?",
            default=True,
            explanation=f"y: {suggestion}. n: keep {text} or answer again. Or type another answer.",
        )
        if agreed is True:
            return suggestion
        if isinstance(agreed, str):
            return _Again(None if agreed == BACK else agreed)
    is_kept = yes_or_no(
        prompts,
        f"{text} is not in the list of known values. Use it?",
        default=False,
        explanation=f"y: {text}, as typed. n: ask again. Or type another answer.",
    )
    if is_kept is True:
        return text
    return _Again(is_kept if isinstance(is_kept, str) and is_kept != BACK else None)


def _is_good_with_exact_routes(question: Question, text: str, answers: Answers, others: OtherEnvironments) -> bool:
    """Return True if nothing is wrong with the answer but that no single route covers it with the others.

    Asked for existing ranges only: new ranges are placed where one route covers them.
    """
    if "existing" not in answers.table or "routes" in answers.table or not _gives_ranges(question):
        return False
    return _problem(question, text, replace(answers, table={**answers.table, "routes": "exact"}), others) is None


def _gives_ranges(question: Question) -> bool:
    return question.is_range or question.key in (("named",), ("size",)) or question.key[0] == "size"


def _problem(question: Question, text: str, answers: Answers, others: OtherEnvironments) -> str | None:
    """Return why the answer will not do, or None."""
    try:
        question.read(text)
    except BadValue as error:
        return paragraphs(f"{error.message} {error.fix}")
    if question.key == ("environment",) and text in others.names:
        return f"{text} exists: {', '.join(sorted(others.names))}."
    if not _gives_ranges(question):
        return None
    answered = _answered_ranges(question, text, answers)
    trial = replace(answers, table={**answers.table, "ranges": {**answers.ranges, **answered}})
    errors = _new_errors(trial, set(answered), others) if answered else []
    return "\n".join(map(finding_text, errors)) or None


def _answered_ranges(question: Question, text: str, answers: Answers) -> dict[str, Any]:
    """Return the ranges that an answer gives."""
    if question.is_range:
        return {question.key[1]: range_value(text)}
    if question.key == ("named",):
        return dict(question.read(text))
    return _ranges_of_sizes(answers, _sizes_with(answers.sizes, question.key, text))


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


def _go_back(interview: _Interview) -> None:
    """Take the last answer out, and remember it for the time when it is asked for again."""
    if not interview.history:
        click.echo("This is the first question.\n")
        return
    question, text = interview.history.pop()
    text = _corrected_answer(interview.answers, question) or text
    interview.remembered[question.key, _depends_on(interview, question)] = text
    _forget_answer(interview.answers, question, interview.answered | {other.key for other, _ in interview.history})
    if _ROUTES not in interview.answered:
        interview.answers.table.pop(*_ROUTES, None)
    click.echo()


def store_answer(answers: Answers, question: Question, text: str) -> None:
    """Keep a good answer to a question; a default, taken as it is, stays for the plan or the cloud to set."""
    match question.key:
        case ("environment",):
            answers.environment = text
        case ("reserved",):
            answers.reserved = question.read(text)
        case ("mode",):
            answers.table.setdefault("cloud", mode_names()[text])
            answers.table["mode"] = text
        case ("ranges", name):
            if text != question.default:
                answers.put(("ranges", name), range_value(text))
        case ("existing", name):
            answers.put(("existing", name), text)
            use_bare_names(answers)
        case ("kurrent",):
            for part, value in kurrent_parts(text).items():
                answers.put(("parts", part), value)
        case ("named",):
            for name, block in question.read(text).items():
                answers.put(("ranges", name), block)
        case ("size", *_):
            _store_sizes(answers, _sizes_with(answers.sizes, question.key, text))
        case ("ci",):
            if text != question.default:
                answers.put(CI, [word.strip() for word in text.split(",")] if "," in text else text)
        case (key,):
            answers.table[key] = text


def _forget_answer(answers: Answers, question: Question, others: Collection[Key]) -> None:
    """Take the answer to a question out, with what followed from it; `others` are the keys that have an answer."""
    match question.key:
        case ("environment",):
            answers.environment = None
        case ("reserved",):
            answers.reserved = {}
        case ("mode",):
            del answers.table["mode"]
            if ("cloud",) not in others:
                answers.table.pop("cloud", None)
        case ("existing", _):
            named = answers.table["existing"]
            answers.table["existing"] = {name: text for name, text in named.items() if ("existing", name) in others}
        case ("kurrent",):
            forget_kurrent_parts(answers.table)
        case ("named",):
            _keep_ranges(answers, {name: v for name, v in answers.ranges.items() if name in RANGES_OF_EVERY_MODE})
        case ("ranges", name):
            _keep_ranges(answers, {other: value for other, value in answers.ranges.items() if other != name})
        case ("size",):
            _store_sizes(answers, {})
        case ("size", name):
            _store_sizes(answers, {key: text for key, text in answers.sizes.items() if key != name})
        case ("ci",):
            answers.top.pop(*CI, None)
        case (key,):
            answers.table.pop(key, None)


def _corrected_answer(answers: Answers, question: Question) -> str | None:
    """Return the answer as the last question corrected it; None where it is not known."""
    value: object = None
    match question.key:
        case ("environment",):
            value = answers.environment
        case ("ci",):
            value = answers.top.get(*CI)
        case ("ranges", name):
            value = answers.ranges.get(name)
        case (key,):
            value = answers.table.get(key)
    return value if isinstance(value, str) else ",".join(value) if isinstance(value, list) else None


def _sizes_with(sizes: Mapping[str, str], key: Key, text: str) -> dict[str, str]:
    """Return the answers about sizes with one more; a number of nodes answers the first of them by itself.

    >>> _sizes_with({}, ("size",), "40")
    {'size': '40', 'nodes': '40'}
    """
    if key == SIZE:
        return {"size": text, **({"nodes": text} if is_number(text) else {})}
    return {**sizes, key[1]: text.replace(",", "")}


def _ranges_of_sizes(answers: Answers, sizes: Mapping[str, str]) -> dict[str, Any]:
    """Return the ranges that the sizes need, without those that are given."""
    before = needs_of(_mode(answers), answers.sizes)
    return {
        name: need
        for name, need in needs_of(_mode(answers), sizes).items()
        if name not in answers.ranges or answers.ranges[name] == before.get(name)
    }


def _store_sizes(answers: Answers, sizes: dict[str, str]) -> None:
    """Put the ranges of these sizes in the place of those of the sizes before."""
    needs, before = _ranges_of_sizes(answers, sizes), needs_of(_mode(answers), answers.sizes)
    ranges = {name: value for name, value in answers.ranges.items() if before.get(name) != value}
    answers.sizes = sizes
    _keep_ranges(answers, {**ranges, **needs})


def _keep_ranges(answers: Answers, ranges: dict[str, Any]) -> None:
    answers.table.pop("ranges", None)
    if ranges:
        answers.table["ranges"] = ranges


def _mode(answers: Answers) -> Mode:
    mode = answers.table["mode"]
    return with_options(load_cloud(mode_names()[mode]).modes[mode], {})
