"""What is learned of supernets for one environment holds for the next, and changes no place."""

from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from escscaffold.planning.free_space import FreeSpace
from escscaffold.planning.supernets import Site, place_together
from tests.properties import examples

POOLS = (IPv4Network("10.0.0.0/24"), IPv4Network("10.0.2.0/24"), IPv4Network("10.0.3.0/24"))


def blocks(shortest: int, longest: int) -> st.SearchStrategy[IPv4Network]:
    """Blocks in 10.0.0.0/22."""
    return st.integers(shortest, longest).flatmap(
        lambda length: st.integers(0, (1 << (length - 22)) - 1).map(
            lambda number: IPv4Network(((10 << 24) + (number << (32 - length)), length))
        )
    )


ASKED = st.tuples(
    st.sampled_from([(27, 28), (28, 27), (27, 28, 28), (26, 30)]),
    st.lists(blocks(23, 28), max_size=2),
    st.integers(0, 9),
)
"""Sizes, what nobody else finds taken, and which of the earlier blocks nobody else finds free."""


@examples(100)
@given(taken=st.lists(blocks(26, 30), max_size=20), asked=st.lists(ASKED, min_size=2, max_size=8))
def test_shared_knowledge_gives_the_places_that_a_fresh_look_gives(
    taken: list[IPv4Network], asked: list[tuple[tuple[int, ...], list[IPv4Network], int]]
) -> None:
    space = FreeSpace(POOLS, taken)
    shared = Site(space=space, pools=POOLS, allowed=POOLS, widest=20)
    earlier: list[tuple[IPv4Network, list[int]]] = []
    for lengths, hidden, number in asked:
        lifted = earlier[number : number + 1]
        for _, part in lifted:
            space.give_back(part)
        kept = [space.take(block) for block in hidden]
        apart = (*hidden, *(block for block, _ in lifted))
        here = Site(space=space, pools=POOLS, allowed=POOLS, widest=20, exclusive=apart, queues=shared.queues)
        fresh = Site(space=space, pools=POOLS, allowed=POOLS, widest=20)

        found = place_together(lengths, [], here)

        assert found == place_together(lengths, [], fresh)
        for part in reversed(kept):
            space.give_back(part)
        for block, _ in lifted:
            space.take(block)
        earlier += [(block, space.take(block)) for block in found or ()]


def test_a_supernet_that_holds_one_environments_hidden_range_is_there_for_the_next() -> None:
    pool = IPv4Network("10.0.0.0/24")
    space = FreeSpace([pool], [IPv4Network("10.0.0.0/26"), IPv4Network("10.0.0.192/26")])
    hidden = IPv4Network("10.0.0.64/26")
    crowds = Site(space=space, pools=(pool,), allowed=(pool,)).queues

    kept = space.take(hidden)
    first = place_together(
        [27], [], Site(space=space, pools=(pool,), allowed=(pool,), exclusive=(hidden,), queues=crowds)
    )
    space.give_back(kept)
    second = place_together([26, 26], [], Site(space=space, pools=(pool,), allowed=(pool,), queues=crowds))

    assert first == (IPv4Network("10.0.0.128/27"),)
    assert second == (hidden, IPv4Network("10.0.0.128/26"))
