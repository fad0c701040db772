"""What `set`, `remove` and `rename` share: their flags, and what is printed of a change."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from escscaffold.cli.command import common_options
from escscaffold.cli.options import terms_options
from escscaffold.cli.output import Output
from escscaffold.cli.replacement_lines import changed_places
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.cli.writing import print_generated
from escscaffold.jobs.change import Changed, ChangeReporter
from escscaffold.jobs.generate import Terms
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock


class ChangeOptions(Struct, frozen=True, kw_only=True):
    """What all commands take that change the spec: where, how it is printed, and on what terms."""

    folder: Path
    output: Output
    terms: Terms

    @property
    def reporter(self) -> "TerminalChangeReporter":
        """What prints while the job runs."""
        return TerminalChangeReporter(self.output)


class TerminalChangeReporter(TerminalReporter, ChangeReporter):
    """Prints which addresses a change moves, before anything is compared."""

    def changed(self, lock: Lock, plan: AddressPlan) -> None:
        """Print the addresses that change."""
        if places := changed_places(lock, plan):
            self.output.note(f"{places}\n")


def change_options(function: Callable[..., int]) -> Callable[..., None]:
    """Add the flags of such a command, hand them over as one, and exit with the code that it returns."""

    @terms_options
    @common_options
    @wraps(function)
    def command(
        dry_run: bool,
        diff: bool,
        accepted: tuple[str, ...],
        folder: Path,
        as_json: bool,
        quiet: bool,
        color: str,
        **own: Any,
    ) -> None:
        terms = Terms(dry_run=dry_run, diff=diff, accepted=accepted)
        asked = ChangeOptions(folder=folder, output=Output(as_json=as_json, quiet=quiet), terms=terms)
        click.get_current_context().exit(function(asked, **own))

    return command


def print_changed(asked: ChangeOptions, changed: Changed, terms: Terms, after: str = "") -> int:
    """Print what was done, or would be, with what is next, and return the exit code."""
    return print_generated(
        asked.folder, changed.generated, asked.output, terms, spec_text=changed.spec_text, after=after
    )


def again(terms: Terms, *words: str) -> Terms:
    """Return the terms with the command that asks for the same once more."""
    from shlex import join

    return replace(terms, again=join(["escscaffold", *words]))
