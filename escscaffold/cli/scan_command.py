"""`escscaffold scan`: the CIDR blocks of what others wrote, and where they stand."""

from pathlib import Path
from typing import cast

import click

from escscaffold.cli.command import CLEAN, FAILED, WOULD_CHANGE, ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_paths
from escscaffold.cli.file_lines import linked_lines
from escscaffold.cli.output import Output, error_line
from escscaffold.cli.scan_report import scan_document, scan_text
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.jobs.scan import scan
from escscaffold.scanning.kinds import KINDS, Kind
from escscaffold.spec.reading import SPEC_FILE

_NOTHING: dict[str, list[object]] = {
    "found": [],
    "ignored": [],
    "peerings": [],
    "diagnoses": [],
    "unrouted": [],
    "unresolved": [],
    "problems": [],
    "reserved": [],
    "left_out": [],
}


@click.command("scan", cls=ScaffoldCommand, example="escscaffold scan infrastructure --reserve", document=_NOTHING)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, shell_complete=offer_paths)
@click.option("--reserve", is_flag=True, help=f"Add the outermost networks to [reserved] in {SPEC_FILE}.")
@click.option("--dry-run", is_flag=True, help="With --reserve: write nothing; exit 3 if the spec would change.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="List only this kind. Default of --reserve: network, subnet and list.",
)
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    reserve: bool,
    dry_run: bool,
    kinds: tuple[str, ...],
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """List the CIDR blocks in Terraform files, state and lists.

    PATH is a folder with .tf files, a Terraform file or state, the JSON of `terraform show -json`, a CSV export, a
    list with one CIDR block per line, or - for standard input.
    """
    if dry_run and not reserve:
        raise click.UsageError("--dry-run needs --reserve: scan alone writes nothing.")
    paths = tuple(path if path == "-" else from_start(ctx, folder, path) for path in paths)
    output = Output(as_json=as_json, quiet=quiet)
    result = scan(
        folder,
        paths,
        kinds=cast(tuple[Kind, ...], kinds),
        reserve=reserve,
        dry_run=dry_run,
        reporter=TerminalReporter(output),
    )
    for line in linked_lines(result.hard_linked):
        click.echo(line, err=True)
    output.result("" if as_json else scan_text(result, quiet=quiet), scan_document(result) if as_json else {})
    if not as_json:
        for broken in result.scan.broken:
            place = broken.source if broken.line is None else f"{broken.source}:{broken.line}"
            click.echo(error_line(f"{place}: {broken.message}"), err=True)
    would = dry_run and result.reservations is not None and result.reservations.added
    if would and not as_json:
        click.echo("Dry run: nothing was written.")
    ctx.exit(FAILED if result.has_problems else WOULD_CHANGE if would else CLEAN)
