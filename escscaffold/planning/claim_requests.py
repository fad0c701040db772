"""What an environment needs registered in an IPAM: blocks of its own, and the ranges in them."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.facts import REMOTE
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import overlap


class ClaimRequest(Struct, frozen=True, kw_only=True):
    """One prefix to be registered for an environment."""

    range: str
    """The name of the range, or `remote` for what the peering routes to."""
    cidr: IPv4Network
    inside: str = ""
    """The block that it is in; nothing where it is a block of its own."""
    ranges: tuple[PlannedRange, ...] = ()
    """Of a block, the ranges that it is for."""

    @property
    def is_placed(self) -> bool:
        """Whether the planner chose the place of all that is in it, and may choose another."""
        return all(r.origin in ("placed", "sized") for r in self.ranges)


def unclaimed(plan: AddressPlan) -> Iterator[tuple[EnvironmentPlan, ClaimRequest]]:
    """Yield each block that an environment needs and that the repository has not claimed, where it claims at all."""
    if plan.spec.ipam is None or not plan.spec.ipam.claim_from:
        return
    others = [prefix.cidr for prefix in plan.ipam_prefixes]
    for environment in plan.environments:
        for request in claim_requests(environment, others):
            if not request.inside and not plan.claims.holds(request.cidr):
                yield environment, request


def claim_requests(environment: EnvironmentPlan, others: Iterable[IPv4Network] = ()) -> tuple[ClaimRequest, ...]:
    """Return what an environment needs registered: the blocks first, then the ranges inside.

    Not among them are ranges that never cross the peering, those that exist already, and those that a
    cloud sets. Where `others` lie in what the peering routes to, its ranges are blocks themselves.
    """
    ranges = [r for r in environment.ranges if is_claimable(environment, r)]
    blocks = [*_routed(environment, ranges, list(others))]
    for planned in ranges:
        if not any(planned.cidr.subnet_of(block.cidr) for block in blocks):
            blocks.append(ClaimRequest(range=planned.name, cidr=planned.cidr, ranges=(planned,)))
    names = {block.range for block in blocks}
    inner = [
        ClaimRequest(range=planned.name, cidr=planned.cidr, inside=block.range)
        for block in blocks
        for planned in ranges
        if planned.cidr.subnet_of(block.cidr) and planned.name not in names
    ]
    return (*blocks, *inner)


def is_claimable(environment: EnvironmentPlan, planned: PlannedRange) -> bool:
    """Return True for a range whose addresses are this environment's alone, and that it may choose."""
    return not (planned.hidden or environment.is_existing(planned)) and planned.facts.settable


def _routed(
    environment: EnvironmentPlan, ranges: list[PlannedRange], others: list[IPv4Network]
) -> Iterator[ClaimRequest]:
    """Yield a block for each of what the peering routes to, if all in there is this environment's to claim."""
    covered = [r for r in ranges if r.facts.covered]
    fixed = [r.cidr for r in environment.covered if r not in covered]
    many = len(environment.remote) > 1
    for number, remote in enumerate(environment.remote, start=1):
        inside = [r for r in covered if r.cidr.subnet_of(remote)]
        if not inside or any(overlap(remote, block) for block in (*fixed, *others)):
            continue
        held = tuple(r for r in ranges if r.cidr.subnet_of(remote))
        same = next((r.name for r in inside if r.cidr == remote), "")
        yield ClaimRequest(range=same or (f"{REMOTE}-{number}" if many else REMOTE), cidr=remote, ranges=held)
