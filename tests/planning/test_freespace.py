"""Free space against a set of addresses, counted one by one."""

from ipaddress import IPv4Network
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from escscaffold.planning.free_space import FreeSpace
from tests.properties import examples

SPACE = IPv4Network("10.0.0.0/26")
LENGTHS = st.integers(26, 32)


@st.composite
def blocks(draw: st.DrawFn) -> IPv4Network:
    length = draw(LENGTHS)
    step = 2 ** (32 - length)
    return IPv4Network((int(SPACE.network_address) + step * draw(st.integers(0, 64 // step - 1)), length))


def addresses(block: IPv4Network) -> set[int]:
    return set(range(int(block.network_address), int(block.broadcast_address) + 1))


def all_blocks(length: int) -> list[IPv4Network]:
    return list(SPACE.subnets(new_prefix=length))


class Space(RuleBasedStateMachine):
    """Takes and gives back at random, beside a set that does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.space = FreeSpace([SPACE])
        self.free = addresses(SPACE)
        self.taken: list[tuple[list[int], set[int]]] = []

    @rule(block=blocks())
    def take(self, block: IPv4Network) -> None:
        self.taken.append((self.space.take(block), addresses(block) & self.free))
        self.free -= addresses(block)

    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        if self.taken:
            parts, given = self.taken.pop(data.draw(st.integers(0, len(self.taken) - 1)))
            self.space.give_back(parts)
            self.free |= given

    @rule(block=blocks())
    def is_free(self, block: IPv4Network) -> None:
        assert self.space.is_free(block) == (addresses(block) <= self.free)

    @rule(within=blocks(), length=LENGTHS)
    def outermost(self, within: IPv4Network, length: int) -> None:
        fitting = [b for b in all_blocks(length) if b.subnet_of(within) and addresses(b) <= self.free]

        assert self.space.lowest(within, length) == (fitting[0] if fitting else None)
        assert self.space.highest(within, length) == (fitting[-1] if fitting else None)

    @rule(block=blocks(), length=LENGTHS)
    def large_parts(self, block: IPv4Network, length: int) -> None:
        large = [part for part in self.space.parts(block) if part.prefixlen <= max(length, block.prefixlen)]

        assert list(self.space.parts(block, max(length, block.prefixlen))) == large

    @rule(block=blocks(), length=LENGTHS)
    def room(self, block: IPv4Network, length: int) -> None:
        assert self.space.count(block) == len(addresses(block) & self.free)
        assert self.space.has_room(block, length) == any(
            b.subnet_of(block) and addresses(b) <= self.free for b in all_blocks(length)
        )

    @rule(within=blocks(), length=LENGTHS, largest=LENGTHS)
    def split(self, within: IPv4Network, length: int, largest: int) -> None:
        if within.prefixlen <= length <= largest:
            assert list(self.space.split(within, length, largest)) == [
                b for b in within.subnets(new_prefix=length) if self.space.has_room(b, largest)
            ]

    @rule(block=blocks())
    def parts(self, block: IPv4Network) -> None:
        found = list(self.space.parts(block))

        assert set().union(*map(addresses, found)) == self.free & addresses(block)
        assert found == sorted(found)
        # The fewest: no two of them are the halves of one block.
        assert not any(a.supernet() == b.supernet() != SPACE.supernet() for a, b in pairwise(found))

    @invariant()
    def free_space_is_what_was_never_taken(self) -> None:
        assert set().union(*map(addresses, self.space.parts(SPACE))) == self.free


TestSpace = Space.TestCase
TestSpace.settings = settings(examples(60), stateful_step_count=30)
