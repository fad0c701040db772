"""`escscaffold fmt`: the spec as it is laid out everywhere."""

from pathlib import Path

import click

from escscaffold.cli.command import CLEAN, WOULD_CHANGE, ScaffoldCommand, common_options, from_start
from escscaffold.cli.file_lines import line_difference, linked_lines
from escscaffold.cli.output import Output
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.errors import ScaffoldError
from escscaffold.inputs import LARGEST_SPEC, read_stdin
from escscaffold.jobs.fmt import fmt
from escscaffold.rendering.document import VERSION
from escscaffold.spec.formatting import formatted
from escscaffold.spec.reading import SPEC_FILE


@click.command("fmt", cls=ScaffoldCommand, example="escscaffold fmt --check", document={"formatted": []})
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 3 if a file would change.")
@click.option("--diff", is_flag=True, help="Print a diff; exit 3 if a file would change.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    only_check: bool,
    diff: bool,
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """Format escscaffold.toml or FILEs.

    Spaces, blank lines, quotes and CIDR notation change; comments, order and meaning do not. FILE - formats
    standard input to standard output.
    """
    output = Output(as_json=as_json, quiet=quiet)
    if Path("-") in files:
        if len(files) > 1 or as_json:
            raise click.UsageError("- cannot be combined with files or --json.")
        ctx.exit(_format_stdin(only_check=only_check, diff=diff))
    paths = [from_start(ctx, folder, str(file)) for file in files] or [SPEC_FILE]
    only_look = only_check or diff
    result = fmt(folder, paths, dry_run=only_look, reporter=TerminalReporter(output))
    lines = [f"{'would format' if only_look else 'formatted'} {file.path}" for file in result.files]
    if diff:
        lines = [line_difference(str(file.path), file.old, file.new).rstrip("\n") for file in result.files]
    document = {"version": VERSION, "formatted": [str(file.path) for file in result.files], "findings": []}
    if as_json or (lines and not quiet) or (lines and diff):
        output.result("\n".join(lines), document)
    for line in linked_lines(result.hard_linked) if not (as_json or only_look) else ():
        click.echo(line, err=True)
    ctx.exit(WOULD_CHANGE if result.files and only_look else CLEAN)


def _format_stdin(*, only_check: bool, diff: bool) -> int:
    """Print stdin formatted, or what would change, and return the exit code."""
    try:
        old = read_stdin(LARGEST_SPEC).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScaffoldError("Standard input is not UTF-8.") from None
    new = formatted(old, "<stdin>")
    if diff and new != old:
        click.echo(line_difference("<stdin>", old, new), nl=False)
    elif not (diff or only_check):
        click.echo(new, nl=False)
    return WOULD_CHANGE if new != old and (diff or only_check) else CLEAN
