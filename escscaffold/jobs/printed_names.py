"""Names as output prints them (`prod.pods`) and the keys of the spec that they mean (`prod.ranges.pods`)."""

from collections.abc import Mapping
from typing import Any

from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.spec.environments import ENVIRONMENT_KEYS
from escscaffold.spec.reading import TOP_KEYS
from escscaffold.spec.toml_text import KeyPath

_OF_EVERY_MODE = ("kurrent", "remote")


def is_range_of(name: str, table: Mapping[str, Any]) -> bool:
    """Whether an environment's table can have a range of this name, as far as its mode is known.

    >>> is_range_of("pods", {"mode": "gke-standard"}), is_range_of("region", {"mode": "gke-standard"})
    (True, False)
    """
    if name in ENVIRONMENT_KEYS:
        return False
    own, mode = table.get("ranges"), table.get("mode")
    if name in _OF_EVERY_MODE or (isinstance(own, Mapping) and name in own):
        return True
    if not isinstance(mode, str) or mode not in mode_names():
        return False
    facts = load_cloud(mode_names()[mode]).modes[mode]
    found = facts.facts_of(name)
    # Where a person may name ranges, any name is one: a misspelled key would become it.
    return found is not None and found.name in facts.ranges


def own_path(path: KeyPath, environment: str, table: Mapping[str, Any]) -> KeyPath:
    """Return the key below the environment that a name means, with or without the environment's name before it.

    >>> own_path(("prod", "pods"), "prod", {"mode": "gke-standard"})
    ('ranges', 'pods')
    """
    if path[:2] == ("environments", environment) and len(path) > 2:
        path = path[2:]
    elif path[0] == environment and len(path) > 1 and environment not in (*ENVIRONMENT_KEYS, *TOP_KEYS):
        path = path[1:]
    return ("ranges", *path) if is_range_of(path[0], table) and path[0] not in TOP_KEYS else path


def range_path(key: str, environment: str) -> KeyPath:
    """Return the key that a range's name means: `pods`, `prod.pods` and `prod.ranges.pods` are the same.

    >>> range_path("prod.pods", "prod"), range_path("dev.pods", "prod")
    (('ranges', 'pods'), ('ranges', 'dev.pods'))
    """
    for before in ("environments.", f"{environment}.", "ranges."):
        key = key.removeprefix(before)
    return ("ranges", key)


def printed_name(name: str) -> str:
    """Return a name that was given by the spec's key as output prints it.

    >>> printed_name("environments.prod.ranges.pods")
    'prod.pods'
    """
    environment, _, rest = name.removeprefix("environments.").partition(".")
    return ".".join(part for part in (environment, rest.removeprefix("ranges.")) if part)
