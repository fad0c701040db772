"""What a picture of one environment shows, as data: the one source of SVG, Mermaid and the page.

Which range stands where follows from the mode's facts. Nothing here knows of places on paper.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network
from itertools import groupby

from msgspec import Struct

from escscaffold.drawing.bars import AddressBar, KeptBlocks, Standing, address_bars, standing_of
from escscaffold.planning.address_plan import EnvironmentPlan, PlannedRange

_STATES = {"existing": "existing", "absent": "not created here"}


class ShownRange(Struct, frozen=True, kw_only=True):
    """One range."""

    name: str
    cidr: IPv4Network
    purpose: str
    standing: Standing
    usable: int
    """Addresses that are left to use: neither the first, nor the last, nor what the cloud keeps."""


class RangeGroup(Struct, frozen=True, kw_only=True):
    """Ranges with one purpose, such as a subnet in each zone."""

    purpose: str
    ranges: tuple[ShownRange, ...]


class Topology(Struct, frozen=True, kw_only=True):
    """Who is joined with whom, and by which addresses."""

    name: str
    place: str
    """The cloud and its region."""
    mode: str
    network: str
    """What the cloud calls a network."""
    network_state: str
    """Whether it is there already; nothing where it is made here."""
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


def topology_of(environment: EnvironmentPlan, kept: KeptBlocks | None = None) -> Topology:
    """Return what a picture of the environment shows; its bars are drawn where it is known what else is kept."""
    spec, leaves = environment.spec, environment.leaves
    own = [r for r in leaves if r.name != "kurrent"]
    holder = next((r for r in environment.ranges if r not in leaves), None)
    return Topology(
        name=environment.name,
        place=f"{spec.cloud.title}, {spec.region}",
        mode=spec.mode.title,
        network=spec.cloud.network_term,
        network_state=_STATES.get(spec.parts.get("network", ""), ""),
        holder=_shown(environment, holder) if holder else None,
        inside=_groups(environment, (r for r in own if not _is_cluster_only(r))),
        cluster_only=_groups(environment, (r for r in own if _is_cluster_only(r))),
        kurrent=environment.kurrent.cidr if environment.kurrent else None,
        kurrent_state=_STATES.get(spec.parts.get("kurrent-network", ""), ""),
        database_state=_STATES.get(spec.parts.get("database", ""), ""),
        remote=environment.remote,
        bars=address_bars(environment, kept) if kept else (),
    )


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
        usable=planned.assignable,
    )
