"""What has to change: each generated file, what is on disk and what was written last, merged line by line. Pure."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate, chain
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.rendering.generated import GeneratedFile
from escscaffold.repository.disk import GENERATED_SUFFIX, content_id, split_block, with_ends_of, with_unix_ends

State = Literal[
    "new",
    "unchanged",
    "regenerated",
    "edited",
    "merged",
    "conflict",
    "beside",
    "unsolved",
    "deleted",
    "obsolete",
    "obsolete-edited",
    "yours",
    "released",
]
"""What a file is:

- new: generated, and neither on disk nor written before;
- unchanged: on disk as it is generated now;
- regenerated: on disk as it was written last, and generated differently now;
- edited: edited by hand, and generated as it was last: it stays;
- merged: edited by hand and generated differently, in different places: both changes are in it;
- conflict: the same in one place: both are in the file between marks;
- `beside`: the same where it is not known what was written last: both texts are kept side by side;
- unsolved: one of these two of an earlier run, or of git, that is not resolved yet: it stays;
- deleted: written earlier, and deleted by hand: it stays away;
- obsolete: written earlier, no longer generated, and as it was written: it goes;
- obsolete-edited: the same with a hand edit: it stays until a person decides;
- yours: a file whose markers are removed, so nothing in it is ours;
- released: handed over by name.
"""

CHANGING: tuple[State, ...] = ("new", "regenerated", "merged", "conflict", "beside", "obsolete")
IN_CONFLICT: tuple[State, ...] = ("conflict", "beside", "unsolved", "obsolete-edited")
MOST_STEPS = 3_000_000
"""Pairs of equal lines to look at for two texts: about one second of processor time."""
_LOOK_UP = 5
"""Looking a line up in a long text takes as long as some pairs."""
LONG = 5_000
"""Lines of a text, beyond which those that both begin and end with are set aside first."""
Edit = tuple[int, int, int, int]
"""Lines `start` to `end` of the old text have become lines `first` to `last` of the new one."""
MARKS = ("<<<<<<< ", "||||||| ", ">>>>>>> ")
"""How the lines begin that mark the sides of a conflict; `=======` is between the sides."""
_OURS, _BASE, _THEIRS = (f"{mark}{side}\n" for mark, side in zip(MARKS, ("yours", "base", "generated"), strict=True))


class FileState(Struct, frozen=True, kw_only=True):
    """One file: its state, what is on disk and what must be there (None for nothing)."""

    path: str
    state: State
    old: str | None
    new: str | None
    executable: bool = False
    generated: str = ""
    """Its text as it is generated now."""

    @property
    def target(self) -> str:
        """Where the new text goes: to the file, or to one next to it."""
        return self.path + GENERATED_SUFFIX if self.state == "beside" else self.path

    @property
    def standing(self) -> str | None:
        """All that stood at the target when it was decided to change it; None where nothing did."""
        return None if self.state == "beside" else self.old

    @property
    def replaced(self) -> str:
        """What the new text takes the place of."""
        return "" if self.state == "beside" else self.old or ""


class RecordedIds(Struct, frozen=True, kw_only=True):
    """What is known of the files in addition to their texts: content ids and texts by path."""

    written: Mapping[str, str]
    deleted: Mapping[str, str]
    released: Mapping[str, str]
    restored: frozenset[str]
    """Files to bring back though they were deleted or released."""
    waiting: frozenset[str]
    """Files with a separate generated text of an earlier run."""

    def last_id(self, path: str) -> str | None:
        """Return the id of what was generated last for this file, or None."""
        for ids in (self.written, self.deleted, self.released):
            if path in ids:
                return ids[path]
        return None

    def is_released(self, path: str) -> bool:
        """Return True if the file is a person's."""
        return path in self.released and path not in self.restored


def compare(
    generated: Mapping[str, GeneratedFile], on_disk: Mapping[str, str], recorded: RecordedIds
) -> tuple[FileState, ...]:
    """Return the state of every file that is generated now or was written last, by path.

    `on_disk` has the texts of those of them that exist. No file is merged yet: see `merge_files`.
    """
    paths = sorted(generated.keys() | (recorded.written.keys() & on_disk.keys()))
    return tuple(_state(path, generated.get(path), on_disk.get(path), recorded) for path in paths)


def in_need_of_base(files: Iterable[FileState], recorded: RecordedIds) -> Mapping[str, str]:
    """Return the files to merge, each with the id of the text that was written last."""
    return {
        file.path: last_id
        for file in files
        if file.state == "beside" and (last_id := recorded.last_id(file.path)) is not None
    }


def merge_files(
    files: Iterable[FileState], generated: Mapping[str, GeneratedFile], bases: Mapping[str, str]
) -> tuple[FileState, ...]:
    """Return the files with those merged whose text that was written last is among `bases`, by path."""
    return tuple(
        _merged(file, generated[file.path], bases[file.path]) if file.path in bases else file for file in files
    )


def _merged(state: FileState, file: GeneratedFile, base: str) -> FileState:
    old = state.old or ""
    merged = merge(with_unix_ends(base), with_unix_ends(owned(old, file)), owned(file.text, file))
    return replace(state, state="conflict" if merged.in_conflict else "merged", new=_around(old, file, merged.text))


def _state(path: str, file: GeneratedFile | None, old: str | None, recorded: RecordedIds) -> FileState:
    last_id = recorded.last_id(path)
    if file is None:
        return FileState(path=path, state=_obsolete(old, last_id), old=old, new=None)
    if recorded.is_released(path):
        return FileState(path=path, state="released", old=old, new=old)
    if path in recorded.waiting:
        return FileState(path=path, state="unsolved", old=old, new=old)
    if old is None:
        is_deleted = last_id is not None and path not in recorded.restored
        new = None if is_deleted else file.text
        return FileState(
            path=path,
            state="deleted" if is_deleted else "new",
            old=None,
            new=new,
            executable=file.executable,
            generated=file.text,
        )
    if file.is_block and split_block(old) is None:
        if not recorded.written:
            # The first write: a README that a git host made gets the generated part below its own.
            new = f"{old.rstrip()}\n\n{with_ends_of(old, file.text)}"
            return FileState(path=path, state="regenerated", old=old, new=new, generated=file.text)
        return FileState(path=path, state="yours", old=old, new=old)
    state, new = _against_disk(file, old, last_id)
    return FileState(path=path, state=state, old=old, new=new, executable=file.executable, generated=file.text)


def _against_disk(file: GeneratedFile, old: str, last_id: str | None) -> tuple[State, str]:
    """Return the state of a file that is on disk, and its text once `generate` has run."""
    ours, generated = owned(old, file), owned(file.text, file)
    if with_unix_ends(ours) == with_unix_ends(generated):
        return "unchanged", old
    if has_marks(ours):
        return "unsolved", old
    if content_id(ours) == last_id:
        return "regenerated", _around(old, file, generated)
    if content_id(generated) == last_id:
        return "edited", old
    return "beside", file.text


def _obsolete(old: str | None, last_id: str | None) -> State:
    block = split_block(old or "")
    as_written = last_id in (content_id(old or ""), content_id(block[1]) if block else "")
    return "obsolete" if as_written else "obsolete-edited"


def _around(old: str, file: GeneratedFile, text: str) -> str:
    """Return the text to write to disk: a block keeps what is around it, and a file its line ends."""
    block = split_block(old) if file.is_block else None
    before, _, after = block or ("", "", "")
    return before + with_ends_of(owned(old, file), text) + after


def owned(text: str, file: GeneratedFile) -> str:
    """Return the part of a text that is generated: a block with its markers, or all of it."""
    block = split_block(text) if file.is_block else None
    return block[1] if block else text


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
        self.remaining_steps = most_steps
        # `find_longest_match` looks at each line of a part, and at each line of the new text that is equal to it.
        counts = Counter(new)
        self.steps = [0, *accumulate(_LOOK_UP + counts[line] for line in old)]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """Return the longest run of lines that both parts share, or an empty one where the work would be too much."""
        self.remaining_steps -= self.steps[-1 if ahi is None else ahi] - self.steps[alo]
        if self.remaining_steps < 0:
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
    r"""Return the base with the changes of both sides; where they meet, both are there between marks.

    >>> merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")
    Merge(text='A\nb\nC\n', in_conflict=False)
    """
    lines = base.splitlines(keepends=True)
    sides = (ours.splitlines(keepends=True), theirs.splitlines(keepends=True))
    merged: list[str] = []
    in_conflict = False
    position = 0
    for start, end, (first, second) in _chunks(lines, sides):
        merged += lines[position:start]
        position = end
        before = lines[start:end]
        if first in (before, second):
            merged += second
        elif second == before:
            merged += first
        else:
            in_conflict = True
            merged += chain([_OURS], _ended(first), [_BASE], _ended(before), ["=======\n"], _ended(second), [_THEIRS])
    return Merge("".join([*merged, *lines[position:]]), in_conflict)


def has_marks(text: str) -> bool:
    """Return True if a conflict in the text, ours or git's, is not solved."""
    return any(line.startswith(MARKS) for line in text.splitlines())


def has_merge_markers(text: str) -> bool:
    """Return True if `merge` set the marks, so that the base is between the sides; git's may lack it."""
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
        first, second = (_side(start, end, base, side, changed) for side, changed in zip(sides, taken, strict=True))
        yield start, end, (first, second)


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
    """Return the lines, the last one with a line end, so that a mark after it is on its own line."""
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
