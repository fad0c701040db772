"""A picture as SVG, with the colours of light and dark: no script, nothing from outside, and text that is only text.

A test computes every contrast that there is.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct

from escscaffold.drawing.shapes import MARGIN, Area, Picture, Stroke, Text

_ANCHORS = {"start": "", "middle": "m", "end": "e"}


def svg_file(picture: Picture) -> str:
    """Return a whole SVG document; the same picture gives the same bytes."""
    size = f'width="{picture.width}" height="{picture.height}" viewBox="0 0 {picture.width} {picture.height}"'
    return "\n".join([*_opening(picture, "", size), f"  <style>{style_sheet()}</style>", *_rest(picture)])


def svg_element(picture: Picture, prefix: str) -> str:
    """Return an `<svg>` for a page that has a style and a margin; `prefix` keeps its ids apart from others."""
    inner = MARGIN - 2  # lines have a width
    view = f'viewBox="{inner} {inner} {picture.width - 2 * inner} {picture.height - 2 * inner}"'
    return "\n".join([*_opening(picture, prefix, view), *_rest(picture)])


def _opening(picture: Picture, prefix: str, size: str) -> list[str]:
    title, description = f"{prefix}title", f"{prefix}desc"
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="{title} {description}">',
        f'  <title id="{title}">{text_only(picture.title)}</title>',
        f'  <desc id="{description}">{text_only(picture.description)}</desc>',
    ]


def _rest(picture: Picture) -> Iterator[str]:
    for shape in picture.shapes:
        yield f"  {_element(shape)}"
    yield "</svg>\n"


def _element(shape: Text | Area | Stroke) -> str:
    if isinstance(shape, Stroke):
        return f'<path class="{shape.kind}" d="{shape.path}"/>'
    if isinstance(shape, Text):
        names = (shape.tone.replace("plain", ""), "c" * shape.is_code, "b" * shape.is_strong, _ANCHORS[shape.anchor])
        kind = " ".join(filter(None, names))
        styled = f' class="{kind}"' if kind else ""
        return f'<text x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size}"{styled}>{text_only(shape.text)}</text>'
    round_ = f' rx="{shape.radius}"' if shape.radius else ""
    place = f'x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}"'
    whole = f'<rect class="{shape.kind}" {place}{round_}'
    return f"{whole}><title>{text_only(shape.title)}</title></rect>" if shape.title else f"{whole}/>"


def text_only(text: str) -> str:
    r"""Return the text as XML's character data; what XML cannot hold, or steers a reader's eye, is shown as a mark.

    >>> text_only("<b>&\x1b")
    '&lt;b&gt;&amp;�'
    """
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    # xml.sax.saxutils does the same, and to import it is to import what speaks to the network.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Look(Struct, frozen=True, kw_only=True):
    """How one kind of area looks in one scheme."""

    fill: str
    line: str = ""
    dashes: str = ""


class Scheme(Struct, frozen=True, kw_only=True):
    """All colours of light, or of dark."""

    text: Mapping[str, str]
    areas: Mapping[str, Look]
    strokes: Mapping[str, str]


LIGHT = Scheme(
    text={"plain": "#17202b", "quiet": "#4c5866", "warn": "#a40e26"},
    areas={
        "paper": Look(fill="#ffffff"),
        "network": Look(fill="#f4f7fb", line="#5f7187"),
        "cluster": Look(fill="#f4f7fb", line="#6f7c8b", dashes="5 4"),
        "routed": Look(fill="#d7e7ff", line="#2f6fd0"),
        "cut-off": Look(fill="#ffdedb", line="#c4302b"),
        "beside": Look(fill="#e8e0f7", line="#7351b8"),
        "hidden": Look(fill="#e7ebf0", line="#6f7c8b"),
        "kurrent": Look(fill="#d3f0dd", line="#1f8246"),
        "peering": Look(fill="#ffffff", line="#17202b"),
        "free": Look(fill="#ffffff", line="#6f7c8b", dashes="2 3"),
        "growth": Look(fill="#eef5ff", line="#2f6fd0", dashes="4 3"),
        "reserved": Look(fill="#fde7bf", line="#9a6200"),
        "clash": Look(fill="#ffdedb", line="#c4302b"),
    },
    strokes={"way": "#17202b", "broken": "#c4302b", "mark": "#4c5866"},
)
DARK = Scheme(
    text={"plain": "#eef3f9", "quiet": "#b3bfcd", "warn": "#ff9d96"},
    areas={
        "paper": Look(fill="#0f141b"),
        "network": Look(fill="#171e28", line="#7f90a6"),
        "cluster": Look(fill="#171e28", line="#7f90a6", dashes="5 4"),
        "routed": Look(fill="#16375f", line="#6ea6f5"),
        "cut-off": Look(fill="#56201f", line="#f0807a"),
        "beside": Look(fill="#392b5a", line="#a98fe3"),
        "hidden": Look(fill="#2a323d", line="#8b98a8"),
        "kurrent": Look(fill="#143f28", line="#5cc286"),
        "peering": Look(fill="#0f141b", line="#eef3f9"),
        "free": Look(fill="#0f141b", line="#8b98a8", dashes="2 3"),
        "growth": Look(fill="#152233", line="#6ea6f5", dashes="4 3"),
        "reserved": Look(fill="#4a3512", line="#d9a441"),
        "clash": Look(fill="#56201f", line="#f0807a"),
    },
    strokes={"way": "#eef3f9", "broken": "#f0807a", "mark": "#b3bfcd"},
)


@cache
def style_sheet() -> str:
    """Return the style of a picture: light, and dark where the reader prefers it."""
    common = (
        "text{font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif}"
        ".c{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}"
        ".b{font-weight:600}.m{text-anchor:middle}.e{text-anchor:end}path{fill:none;stroke-width:2}"
    )
    dashes = "".join(f".{kind}{{stroke-dasharray:{look.dashes}}}" for kind, look in LIGHT.areas.items() if look.dashes)
    return f"{common}{dashes}{_colours(LIGHT)}@media(prefers-color-scheme:dark){{{_colours(DARK)}}}"


def _colours(scheme: Scheme) -> str:
    rules = [f"text{{fill:{scheme.text['plain']}}}"]
    rules += [f".{tone}{{fill:{colour}}}" for tone, colour in scheme.text.items() if tone != "plain"]
    rules += [
        f".{kind}{{fill:{look.fill}{f';stroke:{look.line}' if look.line else ''}}}"
        for kind, look in scheme.areas.items()
    ]
    rules += [f".{kind}{{stroke:{colour}}}" for kind, colour in scheme.strokes.items()]
    return "".join(rules)
