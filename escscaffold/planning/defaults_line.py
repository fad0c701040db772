"""The defaults that an environment was written with, as one line of the lock, so that branches merge by line. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from escscaffold.clouds.defaults import Defaults
from escscaffold.spec.model import EnvironmentSpec

SETTLED_WITH = ("kubernetes", "database")
"""Parts whose settings are decided once they are made here."""
_BACKUP = "backup"


def defaults_line(spec: EnvironmentSpec) -> str:
    """Return the defaults of what the environment has, as JSON with the keys of the spec."""
    return _line(tuple((key, _frozen(value)) for key, value in spec.defaults.items() if _is_decided(spec, key)))


def decided_by_default(spec: EnvironmentSpec, answers: Mapping[str, Any]) -> Defaults:
    """Return the defaults that decide something of the environment; `answers` is its table as a person wrote it."""
    given = {f"{section}.{key}" for section, table in answers.items() if isinstance(table, dict) for key in table}
    given |= answers.keys()
    return {key: value for key, value in sorted(spec.defaults.items()) if key not in given and _is_decided(spec, key)}


def _is_decided(spec: EnvironmentSpec, key: str) -> bool:
    section, _, name = key.partition(".")
    if section == "database":
        return name in spec.database_settings
    if section == _BACKUP:
        return spec.backup is not None
    return section not in SETTLED_WITH or spec.parts.get(section, "create") == "create"


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# Environments that are written together have the same line.
@lru_cache(maxsize=256)
def _line(values: tuple[tuple[str, Any], ...]) -> str:
    import json  # slow to import, and a plan alone writes no lock

    # Between apostrophes in the lock's TOML nothing is escaped, so none may stand in it.
    return json.dumps(dict(values), sort_keys=True, separators=(",", ":")).replace("'", "\\u0027")


@lru_cache(maxsize=256)
def defaults_in(line: str) -> Defaults:
    """Return the defaults in a line of the lock, which is known to be a JSON object."""
    import json  # slow to import, and older locks have no such line

    values: Mapping[str, Any] = json.loads(line)
    return values


def differing(line: str, other: str) -> Mapping[str, tuple[str, str]]:
    """Return the defaults that two lines do not have alike, both as JSON; nothing for what is no JSON object."""
    import json  # slow to import, and most locks are in no merge

    try:
        first, second = json.loads(line), json.loads(other)
    except (ValueError, RecursionError):
        return {}
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return {}
    both = {key: (json.dumps(first.get(key)), json.dumps(second.get(key))) for key in sorted(first.keys() | second)}
    return {key: two for key, two in both.items() if two[0] != two[1]}
