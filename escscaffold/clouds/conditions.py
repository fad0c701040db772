"""Finds the conditions that each cloud's folder has: answers that no provider was asked about."""

from functools import cache

from escscaffold.clouds.location import template_root
from escscaffold.clouds.objects import as_object, read_table
from escscaffold.terraform.conditions import Condition, Conditions

_FACTS = "conditions.toml"


@cache
def load_conditions() -> Conditions:
    """Return all conditions, by the resource's type and the argument's path."""
    found: dict[str, dict[str, Condition]] = {}
    for folder in template_root().iterdir():
        file = folder.joinpath(_FACTS)
        for kind, arguments in read_table(file).items() if file.is_file() else ():
            found[kind] = {path: as_object(Condition, facts) for path, facts in arguments.items()}
    return found
