"""`escscaffold scan`: the CIDR blocks in files, what they overlap, and why a peering does not work."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import click

from escscaffold.cli.command import CLEAN, FAILED, WOULD_CHANGE, ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_paths
from escscaffold.cli.file_lines import linked_lines
from escscaffold.cli.hints import command_line
from escscaffold.cli.output import Output, error_line, hanging, paragraphs, terminal_width
from escscaffold.cli.tables import text_table
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.errors import printable
from escscaffold.jobs.scan import ScanResult, scan
from escscaffold.rendering.document import VERSION
from escscaffold.scanning.diagnosis import Diagnosis, PeeringFault, SuggestedFix
from escscaffold.scanning.found import Found, Unresolved, space_in
from escscaffold.scanning.kinds import KINDS, Kind
from escscaffold.scanning.peerings import Peering, Unrouted, routes_of
from escscaffold.scanning.reserving import Reservations, some
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.values import counted

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
_KIND_WORDS = {
    "container": ("container", "containers"),
    "cluster": ("cluster-internal range", "cluster-internal ranges"),
    "rule": ("rule", "rules"),
    "route": ("route", "routes"),
    "value": ("value without a known use", "values without a known use"),
    "network": ("network", "networks"),
    "subnet": ("subnet", "subnets"),
    "list": ("entry of a list", "entries of a list"),
}
_WIDE = 100
_PLACES = 5
_SHORTENED = {"Where": 24, "Name": 24}
"""The columns that give way where a row is wider than the terminal, the first one first, and how far."""
_ROUTES_SHOWN = 20
"""How many of the ranges that no peering routes to are named."""
_COLUMNS = ("CIDR", "Kind", "Name", "Where", "Overlaps")


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
    output.result("" if as_json else _scan_text(result, quiet=quiet), _scan_document(result) if as_json else {})
    if not as_json:
        for broken in result.scan.broken:
            place = broken.source if broken.line is None else f"{broken.source}:{broken.line}"
            click.echo(error_line(f"{place}: {broken.message}"), err=True)
    would = dry_run and result.reservations is not None and result.reservations.added
    if would and not as_json:
        click.echo("Dry run: nothing was written.")
    ctx.exit(FAILED if result.has_problems else WOULD_CHANGE if would else CLEAN)


def _scan_text(result: ScanResult, *, quiet: bool) -> str:
    """Return the networks as a table, then what is not known, and with `--reserve` what was done."""
    parts = [_table(result), "" if quiet else _summary(result)]
    # A diagnosis includes the same.
    routing = [] if result.diagnoses else [_routing_text(result.peerings, result.unrouted, quiet=quiet)]
    parts += [*routing, _diagnoses_text(result.diagnoses, quiet=quiet)]
    if result.scan.unresolved:
        parts.append("\n".join(["Not resolved:", *_unresolved_lines(result.scan.unresolved)]))
    if result.reservations:
        parts.append(_reservation_text(result.reservations, quiet=quiet))
    return "\n\n".join(filter(None, parts))


def _table(result: ScanResult) -> str:
    if not result.in_table:
        return ""
    overlaps = [names for _, names in result.in_table]
    rows = [
        {
            "CIDR": "  " * network.depth + str(network.cidr),
            "Kind": network.block.kind,
            "Name": printable(network.block.name),
            "Where": printable(network.block.call or network.block.place),
            "Overlaps": some(names),
        }
        for network, names in result.in_table
    ]
    _fit(rows, _COLUMNS if any(overlaps) else _COLUMNS[:-1])
    return "\n".join(text_table(_COLUMNS if any(overlaps) else _COLUMNS[:-1], rows))


def _fit(rows: list[dict[str, str]], columns: Sequence[str]) -> None:
    """Shorten names and places so that a row is one line of a wide terminal: `--json` has them whole.

    In a narrow one the last columns are below the others.
    """
    widths = {column: max(len(column), *(len(row[column]) for row in rows)) for column in columns}
    if terminal_width() < _WIDE:
        return
    over = sum(widths.values()) + 2 * (len(columns) - 1) - terminal_width()
    for column, least in _SHORTENED.items():
        if over > 0 and widths[column] > least:
            width = max(least, widths[column] - over)
            over -= widths[column] - width
            for row in rows:
                text = row[column]
                # The end of a path or an address identifies more than its begin.
                row[column] = text if len(text) <= width else f"\u2026{text[1 - width :]}"


def _summary(result: ScanResult) -> str:
    blocks = len({network.cidr for network, _ in result.in_table})
    lines = [f"{counted(blocks, 'private network')} in {counted(result.scan.files, 'file')}."]
    if result.not_reserved:
        counts = [f"{count} {_KIND_WORDS[kind][count > 1]}" for kind, count in result.not_reserved.items()]
        lines.append(paragraphs(f"Not reserved: {', '.join(counts)}. To list them: --kind."))
    if not result.kinds and (spaces := space_in((network.block for network in result.networks), result.scan.facts)):
        named = ", ".join(f"{space.cidr} ({printable(space.place)})" for space in spaces)
        lines.append(paragraphs(f"Whole private ranges that no network has, so they are not reserved: {named}."))
    if result.ignored:
        reasons = Counter(reason for _, reason in result.ignored)
        by_reason = sorted(reasons.items())
        listed = ", ".join(f"{reason} ({count})" if len(by_reason) > 1 else reason for reason, count in by_reason)
        lines.append(f"{len(result.ignored)} ignored: {listed}.")
    if result.unplanned:
        lines.append(f"Overlaps not checked: {result.unplanned}")
    return "\n".join(lines)


def _unresolved_lines(unresolved: Iterable[Unresolved]) -> list[str]:
    """Return each reason once, and below it the first places where it holds."""
    by_reason: dict[str, list[Unresolved]] = {}
    for place in unresolved:
        by_reason.setdefault(place.reason, []).append(place)
    lines: list[str] = []
    counts: Counter[str] = Counter()
    for reason, places in by_reason.items():
        # "var.hub has no value" is like "var.vpn has no value".
        words = reason.partition(" ")[2]
        counts[words] += 1
        if counts[words] > _PLACES:
            continue
        lines.append(hanging(f"{reason}{f' ({len(places)})' if len(places) > 1 else ''}", "  "))
        lines += map(_place_line, places[:_PLACES])
        lines += [f"    and {len(places) - _PLACES} more, see --json"] if len(places) > _PLACES else []
    more = [(words, count - _PLACES) for words, count in counts.items() if count > _PLACES]
    return [*lines, *(hanging(f"{count} more: ... {words}; see --json", "  ") for words, count in more)]


def _place_line(unresolved: Unresolved) -> str:
    place = unresolved.source if unresolved.line is None else f"{unresolved.source}:{unresolved.line}"
    text = f"{place}  {unresolved.name} {unresolved.argument} = {unresolved.expression}"
    width = terminal_width() - len("    ")
    if terminal_width() >= _WIDE and len(text) > width:
        return f"    {text[: width - 1]}\u2026"
    return hanging(text, "    ")


def _reservation_text(reservations: Reservations, *, quiet: bool) -> str:
    lines = []
    if reservations.added and not quiet:
        lines.append(f"Reserved in {SPEC_FILE}:")
        lines += [f"  {a.name} = {a.cidr}  # {printable(a.place)}" for a in reservations.added]
    if not reservations.added and not quiet:
        lines.append("Nothing to reserve.")
    warned = [reservation for reservation in reservations.skipped if not reservation.expected]
    listed = [reservation for reservation in reservations.skipped if reservation.expected and not quiet]
    lines += [
        f"warning {reservation.cidr} is not reserved: it {reservation.reason} ({printable(reservation.place)})"
        for reservation in warned
    ]
    lines += [f"{reservation.cidr} {reservation.reason} ({printable(reservation.place)})" for reservation in listed]
    if reservations.added and not quiet:
        lines += ["", "Next:", f"  {command_line('check')}"]
    return "\n".join(lines)


def _scan_document(result: ScanResult) -> dict[str, Any]:
    """Return the same as JSON-ready data."""
    reservations = result.reservations or Reservations(added=(), skipped=())
    return {
        "version": VERSION,
        "found": [
            {**_found(network.block), "overlaps": names}
            for network, names in zip(result.shown, result.overlaps, strict=True)
        ],
        "ignored": [{**_found(block), "reason": reason} for block, reason in result.ignored],
        "peerings": [
            {
                "name": peering.name,
                "routes": [str(route) for route in peering.routes],
                "source": peering.block.source,
                "line": peering.block.line,
            }
            for peering in result.peerings
        ],
        "diagnoses": [_diagnosis_document(diagnosis) for diagnosis in result.diagnoses],
        "unrouted": [{**_found(range_.block), "partly": list(range_.partly)} for range_ in result.unrouted or ()],
        "unresolved": [
            {
                "name": u.name,
                "argument": u.argument,
                "expression": u.expression,
                "reason": u.reason,
                "source": u.source,
                "line": u.line,
            }
            for u in result.scan.unresolved
        ],
        "problems": [{"source": b.source, "line": b.line, "message": b.message} for b in result.scan.broken],
        "reserved": [{"name": a.name, "cidr": str(a.cidr), "source": a.place} for a in reservations.added],
        "left_out": [
            {"cidr": str(reservation.cidr), "reason": reservation.reason, "source": reservation.place}
            for reservation in reservations.skipped
        ],
        "findings": [],
    }


def _found(block: Found) -> dict[str, Any]:
    return {
        "cidr": str(block.cidr),
        "kind": block.kind,
        "name": block.name,
        "source": block.source,
        "line": block.line,
        "root": block.root,
        "call": block.call,
        "values": block.values,
        "account": block.account,
        "region": block.region,
        "network": block.network,
    }


def _routing_text(peerings: Sequence[Peering], unrouted: Sequence[Unrouted] | None, *, quiet: bool) -> str:
    """Return what the peerings route to, and what they leave out; nothing where that is not known."""
    if unrouted is None or (quiet and not unrouted):
        return ""
    routes = some([str(route) for route in routes_of(peerings)])
    who = f"{peerings[0].name} routes" if len(peerings) == 1 else "The peerings route"
    if not unrouted:
        summary = f"{who} to {routes}, which covers all subnets found."
        return paragraphs(f"{summary} Ranges chosen by the cloud appear only in Terraform state.")
    lines = [paragraphs(f"{who} to {routes}, which does not cover:"), *map(_unrouted_line, unrouted[:_ROUTES_SHOWN])]
    lines += [f"  and {len(unrouted) - _ROUTES_SHOWN} more, see --json"] if len(unrouted) > _ROUTES_SHOWN else []
    why = "Connections from these ranges time out, unless SNATed to the node's address."
    return "\n".join([*lines, paragraphs(why), "Next: escscaffold explain ESC201"])


def _unrouted_line(unrouted: Unrouted) -> str:
    partly = f" except {some(unrouted.partly)}" if unrouted.partly else ""
    return hanging(f"{unrouted.block.name}, {unrouted.block.place}", f"  {unrouted.block.cidr}{partly}  ")


def _diagnoses_text(diagnoses: Sequence[Diagnosis], *, quiet: bool) -> str:
    """Return each diagnosis, what is wrong first; with `quiet` only what is wrong."""
    return "\n\n".join(filter(None, ("\n".join(_diagnosis_lines(diagnosis, quiet=quiet)) for diagnosis in diagnoses)))


def _diagnosis_lines(diagnosis: Diagnosis, *, quiet: bool) -> Iterator[str]:
    if quiet and not diagnosis.causes:
        return
    yield paragraphs(f"Diagnosis of {printable(diagnosis.peering)} ({printable(diagnosis.place)}):")
    routes = ", ".join(map(str, diagnosis.routes)) if diagnosis.routes is not None else "not known"
    facts = [f"peering routes: {routes}", f"Kurrent network: {diagnosis.kurrent or 'not known'}"]
    facts += [f"peered network: {printable(diagnosis.network)}"] if diagnosis.network else []
    yield hanging("; ".join(facts), "  ")
    for number, cause in enumerate(diagnosis.causes, 1):
        yield from _cause_lines(number, cause)
    if not diagnosis.causes:
        yield "  No problem found in the files read."
    if quiet:
        return
    for heading, entries in (
        ("Not known", [f"{u.message} Check: {u.look}" if u.look else u.message for u in diagnosis.unknown]),
        ("Correct", list(diagnosis.right)),
    ):
        if entries:
            yield f"  {heading}:"
            yield from (hanging(printable(text), "    - ") for text in entries)


def _cause_lines(number: int, cause: PeeringFault) -> Iterator[str]:
    place = f" ({printable(cause.place)})" if cause.place else ""
    yield hanging(f"{printable(cause.message)}{place}", f"  {number}. {cause.likelihood}: ")
    if cause.fix:
        yield from _fix_lines(cause.fix)
    if cause.why:
        yield hanging(cause.why, "     why: ")
    yield hanging(cause.source, "     see: ")


def _fix_lines(fix: SuggestedFix) -> Iterator[str]:
    if "\n" not in fix.text:
        yield from _fix_line(fix)
        return
    yield f"     fix: add to {printable(fix.place) or 'your Terraform files'}:"
    yield from (f"       {printable(line)}" for line in fix.text.splitlines())


def _fix_line(fix: SuggestedFix) -> Iterator[str]:
    """Break a long line where a copy of it still works: after the value, and between the items of a list."""
    text, whole = printable(fix.text), printable(fix.in_words)
    mark, width = "     fix: ", terminal_width()
    if len(mark) + len(whole) <= width:
        yield f"{mark}{whole}"
        return
    lines, rest = [text], whole.removeprefix(text)
    if "[" in text and len(mark) + len(text) > width:
        lines = _broken_list(text, width - len(mark))
    yield f"{mark}{lines[0]}"
    yield from (f"{' ' * len(mark)}{line}" for line in lines[1:])
    if rest:
        yield hanging(rest.lstrip("; "), " " * len(mark))


def _broken_list(text: str, room: int) -> list[str]:
    """Return the text in lines, broken after commas only."""
    lines: list[str] = []
    for item in text.split(", "):
        if lines and len(lines[-1]) + len(item) + 3 <= room:
            lines[-1] += f", {item}"
        else:
            lines[-1:] = [f"{lines[-1]},"] if lines else []
            lines.append(item)
    return lines


def _diagnosis_document(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the same as JSON-ready data."""
    return {
        "peering": diagnosis.peering,
        "place": diagnosis.place,
        "routes": None if diagnosis.routes is None else list(map(str, diagnosis.routes)),
        "kurrent": str(diagnosis.kurrent) if diagnosis.kurrent else None,
        "network": diagnosis.network,
        "causes": [
            {
                "kind": cause.kind,
                "likelihood": cause.likelihood,
                "message": cause.message,
                "why": cause.why,
                "place": cause.place,
                "source": cause.source,
                "ranges": list(map(str, cause.ranges)),
                "fix": None
                if cause.fix is None
                else {
                    "text": cause.fix.text,
                    "place": cause.fix.place,
                    "replaces": list(cause.fix.replaces),
                },
            }
            for cause in diagnosis.causes
        ],
        "unknown": [{"message": u.message, "look": u.look} for u in diagnosis.unknown],
        "right": list(diagnosis.right),
    }
