"""What would be right instead: one range put elsewhere, with what is pinned or granted left where it is."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network

from escscaffold.clouds.facts import Mode
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, Grants
from escscaffold.planning.planner import plan_addresses
from escscaffold.spec.model import RangeRequest, Spec


def plan_without_place(
    plan: AddressPlan, environment: str, range_name: str, prefix_length: int, proposed: Mapping[str, IPv4Network]
) -> AddressPlan:
    """Return a plan of that environment alone, as if only the size of the range were given.

    The other environments' ranges stand in it as reserved blocks, so that it costs no more than
    one environment. What lies inside the range moves with it. It stays off the places that are
    `proposed` for other ranges, so that all proposals can be followed together.
    """
    before = plan.environment(environment)
    asked = before.spec
    sizes = {r.name: r.cidr.prefixlen for r in before.held_by(range_name) if r.name in asked.ranges}
    sizes[range_name] = prefix_length
    moved = {
        name: replace(asked.ranges.get(name, RangeRequest()), block=None, prefix_length=length)
        for name, length in sizes.items()
    }
    changed = replace(asked, ranges={**asked.ranges, **moved})
    granted = {
        (environment, r.name): r.cidr
        for r in before.ranges
        if r.origin == "locked" and range_name not in (r.name, r.facts.inside)
    }
    others = [other for other in plan.environments if other is not before]
    ranges = {f"{o.name} {r.name}": r.cidr for o in others for r in o.ranges if not r.hidden}
    routed = {f"{o.name} remote {block}": block for o in others for block in o.remote}
    kin = {range_name, *(r.name for r in before.held_by(range_name)), _inside(asked.mode, range_name)}
    promised = {f"proposed {name}": block for name, block in proposed.items() if name not in kin}
    alone = Spec(
        provider=plan.spec.provider,
        reserved={**plan.spec.reserved, **ranges, **routed, **promised},
        environments={environment: changed},
    )
    # Off what others route to and off proposals if it can be; in them is no error, so the rules do not hear of it.
    spec = replace(alone, reserved={**plan.spec.reserved, **ranges})
    planned = plan_addresses(
        alone, Grants(ranges=granted, routed={environment: before.kept_remote}, retired=plan.retired)
    )
    return AddressPlan(spec=spec, environments=planned.environments, retired=plan.retired)


def _inside(mode: Mode, range_name: str) -> str:
    facts = mode.facts_of(range_name)
    return facts.inside if facts else ""


def same_size(environment: EnvironmentPlan, range_name: str) -> tuple[int, ...]:
    """Return the range's prefix length as the only size to look for, or nothing where it has no place."""
    planned = environment.range(range_name)
    return (planned.cidr.prefixlen,) if planned else ()
