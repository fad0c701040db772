"""A three-way merge, line by line: what two texts made of a third. Pure.

Changes that touch each other are one conflict, as git has it: two sides that changed neighbouring
lines did not see each other's.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec import Struct

MARKS = ("<<<<<<< ", "||||||| ", ">>>>>>> ")
"""How the lines begin that tell the sides of a conflict apart; between the sides stands `=======`."""

_OURS, _BASE, _THEIRS = (f"{mark}{side}\n" for mark, side in zip(MARKS, ("yours", "base", "generated"), strict=True))


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
        start = min(one[0].start for one in changes if one)
        end = start
        taken: tuple[list[_Change], list[_Change]] = ([], [])
        while touching := [n for n, one in enumerate(changes) if one and one[0].start <= end]:
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
    from escscaffold.repository.line_matching import edits  # slow to import, and needed for edited files only

    return deque(_Change(*edit) for edit in edits(base, side))


def _ended(lines: Sequence[str]) -> list[str]:
    """Return the lines, the last one with a line end, so that a mark after it stands on its own line."""
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
