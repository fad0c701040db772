"""Files that a person names on the command line, as the lock names them."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from escscaffold.cli.options import EVERYTHING
from escscaffold.planning.lock import Lock
from escscaffold.spec.values import nearest, shown


def restored_files(folder: Path, lock: Lock, names: tuple[str, ...]) -> frozenset[str]:
    """Return the files to bring back; raises click.BadParameter for one that is not away."""
    manifest = lock.manifest
    away = {*manifest.deleted, *(path for path in manifest.written if not (folder / path).exists())}
    if EVERYTHING in names:
        return frozenset(away)
    return frozenset(known_file(folder, name, {*away, *manifest.released}, "--restore") for name in names)


def known_file(folder: Path, name: str, known: Iterable[str], hint: str) -> str:
    """Return the path of a file in the repository; raises click.BadParameter where it is none of those known."""
    path = Path(os.path.normpath(name))
    if path.is_absolute() and path.is_relative_to(folder.resolve()):
        path = path.relative_to(folder.resolve())
    words = sorted(known)
    if path.as_posix() not in words:
        fix = nearest(path.as_posix(), words) if words and len(words) < 200 else ""
        what = "is neither deleted nor released" if hint == "--restore" else "is no file that escscaffold generates"
        raise click.BadParameter(f"{shown(name)} {what}. {fix if words else ''}".rstrip(), param_hint=hint)
    return path.as_posix()
