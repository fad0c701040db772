"""Files that are named by the caller of a job, as the lock names them."""

from collections.abc import Iterable
from pathlib import Path, PurePath

from escscaffold.jobs.unknown_names import UnknownNameError
from escscaffold.planning.lock import EVERY, Lock
from escscaffold.spec.values import nearest, shown


def restored_files(folder: Path, lock: Lock, names: tuple[str, ...]) -> frozenset[str]:
    """Return the files to bring back; raises UnknownNameError for one that is not away."""
    manifest = lock.manifest
    away = {*manifest.deleted, *(path for path in manifest.written if not (folder / path).exists())}
    if EVERY in names:
        return frozenset(away)
    return frozenset(known_file(folder, name, {*away, *manifest.released}, "--restore") for name in names)


def known_file(folder: Path, name: str, known: Iterable[str], hint: str) -> str:
    """Return the path of a file in the repository; raises UnknownNameError where it is none of those known."""
    path = path_in(folder.resolve(), Path(name))
    words = sorted(known)
    if path not in words:
        fix = nearest(path, words) if words and len(words) < 200 else ""
        what = "is neither deleted nor released" if hint == "--restore" else "is no file that escscaffold generates"
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
