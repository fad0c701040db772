"""Which arguments of resources open something to every address of the internet: facts that each cloud's folder has."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct, field

from escscaffold.clouds.location import template_root
from escscaffold.clouds.objects import as_object, read_table

_FACTS = "exposures.toml"


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
    for folder in sorted(template_root().iterdir(), key=lambda folder: folder.name):
        file = folder.joinpath(_FACTS)
        for table in read_table(file)["exposures"] if file.is_file() else ():
            exposure = as_object(Exposure, table)
            found[exposure.type] = (*found.get(exposure.type, ()), exposure)
    return found
