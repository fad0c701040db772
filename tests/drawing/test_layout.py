"""Where things stand in a picture: nothing over anything else, nothing outside, and bars to scale."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from escscaffold import plan, read_spec
from escscaffold.drawing.layout import picture_of
from escscaffold.drawing.shapes import Area, Box, Picture, Stroke, Text
from escscaffold.drawing.topology import kept_blocks, topology_of
from tests.drawing.crowds import SPECS, hostile_plan, plan_of, spec_of, topology
from tests.properties import examples


def touch(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def hold(picture: Picture) -> None:
    """Assert what holds for every picture."""
    frame = Box(0, 0, picture.width, picture.height)
    drawn = [(shape, shape.box) for shape in picture.shapes]
    for shape, box in drawn:
        assert holds(frame, box), shape
    for (one, ours), (other, theirs) in combinations(drawn, 2):
        if not touch(ours, theirs):
            continue
        assert not (isinstance(one, Text) and isinstance(other, Text)), (one, other)
        if isinstance(one, Area) and isinstance(other, Text):
            assert holds(ours, theirs), (one, other)
        if isinstance(one, Stroke) and isinstance(other, Text):
            assert any(isinstance(over, Area) and holds(box, theirs) for over, box in drawn[drawn.index((one, ours)) :])
        assert not isinstance(one, Text), (one, other)


@pytest.mark.parametrize("name", SPECS)
def test_no_text_stands_over_another_or_leaves_its_place(name: str) -> None:
    hold(picture_of(topology(name)))
    hold(picture_of(topology(name), has_heading=False))


def test_nor_does_a_text_that_nobody_should_give() -> None:
    nasty = hostile_plan()

    for environment in nasty.environments:
        hold(picture_of(topology_of(environment, kept_blocks(nasty))))


SPLITS = st.lists(st.integers(min_value=17, max_value=30), min_size=1, max_size=40)


@given(lengths=SPLITS, name=st.text(max_size=60))
@examples(30)
def test_whatever_the_sizes_and_names(lengths: list[int], name: str) -> None:
    ranges = {"kurrent": "172.20.0.0/24"}
    ranges |= {f"r{number}": f"10.{number * 3}.0.0/{length}" for number, length in enumerate(lengths)}
    one = plan(read_spec(spec_of("gcp-existing", ranges)))
    shown = topology_of(one.environments[0], kept_blocks(one))

    hold(picture_of(replace(shown, name=name, place=name, network=name, mode=name)))


def test_the_bar_is_to_scale() -> None:
    # 172.30.0.0/15: nodes have its first half, then a quarter is free, which begins with the rest of it.
    picture = picture_of(topology("the guide's numbers"))
    bar = [s for s in picture.shapes if isinstance(s, Area) and s.height == 46]

    whole, nodes, office, pods = bar
    assert [a.kind for a in bar] == ["free", "routed", "reserved", "routed"]
    assert whole.width == 600
    assert (nodes.x - whole.x, nodes.width) == (0, 300)
    # 172.31.64.0/20 begins after 80 of 128 parts, and is 4 of them.
    assert (office.x - whole.x, office.width) == (375, 18.8)
    assert (pods.x - whole.x, pods.width) == (450, 150)


def test_what_is_too_small_to_be_named_is_seen_and_explained() -> None:
    picture = picture_of(topology("a range of a /28 in a /8"))
    (nodes,) = [s for s in picture.shapes if isinstance(s, Area) and s.height == 46 and s.kind == "routed"]
    texts = [s.text for s in picture.shapes if isinstance(s, Text)]

    assert nodes.width == 2
    assert round(nodes.x) == 20 + round(600 * 77 / 256)
    assert texts[texts.index("10.255.255.255") + 1 :][:4] == ["1", "nodes", "10.77.3.0/28", "less than 0.1 %"]


def test_thousands_of_crumbs_are_a_few_areas() -> None:
    picture = picture_of(topology("crumbs that are reserved"))

    assert len(plan_of("crumbs that are reserved").spec.reserved) == 2001
    assert len(picture.shapes) < 400
    assert "1,992 more that are reserved" in {s.text for s in picture.shapes if isinstance(s, Text)}
