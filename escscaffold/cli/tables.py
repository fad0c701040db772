"""The plan as text that fits the terminal: tables of ranges and free space, and how old its IPAM prefixes are."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from escscaffold.cli.output import hanging, paragraphs, terminal_width
from escscaffold.errors import printable
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.explanation import PoolUse, explain_range, pools_in_use
from escscaffold.planning.snapshot import IPAM_FILE, Snapshot
from escscaffold.rendering.document import BlockRow, free_row, node_pools_text, range_row
from escscaffold.spec.model import Spec
from escscaffold.spec.values import counted

_COLUMNS = ("Range", "Subnet address", "Range of addresses", "Assignable addresses", "Count", "Origin")
# Where these are too wide, the addresses of a range are on a line below it.
_NARROW = ("Range", "Subnet address", "Count", "Origin", "Addresses")
_NOTHING = "nothing: no valid range covers it"
_FREE_SHOWN = 3


def plan_text(plan: AddressPlan, environments: Sequence[EnvironmentPlan], *, free_rows: bool = True) -> str:
    """Return the plan of these environments, and what is reserved."""
    parts = [environment_text(environment, free_rows=free_rows) for environment in environments]
    parts.append(_list("Reserved:", {name: str(block) for name, block in plan.spec.reserved.items()}))
    retired = {str(key): str(block) for key, block in sorted(plan.retired.items())}
    parts.append(_list("Retired, reserved until generate --forget:", retired))
    return "\n\n".join(part for part in parts if part)


def free_space_text(plan: AddressPlan) -> str:
    """Return what is left of each pool."""
    rows = {f"{use.name} {use.cidr}".strip(): _left(use) for use in pools_in_use(plan)}
    return _list("Free:", rows)


def _left(use: PoolUse) -> str:
    largest = f", the largest block is {use.largest}" if use.largest else ""
    return f"{use.free_addresses:,} of {use.cidr.num_addresses:,} addresses{largest}"


def _list(title: str, rows: Mapping[str, str]) -> str:
    width = max(map(len, rows), default=0)
    lines = (hanging(text, f"  {name.ljust(width)}  ") for name, text in rows.items())
    return "\n".join([title, *lines]) if rows else ""


def steps_text(environment: EnvironmentPlan) -> str:
    """Return why each range of an environment has its size and place, step by step."""
    lines = [f"{environment.name}, step by step:"]
    for planned in environment.ranges:
        lines.append(f"  {planned.name} {planned.cidr}")
        for step in explain_range(environment, planned):
            lines.append(paragraphs(f"- {step.text}", indent="    "))
            lines += [f"      see: {step.source}"] if step.source else []
    return "\n".join(lines)


def routes_text(environment: EnvironmentPlan) -> str:
    """Return in one line what the peering routes to, and what of it is free, the largest blocks first."""
    first = sorted(environment.free, key=lambda block: block.prefixlen)[:_FREE_SHOWN]
    more = len(environment.free) - _FREE_SHOWN
    free = f" Free: {', '.join(map(str, first))}{f' and {more} more' if more > 0 else ''}." if first else ""
    return f"The peering routes to {environment.routed or _NOTHING}.{free}"


def environment_text(environment: EnvironmentPlan, *, free_rows: bool = True) -> str:
    """Return one environment's table and what its peering routes to; what is free as rows, or in one line."""
    spec = environment.spec
    kept_at_end = spec.cloud.kept_at_end
    rows = [_cells(range_row(r, kept_at_end), r.name, r.origin) for r in environment.ranges]
    rows += [_cells(free_row(block), "free", "") for block in environment.free if free_rows]
    rows += [{"Range": missing.name, "Subnet address": "no room", "Origin": ""} for missing in environment.unplaced]
    routes = f"The peering routes to {environment.routed or _NOTHING}."
    return "\n".join(
        [
            f"{environment.name}: {spec.cloud.title}, {spec.regions}, {spec.mode.name}",
            *text_table(_COLUMNS if _fits(_COLUMNS, rows) else _NARROW, rows),
            routes if free_rows else paragraphs(routes_text(environment)),
            *([paragraphs(pools)] if (pools := node_pools_text(environment)) else []),
            *(
                paragraphs(f"{r.room} is kept free for growth of {r.name}.")
                for r in environment.ranges
                if r.room != r.cidr
            ),
        ]
    )


def text_table(columns: Sequence[str], rows: Sequence[dict[str, str]], optional: Sequence[str] = ()) -> list[str]:
    """Return the lines of a table, without the optional columns for which the terminal is too narrow.

    Where the others are too wide all the same, the last ones are below them.
    """
    shown = list(columns)
    widths = _widths(columns, rows)
    for column in optional:
        if _fits(shown, rows):
            break
        shown.remove(column)
    below: list[str] = []
    while rows and len(shown) > 1 and not _fits(shown, rows):
        below.insert(0, shown.pop())
    names = "  ".join(_aligned(c, c, widths[c]) for c in shown).rstrip()
    head = " / ".join([names, *below])
    heads = [head] if len(head) <= terminal_width() else [names, *(f"    {c}" for c in below)]
    lines = [*heads, "  ".join("-" * widths[c] for c in shown)]
    for row in rows:
        lines.append("  ".join(_aligned(c, row.get(c, ""), widths[c]) for c in shown).rstrip())
        lines += [hanging(row[c], "    ") for c in below if row.get(c)]
    return lines


def _widths(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> dict[str, int]:
    return {c: max([len(c), *(len(row.get(c, "")) for row in rows)]) for c in columns}


def _fits(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bool:
    """Return True if the terminal is wide enough for these columns."""
    widths = _widths(columns, rows)
    return sum(widths[c] + 2 for c in columns) - 2 <= terminal_width()


def _aligned(column: str, text: str, width: int) -> str:
    return text.rjust(width) if column == "Count" else text.ljust(width)


def _cells(row: BlockRow, name: str, origin: str) -> dict[str, str]:
    block, assignable = f"{row['first']} - {row['last']}", f"{row['first_assignable']} - {row['last_assignable']}"
    return {
        "Range": name,
        "Subnet address": row["cidr"],
        "Range of addresses": block,
        "Assignable addresses": assignable,
        "Count": str(row["assignable"]),
        "Origin": origin,
        "Addresses": f"{block}, assignable {assignable}",
    }


def today() -> date:
    """Return the day, in UTC, as everything about the IPAM counts it."""
    return datetime.now(UTC).date()


def age_line(plan: AddressPlan) -> str:
    """Return how old what is known of the IPAM is; nothing where the spec names none, or nothing is known."""
    snapshot = plan.snapshot
    if plan.spec.ipam is None or snapshot is None:
        return ""
    days = snapshot.age(today())
    when = "today" if days <= 0 else f"{counted(days, 'day')} ago"
    held = counted(len(snapshot.prefixes), "prefix")
    return f"{IPAM_FILE}: {held} of {table_of(snapshot)}, pulled {when} ({snapshot.pulled})."


def unread_line(spec: Spec, *, claims: bool) -> str:
    """Return that a dry run claims nothing, where writing would; nothing elsewhere."""
    if not claims or spec.ipam is None or not spec.ipam.claim_from:
        return ""
    return "A dry run does not read the IPAM. Without --dry-run, addresses are claimed there and can differ."


def table_of(snapshot: Snapshot) -> str:
    """Return which table of the IPAM a snapshot is of."""
    return printable(f"VRF {snapshot.vrf} at {snapshot.url}" if snapshot.vrf else f"the global table at {snapshot.url}")
