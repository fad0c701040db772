"""The SVG: what a browser, a screen reader and a pull request see of it."""

import re
from xml.etree import ElementTree

import pytest

from escscaffold.drawing.layout import picture_of
from escscaffold.drawing.svg import svg_file
from escscaffold.drawing.topology import kept_blocks, topology_of
from tests.drawing.crowds import SPECS, hostile_plan, plan_of, topology

ELEMENTS = {"svg", "title", "desc", "style", "rect", "text", "path"}
ATTRIBUTES = {
    *("id", "class", "role", "aria-labelledby", "viewBox", "width", "height", "x", "y", "rx", "d", "font-size"),
}
USUAL = [name for name in SPECS if name.startswith(("eks", "gke", "aks"))]


def svg_of(name: str) -> str:
    return svg_file(picture_of(topology(name)))


def elements_of(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter())


def hold(svg: str) -> None:
    """Assert what holds for every SVG: a few elements and attributes, and nothing that is fetched or run."""
    assert {e.tag.removeprefix("{http://www.w3.org/2000/svg}") for e in elements_of(svg)} <= ELEMENTS
    assert {key for e in elements_of(svg) for key in e.keys()} <= ATTRIBUTES  # noqa: SIM118
    (style,) = [e.text or "" for e in elements_of(svg) if e.tag.endswith("style")]
    assert not re.search(r"url\(|@import|expression", style)


@pytest.mark.parametrize("name", SPECS)
def test_it_is_an_image_with_a_name_and_a_description(name: str) -> None:
    svg = svg_of(name)
    root, title, description = elements_of(svg)[:3]

    hold(svg)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert (title.text or "").startswith(f"Network of {plan_of(name).environments[0].name}: ")


def test_the_description_says_in_words_what_is_drawn() -> None:
    description = elements_of(svg_of("the guide's numbers"))[2].text or ""

    for said in (
        "nodes 172.30.0.0/16, reachable through the peering (Nodes: the subnet's primary range).",
        "services 34.118.224.0/20, never crosses the peering",
        "The Kurrent network is 172.22.110.0/24.",
        "The peering routes to 172.30.0.0/15.",
        "Of the 131,072 addresses of 172.30.0.0/15: nodes 50 %; office: reserved 3.1 %; pods 25 %; free 21.9 %",
    ):
        assert said in description


def test_what_cannot_reach_the_database_is_said_and_not_only_coloured() -> None:
    svg = svg_of("pods that nothing covers")

    assert "pods 10.120.0.0/14, unreachable: outside the peering routes" in svg
    assert svg.count(">not reached<") == 2
    assert ">nothing<" in svg


def test_names_are_text_whatever_they_hold() -> None:
    plan = hostile_plan()
    for environment in plan.environments:
        svg = svg_file(picture_of(topology_of(environment, kept_blocks(plan))))
        texts = [e.text or "" for e in elements_of(svg)]

        hold(svg)
        assert all(sign.isprintable() or sign == "\n" for text in texts for sign in text)
    assert any("<script>alert(1)</script>" in text for text in texts)


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_environment_is_a_small_file(name: str) -> None:
    assert len(svg_of(name).encode()) < 10_000


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert svg_of("eks") == svg_of("eks")
    assert "e+" not in svg_of("eks")
