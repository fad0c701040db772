"""Having a folder to oneself, with whatever broke off there put right first."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from escscaffold.cli.output import Output
from escscaffold.repository.disk import BESIDE
from escscaffold.repository.journal import staging_folders
from escscaffold.repository.transaction import settle
from escscaffold.repository.writer_lock import alone_in
from escscaffold.spec.reading import SPEC_FILE


@contextmanager
def holding(folder: Path, output: Output, specs: Iterable[str] = (SPEC_FILE,)) -> Iterator[None]:
    """Hold the folder until the block ends, after finishing or taking back a write that broke off.

    A folder that has none of the specs is somebody else's, and is left without a lock: nothing is written there.
    """
    if not (any((folder / name).is_file() for name in specs) or any(staging_folders(folder))):
        yield
        return
    with alone_in(folder) as unlocked:
        if unlocked:
            click.echo(f"warning {unlocked}: see that no other escscaffold writes there at the same time.", err=True)
        left = [path.name for path in staging_folders(folder)]
        settled = settle(folder)
        if settled is None and left:
            output.note(f"Removed what a run left behind that ended before it wrote anything: {', '.join(left)}\n")
        if settled is not None:
            end = "finished" if settled.finished else "taken back"
            output.note(f"A run before this one broke off while it wrote: that was {end}.\n")
            for path in settled.overtaken:
                click.echo(f"{path} was changed since: the text that it was to get is in {path}{BESIDE}.", err=True)
        yield


def put_right(folder: Path, output: Output) -> None:
    """Finish or take back a write that broke off, for a command that reads before it holds the folder."""
    if any(staging_folders(folder)):
        with holding(folder, output):
            pass
