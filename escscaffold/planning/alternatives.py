"""What would be right instead: a place for one range, with what is pinned or granted left where it is."""

from dataclasses import replace
from ipaddress import IPv4Network

from escscaffold.planning.plan import AddressPlan
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.ranges import overlaps_any
from escscaffold.spec.model import Spec


def suggest_block(
    plan: AddressPlan, environment: str, range_name: str, prefix_length: int | None = None
) -> IPv4Network | None:
    """Return where the planner would put the range if it were free to, or None where there is no room.

    `prefix_length` is the size to look for, the range's own if not given. What lies inside the
    range moves with it.
    """
    before = plan.environment(environment).range(range_name)
    if prefix_length is None:
        if before is None:
            return None
        prefix_length = before.cidr.prefixlen
    asked = plan.spec.environments[environment]
    inside = {r.name: r.cidr.prefixlen for r in plan.environment(environment).held_by(range_name)}
    moved = {name: length for name, length in inside.items() if name in asked.ranges}
    changed = replace(asked, ranges={**asked.ranges, **moved, range_name: prefix_length})
    spec = Spec(
        provider=plan.spec.provider,
        reserved=plan.spec.reserved,
        environments={**plan.spec.environments, environment: changed},
    )
    granted = {
        (one.name, r.name): r.cidr
        for one in plan.environments
        for r in one.ranges
        if r.origin == "locked" and not (one.name == environment and range_name in (r.name, r.facts.inside))
    }
    there = plan_addresses(spec, granted).environment(environment)
    found = there.range(range_name)
    if found is None or (there.covered and not there.remote):
        return None
    apart = (r.cidr for r in there.ranges if r.name not in (range_name, found.facts.inside))
    return found.cidr if not overlaps_any(found.cidr, (b for b in apart if not b.subnet_of(found.cidr))) else None
