"""Where a repository can be checked in CI, as data."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from escscaffold.clouds.location import template_root
from escscaffold.clouds.objects import as_object, named, read_table


class CiService(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service that runs the checks; its files are a folder of templates by its name."""

    name: str
    title: str
    source: str
    """What describes the file that it reads."""


@cache
def load_ci() -> Mapping[str, CiService]:
    """Read the services; the first is the default."""
    tables = named(read_table(template_root().joinpath("repository", "_ci.toml")))
    return {name: as_object(CiService, facts) for name, facts in tables.items()}
