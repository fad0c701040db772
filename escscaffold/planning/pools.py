"""How much is left of the space that ranges are placed in. Pure."""

from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.planning.plan import AddressPlan
from escscaffold.planning.ranges import free_blocks


class PoolUse(Struct, frozen=True, kw_only=True):
    """One pool, and what nothing in it is planned, kept or reserved for."""

    name: str
    """The name in the spec, or nothing where the spec has no pools."""
    cidr: IPv4Network
    free_addresses: int
    largest: IPv4Network | None
    """The largest free block, the lowest of equals; None where nothing is free."""


def pools_in_use(plan: AddressPlan) -> tuple[PoolUse, ...]:
    """Return each pool with what is left of it, the preferred pool first."""
    usual = (plan.spec.ipam and plan.spec.ipam.claim_from) or load_kurrent().private_ranges
    pools = plan.spec.pools or {str(block): block for block in usual}
    taken = [*plan.spec.reserved.values(), *plan.retired.values(), *(one.cidr for one in plan.taken)]
    for environment in plan.environments:
        taken += [*(r.room for r in environment.ranges if not r.hidden), *environment.remote]
    return tuple(_use(name if plan.spec.pools else "", block, taken) for name, block in pools.items())


def _use(name: str, pool: IPv4Network, taken: list[IPv4Network]) -> PoolUse:
    free = free_blocks(pool, taken)
    largest = min(free, key=lambda block: (block.prefixlen, block), default=None)
    return PoolUse(name=name, cidr=pool, free_addresses=sum(b.num_addresses for b in free), largest=largest)
