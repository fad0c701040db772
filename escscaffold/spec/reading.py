"""From a TOML document, or the same shape made of flags, to a `Spec`: all problems at once."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Network
from typing import Any, TypeVar

from escscaffold.clouds.facts import Mode
from escscaffold.clouds.loading import cloud_names, load_cloud
from escscaffold.errors import Problem, SpecError
from escscaffold.spec import values
from escscaffold.spec.model import EnvironmentSpec, RangeRequest, Spec
from escscaffold.spec.places import KeyPath, key_lines, line_of

VERSION = 1
DEFAULT_PROVIDER = "kurrentcloud"
PARTS = ("network", "kubernetes", "kurrent-project", "kurrent-network", "database")

_TOP_KEYS = ("version", "provider", "reserved", "environments")
ENVIRONMENT_KEYS = ("cloud", "region", "mode", "routes", "ranges", "parts")

T = TypeVar("T")


def read_spec(text: str, source: str = "escscaffold.toml") -> Spec:
    """Read the text of an `escscaffold.toml`.

    Raises SpecError with every problem, each at `source` and its line.
    """
    document = parse_toml(text, source)
    lines = key_lines(text)
    return build_spec(document, lambda path: f"{source}:{line_of(lines, path)}")


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """Parse TOML; raises SpecError with the place where the text stops being TOML."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{source}:{line[1]}" if line else source
        code = "ESC007" if "overwrite" in str(error) or "twice" in str(error) else "ESC001"
        if has_merge_marks(text):
            message, fix = "This holds the marks of a merge conflict.", "Keep what is right of both sides."
            raise SpecError((Problem(code="ESC001", path=(), place=where, message=message, fix=fix),)) from None
        message = f"This is not TOML: {error or 'it is nested too deeply'}."
        fix = "Give each key once." if code == "ESC007" else "Mend the line; strings stand in quotes."
        raise SpecError((Problem(code=code, path=(), place=where, message=message, fix=fix),)) from None


def has_merge_marks(text: str) -> bool:
    """Return True if a merge left its conflict in the text."""
    return any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines())


def build_spec(document: Mapping[str, Any], place: Callable[[KeyPath], str]) -> Spec:
    """Check a parsed document and return it as frozen objects.

    `place` tells where the person wrote a key. Raises SpecError with every problem.
    """
    reader = _Reader(place)
    spec = reader.spec(document)
    if reader.problems:
        raise SpecError(tuple(reader.problems))
    return spec


class _Reader:
    """Walks the document once and gathers problems instead of stopping at the first."""

    def __init__(self, place: Callable[[KeyPath], str]) -> None:
        self.place = place
        self.problems: list[Problem] = []

    def spec(self, document: Mapping[str, Any]) -> Spec:
        self._only_known(document, _TOP_KEYS, ())
        self._version(document.get("version"))
        provider = self._read("ESC004", ("provider",), values.read_provider, document.get("provider", DEFAULT_PROVIDER))
        reserved = self._table(document, ("reserved",))
        environments = self._table(document, ("environments",))
        return Spec(
            provider=provider or DEFAULT_PROVIDER,
            reserved={n: b for n, cidr in reserved.items() if (b := self._reserved(n, cidr))},
            environments={n: e for n, table in environments.items() if (e := self._environment(n, table))},
        )

    def _version(self, version: object) -> None:
        if version is None:
            self._problem("ESC008", ("version",), "`version` is missing.", f"Add: version = {VERSION}")
        elif version != VERSION or isinstance(version, bool):
            message = f"version {values.shown(version)} is not one that this escscaffold reads."
            self._problem("ESC006", ("version",), message, f"Write version = {VERSION}, or upgrade escscaffold.")

    def _reserved(self, name: str, cidr: object) -> IPv4Network | None:
        path = ("reserved", name)
        self._read("ESC005", path, values.read_reserved_name, name)
        return self._read("ESC003", path, values.read_cidr, cidr)

    def _environment(self, name: str, table: object) -> EnvironmentSpec | None:
        path = ("environments", name)
        self._read("ESC005", path, values.read_environment_name, name)
        if not isinstance(table, dict):
            self._problem("ESC002", path, f"{values.shown(name)} is not a table.", f"Write [environments.{name}].")
            return None
        self._only_known(table, ENVIRONMENT_KEYS, path)
        self._parts(table, path)
        routes = self._read("ESC004", (*path, "routes"), values.read_routes, table.get("routes", "supernet"))
        region = self._required(table, path, "region", values.read_region)
        cloud_name = self._required(table, path, "cloud", values.read_cloud)
        mode_name = None
        if cloud_name is not None:
            mode_name = self._required(table, path, "mode", lambda value: values.read_mode(value, cloud_name))
        mode = load_cloud(cloud_name).modes[mode_name] if cloud_name and mode_name else None
        given = dict(self._table(table, (*path, "ranges")))
        remote: tuple[IPv4Network, ...] = ()
        if "remote" in given:
            remote = self._read("ESC003", (*path, "ranges", "remote"), values.read_remote, given.pop("remote")) or ()
        ranges = {n: r for n, value in given.items() if (r := self._range(path, mode, n, value)) is not None}
        if cloud_name is None or mode is None:
            return None
        return EnvironmentSpec(
            name=name,
            cloud=load_cloud(cloud_name),
            region=region or "",
            mode=mode,
            routes=routes or "supernet",
            remote=remote,
            ranges=ranges,
        )

    def _range(self, path: KeyPath, mode: Mode | None, name: str, value: object) -> RangeRequest | None:
        here = (*path, "ranges", name)
        if mode is not None and name != "kurrent" and mode.facts_of(name) is None:
            known = ("kurrent", *mode.range_names(), "remote")
            fix = values.nearest(name, known)
            if name in mode.ranges:
                zones = [zone for zone in mode.range_names() if mode.facts_of(zone) is mode.ranges[name]]
                fix = f"There is one in each zone: {', '.join(zones)}."
            self._problem("ESC002", here, f"{mode.name} has no range {values.shown(name)}.", fix)
            return None
        return self._read("ESC003", here, values.read_range, value)

    def _parts(self, table: Mapping[str, Any], path: KeyPath) -> None:
        parts = self._table(table, (*path, "parts"))
        self._only_known(parts, PARTS, (*path, "parts"))
        for name in parts.keys() & set(PARTS):
            self._read("ESC004", (*path, "parts", name), values.read_part, parts[name])

    def _required(self, table: Mapping[str, Any], path: KeyPath, key: str, read: Callable[[object], T]) -> T | None:
        if key not in table:
            self._problem(
                "ESC008", (*path, key), f"`{key}` is missing.", f'Add it, such as {key} = "{_example(key, table)}".'
            )
            return None
        return self._read("ESC004", (*path, key), read, table[key])

    def _table(self, document: Mapping[str, Any], path: KeyPath) -> Mapping[str, Any]:
        table = document.get(path[-1], {})
        if isinstance(table, dict):
            return table
        self._problem("ESC002", path, f"`{path[-1]}` is not a table.", f"Write [{'.'.join(path)}] above its keys.")
        return {}

    def _only_known(self, table: Mapping[str, Any], known: Iterable[str], path: KeyPath) -> None:
        for key in table:
            if key not in known:
                self._problem("ESC002", (*path, key), f"Unknown key {values.shown(key)}.", values.nearest(key, known))

    def _read(self, code: str, path: KeyPath, read: Callable[[object], T], value: object) -> T | None:
        try:
            return read(value)
        except values.BadValue as error:
            self._problem(code, path, error.message, error.fix)
            return None

    def _problem(self, code: str, path: KeyPath, message: str, fix: str) -> None:
        self.problems.append(Problem(code=code, path=path, place=self.place(path), message=message, fix=fix))


def _example(key: str, table: Mapping[str, Any]) -> str:
    """Return a value that would work for a key that is missing, on the cloud that is given."""
    cloud = load_cloud(table["cloud"] if table.get("cloud") in cloud_names() else cloud_names()[0])
    return {"cloud": cloud.name, "region": cloud.default_region, "mode": cloud.default_mode}[key]
