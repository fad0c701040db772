"""What a job reports while it runs, on the terminal."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import click

from escscaffold.cli.hints import command_line
from escscaffold.cli.output import Output, working
from escscaffold.errors import printable
from escscaffold.jobs.reporter import Reporter, holding_folder
from escscaffold.repository.disk import GENERATED_SUFFIX
from escscaffold.repository.transaction import Settled
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE


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

    def diverged(self, base: str, head: str) -> None:
        """Print how to leave out what only the base has."""
        click.echo(f"{printable(base)} has commits that {printable(head)} lacks: they count as removed.", err=True)
        click.echo(f"  Without them: {command_line('review', f'{base}...{head}')}\n", err=True)

    def not_locked(self, reason: str) -> None:
        """Print that nothing keeps another run from the folder."""
        click.echo(f"warning {reason}: make sure that no other escscaffold writes there.", err=True)

    def removed(self, names: tuple[str, ...]) -> None:
        """Print the names of the folders."""
        self.output.note(f"Removed temporary files of an interrupted run: {', '.join(names)}\n")

    def settled(self, settled: Settled) -> None:
        """Print what became of the write that had broken off."""
        end = "finished" if settled.finished else "undone"
        self.output.note(f"A previous run stopped while writing; its changes were {end}.\n")
        for path in settled.overtaken:
            click.echo(f"{path} was changed since; its new text is in {path}{GENERATED_SUFFIX}.", err=True)


def holding(folder: Path, output: Output, specs: Iterable[str] = (SPEC_FILE,)) -> AbstractContextManager[None]:
    """Hold the folder until the block ends, and print what was finished or taken back before."""
    return holding_folder(folder, TerminalReporter(output), specs)
