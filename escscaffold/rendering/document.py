"""A plan and its findings as JSON-ready data, version 1 (docs/reference/json.md), and as Markdown.

A range is one row with the columns of the vendor's guide, the same in tables, JSON and README.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network
from typing import Any, TypedDict

from msgspec import to_builtins

from escscaffold.clouds.facts import pool_value
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.explanation import PoolUse, explain_range, pools_in_use
from escscaffold.planning.lock_records import decided_by_default
from escscaffold.planning.sizing import pool_nodes
from escscaffold.rules.finding import Finding

VERSION = 1


class BlockRow(TypedDict):
    """A block of addresses; `hosts` counts all but the first and the last, as the guide does.

    `assignable` takes off what the cloud keeps, and so do the first and the last of these addresses.
    """

    cidr: str
    first: str
    last: str
    first_usable: str
    last_usable: str
    hosts: int
    first_assignable: str
    last_assignable: str
    assignable: int


class RangeRow(BlockRow):
    """A planned range."""

    name: str
    purpose: str
    origin: str


def free_row(block: IPv4Network) -> BlockRow:
    """Return the row of a free block."""
    small = block.num_addresses < 4
    first = str(block.network_address if small else block.network_address + 1)
    last = str(block.broadcast_address if small else block.broadcast_address - 1)
    hosts = max(block.num_addresses - 2, 0)
    return {
        "cidr": str(block),
        "first": str(block.network_address),
        "last": str(block.broadcast_address),
        "first_usable": first,
        "last_usable": last,
        "hosts": hosts,
        "first_assignable": first,
        "last_assignable": last,
        "assignable": hosts,
    }


def range_row(planned: PlannedRange, kept_at_end: int = 1) -> RangeRow:
    """Return the row of a planned range; `kept_at_end` of the addresses that the cloud keeps are the last ones."""
    row = free_row(planned.cidr)
    row["first_assignable"], row["last_assignable"] = map(str, planned.assignable_ends(kept_at_end))
    row["assignable"] = planned.assignable
    return {
        **row,
        "name": planned.name,
        "purpose": planned.facts.purpose,
        "origin": planned.origin,
    }


def plan_document(plan: AddressPlan, findings: Iterable[Finding], *, explain: bool = False) -> dict[str, Any]:
    """Return the document that `plan --json` prints, with the steps to each range if it is to `explain`."""
    return {
        "version": VERSION,
        "environments": {
            environment.name: _environment(environment, plan, explain=explain) for environment in plan.environments
        },
        "pools": [_pool(pool) for pool in pools_in_use(plan)],
        "retired": {str(key): str(block) for key, block in sorted(plan.retired.items())},
        "findings": finding_list(findings),
    }


def finding_list(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return findings as JSON-ready data; `accepted` stands where one is, with the reason."""
    return [{key: text for key, text in to_builtins(f).items() if text or key != "accepted"} for f in findings]


def plan_markdown(plan: AddressPlan, findings: Sequence[Finding]) -> str:
    """Return the plan as Markdown: a table per environment, then the findings."""
    parts = [part for environment in plan.environments for part in _markdown(environment)]
    open_findings = [f for f in findings if not f.accepted]
    parts += [f"- **{f.code}** {f.severity}, {f.environment} {f.subject}: {f.message} {f.fix}" for f in open_findings]
    return "\n".join(parts) + "\n"


def _environment(environment: EnvironmentPlan, plan: AddressPlan, *, explain: bool) -> dict[str, Any]:
    answers = plan.spec.answers.get(environment.name, {})
    shown = (
        *("cidr", "first", "last", "first_usable", "last_usable", "hosts"),
        *("first_assignable", "last_assignable", "assignable", "origin"),
    )
    kept_at_end = environment.spec.cloud.kept_at_end
    return {
        "cloud": environment.spec.cloud.name,
        "region": environment.spec.region,
        **({"kurrent_region": other} if (other := environment.spec.kurrent_region) else {}),
        "mode": environment.spec.mode.name,
        "ranges": {
            planned.name: {key: value for key, value in range_row(planned, kept_at_end).items() if key in shown}
            | ({"room": str(planned.room)} if planned.room != planned.cidr else {})
            | ({"steps": _steps(environment, planned)} if explain else {})
            for planned in environment.ranges
        },
        "remote": [str(block) for block in environment.remote],
        "free": [str(block) for block in environment.free],
        **({"node_pools": pools} if (pools := _node_pools_counted(environment)) else {}),
        **({"defaults": decided_by_default(environment.spec, answers)} if explain else {}),
    }


def _node_pools_counted(environment: EnvironmentPlan) -> dict[str, dict[str, Any]]:
    """Return each additional node pool, as the ranges are sized for it; `pods_per_node` only where it is set."""
    pools = environment.spec.mode.pools
    setting = pools.counts.get("pods_per_node", "") if pools else ""
    pods = {
        name: pool_value(environment.spec.mode.pool_settings(), pool.settings, setting)
        for name, pool in environment.spec.node_pools.items()
    }
    return {
        pool.name: {"nodes": pool.nodes}
        | ({"pods_per_node": pods[pool.name]} if pods[pool.name] is not None else {})
        | ({"zones": list(pool.zones)} if pool.zones else {})
        for pool in pool_nodes(environment.spec)
    }


def node_pools_text(environment: EnvironmentPlan) -> str:
    """Return those pools in one line; nothing where there are none."""
    counted = (
        f"{name} ({pool['nodes']} nodes{f' of {pods} pods' if (pods := pool.get('pods_per_node')) else ''})"
        for name, pool in _node_pools_counted(environment).items()
    )
    named = ", ".join(counted)
    return f"Additional node pools: {named}." if named else ""


def _steps(environment: EnvironmentPlan, planned: PlannedRange) -> list[dict[str, str]]:
    return [to_builtins(step) for step in explain_range(environment, planned)]


def _pool(pool: PoolUse) -> dict[str, Any]:
    largest = str(pool.largest) if pool.largest else None
    return {"name": pool.name, "cidr": str(pool.cidr), "free_addresses": pool.free_addresses, "largest": largest}


def _markdown(environment: EnvironmentPlan) -> list[str]:
    kept_at_end = environment.spec.cloud.kept_at_end
    rows = [_cells(range_row(r, kept_at_end), r.name, r.origin) for r in environment.ranges]
    rows += [_cells(free_row(block), "free", "") for block in environment.free]
    remote = ", ".join(f"`{block}`" for block in environment.remote) or "nothing"
    return [
        f"## {environment.name}",
        "",
        "| Range | Subnet address | Range of addresses | Assignable addresses | Count | Origin |",
        "|:--|:--|:--|:--|--:|:--|",
        *rows,
        "",
        f"The peering routes to {remote}.",
        "",
        *([f"{pools}\n"] if (pools := node_pools_text(environment)) else []),
    ]


def _cells(row: BlockRow, name: str, origin: str) -> str:
    block, assignable = f"{row['first']} - {row['last']}", f"{row['first_assignable']} - {row['last_assignable']}"
    return f"| {name} | {row['cidr']} | {block} | {assignable} | {row['assignable']} | {origin} |"
