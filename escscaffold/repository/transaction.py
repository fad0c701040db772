"""The one way to change a user's disk: all changes, or none.

Each step can be done again, or undone, from wherever a run was interrupted.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from escscaffold.errors import MeanwhileError, ScaffoldError
from escscaffold.repository.atomic_files import exchange, give_back_taken, outlast_power_cut, put, remove_expected
from escscaffold.repository.disk import GENERATED_SUFFIX, LinkError, id_of, refuse_ways_out
from escscaffold.repository.journal import (
    STAGING_PREFIX,
    Change,
    Journal,
    JournalStep,
    kept_copy,
    leads_back,
    promise,
    promise_undo,
    read_journal,
    stage,
    staged,
    staging_folders,
    taken,
    withdraw,
)
from escscaffold.repository.writer_lock import LOCK_FOLDER
from escscaffold.tracing import is_tracing, trace


class WriteError(ScaffoldError):
    """The disk refused; nothing has changed, unless the message states otherwise."""


class Settled(Struct, frozen=True, kw_only=True):
    """What became of a write that had broken off."""

    finished: bool
    """Whether it was carried out; if not, it was taken back."""
    overtaken: tuple[str, ...]
    """Files that were changed since: the new text is next to them."""


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
        refuse_changed(folder, read or {})
        _make_folders(folder, above)
        staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=folder))
        reported = list(changes)
        for change in reported if is_tracing() else ():
            trace(f"write {folder / change.path}")
        journal = stage(folder, staging, reported, moves or {})
        refuse_changed(folder, read or {})
        promise(staging, journal)
        outlast_power_cut([], [folder, *(part.parent for part in above)])
    except BaseException as error:
        if staging is not None:
            _clear(staging)
        _remove_folders(above)
        raise _explained(error, folder) from error
    try:
        _carry_out(folder, staging, journal)
    except BaseException as error:
        if not _taken_back(folder, staging, journal):
            hint = "Only some files were written: the next run of escscaffold restores the old ones."
            raise WriteError(f"Cannot write: {error}.", hint=hint) from error
        _clear(staging)
        _remove_folders(above)
        raise _explained(error, folder) from error
    _clear(staging)


def _clear(staging: Path) -> None:
    """Remove the folder of a write that is through, the promise first."""
    with suppress(OSError):
        withdraw(staging)
    shutil.rmtree(staging, ignore_errors=True)


def _carry_out(folder: Path, staging: Path, journal: Journal) -> None:
    """Take every step, each only where its file is still what was decided on.

    Raises MeanwhileError at the first that is another one; the steps before it can be taken back.
    """
    for number, step in enumerate(journal.steps):
        if not _taken_step(folder, staging, number, step):
            raise MeanwhileError(folder / step.path)
    for number, step in enumerate(journal.steps):
        # A program that had the old file open may have written to it after it was looked at.
        if step.old is not None and id_of(kept_copy(staging, number)) != step.old:
            raise MeanwhileError(folder / step.path)
    _end(folder, journal)


def _taken_step(folder: Path, staging: Path, number: int, step: JournalStep) -> bool:
    """Take one step, and return whether its file was what was decided on."""
    target = folder / step.path
    refuse_ways_out(folder, step.path)
    if step.moved_from:
        refuse_ways_out(folder, step.moved_from)
        return _move(folder / step.moved_from, target)
    if step.new is None:
        return step.old is None or remove_expected(target, taken(staging, number), step.old)
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
    return put(staged(staging, number), target, step.old, step.new)


def _move(source: Path, target: Path) -> bool:
    """Rename a folder, and return whether it was there and its new name free."""
    if not source.exists() or target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    return True


def _end(folder: Path, journal: Journal) -> None:
    _remove_empty(folder, [step for step in journal.steps if step.new is None])
    _outlast_power_cut(folder, journal)


def _remove_empty(folder: Path, removed: list[JournalStep]) -> None:
    """Remove the folders that removed files leave empty."""
    for step in removed:
        for parent in (folder / step.path).parents:
            if parent == folder:
                break
            with suppress(OSError):
                parent.rmdir()


def _outlast_power_cut(folder: Path, journal: Journal) -> None:
    """Have the disk keep the names that were changed, before the promise is withdrawn."""
    places = {*journal.made, *(step.path for step in journal.steps), *(step.moved_from for step in journal.steps)}
    # Where a folder is removed, the one above has its name no more.
    above = {folder / place.rpartition("/")[0] for place in places if place}
    folders = {next(parent for parent in (path, *path.parents) if parent.is_dir()) for path in above}
    outlast_power_cut([], sorted(folders))


def refuse_changed(folder: Path, read: Mapping[str, str | None]) -> None:
    """Raise MeanwhileError where a file has another content id than the one that was read."""
    for path, id_read in read.items():
        if id_of(folder / path) != id_read:
            raise MeanwhileError(folder / path)


def is_broken_off(folder: Path) -> bool:
    """Return True if a write in this folder was promised and is not through."""
    return any(read_journal(staging) is not None for staging in staging_folders(folder))


def settle(folder: Path) -> Settled | None:
    """Finish or take back a write that broke off, by its journal; None where there is none.

    Nothing else may write meanwhile. Raises WriteError where the disk refuses.
    """
    settled: Settled | None = None
    for staging in staging_folders(folder):
        journal = read_journal(staging)
        if journal is not None:
            settled = _settled(folder, staging, journal)
        _clear(staging)
    return settled


def _settled(folder: Path, staging: Path, journal: Journal) -> Settled:
    if not leads_back(staging) and _is_whole(folder, staging, journal):
        try:
            return Settled(finished=True, overtaken=_finish(folder, staging, journal))
        except OSError as error:
            problem = f"An interrupted write cannot be completed: {error.strerror or error} ({error.filename})."
            raise WriteError(problem, hint="Fix the cause and run again.") from None
    if not _undo_all(folder, staging, journal):
        raise WriteError("An interrupted write cannot be undone.", hint=f"The old files are in {staging}.")
    return Settled(finished=False, overtaken=())


def _finish(folder: Path, staging: Path, journal: Journal) -> tuple[str, ...]:
    """Take every step of a write that broke off, as far as it was not taken yet.

    Returns the files that were changed since: they stay, and the new text is next to them.
    """
    overtaken = []
    for number, step in enumerate(journal.steps):
        _give_back_edits(folder, staging, number, step)
        new = staged(staging, number)
        if step.moved_from or step.new is None:
            _taken_step(folder, staging, number, step)
        elif new.exists() and id_of(folder / step.path) == step.new:
            new.unlink()
        elif new.exists() and not _taken_step(folder, staging, number, step):
            neighbor = folder / (step.path + GENERATED_SUFFIX)
            refuse_ways_out(folder, step.path + GENERATED_SUFFIX)
            put(new, neighbor, None, step.new)
            overtaken.append(step.path)
    _end(folder, journal)
    return tuple(overtaken)


def _give_back_edits(folder: Path, staging: Path, number: int, step: JournalStep) -> None:
    """Put back what was taken out of its place, and had been edited, when the run broke off."""
    out, new, target = taken(staging, number), staged(staging, number), folder / step.path
    refuse_ways_out(folder, step.path)
    if out.exists() and id_of(out) != step.old:
        give_back_taken(out, target)
    if new.exists() and id_of(new) not in (step.new, step.old) and id_of(target) == step.new:
        exchange(new, target)


def _undo_all(folder: Path, staging: Path, journal: Journal) -> bool:
    """Undo every step, the last one first, and return whether the disk let it happen."""
    done = True
    # In a folder that has its old name, or has it again, nothing was changed, or nothing is any more.
    not_moved = tuple(f"{s.path}/" for s in journal.steps if s.moved_from and (folder / s.moved_from).exists())
    for number, step in reversed(list(enumerate(journal.steps))):
        if step.path.startswith(not_moved):
            continue
        if step.moved_from:
            _remove_made(folder, journal)
        if not step.moved_from and (folder / step.path).is_symlink():
            continue  # it was put there since
        try:
            _undo(folder / step.path, step, staging, number, folder)
        except (OSError, ScaffoldError):
            done = False
    _remove_made(folder, journal)
    try:
        _outlast_power_cut(folder, journal)
    except OSError:
        done = False
    return done


def _remove_made(folder: Path, journal: Journal) -> None:
    for created in reversed(journal.made):
        with suppress(OSError, LinkError):
            refuse_ways_out(folder, created)
            (folder / created).rmdir()


def _undo(target: Path, step: JournalStep, staging: Path, number: int, folder: Path) -> None:
    refuse_ways_out(folder, step.path)
    if step.moved_from:
        refuse_ways_out(folder, step.moved_from)
        _move(target, folder / step.moved_from)
        return
    _give_back_edits(folder, staging, number, step)
    old, new, now = kept_copy(staging, number), staged(staging, number), id_of(target)
    if old.exists():
        # Where the new text still waits, the target was deleted on purpose.
        if now != step.old and (now == step.new or (now is None and not new.exists())):
            target.parent.mkdir(parents=True, exist_ok=True)
            put(old, target, now, id_of(old))
    elif step.old is None and step.new is not None and now == step.new and (not new.exists() or new.samefile(target)):
        remove_expected(target, taken(staging, number), step.new)


def _is_whole(folder: Path, staging: Path, journal: Journal) -> bool:
    """Return True if every new text that still waits is the one that was promised."""
    return all(
        id_of(staged(staging, number)) in (None, step.new) or id_of(folder / step.path) == step.new
        for number, step in enumerate(journal.steps)
    )


def _taken_back(folder: Path, staging: Path, journal: Journal) -> bool:
    while True:
        try:
            with suppress(OSError):
                promise_undo(staging)
            return _undo_all(folder, staging, journal)
        except KeyboardInterrupt:
            # Impatience must not stop it halfway; doing it again changes nothing.
            continue


def _explained(error: BaseException, folder: Path) -> BaseException:
    if not isinstance(error, OSError):
        return error
    where = error.filename2 or error.filename or folder
    return WriteError(f"Cannot write {where}: {error.strerror or error}.", hint="Nothing was changed.")


def _make_folders(folder: Path, created: list[Path]) -> None:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir()
        created.append(part)


def _remove_folders(created: list[Path]) -> None:
    for folder in reversed(created):
        with suppress(OSError):
            folder.rmdir()


def leftovers(folder: Path, expected: Iterable[str], reported: Iterable[str]) -> Iterator[str]:
    """Yield each as a line: folders of writes that were killed, and generated texts that wait next to a file.

    `expected` are the paths of the files that are or were generated; what waits next to those in `reported` is known.
    """
    ours = set(staging_folders(folder))
    for path in sorted(folder.glob(f"{STAGING_PREFIX}*")):
        if path.name == LOCK_FOLDER or path.name.endswith(GENERATED_SUFFIX):
            continue
        if path not in ours:
            yield f"{path.name}: not written by escscaffold; delete it if it is not needed"
        elif read_journal(path) is None:
            yield f"{path.name}: from an interrupted run; the next run removes it"
    neighbor = {f"{path}{GENERATED_SUFFIX}" for path in reported}
    for parent in sorted({PurePosixPath(path).parent for path in expected}):
        for path in sorted((folder / parent).glob(f"*{GENERATED_SUFFIX}")):
            name = path.relative_to(folder).as_posix()
            if name not in neighbor:
                yield f"{name}: copy what you need from it, then delete it"
