"""One run at a time in a folder: the second waits until the first has written."""

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.repository.disk import LinkError

LOCK_FOLDER = ".escscaffold-lock"
_NAME = "lock"
_SECONDS = 60
_PAUSE = 0.05
_NO_WRITES = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.EBADF)


@contextmanager
def alone_in(folder: Path) -> Iterator[str]:
    """Hold the folder until the block ends; waits up to 60 seconds for another run.

    Gives why it is not held, which some network file systems do not offer, and nothing where it is. A folder in which
    nothing can be written needs no lock. Raises ScaffoldError where the other run does not end.
    """
    if not folder.is_dir():
        yield ""
        return
    place = folder / LOCK_FOLDER
    if place.is_symlink():
        raise LinkError(f"{place} is a symbolic link.", hint="Delete it: escscaffold creates that folder.")
    try:
        held = _held(place)
    except TimeoutError:
        raise ScaffoldError(
            f"Another escscaffold has been writing to {folder} for a minute.", hint="Wait for it, or stop it."
        ) from None
    except OSError as error:
        if error.errno in _NO_WRITES and not _can_write(folder):
            yield ""
            return
        if error.errno in _NO_LOCKS:
            _remove(place)
            yield f"{folder} is on a disk that cannot lock files ({error.strerror})"
            return
        raise ScaffoldError(
            f"Cannot lock {folder} for writing: {error.strerror or error} ({place}).",
            hint="Nothing was changed. Delete that folder if no other escscaffold is running.",
        ) from None
    try:
        yield ""
    finally:
        # Removed while it is held: a waiting process checks whether the name is still that of the same file.
        try:
            _remove(place)
        finally:
            held.release()


def _remove(place: Path) -> None:
    with suppress(OSError):
        (place / _NAME).unlink()
    with suppress(OSError):
        place.rmdir()


def _can_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


class _Held:
    """An open file with the system's lock on it."""

    def __init__(self, opened: int) -> None:
        self._opened = opened

    def release(self) -> None:
        os.close(self._opened)


if sys.platform == "win32":
    from filelock import FileLock, Timeout

    def _held(place: Path) -> FileLock:
        place.mkdir(exist_ok=True)
        lock = FileLock(place / _NAME)
        try:
            lock.acquire(timeout=_SECONDS)
        except Timeout:
            raise TimeoutError from None
        return lock

else:
    import fcntl

    def _held(place: Path) -> _Held:
        """Lock the file in this folder; raises TimeoutError, or OSError where the disk refuses."""
        end = time.monotonic() + _SECONDS
        while True:
            try:
                opened = _opened(place)
            except FileNotFoundError:  # the process that held it has just removed it
                if time.monotonic() > end or not place.parent.is_dir():
                    raise
                time.sleep(_PAUSE)
                continue
            try:
                _lock(opened, end)
                if _is_at(opened, place / _NAME):
                    return _Held(opened)
                if time.monotonic() > end:
                    raise TimeoutError
            except BaseException:
                os.close(opened)
                raise
            os.close(opened)

    def _opened(place: Path) -> int:
        """Open the lock's file, made where it is missing, and through no link."""
        created = False
        with suppress(FileExistsError):
            place.mkdir()
            created = True
        flags = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            inner = os.open(place, os.O_RDONLY | os.O_DIRECTORY | flags)
        except PermissionError as error:
            place.rmdir()  # left behind empty by a run of another user that was killed
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(place)) from error
        try:
            try:
                opened = os.open(place / _NAME, os.O_RDWR | os.O_CREAT | flags, 0o644)
            except PermissionError:
                # Of another user: what can be read can be locked, except on some network file systems.
                opened = _of_another(place, flags)
            if created:
                with suppress(OSError):  # whatever the umask is, other users of the repository can wait for it, too
                    os.fchmod(inner, 0o755)
                    os.fchmod(opened, 0o644)
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                os.close(opened)
                raise OSError(errno.EEXIST, "it is not a file", str(place / _NAME))
            return opened
        finally:
            os.close(inner)

    def _of_another(place: Path, flags: int) -> int:
        try:
            return os.open(place / _NAME, os.O_RDONLY | flags)
        except FileNotFoundError:
            place.rmdir()  # left behind empty by a run that was killed
            raise

    def _lock(opened: int, end: float) -> None:
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise TimeoutError from None
                time.sleep(_PAUSE)
            else:
                return

    def _is_at(opened: int, path: Path) -> bool:
        try:
            return os.path.samestat(os.fstat(opened), path.lstat())
        except FileNotFoundError:
            return False
