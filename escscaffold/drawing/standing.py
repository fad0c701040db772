"""How a range stands to the peering of its environment."""

from typing import Literal

from escscaffold.planning.plan import EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import covered_by

Standing = Literal["routed", "cut-off", "beside", "hidden"]
"""Reached by the peering, missed by it, in need of none, or out of its sight."""

STANDINGS: dict[Standing, str] = {
    "routed": "reached through the peering",
    "cut-off": "not reached: the peering does not route to it",
    "beside": "not routed to, and need not be",
    "hidden": "never crosses the peering",
}


def standing_of(environment: EnvironmentPlan, planned: PlannedRange) -> Standing:
    """Return how the range stands to the peering of its environment."""
    if planned.hidden:
        return "hidden"
    if covered_by(planned.cidr, environment.remote):
        return "routed"
    return "cut-off" if planned.facts.covered or planned.facts.inside else "beside"
