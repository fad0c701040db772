"""Values to try for an argument, from its name, its description and what the provider said of a refused value.

It decides the order in which values are tried. It does not know which of them a provider accepts.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct, convert, field

from tools.provider_facts.patterns import examples
from tools.provider_facts.schema import Argument, Type
from tools.provider_facts.values import Value

_AT_MOST = 60  # values tried for one argument
_MOST_ALLOWED = 20

_LISTED = re.compile(r"(?:one of|in|valid values)\b[^\[\]]{0,40}\s\[([^\[\]]+)\]", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"(?:(?:valid|allowed|possible|supported|acceptable) values?|one of|either)[^\n.]{0,300}", re.IGNORECASE
)
_QUOTED = re.compile(r"[`\"']([\w.:/ -]+)[`\"']")
_LIMITS = (
    re.compile(r"(?:range \(|between )(-?\d+)(?: - | and |-)(-?\d+)"),
    re.compile(r"at least \(?(\d+)"),
    re.compile(r"divisible by (\d+)"),
)
# An id of Azure: "Expected a Workspace ID that matched (containing 8 segments): > /subscriptions/... ".
_MATCHED = re.compile(r"\bmatched \(containing \d+ segments\):\s*>?\s*(/[\w/.-]+)")
_BEGINNING = re.compile(r"(?:begin|start)s? with (?:either )?[`'\"]?([\w/.:-]+?)[`'\"]?(?:[\s,.)]|$)", re.IGNORECASE)
_EXPRESSION = re.compile(r"(?:regular expression|matching) (?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|(\^\S+\$)|(\S+)\))")


class Shape(Struct, frozen=True, forbid_unknown_fields=True):
    """Values of one form, and when to try them."""

    values: tuple[Value, ...]
    name: str | None = None
    told: str | None = None
    widened: str = ""
    narrowed: str = ""
    raised: str = ""
    lowered: str = ""


class Pair(Struct, frozen=True):
    """One value, another one, and more values that stand in a relation to the first, by the change's letter."""

    first: Value
    other: Value
    related: Mapping[str, Value] = field(default_factory=dict)


@cache
def _shapes() -> Mapping[str, tuple[Shape, ...]]:
    text = Path(__file__).with_name("values.toml").read_text(encoding="utf-8")
    return convert(tomllib.loads(text), dict[str, tuple[Shape, ...]])


def allowed(told: str) -> list[str]:
    """Return the values that a refusal names: `expected x to be one of ["a" "b"]`, or without quotes."""
    for found in _LISTED.finditer(told):
        inner = found.group(1).replace('\\"', '"')
        if '"' in inner:
            return [json.loads(f'"{text}"') for text in re.findall(r'"([^"\\]*)"', inner)][:_MOST_ALLOWED]
        return [text for text in re.split(r"[ ,]+", inner) if text][:_MOST_ALLOWED]
    return []


def names_an_id(told: str) -> bool:
    """Return whether a refusal shows an id of the form that is demanded."""
    return bool(_MATCHED.search(told))


def demanded(told: str) -> list[str]:
    """Return the values that a refusal names, or else those of the forms that it names: `not valid RFC3339`."""
    return allowed(told) or [value for shape in _named_shapes(told) for value in shape.values if isinstance(value, str)]


def _named_shapes(told: str) -> list[Shape]:
    """Return the forms of text that a refusal names."""
    return [shape for shape in _shapes()["text"] if shape.told and re.search(shape.told, told, re.IGNORECASE)]


def pairs(argument: Argument, told: str = "") -> list[Pair]:
    """Return pairs of values to try for an argument that is no block, the likeliest first; `told` is a refusal."""
    return list(islice(_unique(_pairs(argument.name, argument.type, argument.description, told)), _AT_MOST))


def made_up(name: str, kind: Type) -> Value:
    """Return a value for a computed argument."""
    return next(_pairs(name, kind, "", "")).first if kind != "bool" else False


def _unique(found: Iterator[Pair]) -> Iterator[Pair]:
    seen = set()
    for pair in found:
        key = repr((pair.first, pair.other))
        if key not in seen:
            seen.add(key)
            yield pair


def _pairs(name: str, kind: Type, description: str, told: str) -> Iterator[Pair]:
    match kind:
        case "bool":
            yield Pair(True, False)
        case "number":
            yield from _numbers(name, told)
        case "string":
            yield from _texts(name, description, told)
        case ["list" | "set", inner]:
            for pair in _pairs(name, inner, description, told):
                both = [pair.first, pair.other] if pair.first != pair.other else [pair.first]
                yield Pair([pair.first], [pair.other], {"w": both})
        case ["map", inner]:
            for pair in _pairs(name, inner, description, told):
                yield Pair({"one": pair.first}, {"one": pair.other})
        case ["object", members, *_]:
            firsts = {key: next(_pairs(key, of, "", told)) for key, of in members.items()}
            yield Pair({k: p.first for k, p in firsts.items()}, {k: p.other for k, p in firsts.items()})
            yield Pair(dict.fromkeys(members), {k: p.other for k, p in firsts.items()})
        case ["tuple", inner]:
            firsts_of = [next(_pairs(name, of, "", told)) for of in inner]
            yield Pair([p.first for p in firsts_of], [p.other for p in firsts_of])
        case _:  # "dynamic" carries its type
            yield Pair([b'"string"', "one"], [b'"string"', "other"])


def _texts(name: str, description: str, told: str) -> Iterator[Pair]:
    shapes = _shapes()["text"]
    named = next((shape for shape in shapes if shape.name and re.search(shape.name, name)), None)
    listed = allowed(told) or allowed_by(description)
    if told:
        yield from _two_by_two(listed)
        for expression in _EXPRESSION.finditer(told):
            text = next(group for group in expression.groups() if group is not None)
            if expression.group(1) is not None:
                text = text.replace("\\\\", "\\")
            yield from _two_by_two(examples(text))
        for found in _MATCHED.finditer(told):
            yield Pair(found.group(1), f"{found.group(1)}2")
        for found in _BEGINNING.finditer(told):
            yield Pair(f"{found.group(1)}0123456789abcdef0", f"{found.group(1)}0123456789abcdef1")
    elif len(listed) == 1:
        # A description often names the default alone.
        yield Pair(listed[0], "other")
    else:
        yield from _two_by_two(listed)
    if named:
        yield from _of_shape(named)
    stem = name.removesuffix("s")
    if stem.endswith("_id"):
        prefix = stem.removesuffix("_id").rpartition("_")[2]
        yield Pair(f"{prefix}-0123456789abcdef0", f"{prefix}-0123456789abcdef1")
    yield Pair("one", "other")
    if told:
        for shape in _named_shapes(told):
            yield from _of_shape(shape)
        for shape in shapes:
            yield from _of_shape(shape)


def _of_shape(shape: Shape) -> Iterator[Pair]:
    letters = {"w": shape.widened, "n": shape.narrowed, "u": shape.raised, "d": shape.lowered}
    related = {letter: value for letter, value in letters.items() if value}
    for number, pair in enumerate(_two_by_two(list(shape.values))):
        yield Pair(pair.first, pair.other, related if number == 0 else {})


def _two_by_two(values: list[Any]) -> Iterator[Pair]:
    if len(values) == 1:
        yield Pair(values[0], values[0])
    for first, other in zip(values[::2], values[1::2], strict=False):
        yield Pair(first, other)


def _numbers(name: str, told: str) -> Iterator[Pair]:
    for text in allowed(told):
        if re.fullmatch(r"-?\d+", text):
            numbers = [int(n) for n in allowed(told) if re.fullmatch(r"-?\d+", n)]
            yield _rising(numbers[0], numbers[1]) if len(numbers) > 1 else Pair(numbers[0], numbers[0])
            break
    for limit in _LIMITS:
        for found in limit.finditer(told):
            low = int(found.group(1))
            high = int(found.group(2)) if len(found.groups()) > 1 else low * 2 or 1
            yield _rising(low, min(low + 1, high) if len(found.groups()) > 1 else high)
    for shape in _shapes()["number"]:
        if shape.name is None or re.search(shape.name, name):
            for first, other in zip(shape.values[::2], shape.values[1::2], strict=True):
                yield _rising(first, other)


def _rising(first: int, other: int) -> Pair:
    """Return two numbers, of which the way from the first to the other is up."""
    return Pair(first, other, {"u": other} if other > first else {})


def allowed_by(description: str) -> list[str]:
    """Return the values that an argument's description names."""
    for found in _DESCRIBED.finditer(description):
        values = [text for text in _QUOTED.findall(found.group()) if text.strip()]
        if values:
            return values[:_MOST_ALLOWED]
    return []
