"""`escscaffold adopt`: an environment for a peering that exists, from what was read of it."""

from pathlib import Path
from typing import Any

import click

from escscaffold.cli.answers import Answers, read_answers
from escscaffold.cli.collecting import complete
from escscaffold.cli.command import ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_folders, offer_paths
from escscaffold.cli.hints import works_in
from escscaffold.cli.interview import OtherEnvironments
from escscaffold.cli.last_question import AnsweredPlan, LastQuestion
from escscaffold.cli.options import answer_options, plain_option
from escscaffold.cli.output import Output, hanging
from escscaffold.cli.tables import environment_text
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.cli.writing import FindingsShown, print_generated
from escscaffold.errors import printable
from escscaffold.jobs.add import refuse_present
from escscaffold.jobs.adopt import (
    planned_adoption,
    provider_of,
    read_peering,
    read_repository,
    refuse_missing,
    values_read,
    write_adoption,
)
from escscaffold.jobs.generate import Terms
from escscaffold.jobs.reporter import settle_folder
from escscaffold.scanning.adoptable import Adoptable
from escscaffold.spec.reading import SPEC_FILE, parse_toml

_NOTHING: dict[str, list[object]] = {"files": [], "replaces": [], "read": [], "imports": []}


@click.command(
    "adopt",
    cls=ScaffoldCommand,
    looks_above=False,
    example="escscaffold adopt infra --to network --environment prod --yes",
    document=_NOTHING,
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, shell_complete=offer_paths)
@click.option(
    "--to",
    "target",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=".",
    shell_complete=offer_folders,
    help="Repository folder: new, empty, or written by escscaffold.  [default: this folder]",
)
@click.option("--peering", metavar="NAME", help="Peering to adopt, if several are found.")
@click.option("--dry-run", is_flag=True, help="Print the files that would be written; exit 3.")
@plain_option
@answer_options
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    target: Path,
    peering: str | None,
    folder: Path,
    yes: bool,
    plain: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    color: str,
    **flags: Any,
) -> None:
    """Adopt an existing peering from Terraform files, state and JSON.

    PATH is any file or folder that `escscaffold scan` reads. Flags override the values found there; missing values
    are prompted for. The first plan imports the existing resources.
    """
    output = Output(as_json=as_json, quiet=quiet)
    paths = tuple(path if path == "-" else from_start(ctx, folder, path) for path in paths)
    refuse_missing(folder, paths)
    repository = folder / target
    works_in(ctx, repository, repository)
    if not dry_run:
        settle_folder(repository, TerminalReporter(output))
    present = read_repository(repository)
    answers = read_answers(ctx)
    provider = provider_of(present, answers.top)
    read = read_peering(folder, paths, provider, peering=peering, reporter=TerminalReporter(output))
    _take(answers, read)
    output.note(_read_text(read))
    others = OtherEnvironments(asks_ci=True)
    if present.text is not None and present.spec is not None:
        answers.existing_spec = parse_toml(present.text, SPEC_FILE)
        others = OtherEnvironments(names=frozenset(present.spec.environments))
        refuse_present(answers.document(), present.spec)

    def outlook(so_far: Answers) -> AnsweredPlan:
        so_far.spec()
        plan = planned_adoption(present, so_far.document()).plan
        shown = environment_text(plan.environment(so_far.environment or ""), free_rows=False)
        return AnsweredPlan(plan=plan, shown=shown, question=f"Write it to {repository}?")

    last = None if dry_run else LastQuestion(look_ahead=outlook, output=output)
    was_asked = complete(answers, yes=yes, others=others, last=last, plain=plain)
    answers.spec()
    planned = planned_adoption(present, answers.document())
    name = answers.environment or ""
    reporter = FindingsShown(output) if was_asked else TerminalReporter(output)
    generated = write_adoption(repository, present, read, planned, name, dry_run=dry_run, reporter=reporter)
    after = f"Next:\n  the steps under Adopt {name} in {repository / 'README.md'}"
    terms, rows = Terms(dry_run=dry_run), _rows(read)
    ctx.exit(print_generated(repository, generated, output, terms, after=after, more=rows))


def _take(answers: Answers, read: Adoptable) -> None:
    """Put what was read where no flag gave anything."""
    for path, value, place in [*values_read(read, answers.table, answers.environment)]:
        answers.put(path, value)
        # The place of a value is not that of others in [existing], which may be missing.
        if path[0] != "existing":
            answers.places.setdefault(path, place)


def _rows(read: Adoptable) -> dict[str, Any]:
    """Return what was read and what is imported as JSON-ready data."""
    return {
        "read": [
            {"key": ".".join(key), "value": read.answers[key], "place": place} for key, place in read.places.items()
        ],
        "imports": [{"to": takeover.to, "key": takeover.key, "id": takeover.id} for takeover in read.takeovers],
    }


def _read_text(read: Adoptable) -> str:
    """Return what was read, each value with its place."""
    lines = [f"Read from {printable(read.evidence.name)}:"]
    for path, place in read.places.items():
        value = read.answers[path]
        shown = ", ".join(value) if isinstance(value, list) else value
        lines.append(f"  {'.'.join(path)} = {printable(str(shown))}  # {printable(place)}")
    for missing in read.not_found:
        lines.append(hanging(f"The id of {missing.address} is unknown: pass the state as well.", "  "))
    if read.answers.get(("parts", "database")) == "absent":
        for database in read.unnamed_databases:
            text = f"{database.address} does not change; to look it up, pass the state with its DNS name."
            lines.append(hanging(text, "  "))
    return "\n".join([*lines, ""])
