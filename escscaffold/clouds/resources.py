"""What resources are called in words, by their type: facts that the folder of each cloud has."""

from collections.abc import Iterable, Mapping
from functools import cache

from msgspec import Struct

from escscaffold.clouds.loading import cloud_names
from escscaffold.clouds.location import template_root
from escscaffold.clouds.objects import as_object, read_table

_FACTS = "resources.toml"
_WORST = ("everything", "database", "Kurrent project", "Kurrent network", "cluster", "network", "VPC", "VNet", "subnet")
"""Words for what is worst to lose, the worst first; a peering, a node group and the rest come after."""


class ResourceWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """One type of resource."""

    is_: str
    """What it is, in words."""
    source: str
    """Where the provider declares it."""
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


def badness(things: Iterable[str]) -> int:
    """Return how bad it is to lose all of these, 0 for the worst."""
    ranks = [rank for words in things for rank, word in enumerate(_WORST) if word in words]
    return min(ranks, default=len(_WORST))


@cache
def _tables() -> Mapping[str, Mapping[str, ResourceWords]]:
    files = {folder.name: folder.joinpath(_FACTS) for folder in template_root().iterdir()}
    tables = {name: read_table(file) for name, file in files.items() if file.is_file()}
    return {
        name: {kind: as_object(ResourceWords, words) for kind, words in table.items()} for name, table in tables.items()
    }
