"""What a job reports while it runs, on the terminal."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from escscaffold.cli.output import Output
from escscaffold.cli.progress import working
from escscaffold.jobs.reporter import Reporter
from escscaffold.rules.finding import Finding


class TerminalReporter(Reporter):
    """Prints to standard error what a job reports."""

    def __init__(self, output: Output) -> None:
        self.output = output

    def working(self, on: str) -> AbstractContextManager[None]:
        """Print on what a step works, once it has taken a second."""
        return working(on, self.output)

    def findings(self, findings: Iterable[Finding]) -> None:
        """Print the findings."""
        self.output.findings(findings, err=True)
