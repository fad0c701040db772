"""The one way in which a value becomes HCL."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

# A `for` after a brace begins an expression.
_IDENTIFIER = re.compile(r"(?!for\Z)[A-Za-z_][A-Za-z0-9_-]*")
_NAMED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def hcl(value: object) -> str:
    r"""Write a value as HCL, laid out as `terraform fmt` would.

    Text can never become an expression: `${` and `%{` are doubled, quotes and control
    characters escaped. Raises TypeError for anything that is not text, a number, a boolean,
    None, a list or a mapping.

    >>> print(hcl({"pods": "10.0.0.0/18", "db": 'say "${x}"'}))
    {
      pods = "10.0.0.0/18"
      db   = "say \"$${x}\""
    }
    >>> print(hcl([1, True, None]))
    [1, true, null]
    """
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return f'"{_escaped(value)}"'
        case Mapping():
            return "{\n" + "".join(_lines(value)) + "}" if value else "{}"
        case list() | tuple():
            return "[" + ", ".join(map(hcl, value)) + "]"
    raise TypeError(f"{type(value).__name__} has no form in HCL")


def _lines(values: Mapping[str, object]) -> Iterator[str]:
    """Yield each key with its value; those next to each other are aligned, as far as no value takes several lines."""
    pairs = [(key if _IDENTIFIER.fullmatch(key) else hcl(key), hcl(value)) for key, value in values.items()]
    for is_long, group in groupby(pairs, key=lambda pair: "\n" in pair[1]):
        aligned = list(group)
        width = 0 if is_long else max(len(key) for key, _ in aligned)
        yield from (f"  {key:<{width}} = {_indented(text)}\n" for key, text in aligned)


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    if not text.isprintable():  # most texts are, and their characters need no look
        plain = "".join(_NAMED.get(c) or (c if c.isprintable() else _code_point(c)) for c in text)
    return plain.replace("${", "$${").replace("%{", "%%{")


def _code_point(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
