"""What an IPAM has and what is claimed there, in words and as JSON-ready data."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from escscaffold.cli.output import hanging
from escscaffold.errors import printable
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.snapshot import IPAM_FILE, Prefix, Snapshot, SnapshotChange
from escscaffold.spec.model import Spec

_SHOWN = 10


def today() -> date:
    """Return the day, in UTC, as everything about the IPAM counts it."""
    return datetime.now(UTC).date()


def age_line(plan: AddressPlan) -> str:
    """Return how old what is known of the IPAM is; nothing where the spec names none, or nothing is known."""
    snapshot = plan.snapshot
    if plan.spec.ipam is None or snapshot is None:
        return ""
    days = snapshot.age(today())
    when = "today" if days <= 0 else f"{days} day{'s' if days != 1 else ''} ago"
    return f"{IPAM_FILE}: {counted(len(snapshot.prefixes))} of {table_of(snapshot)}, pulled {when} ({snapshot.pulled})."


def unread_line(spec: Spec, *, claims: bool) -> str:
    """Return that a dry run claims nothing, where writing would; nothing elsewhere."""
    if not claims or spec.ipam is None or not spec.ipam.claim_from:
        return ""
    return "A dry run does not read the IPAM. Without --dry-run, addresses are claimed there and can differ."


def table_of(snapshot: Snapshot) -> str:
    """Return which table of the IPAM a snapshot is of."""
    return printable(f"VRF {snapshot.vrf} at {snapshot.url}" if snapshot.vrf else f"the global table at {snapshot.url}")


def counted(count: int, thing: str = "prefix") -> str:
    """Return a count with its noun."""
    return f"{count:,} {thing}{'' if count == 1 else 'es' if thing.endswith('x') else 's'}"


def change_lines(changes: Iterable[SnapshotChange]) -> list[str]:
    """Return the first of what changed in the IPAM, a line each."""
    known = list(changes)
    signs = {"added": "+", "removed": "-", "changed": "~"}
    lines = [
        hanging(" -> ".join(text for text in (prefix.before, prefix.after) if text), f"  {signs[prefix.change]} ")
        for prefix in known[:_SHOWN]
    ]
    return [*lines, *([f"  and {len(known) - _SHOWN:,} more"] if len(known) > _SHOWN else [])]


def prefix_row(prefix: Prefix) -> dict[str, Any]:
    """Return a prefix as JSON-ready data."""
    return {"number": prefix.id, "cidr": prefix.prefix, "description": prefix.description}
