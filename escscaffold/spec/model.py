"""The spec as frozen objects: what a person asked for, before anything is planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

from escscaffold.clouds.facts import Cloud, Mode

Routes = Literal["supernet", "exact"]

RangeRequest = IPv4Network | int
"""A range is pinned by a CIDR block, or asked for by its prefix length and placed by the planner."""


@dataclass(frozen=True, kw_only=True)
class EnvironmentSpec:
    """One environment: one cluster, one Kurrent network, one peering."""

    name: str
    cloud: Cloud
    region: str
    mode: Mode
    routes: Routes = "supernet"
    ranges: Mapping[str, RangeRequest]
    """By the range's name; a range that the mode has and that is not here takes its default."""
    remote: tuple[IPv4Network, ...] = ()
    """What the peering shall route to, where a person has fixed it."""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """The whole of `escscaffold.toml`."""

    provider: str
    """The Terraform provider for the Kurrent side, a key of `Kurrent.providers`."""
    reserved: Mapping[str, IPv4Network]
    """Blocks that nothing may overlap, by name."""
    environments: Mapping[str, EnvironmentSpec]
