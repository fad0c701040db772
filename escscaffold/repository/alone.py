"""One run at a time in a folder: the second waits until the first has written."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.repository.spelling import folded

_SECONDS = 60


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder until the block ends; waits up to 60 seconds for another run.

    The lock lies among the system's temporary files, so that nothing of it stands in the repository.
    Raises ScaffoldError where the other run does not end.
    """
    from filelock import FileLock, Timeout

    # One folder has several names where a disk does not tell capital letters from small ones.
    name = sha256(folded(str(folder.resolve())).encode("utf-8", errors="surrogateescape")).hexdigest()[:16]
    held = FileLock(Path(tempfile.gettempdir(), f"escscaffold-{name}.lock"))
    try:
        held.acquire(timeout=_SECONDS)
    except Timeout:
        raise ScaffoldError(
            f"Another escscaffold has been writing to {folder} for a minute.", hint="Let it end, or end it."
        ) from None
    except OSError as error:
        raise ScaffoldError(
            f"Cannot make sure that nobody else writes to {folder}: {error.strerror or error} ({held.lock_file}).",
            hint="Nothing was changed. TMPDIR names another folder for temporary files.",
        ) from None
    try:
        yield
    finally:
        held.release()
