"""Facts by a resource's type: its words, what opens it to the internet, and what its provider answered.

A provider's answers say which change of an argument, or of the provider's own configuration, replaces a resource.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from msgspec import Struct, field

from escscaffold.clouds.fact_files import as_object, cloud_names, tables_by_folder, template_root
from escscaffold.terraform.provider_facts import ProviderFacts, read_provider
from escscaffold.terraform.value_changes import Condition, Conditions

_FOLDER = "providers"
"""The folder of the templates with a file for each provider that was asked."""
EVERYTHING = "everything"
"""The first word of what is worst to lose: everything in an environment, or everything that bears a name."""
_LAST_RANK = 9


class ResourceWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """One type of resource."""

    is_: str
    """What it is, in words."""
    source: str
    """Where the provider declares it."""
    also: tuple[str, ...] = ()
    """Further words for some resources of the type, such as one that a mode has besides the usual ones."""
    rank: int = _LAST_RANK
    """How bad it is to lose it, 1 for the worst."""
    follows: bool = False
    """Whether it belongs to another resource, and is replaced with that as a matter of course."""


@cache
def resource_words() -> Mapping[str, ResourceWords]:
    """Return what is known, by the resource's type."""
    return {kind: words for table in _tables().values() for kind, words in table.items()}


def source_of(things: Iterable[str], cloud: str, provider: str) -> str:
    """Return where the provider declares the first of these, in words, that is known at this cloud.

    `provider` is the one for the Kurrent side. Nothing where that is not known.
    """
    tables = _tables()
    at_cloud = {words.is_: words.source for words in tables.get(cloud, {}).values()}
    at_kurrent = {
        words.is_: words.source
        for folder in tables.keys() - set(cloud_names())
        for kind, words in tables[folder].items()
        if kind.startswith(provider)
    }
    known = at_kurrent | at_cloud
    return next((known[words] for words in things if words in known), "")


@cache
def types_by_words() -> Mapping[str, frozenset[str]]:
    """Return the types of resources that are called so, at any cloud and with any provider."""
    found: dict[str, set[str]] = {}
    for kind, words in resource_words().items():
        for text in (words.is_, *words.also):
            found.setdefault(text, set()).add(kind)
    return {text: frozenset(kinds) for text, kinds in found.items()}


def types_of(things: Iterable[str]) -> frozenset[str]:
    """Return the types of these in words; what has no words is named by its address, which stands for itself."""
    known = types_by_words()
    return frozenset(kind for thing in things for kind in known.get(thing, (thing,)))


def badness(things: Iterable[str]) -> int:
    """Return how bad it is to lose all of these, 0 for the worst."""
    ranks = [0 if thing.startswith(EVERYTHING) else _rank(thing) for thing in things]
    return min(ranks, default=_LAST_RANK)


def _rank(thing: str) -> int:
    words = resource_words()
    return min((words[kind].rank for kind in types_by_words().get(thing, ())), default=_LAST_RANK)


@cache
def _tables() -> Mapping[str, Mapping[str, ResourceWords]]:
    return {
        folder: {kind: as_object(ResourceWords, words) for kind, words in table.items()}
        for folder, table in tables_by_folder("resources.toml").items()
    }


class Exposure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One argument that lets addresses in."""

    type: str
    """The resource's type."""
    argument: str
    """With dots, through nested blocks and their lists."""
    opens: str
    """What is opened, in words."""
    source: str
    when: Mapping[str, str] = field(default_factory=dict)
    """Other arguments, by their values, without which nothing is opened."""
    closed_by: Mapping[str, str] = field(default_factory=dict)
    """Other arguments, by their values, with which nothing is open."""
    unset_is_open: bool = False
    """Whether every address is let in where the argument has no value."""


@cache
def exposures_by_type() -> Mapping[str, tuple[Exposure, ...]]:
    """Return what is known, by the resource's type."""
    found: dict[str, tuple[Exposure, ...]] = {}
    for table in tables_by_folder("exposures.toml").values():
        for facts in table["exposures"]:
            exposure = as_object(Exposure, facts)
            found[exposure.type] = (*found.get(exposure.type, ()), exposure)
    return found


@cache
def load_conditions() -> Conditions:
    """Return all conditions, by the resource's type and the argument's path."""
    return {
        kind: {path: as_object(Condition, facts) for path, facts in arguments.items()}
        for table in tables_by_folder("conditions.toml").values()
        for kind, arguments in table.items()
    }


def load_provider(source: str) -> ProviderFacts | None:
    """Return the answers of the provider with this source, such as `hashicorp/aws`; None where it was not asked.

    The source may have its registry's host before it, and any case: `registry.terraform.io/EventStore/eventstorecloud`.
    """
    *_, namespace, name = ("", *source.lower().split("/"))
    return _load(namespace, name)


@cache
def provider_sources() -> tuple[str, ...]:
    """Return the source of every provider that was asked, in alphabetical order."""
    folders = (f for f in template_root().joinpath(_FOLDER).iterdir() if f.is_dir())
    return tuple(
        sorted(
            f"{folder.name}/{file.name.removesuffix('.json')}"
            for folder in folders
            for file in folder.iterdir()
            if file.name.endswith(".json")
        )
    )


@cache
def _load(namespace: str, name: str) -> ProviderFacts | None:
    # Only what is listed is opened: a source is what somebody wrote, and may hold anything.
    if f"{namespace}/{name}" not in provider_sources():
        return None
    return read_provider(template_root().joinpath(_FOLDER, namespace, f"{name}.json").read_bytes())


class ConfigurationArgument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One argument of a provider's configuration."""

    source: str
    answer: Literal["in place", "not known"] = "not known"
    unchanged: tuple[str, ...] = ()
    """Other arguments that have to be set, and the same on both sides, for the answer to hold."""
    reason: str = ""
    """What is to be said where the answer does not hold; nothing for what is said of any argument."""


@cache
def configuration_arguments() -> Mapping[str, Mapping[str, ConfigurationArgument]]:
    """Return what is known, by the provider's name and the argument's path."""
    return {
        provider: {path: as_object(ConfigurationArgument, facts) for path, facts in arguments.items()}
        for table in tables_by_folder("configurations.toml").values()
        for provider, arguments in table.items()
    }
