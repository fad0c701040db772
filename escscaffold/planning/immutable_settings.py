"""What of an environment cannot change in place, other than ranges, and what a change of it replaces. Pure.

Each value has a name, by which the lock, flags and output refer to it: `pods_per_node`, `account.role_arn`,
`node_pools.batch.spot`. Names are made of the fields here, and only the lock's text is read back into fields.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from escscaffold.clouds.choices import Option, Setting, Value, option_word
from escscaffold.clouds.facts import pool_value
from escscaffold.clouds.replacing import NAMED
from escscaffold.planning.sizing import cluster_settings, database_settings
from escscaffold.spec.model import EnvironmentSpec

POOLS = "node_pools"
_NAME = "name"
_ACL = "acl"
_ACCOUNT, _BACKUP = "account", "backup"
_CREATE = "create"
UNSET = "none"
"""How a lock writes what is not set."""


class ImmutableSettings(Struct, frozen=True, kw_only=True):
    """What cannot change in place, each value as one word; nothing for what is not recorded."""

    name: str = ""
    """What resources are called: hardly any can be called otherwise later."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Settings of the cluster and of the database, options, and what becomes of each part, by their names."""
    account: Mapping[str, str] = field(default_factory=dict)
    """The account of the cloud, where it is pinned."""
    backup: Mapping[str, str] = field(default_factory=dict)
    node_pools: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The settings of each pool."""

    def by_name(self) -> dict[str, str]:
        """Return each value by its name."""
        return {
            **self.choices,
            **({_NAME: self.name} if self.name else {}),
            **{_joined(_ACCOUNT, key): value for key, value in self.account.items()},
            **{_joined(_BACKUP, key): value for key, value in self.backup.items()},
            **{
                _joined(POOLS, pool, key): value
                for pool, settings in self.node_pools.items()
                for key, value in settings.items()
            },
        }

    def completed(self, other: "ImmutableSettings") -> "ImmutableSettings":
        """Return these with the values of others for what is not recorded.

        >>> recorded = ImmutableSettings(choices={"pods_per_node": "64"})
        >>> recorded.completed(ImmutableSettings(choices={"pods_per_node": "110", "acl": "none"})).by_name()
        {'pods_per_node': '64', 'acl': 'none'}
        """
        pools = {**other.node_pools, **self.node_pools}
        return ImmutableSettings(
            name=self.name or other.name,
            choices={**other.choices, **self.choices},
            account={**other.account, **self.account},
            backup={**other.backup, **self.backup},
            node_pools={pool: {**other.node_pools.get(pool, {}), **settings} for pool, settings in pools.items()},
        )


def immutable_settings(spec: EnvironmentSpec) -> ImmutableSettings:
    """Return what of an environment cannot change in place: settings, options, and which parts are created."""
    values = {**cluster_settings(spec), **database_settings(spec)}
    settings = {name: _word(values.get(name, setting.default)) for name, setting in _settings(spec).items()}
    options = {
        name: _chosen(spec, name)
        for name, option in spec.mode.options.items()
        if option.replaces or option.replaces_to or option.replaces_from
    }
    has_database = spec.creates("database")
    pool_settings = spec.mode.pool_settings()
    return ImmutableSettings(
        name=spec.called,
        choices=settings | options | _parts(spec) | ({_ACL: "set" if spec.acl else "none"} if has_database else {}),
        # To pin the account, or to pin it no more, replaces nothing by itself.
        account={name: _word(value) for name, value in spec.account.items() if spec.cloud.account[name].replaces},
        backup={name: _word(value) for name, value in (spec.backup or {}).items()} if has_database else {},
        node_pools={
            name: {
                setting: _word(pool_value(pool_settings, pool.settings, setting))
                for setting, facts in pool_settings.items()
                if facts.replaces
            }
            for name, pool in spec.node_pools.items()
        },
    )


def replaced_with(spec: EnvironmentSpec, name: str, before: str) -> tuple[str, ...]:
    """Return the resources that are replaced or removed where the value of this name was another one before."""
    kurrent = spec.facts.kurrent
    if name == _NAME:
        return (NAMED,)
    if name in kurrent.parts_replace:
        return {str(part): names for part, names in kurrent.parts_replace[name].items()}.get(before, ())
    if name == _ACL:
        return kurrent.acl_replaces
    if (option := spec.mode.options.get(name)) is not None:
        now = _chosen(spec, name)
        return (*option.replaces, *option.replaces_from.get(before, ()), *option.replaces_to.get(now, ()))
    setting = _facts_by_name(spec)[name]
    stays = setting.replaces_when_unset and name in {**spec.kubernetes, **spec.database}
    return () if stays or before == setting.in_place_from else setting.replaces


def account_moves(spec: EnvironmentSpec) -> tuple[str, ...]:
    """Return the names of settings that move parts to another account where they are set, or unset."""
    return tuple(_joined(_ACCOUNT, name) for name, setting in spec.cloud.account.items() if setting.instead_of)


def choice_of(spec: EnvironmentSpec, name: str) -> Setting | Option | None:
    """Return the facts of an option, or of a setting that cannot change in place, by its name."""
    return spec.mode.options.get(name) or _facts_by_name(spec).get(name)


def parsed_settings(lines: Iterable[tuple[str, str]]) -> ImmutableSettings:
    """Return the settings of one environment in a lock, from names and values.

    >>> lines = [("pods_per_node", "110"), ("account.id", "1"), ("node_pools.batch.spot", "true")]
    >>> parsed_settings(lines).account, parsed_settings(lines).by_name() == dict(lines)
    ({'id': '1'}, True)
    """
    name, choices, account, backup = "", dict[str, str](), dict[str, str](), dict[str, str]()
    pools: dict[str, dict[str, str]] = {}
    for path, value in lines:
        match path.split(".", 2):
            case [key] if key == _NAME:
                name = value
            case [table, key] if table == _ACCOUNT:
                account[key] = value
            case [table, key] if table == _BACKUP:
                backup[key] = value
            case [table, pool, key] if table == POOLS:
                pools.setdefault(pool, {})[key] = value
            case _:
                choices[path] = value
    return ImmutableSettings(name=name, choices=choices, account=account, backup=backup, node_pools=pools)


def _facts_by_name(spec: EnvironmentSpec) -> Mapping[str, Setting]:
    pool_settings = spec.mode.pool_settings()
    return {
        **_settings(spec),
        **{_joined(_ACCOUNT, key): setting for key, setting in spec.cloud.account.items()},
        **{_joined(_BACKUP, key): setting for key, setting in spec.facts.kurrent.backup.items()},
        **{_joined(POOLS, pool, key): facts for pool in spec.node_pools for key, facts in pool_settings.items()},
    }


def _settings(spec: EnvironmentSpec) -> Mapping[str, Setting]:
    """Return the settings of what the environment makes that cannot change in place."""
    settings = {
        **(spec.mode.kubernetes if spec.creates("kubernetes") else {}),
        **(spec.database_settings if spec.creates("database") else {}),
    }
    return {name: setting for name, setting in settings.items() if setting.replaces}


def _parts(spec: EnvironmentSpec) -> dict[str, str]:
    """Return what becomes of each part that could be something else in this mode."""
    kurrent = spec.facts.kurrent
    choices = {**spec.mode.parts, **kurrent.parts}
    chosen = {part: spec.parts.get(part, _CREATE) for part in kurrent.parts_replace if part in choices}
    return {part: word for part, word in chosen.items() if len(choices[part]) > 1}


def _chosen(spec: EnvironmentSpec, option: str) -> str:
    return option_word(spec.options.get(option, spec.mode.options[option].default))


def _joined(*parts: str) -> str:
    return ".".join(parts)


def _word(value: Value | None) -> str:
    if value is None:
        return UNSET
    if isinstance(value, tuple):
        return ", ".join(value)
    return option_word(value) if isinstance(value, bool) else str(value)
