"""What surrounds an environment while it is placed, and whether a block can be its there."""

from collections.abc import Callable
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.planning.draft import Draft, is_clear, remote_ranges
from escscaffold.planning.freespace import FreeSpace
from escscaffold.planning.placing import Crowds
from escscaffold.planning.ranges import covered_by, overlaps_any
from escscaffold.planning.requests import Request


class Surroundings(Struct, frozen=True, kw_only=True):
    """Where a phase looks for room."""

    free: FreeSpace
    """What is clear of everything that is known."""
    least: Callable[[], FreeSpace]
    """What is clear of reserved and forbidden blocks and of its own; other environments may lie there."""
    apart: tuple[IPv4Network, ...]
    """What of it is taken or free for this environment only."""
    crowds: Crowds
    """What placing has learned of supernets that are free in part."""
    claim: Callable[[IPv4Network], None]
    """Takes a block out of what is free, for the rest of the phase."""


def is_free(draft: Draft, request: Request, block: IPv4Network, own: list[IPv4Network], around: Surroundings) -> bool:
    """Return True if nothing but the range's `own` is in the block, and what must hold it does."""
    holder = draft.blocks.get(request.facts.inside)
    if holder is None:
        clear = is_clear(around.free, block, own) or (request.facts.hidden and is_clear(around.least(), block, own))
        return clear and is_private(block)
    beside = [r for r in draft.inside(request.facts.inside) if r.name in draft.rooms and r is not request]
    return block.subnet_of(holder) and not overlaps_any(block, [draft.rooms[r.name] for r in beside])


def is_private(block: IPv4Network) -> bool:
    """Return True if the whole block is in addresses that are private, or used as if they were."""
    kurrent = load_kurrent()
    return covered_by(block, (*kurrent.private_ranges, *kurrent.shared_ranges))


def is_clear_around(space: FreeSpace, room: IPv4Network, block: IPv4Network) -> bool:
    """Return True if the room is the block, or nothing but the block is in it, whatever is in the block."""
    inside, around = (sum(part.num_addresses for part in space.parts(one)) for one in (block, room))
    rest = room.num_addresses - block.num_addresses
    return not rest or (around - inside == rest and is_private(room))


def is_routable(draft: Draft, request: Request, block: IPv4Network) -> bool:
    """Return True if a legal remote range still covers everything with the block."""
    if not request.facts.covered:
        return True
    kurrent = draft.blocks.get("kurrent")
    remote = remote_ranges(draft.spec, [*draft.covered_rooms(), block], draft.kept_remote, kurrent)
    return bool(remote) and not (kurrent and overlaps_any(kurrent, remote))
