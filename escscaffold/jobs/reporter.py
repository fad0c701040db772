"""What a job reports while it runs, and the folder that it holds while it writes; the result of a job is a value."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from escscaffold.repository.journal import staging_folders
from escscaffold.repository.transaction import Settled, settle
from escscaffold.repository.writer_lock import alone_in
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE


class Reporter:
    """Takes what a job reports, and prints nothing; the command line has one that prints."""

    def working(self, on: str) -> AbstractContextManager[None]:
        """Return a context for a step that may take a while."""
        return nullcontext()

    def findings(self, findings: Iterable[Finding]) -> None:
        """Take the findings of the plan before anything is compared or written."""

    def diverged(self, base: str, head: str) -> None:
        """Take two revisions of which the first has commits that the second lacks."""

    def not_locked(self, reason: str) -> None:
        """Take why the folder cannot be held against other runs."""

    def removed(self, names: tuple[str, ...]) -> None:
        """Take the names of folders that a run left which ended before it wrote anything."""

    def settled(self, settled: Settled) -> None:
        """Take how a write that had broken off was finished or taken back."""


SILENT = Reporter()


def settle_folder(folder: Path, reporter: Reporter) -> None:
    """Finish or take back a write that broke off, for a job that reads before it holds the folder."""
    if any(staging_folders(folder)):
        with holding_folder(folder, reporter):
            pass


@contextmanager
def holding_folder(folder: Path, reporter: Reporter, specs: Iterable[str] = (SPEC_FILE,)) -> Iterator[None]:
    """Hold the folder until the block ends, after finishing or taking back a write that broke off.

    A folder without any of the specs is not locked: nothing is written there.
    """
    if not (any((folder / name).is_file() for name in specs) or any(staging_folders(folder))):
        yield
        return
    with alone_in(folder) as unlocked:
        if unlocked:
            reporter.not_locked(unlocked)
        staged = tuple(path.name for path in staging_folders(folder))
        settled = settle(folder)
        if settled is None and staged:
            reporter.removed(staged)
        if settled is not None:
            reporter.settled(settled)
        yield
