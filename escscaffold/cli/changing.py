"""What `set`, `remove` and `rename` share: change the spec, show what follows, and write it."""

from collections.abc import Callable
from contextlib import nullcontext
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
from escscaffold.cli.terminal_reporter import holding
from escscaffold.cli.writing import write_plan
from escscaffold.jobs.generate import Terms
from escscaffold.jobs.repository_plan import snapshot_for
from escscaffold.planning.lock import Lock, kept_in
from escscaffold.planning.planner import plan_allocated
from escscaffold.repository.disk import read_basis
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, read_spec
from escscaffold.spec.values import known_environment


class Changed(Struct, frozen=True, kw_only=True):
    """A spec's text as it is to be, the lock that it stands on, and on what terms it is written."""

    text: str
    spec: Spec
    lock: Lock
    terms: Terms
    after: str = ""


class ChangeOptions(Struct, frozen=True, kw_only=True):
    """What all commands are asked that change the spec: where, how it is told, and on what terms."""

    folder: Path
    output: Output
    terms: Terms


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


def change(folder: Path, output: Output, terms: Terms, edit: Callable[[str, Lock], Changed]) -> int:
    """Change the folder's spec as `edit` does, write what follows from it, and return the exit code."""
    with nullcontext() if terms.dry_run or terms.diff else holding(folder, output):
        on_disk, basis = read_basis(folder)
        text, lock = on_disk.text, basis.lock
        changed = edit(text, lock)
        plan = plan_allocated(changed.lock, changed.spec, snapshot_for(basis, changed.spec))
        places = changed_places(changed.lock, plan)
        if places:
            output.note(f"{places}\n")
        spec_text = changed.text if changed.text != text else None
        return write_plan(
            folder, plan, changed.lock, basis, output, changed.terms, spec_text=spec_text, after=changed.after
        )


def environment_of(text: str, name: str, hint: str, lock: Lock) -> str:
    """Return the name if it is an environment's; raises UnknownNameError, SpecError."""
    return known_environment(name, read_spec(text, SPEC_FILE, kept_in(lock)).environments, hint)


def again(terms: Terms, *words: str) -> Terms:
    """Return the terms with the command that asks for the same once more."""
    from shlex import join

    return replace(terms, again=join(["escscaffold", *words]))
