"""A plan and its findings as JSON-ready data, version 1 (docs/reference/json.md), and as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from escscaffold.planning.plan import AddressPlan, EnvironmentPlan
from escscaffold.rendering.rows import BlockRow, free_row, range_row
from escscaffold.rules.finding import Finding

VERSION = 1


def plan_document(plan: AddressPlan, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the document that `plan --json` prints."""
    return {
        "version": VERSION,
        "environments": {environment.name: _environment(environment) for environment in plan.environments},
        "findings": finding_list(findings),
    }


def finding_list(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return findings as JSON-ready data; `accepted` stands where one is, with the reason."""
    return [{key: text for key, text in asdict(f).items() if text or key != "accepted"} for f in findings]


def plan_markdown(plan: AddressPlan, findings: Sequence[Finding]) -> str:
    """Return the plan as Markdown: a table per environment, then the findings."""
    parts = [part for environment in plan.environments for part in _markdown(environment)]
    parts += [f"- **{f.code}** {f.severity}, {f.environment} {f.subject}: {f.message} {f.fix}" for f in findings]
    return "\n".join(parts) + "\n"


def _environment(environment: EnvironmentPlan) -> dict[str, Any]:
    shown = ("cidr", "first", "last", "first_usable", "last_usable", "hosts", "assignable", "origin")
    rows = ((planned.name, range_row(planned)) for planned in environment.ranges)
    return {
        "cloud": environment.spec.cloud.name,
        "region": environment.spec.region,
        "mode": environment.spec.mode.name,
        "ranges": {name: {key: value for key, value in row.items() if key in shown} for name, row in rows},
        "remote": [str(block) for block in environment.remote],
        "free": [str(block) for block in environment.free],
    }


def _markdown(environment: EnvironmentPlan) -> list[str]:
    rows = [_cells(range_row(r), r.name, r.origin) for r in environment.ranges]
    rows += [_cells(free_row(block), "free", "") for block in environment.free]
    remote = ", ".join(f"`{block}`" for block in environment.remote) or "nothing"
    return [
        f"## {environment.name}",
        "",
        "| Range | Subnet address | Range of addresses | Usable IPs | Hosts | Origin |",
        "|:--|:--|:--|:--|--:|:--|",
        *rows,
        "",
        f"The peering routes to {remote}.",
        "",
    ]


def _cells(row: BlockRow, name: str, origin: str) -> str:
    usable = f"{row['first_usable']} - {row['last_usable']}"
    return f"| {name} | {row['cidr']} | {row['first']} - {row['last']} | {usable} | {row['hosts']} | {origin} |"
