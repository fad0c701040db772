"""One environment of the spec, read with all its problems at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network
from typing import Any, TypeVar

from escscaffold.clouds.choices import Part
from escscaffold.clouds.facts import Cloud, Mode, with_options
from escscaffold.clouds.loading import cloud_names, load_cloud, load_kurrent
from escscaffold.spec import values
from escscaffold.spec.model import EnvironmentSpec, RangeRequest
from escscaffold.spec.names import read_environment_name, read_existing, read_reason
from escscaffold.spec.needs import read_request
from escscaffold.spec.places import KeyPath
from escscaffold.spec.problems import Collector

ENVIRONMENT_KEYS = (
    *("cloud", "region", "mode", "routes", "name", "pools", "may_overlap"),
    *("options", "ranges", "parts", "existing", "accept"),
)
# The parts on the customer's side, which are made where the mode does not say otherwise.
_OWN_PARTS: Mapping[str, tuple[Part, ...]] = {"network": ("create",), "kubernetes": ("create",)}

T = TypeVar("T")


def read_environment(
    found: Collector, name: str, table: object, pools: Mapping[str, IPv4Network], others: Mapping[str, Any]
) -> EnvironmentSpec | None:
    """Read one environment's table; None where cloud or mode cannot be known.

    `pools` are the repository's, and `others` all environments by their names.
    """
    path = ("environments", name)
    found.read("ESC005", path, read_environment_name, name)
    if not isinstance(table, dict):
        found.problem("ESC002", path, f"{values.shown(name)} is not a table.", f"Write [environments.{name}].")
        return None
    return _Environment(found, path, table).read(pools, others)


@dataclass(frozen=True)
class _Environment:
    """An environment's table, and where its problems go."""

    found: Collector
    path: KeyPath
    table: Mapping[str, Any]

    def read(self, pools: Mapping[str, IPv4Network], others: Mapping[str, Any]) -> EnvironmentSpec | None:
        self.found.only_known(self.table, ENVIRONMENT_KEYS, self.path)
        routes = self._value("routes", values.read_routes, self.table.get("routes", "supernet"))
        region = self._required("region", values.read_region)
        cloud_name = self._required("cloud", values.read_cloud)
        cloud = load_cloud(cloud_name) if cloud_name is not None else None
        mode_name = self._required("mode", partial(values.read_mode, cloud=cloud.name)) if cloud else None
        mode = cloud.modes[mode_name] if cloud and mode_name else None
        called = self._value("name", read_environment_name, self.table["name"]) if "name" in self.table else None
        accept = self.found.values(self.table, (*self.path, "accept"), "ESC004", read_reason)
        chosen_pools = self._names("pools", pools)
        may_overlap = self._names("may_overlap", others)
        options = self._options(mode) if mode else {}
        ranges, remote = self._ranges(mode)
        parts, existing = self._parts(mode) if mode else ({}, {})
        self._what_is_there(mode, parts, ranges)
        if cloud is None or mode is None:
            return None
        return EnvironmentSpec(
            name=self.path[-1],
            resource_name=called or "",
            cloud=cloud,
            region=region or "",
            mode=with_options(mode, options),
            routes=routes or "supernet",
            ranges=ranges,
            remote=remote,
            pools=tuple(pools[name] for name in chosen_pools) or tuple(pools.values()),
            options=options,
            parts=parts,
            existing=existing,
            may_overlap=frozenset(may_overlap),
            accept=accept,
        )

    def _ranges(self, mode: Mode | None) -> tuple[dict[str, RangeRequest], tuple[IPv4Network, ...]]:
        path = (*self.path, "ranges")
        given = dict(self.found.table(self.table, path))
        remote: tuple[IPv4Network, ...] = ()
        if "remote" in given:
            remote = self.found.read("ESC003", (*path, "remote"), values.read_remote, given.pop("remote")) or ()
        read = {name: self._range(mode, (*path, name), value) for name, value in given.items()}
        return {name: request for name, request in read.items() if request is not None}, remote

    def _range(self, mode: Mode | None, path: KeyPath, value: object) -> RangeRequest | None:
        name = path[-1]
        facts = load_kurrent().network if name == "kurrent" else mode.facts_of(name) if mode else None
        if mode is not None and facts is None:
            fix = values.nearest(name, ("kurrent", *mode.range_names(), "remote"))
            if name in mode.ranges:
                zones = [zone for zone in mode.range_names() if mode.facts_of(zone) is mode.ranges[name]]
                fix = f"There is one in each zone: {', '.join(zones)}."
            self.found.problem("ESC002", path, f"{mode.name} has no range {values.shown(name)}.", fix)
            return None
        if mode is not None and name not in mode.ranges and mode.others is not None and name != "kurrent":
            self.found.read("ESC005", path, read_environment_name, name)
        code = "ESC009" if isinstance(value, dict) else "ESC003"
        return self.found.read(code, path, lambda given: read_request(given, facts), value)

    def _what_is_there(self, mode: Mode | None, parts: Mapping[str, Part], ranges: Mapping[str, RangeRequest]) -> None:
        """Keep a problem where something exists and nobody said where it lies."""
        kurrent = ranges.get("kurrent")
        if parts.get("kurrent-network") == "existing" and (kurrent is None or kurrent.block is None):
            message = "The Kurrent network exists, and its range is not given."
            self.found.problem(
                "ESC008", (*self.path, "ranges", "kurrent"), message, 'Add it: kurrent = "10.20.30.0/24".'
            )
        if mode and mode.others and not ranges.keys() - {"kurrent"}:
            message = "No range is named that must reach the database."
            fix = 'Add each with its block, such as nodes = "10.20.0.0/16".'
            self.found.problem("ESC008", (*self.path, "ranges"), message, fix)

    def _options(self, mode: Mode) -> dict[str, bool]:
        path = (*self.path, "options")
        self.found.only_known(self.found.table(self.table, path), mode.options, path)
        chosen = self.found.values(self.table, path, "ESC004", values.read_switch)
        return {name: chosen.get(name, option.default) for name, option in mode.options.items()}

    def _parts(self, mode: Mode) -> tuple[dict[str, Part], dict[str, str]]:
        """Read what becomes of each part, and the names of those that exist."""
        kurrent = load_kurrent()
        choices = {**_OWN_PARTS, **mode.parts, **kurrent.parts}
        path, where = (*self.path, "parts"), (*self.path, "existing")
        given = self.found.table(self.table, path)
        self.found.only_known(given, choices, path)
        parts: dict[str, Part] = {}
        for name, known in choices.items():
            read = partial(values.read_part, choices=known)
            parts[name] = self._value(f"parts.{name}", read, given.get(name, known[0])) or known[0]
        if parts["kurrent-network"] == "existing" and parts["kurrent-project"] != "existing":
            message = "A Kurrent network that exists is in a project that exists, and kurrent-project is made anew."
            self.found.problem("ESC010", path, message, 'Write kurrent-project = "existing", too.')
        named = self.found.table(self.table, where)
        facts = {**mode.existing, **kurrent.existing}
        wanted = [name for name in facts if parts.get(name.partition("_")[0]) == "existing"]
        for name in [name for name in wanted if name not in named]:
            fix = f'Add it: {name} = "{facts[name].example}".'
            self.found.problem("ESC008", (*where, name), f"{facts[name].purpose} is missing.", fix)
        for name in [name for name in named if name in facts and name not in wanted]:
            message = f"{name} is named, and nothing here says that it exists."
            fix = f'Write {name} = "existing" in parts, or leave it out.'
            self.found.problem("ESC010", (*where, name), message, fix)
        self.found.only_known(named, facts, where)
        read_names = {
            name: self._value(f"existing.{name}", partial(read_existing, facts=facts[name]), value)
            for name, value in named.items()
            if name in wanted
        }
        return parts, {name: text for name, text in read_names.items() if text is not None}

    def _names(self, key: str, known: Mapping[str, Any]) -> list[str]:
        """Read a list of names, each one of those that are known, in their order; nothing names its own environment."""
        given = self.table.get(key, [])
        path = (*self.path, key)
        if not isinstance(given, list):
            self.found.problem("ESC004", path, f"{values.shown(given)} is not a list.", f'Write {key} = ["name"].')
            return []
        own = self.path[-1] if key == "may_overlap" else ""
        good = [name for name in given if isinstance(name, str) and name in known and name != own]
        for name in given if len(good) < len(given) else ():
            if name not in good:
                kind = "pool" if key == "pools" else "other environment"
                others = [other for other in known if other != own]
                fix = values.nearest(name, others) if others else "There is none."
                self.found.problem("ESC004", path, f"There is no {kind} {values.shown(name)}.", fix)
        return good

    def _required(self, key: str, read: Callable[[object], T]) -> T | None:
        if key not in self.table:
            fix = f'Add it, such as {key} = "{_example(key, self.table)}".'
            self.found.problem("ESC008", (*self.path, key), f"`{key}` is missing.", fix)
            return None
        return self._value(key, read, self.table[key])

    def _value(self, key: str, read: Callable[[object], T], value: object) -> T | None:
        return self.found.read("ESC004", (*self.path, *key.split(".")), read, value)


def _example(key: str, table: Mapping[str, Any]) -> str:
    """Return a value that would work for a key that is missing, on the cloud that is given."""
    cloud: Cloud = load_cloud(table["cloud"] if table.get("cloud") in cloud_names() else cloud_names()[0])
    return {"cloud": cloud.name, "region": cloud.default_region, "mode": cloud.default_mode}[key]
