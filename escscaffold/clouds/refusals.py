"""What a cloud refuses, or what leads to trouble there, as data."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True)
class Forbidden:
    """Addresses that a cloud refuses, or that lead to trouble there."""

    cidr: IPv4Network
    severity: Severity
    applies_to: Literal["every-range", "own-ranges", "kurrent"]
    reason: str
    source: str


@dataclass(frozen=True, kw_only=True)
class FurtherBlocks:
    """What a network cannot be given as a further block."""

    within: IPv4Network
    """Where the network's first block lies."""
    refuses: tuple[IPv4Network, ...]
    source: str
