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


class PathPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part of a whole path that names something: the first group of a pattern."""

    pattern: str


class AdoptionFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one cloud's folder says."""

    imports: tuple[ImportForm, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    """Patterns whose first group is a part of a value."""
    variables: Mapping[str, bool] = field(default_factory=dict)
    """Variables of the environment that have another value where a peering exists already."""
    existing: Mapping[str, PathPart] = field(default_factory=dict)
    """Further names of the network, each a part of its path."""


@cache
def adoption_facts(cloud: str) -> AdoptionFacts:
    """Return what a cloud's folder says; nothing of a cloud without facts."""
    return as_object(AdoptionFacts, folder_table(cloud, "adoption.toml"))
