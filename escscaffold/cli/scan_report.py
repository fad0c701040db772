"""What a scan found, as a table for a person and as JSON for a program."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from escscaffold.cli.diagnosis_text import diagnoses_text, diagnosis_document
from escscaffold.cli.output import hanging, paragraphs, terminal_width
from escscaffold.cli.scan_routing import routing_text
from escscaffold.cli.tables import text_table
from escscaffold.errors import printable
from escscaffold.jobs.scan import ScanResult
from escscaffold.rendering.document import VERSION
from escscaffold.scanning.found import Found, Unresolved, space_in
from escscaffold.scanning.reserving import Reservations, some
from escscaffold.spec.reading import SPEC_FILE

_WORDS = {
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
_COLUMNS = ("CIDR", "Kind", "Name", "Where", "Overlaps")


def scan_text(result: ScanResult, *, quiet: bool) -> str:
    """Return the networks as a table, then what is not known, and with `--reserve` what was done."""
    parts = [_table(result), "" if quiet else _summary(result)]
    # A diagnosis says more of the same.
    known = [] if result.diagnoses else [routing_text(result.peerings, result.unrouted, quiet=quiet)]
    parts += [*known, diagnoses_text(result.diagnoses, quiet=quiet)]
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
            "Kind": network.found.kind,
            "Name": printable(network.found.name),
            "Where": printable(network.found.call or network.found.place),
            "Overlaps": some(names),
        }
        for network, names in result.in_table
    ]
    _fit(rows, _COLUMNS if any(overlaps) else _COLUMNS[:-1])
    return "\n".join(text_table(_COLUMNS if any(overlaps) else _COLUMNS[:-1], rows))


def _fit(rows: list[dict[str, str]], columns: Sequence[str]) -> None:
    """Shorten names and places so that a row is one line of a wide terminal: `--json` has them whole.

    In a narrow one the last columns stand below the others.
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
                # The end of a path or an address tells more than its begin.
                row[column] = text if len(text) <= width else f"\u2026{text[1 - width :]}"


def _summary(result: ScanResult) -> str:
    blocks = len({network.cidr for network, _ in result.in_table})
    lines = [f"{_count(blocks, 'private network')} in {_count(result.scan.files, 'file')}."]
    if result.not_reserved:
        counts = [f"{count} {_WORDS[kind][count > 1]}" for kind, count in result.not_reserved.items()]
        lines.append(paragraphs(f"Not reserved: {', '.join(counts)}. To list them: --kind."))
    if not result.kinds and (spaces := space_in(network.found for network in result.networks)):
        named = ", ".join(f"{space.cidr} ({printable(space.place)})" for space in spaces)
        lines.append(paragraphs(f"Whole private ranges that no network has, so they are not reserved: {named}."))
    if result.ignored:
        reasons = Counter(reason for _, reason in result.ignored)
        listed = ", ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items()))
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
    alike: Counter[str] = Counter()
    for reason, places in by_reason.items():
        # "var.hub has no value" is like "var.vpn has no value".
        words = reason.partition(" ")[2]
        alike[words] += 1
        if alike[words] > _PLACES:
            continue
        lines.append(hanging(f"{reason}{f' ({len(places)})' if len(places) > 1 else ''}", "  "))
        lines += map(_place_line, places[:_PLACES])
        lines += [f"    and {len(places) - _PLACES} more, see --json"] if len(places) > _PLACES else []
    more = [(words, count - _PLACES) for words, count in alike.items() if count > _PLACES]
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
    warned = [left for left in reservations.skipped if not left.expected]
    listed = [left for left in reservations.skipped if left.expected and not quiet]
    lines += [f"warning {left.cidr} is not reserved: it {left.reason} ({printable(left.place)})" for left in warned]
    lines += [f"{left.cidr} {left.reason} ({printable(left.place)})" for left in listed]
    if reservations.added and not quiet:
        lines += ["", "Next:", "  escscaffold check"]
    return "\n".join(lines)


def scan_document(result: ScanResult) -> dict[str, Any]:
    """Return the same as JSON-ready data."""
    reservations = result.reservations or Reservations(added=(), skipped=())
    return {
        "version": VERSION,
        "found": [
            {**_found(network.found), "overlaps": names}
            for network, names in zip(result.shown, result.overlaps, strict=True)
        ],
        "ignored": [{**_found(found), "reason": reason} for found, reason in result.ignored],
        "peerings": [
            {
                "name": peering.name,
                "routes": [str(route) for route in peering.routes],
                "source": peering.found.source,
                "line": peering.found.line,
            }
            for peering in result.peerings
        ],
        "diagnoses": [diagnosis_document(diagnosis) for diagnosis in result.diagnoses],
        "unrouted": [{**_found(range_.found), "partly": list(range_.partly)} for range_ in result.unrouted or ()],
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
            {"cidr": str(left.cidr), "reason": left.reason, "source": left.place} for left in reservations.skipped
        ],
        "findings": [],
    }


def _found(found: Found) -> dict[str, Any]:
    return {
        "cidr": str(found.cidr),
        "kind": found.kind,
        "name": found.name,
        "source": found.source,
        "line": found.line,
        "root": found.root,
        "call": found.call,
        "values": found.values,
        "account": found.account,
        "region": found.region,
        "network": found.network,
    }


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
