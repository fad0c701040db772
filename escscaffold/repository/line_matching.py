"""Which lines two texts share, within a bound on the work. Pure."""

from collections import Counter
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate

MOST_STEPS = 3_000_000
"""Pairs of equal lines to look at for two texts: about one second of processor time."""
_LOOK_UP = 5
"""Looking a line up in a long text takes as long as some pairs."""
LONG = 5_000
"""Lines of a text, beyond which those that both begin and end with are set aside first."""

Edit = tuple[int, int, int, int]
"""Lines `start` to `end` of the old text have become lines `first` to `last` of the new one."""


def edits(old: Sequence[str], new: Sequence[str], most_steps: int = MOST_STEPS) -> list[Edit]:
    r"""Return what differs between two texts, in order.

    Parts that are not compared within `most_steps` count as different from beginning to end, and the result stays
    correct: applied to the old lines, the edits give the new ones.

    >>> edits(["a\n", "b\n"], ["a\n", "c\n"])
    [(1, 2, 1, 2)]
    """
    is_long = max(len(old), len(new)) > LONG
    head = _shared(old, new) if is_long else 0
    tail = _shared(old[head:][::-1], new[head:][::-1]) if is_long else 0
    matcher = _Matcher(old[head : len(old) - tail], new[head : len(new) - tail], most_steps)
    changed = (places for tag, *places in matcher.get_opcodes() if tag != "equal")
    return [(start + head, end + head, first + head, last + head) for start, end, first, last in changed]


class _Matcher(SequenceMatcher[str]):
    """Finds no more shared lines once it has looked at too many pairs."""

    def __init__(self, old: Sequence[str], new: Sequence[str], most_steps: int) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.left = most_steps
        # `find_longest_match` looks at each line of a part, and at each line of the new text that is equal to it.
        counts = Counter(new)
        self.steps = [0, *accumulate(_LOOK_UP + counts[line] for line in old)]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """Return the longest run of lines that both parts share, or an empty one where the work would be too much."""
        self.left -= self.steps[-1 if ahi is None else ahi] - self.steps[alo]
        if self.left < 0:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts have in common from the beginning."""
    shorter = min(len(one), len(other))
    return next((n for n in range(shorter) if one[n] != other[n]), shorter)
