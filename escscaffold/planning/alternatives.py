"""What would be right instead: one range put elsewhere, with what is pinned or granted left where it is."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

from msgspec.structs import replace

from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, Granted
from escscaffold.planning.draft import Draft
from escscaffold.planning.placement import PLACEMENT_STEPS, Placement
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.ranges import BlockIndex
from escscaffold.spec.model import EnvironmentSpec, RangeRequest, Reference, Spec

_REPLANNED = 2_000
"""How many environments may be planned again, in all, to know what fixes bring."""
_OTHERS = ""
"""The name for which those claims are kept that a lifted environment shares with others."""


class Alternatives:
    """A finished plan in which one environment at a time is planned again, and restored.

    Each costs no more than one environment does, however many stand around it.
    """

    def __init__(self, plan: AddressPlan) -> None:
        self._plan = plan
        self._replans_left = _REPLANNED
        # An environment is tried on its own cloud's ground alone: the others' are as they were once it is put back.
        clouds = {environment.spec.cloud.name: environment.spec.cloud for environment in plan.environments}
        self._placements = {name: self._placement(cloud) for name, cloud in clouds.items()}
        self._claims = BlockIndex(
            [(block, (environment.name, block)) for environment in plan.environments for block in _claims(environment)]
        )
        self._reserved = BlockIndex([(block, (name, block)) for name, block in plan.spec.reserved.items()])
        self._retired = BlockIndex([(block, (key, block)) for key, block in plan.retired.items()])
        self._ipam_prefixes = BlockIndex([(prefix.cidr, prefix) for prefix in plan.ipam_prefixes])
        self._ranges = BlockIndex(
            [
                (block, (environment.name, name, block))
                for environment in plan.environments
                for name, block in _crossing(environment).items()
            ]
        )

    def _placement(self, cloud: Cloud) -> Placement:
        unusable = (*self._plan.spec.reserved.values(), *self._plan.retired.values())
        occupied = [prefix.cidr for prefix in self._plan.ipam_prefixes]
        # A suggested block must be free of everything else, so nothing repeats.
        placement = Placement(unusable, [cloud], hidden_repeat=False, occupied=occupied)
        for environment in self._plan.environments:
            placement.hold(environment.name, _crossing(environment).values())
        for environment in self._plan.environments:
            placement.claim(environment.name, environment.remote)
        return placement

    def without_place(
        self, environment: str, range_name: str, prefix_length: int, proposed: Mapping[str, IPv4Network]
    ) -> AddressPlan:
        """Return a plan of that environment alone, as if only the size of the range were given.

        What is inside the range moves with it. It stays off the places that are `proposed` for
        other ranges, so that all proposals can be followed together, and off what others route to.
        What it runs into is in the spec as reserved blocks, ranges of other environments too.
        """
        before = self._plan.environment(environment)
        draft = _draft(before, _by_size(before, range_name, prefix_length), range_name)
        self._place(draft, before, _promised(before, range_name, proposed), exclusive=_claims(before))
        return self._alone(draft.planned())

    def with_place(
        self, environment: str, range_name: str, block: IPv4Network, proposed: Mapping[str, IPv4Network]
    ) -> AddressPlan:
        """Return a plan of that environment alone with the range in a place that was found for it, as if written down.

        What has only a size may lie elsewhere then, even the network that the place was found in.
        """
        before = self._plan.environment(environment)
        moved = _by_size(before, range_name, block.prefixlen)
        pinned = replace(moved.ranges[range_name], block=block, prefix_length=None)
        draft = _draft(before, replace(moved, ranges={**moved.ranges, range_name: pinned}), range_name)
        self._place(draft, before, _promised(before, range_name, proposed), exclusive=())
        return self._alone(draft.planned())

    def replanned(self, changed: EnvironmentPlan) -> EnvironmentPlan | None:
        """Return the environment as a plan of the whole repository has it with the changed spec; None where unknown.

        What is placed for the environment, and for others, may then lie elsewhere than it was tried.
        Each such plan costs as much as the first one, so there are as many as a fixed number of environments allows.
        """
        if self._has_fixed_routes(changed):
            return changed
        if self._replans_left < len(self._plan.environments):
            return None
        self._replans_left -= len(self._plan.environments)
        environments = {**self._plan.spec.environments, changed.name: changed.spec}
        spec = replace(self._plan.spec, environments=environments)
        return plan_addresses(spec, self._plan.granted).environment(changed.name)

    def _has_fixed_routes(self, changed: EnvironmentPlan) -> bool:
        """Return True if nothing that is still to be placed decides what the peering routes to."""
        return bool(changed.spec.remote) or all(
            r.origin in ("pinned", "locked", "implied") and changed.spec.ranges.get(r.name, RangeRequest()).growth == 1
            for r in changed.covered
        )

    def _place(
        self,
        draft: Draft,
        before: EnvironmentPlan,
        promised: Sequence[IPv4Network],
        *,
        exclusive: Sequence[IPv4Network],
    ) -> None:
        """Place the draft where the environment was, and leave the ground as it was found."""
        name, claimed = before.name, _claims(before)
        placement = self._placements[before.spec.cloud.name]
        placement.lift(name)
        shared = [b for block in claimed for other, b in self._claims.overlapping(block) if other != name]
        placement.claim(_OTHERS, (*shared, *promised))
        placement.hold(name, draft.crossing_rooms())
        placement.claim(name, draft.remote())
        for step in PLACEMENT_STEPS:
            placement.take_step(draft, step, exclusive=(*exclusive, *promised, *draft.rooms.values()))
        placement.lift(name)
        placement.lift(_OTHERS)
        placement.hold(name, _crossing(before).values())
        placement.claim(name, before.remote)

    def _shares(self, environment: EnvironmentPlan, other: str) -> bool:
        """Return True if both are on the same Kurrent network."""
        return environment.spec.kurrent_network == self._plan.environment(other).spec.kurrent_network

    def _alone(self, environment: EnvironmentPlan) -> AddressPlan:
        """Return a plan of one environment, with as much of what stands around it as it runs into."""
        blocks = [r.cidr for r in environment.ranges]
        reserved = {name: b for block in blocks for name, b in self._reserved.overlapping(block)}
        for block in blocks:
            for other, range_name, held in self._ranges.overlapping(block):
                shared = range_name == "kurrent" and self._shares(environment, other)
                if other != environment.name and not shared:
                    reserved[f"{other} {range_name}"] = held
        retired: Granted = {key: b for block in blocks for key, b in self._retired.overlapping(block)}
        spec = Spec(
            provider=self._plan.spec.provider,
            reserved=reserved,
            environments={environment.name: environment.spec},
            facts=self._plan.spec.facts,
        )
        prefixes = dict.fromkeys(t for b in (*blocks, *environment.remote) for t in self._ipam_prefixes.overlapping(b))
        return AddressPlan(spec=spec, environments=(environment,), retired=retired, ipam_prefixes=tuple(prefixes))


def _draft(before: EnvironmentPlan, changed: EnvironmentSpec, range_name: str) -> Draft:
    """Return a draft in which what was granted stays, but for the range and what is inside it."""
    granted = {
        Reference(before.name, r.name): r.cidr
        for r in before.ranges
        if r.origin == "locked" and range_name not in (r.name, r.facts.inside)
    }
    return Draft.begin(changed, granted, before.kept_remote)


def _promised(before: EnvironmentPlan, range_name: str, proposed: Mapping[str, IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return what is proposed for ranges that do not hold this one, or lie in it."""
    related = {range_name, *(r.name for r in before.held_by(range_name)), _inside(before.spec.mode, range_name)}
    return tuple(block for name, block in proposed.items() if name not in related)


def _by_size(before: EnvironmentPlan, range_name: str, prefix_length: int) -> EnvironmentSpec:
    """Return what is asked for with the range given by its size alone, and what is inside it, too."""
    requested = before.spec.ranges
    sizes = {r.name: r.cidr.prefixlen for r in before.held_by(range_name) if r.name in requested}
    sizes[range_name] = prefix_length
    moved = {
        name: replace(requested.get(name, RangeRequest()), block=None, prefix_length=length)
        for name, length in sizes.items()
    }
    return replace(before.spec, ranges={**requested, **moved})


def _crossing(environment: EnvironmentPlan) -> dict[str, IPv4Network]:
    return {r.name: r.room for r in environment.ranges if not r.hidden}


def _claims(environment: EnvironmentPlan) -> tuple[IPv4Network, ...]:
    """Return what the environment keeps others off."""
    return (*_crossing(environment).values(), *environment.remote)


def _inside(mode: Mode, range_name: str) -> str:
    facts = mode.facts_of(range_name)
    return facts.inside if facts else ""


def same_size(environment: EnvironmentPlan, range_name: str) -> tuple[int, ...]:
    """Return the range's prefix length as the only size to look for, or nothing where it has no place."""
    planned = environment.range(range_name)
    return (planned.cidr.prefixlen,) if planned else ()
