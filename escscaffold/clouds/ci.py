"""Where a repository can be checked in CI, as data."""

import tomllib
from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from escscaffold.clouds.location import template_root


class CiService(Struct, frozen=True, kw_only=True):
    """One service that runs the checks; its files are a folder of templates by its name."""

    name: str
    title: str
    source: str
    """What describes the file that it reads."""


@cache
def load_ci() -> Mapping[str, CiService]:
    """Read the services; the first is the default."""
    text = template_root().joinpath("repository", "_ci.toml").read_text(encoding="utf-8")
    return {name: CiService(name=name, **facts) for name, facts in tomllib.loads(text).items()}
