"""Takes environments through the steps of placing, each on a ground where nobody is in the way of himself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.facts import Cloud
from escscaffold.planning import phases
from escscaffold.planning.draft import Draft
from escscaffold.planning.freespace import FreeSpace
from escscaffold.planning.ground import Ground
from escscaffold.planning.placing import Crowds
from escscaffold.planning.requests import Request
from escscaffold.planning.surroundings import Surroundings

_EVERYTHING = IPv4Network("0.0.0.0/0")


class Phase(Struct, frozen=True, kw_only=True):
    """A step that all environments take before any takes the next."""

    place: Callable[[Draft, Surroundings], None]
    is_for: Callable[[Draft], bool]
    holders_are_taken: bool = True
    remote_is_taken: bool = False


def _lacks(kind: Callable[[Draft, Request], bool]) -> Callable[[Draft], bool]:
    """Return whether a draft has a range of this kind without a place."""
    return lambda draft: bool(draft.unplaced(lambda request: kind(draft, request)))


# The ranges that need a common supernet come first, in every environment: the others fit anywhere.
PHASES = (
    Phase(place=phases.keep_room, is_for=phases.wants_room),
    Phase(place=phases.resize, is_for=_lacks(lambda _, r: r.before is not None)),
    Phase(place=phases.keep_room, is_for=phases.wants_room),
    Phase(place=phases.place_holders, is_for=_lacks(Draft.holds_others)),
    Phase(place=phases.place_covered, is_for=_lacks(lambda _, r: r.facts.covered)),
    Phase(place=phases.place_inside, is_for=_lacks(lambda _, r: bool(r.facts.inside)), holders_are_taken=False),
    Phase(place=phases.place_apart, is_for=_lacks(lambda _, r: not r.facts.inside), remote_is_taken=True),
)


class Placement:
    """For each cloud the ground that its environments are placed on, and what was learned of it."""

    def __init__(
        self,
        never: Iterable[IPv4Network],
        clouds: Iterable[Cloud],
        *,
        hidden_repeat: bool = True,
        taken: Sequence[IPv4Network] = (),
        kept: Mapping[str, Sequence[IPv4Network]] | None = None,
    ) -> None:
        """Begin with grounds on which nothing is taken but what nobody may have.

        With `hidden_repeat`, hidden ranges may repeat what others have, where nothing else is left.
        What others have (`taken`), hidden ranges may repeat likewise.
        `kept` are blocks that an environment keeps the others off, whatever it has in there.
        """
        self._kept = kept or {}
        self._taken = tuple(taken)
        self._hidden_repeat = hidden_repeat
        self._never = tuple(never)
        self._grounds = {cloud.name: self._ground(cloud, self._taken) for cloud in clouds}
        self._least: dict[str, Ground] = {}
        self._crowds: dict[str, Crowds] = {name: {} for name in self._grounds}

    def hold(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep what an environment has, on the ground of every cloud, also where another one claimed it before."""
        held = list(blocks)
        for ground in self._grounds.values():
            ground.hold(environment, held)

    def claim(self, environment: str, blocks: Iterable[IPv4Network]) -> None:
        """Keep the blocks for an environment, on the ground of every cloud, as far as nobody else has them."""
        claimed = list(blocks)
        for ground in self._grounds.values():
            ground.claim(environment, claimed)

    def lift(self, environment: str) -> None:
        """Free what is kept for an environment."""
        for ground in self._grounds.values():
            ground.lift(environment)

    def take_step(self, draft: Draft, phase: Phase, apart: Iterable[IPv4Network] = ()) -> None:
        """Let a draft take a step on a ground where its own ranges are as the phase wants them.

        `apart` is what others will find taken or free that is not so now.
        """
        if not phase.is_for(draft):
            return
        name = draft.spec.name
        ground = self._grounds[draft.spec.cloud.name]
        ground.lift(name)
        ground.claim(name, draft.rooms.values() if phase.holders_are_taken else draft.leaf_rooms())
        ground.claim(name, draft.remote() if phase.remote_is_taken else ())
        # Hidden ranges are taken for nobody else, and what it routes to is free for nobody else.
        hidden = {*draft.rooms.values()} - {*draft.crossing_rooms()}
        around = Surroundings(
            free=ground.space,
            least=lambda: self._least_of(draft) if self._hidden_repeat else ground.space,
            apart=(*hidden, *draft.remote(), *apart),
            crowds=self._crowds[draft.spec.cloud.name],
            claim=lambda block: ground.claim(name, [block]),
        )
        phase.place(draft, around)
        self.lift(name)
        self.hold(name, draft.crossing_rooms())
        self.claim(name, (*draft.remote(), *self._kept.get(name, ())))

    def _ground(self, cloud: Cloud, taken: Iterable[IPv4Network] = ()) -> Ground:
        """Return the ground of a cloud before anything is placed on it."""
        return Ground(FreeSpace([_EVERYTHING], (*self._never, *taken, *(rule.cidr for rule in cloud.forbidden))))

    def _least_of(self, draft: Draft) -> FreeSpace:
        """Return the space in which only the draft's own ranges are taken, besides what nobody may have."""
        cloud = draft.spec.cloud
        if cloud.name not in self._least:
            self._least[cloud.name] = self._ground(cloud)
        ground = self._least[cloud.name]
        ground.lift_all()
        ground.claim(draft.spec.name, (*draft.rooms.values(), *draft.remote()))
        return ground.space
