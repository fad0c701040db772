"""`escscaffold release`: stop generating a file, which is yours from then on."""

from pathlib import Path

import click

from escscaffold.cli.command import CLEAN, WOULD_CHANGE, ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_files
from escscaffold.cli.file_lines import linked_lines
from escscaffold.cli.output import Output
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.jobs.release import release
from escscaffold.rendering.document import VERSION


@click.command(
    "release",
    short_help="Stop generating FILEs.",
    cls=ScaffoldCommand,
    example="escscaffold release environments/prod/outputs.tf",
    document={"released": []},
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=offer_files)
@click.option("--dry-run", is_flag=True, help="Write nothing; exit 3.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    dry_run: bool,
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """Stop generating FILEs; they are yours to edit.

    `escscaffold generate --restore FILE` generates a file again and keeps your edits.
    """
    output = Output(as_json=as_json, quiet=quiet)
    named = [from_start(ctx, folder, name) for name in files]
    released = release(folder, named, dry_run=dry_run, reporter=TerminalReporter(output))
    for line in linked_lines(released.hard_linked) if not as_json else ():
        click.echo(line, err=True)
    if as_json:
        output.result("", {"version": VERSION, "released": list(released.files), "findings": []})
    becomes = "would no longer be" if dry_run else "is no longer"
    output.note("\n".join(f"{path} {becomes} generated." for path in released.files))
    ctx.exit(WOULD_CHANGE if dry_run else CLEAN)
