"""The address plan: every range of every environment with its place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from msgspec import Struct, field

from escscaffold.clouds.facts import RangeFacts
from escscaffold.errors import Problem
from escscaffold.planning.lock_records import Claims
from escscaffold.planning.ranges import free_blocks, smallest_supernet
from escscaffold.planning.snapshot import HeldPrefix, Snapshot
from escscaffold.spec.model import EnvironmentSpec, Reference, Spec

Origin = Literal["pinned", "placed", "sized", "locked", "implied"]

Granted = Mapping[Reference, IPv4Network]
"""Where ranges lie, by environment and range."""


class Grants(Struct, frozen=True, kw_only=True):
    """What the last plan granted: what is not asked to move stays."""

    ranges: Granted = field(default_factory=dict)
    routed: Mapping[str, tuple[IPv4Network, ...]] = field(default_factory=dict)
    """What each environment's peering routes to."""
    retired: Granted = field(default_factory=dict)
    """Former ranges whose addresses are not allocated again yet: what was built there may still exist."""
    moving: Mapping[str, str] = field(default_factory=dict)
    """Environments whose Kurrent side is on its way to the spec's Terraform provider: the one that it comes from."""
    claims: Claims = field(default_factory=Claims)
    """What the repository claimed in an IPAM."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """The environment that creates what all environments on a cloud share, by cloud."""

    def by_environment(self) -> Mapping[str, Mapping[str, IPv4Network]]:
        """Return where the ranges lie, by environment and then by range."""
        places: dict[str, dict[str, IPv4Network]] = defaultdict(dict)
        for (environment, name), block in self.ranges.items():
            places[environment][name] = block
        return places


class PlannedRange(Struct, frozen=True, kw_only=True):
    """One range with its place."""

    name: str
    cidr: IPv4Network
    origin: Origin
    facts: RangeFacts
    room: IPv4Network
    """The range with the addresses kept free for its growth; the range itself where none are."""
    was: IPv4Network | None = None
    """Where it lay in the last plan."""

    @property
    def assignable(self) -> int:
        """Addresses that the cloud leaves to use: never the first and the last one."""
        return max(self.cidr.num_addresses - max(self.facts.kept_addresses, 2), 0)

    def assignable_ends(self, kept_at_end: int) -> tuple[IPv4Address, IPv4Address]:
        """Return the first and the last of them; `kept_at_end` of the addresses that the cloud keeps are the last."""
        block, kept_count = self.cidr, self.facts.kept_addresses
        if 2 < kept_count < block.num_addresses:
            return block.network_address + kept_count - kept_at_end, block.broadcast_address - kept_at_end
        if block.num_addresses < 4:
            return block.network_address, block.broadcast_address
        return block.network_address + 1, block.broadcast_address - 1

    @property
    def hidden(self) -> bool:
        """Whether its addresses never cross the peering."""
        return self.facts.is_hidden(implied=self.origin == "implied")


class Unplaced(Struct, frozen=True, kw_only=True):
    """A range for which there was no room."""

    name: str
    prefix_length: int
    facts: RangeFacts


class EnvironmentPlan(Struct, frozen=True, kw_only=True):
    """One environment's ranges, `kurrent` first and then in the mode's order."""

    spec: EnvironmentSpec
    ranges: tuple[PlannedRange, ...]
    remote: tuple[IPv4Network, ...]
    """What the peering routes to; empty where no legal range covers what it must."""
    unplaced: tuple[Unplaced, ...]
    kept_remote: tuple[IPv4Network, ...] = ()
    """What it routed to in the last plan."""

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.spec.name

    def range(self, name: str) -> PlannedRange | None:
        """Return the range with this name, or None."""
        return next((r for r in self.ranges if r.name == name), None)

    def holder_of(self, planned: PlannedRange | Unplaced) -> PlannedRange | None:
        """Return the range that must hold this one, or None where none must or it has no place."""
        return self.range(planned.facts.inside)

    def zones_of(self, planned: PlannedRange) -> int:
        """Return in how many zones there is such a range, placed or not; 0 for a range that has no zones."""
        facts = planned.facts
        return (
            sum(
                name == facts.name
                for name in (*(r.facts.name for r in self.ranges), *(u.facts.name for u in self.unplaced))
            )
            if facts.per_zone
            else 0
        )

    def is_existing(self, planned: PlannedRange) -> bool:
        """Return True if what has this range exists, and is not created here."""
        is_kurrents = planned is self.kurrent and self.spec.parts.get("kurrent-network") == "existing"
        return is_kurrents or planned.facts.pinned_only

    @property
    def leaves(self) -> tuple[PlannedRange, ...]:
        """The ranges that hold no other: the addresses that are really used."""
        holders = {r.facts.inside for r in self.ranges}
        return tuple(r for r in self.ranges if r.name not in holders)

    def held_by(self, name: str) -> tuple[PlannedRange, ...]:
        """Return the ranges that must be inside the range with this name."""
        return tuple(r for r in self.ranges if r.facts.inside == name)

    @property
    def kurrent(self) -> PlannedRange | None:
        """The Kurrent network's range."""
        return self.range("kurrent")

    @property
    def covered(self) -> tuple[PlannedRange, ...]:
        """The ranges that the peering must route to."""
        return tuple(r for r in self.ranges if r.facts.covered)

    @property
    def routed(self) -> str:
        """The remote ranges as they are read out, separated by ", "; empty where there are none."""
        return ", ".join(map(str, self.remote))

    @property
    def supernet(self) -> IPv4Network | None:
        """The smallest block that holds every covered range, legal or not."""
        return smallest_supernet(r.cidr for r in self.covered) if self.covered else None

    @property
    def free(self) -> tuple[IPv4Network, ...]:
        """What the remote ranges hold and nothing uses, lowest first; unknown, so nothing, in an existing network."""
        if self.spec.parts.get("network") == "existing":
            return ()
        used = [r.room for r in self.leaves]
        return tuple(gap for block in self.remote for gap in free_blocks(block, used))


class AddressPlan(Struct, frozen=True, kw_only=True, dict=True):
    """The whole repository's plan."""

    spec: Spec
    environments: tuple[EnvironmentPlan, ...]
    retired: Granted = field(default_factory=dict)
    """Ranges of the past that are kept free, by environment and range."""
    moving: Mapping[str, str] = field(default_factory=dict)
    """Environments on their way to the spec's Terraform provider: the one that each comes from."""
    claims: Claims = field(default_factory=Claims)
    """What the repository claimed in an IPAM."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """The environment that creates what all environments on a cloud share, by cloud."""
    snapshot: Snapshot | None = None
    """What the IPAM had when it was last asked; None where it never was."""
    ipam_prefixes: tuple[HeldPrefix, ...] = ()
    """Prefixes that others hold in the IPAM."""
    notes: tuple[Problem, ...] = ()
    """Notes on the lock that it was planned with."""
    granted: Grants = field(default_factory=Grants)
    """What the last plan granted, which this one was made from."""

    def environment(self, name: str) -> EnvironmentPlan:
        """Return one environment's plan; raises KeyError if there is none of that name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, EnvironmentPlan]:
        return {environment.name: environment for environment in self.environments}

    def kurrent_stays(self, environment: EnvironmentPlan) -> bool:
        """Return True if this environment alone cannot move its Kurrent network: it exists, or others share it."""
        exists = environment.spec.parts.get("kurrent-network") == "existing"
        return exists or len(self.by_kurrent_network.get(environment.spec.kurrent_network, ())) > 1

    @cached_property
    def by_kurrent_network(self) -> Mapping[tuple[str, str], Sequence[EnvironmentPlan]]:
        """The environments on each Kurrent network."""
        by_network: dict[tuple[str, str], list[EnvironmentPlan]] = {}
        for environment in self.environments:
            by_network.setdefault(environment.spec.kurrent_network, []).append(environment)
        return by_network

    def crossing(self) -> Iterator[tuple[EnvironmentPlan, PlannedRange]]:
        """Yield every range that crosses a peering, with its environment."""
        return ((environment, r) for environment in self.environments for r in environment.ranges if not r.hidden)

    def grants(self) -> Grants:
        """Return what this plan grants, to be kept for the next one."""
        return Grants(
            ranges={
                Reference(environment.name, r.name): r.cidr
                for environment in self.environments
                for r in environment.ranges
            },
            routed={environment.name: environment.remote for environment in self.environments},
            retired=self.retired,
            moving=self.moving,
            claims=self.claims,
            owners=self.owners,
        )
