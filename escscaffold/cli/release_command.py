"""`escscaffold release`: a generated file becomes a person's own."""

from contextlib import nullcontext
from pathlib import Path

import click

from escscaffold.cli.command import CLEAN, WOULD_CHANGE, ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_files
from escscaffold.cli.file_lines import link_lines
from escscaffold.cli.output import Output
from escscaffold.cli.terminal_reporter import holding
from escscaffold.jobs.given_names import known_file
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.rendering.document import VERSION
from escscaffold.repository.disk import read_basis, read_spec_text
from escscaffold.repository.updating import release


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
    read_spec_text(folder)
    with nullcontext() if dry_run else holding(folder, output):
        _, basis = read_basis(folder)
        lock = basis.sound_lock
        known = {**lock.manifest.written, **lock.manifest.deleted, **lock.manifest.released}
        paths = [known_file(folder, from_start(ctx, folder, name), known, "FILE") for name in files]
        for line in link_lines(folder, [LOCK_FILE]) if not as_json else ():
            click.echo(line, err=True)
        if not dry_run:
            release(folder, lock, basis, paths)
    if as_json:
        output.result("", {"version": VERSION, "released": paths, "findings": []})
    output.note("\n".join(f"{path} {'would no longer be' if dry_run else 'is no longer'} generated." for path in paths))
    ctx.exit(WOULD_CHANGE if dry_run else CLEAN)
