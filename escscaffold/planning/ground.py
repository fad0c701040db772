"""What is free for one environment while all are planned: nobody is in the way of himself."""

from collections import defaultdict
from collections.abc import Iterable
from ipaddress import IPv4Network, collapse_addresses

from escscaffold.planning.freespace import FreeSpace, count


class Ground:
    """The free addresses of a plan in the making, with what each environment keeps the others off."""

    def __init__(self, space: FreeSpace) -> None:
        self.space = space
        self._claims: dict[str, list[list[int]]] = defaultdict(list)
        # What environments have and others claimed before them, in part or as a whole.
        self._contested: dict[IPv4Network, list[str]] = {}

    def claim(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep the blocks for an environment, as far as nobody else does."""
        self._claims[environment] += [self.space.take(block) for block in blocks]

    def hold(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep the blocks for an environment, also where another one gives up its claim to them."""
        for block in collapse_addresses(blocks):
            taken = self.space.take(block)
            self._claims[environment].append(taken)
            if count(taken) < block.num_addresses:
                self._contested.setdefault(block, []).append(environment)

    def lift(self, environment: str) -> None:
        """Free what is kept for an environment and no other has, for it to be placed anew or beside it."""
        for taken in reversed(self._claims.pop(environment, [])):
            self.space.give_back(taken)
        for block, holders in list(self._contested.items()):
            left = [holder for holder in holders if holder != environment]
            if left:
                self._contested[block] = left
                self._claims[left[0]].append(self.space.take(block))
            else:
                del self._contested[block]

    def lift_all(self) -> None:
        """Free what is kept for anybody."""
        for environment in list(self._claims):
            self.lift(environment)
