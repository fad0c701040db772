"""Every regular expression of the package and of the facts, and text that is made to be hard for it.

For each repetition of an expression the text is what leads to it, what it repeats many times, and
something that makes the whole fail: where two ways through the text exist, all of them are tried.
"""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import signature
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import escscaffold
from escscaffold.clouds.fact_files import cloud_names, load_cloud, load_kurrent

PACKAGE = Path(escscaffold.__file__).parent
_FUNCTIONS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub")
_SIGNS = " \n.a0_-A"
"""Signs of each sort; those that stand in an expression are tried besides."""


@dataclass(frozen=True)
class Use:
    """An expression, and one of the ways in which it is applied."""

    where: str
    pattern: re.Pattern[str]
    function: str

    def run(self, text: str) -> object:
        """Apply it to the text, as the package does."""
        if self.function == "sub":
            return self.pattern.sub("", text)
        result = getattr(self.pattern, self.function)(text)
        return sum(1 for _ in result) if self.function == "finditer" else result


MODULES = sorted(
    ".".join(("escscaffold", *file.relative_to(PACKAGE).with_suffix("").parts)) for file in PACKAGE.rglob("*.py")
)


@cache
def uses_in(module: str) -> tuple[Use, ...]:
    """Return each expression of one of the package's modules as it is used there."""
    return tuple(_uses_in(module))


def _uses_in(module: str) -> Iterator[Use]:
    source = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py").read_text(encoding="utf-8")
    if "re." in source:
        yield from _written_in_calls(module, source)
    if "re.compile" in source:
        yield from _compiled(module, vars(import_module(module.removesuffix(".__init__"))), source)


def uses_of_facts() -> Iterator[Use]:
    """Yield those that the facts have for values."""
    yield from (Use(where, re.compile(text), "fullmatch") for where, text in _of_facts())


def _compiled(module: str, values: Mapping[str, Any], source: str) -> Iterator[Use]:
    for name, value in values.items():
        functions = sorted(set(re.findall(rf"\b{re.escape(name)}\.({'|'.join(_FUNCTIONS)})\b", source)))
        # The scanner of HCL keeps the function that it calls for each token.
        functions += re.findall(rf"\.({'|'.join(_FUNCTIONS)}) for \w+ in {re.escape(name)}\(", source)
        for number, pattern in enumerate(_patterns_in(_compiled_late(value, module))):
            # Of those in a table it is not seen how they are used: in each of the ways that the module knows.
            used = functions or sorted(set(re.findall(rf"\w\.({'|'.join(_FUNCTIONS)})\(", source)))
            for function in used or ("search",):
                yield Use(f"{module}.{name}[{number}]", pattern, function)


def _compiled_late(value: Any, module: str) -> Any:
    """Return the patterns that a function of this module compiles when they are used first."""
    function = getattr(value, "__wrapped__", None)
    is_late = function is not None and function.__module__ == module and "Pattern" in str(function.__annotations__)
    return value() if is_late and not signature(function).parameters else value


def _patterns_in(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from _patterns_in(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _patterns_in(one)


def _written_in_calls(module: str, source: str) -> Iterator[Use]:
    for node in ast.walk(ast.parse(source)):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
        if is_call and isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
            text = node.args[0]
            if node.func.attr in _FUNCTIONS and isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield Use(f"{module}:{node.lineno}", re.compile(text.value), node.func.attr)


def _of_facts() -> Iterator[tuple[str, str]]:
    found: dict[str, str] = {}
    for cloud in map(load_cloud, cloud_names()):
        found |= {cloud.tags.key_pattern: f"{cloud.name} tags", cloud.tags.value_pattern: f"{cloud.name} tags"}
        for mode in cloud.modes.values():
            found |= {facts.pattern: f"{mode.name} existing" for facts in mode.existing.values()}
            found |= {one.pattern: f"{mode.name} {one.name}" for one in mode.kubernetes.values() if one.pattern}
    found |= {facts.pattern: "kurrent existing" for facts in load_kurrent().existing.values()}
    yield from ((where, text) for text, where in found.items() if text)


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what leads to a repetition, what is repeated, and what makes it fail."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    seen: set[tuple[str, str, str]] = set()
    signs = [*_SIGNS, *sorted({sign for sign in pattern.pattern if sign not in _SIGNS and not sign.isalnum()})]
    for before, body in _repetitions(list(tree), ""):
        for unit in _units(body, signs, pattern.flags):
            # Where a search begins at many places, what leads to the repetition is repeated as well.
            again = [("", f"{sign}{before}{unit}") for sign in ("", " ", "-", ".")] if before else []
            for lead, many in ((before, unit), *again):
                for after in ("", "\0", "\n\0"):
                    if (lead, many, after) not in seen:
                        seen.add((lead, many, after))
                        yield lead, many, after


def _repetitions(items: list[Any], before: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield each repetition without a small end, with a shortest text that leads to it."""
    for kind, value in items:
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            _, most, body = value
            if most > 100:
                yield before, list(body)
            yield from _repetitions(list(body), before)
        elif kind is kinds.SUBPATTERN:
            yield from _repetitions(list(value[3]), before)
        elif kind is kinds.ATOMIC_GROUP:
            yield from _repetitions(list(value), before)
        elif kind is kinds.BRANCH:
            for branch in value[1]:
                yield from _repetitions(list(branch), before)
        elif kind in (kinds.ASSERT, kinds.ASSERT_NOT):
            yield from _repetitions(list(value[1]), before)
        before += _shortest([(kind, value)])


def _units(body: list[Any], signs: list[str], flags: int) -> list[str]:
    """Return what the body of a repetition can be: every sign of those that matter, or a shortest text of it."""
    first = [sign for sign in signs if len(body) == 1 and _takes(body[0], sign, flags)]
    branches = [_shortest(list(branch)) for kind, value in _inside(body) if kind is kinds.BRANCH for branch in value[1]]
    inner = [text for _, deeper in _repetitions(body, "") for text in _units(deeper, signs, flags)]
    return list(dict.fromkeys(text for text in (*first, _shortest(body), *branches, *inner) if text))


def _inside(body: list[Any]) -> Iterator[tuple[Any, Any]]:
    for kind, value in body:
        yield kind, value
        if kind is kinds.SUBPATTERN:
            yield from _inside(list(value[3]))


def _takes(item: Any, sign: str, flags: int) -> bool:
    kind, value = item
    if kind is kinds.ANY:
        return sign != "\n" or bool(flags & re.DOTALL)
    if kind is kinds.LITERAL:
        return bool(chr(value) == sign)
    if kind is kinds.NOT_LITERAL:
        return bool(chr(value) != sign)
    return kind is kinds.IN and _in_class(value, sign)


def _in_class(items: Any, sign: str) -> bool:
    found, negated = False, False
    for kind, value in items:
        if kind is kinds.NEGATE:
            negated = True
        elif kind is kinds.LITERAL:
            found |= chr(value) == sign
        elif kind is kinds.RANGE:
            found |= value[0] <= ord(sign) <= value[1]
        elif kind is kinds.CATEGORY:
            found |= _in_category(value, sign)
    return found != negated


def _in_category(category: Any, sign: str) -> bool:
    name = str(category)
    holds = sign.isspace() if "SPACE" in name else sign.isdigit() if "DIGIT" in name else sign.isalnum() or sign == "_"
    return holds != ("NOT" in name)


def _shortest(items: list[Any]) -> str:
    """Return a short text that the items match, or nearly so."""
    text = ""
    for kind, value in items:
        if kind is kinds.LITERAL:
            text += chr(value)
        elif kind in (kinds.ANY, kinds.NOT_LITERAL):
            text += "a"
        elif kind is kinds.IN:
            text += next((s for s in ["a", "0", *string.printable] if _in_class(value, s)), "a")
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            text += _shortest(list(value[2])) * value[0]
        elif kind is kinds.SUBPATTERN:
            text += _shortest(list(value[3]))
        elif kind is kinds.ATOMIC_GROUP:
            text += _shortest(list(value))
        elif kind is kinds.BRANCH:
            text += _shortest(list(value[1][0]))
    return text
