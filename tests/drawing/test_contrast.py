"""Every text can be read on whatever it stands on, by day and by night: WCAG 2.2, level AA."""

import pytest

from escscaffold.drawing.layout import picture_of
from escscaffold.drawing.shapes import Area, Text
from escscaffold.drawing.svg import DARK, LIGHT, Scheme, style_sheet
from tests.drawing.crowds import SPECS, topology

SCHEMES = {"light": LIGHT, "dark": DARK}
TEXT_AT_LEAST, LINE_AT_LEAST = 4.5, 3.0


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_formula_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == 21
    # https://www.w3.org/WAI/WCAG22/Techniques/general/G18 tells of this grey that it just passes on white.
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def pairs() -> set[tuple[str, str]]:
    """The tone of each text of the pictures, with the kind of the topmost area that it stands on."""
    found = set()
    for name in SPECS:
        below: list[Area] = []
        for shape in picture_of(topology(name)).shapes:
            if isinstance(shape, Area):
                below.append(shape)
            elif isinstance(shape, Text):
                found.add((shape.tone, next(a.kind for a in reversed(below) if is_on(shape, a))))
    return found


def is_on(text: Text, area: Area) -> bool:
    return area.box.left <= text.x <= area.box.right and area.box.top <= text.y <= area.box.bottom


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_text_stands_out(scheme: Scheme) -> None:
    known = pairs()

    assert {("plain", "routed"), ("plain", "free"), ("warn", "cut-off"), ("quiet", "network")} <= known
    for tone, kind in known:
        ratio = contrast(scheme.text[tone], scheme.areas[kind].fill)
        assert ratio >= TEXT_AT_LEAST, f"{tone} on {kind}: {ratio:.2f}"


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_edges_and_ways_stand_out_from_the_paper(scheme: Scheme) -> None:
    lines = {kind: look.line for kind, look in scheme.areas.items() if look.line} | dict(scheme.strokes)

    for kind, line in lines.items():
        for paper in ("paper", "network"):
            assert contrast(line, scheme.areas[paper].fill) >= LINE_AT_LEAST, kind


def test_both_schemes_say_a_colour_for_everything() -> None:
    assert LIGHT.areas.keys() == DARK.areas.keys()
    assert LIGHT.text.keys() == DARK.text.keys()
    assert LIGHT.strokes.keys() == DARK.strokes.keys()
    assert style_sheet().count("@media") == 1


def test_the_pictures_use_no_kind_that_has_no_colour() -> None:
    kinds = {s.kind for name in SPECS for s in picture_of(topology(name)).shapes if not isinstance(s, Text)}

    assert kinds <= LIGHT.areas.keys() | LIGHT.strokes.keys()
