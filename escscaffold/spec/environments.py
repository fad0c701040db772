"""One environment of the spec, read with all its problems at once: its parts, its database, its ranges."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from ipaddress import IPv4Network
from typing import Any, TypeVar

from msgspec import Struct

from escscaffold.clouds.choices import OptionValue, Part, Setting, Value
from escscaffold.clouds.defaults import KeptDefaults
from escscaffold.clouds.fact_files import with_options, with_parts
from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE, Cloud, Kurrent, Mode
from escscaffold.spec import values
from escscaffold.spec.accounts import pinned_account, read_account
from escscaffold.spec.existing_parts import read_existing_parts
from escscaffold.spec.kept_defaults import DefaultsInUse
from escscaffold.spec.model import EnvironmentSpec, RangeRequest
from escscaffold.spec.node_pools import read_node_pools, with_node_types
from escscaffold.spec.range_values import check_own_ranges, read_own_name, read_request
from escscaffold.spec.settings import (
    check_relations,
    needed_settings,
    read_integrations,
    read_option,
    read_settings,
    read_tags,
    with_settings_of_options,
)
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import (
    Collector,
    read_cidr,
    read_environment_name,
    read_part,
    read_reason,
    read_reserved_name,
)

Choices = Mapping[str, tuple[Part, ...]]
MOST_ENTRIES = 100
_ACL = "escscaffold writes access lists of at most 100 blocks."
ENVIRONMENT_KEYS = (
    *("cloud", "region", "mode", "kurrent_region", "routes", "name", "pools", "may_overlap"),
    *(
        "options",
        "ranges",
        "parts",
        "existing",
        "kubernetes",
        "node_pools",
        "database",
        "acl",
        "backup",
        "integrations",
        "account",
        "tags",
        "accept",
    ),
)
T = TypeVar("T")
_NAMES = "The list can only name pools or environments of this spec."


def part_choices(mode: Mode, kurrent: Kurrent) -> Choices:
    """Return what can become of each part in this mode, the usual first."""
    return {"network": ("create",), "kubernetes": ("create",), **mode.parts, **kurrent.parts}


def read_environment(
    collector: Collector,
    name: str,
    table: object,
    pools: Mapping[str, IPv4Network],
    others: Mapping[str, Any],
    provider: str,
    written_with: KeptDefaults | None = None,
) -> EnvironmentSpec | None:
    """Read one environment's table; None where cloud or mode cannot be known.

    `pools` and `provider` are the repository's, and `others` all environments by their names. `written_with` are the
    defaults that it was written with; None where it is new.
    """
    path = ("environments", name)
    collector.read("ESC005", path, read_environment_name, name)
    if not isinstance(table, dict):
        collector.problem("ESC002", path, f"{values.shown(name)} is not a table.", f"Write [environments.{name}].")
        return None
    return _Environment(collector, path, table).read(pools, others, provider, written_with)


class _Environment(Struct, frozen=True):
    """An environment's table, and where its problems go."""

    collector: Collector
    path: KeyPath
    table: Mapping[str, Any]

    def read(
        self,
        pools: Mapping[str, IPv4Network],
        others: Mapping[str, Any],
        provider: str,
        written_with: KeptDefaults | None,
    ) -> EnvironmentSpec | None:
        self.collector.only_known(self.table, ENVIRONMENT_KEYS, self.path)
        facts = self.collector.facts
        region = self._required("region", values.read_region)
        cloud_name = self._required("cloud", partial(values.read_cloud, names=facts.clouds))
        cloud = facts.clouds[cloud_name] if cloud_name is not None else None
        mode_name = (
            self._required("mode", partial(values.read_mode, cloud=cloud.name, modes=facts.modes)) if cloud else None
        )
        mode = cloud.modes[mode_name] if cloud and mode_name else None
        in_use = (
            DefaultsInUse(self.collector, self.path, self.table, cloud, mode, provider, written_with)
            if cloud and mode
            else None
        )
        table = in_use.table(part_choices(mode, facts.kurrent)) if in_use and mode else self.table
        routes = self._value("routes", values.read_routes, table.get("routes", "supernet"))
        mode = in_use.mode() if in_use else None
        options = self._options(mode) if mode else {}
        mode = with_options(mode, options) if mode else None
        called = self._value("name", read_environment_name, self.table["name"]) if "name" in self.table else None
        kurrent_region = None
        if "kurrent_region" in self.table:
            kurrent_region = self._value("kurrent_region", values.read_region, self.table["kurrent_region"])
        accept = self.collector.values(self.table, (*self.path, "accept"), "ESC004", read_reason)
        chosen_pools = self._names("pools", pools)
        may_overlap = self._names("may_overlap", others)
        ranges, remote = self._ranges(mode)
        if cloud is None or mode is None or in_use is None:
            return None
        parts, existing = _read_parts(self.collector, self.path, table, cloud, mode)
        mode = with_parts(mode, parts)
        self._check_options(mode, options, parts)
        _check_existing_ranges(self.collector, self.path, mode, parts, ranges)
        check_own_ranges(self.collector, self.path, mode, parts, ranges)
        if mode.kubernetes and parts["kubernetes"] != "create" and self.table.get("kubernetes"):
            message = "kubernetes applies only to a cluster created here."
            fix = 'Set kubernetes = "create" in parts, or remove kubernetes.'
            self.collector.problem("ESC010", (*self.path, "kubernetes"), message, fix)
        in_kubernetes = (*self.path, "kubernetes")
        mode = with_settings_of_options(self.collector, in_kubernetes, self.table.get("kubernetes"), mode, options)
        kubernetes = read_settings(self.collector, self.table, in_kubernetes, mode.kubernetes)
        of_any_type, mode = mode, with_node_types(mode, facts.nodes.types(cloud.name), kubernetes, options)
        self._given_once(mode, ranges, kubernetes)
        of_database = in_use.settings("database", facts.settings_of_database(cloud.name, provider, parts["database"]))
        of_backup = in_use.settings("backup", facts.kurrent.backup)
        needed = needed_settings(mode, ranges)
        if parts["kubernetes"] == "create":
            check_relations(
                self.collector,
                (*self.path, "kubernetes"),
                mode.kubernetes,
                kubernetes,
                needed,
                region or cloud.default_region,
            )
        node_pools = read_node_pools(
            self.collector,
            self.table,
            (*self.path, "node_pools"),
            of_any_type,
            facts.nodes.types(cloud.name),
            options,
            parts,
            ranges,
            region or cloud.default_region,
        )
        database = _read_database(self.collector, self.table, self.path, of_database, provider)
        check_relations(
            self.collector, (*self.path, "database"), of_database, database, {}, region or cloud.default_region
        )
        tags = read_tags(self.collector, self.table, (*self.path, "tags"), cloud.tags)
        return EnvironmentSpec(
            name=self.path[-1],
            resource_name=called or "",
            cloud=cloud,
            region=region or "",
            kurrent_region="" if kurrent_region in (None, region) else kurrent_region,
            mode=mode,
            routes=routes or "supernet",
            ranges=ranges,
            remote=remote,
            pools=tuple(pools[name] for name in chosen_pools) or tuple(pools.values()),
            options=options,
            parts=parts,
            existing=existing,
            kubernetes=kubernetes,
            node_pools=node_pools,
            database_settings=of_database,
            database=database,
            acl=_read_acl(self.collector, self.table, self.path, parts["database"]),
            backup=_read_backup(self.collector, self.table, self.path, parts["database"], of_backup),
            backup_settings=of_backup,
            integrations=read_integrations(self.collector, self.table, (*self.path, "integrations"), parts["database"]),
            defaults=in_use.values,
            facts=facts,
            older_defaults=in_use.older(parts),
            account=read_account(self.collector, self.table, (*self.path, "account"), cloud.account, mode),
            tags=tags,
            may_overlap=frozenset(may_overlap),
            accept=accept,
        )

    def _ranges(self, mode: Mode | None) -> tuple[dict[str, RangeRequest], tuple[IPv4Network, ...]]:
        path = (*self.path, "ranges")
        table = dict(self.collector.table(self.table, path))
        remote: tuple[IPv4Network, ...] = ()
        if "remote" in table:
            remote = self.collector.read("ESC003", (*path, "remote"), values.read_remote, table.pop("remote")) or ()
        read = {name: self._range(mode, (*path, name), value) for name, value in table.items()}
        return {name: request for name, request in read.items() if request is not None}, remote

    def _range(self, mode: Mode | None, path: KeyPath, value: object) -> RangeRequest | None:
        name = path[-1]
        facts = self.collector.facts.kurrent.network if name == "kurrent" else mode.facts_of(name) if mode else None
        is_own = mode is not None and mode.is_own(name)
        if mode is not None and facts is None:
            fix = values.nearest(name, (*mode.range_names(), *RANGES_OF_EVERY_MODE))
            if name in mode.ranges:
                zones = [zone for zone in mode.range_names() if mode.facts_of(zone) is mode.ranges[name]]
                fix = f"Use one range per zone: {', '.join(zones)}."
            elif mode.own_range is not None:
                fix = f"{fix} An own range needs another name, such as data-1."
            self.collector.problem("ESC002", path, f"{mode.name} has no range {values.shown(name)}.", fix)
            return None
        if mode is not None and name not in mode.ranges and mode.others is not None and name != "kurrent":
            self.collector.read("ESC005", path, read_environment_name, name)
        if (
            mode is not None
            and is_own
            and self.collector.read("ESC002", path, partial(read_own_name, mode=mode), name) is None
        ):
            return None
        code = "ESC009" if isinstance(value, dict) else "ESC003"
        return self.collector.read(code, path, lambda written: read_request(written, facts, is_own=is_own), value)

    def _given_once(self, mode: Mode, ranges: Mapping[str, RangeRequest], kubernetes: Mapping[str, Value]) -> None:
        """Keep a problem for each setting of the cluster that a range's need sets, too."""
        for key, setting in mode.settings.items():
            givers = [name for name, range_ in ranges.items() if range_.need and getattr(range_.need, key) is not None]
            if givers and setting in kubernetes:
                message = f"{setting} is set twice: here, and by {key} of range {givers[0]}."
                fix = f"Remove {setting}, or {key} of the range."
                self.collector.problem("ESC010", (*self.path, "kubernetes", setting), message, fix)

    def _options(self, mode: Mode) -> dict[str, OptionValue]:
        path = (*self.path, "options")
        table = self.collector.table(self.table, path)
        self.collector.only_known(table, mode.options, path)
        chosen: dict[str, OptionValue] = {}
        for name, option in mode.options.items():
            read = partial(read_option, option=option)
            value = self._value(f"options.{name}", read, table[name]) if name in table else None
            chosen[name] = option.default if value is None else value
        return chosen

    def _check_options(self, mode: Mode, options: Mapping[str, OptionValue], parts: Mapping[str, Part]) -> None:
        """Keep a problem for each option of a part that is not created, or of an account's setting that is not set."""
        pinned = pinned_account(self.table)
        for name, option in mode.options.items():
            if option.part and parts[option.part] != "create" and options[name] != option.default:
                message = f"{name} applies only to a {option.part} created here."
                self.collector.problem("ESC010", (*self.path, "options", name), message, f"Remove {name}.")
            if option.goes_with_account not in ("", *pinned) and options[name] != option.default:
                needed = f"account.{option.goes_with_account}"
                message, fix = f"{name} applies only with {needed}.", f"Set {needed}, or remove {name}."
                reason = f"{name} decides {option.purpose}."
                self.collector.problem("ESC010", (*self.path, "options", name), message, fix, reason, option.source)

    def _names(self, key: str, allowed: Mapping[str, Any]) -> list[str]:
        """Read a list of names, each one of those that are known, in their order; nothing names its own environment."""
        listed = self.table.get(key, [])
        path = (*self.path, key)
        if not isinstance(listed, list):
            self.collector.problem(
                "ESC004", path, f"{values.shown(listed)} is not a list.", f'Write {key} = ["name"].', _NAMES
            )
            return []
        own_name = self.path[-1] if key == "may_overlap" else ""
        good = [name for name in listed if isinstance(name, str) and name in allowed and name != own_name]
        for name in listed if len(good) < len(listed) else ():
            if name not in good:
                kind = "pool" if key == "pools" else "other environment"
                others = [other for other in allowed if other != own_name]
                fix = values.nearest(name, others) if others else f"None is defined: remove {values.shown(name)}."
                self.collector.problem("ESC004", path, f"There is no {kind} {values.shown(name)}.", fix, _NAMES)
        return good

    def _required(self, key: str, read: Callable[[object], T]) -> T | None:
        if key not in self.table:
            fix = f'Add it, such as {key} = "{_example(key, self.table, self.collector.facts.clouds)}".'
            self.collector.problem("ESC008", (*self.path, key), f"`{key}` is missing.", fix)
            return None
        return self._value(key, read, self.table[key])

    def _value(self, key: str, read: Callable[[object], T], value: object) -> T | None:
        return self.collector.read("ESC004", (*self.path, *key.split(".")), read, value)


def _read_backup(
    collector: Collector, table: Mapping[str, Any], path: KeyPath, database: Part, settings: Mapping[str, Setting]
) -> Mapping[str, Value] | None:
    """Read what is set of the scheduled backup, each setting with its value; None where no backup is asked for."""
    where = (*path, "backup")
    if "backup" not in table:
        return None
    _of_a_new_one(collector, where, database)
    chosen = read_settings(collector, table, where, settings)
    return {name: chosen.get(name, setting.default) for name, setting in settings.items()}


def _of_a_new_one(collector: Collector, where: KeyPath, database: Part) -> None:
    if database != "create":
        message = f"{where[-1]} applies only to a database created here."
        collector.problem("ESC010", where, message, f'Set database = "create" in parts, or remove {where[-1]}.')


def _read_acl(collector: Collector, table: Mapping[str, Any], path: KeyPath, database: Part) -> dict[str, str]:
    """Read the access list: CIDR blocks by the names of their owners, by alphabet."""
    where = (*path, "acl")
    entries = collector.table(table, where)
    for name in entries:
        collector.read("ESC005", (*where, name), read_reserved_name, name)
    if len(entries) > MOST_ENTRIES:
        collector.problem("ESC004", where, f"{len(entries)} blocks are set.", f"Set at most {MOST_ENTRIES}.", _ACL)
    if entries:
        _of_a_new_one(collector, where, database)
    blocks = collector.values(table, where, "ESC003", read_cidr)
    return {name: str(block) for name, block in sorted(blocks.items())}


def _read_database(
    collector: Collector, table: Mapping[str, Any], path: KeyPath, possible: Mapping[str, Setting], provider: str
) -> dict[str, Value]:
    """Read the settings of a database; those of another database or provider are reported as such."""
    where = (*path, "database")
    written = collector.table(table, where)
    every = collector.facts.kurrent.database
    for name in [name for name in written if name in every and name not in possible]:
        providers = every[name].providers
        if providers and provider not in providers:
            message = f"{name} needs provider = {' or '.join(providers)}."
        else:
            message = f"{name} applies only to a database created here."
        collector.problem("ESC010", (*where, name), message, f"Remove {name}.")
    readable = {name: value for name, value in written.items() if name in possible or name not in every}
    settings: dict[str, Value] = read_settings(collector, {"database": readable}, where, possible)
    return settings


def _check_existing_ranges(
    collector: Collector, path: KeyPath, mode: Mode, parts: Mapping[str, Part], ranges: Mapping[str, RangeRequest]
) -> None:
    """Keep a problem where something exists and its place is not given."""
    pinned = {name for name, request in ranges.items() if request.block is not None}
    if parts["kurrent-network"] == "existing" and "kurrent" not in pinned:
        message = "The range of the existing Kurrent network is missing."
        collector.problem(
            "ESC008", (*path, "ranges", "kurrent"), message, 'Add kurrent = "10.20.30.0/24" with its block.'
        )
    for name in mode.range_names():
        facts = mode.facts_of(name)
        if facts and parts.get(facts.part) == "existing" and facts.implied is None and name not in pinned:
            part = "network" if facts.part == "network" else "cluster"
            message = f"The range {name} of the existing {part} is missing."
            fix = f'Add {name} = "10.20.0.0/16" with its block.'
            collector.problem("ESC008", (*path, "ranges", name), message, fix)
    if mode.others and not ranges.keys() - {"kurrent"}:
        message = "No range is set that connects to the database."
        fix = 'Add each range with its block, such as nodes = "10.20.0.0/16".'
        collector.problem("ESC008", (*path, "ranges"), message, fix)


def _read_parts(
    collector: Collector, path: KeyPath, table: Mapping[str, Any], cloud: Cloud, mode: Mode
) -> tuple[dict[str, Part], dict[str, str]]:
    """Read what becomes of each part of an environment, and the names of those that exist."""
    choices = part_choices(mode, collector.facts.kurrent)
    written = collector.table(table, (*path, "parts"))
    collector.only_known(written, choices, (*path, "parts"))
    parts: dict[str, Part] = {}
    for name, possible in choices.items():
        read = partial(read_part, choices=possible)
        value = written.get(name, possible[0])
        parts[name] = collector.read("ESC004", (*path, "parts", name), read, value) or possible[0]
    for message, fix in _contradictions(parts, choices, cloud):
        collector.problem("ESC010", (*path, "parts"), message, fix)
    return parts, read_existing_parts(collector, (*path, "existing"), table, mode, parts, cloud.account)


def _contradictions(parts: Mapping[str, Part], choices: Choices, cloud: Cloud) -> Iterator[tuple[str, str]]:
    """Yield what cannot be together, and what would be right."""
    if parts["kurrent-network"] == "existing" and parts["kurrent-project"] != "existing":
        message = 'An existing Kurrent network needs an existing project, but kurrent-project is "create".'
        yield message, 'Set kurrent-project = "existing".'
    if parts["database"] == "existing" and parts["kurrent-network"] != "existing":
        message = 'An existing database needs an existing Kurrent network, but kurrent-network is "create".'
        yield message, 'Set kurrent-network = "existing".'
    if parts["kubernetes"] == "existing" and parts["network"] == "create" and "existing" in choices["network"]:
        message = f'An existing cluster needs an existing {cloud.network_term}, but network is "create".'
        yield message, 'Set network = "existing".'
    creates_cluster = "create" in choices["kubernetes"]
    if parts["network"] == "existing" and parts["kubernetes"] == "absent" and creates_cluster:
        other = next(mode.name for mode in cloud.modes.values() if mode.others)
        message = "With an existing network and no cluster, this mode creates no resource."
        yield message, f'Set mode = "{other}" to peer an existing {cloud.network_term}.'


def _example(key: str, table: Mapping[str, Any], clouds: Mapping[str, Cloud]) -> str:
    """Return a value that would work for a key that is missing, on the cloud that is given."""
    name = table.get("cloud")
    cloud = clouds[name if isinstance(name, str) and name in clouds else next(iter(clouds))]
    return {"cloud": cloud.name, "region": cloud.default_region, "mode": cloud.default_mode}[key]
