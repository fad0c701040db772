"""TOML within bounds, and where in a text each key stands, for messages.

A file that a person writes never comes near the bounds; tomllib keeps no positions.
"""

import re
import tomllib
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

KeyPath = tuple[str, ...]

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\]|\\.)*+"|'[^']*+')"""
_DOTTED = rf"{_PART}(?:\s*+\.\s*+{_PART})*+"
_TABLE = re.compile(rf"\s*+\[\[?+\s*+({_DOTTED})\s*+\]\]?+\s*+(?:#.*+)?+")
_KEY = re.compile(rf"\s*+({_DOTTED})\s*+=(.*+)")


Place = tuple[int, int]
"""Line and column, counted from 1."""
DEEPEST = 32
"""Tables and lists within one another; a spec has five."""
MOST_PARTS = 32
"""Parts of a dotted key."""
LONGEST_KEY = 1_000
"""Characters of one part of a key."""
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
# Any line with so many dots that one of its keys may have too many parts. Possessive, so that no line is read twice.
_SUSPICIOUS = re.compile(rf"^(?:[^.\n]*+\.){{{MOST_PARTS}}}", re.MULTILINE)
# What stands between the keys of a text: strings and comments are passed by as a whole.
_PIECE = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)|\'\'\'(?:[^']|'(?!''))*+(?:\'\'\'|\Z)'''
    r"""|"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?|\#[^\n]*+|[\[\]{},=\n]|\.|[^"'\#\[\]{},=\n.]++""",
    re.DOTALL,
)
_KEY_PART = re.compile(r"""("(?:[^"\\]|\\.)*+"|'[^']*+')|[^.]++""")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


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


class NotTomlError(ValueError):
    """The text is not TOML that is read here; `line` and `column` are where it stops being it, where that is known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def toml_document(text: str) -> dict[str, Any]:
    """Return the tables of a text; raises NotTomlError, also for what is beyond the bounds."""
    if _SUSPICIOUS.search(text) and (line := _line_of_many_parts(text)):
        raise NotTomlError(f"a key has more than {MOST_PARTS} parts", line)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _explained(str(error)) from None
    except RecursionError:
        raise NotTomlError(f"it is nested more than {DEEPEST} deep") from None
    except ValueError:
        raise NotTomlError("a number has too many digits") from None
    if not _is_within(document) and (beyond := _beyond(document)):
        path, reason = beyond
        raise NotTomlError(reason, *place_of(key_places(text), path))
    return document


def toml_value(text: str) -> Any:
    """Return the value that stands in the text; raises NotTomlError where it is none, or more than one."""
    if "\n" in text or "\r" in text:
        raise NotTomlError("a value must be on one line")
    document = toml_document(f"value = {text}")
    return document["value"]


def key_path(text: str) -> KeyPath:
    """Return the parts of a dotted key as a person types it; a part in quotes may hold dots.

    Raises NotTomlError for an empty part, and for more parts than a key may have.

    >>> key_path('reserved."office.berlin"')
    ('reserved', 'office.berlin')
    """
    parts: list[str] = []
    at = 0
    while True:
        part = _KEY_PART.match(text, at)
        if part is None:
            raise NotTomlError("a part of the key is empty")
        parts.append(str(toml_value(part[0])) if part[1] else part[0])
        if len(parts) > MOST_PARTS or len(part[0]) > LONGEST_KEY:
            raise NotTomlError(f"a key has at most {MOST_PARTS} parts of {LONGEST_KEY:,} characters")
        at = part.end()
        if at == len(text):
            return tuple(parts)
        if text[at] != ".":
            raise NotTomlError("a part in quotes ends at a dot")
        at += 1


def _explained(message: str) -> NotTomlError:
    place = _PLACE.search(message)
    if place is None:
        return NotTomlError(message)
    words = message[: place.start()]
    words = words[0].lower() + words[1:]
    if place[1] is None:
        return NotTomlError(f"{words} at its end")
    return NotTomlError(words, int(place[1]), int(place[2]))


def _line_of_many_parts(text: str) -> int | None:
    line, dots = 1, 0
    for piece in _PIECE.finditer(text):
        found = piece[0]
        dots = dots + 1 if found == "." else 0 if found in ("[", "]", "{", "}", ",", "=", "\n") else dots
        if dots >= MOST_PARTS:
            return line
        line += found.count("\n")
    return None


def _is_within(document: dict[str, Any]) -> bool:
    """Whether nothing is beyond the bounds, level by level: a document may be nested deeper than Python calls."""
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for home in level:
            if isinstance(home, list):
                inner += home
            elif any(len(key) > LONGEST_KEY for key in home):
                return False
            else:
                inner += home.values()
        if any(type(value) is int and not _LEAST <= value <= _MOST for value in inner):
            return False
        level = [value for value in inner if isinstance(value, (dict, list))]
        if not level:
            return True
    return False


def _beyond(home: Any, path: KeyPath = ()) -> tuple[KeyPath, str] | None:
    """Return the key of the first thing that is beyond the bounds, and what is wrong with it."""
    if type(home) is int and not _LEAST <= home <= _MOST:
        return path, "a whole number is beyond the 64 bits of TOML"
    if len(path) > DEEPEST:
        return path, f"it is nested more than {DEEPEST} deep"
    items = home.items() if isinstance(home, dict) else enumerate(home) if isinstance(home, list) else ()
    for key, value in items:
        if isinstance(key, str) and len(key) > LONGEST_KEY:
            return path, f"the key {key[:20]}... is longer than {LONGEST_KEY:,} characters"
        if found := _beyond(value, (*path, str(key))):
            return found
    return None


def given_value(text: str) -> Any:
    """Return the text as the TOML value that it is, or else as text: `--set routes=exact` needs no quotes."""
    try:
        return toml_value(text)
    except NotTomlError:
        return text
