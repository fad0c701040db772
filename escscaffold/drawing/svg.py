"""A picture as SVG: no script, nothing from outside, and text that can be nothing but text."""

from collections.abc import Iterator

from escscaffold.drawing.palette import style_sheet
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
