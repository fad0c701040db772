"""Puts an answer of the interview where the spec has it, and takes it out again."""

from collections.abc import Collection, Mapping
from typing import Any

from escscaffold.cli.answers import Answers
from escscaffold.cli.bare_names import take_bare_names
from escscaffold.cli.cluster_sizes import SIZE, is_number, needs_of
from escscaffold.cli.kurrent_questions import forget_parts, parts_of
from escscaffold.cli.questions import Question
from escscaffold.cli.repository_questions import CI
from escscaffold.clouds.fact_files import load_cloud, mode_names, with_options
from escscaffold.clouds.facts import Mode
from escscaffold.spec.range_values import range_value

Key = tuple[str, ...]


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
            take_bare_names(answers)
        case ("kurrent",):
            for part, value in parts_of(text).items():
                answers.put(("parts", part), value)
        case ("named",):
            for name, block in question.read(text).items():
                answers.put(("ranges", name), block)
        case ("size", *_):
            _size(answers, sizes_with(answers.sizes, question.key, text))
        case ("ci",):
            if text != question.default:
                answers.put(CI, [word.strip() for word in text.split(",")] if "," in text else text)
        case (key,):
            answers.table[key] = text


def forget_answer(answers: Answers, question: Question, others: Collection[Key]) -> None:
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
            forget_parts(answers.table)
        case ("named",):
            _keep_ranges(answers, {name: v for name, v in answers.ranges.items() if name in ("kurrent", "remote")})
        case ("ranges", name):
            _keep_ranges(answers, {other: value for other, value in answers.ranges.items() if other != name})
        case ("size",):
            _size(answers, {})
        case ("size", name):
            _size(answers, {key: text for key, text in answers.sizes.items() if key != name})
        case ("ci",):
            answers.top.pop(*CI, None)
        case (key,):
            answers.table.pop(key, None)


def corrected_answer(answers: Answers, question: Question) -> str | None:
    """Return what the last question made of the answer to this one; None where it cannot be told."""
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


def sizes_with(sizes: Mapping[str, str], key: Key, text: str) -> dict[str, str]:
    """Return the answers about sizes with one more; a number of nodes answers the first of them by itself.

    >>> sizes_with({}, ("size",), "40")
    {'size': '40', 'nodes': '40'}
    """
    if key == SIZE:
        return {"size": text, **({"nodes": text} if is_number(text) else {})}
    return {**sizes, key[1]: text.replace(",", "")}


def ranges_of_sizes(answers: Answers, sizes: Mapping[str, str]) -> dict[str, Any]:
    """Return what the sizes come to, for ranges that are not given."""
    before = needs_of(_mode(answers), answers.sizes)
    return {
        name: need
        for name, need in needs_of(_mode(answers), sizes).items()
        if name not in answers.ranges or answers.ranges[name] == before.get(name)
    }


def _size(answers: Answers, sizes: dict[str, str]) -> None:
    """Put the ranges of these sizes in the place of those of the sizes before."""
    needs, before = ranges_of_sizes(answers, sizes), needs_of(_mode(answers), answers.sizes)
    kept = {name: value for name, value in answers.ranges.items() if before.get(name) != value}
    answers.sizes = sizes
    _keep_ranges(answers, {**kept, **needs})


def _keep_ranges(answers: Answers, ranges: dict[str, Any]) -> None:
    answers.table.pop("ranges", None)
    if ranges:
        answers.table["ranges"] = ranges


def _mode(answers: Answers) -> Mode:
    mode = answers.table["mode"]
    return with_options(load_cloud(mode_names()[mode]).modes[mode], {})
