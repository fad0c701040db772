"""The one way to change a user's disk: everything, or nothing.

All texts are written beside their targets first, then moved over them one by one, so that each
file is there at every moment, old or new; whatever stops that (a full disk, a missing
permission, Ctrl-C) moves everything back.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.repository.disk import refuse_ways_out

STAGING_PREFIX = ".escscaffold-"
"""How the folder begins in which files are staged; a write that was killed leaves it behind."""


class WriteError(ScaffoldError):
    """The disk refused; nothing has changed."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One file to write, or to remove where `text` is None; the path is relative to the folder."""

    path: str
    text: str | None
    executable: bool = False


def write_changes(folder: Path, changes: Iterable[Change]) -> None:
    """Make all changes below `folder`, which is made if it is not there; the last change comes last.

    Raises WriteError, with the disk as it was before, where one of them cannot be made.
    """
    todo = list(changes)
    undo: list[tuple[Path, Path | None]] = []
    made: list[Path] = []
    try:
        _make_folders(folder, made)
        for change in todo:
            refuse_ways_out(folder, change.path)
        with _staging(folder) as staging:
            staged = [_stage(staging, number, change) for number, change in enumerate(todo)]
            try:
                for number, change in enumerate(todo):
                    target = folder / change.path
                    _make_folders(target.parent, made)
                    _swap(target, staged[number], staging / f"{number}.old", undo)
            except BaseException:
                _move_back(undo)
                raise
    except BaseException as error:
        _remove_folders(made)
        if isinstance(error, OSError):
            where = error.filename2 or error.filename or folder
            raise WriteError(
                f"Cannot write {where}: {error.strerror or error}.", hint="Nothing was changed."
            ) from error
        raise
    _remove_empty(folder, todo)


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=folder))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _stage(staging: Path, number: int, change: Change) -> Path | None:
    if change.text is None:
        return None
    staged = staging / f"{number}.new"
    staged.write_text(change.text, encoding="utf-8", errors="surrogateescape", newline="")
    if change.executable:
        staged.chmod(0o755)
    return staged


def _swap(target: Path, staged: Path | None, kept: Path, undo: list[tuple[Path, Path | None]]) -> None:
    """Put the staged file in the target's place, and note how to move back before each step."""
    if target.exists():
        _keep(target, kept)
        undo.append((target, kept))
    else:
        undo.append((target, None))
    if staged is not None:
        staged.replace(target)
    else:
        target.unlink(missing_ok=True)


def _keep(target: Path, kept: Path) -> None:
    """Give the file a second name, or make a copy where the disk has no hard links."""
    try:
        kept.hardlink_to(target)
    except OSError:
        shutil.copy2(target, kept)


def _move_back(undo: list[tuple[Path, Path | None]]) -> None:
    while undo:
        target, kept = undo[-1]
        try:
            with suppress(OSError):
                if kept is None:
                    target.unlink(missing_ok=True)
                elif kept.exists():
                    kept.replace(target)
        except KeyboardInterrupt:
            # Impatience must not stop it halfway; doing the step again changes nothing.
            continue
        undo.pop()


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir()
        made.append(part)


def _remove_folders(made: list[Path]) -> None:
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def _remove_empty(folder: Path, changes: Iterable[Change]) -> None:
    """Remove the folders that a removed file leaves empty."""
    for change in changes:
        if change.text is None:
            for parent in (folder / change.path).parents:
                if parent == folder:
                    break
                with suppress(OSError):
                    parent.rmdir()
