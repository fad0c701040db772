"""The shapes of a picture, the widest that a text can be in any font, and the sheet that they are laid out on.

A sheet is filled from top to bottom. Units are SVG's user units.
"""

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct

Anchor = Literal["start", "middle", "end"]
Tone = Literal["plain", "quiet", "warn"]

_ELLIPSIS = "\u2026"
_BOLD = 1.13
_MONOSPACE = 0.62
# Widths in em, not less than those of DejaVu Sans and Verdana: no font that browsers take by themselves is wider.
_WIDTHS = {
    **dict.fromkeys(" .,:;'|!ijlI/\\", 0.40),
    **dict.fromkeys('()[]{}-frt"`*', 0.53),
    **dict.fromkeys("acesvxyzkJ0123456789", 0.64),
    **dict.fromkeys("mwMWOQ@%&<>+=~#^_", 1.0),
}
_LETTER, _CAPITAL, _OTHER = 0.65, 0.80, 1.1
WIDTH = 640
MARGIN = 20
LEFT, RIGHT = MARGIN, WIDTH - MARGIN
INNER = RIGHT - LEFT


class Box(NamedTuple):
    """What a shape takes of the picture."""

    left: float
    top: float
    right: float
    bottom: float


class Text(NamedTuple):
    """One line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: int = 15
    anchor: Anchor = "start"
    is_code: bool = False
    is_strong: bool = False
    tone: Tone = "plain"

    @property
    def width(self) -> float:
        """The most that it can be wide."""
        return text_width(self.text, self.size, is_code=self.is_code, is_strong=self.is_strong)

    @property
    def box(self) -> Box:
        """What it takes of the picture at most."""
        left = self.x - self.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return Box(left, self.y - 0.95 * self.size, left + self.width, self.y + 0.28 * self.size)


class Area(NamedTuple):
    """A rectangle; `kind` is what it stands for, and decides its colors."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    radius: int = 0
    title: str = ""

    @property
    def box(self) -> Box:
        """What it takes of the picture."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


class Stroke(NamedTuple):
    """A line along a path, in SVG's own words; `kind` is what it stands for."""

    path: str
    kind: str
    box: Box


class Picture(Struct, frozen=True, kw_only=True):
    """Shapes in the order in which they are drawn, and the same in words."""

    width: int
    height: int
    title: str
    description: str
    shapes: tuple[Text | Area | Stroke, ...]


@lru_cache(maxsize=4096)
def text_width(text: str, size: int, *, is_code: bool = False, is_strong: bool = False) -> float:
    """Return the most that a text can be wide.

    >>> text_width("10.0.0.0/8", 10, is_code=True)
    62.0
    """
    if is_code and text.isascii():
        return round(len(text) * _MONOSPACE * size, 2)
    return round(sum(map(_em, text)) * size * (_BOLD if is_strong else 1), 2)


def fitting(text: str, room: float, size: int, *, is_strong: bool = False) -> str:
    """Return the text, or its beginning and an ellipsis where there is not the room for it.

    >>> fitting("a very long name", 60, 10)
    'a very l…'
    """
    if text_width(text, size, is_strong=is_strong) <= room:
        return text
    while text and text_width(text + _ELLIPSIS, size, is_strong=is_strong) > room:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


@lru_cache(maxsize=1024)
def wrapped(text: str, room: float, size: int, *, lines: int = 2) -> tuple[str, ...]:
    """Return the text broken between words into at most that many lines; a last one that is too long is cut."""
    words, broken = text.split(), [""]
    for word in words:
        longer = f"{broken[-1]} {word}".strip()
        if broken[-1] and len(broken) < lines and text_width(longer, size) > room:
            broken.append(word)
        else:
            broken[-1] = longer
    return tuple(fitting(line, room, size) for line in broken)


def _em(sign: str) -> float:
    if sign in _WIDTHS:
        return _WIDTHS[sign]
    if not sign.isascii():
        return 0.0 if unicodedata.combining(sign) else _OTHER
    return _CAPITAL if sign.isupper() else _LETTER


class Sheet:
    """Shapes so far, and how far down they reach."""

    def __init__(self) -> None:
        self.y: float = MARGIN
        self._shapes: list[Text | Area | Stroke | None] = []

    @property
    def shapes(self) -> tuple[Text | Area | Stroke, ...]:
        """Everything that was drawn, in its order."""
        return tuple(shape for shape in self._shapes if shape)

    def add(self, shape: Text | Area | Stroke) -> None:
        """Draw a shape over the shapes so far."""
        self._shapes.append(shape)

    def reserve(self) -> int:
        """Keep a place in the order for an area whose height is known after what lies on it."""
        self._shapes.append(None)
        return len(self._shapes) - 1

    def fill(self, place: int, area: Area) -> None:
        """Draw the area at the place that was kept."""
        self._shapes[place] = area
