"""Reads what is asked of an environment's database: its settings, who may reach it, and its backups."""

from collections.abc import Mapping
from typing import Any

from escscaffold.clouds.choices import Part, Setting, Value
from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.spec.names import read_reserved_name
from escscaffold.spec.places import KeyPath
from escscaffold.spec.problems import Collector
from escscaffold.spec.settings import read_settings
from escscaffold.spec.values import read_cidr

MOST_ENTRIES = 100


def read_database(
    found: Collector, table: Mapping[str, Any], path: KeyPath, known: Mapping[str, Setting], provider: str
) -> dict[str, Value]:
    """Read the settings of a database; what another database or provider would have is told as such."""
    where = (*path, "database")
    given = found.table(table, where)
    every = load_kurrent().database
    for name in [name for name in given if name in every and name not in known]:
        providers = every[name].providers
        if providers and provider not in providers:
            message = f"{name} is for provider = {' or '.join(providers)} only."
        else:
            message = f"{name} is for a database that is made here."
        found.problem("ESC010", (*where, name), message, "Leave it out.")
    kept = {name: value for name, value in given.items() if name in known or name not in every}
    settings: dict[str, Value] = read_settings(found, {"database": kept}, where, known)
    return settings


def read_acl(found: Collector, table: Mapping[str, Any], path: KeyPath, database: Part) -> dict[str, str]:
    """Read the access list: CIDR blocks by a name that says whose they are, by alphabet."""
    where = (*path, "acl")
    given = found.table(table, where)
    for name in given:
        found.read("ESC005", (*where, name), read_reserved_name, name)
    if len(given) > MOST_ENTRIES:
        found.problem("ESC004", where, f"{len(given)} blocks are too many.", f"Give at most {MOST_ENTRIES}.")
    if given:
        _of_a_new_one(found, where, database)
    blocks = found.values(table, where, "ESC003", read_cidr)
    return {name: str(block) for name, block in sorted(blocks.items())}


def read_backup(
    found: Collector, table: Mapping[str, Any], path: KeyPath, database: Part
) -> Mapping[str, Value] | None:
    """Read what is set of the scheduled backup, each setting with its value; None where no backup is asked for."""
    where = (*path, "backup")
    if "backup" not in table:
        return None
    _of_a_new_one(found, where, database)
    known = load_kurrent().backup
    given = read_settings(found, table, where, known)
    return {name: given.get(name, one.default) for name, one in known.items()}


def _of_a_new_one(found: Collector, where: KeyPath, database: Part) -> None:
    if database != "create":
        message = f"{where[-1]} is for a database that is made here."
        found.problem("ESC010", where, message, f'Write database = "create" in parts, or leave {where[-1]} out.')
