"""Settings as the arguments of a variable's object, with the validations that Terraform makes of the same facts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from escscaffold.clouds.settings import Setting
from escscaffold.rendering.hcl import hcl

_TYPES = {
    "number": "number",
    "text": "string",
    "switch": "bool",
    "texts": "list(string)",
    "ranges": "set(string)",
}


def settings_rows(variable: str, settings: Mapping[str, Setting]) -> list[dict[str, Any]]:
    """Return each setting as an argument of `variable`, by alphabet: name, type, default, purpose and checks."""
    return [
        {
            "name": name,
            "type": _TYPES[one.kind],
            "default": one.default,
            "purpose": one.purpose,
            "checks": [{"condition": c, "message": m} for c, m in _checks(variable, one)],
        }
        for name, one in sorted(settings.items())
    ]


def _checks(variable: str, one: Setting) -> Iterator[tuple[str, str]]:
    """Yield the condition, as an expression in HCL, and the message of each validation."""
    value = f"var.{variable}.{one.name}"
    example = hcl(one.example or one.default) if one.example or one.default is not None else ""
    yield from _of_value(value, one, example)
    if one.at_most:
        yield f"{value} <= var.{variable}.{one.at_most}", f"The {one.name} must be no more than {one.at_most}."
    for other, words in one.only_with.items():
        yield (
            f"{value} == {hcl(one.default)} || {_one_of(words, f'var.{variable}.{other}')}",
            f"The {one.name} must be {hcl(one.default)} unless {other} is {' or '.join(words)}.",
        )
    for other, words in one.needed_with.items():
        needed = _one_of(words, f"var.{variable}.{other}")
        yield (
            f"({needed}) == ({value} != null)",
            f"The {one.name} goes with {other} = {' or '.join(words)}, and with nothing else.",
        )


def _of_value(value: str, one: Setting, example: str) -> Iterator[tuple[str, str]]:
    for test, message in _tests(one, example):
        if one.kind == "texts":
            yield f"alltrue([for one in {value} : {test.format('one')}])", message
        elif one.kind == "ranges":
            yield f"alltrue([for cidr in {value} : {test.format('cidr')}])", message
        elif one.default is None:
            yield f"{value} == null ? true : {test.format(value)}", message
        else:
            yield test.format(value), message


def _tests(one: Setting, example: str) -> Iterator[tuple[str, str]]:
    """Yield each test with `{}` in the place of the value, and what would be right."""
    if one.choices:
        words = " or ".join(filter(None, (", ".join(one.choices[:-1]), one.choices[-1])))
        yield _one_of(one.choices, "{}"), f"The {one.name} must be {words}."
    if one.pattern:
        pattern = hcl(f"^{one.pattern}$").replace("{", "{{").replace("}", "}}")
        yield f"can(regex({pattern}, {{}}))", f"The {one.name} must be like {example.strip('[]')}."
    if one.least is not None and one.most is not None:
        test = f"{{0}} >= {one.least} && {{0}} <= {one.most}"
        yield test, f"The {one.name} must be {one.least} to {one.most}."
    elif one.least is not None:
        yield f"{{}} >= {one.least}", f"The {one.name} must be {one.least} or more."
    if one.kind == "ranges":
        yield (
            "try(can(cidrnetmask({0})) && cidrsubnet({0}, 0, 0) == {0}, false)",
            f"Each of the {one.name} must be an IPv4 range without host bits, such as 198.51.100.0/24.",
        )


def _one_of(words: Sequence[str], value: str) -> str:
    """Return the expression that asks whether a value is one of the words."""
    return f"contains({hcl(words)}, {value})" if len(words) > 1 else f"{value} == {hcl(words[0])}"
