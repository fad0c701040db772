"""A three-way merge, line by line: what two texts made of a third, within a bound on the work. Pure."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate, chain

from msgspec import Struct

MOST_STEPS = 3_000_000
"""Pairs of equal lines to look at for two texts: about one second of processor time."""
_LOOK_UP = 5
"""Looking a line up in a long text takes as long as some pairs."""
LONG = 5_000
"""Lines of a text, beyond which those that both begin and end with are set aside first."""

Edit = tuple[int, int, int, int]
"""Lines `start` to `end` of the old text have become lines `first` to `last` of the new one."""
MARKS = ("<<<<<<< ", "||||||| ", ">>>>>>> ")
"""How the lines begin that tell the sides of a conflict apart; between the sides stands `=======`."""
_OURS, _BASE, _THEIRS = (f"{mark}{side}\n" for mark, side in zip(MARKS, ("yours", "base", "generated"), strict=True))


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


def _shared(lines: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts have in common from the beginning."""
    shorter = min(len(lines), len(other))
    return next((n for n in range(shorter) if lines[n] != other[n]), shorter)


class Merge(Struct, frozen=True):
    """A merged text, and whether both sides changed the same lines of it."""

    text: str
    in_conflict: bool


class _Change(Struct, frozen=True):
    """Lines `start` to `end` of the base have become lines `first` to `last` of one side."""

    start: int
    end: int
    first: int
    last: int


def merge(base: str, ours: str, theirs: str) -> Merge:
    r"""Return the base with the changes of both sides; where they meet, both stand there between marks.

    >>> merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")
    Merge(text='A\nb\nC\n', in_conflict=False)
    """
    lines = base.splitlines(keepends=True)
    sides = (ours.splitlines(keepends=True), theirs.splitlines(keepends=True))
    merged: list[str] = []
    in_conflict = False
    position = 0
    for start, end, (left, right) in _chunks(lines, sides):
        merged += lines[position:start]
        position = end
        before = lines[start:end]
        if left in (before, right):
            merged += right
        elif right == before:
            merged += left
        else:
            in_conflict = True
            merged += chain([_OURS], _ended(left), [_BASE], _ended(before), ["=======\n"], _ended(right), [_THEIRS])
    return Merge("".join([*merged, *lines[position:]]), in_conflict)


def has_marks(text: str) -> bool:
    """Return True if a conflict in the text, ours or git's, is not solved."""
    return any(line.startswith(MARKS) for line in text.splitlines())


def has_marks_of_ours(text: str) -> bool:
    """Return True if `merge` set the marks, so that the base stands between the sides; git's may lack it."""
    return _OURS.rstrip() in text.splitlines()


def _chunks(
    base: Sequence[str], sides: Sequence[Sequence[str]]
) -> Iterator[tuple[int, int, tuple[list[str], list[str]]]]:
    """Yield the parts of the base that a side changed, each with what both sides have there."""
    changes = [_changes(base, side) for side in sides]
    while any(changes):
        start = min(change[0].start for change in changes if change)
        end = start
        taken: tuple[list[_Change], list[_Change]] = ([], [])
        while touching := [n for n, change in enumerate(changes) if change and change[0].start <= end]:
            for side in touching:
                taken[side].append(changes[side].popleft())
                end = max(end, taken[side][-1].end)
        left, right = (_side(start, end, base, side, changed) for side, changed in zip(sides, taken, strict=True))
        yield start, end, (left, right)


def _side(start: int, end: int, base: Sequence[str], side: Sequence[str], changes: Sequence[_Change]) -> list[str]:
    """Return what one side has in the place of these lines of the base."""
    if not changes:
        return list(base[start:end])
    first, last = changes[0], changes[-1]
    # Around its own changes, a side has the base's lines.
    return [*base[start : first.start], *side[first.first : last.last], *base[last.end : end]]


def _changes(base: Sequence[str], side: Sequence[str]) -> deque[_Change]:

    return deque(_Change(*edit) for edit in edits(base, side))


def _ended(lines: Sequence[str]) -> list[str]:
    """Return the lines, the last one with a line end, so that a mark after it stands on its own line."""
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
