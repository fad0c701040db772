"""One environment while it is planned: its requests, the ranges placed so far, and the free space around them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Network, collapse_addresses

from msgspec import Struct, field

from escscaffold.clouds.facts import ExpandingNetwork
from escscaffold.planning.address_plan import EnvironmentPlan, Granted, PlannedRange, Unplaced
from escscaffold.planning.free_space import FreeSpace
from escscaffold.planning.ranges import aligned, covered_by, overlaps_any, smallest_supernet
from escscaffold.planning.requests import Request, requests_of
from escscaffold.planning.supernets import SupernetQueues
from escscaffold.spec.model import EnvironmentSpec


class Draft(Struct, kw_only=True):
    """An environment's ranges, with the places that they were given so far."""

    spec: EnvironmentSpec
    requests: Sequence[Request]
    kept_remote: tuple[IPv4Network, ...] = ()
    """What the peering routed to in the last plan."""
    blocks: dict[str, IPv4Network] = field(default_factory=dict)
    rooms: dict[str, IPv4Network] = field(default_factory=dict)
    """Each block with what is kept beside it for growth."""

    @classmethod
    def begin(cls, spec: EnvironmentSpec, granted: Granted, kept_remote: tuple[IPv4Network, ...]) -> "Draft":
        """Return a draft in which what is pinned, granted or implied has its place."""
        draft = cls(spec=spec, requests=requests_of(spec, granted), kept_remote=kept_remote)
        for request in draft.requests:
            if request.block is not None:
                draft.keep(request)
        return draft

    def put(self, request: Request, room: IPv4Network, block: IPv4Network | None = None) -> None:
        """Give a range its place: `block`, or the first part of the room."""
        self.rooms[request.name] = room
        self.blocks[request.name] = block or IPv4Network((room.network_address, request.prefix_length))

    def keep(self, request: Request) -> None:
        """Leave a range where it is, with the room beside it that its peering routes to by itself already."""
        assert request.block is not None, "what has no place cannot keep it"
        lengths = range(request.room_length, request.prefix_length)
        granted = self.kept_remote if request.facts.covered and self.spec.routes == "exact" else ()
        rooms = (aligned(request.block, length) for length in lengths)
        self.put(request, next((room for room in rooms if covered_by(room, granted)), request.block), request.block)

    def unplaced(self, wanted: Callable[[Request], bool]) -> list[Request]:
        """Return the ranges of a kind that have no place yet."""
        return [r for r in self.requests if r.name not in self.blocks and wanted(r)]

    def inside(self, name: str) -> list[Request]:
        """Return the ranges that the one with this name must hold."""
        return [r for r in self.requests if r.facts.inside == name]

    def holds_others(self, request: Request) -> bool:
        """Return True if other ranges must lie inside this one."""
        return any(r.facts.inside == request.name for r in self.requests)

    def refused(self, wanted: Iterable[Request]) -> list[IPv4Network]:
        """Return where a network among these cannot lie: beside it, the cloud refuses a block that has its place."""
        names = {r.name for r in wanted}
        further = [
            self.blocks[r.name] for r in self.requests if r.facts.further_block_of in names and r.name in self.blocks
        ]
        limits = self.spec.cloud.further_blocks if further else ()
        return [limit.within for limit in limits if any(overlaps_any(block, limit.refuses) for block in further)]

    def covered_rooms(self) -> list[IPv4Network]:
        """Return what the peering must route to, as far as it has its place."""
        return [self.rooms[r.name] for r in self.requests if r.facts.covered and r.name in self.rooms]

    def leaf_rooms(self) -> list[IPv4Network]:
        """Return the rooms of the ranges that hold no others."""
        return [self.rooms[r.name] for r in self.requests if r.name in self.rooms and not self.holds_others(r)]

    def remote(self) -> tuple[IPv4Network, ...]:
        """Return what the peering routes to, with the ranges that have their place."""
        return remote_ranges(self.spec, self.covered_rooms(), self.kept_remote, self.rooms.get("kurrent"))

    def crossing_rooms(self) -> Iterator[IPv4Network]:
        """Yield the rooms of the ranges that cross the peering."""
        for r in self.requests:
            if r.name in self.rooms and not r.facts.is_hidden(implied=r.origin == "implied"):
                yield self.rooms[r.name]

    def planned(self) -> EnvironmentPlan:
        """Return the plan that the draft has become."""
        ranges = tuple(
            PlannedRange(
                name=r.name,
                cidr=self.blocks[r.name],
                origin=r.origin,
                facts=r.facts,
                room=self.rooms[r.name],
                was=r.was,
            )
            for r in self.requests
            if r.name in self.blocks
        )
        unplaced = tuple(
            Unplaced(name=r.name, prefix_length=r.prefix_length, facts=r.facts)
            for r in self.unplaced(lambda request: True)
        )
        return EnvironmentPlan(
            spec=self.spec, ranges=ranges, remote=self.remote(), unplaced=unplaced, kept_remote=self.kept_remote
        )


def remote_ranges(
    spec: EnvironmentSpec,
    covered: Sequence[IPv4Network],
    kept: tuple[IPv4Network, ...] = (),
    kurrent: IPv4Network | None = None,
) -> tuple[IPv4Network, ...]:
    """Return what the peering shall route to: the given ranges, the exact ones, or one supernet.

    What it routed to before (`kept`) stays while it covers what it must: another remote range is
    a new peering. Empty where the supernet would be wider than a route may be.
    """
    limits = spec.facts.kurrent.remote
    if spec.remote:
        return spec.remote
    if not covered:
        return ()
    if spec.routes == "exact":
        return tuple(collapse_addresses(covered))
    fits = len(kept) == 1 and all(covered_by(block, kept) for block in covered)
    if fits and not (kurrent and overlaps_any(kurrent, kept)):
        return kept
    supernet = smallest_supernet(covered)
    if supernet.prefixlen > limits.longest_prefix_length:
        return (aligned(supernet, limits.longest_prefix_length),)
    return (supernet,) if supernet.prefixlen >= limits.shortest_prefix_length else ()


def is_clear(space: FreeSpace, block: IPv4Network, held: Iterable[IPv4Network] = ()) -> bool:
    """Return True if all of the block is free but for what it holds."""
    own = sum(other.num_addresses for other in held if other.subnet_of(block))
    return sum(part.num_addresses for part in space.parts(block)) + own == block.num_addresses


class Surroundings(Struct, frozen=True, kw_only=True):
    """Where a phase looks for room."""

    free: FreeSpace
    """What is clear of everything that is known."""
    least: Callable[[], FreeSpace]
    """What is clear of reserved and forbidden blocks and of its own; other environments may lie there."""
    apart: tuple[IPv4Network, ...]
    """What of it is taken or free for this environment only."""
    queues: SupernetQueues
    """What placing has learned of supernets that are free in part."""
    claim: Callable[[IPv4Network], None]
    """Takes a block out of what is free, for the rest of the phase."""


def is_free(draft: Draft, request: Request, block: IPv4Network, own: list[IPv4Network], around: Surroundings) -> bool:
    """Return True if nothing but the range's `own` is in the block, and what must hold it does."""
    holder = draft.blocks.get(request.facts.inside)
    if holder is None:
        clear = is_clear(around.free, block, own) or (request.facts.hidden and is_clear(around.least(), block, own))
        return clear and covered_by(block, draft.spec.facts.usual_ranges)
    neighbors = [r for r in draft.inside(request.facts.inside) if r.name in draft.rooms and r is not request]
    return block.subnet_of(holder) and not overlaps_any(block, [draft.rooms[r.name] for r in neighbors])


def is_clear_around(
    space: FreeSpace, room: IPv4Network, block: IPv4Network, usual_ranges: Sequence[IPv4Network]
) -> bool:
    """Return True if the room is the block, or nothing but the block is in it and it is in the usual ranges."""
    inside, around = (sum(part.num_addresses for part in space.parts(block)) for block in (block, room))
    rest = room.num_addresses - block.num_addresses
    return not rest or (around - inside == rest and covered_by(room, usual_ranges))


def is_routable(draft: Draft, request: Request, block: IPv4Network) -> bool:
    """Return True if a legal remote range still covers everything with the block."""
    if not request.facts.covered:
        return True
    kurrent = draft.blocks.get("kurrent")
    remote = remote_ranges(draft.spec, [*draft.covered_rooms(), block], draft.kept_remote, kurrent)
    return bool(remote) and not (kurrent and overlaps_any(kurrent, remote))


def expanding(spec: EnvironmentSpec) -> Iterator[ExpandingNetwork]:
    """Yield what is known of an existing network that expands, or where nobody has said so, may be one.

    It may be one by its name, or by its addresses: its ranges are all given, so a range of another place says nothing.
    """
    if spec.parts.get("network") != "existing":
        return
    blocks = [request.block for name, request in spec.ranges.items() if name != "kurrent" and request.block]
    for facts in spec.cloud.expanding_networks:
        option = spec.options.get(facts.option)
        if option == facts.expands:
            yield facts
        elif option == facts.fixed:
            continue
        elif spec.existing.get("network") in facts.names or any(block.subnet_of(facts.cidr) for block in blocks):
            yield facts
