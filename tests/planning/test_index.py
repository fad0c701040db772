"""The index against a look at every block."""

from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from escscaffold.planning.ranges import BlockIndex


@st.composite
def blocks(draw: st.DrawFn) -> IPv4Network:
    """Blocks at both ends of all addresses, and all of them."""
    length = draw(st.sampled_from([0, 1, 24, 26, 30, 32]))
    start = draw(st.one_of(st.integers(0, 511), st.integers((1 << 32) - 512, (1 << 32) - 1)))
    return IPv4Network((start, length), strict=False)


@given(st.lists(blocks(), max_size=12), blocks())
def test_what_overlaps_is_found_the_holders_first(known: list[IPv4Network], block: IPv4Network) -> None:
    index = BlockIndex([(one, position) for position, one in enumerate(known)])
    found = [known[position] for position in index.overlapping(block)]

    assert sorted(found) == sorted(one for one in known if one.overlaps(block))
    holders = [one for one in found if one.prefixlen < block.prefixlen]
    assert found[: len(holders)] == sorted(holders, key=lambda one: one.prefixlen)
