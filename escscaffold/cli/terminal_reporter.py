"""What a job reports while it runs, on the terminal."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

import click

from escscaffold.cli.output import Output
from escscaffold.cli.progress import working
from escscaffold.jobs.reporter import Reporter
from escscaffold.repository.disk import GENERATED_SUFFIX
from escscaffold.repository.transaction import Settled
from escscaffold.rules.finding import Finding


class TerminalReporter(Reporter):
    """Prints what a job reports."""

    def __init__(self, output: Output) -> None:
        self.output = output

    def working(self, on: str) -> AbstractContextManager[None]:
        """Print on what a step works, once it has taken a second."""
        return working(on, self.output)

    def findings(self, findings: Iterable[Finding]) -> None:
        """Print the findings."""
        self.output.findings(findings, err=True)

    def not_locked(self, reason: str) -> None:
        """Print that nothing keeps another run from the folder."""
        click.echo(f"warning {reason}: see that no other escscaffold writes there at the same time.", err=True)

    def removed(self, names: tuple[str, ...]) -> None:
        """Print the names of the folders."""
        self.output.note(f"Removed what a run left behind that ended before it wrote anything: {', '.join(names)}\n")

    def settled(self, settled: Settled) -> None:
        """Print what became of the write that had broken off."""
        end = "finished" if settled.finished else "taken back"
        self.output.note(f"A run before this one broke off while it wrote: that was {end}.\n")
        for path in settled.overtaken:
            click.echo(
                f"{path} was changed since: the text that it was to get is in {path}{GENERATED_SUFFIX}.", err=True
            )
