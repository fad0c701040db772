"""Facts with the defaults that an environment was first written with: a newer default changes nothing that exists."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from msgspec.structs import replace

from escscaffold.clouds.choices import Option, Part, Setting, Value
from escscaffold.clouds.defaults import Defaults, KeptDefaults, OlderDefault
from escscaffold.clouds.facts import Cloud, Mode, RangeFacts
from escscaffold.clouds.known_facts import Facts
from escscaffold.spec.settings import read_option, read_setting
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, Collector, shown

Kept = Mapping[str, KeptDefaults]
"""The defaults that environments were written with, by the environments' names."""
T = TypeVar("T")
_SIZED_BY = {"pods_per_node": "default_pods_per_node", "surge": "default_surge"}
"""The defaults of sizes that settings of the cluster say, too: fields of `Sizing`."""


class DefaultsInUse:
    """The defaults that hold for one environment: those that it was written with, and today's for what is newer."""

    def __init__(
        self,
        collector: Collector,
        path: KeyPath,
        table: Mapping[str, Any],
        cloud: Cloud,
        mode: Mode,
        provider: str,
        written_with: KeptDefaults | None,
    ) -> None:
        self._collector, self._path, self._table, self._mode = collector, path, table, mode
        current = collector.facts.defaults.todays(cloud.name, mode.name, provider)
        self._older = dict(_older(collector.facts, written_with, cloud, mode, current)) if written_with else {}
        self.values: Defaults = (
            {**current, **{k: default.earlier for k, default in self._older.items()}} if self._older else current
        )

    def mode(self) -> Mode:
        """Return the mode with the defaults of its settings, its options and its sizes as they hold here."""
        if not self._older:
            return self._mode
        kubernetes = self.settings("kubernetes", self._mode.kubernetes)
        options = {name: self._option(name, option) for name, option in self._mode.options.items()}
        ranges = {kind: _resized(facts, self._mode, kubernetes) for kind, facts in self._mode.ranges.items()}
        return replace(self._mode, kubernetes=kubernetes, options=options, ranges=ranges)

    def settings(self, section: str, settings: Mapping[str, Setting]) -> Mapping[str, Setting]:
        """Return the settings of a section with the defaults that hold here."""
        older = {name: self._older.get(f"{section}.{name}") for name in settings} if self._older else {}
        if not any(older.values()):
            return settings
        return {name: self._setting(section, setting, older[name]) for name, setting in settings.items()}

    def _setting(self, section: str, setting: Setting, older: OlderDefault | None) -> Setting:
        if older is None:
            return setting
        read = partial(_default, setting=setting)
        return replace(setting, default=self._read(section, setting.name, read, older.earlier, setting.default))

    def table(self, choices: Mapping[str, tuple[Part, ...]]) -> Mapping[str, Any]:
        """Return the environment's table with what was decided by default and would be decided otherwise today.

        `choices` are those of each part in the environment's mode.
        """
        if not self._older:
            return self._table
        parts = {
            name: default.earlier
            for name, possible in choices.items()
            if (default := self._older.get(f"parts.{name}")) and default.earlier in possible
        }
        written = self._table.get("parts", {})
        filled = dict(self._table)
        if parts and isinstance(written, dict):
            filled["parts"] = {**parts, **written}
        if "routes" in self._older:
            filled.setdefault("routes", self._older["routes"].earlier)
        return filled

    def older(self, parts: Mapping[str, Part]) -> tuple[OlderDefault, ...]:
        """Return the defaults that decide something here, and are not today's."""
        created = {"kubernetes": parts["kubernetes"] == "create", "backup": "backup" in self._table}
        created["database"] = parts["database"] == "create"
        return tuple(
            default
            for key, default in sorted(self._older.items())
            if created.get(key.partition(".")[0], True) and not self._is_given(*key.partition(".")[::2])
        )

    def _option(self, name: str, option: Option) -> Option:
        older = self._older.get(f"options.{name}")
        if older is None:
            return option
        read = partial(read_option, option=option)
        return replace(option, default=self._read("options", name, read, older.earlier, option.default))

    def _read(self, section: str, name: str, read: Callable[[object], T], earlier: object, current: T) -> T:
        """Return a default as it was; today's, and a problem where it decides something, if it is possible no more."""
        try:
            return read(earlier)
        except BadValue as error:
            if not self._is_given(section, name):
                message = f"The lock keeps the earlier default {name} = {shown(earlier)}. {error.message}"
                self._collector.problem(
                    "ESC004", (*self._path, section, name), message, error.fix, error.reason, error.source
                )
            return current

    def _is_given(self, section: str, name: str) -> bool:
        written = self._table.get(section)
        return (isinstance(written, dict) and name in written) if name else written is not None


def _older(
    facts: Facts, before: KeptDefaults, cloud: Cloud, mode: Mode, current: Mapping[str, Any]
) -> Iterator[tuple[str, OlderDefault]]:
    """Yield each default that was another one; in another mode, what differs by the mode follows it."""
    if before.cloud != cloud.name:
        return
    was = (
        facts.defaults.of_mode(cloud.name, before.mode)
        if before.mode in cloud.modes and before.mode != mode.name
        else {}
    )
    for key, value in facts.defaults.written_with(before).items():
        if key in current and value != current[key] and was.get(key, current[key]) == current[key]:
            yield (
                key,
                OlderDefault(
                    key=key, earlier=value, current=current[key], changes_with=facts.defaults.changes_with(key)
                ),
            )


def _default(value: object, setting: Setting) -> Value | None:
    return None if value is None else read_setting(value, setting)


def _resized(facts: RangeFacts, mode: Mode, kubernetes: Mapping[str, Setting]) -> RangeFacts:
    """Return the range's facts with sizes by default that are those of the cluster's settings."""
    sizing = facts.sizing
    for need, setting in mode.settings.items():
        field = _SIZED_BY.get(need)
        before, now = mode.kubernetes[setting].default, kubernetes[setting].default
        if sizing and field and before != now and getattr(sizing, field) == before:
            sizing = replace(sizing, **{field: now})
    return replace(facts, sizing=sizing) if sizing is not facts.sizing else facts
