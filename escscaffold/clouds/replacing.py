"""What it takes to let Terraform replace a thing, and what can be done instead: facts, each with its source."""

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import Any

from msgspec import Struct, field

from escscaffold.clouds.choices import OptionValue, option_word
from escscaffold.clouds.fact_files import as_object, folder_table

_KURRENT = "kurrent"
LAST_RANK = 9
ENVIRONMENT, NAMED = "environment", "name"
"""The roles of all resources of an environment, and of all that bear its name."""
CLUSTER, DATABASE, NODE_POOL, SUBNET = "cluster", "database", "node-pool", "subnet"
"""Roles that each cloud, or each provider of the Kurrent side, has a type for."""


class AffectedResource(Struct, frozen=True):
    """A resource, or resources of one name in the facts, that a change replaces, destroys or cuts off."""

    name: str
    """As facts name it, or the address of a resource whose type has no words."""
    words: str
    types: frozenset[str] = frozenset()
    """Terraform's types that it can have; its own address where its type has no words."""
    role: str = ""
    rank: int = LAST_RANK
    everything: bool = False

    def __str__(self) -> str:
        return self.words


class Work(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has to be done before and after something is replaced; nothing where there is nothing to do."""

    what: frozenset[str]
    """Names or roles of resources."""
    before: str
    after: str = ""


class ModuleResources(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a module of the cloud creates, which another mode with another module removes."""

    part: str
    """The part that it creates."""
    replaces: tuple[str, ...]
    """Resources that are removed or replaced with it."""


class ModeStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one mode that takes the place of others."""

    before: tuple[str, ...] = ()
    after: str = ""
    in_place: bool = False
    """Whether the new mode's modules take over what the old ones made."""
    instead: str = ""
    """What makes the change in place, though Terraform may replace something."""
    source: str = ""


class UnlearnedFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change in place of which the other side of the peering learns nothing."""

    text: str
    steps: tuple[str, ...]
    source: str


class Impossible(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a change of a range fails while the cluster exists."""

    text: str
    source: str
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """An option and its values under which it does; nothing where it always does."""


class ReplacementFacts:
    """The facts on replacements, each folder's file read when it is first asked for."""

    def __init__(self) -> None:
        self._modules: dict[str, Mapping[str, ModuleResources]] = {}

    @cached_property
    def work(self) -> tuple[Work, ...]:
        """What has to be done before and after a replacement, in the order in which it is to be done."""
        return tuple(as_object(Work, facts) for facts in _facts(_KURRENT)["work"])

    def module_resources(self, cloud: str) -> Mapping[str, ModuleResources]:
        """Return what the cloud's modules create, by the module; without those whose removal loses nothing."""
        if cloud not in self._modules:
            tables = _facts(cloud).get("modules", {})
            self._modules[cloud] = {name: as_object(ModuleResources, facts) for name, facts in tables.items()}
        return self._modules[cloud]

    def step_between(self, cloud: str, before: str, after: str) -> ModeStep:
        """Return what is known of this change of a mode; an empty one where nothing is."""
        steps = (as_object(ModeStep, facts) for facts in _facts(cloud).get("mode_change", ()))
        return next((step for step in steps if before in step.before and step.after == after), ModeStep())

    def unlearned(self, cloud: str, range_name: str) -> UnlearnedFacts | None:
        """Return what the peering does not learn of a range that changes in place; None where it learns all."""
        facts = _facts(cloud).get("unlearned", {}).get(range_name)
        return as_object(UnlearnedFacts, facts) if facts else None

    def lost_with(self, cloud: str) -> Mapping[str, str]:
        """Return what data or addresses are lost with a resource that is destroyed, in words, by its type."""
        lost: Mapping[str, str] = _facts(cloud).get("lost_with", {})
        return lost

    def impossible(self, cloud: str, mode: str, range_name: str, options: Mapping[str, OptionValue]) -> str:
        """Return why a change of this range fails while the cluster exists; nothing where it does not."""
        facts = _facts(cloud).get("impossible", {}).get(mode, {}).get(range_name)
        fact = as_object(Impossible, facts) if facts else None
        if fact is None or any(option_word(options[name]) not in values for name, values in fact.only_with.items()):
            return ""
        return fact.text

    def instead(self, cloud: str, mode: str, range_name: str) -> str:
        """Return what can be done instead of a change of this range; nothing where that is not known."""
        of_mode: Mapping[str, str] = _facts(cloud).get("instead", {}).get(mode, {})
        everywhere: Mapping[str, str] = _facts(_KURRENT)["instead"]
        return of_mode.get(range_name, everywhere.get(range_name, ""))


@cache
def _facts(folder: str) -> dict[str, Any]:
    return folder_table(folder, "impact.toml")


def types_of(affected: Iterable[AffectedResource]) -> frozenset[str]:
    """Return the types of all of these resources."""
    return frozenset(kind for resource in affected for kind in resource.types)
