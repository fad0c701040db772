"""A plan as one HTML page, and as a picture in each format.

The page holds every environment, reads without a script, and has a search with one.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256

from escscaffold.clouds.fact_files import template_root
from escscaffold.drawing import topology as pictured
from escscaffold.drawing.layout import picture_of
from escscaffold.drawing.mermaid import flowchart
from escscaffold.drawing.svg import style_sheet, svg_element, svg_file
from escscaffold.drawing.topology import STANDINGS, Topology, kept_blocks, kept_with_names, standing_of, topology_of
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.rendering.context import Context
from escscaffold.rendering.document import range_row
from escscaffold.rendering.templates import template
from escscaffold.rules.finding import Finding
from escscaffold.spec.values import counted


def plan_page(plan: AddressPlan, findings: Iterable[Finding]) -> str:
    """Return the page as HTML; the same plan gives the same bytes."""
    by_environment: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_environment[finding.environment] += [finding] if not finding.accepted else []
    style, script = f"{_text('page.css')}{style_sheet()}", _text("page.js")
    blocks = enumerate(kept_with_names(plan))
    reserved = [{"id": f"k{number}", "name": name, "cidr": str(block)} for number, (block, name) in blocks]
    shown = list(enumerate(plan.environments))
    around = kept_blocks(plan)
    return template("page/page.html.j2").render(
        summary=_summary(plan),
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        environments=[
            {
                **_environment(topology, topology_of(topology, around), f"e{number}"),
                "findings": by_environment[topology.name],
            }
            for number, topology in shown
        ],
        findings=by_environment[""],
        kept=reserved,
        data={"environments": [_searched(topology, f"e{number}") for number, topology in shown], "kept": reserved},
    )


def _summary(plan: AddressPlan) -> str:
    count = len(plan.environments)
    clouds = sorted({environment.spec.cloud.title for environment in plan.environments})
    return counted(count, "environment") + (f" on {', '.join(clouds)}" if clouds else "")


def _environment(environment: EnvironmentPlan, topology: Topology, identity: str) -> Context:
    kept_at_end = environment.spec.cloud.kept_at_end
    rows = [range_row(planned, kept_at_end) for planned in environment.ranges]
    return {
        "id": identity,
        "name": topology.name,
        "place": topology.place,
        "mode": topology.mode,
        "routes": pictured.routes(topology.remote),
        "picture": svg_element(picture_of(topology, has_heading=False), f"{identity}-"),
        "ranges": [
            {
                "id": f"{identity}-r{number}",
                "name": row["name"],
                "cidr": row["cidr"],
                "first": row["first_assignable"],
                "last": row["last_assignable"],
                "assignable": f"{row['assignable']:,}",
            }
            for number, row in enumerate(rows)
        ],
    }


def _searched(environment: EnvironmentPlan, identity: str) -> Context:
    """Return what the script has to know of an environment."""
    spec = environment.spec
    holders = {planned.facts.inside for planned in environment.ranges}
    return {
        "id": identity,
        "name": environment.name,
        "cloud": spec.cloud.title,
        "mode": spec.mode.title,
        "keptAtEnd": spec.cloud.kept_at_end,
        "remote": [str(block) for block in environment.remote],
        "ranges": [
            {
                "id": f"{identity}-r{number}",
                "name": planned.name,
                "cidr": str(planned.cidr),
                "kept": planned.facts.kept_addresses,
                "holds": planned.name in holders,
                "room": "" if planned.room == planned.cidr else str(planned.room),
                "standing": _standing(environment, planned),
            }
            for number, planned in enumerate(environment.ranges)
        ],
    }


def _standing(environment: EnvironmentPlan, planned: PlannedRange) -> str:
    return "" if planned.name == "kurrent" else STANDINGS[standing_of(environment, planned)]


@cache
def _text(name: str) -> str:
    return template_root().joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def picture_text(plan: AddressPlan, findings: Sequence[Finding], form: str) -> str:
    """Return the picture as "svg" (of the plan's only environment), "mermaid" or "html"."""
    if form == "mermaid":
        return flowchart([topology_of(environment) for environment in plan.environments])
    if form == "html":
        return plan_page(plan, findings)
    (environment,) = plan.environments
    return svg_file(picture_of(topology_of(environment, kept_blocks(plan))))
