"""What a cloud refuses, or what leads to trouble there, as data."""

from ipaddress import IPv4Network
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning"]


class Forbidden(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Addresses that a cloud refuses, or that lead to trouble there."""

    cidr: IPv4Network
    severity: Severity
    applies_to: Literal["every-range", "own-ranges", "kurrent"]
    reason: str
    source: str


class FurtherBlocks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a network cannot be given as a further block."""

    within: IPv4Network
    """Where the network's first block lies."""
    refuses: tuple[IPv4Network, ...]
    source: str
