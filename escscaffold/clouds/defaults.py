"""Every default that decides something of an environment, by its key there: today's ones, and the first.

Keys are those of the spec: `kubernetes.machine_type`, `options.nat`, `routes`. Values are as JSON has them, None where
the cloud or a provider decides.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.choices import Setting
from escscaffold.clouds.fact_files import (
    cloud_names,
    load_cloud,
    load_kurrent,
    read_table,
    settings_of_database,
    template_root,
)

Defaults = Mapping[str, Any]
ROUTES = "supernet"
"""How the peering routes where nobody says."""

_FIRST = "first_defaults.toml"
_NOT_DECIDED = "none"


class KeptDefaults(Struct, frozen=True, kw_only=True):
    """The defaults that an environment was written with, and where it was then."""

    cloud: str
    mode: str
    values: Defaults


class OlderDefault(Struct, frozen=True, kw_only=True):
    """A default that an environment was written with, and today's."""

    key: str
    kept: Any
    current: Any

    @property
    def text(self) -> str:
        """The change to today's default in words: `kubernetes.machine_type e2-standard-4 -> n4-standard-4`."""
        return f"{self.key} {default_text(self.kept)} -> {default_text(self.current)}"


def default_text(value: Any) -> str:
    """Return a default in words.

    >>> default_text(["api", "audit"])
    'api, audit'
    """
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@cache
def todays_defaults(cloud: str, mode: str, provider: str) -> Defaults:
    """Return every default that a new environment gets, by this Terraform provider for the Kurrent side."""
    database = settings_of_database(cloud, provider, "create")
    return {
        **defaults_of_mode(cloud, mode),
        **defaults_of_settings("database", database),
        **defaults_of_settings("backup", load_kurrent().backup),
    }


@cache
def defaults_of_mode(cloud: str, mode: str) -> Defaults:
    """Return today's defaults of a mode: its cluster's settings, its options, and what becomes of its parts."""
    facts = load_cloud(cloud).modes[mode]
    parts = {**facts.parts, **load_kurrent().parts}
    return {
        "routes": ROUTES,
        **defaults_of_settings("kubernetes", facts.kubernetes),
        **{f"options.{name}": option.default for name, option in facts.options.items()},
        **{f"parts.{name}": choices[0] for name, choices in parts.items() if len(choices) > 1},
    }


def defaults_of_settings(section: str, settings: Mapping[str, Setting]) -> Defaults:
    """Return the settings' defaults, each below the section that it stands in."""
    return {
        f"{section}.{name}": list(setting.default) if isinstance(setting.default, tuple) else setting.default
        for name, setting in settings.items()
    }


@cache
def first_defaults(cloud: str, mode: str) -> Defaults:
    """Return the defaults of the versions that did not record any; nothing for a mode that is younger."""
    tables = read_table(template_root().joinpath(_FIRST))
    at_cloud = tables.get(cloud, {})
    own = at_cloud.get("modes", {}).get(mode)
    if own is None:
        return {}
    settings = {
        "kubernetes": {**at_cloud["kubernetes"], **own.get("kubernetes", {})},
        "database": {**tables["database"], **at_cloud["database"]},
        "backup": tables["backup"],
    }
    choices = {"options": own.get("options", {}), "parts": {**own.get("parts", {}), **tables["parts"]}}
    return {
        "routes": tables["routes"],
        **{
            f"{section}.{name}": None if value == _NOT_DECIDED else value
            for section, table in settings.items()
            for name, value in table.items()
        },
        **{f"{section}.{name}": value for section, table in choices.items() for name, value in table.items()},
    }


@cache
def earlier_defaults(cloud: str, mode: str) -> Defaults:
    """Return what settings and options younger than an environment are for it, where that is not today's default."""
    facts = load_cloud(cloud).modes.get(mode) if cloud in cloud_names() else None
    if facts is None:
        return {}
    settings = defaults_of_settings(
        "kubernetes",
        {name: replace(new, default=new.earlier) for name, new in facts.kubernetes.items() if new.earlier != ""},
    )
    return {
        **{key: None if value == _NOT_DECIDED else value for key, value in settings.items()},
        **{f"options.{name}": option.earlier for name, option in facts.options.items() if option.earlier != ""},
    }


def changes_with(key: str) -> str:
    """Return the setting that has to change with this one where the database exists; nothing for none.

    >>> changes_with("database.server_version")
    'server_version_tag'
    """
    section, _, name = key.partition(".")
    setting = load_kurrent().database.get(name) if section == "database" else None
    return setting.changes_with if setting else ""
