"""One environment of the spec, read with all its problems at once."""

from collections.abc import Callable, Mapping
from functools import partial
from ipaddress import IPv4Network
from typing import Any, TypeVar

from msgspec import Struct

from escscaffold.clouds.choices import OptionValue, Part, Value
from escscaffold.clouds.fact_files import (
    cloud_names,
    load_cloud,
    load_kurrent,
    settings_of_database,
    with_options,
    with_parts,
)
from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.spec import values
from escscaffold.spec.database import read_acl, read_backup, read_database
from escscaffold.spec.model import EnvironmentSpec, RangeRequest
from escscaffold.spec.names import read_environment_name, read_reason
from escscaffold.spec.needs import read_request
from escscaffold.spec.parts import read_parts, what_is_there
from escscaffold.spec.places import KeyPath
from escscaffold.spec.problems import Collector
from escscaffold.spec.settings import read_option, read_settings, read_tags

ENVIRONMENT_KEYS = (
    *("cloud", "region", "mode", "routes", "name", "pools", "may_overlap"),
    *("options", "ranges", "parts", "existing", "kubernetes", "database", "acl", "backup", "tags", "accept"),
)
T = TypeVar("T")


def read_environment(
    found: Collector,
    name: str,
    table: object,
    pools: Mapping[str, IPv4Network],
    others: Mapping[str, Any],
    provider: str,
) -> EnvironmentSpec | None:
    """Read one environment's table; None where cloud or mode cannot be known.

    `pools` and `provider` are the repository's, and `others` all environments by their names.
    """
    path = ("environments", name)
    found.read("ESC005", path, read_environment_name, name)
    if not isinstance(table, dict):
        found.problem("ESC002", path, f"{values.shown(name)} is not a table.", f"Write [environments.{name}].")
        return None
    return _Environment(found, path, table).read(pools, others, provider)


class _Environment(Struct, frozen=True):
    """An environment's table, and where its problems go."""

    found: Collector
    path: KeyPath
    table: Mapping[str, Any]

    def read(
        self, pools: Mapping[str, IPv4Network], others: Mapping[str, Any], provider: str
    ) -> EnvironmentSpec | None:
        self.found.only_known(self.table, ENVIRONMENT_KEYS, self.path)
        routes = self._value("routes", values.read_routes, self.table.get("routes", "supernet"))
        region = self._required("region", values.read_region)
        cloud_name = self._required("cloud", values.read_cloud)
        cloud = load_cloud(cloud_name) if cloud_name is not None else None
        mode_name = self._required("mode", partial(values.read_mode, cloud=cloud.name)) if cloud else None
        mode = cloud.modes[mode_name] if cloud and mode_name else None
        options = self._options(mode) if mode else {}
        mode = with_options(mode, options) if mode else None
        called = self._value("name", read_environment_name, self.table["name"]) if "name" in self.table else None
        accept = self.found.values(self.table, (*self.path, "accept"), "ESC004", read_reason)
        chosen_pools = self._names("pools", pools)
        may_overlap = self._names("may_overlap", others)
        ranges, remote = self._ranges(mode)
        if cloud is None or mode is None:
            return None
        parts, existing = read_parts(self.found, self.path, self.table, cloud, mode)
        mode = with_parts(mode, parts)
        self._of_parts_made(mode, options, parts)
        what_is_there(self.found, self.path, mode, parts, ranges)
        if mode.kubernetes and parts["kubernetes"] != "create" and self.table.get("kubernetes"):
            message = "kubernetes says how a cluster is made, and none is made here."
            fix = 'Write kubernetes = "create" in parts, or leave kubernetes out.'
            self.found.problem("ESC010", (*self.path, "kubernetes"), message, fix)
        kubernetes = read_settings(self.found, self.table, (*self.path, "kubernetes"), mode.kubernetes)
        self._said_once(mode, ranges, kubernetes)
        of_database = settings_of_database(cloud.name, provider, parts["database"])
        tags = read_tags(self.found, self.table, (*self.path, "tags"), cloud.tags)
        return EnvironmentSpec(
            name=self.path[-1],
            resource_name=called or "",
            cloud=cloud,
            region=region or "",
            mode=mode,
            routes=routes or "supernet",
            ranges=ranges,
            remote=remote,
            pools=tuple(pools[name] for name in chosen_pools) or tuple(pools.values()),
            options=options,
            parts=parts,
            existing=existing,
            kubernetes=kubernetes,
            database_settings=of_database,
            database=read_database(self.found, self.table, self.path, of_database, provider),
            acl=read_acl(self.found, self.table, self.path, parts["database"]),
            backup=read_backup(self.found, self.table, self.path, parts["database"]),
            tags=tags,
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

    def _said_once(self, mode: Mode, ranges: Mapping[str, RangeRequest], kubernetes: Mapping[str, Value]) -> None:
        """Keep a problem for each setting of the cluster that a range's need says, too."""
        for key, setting in mode.settings.items():
            said = [name for name, one in ranges.items() if one.need and getattr(one.need, key) is not None]
            if said and setting in kubernetes:
                message = f"{setting} is set, and the need of {said[0]} says {key}, which sets it as well."
                fix = f"Leave {setting} out, or the need: what is set sizes the ranges, too."
                self.found.problem("ESC010", (*self.path, "kubernetes", setting), message, fix)

    def _options(self, mode: Mode) -> dict[str, OptionValue]:
        path = (*self.path, "options")
        given = self.found.table(self.table, path)
        self.found.only_known(given, mode.options, path)
        chosen: dict[str, OptionValue] = {}
        for name, option in mode.options.items():
            read = partial(read_option, option=option)
            value = self._value(f"options.{name}", read, given[name]) if name in given else None
            chosen[name] = option.default if value is None else value
        return chosen

    def _of_parts_made(self, mode: Mode, options: Mapping[str, OptionValue], parts: Mapping[str, Part]) -> None:
        """Keep a problem for each option of a part that is not made."""
        for name, option in mode.options.items():
            if option.part and parts[option.part] != "create" and options[name] != option.default:
                message = f"{name} says how the {option.part} is made, and it is not made here."
                self.found.problem("ESC010", (*self.path, "options", name), message, f"Leave {name} out.")

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
