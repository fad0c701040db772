"""What a changed argument of a resource makes Terraform replace: facts that every cloud's folder has."""

from collections.abc import Iterable, Mapping
from functools import cache
from ipaddress import IPv4Network

from msgspec import Struct, field

from escscaffold.clouds.loading import cloud_names
from escscaffold.clouds.location import template_root
from escscaffold.clouds.objects import as_object, read_table
from escscaffold.reviewing.items import Written

_FACTS = "replacing.toml"

_WORST = ("everything", "database", "Kurrent project", "Kurrent network", "cluster", "network", "VPC", "VNet", "subnet")
"""Words for what is worst to lose, the worst first; a peering, a node group and the rest come after."""


class ResourceFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """What is known of one type of resource."""

    is_: str
    """What it is, in words."""
    arguments: tuple[str, ...]
    """Those that cannot change in place."""
    source: str
    besides: tuple[str, ...] = ()
    """What is made anew with it, in words."""
    widens_in_place: tuple[str, ...] = ()
    """Those of the arguments that change in place where the new range holds the old one."""
    added_in_place: tuple[str, ...] = ()
    """Those that are added in place, and replaced by another value."""
    in_place_to: Mapping[str, str] = field(default_factory=dict)
    """Those that change in place to this value, and to no other."""
    follows: bool = False
    """Whether it is there for another thing, and made anew with that as a matter of course."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """What is made anew, in words."""
        return (self.is_, *self.besides)

    def forces(self, argument: str, old: Written | None, new: Written | None) -> bool:
        """Return True if a change of this argument is not made in place."""
        # Without the keys of repeated blocks: ingress[...] is ingress.
        name = argument.partition("[")[0]
        if not any(name == one or name.startswith(f"{one}.") for one in self.arguments):
            return False
        if name in self.widens_in_place:
            return not widens(old, new)
        if name in self.added_in_place and _is_null(old):
            return False
        return name not in self.in_place_to or new is None or new.text != f'"{self.in_place_to[name]}"'


@cache
def resource_facts() -> Mapping[str, ResourceFacts]:
    """Return what is known, by the resource's type."""
    return {kind: facts for table in _tables().values() for kind, facts in table.items()}


def source_of(replaces: Iterable[str], cloud: str, provider: str) -> str:
    """Return where it is written that the first of these, in words, is made anew at this cloud.

    `provider` is the one for the Kurrent side. Nothing where that is not known.
    """
    tables = _tables()
    at_cloud = {facts.is_: facts.source for facts in tables.get(cloud, {}).values()}
    at_kurrent = {
        facts.is_: facts.source
        for folder in tables.keys() - set(cloud_names())
        for kind, facts in tables[folder].items()
        if kind.startswith(provider)
    }
    known = at_kurrent | at_cloud
    return next((known[words] for words in replaces if words in known), "")


def badness(replaces: Iterable[str]) -> int:
    """Return how bad it is to replace all of these, 0 for the worst."""
    ranks = [rank for words in replaces for rank, word in enumerate(_WORST) if word in words]
    return min(ranks, default=len(_WORST))


@cache
def _tables() -> Mapping[str, Mapping[str, ResourceFacts]]:
    files = {folder.name: folder.joinpath(_FACTS) for folder in template_root().iterdir()}
    tables = {name: read_table(file) for name, file in files.items() if file.is_file()}
    return {
        name: {kind: as_object(ResourceFacts, facts) for kind, facts in table.items()} for name, table in tables.items()
    }


def _is_null(side: Written | None) -> bool:
    return side is None or side.text in ("null", '""')


def widens(old: Written | None, new: Written | None) -> bool:
    """Return True if both are CIDR blocks and the new one holds the old one."""
    try:
        before, after = (IPv4Network(side.text.strip('"')) for side in (old, new) if side is not None)
    except ValueError:
        return False
    return before.subnet_of(after)
