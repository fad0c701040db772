"""Bringing a folder in line with a plan: what that would do, and doing it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from escscaffold.planning.lock import LOCK_FILE, Lock, format_lock, lock_of
from escscaffold.planning.plan import AddressPlan
from escscaffold.rendering.files import repository_files
from escscaffold.rendering.generated import GeneratedFile
from escscaffold.repository.comparing import CHANGING, FileState, compare, content_ids
from escscaffold.repository.content import content_id
from escscaffold.repository.disk import SPEC_FILE, read_text
from escscaffold.repository.writing import Change, write_changes


@dataclass(frozen=True, kw_only=True)
class Update:
    """What bringing a repository in line with a plan would do."""

    files: tuple[FileState, ...]
    lock_text: str
    lock_is_stale: bool

    def with_state(self, *states: str) -> tuple[FileState, ...]:
        """Return the files that are in one of these states."""
        return tuple(file for file in self.files if file.state in states)

    @property
    def is_fresh(self) -> bool:
        """Whether there is nothing to do."""
        return not self.lock_is_stale and all(file.state in ("unchanged", "yours") for file in self.files)


def compare_with_disk(folder: Path, plan: AddressPlan, lock: Lock) -> Update:
    """Return what has to change so that the folder holds what the plan, which has no errors, says."""
    generated = repository_files(plan)
    on_disk = _texts(folder, [*generated, *lock.written])
    files = compare(generated, on_disk, lock.written)
    lock_text = format_lock(lock_of(plan, _remembered(files, generated), lock))
    before = read_text(folder / LOCK_FILE)
    stale = before is None or content_id(before) != content_id(lock_text)
    return Update(files=files, lock_text=lock_text, lock_is_stale=stale)


def _remembered(files: Iterable[FileState], generated: Mapping[str, GeneratedFile]) -> dict[str, str]:
    """Return the content ids to keep: a file that is not ours any more is forgotten."""
    yours = {file.path for file in files if file.state == "yours"}
    return {path: known for path, known in content_ids(generated).items() if path not in yours}


def apply_update(folder: Path, update: Update, spec_text: str | None = None) -> None:
    """Write what the update says, the spec first if it is given, and the lock last.

    Raises WriteError, with nothing changed, where the disk refuses.
    """
    changes = [Change(path=SPEC_FILE, text=spec_text)] if spec_text is not None else []
    changes += [
        Change(path=file.path, text=file.new, executable=file.executable) for file in update.with_state(*CHANGING)
    ]
    if update.lock_is_stale:
        changes.append(Change(path=LOCK_FILE, text=update.lock_text))
    if changes:
        write_changes(folder, changes)


def _texts(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    texts = ((path, read_text(folder / path)) for path in set(paths))
    return {path: text for path, text in texts if text is not None}
