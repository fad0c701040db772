"""What is free for one environment while all are planned: nobody is in the way of himself."""

from collections import defaultdict
from collections.abc import Iterable
from ipaddress import IPv4Network

from escscaffold.planning.freespace import FreeSpace


class Ground:
    """The free addresses of a plan in the making, with what each environment keeps the others off."""

    def __init__(self, space: FreeSpace) -> None:
        self.space = space
        self._claims: dict[str, list[list[int]]] = defaultdict(list)

    def claim(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep the blocks for an environment."""
        self._claims[environment] += [self.space.take(block) for block in blocks]

    def lift(self, environment: str) -> None:
        """Free what is kept for an environment, for it to be placed anew or beside it."""
        for taken in reversed(self._claims.pop(environment, [])):
            self.space.give_back(taken)
