"""What a scan found, as a table for a person and as JSON for a program."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from escscaffold.cli.diagnosis_text import diagnoses_text, diagnosis_document
from escscaffold.cli.output import hanging, paragraphs, printable, terminal_width
from escscaffold.cli.scan_routing import routing_text
from escscaffold.cli.tables import text_table
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan
from escscaffold.rendering.document import VERSION
from escscaffold.scanning.diagnosis import Diagnosis, diagnose, has_peering
from escscaffold.scanning.found import Found, Scan, Unresolved
from escscaffold.scanning.kinds import KINDS, OWNED, Kind
from escscaffold.scanning.networks import Blocks, Listed, why_ignored
from escscaffold.scanning.peerings import Peering, Unrouted, has_unknown_routes, peerings_in, unrouted
from escscaffold.scanning.private_space import space_in
from escscaffold.scanning.reserving import Reservations, some
from escscaffold.spec.reading import SPEC_FILE

_COUNTED: tuple[Kind, ...] = ("rule", "route", "value")
"""What only speaks of addresses: it is counted, and listed where its kind is asked for."""
_WORDS = {
    "container": ("container", "containers"),
    "cluster": ("range that stays in its cluster", "ranges that stay in their cluster"),
    "rule": ("rule", "rules"),
    "route": ("route", "routes"),
    "value": ("value that is not seen in use", "values that are not seen in use"),
    "network": ("network", "networks"),
    "subnet": ("subnet", "subnets"),
    "list": ("entry of a list", "entries of a list"),
}
_WIDE = 100
_PLACES = 5
_SHORTENED = {"Where": 24, "Name": 24}
"""The columns that give way where a row is wider than the terminal, the first one first, and how far."""
_COLUMNS = ("CIDR", "Kind", "Name", "Where", "Overlaps")


class Report(Struct, frozen=True, kw_only=True, dict=True):
    """What there is to tell."""

    scan: Scan
    networks: list[Listed]
    kinds: tuple[Kind, ...]
    """What is listed; all where none is named."""
    plan: AddressPlan | None
    unplanned: str = ""
    """Why there is no plan, where there should be one."""
    reservations: Reservations | None = None

    @property
    def environments(self) -> tuple[EnvironmentPlan, ...]:
        """What is planned; nothing where there is no plan."""
        return self.plan.environments if self.plan else ()

    @property
    def shown(self) -> list[Listed]:
        """The networks of the kinds that were asked for."""
        return [n for n in self.networks if not self.kinds or n.found.kind in self.kinds]

    @cached_property
    def in_table(self) -> list[tuple[Listed, list[str]]]:
        """What a person is shown, with what it overlaps: without a choice of kinds what has addresses of its own."""
        pairs = zip(self.shown, self.overlaps, strict=True)
        return [(network, names) for network, names in pairs if self.kinds or network.found.kind not in _COUNTED]

    @property
    def not_reserved(self) -> Counter[str]:
        """How many there are of each kind that `--reserve` does not take, in the order of the kinds."""
        counts = Counter(network.found.kind for network in self.networks)
        taken = self.kinds or OWNED
        return Counter({kind: counts[kind] for kind in KINDS if counts[kind] and kind not in taken})

    @property
    def ignored(self) -> list[tuple[Found, str]]:
        """What is nothing to plan around, and why."""
        pairs = ((found, why_ignored(found.cidr)) for found in self.scan.found)
        return [(f, reason) for f, reason in pairs if reason and (not self.kinds or f.kind in self.kinds)]

    @cached_property
    def peerings(self) -> tuple[Peering, ...]:
        """The peerings with Kurrent Cloud that were found, whatever kinds were asked for."""
        return peerings_in(self.scan)

    @cached_property
    def unrouted(self) -> tuple[Unrouted, ...] | None:
        """The ranges that none of the peerings routes to; None where nothing can be said of them."""
        if not self.peerings or has_unknown_routes(self.scan, self.peerings):
            return None
        # What a plan of ours leaves out hides behind its node.
        hidden = {r.cidr for e in self.environments for r in e.ranges if not r.facts.covered}
        return unrouted([network for network in self.shown if network.cidr not in hidden], self.peerings)

    @cached_property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """Why the peerings that were found do not work, as far as that can be told."""
        if not has_peering(self.scan):
            return ()
        return diagnose(self.scan)

    @cached_property
    def overlaps(self) -> list[list[str]]:
        """For each shown network the planned ranges that it overlaps; a rule or a route uses no address."""
        blocks = Blocks((f"{e.name} {r.name}", r.cidr) for e in self.environments for r in e.ranges)
        return [
            list(dict.fromkeys(blocks.overlapping(network.cidr))) if network.found.kind in OWNED else []
            for network in self.shown
        ]


def scan_text(report: Report, *, quiet: bool) -> str:
    """Return the networks as a table, then what is not known, and with `--reserve` what was done."""
    parts = [_table(report), "" if quiet else _summary(report)]
    # A diagnosis says more of the same.
    known = [] if report.diagnoses else [routing_text(report.peerings, report.unrouted, quiet=quiet)]
    parts += [*known, diagnoses_text(report.diagnoses, quiet=quiet)]
    if report.scan.unresolved:
        parts.append("\n".join(["Not resolved:", *_unresolved_lines(report.scan.unresolved)]))
    if report.reservations:
        parts.append(_reservation_text(report.reservations, quiet=quiet))
    return "\n\n".join(filter(None, parts))


def _table(report: Report) -> str:
    if not report.in_table:
        return ""
    overlaps = [names for _, names in report.in_table]
    rows = [
        {
            "CIDR": "  " * network.depth + str(network.cidr),
            "Kind": network.found.kind,
            "Name": printable(network.found.name),
            "Where": printable(network.found.call or network.found.place),
            "Overlaps": some(names),
        }
        for network, names in report.in_table
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


def _summary(report: Report) -> str:
    blocks = len({network.cidr for network, _ in report.in_table})
    lines = [f"{_count(blocks, 'private network')} in {_count(report.scan.files, 'file')}."]
    if report.not_reserved:
        counts = [f"{count} {_WORDS[kind][count > 1]}" for kind, count in report.not_reserved.items()]
        lines.append(paragraphs(f"Not reserved: {', '.join(counts)}. `--kind` lists those of a kind."))
    if not report.kinds and (spaces := space_in(network.found for network in report.networks)):
        named = ", ".join(f"{space.cidr} ({printable(space.place)})" for space in spaces)
        lines.append(paragraphs(f"Whole private ranges that no network has, so they are not reserved: {named}."))
    if report.ignored:
        reasons = Counter(reason for _, reason in report.ignored)
        told = ", ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items()))
        lines.append(f"{len(report.ignored)} ignored: {told}.")
    if report.unplanned:
        lines.append(f"What they overlap is not known: {report.unplanned}")
    return "\n".join(lines)


def _unresolved_lines(unresolved: Iterable[Unresolved]) -> list[str]:
    """Return each reason once, and below it the first places where it holds."""
    by_reason: dict[str, list[Unresolved]] = {}
    for one in unresolved:
        by_reason.setdefault(one.reason, []).append(one)
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
        lines += [f"    and {len(places) - _PLACES} more, which --json lists"] if len(places) > _PLACES else []
    more = [(words, count - _PLACES) for words, count in alike.items() if count > _PLACES]
    return [*lines, *(hanging(f"{count} more: ... {words}; --json lists them", "  ") for words, count in more)]


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
    warned = [left for left in reservations.left_out if not left.expected]
    told = [left for left in reservations.left_out if left.expected and not quiet]
    lines += [f"warning {left.cidr} is not reserved: it {left.reason} ({printable(left.place)})" for left in warned]
    lines += [f"{left.cidr} {left.reason} ({printable(left.place)})" for left in told]
    if reservations.added and not quiet:
        lines += ["", "Next:", "  escscaffold check"]
    return "\n".join(lines)


def scan_document(report: Report) -> dict[str, Any]:
    """Return the same as JSON-ready data."""
    reservations = report.reservations or Reservations(added=(), left_out=())
    return {
        "version": VERSION,
        "found": [
            {**_found(network.found), "overlaps": names}
            for network, names in zip(report.shown, report.overlaps, strict=True)
        ],
        "ignored": [{**_found(found), "reason": reason} for found, reason in report.ignored],
        "peerings": [
            {
                "name": one.name,
                "routes": [str(route) for route in one.routes],
                "source": one.found.source,
                "line": one.found.line,
            }
            for one in report.peerings
        ],
        "diagnoses": [diagnosis_document(one) for one in report.diagnoses],
        "unrouted": [{**_found(one.found), "partly": list(one.partly)} for one in report.unrouted or ()],
        "unresolved": [
            {
                "name": u.name,
                "argument": u.argument,
                "expression": u.expression,
                "reason": u.reason,
                "source": u.source,
                "line": u.line,
            }
            for u in report.scan.unresolved
        ],
        "problems": [{"source": b.source, "line": b.line, "message": b.message} for b in report.scan.broken],
        "reserved": [{"name": a.name, "cidr": str(a.cidr), "source": a.place} for a in reservations.added],
        "left_out": [
            {"cidr": str(left.cidr), "reason": left.reason, "source": left.place} for left in reservations.left_out
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
