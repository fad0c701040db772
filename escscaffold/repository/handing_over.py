"""Handing a generated file over to the person who edits it."""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from escscaffold.planning.lock import LOCK_FILE, Lock, format_lock
from escscaffold.repository.disk import Basis
from escscaffold.repository.staging import Change
from escscaffold.repository.writing import write_changes


def release(folder: Path, lock: Lock, basis: Basis, paths: Iterable[str]) -> None:
    """Remember that the files are a person's; the lock is that of the basis.

    Raises MeanwhileError or WriteError, with nothing changed.
    """
    manifest = lock.manifest
    released = {path: {**manifest.written, **manifest.deleted, **manifest.released}[path] for path in paths}
    handed_over = replace(
        manifest,
        written={path: known for path, known in manifest.written.items() if path not in released},
        deleted={path: known for path, known in manifest.deleted.items() if path not in released},
        released={**manifest.released, **released},
    )
    text = format_lock(replace(lock, manifest=handed_over))
    write_changes(folder, [Change(path=LOCK_FILE, old=basis.lock_text, text=text)])
