"""Plans a repository: keeps what is pinned or granted, then places the rest, environment by environment.

Pure: the same spec and the same grants give the same plan. What is wrong with a plan is for the
rules to say; a range without room stands in `unplaced`.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network

from escscaffold.planning.phases import (
    Blocks,
    place_apart,
    place_covered,
    place_holders,
    place_inside,
    remote_ranges,
)
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, Granted, PlannedRange, Unplaced
from escscaffold.planning.requests import Request, requests_of
from escscaffold.spec.model import EnvironmentSpec, Spec

# The ranges that need a common supernet come first, in every environment: the others fit anywhere.
_PHASES = (place_holders, place_covered, place_inside, place_apart)


def plan_addresses(spec: Spec, granted: Granted | None = None) -> AddressPlan:
    """Return where every range of every environment lies.

    `granted` is where the last plan put them (the lock): such a range stays where it is, so that
    adding, removing or resizing one range never moves another.
    """
    requests = {name: requests_of(one, granted or {}) for name, one in spec.environments.items()}
    blocks = {name: {r.name: r.block for r in wanted if r.block is not None} for name, wanted in requests.items()}
    claims = {name: _claims(one, requests[name], blocks[name]) for name, one in spec.environments.items()}
    for place in _PHASES:
        for name, environment in spec.environments.items():
            if len(blocks[name]) == len(requests[name]):
                continue
            others = [claim for other in claims if other != name for claim in claims[other]]
            forbidden = [f.cidr for f in environment.cloud.forbidden]
            taken = [*spec.reserved.values(), *others, *forbidden]
            blocks[name] |= place(environment, requests[name], blocks[name], taken)
            claims[name] = _claims(environment, requests[name], blocks[name])
    return AddressPlan(
        spec=spec,
        environments=tuple(_as_plan(one, requests[name], blocks[name]) for name, one in spec.environments.items()),
    )


def _claims(spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks) -> list[IPv4Network]:
    """Return what an environment keeps others off: its ranges that cross the peering, and its remote range."""
    placed = [(r, blocks[r.name]) for r in requests if r.name in blocks]
    crossing = [block for r, block in placed if not r.facts.is_hidden(implied=r.origin == "implied")]
    covered = [block for r, block in placed if r.facts.covered]
    return [*crossing, *remote_ranges(spec, covered)]


def _as_plan(spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks) -> EnvironmentPlan:
    ranges = tuple(
        PlannedRange(name=r.name, cidr=blocks[r.name], origin=r.origin, facts=r.facts)
        for r in requests
        if r.name in blocks
    )
    unplaced = tuple(
        Unplaced(name=r.name, prefix_length=r.prefix_length, facts=r.facts) for r in requests if r.name not in blocks
    )
    remote = remote_ranges(spec, [r.cidr for r in ranges if r.facts.covered])
    return EnvironmentPlan(spec=spec, ranges=ranges, remote=remote, unplaced=unplaced)
