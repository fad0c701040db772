"""Plans a repository: keeps what is pinned or granted, then places the rest, environment by environment.

The same spec and the same grants give the same plan. What is wrong with a plan is for the
rules to say; a range without room stands in `unplaced`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network

from escscaffold.clouds.facts import Cloud
from escscaffold.planning import phases
from escscaffold.planning.draft import Draft
from escscaffold.planning.freespace import FreeSpace
from escscaffold.planning.ground import Ground
from escscaffold.planning.phases import Surroundings
from escscaffold.planning.placing import Crowds
from escscaffold.planning.plan import AddressPlan, Grants
from escscaffold.planning.requests import Request, requests_of
from escscaffold.spec.model import Spec

_EVERYTHING = IPv4Network("0.0.0.0/0")


@dataclass(frozen=True, kw_only=True)
class _Phase:
    """A step that all environments take before any takes the next."""

    place: Callable[[Draft, Surroundings], None]
    is_for: Callable[[Draft], bool]
    holders_are_taken: bool = True
    remote_is_taken: bool = False


def _lacks(kind: Callable[[Draft, Request], bool]) -> Callable[[Draft], bool]:
    """Return whether a draft has a range of this kind without a place."""
    return lambda draft: bool(draft.unplaced(lambda request: kind(draft, request)))


# The ranges that need a common supernet come first, in every environment: the others fit anywhere.
_PHASES = (
    _Phase(place=phases.keep_room, is_for=lambda draft: any(r.growth_bits and r.block for r in draft.requests)),
    _Phase(place=phases.resize, is_for=_lacks(lambda _, r: r.before is not None)),
    _Phase(place=phases.place_holders, is_for=_lacks(Draft.holds_others)),
    _Phase(place=phases.place_covered, is_for=_lacks(lambda _, r: r.facts.covered)),
    _Phase(place=phases.place_inside, is_for=_lacks(lambda _, r: bool(r.facts.inside)), holders_are_taken=False),
    _Phase(place=phases.place_apart, is_for=_lacks(lambda _, r: not r.facts.inside), remote_is_taken=True),
)


def plan_addresses(spec: Spec, granted: Grants | None = None) -> AddressPlan:
    """Return where every range of every environment lies.

    `granted` is where the last plan put them (the lock): such a range stays where it is, so that
    adding, removing or resizing one range never moves another.
    """
    return _Planning(spec, granted or Grants()).plan()


class _Planning:
    """The drafts of all environments, and for each cloud the ground that they are placed on."""

    def __init__(self, spec: Spec, granted: Grants) -> None:
        self._spec = spec
        # What comes back finds its old place.
        known = {**granted.retired, **granted.ranges}
        self._drafts = [
            Draft(spec=one, requests=requests_of(one, known), kept_remote=granted.routed.get(name, ()))
            for name, one in spec.environments.items()
        ]
        asked = {(draft.spec.name, r.name) for draft in self._drafts for r in draft.requests}
        self._retired = {key: block for key, block in granted.retired.items() if key not in asked}
        self._clouds = {one.cloud.name: one.cloud for one in spec.environments.values()}
        self._grounds = {name: self._ground(cloud) for name, cloud in self._clouds.items()}
        self._least: dict[str, Ground] = {}
        self._crowds: dict[str, Crowds] = {name: {} for name in self._clouds}

    def plan(self) -> AddressPlan:
        for draft in self._drafts:
            for request in draft.requests:
                if request.block is not None:
                    draft.put(request, request.block, request.block)
            self._claim(draft, draft.crossing_rooms())
        # What an environment has counts before what its peering merely takes along.
        for draft in self._drafts:
            self._claim(draft, draft.remote())
        for phase in _PHASES:
            for draft in self._drafts:
                if phase.is_for(draft):
                    self._take(draft, phase)
        environments = tuple(draft.planned() for draft in self._drafts)
        return AddressPlan(spec=self._spec, environments=environments, retired=self._retired)

    def _take(self, draft: Draft, phase: _Phase) -> None:
        """Let a draft take a step on a ground where its own ranges are as the phase wants them."""
        cloud = draft.spec.cloud.name
        ground = self._grounds[cloud]
        ground.lift(draft.spec.name)
        own = list(draft.rooms.values() if phase.holders_are_taken else draft.leaf_rooms())
        own += draft.remote() if phase.remote_is_taken else ()
        self._claim(draft, own, cloud)
        # Hidden ranges are taken for nobody else, and what it routes to is free for nobody else.
        apart = ({*draft.rooms.values()} - {*draft.crossing_rooms()}) | {*draft.remote()}
        around = Surroundings(
            free=ground.space,
            least=lambda: self._least_of(draft),
            apart=tuple(apart),
            crowds=self._crowds[cloud],
            claim=lambda block: ground.claim(draft.spec.name, [block]),
        )
        phase.place(draft, around)
        for other in self._grounds.values():
            other.lift(draft.spec.name)
        self._claim(draft, draft.claims())

    def _claim(self, draft: Draft, blocks: Iterable[IPv4Network], *clouds: str) -> None:
        claimed = list(blocks)
        for name in clouds or self._grounds:
            self._grounds[name].claim(draft.spec.name, claimed)

    def _ground(self, cloud: Cloud) -> Ground:
        """Return the ground of a cloud before anything is placed on it."""
        forbidden = (rule.cidr for rule in cloud.forbidden)
        return Ground(FreeSpace([_EVERYTHING], (*self._spec.reserved.values(), *self._retired.values(), *forbidden)))

    def _least_of(self, draft: Draft) -> FreeSpace:
        """Return the space in which only the draft's own ranges are taken, besides what nobody may have."""
        cloud = draft.spec.cloud
        if cloud.name not in self._least:
            self._least[cloud.name] = self._ground(cloud)
        ground = self._least[cloud.name]
        ground.lift(draft.spec.name)
        ground.claim(draft.spec.name, (*draft.rooms.values(), *draft.remote()))
        return ground.space
