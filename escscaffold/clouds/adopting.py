"""What of a peering that exists an environment takes over: facts that each cloud's folder has."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct, field

from escscaffold.clouds.fact_files import as_object, folder_table


class ImportForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a resource is imported: `{argument}` stands for its value, `{argument.part}` for a part of that."""

    type: str
    to: str
    """Its address in the environment."""
    key: str = ""
    """The key of its instance there; nothing where there is one."""
    id: str
    name_prefix: str = ""
    """What its name begins with in the environment; another name replaces it."""
    holds: Mapping[str, str] = field(default_factory=dict)
    """Arguments and a value that one of them must have: others of the type have another purpose."""
    refers_to: Mapping[str, str] = field(default_factory=dict)
    """Arguments that name one that is imported, each with the attribute of that one."""


class PathPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part of a whole path that names something: the first group of a pattern."""

    pattern: str


class NetworkSetting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key of the environment that an argument of the network answers."""

    key: str
    argument: str
    values: Mapping[str, str]
    """The key's value for each of the argument's."""


class AdoptionFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one cloud's folder says."""

    imports: tuple[ImportForm, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    """Patterns whose first group is a part of a value."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Keys of the environment that have this value where a peering exists already."""
    network_settings: tuple[NetworkSetting, ...] = ()
    existing: Mapping[str, PathPart] = field(default_factory=dict)
    """Further names of the network, each a part of its path."""


@cache
def adoption_facts(cloud: str) -> AdoptionFacts:
    """Return what a cloud's folder says; nothing of a cloud without facts."""
    return as_object(AdoptionFacts, folder_table(cloud, "adoption.toml"))
