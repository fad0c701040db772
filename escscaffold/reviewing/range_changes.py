"""What becomes of every range of every environment between two plans. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from msgspec import Struct

from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.ranges import covered_by, free_blocks

Change = Literal["added", "removed", "moved", "widened", "narrowed"]


class Assignable(Struct, frozen=True, kw_only=True):
    """The addresses of a range that the cloud leaves to use."""

    count: int
    first: IPv4Address
    last: IPv4Address


class RangeChange(Struct, frozen=True, kw_only=True):
    """One range, or one environment's remote ranges, on both sides."""

    environment: str
    name: str
    change: Change
    old: tuple[IPv4Network, ...]
    new: tuple[IPv4Network, ...]
    old_assignable: Assignable | None = None
    new_assignable: Assignable | None = None
    """Nothing on a side without the range, and nothing for `remote`, of which no address is assigned."""

    @property
    def sizes(self) -> tuple[int, int]:
        """The number of addresses of its blocks before and after, with those that the cloud reserves."""
        return _size(self.old), _size(self.new)


class Space(Struct, frozen=True, kw_only=True):
    """What becomes of the addresses that an environment's peering routes to and no range uses."""

    environment: str
    freed: tuple[IPv4Network, ...]
    taken: tuple[IPv4Network, ...]


class Addresses(Struct, frozen=True, kw_only=True):
    """How two plans differ."""

    added: tuple[str, ...] = ()
    """Environments that come."""
    removed: tuple[str, ...] = ()
    """Environments that go."""
    ranges: tuple[RangeChange, ...] = ()
    spaces: tuple[Space, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.ranges or self.spaces)


def compare_addresses(before: AddressPlan | None, after: AddressPlan | None) -> Addresses:
    """Return how the plans differ; a side without a plan has no environments."""
    old = {environment.name: environment for environment in before.environments} if before else {}
    new = {environment.name: environment for environment in after.environments} if after else {}
    ranges = [change for name in sorted(old.keys() | new.keys()) for change in _ranges(old.get(name), new.get(name))]
    spaces = [space for name in sorted(old.keys() & new.keys()) for space in _space(old[name], new[name])]
    return Addresses(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        ranges=tuple(ranges),
        spaces=tuple(spaces),
    )


def _ranges(old: EnvironmentPlan | None, new: EnvironmentPlan | None) -> Iterator[RangeChange]:
    before, after = _blocks(old), _blocks(new)
    environment = new or old
    for name in dict.fromkeys([*after, *before]):
        old_blocks, new_blocks = before.get(name, ()), after.get(name, ())
        if environment and old_blocks != new_blocks:
            yield RangeChange(
                environment=environment.name,
                name=name,
                change=_change(old_blocks, new_blocks),
                old=old_blocks,
                new=new_blocks,
                old_assignable=_assignable(old, name),
                new_assignable=_assignable(new, name),
            )


def _assignable(environment: EnvironmentPlan | None, name: str) -> Assignable | None:
    planned = environment.range(name) if environment else None
    if environment is None or planned is None:
        return None
    first, last = planned.assignable_ends(environment.spec.cloud.kept_at_end)
    return Assignable(count=planned.assignable, first=first, last=last)


def _blocks(environment: EnvironmentPlan | None) -> dict[str, tuple[IPv4Network, ...]]:
    if environment is None:
        return {}
    return {**{r.name: (r.cidr,) for r in environment.ranges}, "remote": environment.remote}


def _change(old: Sequence[IPv4Network], new: Sequence[IPv4Network]) -> Change:
    if not old or not new:
        return "removed" if old else "added"
    if all(covered_by(block, new) for block in old):
        return "widened"
    return "narrowed" if all(covered_by(block, old) for block in new) else "moved"


def _space(old: EnvironmentPlan, new: EnvironmentPlan) -> Iterator[Space]:
    if old.remote == new.remote and [r.room for r in old.leaves] == [r.room for r in new.leaves]:
        return
    freed, taken = _without(new.free, old.free), _without(old.free, new.free)
    if freed or taken:
        yield Space(environment=new.name, freed=freed, taken=taken)


def _without(blocks: Iterable[IPv4Network], others: Sequence[IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return what is left of the blocks without the others, lowest first."""
    return tuple(sorted(rest for block in blocks for rest in free_blocks(block, others)))


def _size(blocks: Iterable[IPv4Network]) -> int:
    return sum(block.num_addresses for block in blocks)
