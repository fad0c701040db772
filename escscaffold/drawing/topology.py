"""What a picture of one environment shows, as data and as text: address bars, ranges and networks.

SVG, Mermaid and the page show it; none of them has another source.
"""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from itertools import groupby, pairwise
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
"""What addresses are for: a range by its relation to the peering, or something else."""
KeptBlocks = BlockIndex[tuple[IPv4Network, str]]
"""What is reserved or was used once, with its name, found by the blocks that it overlaps."""
_MOST_BARS = 3
_STATES = {"existing": "existing", "absent": "not created here"}
CLUSTER_ONLY = "Inside the cluster only"
_MOST_BLOCKS = 3


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
    return BlockIndex([(entry[0], entry) for entry in kept_with_names(plan)])


class ShownRange(Struct, frozen=True, kw_only=True):
    """One range."""

    name: str
    cidr: IPv4Network
    purpose: str
    standing: Standing
    assignable: int
    """Addresses that are left to use: neither the first, nor the last, nor what the cloud keeps."""


class RangeGroup(Struct, frozen=True, kw_only=True):
    """Ranges with one purpose, such as a subnet in each zone."""

    purpose: str
    ranges: tuple[ShownRange, ...]


class Topology(Struct, frozen=True, kw_only=True):
    """Who is joined with whom, and by which addresses."""

    name: str
    place: str
    """The cloud and the region, or both regions."""
    mode: str
    network: str
    """What the cloud calls a network."""
    network_state: str
    """Whether it is existing; nothing where it is created here."""
    holder: ShownRange | None
    """The range of the network itself, where it has one that others lie in."""
    inside: tuple[RangeGroup, ...]
    """What is in the network."""
    cluster_only: tuple[RangeGroup, ...]
    """What only the cluster knows."""
    kurrent: IPv4Network | None
    kurrent_state: str
    database_state: str
    remote: tuple[IPv4Network, ...]
    """What the Kurrent network routes to; nothing where no legal range covers what it must."""
    bars: tuple[AddressBar, ...]

    @property
    def ranges(self) -> tuple[ShownRange, ...]:
        """Every range but Kurrent's, in the order in which they are drawn."""
        held = (r for group in (*self.inside, *self.cluster_only) for r in group.ranges)
        return (*([self.holder] if self.holder else []), *held)


def topology_of(environment: EnvironmentPlan, reserved: KeptBlocks | None = None) -> Topology:
    """Return what a picture of the environment shows; its bars are drawn where it is known what else is kept."""
    spec, leaves = environment.spec, environment.leaves
    own_ranges = [r for r in leaves if r.name != "kurrent"]
    holder = next((r for r in environment.ranges if r not in leaves), None)
    return Topology(
        name=environment.name,
        place=f"{spec.cloud.title}, {spec.regions}",
        mode=spec.mode.title,
        network=spec.cloud.network_term,
        network_state=_STATES.get(spec.parts.get("network", ""), ""),
        holder=_shown(environment, holder) if holder else None,
        inside=_groups(environment, (r for r in own_ranges if not _is_cluster_only(r))),
        cluster_only=_groups(environment, (r for r in own_ranges if _is_cluster_only(r))),
        kurrent=environment.kurrent.cidr if environment.kurrent else None,
        kurrent_state=_STATES.get(spec.parts.get("kurrent-network", ""), ""),
        database_state=_STATES.get(spec.parts.get("database", ""), ""),
        remote=environment.remote,
        bars=_address_bars(environment, reserved) if reserved else (),
    )


def _address_bars(environment: EnvironmentPlan, reserved: KeptBlocks) -> tuple[AddressBar, ...]:
    """Return a bar for each block that the peering routes to.

    Where these are many, or there is none, it is one bar of the supernet instead.
    """
    routed = environment.remote
    if 0 < len(routed) <= _MOST_BARS:
        return tuple(_bar(environment, block, reserved, is_routed=True) for block in routed)
    routes = routed or [r.cidr for r in environment.covered]
    return (_bar(environment, smallest_supernet(routes), reserved, is_routed=False),) if routes else ()


def _bar(environment: EnvironmentPlan, block: IPv4Network, reserved: KeptBlocks, *, is_routed: bool) -> AddressBar:
    overlapping = [r for r in environment.leaves if r.cidr.overlaps(block)]
    claims = [_Claim(block=r.cidr, name=r.name, use=_use(environment, r)) for r in overlapping]
    grown = [r for r in environment.leaves if r.room != r.cidr and r.room.overlaps(block)]
    claims += [_Claim(block=r.room, name=f"kept for growth of {r.name}", use="growth") for r in grown]
    claims += [_Claim(block=taken, name=name, use="reserved") for taken, name in reserved.overlapping(block)]
    return AddressBar(block=block, is_routed=is_routed, stretches=tuple(_merged(_cut(block, claims, is_routed))))


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


def _cut(block: IPv4Network, claims: Iterable[_Claim], is_routed: bool) -> Iterator[Stretch]:
    """Yield the block's stretches between each two places where something begins or ends."""
    low, high = first_address(block), last_address(block)
    spans = [(max(first_address(c.block), low), min(last_address(c.block), high), c) for c in claims]
    begins: dict[int, list[_Claim]] = {}
    ends: dict[int, list[_Claim]] = {}
    for first, last, claim in spans:
        begins.setdefault(first, []).append(claim)
        ends.setdefault(last + 1, []).append(claim)
    current: list[_Claim] = []
    edges = sorted({low, *begins, *ends, high + 1})
    for first, beyond in pairwise(edges):
        current = [c for c in current if c not in ends.get(first, [])] + begins.get(first, [])
        yield _stretch(first, beyond - 1, current, is_routed)


def _stretch(first: int, last: int, covering: list[_Claim], is_routed: bool) -> Stretch:
    used = [c for c in covering if c.use not in ("reserved", "growth")]
    # Room is kept around its range, so only addresses outside the range are room.
    claims = [c for c in covering if c.use == "reserved"] + (used or [c for c in covering if c.use == "growth"])
    use: Use = claims[0].use if claims else "free"
    # What the peering routes to cannot be on its other side.
    if used and (len(claims) > 1 or (is_routed and use == "kurrent")):
        use = "clash"
    return Stretch(first=first, last=last, use=use, names=tuple(c.name for c in claims))


def _use(environment: EnvironmentPlan, planned: PlannedRange) -> Use:
    return "kurrent" if planned.name == "kurrent" else standing_of(environment, planned)


def _is_cluster_only(planned: PlannedRange) -> bool:
    return planned.hidden and not planned.facts.inside and not planned.facts.further_block_of


def _groups(environment: EnvironmentPlan, ranges: Iterable[PlannedRange]) -> tuple[RangeGroup, ...]:
    grouped = groupby(ranges, key=lambda r: r.facts.purpose)
    return tuple(
        RangeGroup(purpose=purpose, ranges=tuple(_shown(environment, r) for r in members))
        for purpose, members in grouped
    )


def _shown(environment: EnvironmentPlan, planned: PlannedRange) -> ShownRange:
    return ShownRange(
        name=planned.name,
        cidr=planned.cidr,
        purpose=planned.facts.purpose,
        standing=standing_of(environment, planned),
        assignable=planned.assignable,
    )


def title_of(topology: Topology) -> str:
    """Return what the picture is."""
    return f"Network of {topology.name}: {topology.place}, peered with Kurrent Cloud"


def description_of(topology: Topology) -> str:
    """Return all that the picture shows."""
    parts = [f"{topology.mode}.", *map(_range, topology.ranges)]
    database = f", the database is {topology.database_state}" if topology.database_state else ""
    parts.append(f"The Kurrent network is {topology.kurrent or 'not allocated'}{database}.")
    parts.append(f"{routes(topology.remote)}.")
    parts += [_bar_of(bar) for bar in topology.bars]
    return " ".join(parts)


def routes(remote: Sequence[IPv4Network]) -> str:
    """Return what the peering routes to, as a sentence without its dot."""
    if not remote:
        return "The peering has no routes: no valid range covers all ranges"
    return f"The peering routes to {', '.join(map(str, remote))}"


def network_title(topology: Topology) -> str:
    """Return what is over the network."""
    state = f", {topology.network_state}" if topology.network_state else ""
    return f"Your {topology.network}{state}"


def share(part: int, whole: int) -> str:
    """Return how much of the whole that is.

    >>> share(1, 4), share(1, 3), share(1, 5000), share(4999, 5000)
    ('25 %', '33.3 %', 'less than 0.1 %', 'over 99.9 %')
    """
    percent = 100 * part / whole
    if percent < 0.1:
        return "less than 0.1 %"
    return "over 99.9 %" if 99.95 <= percent < 100 else f"{percent:.1f}".removesuffix(".0") + " %"


def block_list(blocks: Sequence[IPv4Network]) -> str:
    """Return the blocks; of many the largest.

    >>> block_list([IPv4Network(f"10.0.{third}.0/24") for third in (1, 3, 5, 7)])
    '10.0.1.0/24 and 3 blocks more'
    """
    if len(blocks) <= _MOST_BLOCKS:
        return ", ".join(map(str, blocks))
    return f"{min(blocks, key=lambda b: b.prefixlen)} and {len(blocks) - 1:,} blocks more"


def stretch_name(stretch: Stretch) -> str:
    """Return what the stretch is for."""
    if stretch.use == "clash":
        names = " and ".join(stretch.names)
        return f"{names} overlap" if len(stretch.names) > 1 else f"{names} is inside the peering routes"
    if stretch.use == "reserved":
        return f"{', '.join(stretch.names)}: reserved"
    return ", ".join(stretch.names) or "free"


def free_of(bar: AddressBar) -> tuple[int, list[IPv4Network]]:
    """Return how many addresses of the bar are free, and in which blocks."""
    free = [stretch for stretch in bar.stretches if stretch.use == "free"]
    return sum(stretch.addresses for stretch in free), [block for stretch in free for block in stretch.blocks]


def _range(shown: ShownRange) -> str:
    return f"{shown.name} {shown.cidr}, {STANDINGS[shown.standing]} ({shown.purpose})."


def _bar_of(bar: AddressBar) -> str:
    whole = bar.block.num_addresses
    parts = [f"{stretch_name(s)} {share(s.addresses, whole)}" for s in bar.stretches if s.use != "free"]
    free, blocks = free_of(bar)
    parts += [f"free {share(free, whole)} ({block_list(blocks)})"] if free else ["no addresses are free"]
    return f"Of the {whole:,} addresses of {bar.block}: {_few(parts)}."


def _few(parts: Iterable[str]) -> str:
    listed = list(parts)
    return "; ".join(listed if len(listed) <= 40 else [*listed[:39], f"{len(listed) - 39} more", listed[-1]])
