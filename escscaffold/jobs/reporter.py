"""What a job reports while it runs; its result is a value."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext

from escscaffold.repository.transaction import Settled
from escscaffold.rules.finding import Finding


class Reporter:
    """Takes what a job reports, and prints nothing; the command line has one that prints."""

    def working(self, on: str) -> AbstractContextManager[None]:
        """Return a context for a step that may take a while."""
        return nullcontext()

    def findings(self, findings: Iterable[Finding]) -> None:
        """Take the findings of the plan before anything is compared or written."""

    def not_locked(self, reason: str) -> None:
        """Take why the folder cannot be held against other runs."""

    def removed(self, names: tuple[str, ...]) -> None:
        """Take the names of folders that a run left which ended before it wrote anything."""

    def settled(self, settled: Settled) -> None:
        """Take how a write that had broken off was finished or taken back."""


SILENT = Reporter()
