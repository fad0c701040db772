"""What it takes to let Terraform replace a thing, and what can be done instead: facts, each with its source."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from escscaffold.clouds.location import template_root
from escscaffold.clouds.objects import as_object, read_table

_KURRENT = "kurrent"


class Work(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has to be done before and after something is replaced; nothing where there is nothing to do."""

    what: frozenset[str]
    before: str
    after: str = ""


@cache
def work_of_replacing() -> tuple[Work, ...]:
    """Return all work, in the order in which it is to be done."""
    return tuple(as_object(Work, one) for one in _facts(_KURRENT)["work"])


def instead_of(cloud: str, mode: str, range_name: str) -> str:
    """Return what can be done instead of a change of this range; nothing where that is not known."""
    of_mode: Mapping[str, str] = _facts(cloud).get("instead", {}).get(mode, {})
    everywhere: Mapping[str, str] = _facts(_KURRENT)["instead"]
    return of_mode.get(range_name, everywhere.get(range_name, ""))


@cache
def _facts(folder: str) -> dict[str, Any]:
    file = template_root().joinpath(folder, "impact.toml")
    return read_table(file) if file.is_file() else {}
