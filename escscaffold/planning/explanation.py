"""Explains a plan: the steps to the size and the place of a range, and what is free of each pool. Pure."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import free_blocks
from escscaffold.planning.sizing import Step, common_need, size_of, with_pools, zone_need, zone_of


class PoolUse(Struct, frozen=True, kw_only=True):
    """One pool, and what nothing in it is planned, kept or reserved for."""

    name: str
    """The name in the spec, or nothing where the spec has no pools."""
    cidr: IPv4Network
    free_addresses: int
    largest: IPv4Network | None
    """The largest free block, the lowest of equals; None where no addresses are free."""


def pools_in_use(plan: AddressPlan) -> tuple[PoolUse, ...]:
    """Return each pool with what is left of it, the preferred pool first."""
    private = (plan.spec.ipam and plan.spec.ipam.claim_from) or plan.spec.facts.kurrent.private_ranges
    pools = plan.spec.pools or {str(block): block for block in private}
    occupied = [*plan.spec.reserved.values(), *plan.retired.values(), *(prefix.cidr for prefix in plan.ipam_prefixes)]
    for environment in plan.environments:
        occupied += [*(r.room for r in environment.ranges if not r.hidden), *environment.remote]
    return tuple(_use(name if plan.spec.pools else "", block, occupied) for name, block in pools.items())


def _use(name: str, pool: IPv4Network, occupied: list[IPv4Network]) -> PoolUse:
    free = free_blocks(pool, occupied)
    largest = min(free, key=lambda block: (block.prefixlen, block), default=None)
    return PoolUse(name=name, cidr=pool, free_addresses=sum(b.num_addresses for b in free), largest=largest)


def explain_range(environment: EnvironmentPlan, planned: PlannedRange) -> tuple[Step, ...]:
    """Return the steps from what was asked to the range's size, and then to its place."""
    return (*_size(environment, planned), *_place(environment, planned))


def _size(environment: EnvironmentPlan, planned: PlannedRange) -> Iterator[Step]:
    spec = environment.spec
    request = spec.ranges.get(planned.name)
    length, facts = planned.cidr.prefixlen, planned.facts
    zones = environment.zones_of(planned)
    common = zone_need(spec, zones, zone_of(planned.name)) if facts.per_zone else common_need(spec)
    if request and request.need:
        yield from size_of(with_pools(request.need, common), facts).steps
        return
    if common and facts.sizing and facts.sizing.counts == "nodes" and planned.origin == "sized":
        where = f" in each of {zones} zones" if facts.per_zone else ""
        yield Step(text=f"{common.nodes:,} nodes{where} are set for another range of the cluster", source="")
        yield from size_of(common, facts).steps
    elif planned.origin == "implied":
        yield Step(text=f"the cloud uses {planned.cidr} by default", source=facts.limit_source)
    elif request and request.prefix_length is not None:
        yield Step(text=f"a /{length} is set", source="")
    elif planned.origin in ("placed", "sized"):
        size = "the default size" if length == facts.default_prefix_length else "the largest free size"
        span = f"/{facts.shortest_prefix_length} to /{facts.longest_prefix_length} is supported"
        yield Step(text=f"no size is set, so it is a /{length}, {size}; {span}", source=facts.limit_source)


def _place(environment: EnvironmentPlan, planned: PlannedRange) -> Iterator[Step]:
    holder = environment.holder_of(planned)
    if planned.origin == "implied":
        return
    if planned.origin == "pinned":
        text = f"{planned.cidr} is pinned"
    elif planned.origin == "locked":
        text = f"{planned.cidr} is allocated in the lock and does not move"
    elif holder:
        text = f"{planned.cidr} is the best-fitting free block in {holder.name} {holder.cidr}"
    elif planned.was is not None and planned.was.overlaps(planned.cidr):
        text = f"{planned.cidr} is the allocated {planned.was}, resized in place"
    elif planned.facts.covered:
        others = [r.name for r in environment.covered if r is not planned]
        shared = f" and {' and '.join(others)}" if others else ""
        text = f"{planned.cidr} keeps the remote range smallest: {environment.routed} covers it{shared}"
    else:
        text = f"{planned.cidr} overlaps nothing"
    yield Step(text=text, source="")
    if planned.room != planned.cidr:
        yield Step(text=f"{planned.room} is kept free for growth", source="")
