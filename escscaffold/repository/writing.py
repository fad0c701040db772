"""The one way to change a user's disk: everything, or nothing.

All texts are staged beside their targets and the old ones are kept; then the journal makes the
promise, and the steps are taken one by one, so that each file is there at every moment, old or new.
Whatever stops them (a full disk, a missing permission, Ctrl-C, a file that is another one than was read) moves
everything back; after a kill or a power cut the next run does what the journal says.
"""

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from escscaffold.errors import MeanwhileError, ScaffoldError
from escscaffold.repository.carrying_out import carry_out, clear, finish, is_whole, take_back
from escscaffold.repository.disk import id_of
from escscaffold.repository.journal import (
    STAGING_PREFIX,
    Journal,
    leads_back,
    promise,
    promise_to_take_back,
    read_journal,
    staging_folders,
)
from escscaffold.repository.lasting import outlast_power_cut
from escscaffold.repository.staging import Change, stage


class WriteError(ScaffoldError):
    """The disk refused; nothing has changed, unless it says otherwise."""


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
        journal = stage(folder, staging, list(changes), moves or {})
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
