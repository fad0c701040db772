"""What a review calls the change of a range or of several routes: as the addresses on both sides are."""

import pytest

from escscaffold import plan, read_spec
from escscaffold.reviewing.addresses import compare_addresses

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
