"""Reads what pins an environment to one account of its cloud, and what its values must repeat of one another. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.choices import Setting, Value
from escscaffold.clouds.facts import Cloud, Credentials
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.settings import read_settings
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import Collector, shown


class OtherAccount(Struct, frozen=True, kw_only=True):
    """A value that names another account than the one that is pinned."""

    name: str
    pinned: str
    """The setting that pins it."""
    named: str
    """The account that the value names."""


def read_account(
    found: Collector, table: Mapping[str, Any], path: KeyPath, known: Mapping[str, Setting]
) -> dict[str, Value]:
    """Read the account of an environment; nothing that is not given is decided by default."""
    given: dict[str, Value] = read_settings(found, table, path, known)
    for name, setting in known.items():
        if name in given and setting.goes_with and setting.goes_with not in given:
            message = f"{name} goes with {setting.goes_with}, which is not given."
            found.problem("ESC010", (*path, name), message, f"Add {setting.goes_with}, or leave {name} out.")
    for other in other_accounts(given, known):
        message = f"{other.name} is in {other.named}, and {other.pinned} is {shown(given[other.pinned])}."
        fix = f'Write {other.pinned} = "{other.named}", or the {other.name} of {given[other.pinned]}.'
        found.problem("ESC010", (*path, other.name), message, fix)
    return given


def other_accounts(given: Mapping[str, Value], known: Mapping[str, Setting]) -> Iterator[OtherAccount]:
    """Yield each value that names another account than the one that is pinned beside it."""
    for name, setting in known.items():
        for pinned, pattern in setting.repeats.items():
            found = re.search(pattern, str(given[name])) if name in given and pinned in given else None
            if found and found[1] != given[pinned]:
                yield OtherAccount(name=name, pinned=pinned, named=found[1])


def credentials_needed(cloud: Cloud, environments: Iterable[EnvironmentSpec]) -> Credentials:
    """Return what signs Terraform in at a cloud, without what every one of its environments has pinned."""
    accounts = [environment.account for environment in environments if environment.cloud.name == cloud.name]
    pinned = {
        setting.variable
        for name, setting in cloud.account.items()
        if setting.variable and all(name in account for account in accounts)
    }
    ways = [tuple(name for name in way if name not in pinned) for way in cloud.credentials.ways]
    needed = tuple(name for name in cloud.credentials.needed if name not in pinned)
    return replace(cloud.credentials, needed=needed, ways=tuple(ways))
