"""The plan as a table that fits the terminal."""

from collections.abc import Sequence

from escscaffold.cli.output import terminal_width
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan
from escscaffold.rendering.rows import BlockRow, free_row, range_row

_COLUMNS = ("Range", "Subnet address", "Range of addresses", "Usable IPs", "Hosts", "Origin")
# What a narrow terminal can do without, first to go first.
_OPTIONAL = ("Usable IPs", "Range of addresses", "Origin")


def plan_text(plan: AddressPlan, environments: Sequence[EnvironmentPlan]) -> str:
    """Return the plan of these environments, and what is reserved."""
    parts = [environment_text(environment) for environment in environments]
    if plan.spec.reserved:
        rows = [f"  {name}  {block}" for name, block in plan.spec.reserved.items()]
        parts.append("\n".join(["Reserved:", *rows]))
    return "\n\n".join(parts)


def environment_text(environment: EnvironmentPlan) -> str:
    """Return one environment's table and what its peering routes to."""
    spec = environment.spec
    rows = [_cells(range_row(r), r.name, r.origin) for r in environment.ranges]
    rows += [_cells(free_row(block), "free", "") for block in environment.free]
    rows += [{"Range": missing.name, "Subnet address": "no room", "Origin": ""} for missing in environment.unplaced]
    remote = environment.routed or "nothing: no legal range covers it"
    return "\n".join(
        [
            f"{environment.name}: {spec.cloud.title}, {spec.region}, {spec.mode.name}",
            *text_table(_COLUMNS, rows, _OPTIONAL),
            f"The peering routes to {remote}.",
        ]
    )


def text_table(columns: Sequence[str], rows: Sequence[dict[str, str]], optional: Sequence[str]) -> list[str]:
    """Return the lines of a table, without the optional columns for which the terminal is too narrow."""
    shown = list(columns)
    widths = {c: max(len(c), *(len(row.get(c, "")) for row in rows)) for c in columns} if rows else {}
    for column in optional:
        if sum(widths.get(c, len(c)) + 2 for c in shown) <= terminal_width():
            break
        shown.remove(column)
    lines = [{c: c for c in columns}, {c: "-" * widths.get(c, len(c)) for c in columns}, *rows]
    return ["  ".join(_aligned(c, line.get(c, ""), widths.get(c, len(c))) for c in shown).rstrip() for line in lines]


def _aligned(column: str, text: str, width: int) -> str:
    return text.rjust(width) if column == "Hosts" else text.ljust(width)


def _cells(row: BlockRow, name: str, origin: str) -> dict[str, str]:
    return {
        "Range": name,
        "Subnet address": row["cidr"],
        "Range of addresses": f"{row['first']} - {row['last']}",
        "Usable IPs": f"{row['first_usable']} - {row['last_usable']}",
        "Hosts": str(row["hosts"]),
        "Origin": origin,
    }
