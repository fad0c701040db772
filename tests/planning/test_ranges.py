"""CIDR arithmetic against the addresses themselves, counted one by one."""

from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from escscaffold.planning.ranges import cut, free_blocks, overlapping_pairs, smallest_supernet, tightest_fit

SPACE = IPv4Network("10.0.0.0/24")


@st.composite
def blocks_in_space(draw: st.DrawFn) -> IPv4Network:
    length = draw(st.integers(24, 32))
    step = 2 ** (32 - length)
    return IPv4Network((int(SPACE.network_address) + step * draw(st.integers(0, 256 // step - 1)), length))


def addresses(blocks: list[IPv4Network]) -> set[int]:
    return {a for b in blocks for a in range(int(b.network_address), int(b.broadcast_address) + 1)}


@given(st.lists(blocks_in_space(), max_size=8))
def test_free_blocks_are_every_address_that_is_not_taken(taken: list[IPv4Network]) -> None:
    free = free_blocks(SPACE, taken)

    assert addresses(free) == addresses([SPACE]) - addresses(taken)
    assert sum(b.num_addresses for b in free) == len(addresses(free))
    assert free == sorted(free)


@given(st.lists(blocks_in_space(), min_size=1, max_size=6))
def test_no_smaller_block_holds_them_all(blocks: list[IPv4Network]) -> None:
    supernet = smallest_supernet(blocks)

    assert addresses(blocks) <= addresses([supernet])
    if supernet.prefixlen < 32:
        assert not any(addresses(blocks) <= addresses([half]) for half in supernet.subnets())


@given(st.lists(blocks_in_space(), max_size=10))
def test_overlapping_pairs_are_all_pairs_that_share_an_address(blocks: list[IPv4Network]) -> None:
    shared = {
        (i, j)
        for i in range(len(blocks))
        for j in range(i + 1, len(blocks))
        if addresses([blocks[i]]) & addresses([blocks[j]])
    }

    assert sorted(overlapping_pairs(blocks)) == sorted(shared)


@given(st.lists(blocks_in_space(), max_size=6), st.integers(24, 32))
def test_the_tightest_fit_is_in_the_smallest_gap_that_has_room(taken: list[IPv4Network], length: int) -> None:
    free = free_blocks(SPACE, taken)
    found = tightest_fit(free, length)
    fitting = [gap for gap in free if gap.num_addresses >= 2 ** (32 - length)]

    if found is None:
        assert fitting == []
    else:
        gap = next(g for g in free if addresses([found]) <= addresses([g]))
        assert gap.num_addresses == min(g.num_addresses for g in fitting)
        assert addresses(cut(free, found)) == addresses(free) - addresses([found])
