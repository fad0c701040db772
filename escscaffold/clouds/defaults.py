"""Every default that decides something of an environment, by its key there: today's ones, and the first.

Keys are those of the spec: `kubernetes.machine_type`, `options.nat`, `routes`. Values are as JSON has them, None where
the cloud or a provider decides.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from escscaffold.clouds.choices import Setting
from escscaffold.clouds.fact_files import read_table, template_root
from escscaffold.clouds.facts import Cloud, Kurrent, Mode

Defaults = Mapping[str, Any]
ROUTES = "supernet"
"""The default of `routes`."""

EVERY = "*"
"""The name that means the defaults of every environment; no environment can have it."""
_NOT_DECIDED = "none"


class KeptDefaults(Struct, frozen=True, kw_only=True):
    """The defaults that an environment was written with, and where it was then, as its lock records them."""

    cloud: str
    mode: str
    recorded: Defaults | None
    """None for locks that are older than their table of defaults."""
    absent: frozenset[str] = frozenset()
    """Parts that were not created then: defaults of theirs that were not recorded decided nothing."""
    renewed: frozenset[str] = frozenset()
    """Keys whose defaults become today's, or EVERY. A key that changes only together with another one stays."""


class OlderDefault(Struct, frozen=True, kw_only=True):
    """A default that an environment was written with, and today's."""

    key: str
    earlier: Any
    current: Any
    changes_with: str = ""
    """The setting that has to change with this one where the database exists; nothing for none."""

    @property
    def text(self) -> str:
        """The change to today's default in words: `kubernetes.machine_type e2-standard-4 -> n4-standard-4`."""
        return f"{self.key} {default_text(self.earlier)} -> {default_text(self.current)}"


def default_text(value: Any) -> str:
    """Return a default in words.

    >>> default_text(["api", "audit"])
    'api, audit'
    """
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class DefaultFacts:
    """The defaults of environments by cloud and mode; `database` returns the settings of a new database."""

    def __init__(
        self,
        clouds: Mapping[str, Cloud],
        kurrent: Kurrent,
        database: Callable[[str, str], Mapping[str, Setting]],
    ) -> None:
        self._clouds, self._kurrent, self._database = clouds, kurrent, database
        self._todays: dict[tuple[str, str, str], Defaults] = {}
        self._of_modes: dict[tuple[str, str], Defaults] = {}

    def todays(self, cloud: str, mode: str, provider: str) -> Defaults:
        """Return every default that a new environment gets, by this Terraform provider for the Kurrent side."""
        key = (cloud, mode, provider)
        if key not in self._todays:
            self._todays[key] = _todays(self._clouds[cloud].modes[mode], self._kurrent, self._database(cloud, provider))
        return self._todays[key]

    def of_mode(self, cloud: str, mode: str) -> Defaults:
        """Return today's defaults of a mode: its cluster's settings, its options, and what becomes of its parts."""
        if (cloud, mode) not in self._of_modes:
            self._of_modes[cloud, mode] = _of_mode(self._clouds[cloud].modes[mode], self._kurrent)
        return self._of_modes[cloud, mode]

    def written_with(self, record: KeptDefaults) -> Defaults:
        """Return the defaults that an environment was written with, also those that its lock did not record."""
        modes = self._clouds[record.cloud].modes if record.cloud in self._clouds else {}
        values = dict(_earlier(modes[record.mode], self._kurrent)) if record.mode in modes else {}
        values |= _first(self._first_tables, record.cloud, record.mode) if record.recorded is None else {}
        values = {key: value for key, value in values.items() if key.partition(".")[0] not in record.absent}
        values |= record.recorded or {}
        if not record.renewed:
            return values
        return {
            key: value for key, value in values.items() if not record.renewed & {EVERY, key} or self.changes_with(key)
        }

    def changes_with(self, key: str) -> str:
        """Return the setting that has to change with this one where the database exists; nothing for none."""
        section, _, name = key.partition(".")
        setting = self._kurrent.database.get(name) if section == "database" else None
        return setting.changes_with if setting else ""

    @cached_property
    def _first_tables(self) -> Mapping[str, Any]:
        return read_table(template_root().joinpath("first_defaults.toml"))


def _todays(mode: Mode, kurrent: Kurrent, database: Mapping[str, Setting]) -> Defaults:
    """Return every default that a new environment of this mode gets; `database` are its database's settings."""
    return {
        **_of_mode(mode, kurrent),
        **_defaults_of_settings("database", database),
        **_defaults_of_settings("backup", kurrent.backup),
    }


def _of_mode(mode: Mode, kurrent: Kurrent) -> Defaults:
    """Return today's defaults of a mode: its cluster's settings, its options, and what becomes of its parts."""
    parts = {**mode.parts, **kurrent.parts}
    return {
        "routes": ROUTES,
        **_defaults_of_settings("kubernetes", mode.kubernetes),
        **{f"options.{name}": option.default for name, option in mode.options.items()},
        **{f"parts.{name}": choices[0] for name, choices in parts.items() if len(choices) > 1},
    }


def _defaults_of_settings(section: str, settings: Mapping[str, Setting]) -> Defaults:
    """Return the settings' defaults, each below the section that it is in."""
    return {
        f"{section}.{name}": list(setting.default) if isinstance(setting.default, tuple) else setting.default
        for name, setting in settings.items()
    }


def _first(tables: Mapping[str, Any], cloud: str, mode: str) -> Defaults:
    """Return the defaults of the versions that did not record any, by their tables; nothing for a younger mode."""
    at_cloud = tables.get(cloud, {})
    of_mode = at_cloud.get("modes", {}).get(mode)
    if of_mode is None:
        return {}
    settings = {
        "kubernetes": {**at_cloud["kubernetes"], **of_mode.get("kubernetes", {})},
        "database": {**tables["database"], **at_cloud["database"]},
        "backup": tables["backup"],
    }
    choices = {"options": of_mode.get("options", {}), "parts": {**of_mode.get("parts", {}), **tables["parts"]}}
    return {
        "routes": tables["routes"],
        **{
            f"{section}.{name}": None if value == _NOT_DECIDED else value
            for section, table in settings.items()
            for name, value in table.items()
        },
        **{f"{section}.{name}": value for section, table in choices.items() for name, value in table.items()},
    }


def _earlier(mode: Mode, kurrent: Kurrent) -> Defaults:
    """Return what settings and options younger than an environment are for it, where that is not today's default."""
    sections = {"kubernetes": mode.kubernetes, "database": kurrent.database}
    settings = {
        f"{section}.{name}": setting.earlier
        for section, table in sections.items()
        for name, setting in table.items()
        if setting.earlier != ""
    }
    return {
        **{
            key: None if value == _NOT_DECIDED else list(value) if isinstance(value, tuple) else value
            for key, value in settings.items()
        },
        **{f"options.{name}": option.earlier for name, option in mode.options.items() if option.earlier != ""},
    }
