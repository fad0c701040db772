"""Reads files and standard input within bounds: what comes from outside may be a device, a pipe or without an end."""

import os
import stat
import sys
from pathlib import Path

from escscaffold.errors import ScaffoldError

MIB = 2**20
LARGEST_SPEC = 32 * MIB
"""Bytes of a spec or an answers file: some hundred thousand environments."""
LARGEST = 128 * MIB
"""Bytes of any other file of a repository."""

_PART = 2**16

# Windows has neither.
_OPENING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


class InputError(ScaffoldError):
    """What was named is not a file that is read here."""


def read_file(path: Path | str, most: int = LARGEST) -> bytes:
    """Return what a file holds.

    Raises OSError where it cannot be opened; InputError for a folder, a pipe or a device, and for
    more than `most` bytes.
    """
    # Checked before it is opened, too: to open some devices does something.
    _refuse_others(path, os.stat(path).st_mode)  # noqa: PTH116
    opened = os.open(path, _OPENING)
    try:
        state = os.fstat(opened)
        _refuse_others(path, state.st_mode)
        content = _read_to_end(opened, min(state.st_size, most) + 1, most + 1)
    finally:
        os.close(opened)
    if len(content) > most:
        raise InputError(f"{path} is larger than {most // MIB} MiB.", hint="Files of this kind are smaller.")
    return content


def _read_to_end(opened: int, expected: int, most: int) -> bytes:
    """Return what can be read, at most so many bytes; the size that the system gives for a file may be wrong."""
    parts: list[bytes] = []
    while most > 0 and (part := os.read(opened, min(most, _PART if parts else expected))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def read_stdin(most: int) -> bytes:
    """Return what standard input holds; raises InputError where it is closed or holds more than `most` bytes."""
    try:
        content = sys.stdin.buffer.read(most + 1)
    except OSError as error:
        raise InputError(
            f"Cannot read standard input: {error.strerror}.", hint="Standard input is closed: pipe data into it."
        ) from None
    if len(content) > most:
        raise InputError(f"Standard input exceeds {most // MIB} MiB.")
    return content


def _refuse_others(path: Path | str, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    for is_kind, name in _KINDS:
        if is_kind(mode):
            raise InputError(f"{path} is not a file: it is {name}.", hint="Pass a file, or move this one.")
