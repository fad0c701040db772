"""The job `release`: a generated file becomes your own, until `generate --restore` takes it back."""

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path, PurePath

from msgspec import Struct

from escscaffold.clouds.defaults import EVERY
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import UnknownNameError
from escscaffold.jobs.reporter import SILENT, Reporter, holding_folder
from escscaffold.planning.lock import LOCK_FILE, Lock
from escscaffold.repository import updating
from escscaffold.repository.disk import read_basis, read_spec_text
from escscaffold.repository.journal import hard_links
from escscaffold.spec.values import nearest, shown


class Released(Struct, frozen=True, kw_only=True):
    """What `release` handed over, or would."""

    files: tuple[str, ...]
    """Files that are generated no more, as paths below the repository."""
    hard_linked: tuple[str, ...]
    """Files with a second name (a hard link), which keeps the old text."""


def release(
    folder: Path | str, files: Iterable[str], *, dry_run: bool = False, reporter: Reporter = SILENT
) -> Released:
    """Stop generating files, named relative to `folder`; with `dry_run`, nothing is written.

    Raises UnknownNameError for a file that is not generated, NoRepositoryError where there is no spec.
    """
    folder = Path(folder)
    read_spec_text(folder)
    with nullcontext() if dry_run else holding_folder(folder, reporter):
        _, basis = read_basis(folder, load_facts())
        lock = basis.sound_lock
        generated = {**lock.manifest.written, **lock.manifest.deleted, **lock.manifest.released}
        paths = tuple(_known_file(folder, name, generated, "FILE") for name in files)
        hard_linked = hard_links(folder, [LOCK_FILE])
        if not dry_run:
            updating.release(folder, lock, basis, paths)
    return Released(files=paths, hard_linked=tuple(hard_linked))


def restored_files(folder: Path, lock: Lock, names: tuple[str, ...]) -> frozenset[str]:
    """Return the files to bring back; raises UnknownNameError for one that is not away."""
    if not names:
        return frozenset()
    manifest = lock.manifest
    restorable = {*manifest.deleted, *(path for path in manifest.written if not (folder / path).exists())}
    if EVERY in names:
        return frozenset(restorable)
    return frozenset(_known_file(folder, name, {*restorable, *manifest.released}, "--restore") for name in names)


def _known_file(folder: Path, name: str, candidates: Iterable[str], hint: str) -> str:
    """Return the path of a file in the repository; raises UnknownNameError where it is none of those known."""
    path = path_in(folder.resolve(), Path(name))
    words = sorted(candidates)
    if path not in words:
        fix = nearest(path, words) if words and len(words) < 200 else ""
        what = "is not deleted or released" if hint == "--restore" else "is not a generated file"
        raise UnknownNameError(f"{shown(name)} {what}. {fix if words else ''}".rstrip(), flag=hint)
    return path


def path_in(folder: PurePath, name: PurePath) -> str:
    r"""Return a path as the lock writes it: below the folder, with forward slashes, without `.` and `..`.

    >>> from pathlib import PureWindowsPath as Windows
    >>> path_in(Windows(r"C:\net"), Windows(r"c:\NET\scripts\..\README.md"))
    'README.md'
    """
    inner = name.relative_to(folder) if name.is_absolute() and name.is_relative_to(folder) else name
    parts: list[str] = []
    for part in inner.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return type(name)(*parts).as_posix()
