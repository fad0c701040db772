"""Puts a file in the place of another, or removes it, without losing an edit; and survives a power cut.

Content is handed to the disk itself, as far as the system has a call for it.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from escscaffold.repository.disk import id_of

_UNSUPPORTED = (errno.EACCES, errno.EBADF, errno.EINVAL, errno.EISDIR, errno.ENOTSUP, errno.EPERM)
"""What is answered by a system that has no such call for a folder, or a disk that does not know it."""
_UNKNOWN_CALL = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)
_WORKING_FOLDER, _SWAP = -100, 2
"""AT_FDCWD, and what Linux (RENAME_EXCHANGE) and macOS (RENAME_SWAP) call an exchange."""
_TRIES = 100


def outlast_power_cut(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Return when the disk has the content of the files, and then the names in the folders.

    Raises OSError where the disk fails. Where it cannot be asked, nothing is promised.
    """
    for file in files:
        _to_disk(file, os.fsync)
    for folder in folders:
        _to_disk(folder, _flush_drive_cache)


def _to_disk(path: Path, call: Callable[[int], object]) -> None:
    try:
        opened = os.open(path, os.O_RDONLY)
        try:
            call(opened)
        finally:
            os.close(opened)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise


def _flush_drive_cache(opened: int) -> None:
    """Have the drive write what it holds in its own memory, too, which macOS does only on request."""
    try:
        import fcntl

        fcntl.fcntl(opened, fcntl.F_FULLFSYNC)  # type: ignore[attr-defined,unused-ignore]
    except (ImportError, AttributeError):
        os.fsync(opened)


def put(source: Path, target: Path, expected: str | None, ours: str | None) -> bool:
    """Move a file to where the content with this id is (None: no file), and return whether it was still so.

    `ours` is the id of what is moved. Where it was not so, both are left as they were. Raises OSError where the disk
    refuses.
    """
    if expected is None:
        return _put_new(source, target)
    if target.is_symlink() or id_of(target) != expected:
        return False
    try:
        exchanged = exchange(source, target)
    except FileNotFoundError:  # it was removed in this moment
        return False
    if not exchanged:
        source.replace(target)
        return True
    if _is(source, expected):
        source.unlink()
        return True
    _give_back(source, target, ours)
    return False


def remove_expected(target: Path, out: Path, expected: str) -> bool:
    """Remove the file with this content by way of `out`, and return whether it was still so, or was removed already.

    Where it was not, it is left as it was. Raises OSError where the disk refuses.
    """
    try:
        if target.is_symlink() or id_of(target) not in (expected, None):
            return False
        target.rename(out)
    except FileNotFoundError:
        return True
    if _is(out, expected):
        out.unlink()
        return True
    give_back_taken(out, target)
    return False


def give_back_taken(out: Path, target: Path) -> None:
    """Put back what was taken away; where there is a newer file meanwhile, that one stays."""
    if not _put_new(out, target):
        out.unlink()


def exchange(source: Path, target: Path) -> bool:
    """Exchange two files in one step, and return whether the system and the disk can do that; raises OSError."""
    call = system_call()
    if call is None:
        return False
    # Python announces its own calls to audit hooks, and this one is announced likewise.
    sys.audit("os.rename", str(source), str(target), -1, -1)
    error = call(os.fsencode(source), os.fsencode(target))
    if error in _UNKNOWN_CALL:
        return False
    if error:
        raise OSError(error, os.strerror(error), str(source), None, str(target))
    return True


def _put_new(source: Path, target: Path) -> bool:
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return False
    except OSError:
        # No hard links on this disk, or no room for one: a rename takes none.
        if os.path.lexists(target):
            return False
        source.replace(target)
        return True
    source.unlink()
    return True


def _give_back(source: Path, target: Path, ours: str | None) -> None:
    """Exchange back until what comes out is what was put in last: nothing that was saved meanwhile is dropped."""
    put_in = ours
    for _ in range(_TRIES):
        about_to_put = id_of(source)
        if not exchange(source, target) or _is(source, put_in):
            return
        put_in = about_to_put


def _is(path: Path, expected: str | None) -> bool:
    return not path.is_symlink() and id_of(path) == expected


@cache
def system_call() -> Callable[[bytes, bytes], int] | None:
    """Return what exchanges two names and returns the error's number, 0 for none; None where there is no such call."""
    if sys.platform not in ("linux", "darwin"):
        return None
    import ctypes  # slow to import, and needed where a file is replaced only

    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            swap = library.renamex_np
            swap.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint]
            return lambda first, other: ctypes.get_errno() if swap(first, other, _SWAP) else 0
        rename = library.renameat2
        rename.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
        return lambda first, other: (
            ctypes.get_errno() if rename(_WORKING_FOLDER, first, _WORKING_FOLDER, other, _SWAP) else 0
        )
    return None
