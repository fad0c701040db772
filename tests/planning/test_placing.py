"""Placing against brute force: every supernet of a small space, every way to lay ranges into it."""

from collections.abc import Sequence
from ipaddress import IPv4Network
from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from escscaffold.planning.free_space import FreeSpace
from escscaffold.planning.supernets import Site, pack, place_together
from tests.properties import examples

POOL = IPv4Network("10.0.0.0/26")
LENGTHS = range(26, 31)


def all_blocks(length: int, space: IPv4Network = POOL) -> list[IPv4Network]:
    return list(space.subnets(new_prefix=length)) if length >= space.prefixlen else []


def fits(lengths: Sequence[int], space: IPv4Network, taken: Sequence[IPv4Network]) -> bool:
    """Try every way to lay the ranges into the space."""
    choices = [[b for b in all_blocks(n, space) if not any(b.overlaps(t) for t in taken)] for n in lengths]
    return any(not any(a.overlaps(b) for i, a in enumerate(way) for b in way[i + 1 :]) for way in product(*choices))


def smallest_possible(
    lengths: Sequence[int], pinned: Sequence[IPv4Network], taken: Sequence[IPv4Network], off: Sequence[IPv4Network]
) -> int | None:
    """Return the longest prefix length of a supernet that works, by trying them all."""
    for length in range(32, 25, -1):
        for supernet in all_blocks(length):
            holds = all(p.subnet_of(supernet) for p in pinned) and not any(supernet.overlaps(o) for o in off)
            if holds and fits(lengths, supernet, [*taken, *pinned]):
                return length
    return None


@st.composite
def blocks(draw: st.DrawFn) -> IPv4Network:
    return draw(st.sampled_from(all_blocks(draw(st.sampled_from(LENGTHS)))))


requests = st.lists(st.sampled_from([27, 28, 29, 30]), min_size=1, max_size=3)


@examples(60)
@given(requests, st.lists(blocks(), max_size=2), st.lists(blocks(), max_size=3), st.lists(blocks(), max_size=1))
def test_the_supernet_is_the_smallest_that_brute_force_finds(
    lengths: list[int], pinned: list[IPv4Network], taken: list[IPv4Network], off: list[IPv4Network]
) -> None:
    assume(not any(a.overlaps(b) for i, a in enumerate(pinned) for b in pinned[i + 1 :]))
    site = Site(space=FreeSpace([POOL], [*taken, *off, *pinned]), pools=(POOL,), allowed=(POOL,), off_limits=tuple(off))

    placed = place_together(lengths, pinned, site)

    best = smallest_possible(lengths, pinned, [*taken, *off], off)
    if placed is None:
        assert best is None
        return
    together = [*placed, *pinned]
    low, high = min(int(b.network_address) for b in together), max(int(b.broadcast_address) for b in together)
    assert 32 - (low ^ high).bit_length() == best
    assert [b.prefixlen for b in placed] == lengths
    assert not any(a.overlaps(b) for i, a in enumerate(together) for b in together[i + 1 :] if b not in pinned)
    assert not any(b.overlaps(t) for b in placed for t in [*taken, *off])


@examples(60)
@given(requests, st.lists(blocks(), max_size=4))
def test_packing_finds_a_way_whenever_there_is_one(lengths: list[int], taken: list[IPv4Network]) -> None:
    free = [b for b in all_blocks(30) if not any(b.overlaps(t) for t in taken)]
    gaps = sorted(_collapsed(free))

    assert (pack(lengths, gaps) is not None) == fits(lengths, POOL, taken)


def test_a_place_without_collateral_wins_where_the_size_is_the_same() -> None:
    pool = IPv4Network("10.0.0.0/22")
    site = Site(space=FreeSpace([pool], [IPv4Network("10.0.0.128/25")]), pools=(pool,), allowed=(pool,))

    placed = place_together([25, 26], [], site)

    assert placed == (IPv4Network("10.0.1.0/25"), IPv4Network("10.0.1.128/26"))


def _collapsed(free: list[IPv4Network]) -> list[IPv4Network]:
    from ipaddress import collapse_addresses

    return list(collapse_addresses(free))
