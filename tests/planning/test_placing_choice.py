"""Which of all supernets is taken, against a list of every one that there is: in a space of 64 addresses."""

from collections.abc import Sequence
from ipaddress import IPv4Network
from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from escscaffold.planning.free_space import FreeSpace
from escscaffold.planning.supernets import Site, place_one, place_together
from tests.properties import examples

SPACE = IPv4Network("10.0.0.0/26")
Blocks = list[IPv4Network]


def block(text: str) -> IPv4Network:
    return IPv4Network(f"10.0.0.{text}")


@st.composite
def blocks(draw: st.DrawFn, shortest: int = 27, longest: int = 31) -> IPv4Network:
    length = draw(st.integers(shortest, longest))
    return list(SPACE.subnets(new_prefix=length))[draw(st.integers(0, 2 ** (length - 26) - 1))]


def apart(chosen: Sequence[IPv4Network]) -> bool:
    return not any(a.overlaps(b) for i, a in enumerate(chosen) for b in chosen[i + 1 :])


LENGTHS = st.lists(st.integers(28, 31), min_size=1, max_size=3)
POOLS = st.lists(blocks(26, 29), min_size=1, max_size=4).filter(apart)
TAKEN = st.lists(blocks(), max_size=5)


def every_supernet(pools: Blocks) -> Blocks:
    """Return every aligned block of which all addresses are in some pool."""
    inside = {address for pool in pools for address in pool}
    candidates = [block for length in range(26, 32) for block in SPACE.subnets(new_prefix=length)]
    return [block for block in candidates if set(block) <= inside]


def has_room(lengths: list[int], supernet: IPv4Network, pools: Blocks, taken: Blocks) -> bool:
    """Try every way to lay the ranges into the supernet, each in one pool, where nothing is taken."""
    free = [b for n in range(28, 32) for b in SPACE.subnets(new_prefix=n) if not any(b.overlaps(t) for t in taken)]
    usable = [b for b in free if b.subnet_of(supernet) and any(b.subnet_of(pool) for pool in pools)]
    return any(apart(way) for way in product(*([b for b in usable if b.prefixlen == n] for n in lengths)))


def preferred(lengths: list[int], pools: Blocks, taken: Blocks, off_limits: Blocks) -> IPv4Network | None:
    """Return the smallest supernet; of those the one with the least taken, in the first pool, the lowest."""
    held = {address for one in taken for address in one}
    possible = [
        (
            -supernet.prefixlen,
            len(set(supernet) & held),
            min(rank for rank, pool in enumerate(pools) if pool.overlaps(supernet)),
            supernet,
        )
        for supernet in every_supernet(pools)
        if has_room(lengths, supernet, pools, taken) and not any(supernet.overlaps(one) for one in off_limits)
    ]
    return min(possible)[3] if possible else None


def around(placed: Sequence[IPv4Network]) -> IPv4Network:
    return next(
        block
        for length in range(31, 25, -1)
        for block in SPACE.subnets(new_prefix=length)
        if all(one.subnet_of(block) for one in placed)
    )


@examples(30)
@given(LENGTHS, POOLS, TAKEN, st.lists(blocks(), max_size=1))
@example([29, 31], [block("0/27")], [block("0/30"), block("16/31")], [])
@example([28, 28], [block("0/28"), block("16/28"), block("32/27")], [], [])
def test_the_supernet_is_the_one_that_a_list_of_all_would_give(
    lengths: list[int], pools: Blocks, taken: Blocks, off_limits: Blocks
) -> None:
    space = FreeSpace([SPACE], [*taken, *off_limits])
    allowed = tuple(every_supernet(pools))
    site = Site(space=space, pools=tuple(pools), allowed=allowed, off_limits=tuple(off_limits))

    placed = place_together(lengths, [], site)

    best = preferred(lengths, pools, [*taken, *off_limits], off_limits)
    assert (around(placed) if placed else None) == best
    if placed:
        assert [one.prefixlen for one in placed] == lengths
        assert apart(placed)
        assert all(any(one.subnet_of(pool) for pool in pools) for one in placed)
        assert not any(one.overlaps(other) for one in placed for other in [*taken, *off_limits])


@examples(30)
@given(LENGTHS, st.lists(blocks(28), min_size=1, max_size=2).filter(apart), POOLS, TAKEN)
def test_beside_pins_the_supernet_around_them_is_the_smallest_with_room(
    lengths: list[int], pinned: Blocks, pools: Blocks, taken: Blocks
) -> None:
    # Pins may lie outside the pools: the supernet is around them all the same.
    site = Site(space=FreeSpace([SPACE], [*taken, *pinned]), pools=tuple(pools), allowed=(SPACE,))
    holding = [one for one in every_supernet([SPACE]) if all(pin.subnet_of(one) for pin in pinned)]

    placed = place_together(lengths, pinned, site)

    possible = [one for one in holding if has_room(lengths, one, pools, [*taken, *pinned])]
    best = max(possible, key=lambda one: one.prefixlen, default=None)
    assert (around([*placed, *pinned]) if placed else None) == best


@examples(30)
@given(st.integers(27, 31), st.lists(blocks(), max_size=2), POOLS, TAKEN)
def test_what_stands_alone_takes_the_preferred_place_or_the_highest_of_the_first_pool(
    length: int, wishes: Blocks, pools: Blocks, taken: Blocks
) -> None:
    free = [one for one in SPACE.subnets(new_prefix=length) if not any(one.overlaps(other) for other in taken)]
    choices = [one for one in wishes if one in free]
    choices += [one for pool in pools for one in reversed(free) if one.subnet_of(pool)]

    assert place_one(length, wishes, pools, FreeSpace([SPACE], taken)) == next(iter(choices), None)
