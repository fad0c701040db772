"""What a review calls the change of a range or of several routes: as the addresses on both sides are."""

import pytest

from escscaffold import plan, read_spec
from escscaffold.reviewing.range_changes import compare_addresses

SPEC = """\
version = 1

[environments.prod]
cloud = "aws"
region = "eu-central-1"
mode = "eks"

[environments.prod.ranges]
remote = {remote}
network = "10.0.0.0/18"
"""


def change_of(before: list[str], after: list[str]) -> str:
    """Return what becomes of the routes of a peering."""
    old, new = (plan(read_spec(SPEC.format(remote=str(side).replace("'", '"')))) for side in (before, after))
    (changed,) = (one for one in compare_addresses(old, new).ranges if one.name == "remote")
    return changed.change


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (["10.0.0.0/16"], ["10.0.0.0/17"], "narrowed"),
        (["10.0.0.0/17"], ["10.0.0.0/16"], "widened"),
        (["10.0.0.0/17", "10.2.0.0/16"], ["10.0.0.0/16", "10.2.0.0/16"], "widened"),
        (["10.0.0.0/16", "10.2.0.0/16"], ["10.0.0.0/16"], "narrowed"),
        (["10.0.0.0/16"], ["10.0.0.0/16", "10.2.0.0/16"], "widened"),
        # Each of these keeps a part and takes or gives another: neither side holds all of the other.
        (["10.0.0.0/16", "10.2.0.0/16"], ["10.0.0.0/17", "10.3.0.0/16"], "moved"),
        (["10.0.0.0/17", "10.2.0.0/16"], ["10.0.0.0/16", "10.3.0.0/16"], "moved"),
        (["10.0.0.0/16", "10.2.0.0/16"], ["10.0.0.0/16", "10.3.0.0/16"], "moved"),
    ],
)
def test_routes_that_are_covered_in_part_are_neither_narrowed_nor_widened(
    before: list[str], after: list[str], change: str
) -> None:
    assert change_of(before, after) == change


def test_a_range_has_the_count_and_the_ends_that_its_cloud_assigns() -> None:
    spec = SPEC.format(remote='["10.0.0.0/16"]')
    old, new = (plan(read_spec(f'{spec}nodes-1 = "{block}"\n')) for block in ("10.0.0.0/20", "10.0.0.0/21"))
    changes = {one.name: one for one in compare_addresses(old, new).ranges}

    # AWS keeps the first four addresses of a subnet and the last one.
    nodes = changes["nodes-1"]
    assert nodes.old_assignable and nodes.new_assignable
    assert (nodes.old_assignable.count, nodes.new_assignable.count) == (4096 - 5, 2048 - 5)
    assert [str(nodes.new_assignable.first), str(nodes.new_assignable.last)] == ["10.0.0.4", "10.0.7.254"]


def test_no_address_of_a_remote_range_is_assigned() -> None:
    old, new = (plan(read_spec(SPEC.format(remote=side))) for side in ('["10.0.0.0/16"]', '["10.0.0.0/17"]'))
    (remote,) = (one for one in compare_addresses(old, new).ranges if one.name == "remote")

    assert (remote.old_assignable, remote.new_assignable) == (None, None)
