"""A range as a row: the columns of the vendor's guide, for tables, JSON and README alike."""

from ipaddress import IPv4Network
from typing import TypedDict

from escscaffold.planning.plan import PlannedRange


class BlockRow(TypedDict):
    """A block of addresses; `hosts` counts all but the first and the last, as the guide does."""

    cidr: str
    first: str
    last: str
    first_usable: str
    last_usable: str
    hosts: int


class RangeRow(BlockRow):
    """A planned range; `assignable` takes off what the cloud keeps."""

    name: str
    assignable: int
    purpose: str
    origin: str


def free_row(block: IPv4Network) -> BlockRow:
    """Return the row of a free block."""
    small = block.num_addresses < 4
    return {
        "cidr": str(block),
        "first": str(block.network_address),
        "last": str(block.broadcast_address),
        "first_usable": str(block.network_address if small else block.network_address + 1),
        "last_usable": str(block.broadcast_address if small else block.broadcast_address - 1),
        "hosts": max(block.num_addresses - 2, 0),
    }


def range_row(planned: PlannedRange) -> RangeRow:
    """Return the row of a planned range."""
    return {
        **free_row(planned.cidr),
        "name": planned.name,
        "assignable": planned.assignable,
        "purpose": planned.facts.purpose,
        "origin": planned.origin,
    }
