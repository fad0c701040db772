"""What is to outlast a power cut: handed to the disk itself, as far as the system has a call for it."""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path

_NOT_HERE = (errno.EACCES, errno.EBADF, errno.EINVAL, errno.EISDIR, errno.ENOTSUP, errno.EPERM)
"""What is answered by a system that has no such call for a folder, or a disk that does not know it."""


def outlast_power_cut(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Return when the disk has the content of the files, and then the names in the folders.

    Raises OSError where the disk fails. Where it cannot be asked, nothing is promised.
    """
    for file in files:
        _to_disk(file, os.fsync)
    for folder in folders:
        _to_disk(folder, _through_the_drive)


def _to_disk(path: Path, call: Callable[[int], object]) -> None:
    try:
        opened = os.open(path, os.O_RDONLY)
        try:
            call(opened)
        finally:
            os.close(opened)
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise


def _through_the_drive(opened: int) -> None:
    """Have the drive write what it holds in its own memory, too, which macOS does only on request."""
    try:
        import fcntl

        fcntl.fcntl(opened, fcntl.F_FULLFSYNC)  # type: ignore[attr-defined,unused-ignore]
    except (ImportError, AttributeError):
        os.fsync(opened)
