"""Having a folder to oneself, with whatever broke off there put right first."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from escscaffold.cli.output import Output
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.jobs.folder_lock import holding_folder
from escscaffold.repository.journal import staging_folders
from escscaffold.spec.reading import SPEC_FILE


def holding(folder: Path, output: Output, specs: Iterable[str] = (SPEC_FILE,)) -> AbstractContextManager[None]:
    """Hold the folder until the block ends, and print what had to be put right there first."""
    return holding_folder(folder, TerminalReporter(output), specs)


def put_right(folder: Path, output: Output) -> None:
    """Finish or take back a write that broke off, for a command that reads before it holds the folder."""
    if any(staging_folders(folder)):
        with holding(folder, output):
            pass
