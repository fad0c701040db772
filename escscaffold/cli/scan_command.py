"""`escscaffold scan`: the CIDR blocks of what others wrote, and where they stand."""

from contextlib import nullcontext
from pathlib import Path
from typing import cast

import click
from msgspec.structs import replace

from escscaffold.cli.command import CLEAN, FAILED, WOULD_CHANGE, ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_paths
from escscaffold.cli.file_lines import link_lines
from escscaffold.cli.output import Output, error_line, printable
from escscaffold.cli.progress import working
from escscaffold.cli.scan_report import ScanReport, scan_document, scan_text
from escscaffold.cli.terminal_reporter import holding
from escscaffold.errors import ScaffoldError
from escscaffold.jobs.repository_plan import snapshot_for
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import kept_in
from escscaffold.planning.planner import plan_allocated
from escscaffold.repository.disk import NOTHING, Basis, NoRepositoryError, SpecOnDisk, read_basis
from escscaffold.repository.transaction import write_changes
from escscaffold.repository.updating import spec_change
from escscaffold.scanning.kinds import KINDS, OWNED, Kind
from escscaffold.scanning.networks import listed
from escscaffold.scanning.reserving import Addition, Reservations, choose
from escscaffold.scanning.scan_paths import scan_paths
from escscaffold.scanning.source_files import exists
from escscaffold.spec.reading import SPEC_FILE, read_spec
from escscaffold.spec.values import read_reserved_name

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
@click.option("--dry-run", is_flag=True, help="With --reserve: write nothing, and exit 3 if anything would change.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="List this kind only; --reserve takes network, subnet and list where none is named.",
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

    PATH is a folder with .tf files, a file (Terraform's, its state, the JSON of `terraform show -json`,
    a CSV export, a list with a CIDR block a line), or - for standard input.
    """
    if dry_run and not reserve:
        raise click.UsageError("--dry-run goes with --reserve: scan alone writes nothing.")
    paths = tuple(path if path == "-" else from_start(ctx, folder, path) for path in paths)
    for path in paths:
        if not exists(folder, path):
            raise click.BadParameter(f"There is no {printable(path)}.", param_hint="PATH")
    output = Output(as_json=as_json, quiet=quiet)
    with holding(folder, output) if reserve and not dry_run else nullcontext():
        plan: AddressPlan | None
        on_disk, basis = read_basis(folder) if reserve else (None, NOTHING)
        plan, unplanned = (_plan_of(on_disk, basis), "") if on_disk else _plan_if_any(folder)
        with working("Reading", output):
            scan = scan_paths(folder, paths)
        report = ScanReport(
            scan=scan,
            networks=listed(scan.found),
            kinds=cast(tuple[Kind, ...], kinds),
            plan=plan,
            unplanned=unplanned,
        )
        if reserve and plan is not None:
            report = replace(report, reservations=_reserve(folder, report, plan, basis, dry_run=dry_run))
    if as_json:
        output.result("", scan_document(report))
    else:
        output.result(scan_text(report, quiet=quiet), {})
    if not as_json:
        for broken in scan.broken:
            place = broken.source if broken.line is None else f"{broken.source}:{broken.line}"
            click.echo(error_line(f"{place}: {broken.message}"), err=True)
    failed = scan.broken or any(unresolved.fails for unresolved in scan.unresolved)
    would = dry_run and report.reservations is not None and report.reservations.added
    if would and not as_json:
        click.echo("Dry run: nothing was written.")
    ctx.exit(FAILED if failed else WOULD_CHANGE if would else CLEAN)


def _plan_of(on_disk: SpecOnDisk, basis: Basis) -> AddressPlan:
    spec = read_spec(on_disk.text, SPEC_FILE, kept_in(basis.lock))
    return plan_allocated(basis.lock, spec, snapshot_for(basis, spec))


def _plan_if_any(folder: Path) -> tuple[AddressPlan | None, str]:
    """Return the repository's plan, or None and what is wrong with it; where there is no repository, nothing is."""
    try:
        return _plan_of(*read_basis(folder)), ""
    except NoRepositoryError:
        return None, ""
    except ScaffoldError as error:
        return None, printable(error.problem.splitlines()[0])


def _reserve(folder: Path, report: ScanReport, plan: AddressPlan, basis: Basis, *, dry_run: bool) -> Reservations:
    """Write the networks that are not reserved yet into the spec, and return what was written and what not."""
    kinds = report.kinds or OWNED
    # What was placed by this very plan has not been written anywhere: it gives way to what is there.
    granted = [
        (environment, r)
        for environment in plan.environments
        for r in environment.ranges
        if r.origin not in ("placed", "sized")
    ]
    reservations = choose(
        [n for n in report.networks if n.found.kind in kinds],
        plan.spec.reserved,
        [(f"{environment.name} {r.name}", r.cidr) for environment, r in granted],
        [(f"{environment.name} {r.name}", r.cidr) for environment, r in granted if environment.is_there(r)],
    )
    if reservations.added and basis.spec is not None:
        change = spec_change(basis.spec, _spec_with(basis, basis.spec.text, reservations.added))
        for line in link_lines(folder, [SPEC_FILE]):
            click.echo(line, err=True)
        if not dry_run:
            write_changes(folder, [change], read=basis.ids)
    return reservations


def _spec_with(basis: Basis, text: str, added: tuple[Addition, ...]) -> str:
    from escscaffold.spec.editing import with_reserved

    written = with_reserved(text, [(read_reserved_name(a.name), str(a.cidr), printable(a.place)) for a in added])
    reserved = read_spec(written, SPEC_FILE, kept_in(basis.lock)).reserved
    missing = [a.name for a in added if reserved.get(a.name) != a.cidr]
    if missing:
        raise ScaffoldError(
            f"{SPEC_FILE} is written in a way to which {', '.join(missing)} cannot be added.",
            hint="Nothing was changed. Write [reserved] under a header of its own.",
        )
    return written
