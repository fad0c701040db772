"""A plan as a picture, by the name of its format."""

from collections.abc import Sequence

from escscaffold.drawing.bars import kept_blocks
from escscaffold.drawing.layout import picture_of
from escscaffold.drawing.mermaid import flowchart
from escscaffold.drawing.svg import svg_file
from escscaffold.drawing.topology import topology_of
from escscaffold.planning.plan import AddressPlan
from escscaffold.rendering.page import plan_page
from escscaffold.rules.finding import Finding


def picture_text(plan: AddressPlan, findings: Sequence[Finding], form: str) -> str:
    """Return the picture as "svg" (of the plan's only environment), "mermaid" or "html"."""
    if form == "mermaid":
        return flowchart([topology_of(one) for one in plan.environments])
    if form == "html":
        return plan_page(plan, findings)
    (environment,) = plan.environments
    return svg_file(picture_of(topology_of(environment, kept_blocks(plan))))
