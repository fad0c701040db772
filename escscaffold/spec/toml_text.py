"""TOML as text: its tokens, where each key stands, and documents within bounds.

A file that a person writes never comes near the bounds. tomllib keeps no positions, and tomlkit keeps its tokens to
itself: a parser of its own would be the only way to a place or a layout.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import accumulate, takewhile
from typing import Any

from msgspec import Struct, field

KeyPath = tuple[str, ...]
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""A part of a key that needs no quotes."""

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
# Possessive, and with a string that has no end as one token: no text is read twice.
_TOKEN = re.compile(
    r'''(?P<string>"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}+|\Z)|\'\'\'(?:[^']|'(?!''))*+(?:'{3,5}+|\Z)'''
    r"""|"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?)"""
    r"|(?P<comment>#[^\r\n]*+)|(?P<line>\r?\n)|(?P<space>[ \t]++)|(?P<mark>[\[\]{},=])|(?P<bare>[^\s\[\]{},=#\"']++)",
    re.DOTALL,
)
_KEY_PART = re.compile(r"""("(?:[^"\\]|\\.)*+"|'[^']*+')|[^.]++""")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Token(Struct, frozen=True):
    """A word of TOML: a string, a comment, the end of a line, a mark, or what stands bare; and where it is."""

    kind: str
    text: str
    place: Place


class Statement(Struct):
    """What is on one line, or on several where a value goes on: a pair, a header, a comment, or nothing."""

    kind: str
    tokens: list[Token] = field(default_factory=list)

    @property
    def key(self) -> list[Token]:
        """The tokens of the key of a pair, or of the name of a table."""
        tokens = takewhile(lambda token: token.text != "=" and token.kind != "comment", self.tokens)
        return [token for token in tokens if token.kind != "mark"]

    @property
    def path(self) -> KeyPath:
        """The parts of the key of a pair, or of the name of a table."""
        parts: list[str] = []
        for token in self.key:
            if token.kind == "string":
                parts.append(_unquoted(token.text))
            else:
                parts += (part for part in token.text.split(".") if part)
        return tuple(parts)

    @property
    def is_list_header(self) -> bool:
        """Whether it is the header of one of a list of tables: `[[name]]`."""
        return self.kind == "header" and [token.text for token in self.tokens[:2]] == ["[", "["]


def statements_of(text: str) -> Iterator[Statement]:
    """Yield what is on each line of a text that is TOML."""
    statement, depth = Statement("blank"), 0
    for token in _tokens_of(text):
        if token.kind == "line" and not depth:
            yield statement
            statement = Statement("blank")
            continue
        if statement.kind == "blank":
            first = {"comment": "comment", "mark": "header"}
            statement.kind = first.get(token.kind, "pair")
        depth += (token.text in ("[", "{")) - (token.text in ("]", "}")) if token.kind == "mark" else 0
        statement.tokens.append(token)
    if statement.tokens:
        yield statement


def _tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, without the spaces between them."""
    line, begin = 1, 0
    for match in _TOKEN.finditer(text):
        assert match.lastgroup, "each alternative has a name"
        if match.lastgroup != "space":
            yield Token(match.lastgroup, match[0], (line, match.start() - begin + 1))
        if ends := match[0].count("\n"):
            line, begin = line + ends, match.start() + match[0].rindex("\n") + 1


def _unquoted(text: str) -> str:
    """Return the text of a string; one that TOML does not read stays as it is written."""
    with suppress(NotTomlError):
        return str(toml_value(text)) if "\\" in text else text[1:-1]
    return text[1:-1]


def key_places(text: str) -> Mapping[KeyPath, Place]:
    r"""Return the line and the column of each table header and key.

    >>> key_places('a = 1\n[b.c]\n  d = 2')
    {('a',): (1, 1), ('b',): (2, 2), ('b', 'c'): (2, 2), ('b', 'c', 'd'): (3, 3)}
    """
    places: dict[KeyPath, Place] = {}
    table: KeyPath = ()
    for statement in statements_of(text):
        if statement.kind not in ("header", "pair") or not statement.key:
            continue
        path = statement.path
        # What has more parts is no key of a document within bounds.
        if len(path) > MOST_PARTS:
            continue
        if statement.kind == "header":
            table = path
            _remember(places, path, statement.key[0].place)
        else:
            _remember(places, (*table, *path), statement.key[0].place)
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
    """Return the value that is in the text; raises NotTomlError where it is none, or more than one."""
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
    dots = 0
    for token in _tokens_of(text):
        dots = 0 if token.kind in ("mark", "line") else dots + token.text.count(".") if token.kind == "bare" else dots
        if dots >= MOST_PARTS:
            return token.place[0]
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
        if place := _beyond(value, (*path, str(key))):
            return place
    return None


def given_value(text: str) -> Any:
    """Return the text as the TOML value that it is, or else as text: `--set routes=exact` needs no quotes."""
    try:
        return toml_value(text)
    except NotTomlError:
        return text
