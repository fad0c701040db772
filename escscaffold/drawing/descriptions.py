"""What a picture shows, as text for screen readers and legends."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

from escscaffold.drawing.bars import STANDINGS, AddressBar, Stretch
from escscaffold.drawing.topology import ShownRange, Topology

CLUSTER_ONLY = "Inside the cluster only"

_MOST_BLOCKS = 3


def title_of(topology: Topology) -> str:
    """Return what the picture is."""
    return f"Network of {topology.name}: {topology.place}, peered with Kurrent Cloud"


def description_of(topology: Topology) -> str:
    """Return all that the picture shows."""
    parts = [f"{topology.mode}.", *map(_range, topology.ranges)]
    database = f", the database is {topology.database_state}" if topology.database_state else ""
    parts.append(f"The Kurrent network is {topology.kurrent or 'not allocated'}{database}.")
    parts.append(f"{routes(topology.remote)}.")
    parts += [_bar(bar) for bar in topology.bars]
    return " ".join(parts)


def routes(remote: Sequence[IPv4Network]) -> str:
    """Return what the peering routes to, as a sentence without its dot."""
    if not remote:
        return "The peering has no routes: no valid range covers all ranges"
    return f"The peering routes to {', '.join(map(str, remote))}"


def network_title(topology: Topology) -> str:
    """Return what stands over the network."""
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


def _bar(bar: AddressBar) -> str:
    whole = bar.block.num_addresses
    parts = [f"{stretch_name(s)} {share(s.addresses, whole)}" for s in bar.stretches if s.use != "free"]
    free, blocks = free_of(bar)
    parts += [f"free {share(free, whole)} ({block_list(blocks)})"] if free else ["no addresses are free"]
    return f"Of the {whole:,} addresses of {bar.block}: {_few(parts)}."


def _few(parts: Iterable[str]) -> str:
    listed = list(parts)
    return "; ".join(listed if len(listed) <= 40 else [*listed[:39], f"{len(listed) - 39} more", listed[-1]])
