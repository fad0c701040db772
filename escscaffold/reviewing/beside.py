"""A real plan's actions beside what is said here of the same change. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from escscaffold.planning.plan import AddressPlan
from escscaffold.reviewing.impact import ENVIRONMENTS, Impact
from escscaffold.reviewing.reasons import CLUSTER
from escscaffold.reviewing.replacing import resource_facts
from escscaffold.reviewing.terraform_plan import RealAction, RealPlan

_LASTING = ("replace", "destroy")


class Comparison(Struct, frozen=True, kw_only=True):
    """One plan beside ours."""

    environment: str
    """The environment that the plan says it is of; nothing where it says none."""
    terraform: str
    """The version of Terraform that made it."""
    is_complete: bool
    is_known: bool
    """Whether there is such an environment on the new side; true where none is named."""
    other_ranges: tuple[str, ...]
    """The ranges that the plan was made with and the spec does not have so."""
    actions: tuple[RealAction, ...]
    only_terraform: tuple[str, ...]
    """What Terraform makes anew, or destroys, and is not said here; in words or by address."""
    only_here: tuple[str, ...]
    """What is said here to be made anew, or destroyed, and Terraform leaves alone, in words."""
    refused: tuple[str, ...]
    """Of what is said here: what Terraform would change in place, and the cloud refuses; why, in sentences."""

    @property
    def is_of_something_else(self) -> bool:
        """Whether it tells nothing certain of this change."""
        return not self.is_complete or not self.is_known or bool(self.other_ranges)


def compare_plan(real: RealPlan, told: Iterable[Impact], plan: AddressPlan | None) -> Comparison:
    """Return the plan beside what is told of its environment, or of all where it names none."""
    concerned = [impact for impact in told if _concerns(impact, real.environment)]
    ours = {_bare(thing): impact for impact in concerned for thing in impact.things}
    lasting = [action for action in real.actions if action.action in _LASTING]
    theirs = {_words(action) for action in lasting}
    # Where nothing else is made anew, there is nothing that these come along with.
    more = ({_words(action) for action in lasting if not _comes_along(action)} or theirs) - ours.keys()
    fewer = [thing for thing in ours if thing not in theirs]
    if any(thing.startswith("everything") for thing in ours):
        more, fewer = set(), []
    refused = {impact.refused: None for impact in concerned if impact.refused and CLUSTER in fewer}
    return Comparison(
        environment=real.environment,
        terraform=real.terraform,
        is_complete=real.is_complete,
        is_known=plan is None or not real.environment or real.environment in plan.spec.environments,
        other_ranges=_other_ranges(real, plan),
        actions=tuple(sorted(real.actions, key=lambda a: (a.action not in _LASTING, a.address))),
        only_terraform=tuple(sorted(more)),
        only_here=tuple(sorted(thing for thing in fewer if not (refused and thing == CLUSTER))),
        refused=tuple(refused),
    )


def _concerns(impact: Impact, environment: str) -> bool:
    """Return True if something that exists would be gone in this environment, or in any where it is not named."""
    named = not environment or environment == impact.environment
    return impact.is_lasting and (named or f"{ENVIRONMENTS}/{environment}" in impact.callers)


def _comes_along(action: RealAction) -> bool:
    """Return True for what is there for another thing, and made anew with that."""
    facts = resource_facts().get(action.type)
    return action.action == "replace" and (facts.follows if facts else action.follows)


def _other_ranges(real: RealPlan, plan: AddressPlan | None) -> tuple[str, ...]:
    one = next((one for one in plan.environments if one.name == real.environment), None) if plan else None
    if one is None:
        return ()
    ours = {planned.name: str(planned.cidr) for planned in one.ranges} | {"remote": ", ".join(map(str, one.remote))}
    return tuple(sorted(name for name in ours.keys() & real.ranges.keys() if ours[name] != real.ranges[name]))


def _words(action: RealAction) -> str:
    facts = resource_facts().get(action.type)
    return _bare(facts.is_) if facts else action.address


def _bare(thing: str) -> str:
    """Return the words in one form: "its subnets", "the pod subnet" and "the subnet" are the same."""
    if " " not in thing:
        return thing
    words = thing.removeprefix("the ").removeprefix("its ").removesuffix("s")
    return "the subnet" if words.endswith("subnet") else f"the {words}"


def sentences(plan: Comparison) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return what there is to say of it: sentences, and what each of them is about."""
    made = f"Terraform {plan.terraform}" if plan.terraform else "Terraform"
    said = [
        (not plan.is_known, "There is no such environment here", ()),
        (not plan.is_complete, "The plan is not complete: there may be more to come", ()),
        (bool(plan.other_ranges), "It was made with other ranges than the spec has", plan.other_ranges),
        (bool(plan.only_terraform), f"{made} also makes anew or destroys, untold above", plan.only_terraform),
        (bool(plan.only_here), f"{made} leaves alone what is told above", plan.only_here),
    ]
    found = [(sentence, about) for holds, sentence, about in said if holds]
    return found or [("It says the same as what is told above", ())]
