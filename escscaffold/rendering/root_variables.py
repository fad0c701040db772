"""The variables of a root module, as its templates see them: arguments with their validations, and values.

Each setting of the spec is an argument, but for those that only select a module. A condition is an expression in HCL.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec.structs import replace

from escscaffold.clouds.choices import Setting, Value
from escscaffold.clouds.facts import NodePoolFacts
from escscaffold.clouds.known_facts import Facts
from escscaffold.rendering.templates import hcl
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.node_pools import LABELS, TAINTS

_NODE_POOLS = "node_pools"
_POOLS = f"values(var.{_NODE_POOLS})"
_INTEGRATIONS = "integrations"
_TYPES = {
    "number": "number",
    "text": "string",
    "switch": "bool",
    "texts": "list(string)",
    "ranges": "set(string)",
}
Rows = list[dict[str, Any]]
"""The arguments of a variable: name, type, default, purpose and checks."""


def kubernetes_rows(spec: EnvironmentSpec) -> Rows:
    """Return each setting of the cluster; those by default are computed once."""
    defaults = spec.facts.clouds[spec.cloud.name].modes[spec.mode.name].kubernetes
    if spec.mode.kubernetes is defaults:
        return _default_kubernetes_rows(spec.facts, spec.cloud.name, spec.mode.name)
    return _settings_rows("kubernetes", spec.mode.kubernetes)


@cache
def _default_kubernetes_rows(facts: Facts, cloud: str, mode: str) -> Rows:
    return _settings_rows("kubernetes", facts.clouds[cloud].modes[mode].kubernetes)


def backup_rows(spec: EnvironmentSpec) -> Rows:
    """Return each setting of a scheduled backup."""
    defaults = spec.facts.kurrent.backup
    if spec.backup_settings is defaults:
        return _default_backup_rows(spec.facts)
    return _settings_rows("backup", spec.backup_settings)


@cache
def _default_backup_rows(facts: Facts) -> Rows:
    return _settings_rows("backup", facts.kurrent.backup)


def database_rows(spec: EnvironmentSpec) -> Rows:
    """Return each setting of the database that can have a value here."""
    return _settings_rows("database", _possible(spec.database_settings))


def account_rows(spec: EnvironmentSpec) -> Rows:
    """Return each setting of the account; nothing where none is pinned."""
    return _settings_rows("account", spec.cloud.account) if spec.account else []


def node_pool_rows(spec: EnvironmentSpec) -> Rows:
    """Return each setting of a node pool, with checks that look at every pool."""
    settings = spec.mode.pool_settings()
    return _for_each(settings, _NODE_POOLS, "pool", "Each pool's")


def integration_rows(spec: EnvironmentSpec) -> Rows:
    """Return each setting of an integration, with checks that look at every one."""
    settings = spec.facts.kurrent.integrations.settings
    return _for_each(settings, _INTEGRATIONS, "given", "Each integration's")


def node_pool_checks(spec: EnvironmentSpec) -> list[dict[str, str]]:
    """Return the validations of the pools' names, labels and taints."""
    checks = _pool_checks(spec.mode.pools) if spec.mode.pools else ()
    return [{"condition": condition, "message": message} for condition, message in checks]


def arguments(settings: Mapping[str, Setting], values: Mapping[str, Value]) -> dict[str, Value]:
    """Return what is given of the settings, but for those that select a module."""
    return {name: value for name, value in values.items() if not settings[name].selects_module}


def node_pool_values(spec: EnvironmentSpec) -> dict[str, dict[str, Any]]:
    """Return the settings of each pool, as the variable takes them; nothing where there are none."""
    return {
        name: dict(sorted({**pool.settings, **({LABELS: dict(pool.labels)} if pool.labels else {})}.items()))
        for name, pool in spec.node_pools.items()
    }


def integrations_by_sink(spec: EnvironmentSpec) -> list[dict[str, Any]]:
    """Return the integrations of each sink that has some: the type and the label of their resource, and their names."""
    by_sink = [
        {
            "type": sink.type,
            "label": sink.label,
            "names": [n for n, settings in spec.integrations.items() if settings["sink"] == name],
        }
        for name, sink in spec.facts.kurrent.integrations.sinks.items()
    ]
    return [sink for sink in by_sink if sink["names"]]


def _for_each(settings: Mapping[str, Setting], variable: str, item: str, owner: str) -> Rows:
    """Return the rows of a variable that is a map of objects; `item` stands for one of them in a condition."""
    rows = _settings_rows(variable, settings)
    for row in rows:
        row["needed"] = settings[row["name"]].needed
        row["checks"] = [
            {
                "condition": f"alltrue([for {item} in values(var.{variable}) : "
                f"{_of_item(check['condition'], variable, item, row)}])",
                "message": check["message"].replace("The ", f"{owner} ", 1),
            }
            for check in row["checks"]
        ]
    return rows


def _of_item(condition: str, variable: str, item: str, row: Mapping[str, Any]) -> str:
    """Return what is asked of one object; a setting that is needed is never null."""
    of_item = condition.replace(f"var.{variable}.", f"{item}.")
    return of_item.removeprefix(f"{item}.{row['name']} == null ? true : ") if row["needed"] else of_item


def _pool_checks(facts: NodePoolFacts) -> Iterator[tuple[str, str]]:
    name = hcl(f"^{facts.name_pattern}$")
    yield (
        f"alltrue([for name in keys(var.{_NODE_POOLS}) : can(regex({name}, name)) && "
        f"!contains({hcl(facts.names_taken)}, name)])",
        f"A pool's name must be like {facts.name_example}, and not {' or '.join(facts.names_taken)}.",
    )
    key, value = (hcl(f"^{pattern}$") for pattern in (facts.labels.key_pattern, facts.labels.value_pattern))
    yield (
        f"alltrue(flatten([for pool in {_POOLS} : [for key, value in pool.{LABELS} : "
        f"can(regex({key}, key)) && can(regex({value}, value))]]))",
        f"Each label must be like {facts.labels.example}.",
    )
    yield (
        f"alltrue([for part in setproduct({hcl(facts.reserved)}, flatten([for pool in {_POOLS} : "
        f"concat(keys(pool.{LABELS}), pool.{TAINTS})])) : !strcontains(part[1], part[0])])",
        f"Keys of labels and taints with {' or '.join(facts.reserved)} are set by the cluster alone.",
    )


def _possible(settings: Mapping[str, Setting]) -> dict[str, Setting]:
    """Return the settings as they are where another has few choices.

    Each is omitted, or always has a value.
    """
    possible: dict[str, Setting] = {}
    for name, setting in settings.items():
        needed = [(set(settings[other].choices), set(words)) for other, words in setting.needed_with.items()]
        if all(choices & words for choices, words in needed):
            always = setting.default is not None and all(choices <= words for choices, words in needed)
            possible[name] = replace(setting, needed_with={}) if always else setting
    return possible


def _settings_rows(variable: str, settings: Mapping[str, Setting]) -> Rows:
    """Return each setting as an argument of `variable`, by alphabet: name, type, default, purpose and checks."""
    return [
        {
            "name": name,
            "type": _TYPES[setting.kind],
            "default": setting.default,
            "purpose": setting.purpose,
            "checks": [{"condition": c, "message": m} for c, m in _checks(variable, setting)],
        }
        for name, setting in sorted(settings.items())
        if not setting.selects_module
    ]


def _checks(variable: str, setting: Setting) -> Iterator[tuple[str, str]]:
    """Yield the condition, as an expression in HCL, and the message of each validation."""
    value = f"var.{variable}.{setting.name}"
    example = hcl(setting.example or setting.default) if setting.example or setting.default is not None else ""
    yield from _of_value(value, setting, example)
    for other, pattern in setting.repeats.items():
        pinned, repeated = f"var.{variable}.{other}", f"regex({hcl(pattern)}, {value})[0]"
        yield (
            f"{value} == null || {pinned} == null ? true : try({repeated} == {pinned}, false)",
            f"The {setting.name} must be one of the {other}.",
        )
    if setting.goes_with:
        nothing = f"length({value}) == 0" if setting.kind == "texts" else f"{value} == null"
        yield (
            f"{nothing} || var.{variable}.{setting.goes_with} != null",
            f"The {setting.name} requires {setting.goes_with}.",
        )
    if setting.at_most:
        below = f"{value} <= var.{variable}.{setting.at_most}"
        condition = below if setting.default is not None else f"{value} == null ? true : {below}"
        yield condition, f"The {setting.name} must be no more than {setting.at_most}."
    for other, words in setting.only_with.items():
        yield (
            f"{value} == {hcl(setting.default)} || {_one_of(words, f'var.{variable}.{other}')}",
            f"The {setting.name} must be {hcl(setting.default)} unless {other} is {' or '.join(words)}.",
        )
    for other, words in setting.needed_with.items():
        needed = _one_of(words, f"var.{variable}.{other}")
        yield (
            f"({needed}) == ({value} != null)",
            f"The {setting.name} requires {other} = {' or '.join(words)}, and must be set there.",
        )


def _one_of(words: Sequence[str], value: str) -> str:
    """Return the expression that asks whether a value is one of the words."""
    return f"contains({hcl(words)}, {value})" if len(words) > 1 else f"{value} == {hcl(words[0])}"


def _of_value(value: str, setting: Setting, example: str) -> Iterator[tuple[str, str]]:
    for test, message in _tests(setting, example):
        if setting.kind == "texts":
            yield f"alltrue([for one in {value} : {test.format('one')}])", message
        elif setting.kind == "ranges":
            yield f"alltrue([for cidr in {value} : {test.format('cidr')}])", message
        elif setting.default is None:
            yield f"{value} == null ? true : {test.format(value)}", message
        else:
            yield test.format(value), message


def _tests(setting: Setting, example: str) -> Iterator[tuple[str, str]]:
    """Yield each test with `{}` in the place of the value, and what would be right."""
    if setting.choices:
        words = " or ".join(filter(None, (", ".join(setting.choices[:-1]), setting.choices[-1])))
        yield _one_of(setting.choices, "{}"), f"The {setting.name} must be {words}."
    if setting.pattern:
        pattern = hcl(f"^{setting.pattern}$").replace("{", "{{").replace("}", "}}")
        yield f"can(regex({pattern}, {{}}))", f"The {setting.name} must be like {example.strip('[]')}."
    if setting.least is not None and setting.most is not None:
        test = f"{{0}} >= {setting.least} && {{0}} <= {setting.most}"
        yield test, f"The {setting.name} must be {setting.least} to {setting.most}."
    elif setting.least is not None:
        yield f"{{}} >= {setting.least}", f"The {setting.name} must be {setting.least} or more."
    if setting.kind == "ranges":
        yield (
            "try(can(cidrnetmask({0})) && cidrsubnet({0}, 0, 0) == {0}, false)",
            f"Each of the {setting.name} must be an IPv4 range without host bits, such as 198.51.100.0/24.",
        )
