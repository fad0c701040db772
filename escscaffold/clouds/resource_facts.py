"""Facts by a resource's type: its words, what opens it to the internet, and what its provider answered.

A provider's answers say which change of an argument, or of the provider's own configuration, replaces a resource.
Facts name a resource by Terraform's type (`aws_subnet`), some resources of a type by what follows it
(`aws_subnet.pods`, `aws_subnet[*]`), and what has another type at each cloud or provider by its role (`peering`).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from msgspec import Struct, field

from escscaffold.clouds.fact_files import as_object, folder_table, tables_by_folder, template_root
from escscaffold.clouds.replacing import LAST_RANK, AffectedResource
from escscaffold.terraform.provider_facts import ProviderFacts, read_provider
from escscaffold.terraform.value_changes import Condition, Conditions

_FOLDER = "providers"
"""The folder of the templates with a file for each provider that was asked."""
_KURRENT = "kurrent"
_TYPE = re.compile(r"[\w-]+")


class ResourceWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """One type of resource."""

    is_: str
    """What it is, in words."""
    source: str
    """Where the provider declares it."""
    some: Mapping[str, str] = field(default_factory=dict)
    """Words for some resources of the type, by what follows the type in their name: `.pods`, `[*]`."""
    role: str = ""
    """What it is in an environment; nothing where no facts name it by that."""
    rank: int = LAST_RANK
    """How bad it is to lose it, 1 for the worst."""
    follows: bool = False
    """Whether it belongs to another resource, and is replaced with that as a matter of course."""


class RoleWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """What resources are in an environment, of whatever types."""

    is_: str
    rank: int = LAST_RANK
    everything: bool = False
    """Whether these are all resources of an environment, or all that bear its name."""


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


class ConfigurationArgument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One argument of a provider's configuration."""

    source: str
    answer: Literal["in place", "not known"] = "not known"
    unchanged: tuple[str, ...] = ()
    """Other arguments that have to be set, and the same on both sides, for the answer to hold."""
    reaches: tuple[str, ...] = ()
    """The arguments of resources that it sets: the answer holds where each resource changes them in place."""
    reason: str = ""
    """The reason where the answer does not hold; nothing for the reason of any argument."""


class ResourceFacts:
    """What is known of types of resources and of their providers, each kind of file read when it is first asked for."""

    def __init__(self) -> None:
        self._providers: dict[str, ProviderFacts] = {}

    @cached_property
    def words(self) -> Mapping[str, ResourceWords]:
        """What resources are called, by their type."""
        return {kind: words for table in self._words_by_folder.values() for kind, words in table.items()}

    @cached_property
    def _words_by_folder(self) -> Mapping[str, Mapping[str, ResourceWords]]:
        return {
            folder: {kind: as_object(ResourceWords, words) for kind, words in table.items()}
            for folder, table in tables_by_folder("resources.toml").items()
        }

    @cached_property
    def roles(self) -> Mapping[str, RoleWords]:
        """What resources are called by their role."""
        table = folder_table(_KURRENT, "roles.toml")
        return {role: as_object(RoleWords, words) for role, words in table.items()}

    def named(self, names: Iterable[str]) -> tuple[AffectedResource, ...]:
        """Return the resources that facts name so; raises KeyError for a name that no table has."""
        return tuple(self._named(name) for name in names)

    def in_words(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the words for the resources that facts name so."""
        return tuple(resource.words for resource in self.named(names))

    def _named(self, name: str) -> AffectedResource:
        if name in self.roles:
            of_role = self.roles[name]
            types = frozenset(kind for kind, words in self.words.items() if words.role == name)
            return AffectedResource(name, of_role.is_, types, name, of_role.rank, of_role.everything)
        kind = (_TYPE.match(name) or [""])[0]
        words = self.words[kind]
        text = words.is_ if name == kind else words.some[name.removeprefix(kind)]
        return AffectedResource(name, text, frozenset({kind}), words.role, words.rank)

    def at(self, address: str, kind: str) -> AffectedResource:
        """Return the resource at this address: its type where that has words, or else the address itself."""
        return self._named(kind) if kind in self.words else AffectedResource(address, address, frozenset({address}))

    def source_of(self, resources: Iterable[AffectedResource], cloud: str, provider: str) -> str:
        """Return where the first of these is declared that a cloud, or a provider for the Kurrent side, has a type for.

        Nothing where none of them has.
        """
        at_kurrent = {k: words for k, words in self._words_by_folder[_KURRENT].items() if k.startswith(provider)}
        by_type = {**at_kurrent, **self._words_by_folder.get(cloud, {})}
        return next((by_type[kind].source for resource in resources for kind in resource.types if kind in by_type), "")

    @cached_property
    def exposures(self) -> Mapping[str, tuple[Exposure, ...]]:
        """What lets addresses in, by the resource's type."""
        by_type: dict[str, tuple[Exposure, ...]] = {}
        for table in tables_by_folder("exposures.toml").values():
            for facts in table["exposures"]:
                exposure = as_object(Exposure, facts)
                by_type[exposure.type] = (*by_type.get(exposure.type, ()), exposure)
        return by_type

    @cached_property
    def conditions(self) -> Conditions:
        """The conditions of answers, by the resource's type and the argument's path."""
        return {
            kind: {path: as_object(Condition, facts) for path, facts in arguments.items()}
            for table in tables_by_folder("conditions.toml").values()
            for kind, arguments in table.items()
        }

    @cached_property
    def configurations(self) -> Mapping[str, Mapping[str, ConfigurationArgument]]:
        """The arguments of providers' configurations, by the provider's name and the argument's path."""
        return {
            provider: {path: as_object(ConfigurationArgument, facts) for path, facts in arguments.items()}
            for table in tables_by_folder("configurations.toml").values()
            for provider, arguments in table.items()
        }

    @cached_property
    def provider_sources(self) -> tuple[str, ...]:
        """The source of every provider that was asked, in alphabetical order."""
        folders = (f for f in template_root().joinpath(_FOLDER).iterdir() if f.is_dir())
        return tuple(
            sorted(
                f"{folder.name}/{file.name.removesuffix('.json')}"
                for folder in folders
                for file in folder.iterdir()
                if file.name.endswith(".json")
            )
        )

    def sets_of(self, kind: str) -> frozenset[str]:
        """Return the paths of those arguments of a resource type that are sets, as far as its provider was asked."""
        name = f"/{kind.partition('_')[0]}"
        providers = (self.provider(source) for source in self.provider_sources if source.endswith(name))
        sets = (facts.resources[kind].sets for facts in providers if facts and kind in facts.resources)
        return frozenset().union(*sets)

    def provider(self, source: str) -> ProviderFacts | None:
        """Return the answers of the provider with this source, such as `hashicorp/aws`; None where it was not asked.

        The source may have its registry's host before it, and any case: `registry.terraform.io/EventStore/...`.
        """
        *_, namespace, name = ("", *source.lower().split("/"))
        listed = f"{namespace}/{name}"
        # Only what is listed is opened: a source comes from a user's file and can contain anything.
        if listed not in self.provider_sources:
            return None
        if listed not in self._providers:
            file = template_root().joinpath(_FOLDER, namespace, f"{name}.json")
            self._providers[listed] = read_provider(file.read_bytes())
        return self._providers[listed]
