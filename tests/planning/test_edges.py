"""The first and the last addresses there are, equal blocks and neighbours, each against a count of single addresses."""

from ipaddress import IPv4Network
from itertools import combinations, product

import pytest
from msgspec.structs import replace

from escscaffold import check_plan, plan, read_spec
from escscaffold.errors import SpecError
from escscaffold.planning.free_space import FreeSpace
from escscaffold.planning.lock import lock_of
from escscaffold.planning.ranges import BlockIndex, free_blocks, overlap, overlapping_pairs
from tests.planning.conftest import MakePlan, environment

EVERYTHING = IPv4Network("0.0.0.0/0")


def all_blocks(base: str) -> list[IPv4Network]:
    """Return every block of up to eight addresses below this one."""
    space = IPv4Network(base)
    return [block for length in (29, 30, 31, 32) for block in space.subnets(new_prefix=length)]


LOWEST = all_blocks("0.0.0.0/29")
HIGHEST = all_blocks("255.255.255.248/29")
MIDDLE = all_blocks("10.0.0.248/29")
EDGES = [LOWEST, HIGHEST, MIDDLE]


def addresses(block: IPv4Network) -> set[int]:
    return set(map(int, block))


@pytest.mark.parametrize("blocks", EDGES, ids=["first", "last", "inside"])
def test_two_blocks_overlap_where_they_have_an_address_in_common(blocks: list[IPv4Network]) -> None:
    expected = {
        (one, other)
        for one, other in combinations(range(len(blocks)), 2)
        if addresses(blocks[one]) & addresses(blocks[other])
    }

    assert set(overlapping_pairs(blocks)) == expected
    assert {pair for pair in combinations(range(len(blocks)), 2) if overlap(*(blocks[n] for n in pair))} == expected


def test_equal_blocks_overlap_each_other_wherever_they_lie() -> None:
    ends = [IPv4Network(text) for text in ("0.0.0.0/32", "10.0.0.0/24", "255.255.255.255/32", "0.0.0.0/0")]

    for block in ends:
        assert list(overlapping_pairs([block, block])) == [(0, 1)]
        assert list(BlockIndex([(block, "there")]).overlapping(block)) == ["there"]
        assert free_blocks(block, [block]) == []


def test_neighbours_do_not_overlap_at_either_edge() -> None:
    middle = IPv4Network("10.1.0.0/16")
    beside = [IPv4Network(text) for text in ("10.0.0.0/16", "10.0.255.255/32", "10.2.0.0/16", "10.2.0.0/32")]
    inside = [IPv4Network(text) for text in ("10.1.0.0/32", "10.1.255.255/32")]

    assert list(overlapping_pairs([middle, *beside])) == [(1, 2), (3, 4)]
    assert set(overlapping_pairs([middle, *inside])) == {(0, 1), (0, 2)}
    assert [block for block in (*beside, *inside) if list(BlockIndex([(middle, 0)]).overlapping(block))] == inside
    assert [b for b in (*beside, *inside) if list(BlockIndex([(b, 0)]).overlapping(middle))] == inside


@pytest.mark.parametrize("blocks", EDGES, ids=["first", "last", "inside"])
def test_what_is_left_is_every_address_that_nothing_takes(blocks: list[IPv4Network]) -> None:
    space = blocks[0]

    for taken in product(blocks, repeat=2):
        expected = addresses(space) - addresses(taken[0]) - addresses(taken[1])
        left = free_blocks(space, taken)
        tree = list(FreeSpace([EVERYTHING], taken).parts(space))
        assert sorted(address for block in left for address in addresses(block)) == sorted(expected)
        assert tree == left


@pytest.mark.parametrize("blocks", EDGES, ids=["first", "last", "inside"])
def test_an_index_finds_what_shares_an_address(blocks: list[IPv4Network]) -> None:
    index = BlockIndex([(block, block) for block in blocks])

    for block in blocks:
        expected = {other for other in blocks if addresses(block) & addresses(other)}
        assert set(index.overlapping(block)) == expected
    assert set(index.overlapping(EVERYTHING)) == set(blocks)


def test_a_kurrent_network_that_moves_into_the_kept_remote_range_narrows_it(make_plan: MakePlan) -> None:
    """10.0.0.0/15 was routed to and held nothing but the VPC in its lower half: now the database is in the upper."""
    asked = {"kurrent": "10.255.0.0/24", "network": "10.0.0.0/16"}
    lock = lock_of(make_plan(prod=("eks", asked)))
    kept = replace(lock.grants, routed={"prod": (IPv4Network("10.0.0.0/15"),)})

    stays = make_plan(prod=("eks", asked), granted=kept)
    moves = make_plan(prod=("eks", asked | {"kurrent": "10.1.7.0/24"}), granted=kept)

    assert stays.environment("prod").remote == (IPv4Network("10.0.0.0/15"),)
    assert moves.environment("prod").remote == (IPv4Network("10.0.0.0/16"),)
    assert check_plan(moves) == ()


@pytest.mark.parametrize("mode", ["gke-standard", "aks-cni", "eks"])
@pytest.mark.parametrize(("size", "is_one"), [("/0", False), ("/1", True), ("/32", True), ("/33", False)])
def test_a_size_is_from_1_to_32_bits_and_one_that_is_not_is_refused_where_it_stands(
    mode: str, size: str, is_one: bool
) -> None:
    name = {"eks": "nodes-1"}.get(mode, "nodes")
    text = "version = 1\n" + environment("prod", mode, {name: size})

    if is_one:
        told = [finding for finding in check_plan(plan(read_spec(text))) if finding.subject == name]
        assert any(size in finding.message and finding.severity == "error" for finding in told)
        return
    with pytest.raises(SpecError, match=f"{size}.* is not a prefix length"):
        read_spec(text)
