"""The accounts of an environment: its table `account`, and whether everything that exists is in them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.choices import Setting, Value
from escscaffold.clouds.facts import Cloud, Credentials, Mode
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.settings import read_settings
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import Collector, shown

_ONE_ACCOUNT = "Terraform looks up and creates all resources of an environment in the accounts that it names."


def read_account(
    collector: Collector, table: Mapping[str, Any], path: KeyPath, settings: Mapping[str, Setting], mode: Mode
) -> dict[str, Value]:
    """Read the account of an environment; nothing that is not given is decided by default."""
    account: dict[str, Value] = read_settings(collector, table, path, settings)
    for name in [name for name in account if name in mode.account_refused]:
        message, reason = f"{mode.name} cannot have {name}.", mode.account_refused[name]
        collector.problem("ESC010", (*path, name), message, f"Remove {name}.", reason, settings[name].source)
    for name, value in account.items():
        if (default_setting := settings[name].instead_of) and account.get(default_setting) == value:
            message = f"{name} is the same as {default_setting}, {shown(value)}."
            fix, reason = f"Remove {name}, or name another one.", f"Without {name}, everything is in {default_setting}."
            collector.problem("ESC010", (*path, name), message, fix, reason, settings[name].source)
    for other in _other_accounts(account, settings):
        message = f"{other.name} is in {other.named}, and {other.pinned} is {shown(account[other.pinned])}."
        fix = f'Write {other.pinned} = "{other.named}", or the {other.name} of {account[other.pinned]}.'
        collector.problem("ESC010", (*path, other.name), message, fix)
    return account


class OtherAccount(Struct, frozen=True, kw_only=True):
    """A value that names another account than the one that is pinned."""

    name: str
    pinned: str
    """The setting that pins it."""
    named: str
    """The account that the value names."""


def _other_accounts(account: Mapping[str, Value], settings: Mapping[str, Setting]) -> Iterator[OtherAccount]:
    """Yield each value that names another account than the pinned one."""
    for name, setting in settings.items():
        for pinned, pattern in setting.repeats.items():
            match = re.search(pattern, str(account[name])) if name in account and pinned in account else None
            if match and match[1] != account[pinned]:
                yield OtherAccount(name=name, pinned=pinned, named=match[1])


def pinned_account(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the table of the account as written, or an empty one: `read_account` reports what is no table."""
    account = table.get("account")
    return account if isinstance(account, Mapping) else {}


def check_one_account(
    collector: Collector,
    where: KeyPath,
    table: Mapping[str, Any],
    accounts: Sequence[tuple[str, str, str]],
    settings: Mapping[str, Setting],
) -> None:
    """Keep a problem for each full id of another account than the pinned one, or than another full id."""
    pinned = pinned_account(table)
    first: dict[str, tuple[str, str]] = {}
    for name, default_setting, inner in accounts:
        setting = _account_of(name, default_setting, pinned, settings)
        other, (first_name, first_account) = pinned.get(setting), first.setdefault(setting, (name, inner))
        elsewhere = {part: _set_instead(part, setting, settings) for part in (name, first_name)}
        # Azure compares the ids of subscriptions without regard to case.
        if isinstance(other, str) and other.casefold() != inner.casefold():
            message = f"{name} is in {inner}, but account.{setting} is {shown(other)}."
            named = " or account.".join([setting, *elsewhere[name]])
            fix = f'Set account.{named} = "{inner}", or name an object of {other}.'
            collector.problem("ESC010", (*where, name), message, fix, _ONE_ACCOUNT)
        elif first_account.casefold() != inner.casefold() and not isinstance(other, str):
            message = f"{name} is in {inner}, but {first_name} is in {first_account}."
            ways = [f'account.{key} = "{inner}"' for key in elsewhere[name]]
            ways += [f'account.{key} = "{first_account}"' for key in elsewhere[first_name]]
            or_set = f", or set {ways[0]}" if ways else ""
            fix = f"Name a {name} of {first_account}, or a {first_name} of {inner}{or_set}."
            collector.problem("ESC010", (*where, name), message, fix, _ONE_ACCOUNT)


def _account_of(part: str, default_setting: str, pinned: Mapping[str, Any], settings: Mapping[str, Setting]) -> str:
    """Return the setting that names the account of a part: `default_setting`, or one that is pinned instead of it."""
    return next((name for name in _set_instead(part, default_setting, settings) if name in pinned), default_setting)


def _set_instead(part: str, default_setting: str, settings: Mapping[str, Setting]) -> list[str]:
    """Return the settings that can name the account of a part instead of `default_setting`."""
    return [
        name for name, setting in settings.items() if setting.instead_of == default_setting and part in setting.parts
    ]


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
