"""Where in a TOML text each key stands, for messages: tomllib keeps no positions.

Reads lines, not TOML: the text was parsed before, so it is known to be well formed, and a key
that is not found (inside an inline table) falls back to the nearest one around it.
"""

import re
from collections.abc import Mapping
from itertools import accumulate

KeyPath = tuple[str, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=(.*)")


def key_lines(text: str) -> Mapping[KeyPath, int]:
    r"""Return the line, counted from 1, of each table header and key.

    >>> key_lines('a = 1\n[b.c]\nd = 2')
    {('a',): 1, ('b',): 2, ('b', 'c'): 2, ('b', 'c', 'd'): 3}
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
        elif match := _TABLE.fullmatch(line):
            table = _parts(match[1])
            _remember(lines, table, number)
        elif match := _KEY.match(line):
            _remember(lines, (*table, *_parts(match[1])), number)
            closing = _left_open(match[2])
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of the key, or of the nearest table around it, or 1."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _remember(lines: dict[KeyPath, int], path: KeyPath, number: int) -> None:
    for prefix in accumulate(((part,) for part in path), lambda a, b: (*a, *b)):
        lines.setdefault(prefix, number)
    lines[path] = number


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def _left_open(value: str) -> str:
    """Return the quotes of a multi-line string that this value opens and does not close."""
    for quotes in ('"""', "'''"):
        if value.lstrip().startswith(quotes) and value.count(quotes) == 1:
            return quotes
    return ""
