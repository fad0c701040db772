"""The lock: what was granted and what was written, one line each, so that branches merge by line."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import PurePosixPath
from typing import Any

from escscaffold.errors import ScaffoldError
from escscaffold.planning.plan import AddressPlan, Granted
from escscaffold.spec.model import EnvironmentSpec, Spec
from escscaffold.spec.reading import has_merge_marks

VERSION = 1
_HEAD = f"""\
# Written by escscaffold: what was granted and what was written. Commit it, never edit it.
version = {VERSION}
"""


class LockError(ScaffoldError):
    """The lock cannot be read: edited by hand, broken off, or left with a merge conflict."""

    def __init__(self, problem: str, hint: str = "") -> None:
        usual = "Restore it from version control. Without it, ranges that were placed for you may move."
        super().__init__(f"escscaffold.lock cannot be read: {problem}", hint=hint or usual)


@dataclass(frozen=True, kw_only=True)
class Lock:
    """What a repository remembers of its last plan and write."""

    provider: str = ""
    """The Terraform provider for the Kurrent side; nothing where nothing was written yet."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Cloud, region and mode of each environment, as `setting_of` writes them."""
    granted: Granted = field(default_factory=dict)
    """Where each range lies, by environment and range name."""
    routed: Mapping[str, str] = field(default_factory=dict)
    """What each environment's peering routes to, blocks separated by ", "."""
    written: Mapping[str, str] = field(default_factory=dict)
    """The content id of each generated file as it was last written, by its path."""


def lock_of(plan: AddressPlan, written: Mapping[str, str]) -> Lock:
    """Return what to remember of a plan and of the files that were written for it."""
    return Lock(
        provider=plan.spec.provider,
        settings={environment.name: setting_of(environment.spec) for environment in plan.environments},
        granted=plan.granted(),
        routed={environment.name: environment.routed for environment in plan.environments},
        written=written,
    )


def setting_of(environment: EnvironmentSpec) -> str:
    """Return where and how an environment is made: what cannot change without making it anew."""
    return f"{environment.cloud.name} {environment.region} {environment.mode.name}"


def format_lock(lock: Lock) -> str:
    """Return the lock's text; the same lock gives the same bytes."""
    granted = {f"{environment}.{name}": str(block) for (environment, name), block in lock.granted.items()}
    tables = {"environments": lock.settings, "granted": granted, "routed": lock.routed, "written": lock.written}
    head = f'{_HEAD}provider = "{lock.provider}"\n' if lock.provider else _HEAD
    return head + "".join(f"\n[{name}]\n{_lines(table)}" for name, table in tables.items())


def read_lock(text: str) -> Lock:
    """Read the lock's text.

    Raises LockError for anything that `format_lock` would not have written, a path that leads
    out of the repository among them.
    """
    if has_merge_marks(text):
        raise LockError(
            "it holds the marks of a merge conflict.",
            hint="Keep the lines of both sides in [environments], [granted] and [routed], and either side of a key "
            "that both have; then take the marks out of escscaffold.toml, restore either side of the generated files "
            "from version control, and run escscaffold generate: it says where the two branches collide.",
        )
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LockError(f"{error}.") from None
    if document.get("version") != VERSION:
        raise LockError(f"its version is {document.get('version')!r}, and this escscaffold reads {VERSION}.")
    granted = {_range_key(key): _block(key, value) for key, value in _table(document, "granted").items()}
    written = {_path(key): _text(key, value) for key, value in _table(document, "written").items()}
    settings = {key: _text(key, value) for key, value in _table(document, "environments").items()}
    routed = {key: _text(key, value) for key, value in _table(document, "routed").items()}
    provider = _text("provider", document.get("provider", ""))
    return Lock(provider=provider, settings=settings, granted=granted, routed=routed, written=written)


def grants_for(lock: Lock, spec: Spec) -> Granted:
    """Return the places that hold for this spec: another cloud or mode has other ranges, and begins afresh."""
    kept = {name for name, one in spec.environments.items() if _same_ranges(lock.settings.get(name), setting_of(one))}
    return {key: block for key, block in lock.granted.items() if key[0] in kept}


def _same_ranges(before: str | None, now: str) -> bool:
    """Return True unless cloud or mode differ; the region, between them, has no say in the ranges."""
    return before is None or before.split(" ")[::2] == now.split(" ")[::2]


def _lines(table: Mapping[str, str]) -> str:
    return "".join(f'"{key}" = "{value}"\n' for key, value in sorted(table.items()))


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise LockError(f"[{name}] is not a table.")
    return table


def _range_key(key: str) -> tuple[str, str]:
    environment, dot, name = key.partition(".")
    if not dot:
        raise LockError(f"{key!r} does not name a range.")
    return environment, name


def _block(key: str, value: object) -> IPv4Network:
    try:
        return IPv4Network(_text(key, value))
    except ValueError as error:
        raise LockError(f"{key}: {error}.") from None


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise LockError(f"{key} is not text.")
    return value


def _path(key: str) -> str:
    path = PurePosixPath(key)
    inside = not path.is_absolute() and ".." not in path.parts and str(path) == key != "."
    if not inside or "\\" in key or not key.isprintable():
        raise LockError(f"{key!r} is not a path inside the repository.")
    return key
