"""The journal of a write: its steps, in a file next to the staged texts, so that the next run can finish it."""

import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

from escscaffold.errors import MeanwhileError, ScaffoldError
from escscaffold.planning.lock_text import is_inside
from escscaffold.repository.atomic_files import outlast_power_cut
from escscaffold.repository.disk import content, id_of, refuse_ways_out, text_id
from escscaffold.repository.writer_lock import LOCK_FOLDER

STAGING_PREFIX = ".escscaffold-"
"""How the folder begins in which files are staged; a write that was killed leaves it behind."""

_FORWARD, _BACK, _PART = "journal", "taken-back", "journal.part"


class JournalStep(Struct, frozen=True, kw_only=True):
    """One file to put in its place or to remove, with its exact content ids; or one folder to rename."""

    path: str
    old: str | None = None
    new: str | None = None
    moved_from: str = ""
    """The folder that becomes `path`; nothing for a file."""


class Journal(Struct, frozen=True, kw_only=True):
    """All steps, in their order, and the folders that they make."""

    steps: tuple[JournalStep, ...]
    made: tuple[str, ...]
    """The outermost first."""


def staged(staging: Path, number: int) -> Path:
    """Return where the new text of a step waits."""
    return staging / f"{number}.new"


def kept_copy(staging: Path, number: int) -> Path:
    """Return where the old text of a step is kept."""
    return staging / f"{number}.old"


def taken(staging: Path, number: int) -> Path:
    """Return where the file of a step is, between being taken away and being looked at."""
    return staging / f"{number}.out"


def promise(staging: Path, journal: Journal) -> None:
    """Write the journal, whole or not at all."""
    part = staging / _PART
    part.write_text(json.dumps(to_builtins(journal)), encoding="utf-8")
    outlast_power_cut([part], [])
    part.replace(staging / _FORWARD)
    outlast_power_cut([], [staging])


def promise_undo(staging: Path) -> None:
    """Turn the promise round."""
    if (staging / _FORWARD).exists():
        (staging / _FORWARD).replace(staging / _BACK)
        outlast_power_cut([], [staging])


def withdraw(staging: Path) -> None:
    """Remove the promise: it is kept."""
    for name in (_FORWARD, _BACK):
        (staging / name).unlink(missing_ok=True)


def leads_back(staging: Path) -> bool:
    """Return True if what was promised is to take everything back."""
    return (staging / _BACK).exists()


def read_journal(staging: Path) -> Journal | None:
    """Return what was promised, or None where nothing was; raises ScaffoldError where it cannot be read."""
    for name in (_FORWARD, _BACK):
        path = staging / name
        try:
            return _journal(json.loads(content(path).decode("utf-8")))
        except FileNotFoundError:
            continue
        except (ScaffoldError, OSError, ValueError, TypeError, KeyError, RecursionError):
            raise ScaffoldError(
                f"A write was interrupted, and {path} is not readable.",
                hint=f"Restore the repository from version control, then delete {staging}.",
            ) from None
    return None


def _journal(document: Any) -> Journal:
    """Return what was read as a journal; raises ValueError, TypeError or KeyError for what we never write."""
    journal = Journal(steps=tuple(JournalStep(**step) for step in document["steps"]), made=tuple(document["made"]))
    ids = [file_id for step in journal.steps for file_id in (step.old, step.new) if file_id is not None]
    paths = [path for step in journal.steps for path in (step.path, *([step.moved_from] if step.moved_from else []))]
    if not all(isinstance(file_id, str) for file_id in ids) or not all(map(_may_be_named, (*paths, *journal.made))):
        raise ValueError
    return journal


def _may_be_named(path: object) -> bool:
    """Return True for a path as we write it: what a journal names is in its repository, and is none of git's files.

    A journal can be forged: it can come with a clone.
    """
    return isinstance(path, str) and is_inside(path) and ".git" not in path.lower().split("/")


def staging_folders(folder: Path) -> Iterator[Path]:
    """Yield what writes have left behind in a folder: only what nothing else can have put there."""
    try:
        named = (path for path in folder.glob(f"{STAGING_PREFIX}*") if path.name != LOCK_FOLDER)
        folders = sorted(path for path in named if path.is_dir() and not path.is_symlink())
    except OSError:
        return
    yield from (path for path in folders if all(map(_is_ours, path.iterdir())))


def _is_ours(path: Path) -> bool:
    number, dot, kind = path.name.partition(".")
    if path.is_symlink():
        return False
    return path.name in (_FORWARD, _BACK, _PART) or (
        number.isdecimal() and dot == "." and kind in ("new", "old", "out")
    )


class Change(Struct, frozen=True, kw_only=True):
    """One file to write, or to remove where `text` is None; the path is relative to the folder."""

    path: str
    old: str | None
    """All that the file held when it was decided to change it; None where there was no file."""
    text: str | None
    executable: bool = False
    """Whether a new file can be run; one that is there keeps its mode."""


def stage(folder: Path, staging: Path, changes: list[Change], moves: Mapping[str, str]) -> Journal:
    """Put every new text next to its target, keep every old one, and return the steps.

    Raises MeanwhileError where a file is another one than was read, LinkError for a way out of the folder, OSError.
    """
    refuse_ways_out(folder, *moves, *(change.path for change in changes))
    for before, after in moves.items():
        if not (folder / before).is_dir() or (folder / after).exists():
            raise MeanwhileError(folder / before)
    steps = [JournalStep(path=after, moved_from=before) for before, after in moves.items()]
    for number, change in enumerate(changes, start=len(steps)):
        source = folder / before_moves(change.path, moves)
        old_id = text_id(change.old)
        old = kept_copy(staging, number) if _kept_as_read(source, kept_copy(staging, number), old_id) else None
        new = None if change.text is None else change.text.encode("utf-8", errors="surrogateescape")
        if new is not None:
            _write(staged(staging, number), new, old, executable=change.executable)
        steps.append(JournalStep(path=change.path, old=old_id, new=text_id(new)))
    outlast_power_cut(sorted(staging.iterdir()), [])
    return Journal(steps=tuple(steps), made=_to_make(folder, changes, moves))


def _kept_as_read(source: Path, place: Path, expected_id: str | None) -> bool:
    """Keep a file that has this content, and return whether there is one; raises MeanwhileError for another content."""
    if expected_id is None:
        if os.path.lexists(source):
            raise MeanwhileError(source)
        return False
    try:
        _keep(source, place)
    except FileNotFoundError:
        raise MeanwhileError(source) from None
    if place.is_symlink() or id_of(place) != expected_id:
        raise MeanwhileError(source)
    return True


def before_moves(path: str, moves: Mapping[str, str]) -> str:
    """Return where a file is that will be at this path once the folders are renamed."""
    for old, new in moves.items():
        if path.startswith(f"{new}/"):
            return f"{old}/{path.removeprefix(f'{new}/')}"
    return path


def _to_make(folder: Path, changes: Iterable[Change], moves: Mapping[str, str]) -> tuple[str, ...]:
    """Return the folders that the new files need and that are not there, the outermost first."""
    parents: set[str] = set()
    for change in changes:
        above = change.path.rpartition("/")[0] if change.text is not None else ""
        while above and above not in parents:
            parents.add(above)
            above = above.rpartition("/")[0]
    missing = {parent for parent in parents if not (folder / before_moves(parent, moves)).exists()}
    return tuple(sorted(missing - {*moves.values()}))


def _write(path: Path, content: bytes, like: Path | None, *, executable: bool) -> None:
    """Write a new text, with the mode and the owner of the file that it takes the place of."""
    path.write_bytes(content)
    if like is not None:
        _dress(path, like)
    elif executable:
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o444) >> 2)  # by whom it can be read, as the umask has it


def _dress(path: Path, like: Path) -> None:
    """Give a file the owner, the mode and the access list of another one, as far as the system lets us."""
    model = like.stat()
    if hasattr(os, "chown"):
        for owner, group in ((model.st_uid, -1), (-1, model.st_gid)):
            with suppress(OSError):
                os.chown(path, owner, group)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(like):
                with suppress(OSError):
                    os.setxattr(path, name, os.getxattr(like, name))
    path.chmod(stat.S_IMODE(model.st_mode))


def _keep(target: Path, path: Path) -> None:
    """Give the file a second name, or make a copy where the disk has no hard links."""
    try:
        path.hardlink_to(target)
    except OSError:
        shutil.copy2(target, path)
        _dress(path, target)


def hard_links(folder: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of the files that have another name: what is written goes to this one alone."""
    linked = []
    for path in paths:
        with suppress(OSError):
            state = (folder / path).lstat()
            if stat.S_ISREG(state.st_mode) and state.st_nlink > 1:
                linked.append(path)
    return tuple(linked)
