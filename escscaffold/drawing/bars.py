"""Address bars: what each address of a block is for, first to last, and how a range stands to its peering.

Knows no length on paper.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import BlockIndex, covered_by, first_address, last_address, smallest_supernet

Standing = Literal["routed", "cut-off", "beside", "hidden"]
"""Reached by the peering, missed by it, in need of none, or out of its sight."""

STANDINGS: dict[Standing, str] = {
    "routed": "reachable through the peering",
    "cut-off": "unreachable: outside the peering routes",
    "beside": "not routed; no route needed",
    "hidden": "never crosses the peering",
}
Use = Standing | Literal["kurrent", "growth", "reserved", "free", "clash"]
"""What addresses are for: a range as it stands to the peering, or something else."""
KeptBlocks = BlockIndex[tuple[IPv4Network, str]]
"""What is reserved or was used once, with its name, found by the blocks that it overlaps."""
_MOST_BARS = 3


def standing_of(environment: EnvironmentPlan, planned: PlannedRange) -> Standing:
    """Return how the range stands to the peering of its environment."""
    if planned.hidden:
        return "hidden"
    if covered_by(planned.cidr, environment.remote):
        return "routed"
    return "cut-off" if planned.facts.covered or planned.facts.inside else "beside"


class Stretch(Struct, frozen=True, kw_only=True):
    """Addresses next to each other that are for the same."""

    first: int
    last: int
    use: Use
    names: tuple[str, ...] = ()

    @property
    def addresses(self) -> int:
        """How many there are."""
        return self.last - self.first + 1

    @property
    def blocks(self) -> tuple[IPv4Network, ...]:
        """The stretch as the fewest blocks."""
        return tuple(summarize_address_range(IPv4Address(self.first), IPv4Address(self.last)))


class AddressBar(Struct, frozen=True, kw_only=True):
    """A block, and its stretches without a gap."""

    block: IPv4Network
    is_routed: bool
    """Whether the peering routes to all of it; else it holds more than that."""
    stretches: tuple[Stretch, ...]


class _Claim(Struct, frozen=True, kw_only=True):
    block: IPv4Network
    name: str
    use: Use


def kept_with_names(plan: AddressPlan) -> list[tuple[IPv4Network, str]]:
    """Return what is kept off in the whole plan: reserved blocks, and ranges of the past."""
    reserved = [(block, name) for name, block in plan.spec.reserved.items()]
    return reserved + [(block, f"formerly {'.'.join(key)}") for key, block in sorted(plan.retired.items())]


def kept_blocks(plan: AddressPlan) -> KeptBlocks:
    """Return the same, found by the blocks that it overlaps."""
    return BlockIndex([(kept[0], kept) for kept in kept_with_names(plan)])


def address_bars(environment: EnvironmentPlan, kept: KeptBlocks) -> tuple[AddressBar, ...]:
    """Return a bar for each block that the peering routes to.

    Where these are many, or there is none, it is one bar of the supernet instead.
    """
    routed = environment.remote
    if 0 < len(routed) <= _MOST_BARS:
        return tuple(_bar(environment, block, kept, is_routed=True) for block in routed)
    wanted = routed or [r.cidr for r in environment.covered]
    return (_bar(environment, smallest_supernet(wanted), kept, is_routed=False),) if wanted else ()


def _bar(environment: EnvironmentPlan, block: IPv4Network, kept: KeptBlocks, *, is_routed: bool) -> AddressBar:
    here = [r for r in environment.leaves if r.cidr.overlaps(block)]
    claims = [_Claim(block=r.cidr, name=r.name, use=_use(environment, r)) for r in here]
    grown = [r for r in environment.leaves if r.room != r.cidr and r.room.overlaps(block)]
    claims += [_Claim(block=r.room, name=f"kept for growth of {r.name}", use="growth") for r in grown]
    claims += [_Claim(block=known, name=name, use="reserved") for known, name in kept.overlapping(block)]
    return AddressBar(block=block, is_routed=is_routed, stretches=tuple(_merged(_cut(block, claims, is_routed))))


def _use(environment: EnvironmentPlan, planned: PlannedRange) -> Use:
    return "kurrent" if planned.name == "kurrent" else standing_of(environment, planned)


def _cut(block: IPv4Network, claims: Iterable[_Claim], is_routed: bool) -> Iterator[Stretch]:
    """Yield the block's stretches between each two places where something begins or ends."""
    low, high = first_address(block), last_address(block)
    spans = [(max(first_address(c.block), low), min(last_address(c.block), high), c) for c in claims]
    begins: dict[int, list[_Claim]] = {}
    ends: dict[int, list[_Claim]] = {}
    for first, last, claim in spans:
        begins.setdefault(first, []).append(claim)
        ends.setdefault(last + 1, []).append(claim)
    here: list[_Claim] = []
    edges = sorted({low, *begins, *ends, high + 1})
    for first, beyond in pairwise(edges):
        here = [c for c in here if c not in ends.get(first, [])] + begins.get(first, [])
        yield _stretch(first, beyond - 1, here, is_routed)


def _stretch(first: int, last: int, here: list[_Claim], is_routed: bool) -> Stretch:
    used = [c for c in here if c.use not in ("reserved", "growth")]
    # Room is kept around its range, so that only what is beside the range is room.
    claims = [c for c in here if c.use == "reserved"] + (used or [c for c in here if c.use == "growth"])
    use: Use = claims[0].use if claims else "free"
    # What the peering routes to cannot lie on its other side.
    if used and (len(claims) > 1 or (is_routed and use == "kurrent")):
        use = "clash"
    return Stretch(first=first, last=last, use=use, names=tuple(c.name for c in claims))


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    before: Stretch | None = None
    for stretch in stretches:
        if before and (before.use, before.names) == (stretch.use, stretch.names):
            before = Stretch(first=before.first, last=stretch.last, use=stretch.use, names=stretch.names)
            continue
        if before:
            yield before
        before = stretch
    if before:
        yield before
