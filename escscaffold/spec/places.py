"""Where in a TOML text each key stands, for messages: tomllib keeps no positions.

Reads lines, not TOML: the text was parsed before, so it is known to be well formed, and a key
that is not found (inside an inline table) falls back to the nearest one around it.
"""

import re
from collections.abc import Mapping
from itertools import accumulate

KeyPath = tuple[str, ...]

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\]|\\.)*+"|'[^']*+')"""
_DOTTED = rf"{_PART}(?:\s*+\.\s*+{_PART})*+"
_TABLE = re.compile(rf"\s*+\[\[?+\s*+({_DOTTED})\s*+\]\]?+\s*+(?:#.*+)?+")
_KEY = re.compile(rf"\s*+({_DOTTED})\s*+=(.*+)")


Place = tuple[int, int]
"""Line and column, counted from 1."""


def key_places(text: str) -> Mapping[KeyPath, Place]:
    r"""Return the line and the column of each table header and key.

    >>> key_places('a = 1\n[b.c]\n  d = 2')
    {('a',): (1, 1), ('b',): (2, 2), ('b', 'c'): (2, 2), ('b', 'c', 'd'): (3, 3)}
    """
    places: dict[KeyPath, Place] = {}
    table: KeyPath = ()
    closing = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:
            closing = "" if closing in line else closing
        elif match := _TABLE.fullmatch(line):
            table = _parts(match[1])
            _remember(places, table, (number, match.start(1) + 1))
        elif match := _KEY.match(line):
            _remember(places, (*table, *_parts(match[1])), (number, match.start(1) + 1))
            closing = _left_open(match[2])
    return places


def lines_of(text: str) -> list[str]:
    r"""Return the lines with their ends, as TOML has them: other signs that end a line elsewhere are text here.

    >>> lines_of("a\u2028b\nc")
    ['a\u2028b\n', 'c']
    """
    *whole, rest = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([rest] if rest else [])]


def place_of(places: Mapping[KeyPath, Place], path: KeyPath) -> Place:
    """Return the place of the key, or of the nearest table around it, or the begin of the text."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, (1, 1))


def place_in(source: str, place: Place) -> str:
    """Return a place as editors and terminals find it."""
    line, column = place
    return f"{source}:{line}:{column}"


def _remember(places: dict[KeyPath, Place], path: KeyPath, place: Place) -> None:
    for prefix in accumulate(((part,) for part in path), lambda a, b: (*a, *b)):
        places.setdefault(prefix, place)
    places[path] = place


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def _left_open(value: str) -> str:
    """Return the quotes of a multi-line string that this value opens and does not close."""
    for quotes in ('"""', "'''"):
        if value.lstrip().startswith(quotes) and value.count(quotes) == 1:
            return quotes
    return ""
