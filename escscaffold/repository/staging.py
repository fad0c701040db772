"""The texts of a write, put beside their targets: new ones with the mode of what they replace, and the old ones kept.

Nothing in the repository is changed by that.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from escscaffold.errors import MeanwhileError
from escscaffold.repository.disk import id_of, refuse_ways_out, text_id
from escscaffold.repository.journal import Journal, Step, kept, staged
from escscaffold.repository.lasting import outlast_power_cut


class Change(Struct, frozen=True, kw_only=True):
    """One file to write, or to remove where `text` is None; the path is relative to the folder."""

    path: str
    old: str | None
    """All that the file held when it was decided to change it; None where there was no file."""
    text: str | None
    executable: bool = False
    """Whether a new file can be run; one that is there keeps its mode."""


def stage(folder: Path, staging: Path, changes: list[Change], moves: Mapping[str, str]) -> Journal:
    """Put every new text beside its target, keep every old one, and return the steps."""
    for path in (*moves, *(change.path for change in changes)):
        refuse_ways_out(folder, path)
    for before, after in moves.items():
        if not (folder / before).is_dir() or (folder / after).exists():
            raise MeanwhileError(folder / before)
    steps = [Step(path=after, moved_from=before) for before, after in moves.items()]
    for number, change in enumerate(changes, start=len(steps)):
        source = folder / before_moves(change.path, moves)
        old_id = text_id(change.old)
        old = kept(staging, number) if _kept_as_read(source, kept(staging, number), old_id) else None
        if change.text is not None:
            _write(staged(staging, number), change, old)
        steps.append(Step(path=change.path, old=old_id, new=text_id(change.text)))
    outlast_power_cut(sorted(staging.iterdir()), [])
    return Journal(steps=tuple(steps), made=_to_make(folder, changes, moves))


def _kept_as_read(source: Path, place: Path, known: str | None) -> bool:
    """Keep a file that has this content, and return whether there is one; raises MeanwhileError for another content."""
    if known is None:
        if os.path.lexists(source):
            raise MeanwhileError(source)
        return False
    try:
        _keep(source, place)
    except FileNotFoundError:
        raise MeanwhileError(source) from None
    if place.is_symlink() or id_of(place) != known:
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
    parents = {
        parent.as_posix()
        for change in changes
        if change.text is not None
        for parent in PurePosixPath(change.path).parents
    }
    missing = {parent for parent in parents if not (folder / before_moves(parent, moves)).exists()}
    return tuple(sorted(missing - {*moves.values()}))


def _write(path: Path, change: Change, like: Path | None) -> None:
    """Write a new text, with the mode and the owner of the file that it takes the place of."""
    path.write_text(change.text or "", encoding="utf-8", errors="surrogateescape", newline="")
    if like is not None:
        _dress(path, like)
    elif change.executable:
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
    found = []
    for path in paths:
        with suppress(OSError):
            state = (folder / path).lstat()
            if stat.S_ISREG(state.st_mode) and state.st_nlink > 1:
                found.append(path)
    return tuple(found)
