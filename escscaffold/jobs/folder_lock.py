"""Holding a folder against other runs, after a write that broke off there is finished or taken back."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from escscaffold.jobs.reporter import Reporter
from escscaffold.repository.journal import staging_folders
from escscaffold.repository.transaction import settle
from escscaffold.repository.writer_lock import alone_in
from escscaffold.spec.reading import SPEC_FILE


@contextmanager
def holding_folder(folder: Path, reporter: Reporter, specs: Iterable[str] = (SPEC_FILE,)) -> Iterator[None]:
    """Hold the folder until the block ends, after finishing or taking back a write that broke off.

    A folder that has none of the specs is somebody else's, and is left without a lock: nothing is written there.
    """
    if not (any((folder / name).is_file() for name in specs) or any(staging_folders(folder))):
        yield
        return
    with alone_in(folder) as unlocked:
        if unlocked:
            reporter.not_locked(unlocked)
        left = tuple(path.name for path in staging_folders(folder))
        settled = settle(folder)
        if settled is None and left:
            reporter.removed(left)
        if settled is not None:
            reporter.settled(settled)
        yield
