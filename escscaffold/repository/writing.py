"""The one way to change a user's disk: everything, or nothing.

All texts are staged beside their targets and the old ones are kept; then the journal makes the
promise, and the steps are taken one by one, so that each file is there at every moment, old or new.
Whatever stops them (a full disk, a missing permission, Ctrl-C, a file that is another one than was read) moves
everything back; after a kill or a power cut the next run does what the journal says.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from escscaffold.errors import MeanwhileError, ScaffoldError
from escscaffold.repository.carrying_out import carry_out, clear, finish, is_whole, take_back
from escscaffold.repository.disk import id_of, refuse_ways_out, text_id
from escscaffold.repository.journal import (
    STAGING_PREFIX,
    Journal,
    Step,
    kept,
    leads_back,
    promise,
    promise_to_take_back,
    read_journal,
    staged,
    staging_folders,
)
from escscaffold.repository.lasting import outlast_power_cut


class WriteError(ScaffoldError):
    """The disk refused; nothing has changed, unless it says otherwise."""


class Change(Struct, frozen=True, kw_only=True):
    """One file to write, or to remove where `text` is None; the path is relative to the folder."""

    path: str
    old: str | None
    """All that the file held when it was decided to change it; None where there was no file."""
    text: str | None
    executable: bool = False
    """Whether a new file can be run; one that is there keeps its mode."""


class Settled(Struct, frozen=True, kw_only=True):
    """What became of a write that had broken off."""

    finished: bool
    """Whether it was carried out; if not, it was taken back."""
    overtaken: tuple[str, ...]
    """Files that were changed since: the new text is beside them."""


def write_changes(
    folder: Path,
    changes: Iterable[Change],
    moves: Mapping[str, str] | None = None,
    read: Mapping[str, str | None] | None = None,
) -> None:
    """Make all changes below `folder`, which is made if it is not there; the last change comes last.

    `moves` are folders to rename first, from old to new; the changes name them by the new one. `read` has the exact
    content ids of files that the changes were decided by and that may stay as they are.
    Raises MeanwhileError, with nothing changed, where a file is not what it was when that was decided, and
    WriteError, with the disk as it was before, where a change cannot be made.
    """
    above: list[Path] = []
    staging: Path | None = None
    try:
        _refuse_changed(folder, read or {})
        _make_folders(folder, above)
        staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=folder))
        journal = _stage(folder, staging, list(changes), moves or {})
        _refuse_changed(folder, read or {})
        promise(staging, journal)
        outlast_power_cut([], [folder, *(part.parent for part in above)])
    except BaseException as error:
        if staging is not None:
            clear(staging)
        _remove_folders(above)
        raise _explained(error, folder) from error
    try:
        carry_out(folder, staging, journal)
    except BaseException as error:
        if not _taken_back(folder, staging, journal):
            hint = "Some files are new and some old: the next run of escscaffold takes them all back."
            raise WriteError(f"Cannot write: {error}.", hint=hint) from error
        clear(staging)
        _remove_folders(above)
        raise _explained(error, folder) from error
    clear(staging)


def _refuse_changed(folder: Path, read: Mapping[str, str | None]) -> None:
    for path, known in read.items():
        if id_of(folder / path) != known:
            raise MeanwhileError(folder / path)


def hard_links(folder: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of the files that have another name: what is written goes to this one alone."""
    found = []
    for path in paths:
        with suppress(OSError):
            state = (folder / path).lstat()
            if stat.S_ISREG(state.st_mode) and state.st_nlink > 1:
                found.append(path)
    return tuple(found)


def is_broken_off(folder: Path) -> bool:
    """Return True if a write in this folder was promised and is not through."""
    return any(read_journal(staging) is not None for staging in staging_folders(folder))


def settle(folder: Path) -> Settled | None:
    """Finish or take back a write that broke off, as its journal says; None where there is none.

    Nobody else may write meanwhile. Raises WriteError where the disk refuses.
    """
    settled: Settled | None = None
    for staging in staging_folders(folder):
        journal = read_journal(staging)
        if journal is not None:
            settled = _settled(folder, staging, journal)
        clear(staging)
    return settled


def _settled(folder: Path, staging: Path, journal: Journal) -> Settled:
    if not leads_back(staging) and is_whole(folder, staging, journal):
        try:
            return Settled(finished=True, overtaken=finish(folder, staging, journal))
        except OSError as error:
            problem = f"A write broke off and cannot be finished: {error.strerror or error} ({error.filename})."
            raise WriteError(problem, hint="Mend that, and run it again.") from None
    if not take_back(folder, staging, journal):
        raise WriteError("A write broke off and cannot be taken back.", hint=f"What was there is in {staging}.")
    return Settled(finished=False, overtaken=())


def _stage(folder: Path, staging: Path, changes: list[Change], moves: Mapping[str, str]) -> Journal:
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


def _taken_back(folder: Path, staging: Path, journal: Journal) -> bool:
    while True:
        try:
            with suppress(OSError):
                promise_to_take_back(staging)
            return take_back(folder, staging, journal)
        except KeyboardInterrupt:
            # Impatience must not stop it halfway; doing it again changes nothing.
            continue


def _explained(error: BaseException, folder: Path) -> BaseException:
    if not isinstance(error, OSError):
        return error
    where = error.filename2 or error.filename or folder
    return WriteError(f"Cannot write {where}: {error.strerror or error}.", hint="Nothing was changed.")


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir()
        made.append(part)


def _remove_folders(made: list[Path]) -> None:
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
