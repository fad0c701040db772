"""What the templates see of node pools and integrations: variables with their validations, and values."""

from collections.abc import Iterator, Mapping
from typing import Any

from escscaffold.clouds.choices import Setting
from escscaffold.clouds.facts import NodePoolFacts
from escscaffold.rendering.templates import hcl
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.node_pools import LABELS, TAINTS

_NODE_POOLS = "node_pools"
_POOLS = f"values(var.{_NODE_POOLS})"
_INTEGRATIONS = "integrations"


def node_pool_values(spec: EnvironmentSpec) -> dict[str, dict[str, Any]]:
    """Return the settings of each pool, as the variable takes them; nothing where there are none."""
    return {
        name: dict(sorted({**pool.settings, **({LABELS: dict(pool.labels)} if pool.labels else {})}.items()))
        for name, pool in spec.node_pools.items()
    }


def node_pool_rows(spec: EnvironmentSpec, settings_rows: Any) -> list[dict[str, Any]]:
    """Return each setting of a pool as `settings_rows` has them of a variable, with checks that look at every pool."""
    settings = spec.mode.pool_settings()
    rows: list[dict[str, Any]] = settings_rows(_NODE_POOLS, settings)
    return _for_each(rows, settings, _NODE_POOLS, "pool", "Each pool's")


def integration_rows(spec: EnvironmentSpec, settings_rows: Any) -> list[dict[str, Any]]:
    """Return each setting of an integration, with checks that look at every one."""
    settings = spec.facts.kurrent.integrations.settings
    rows: list[dict[str, Any]] = settings_rows(_INTEGRATIONS, settings)
    return _for_each(rows, settings, _INTEGRATIONS, "given", "Each integration's")


def _for_each(
    rows: list[dict[str, Any]], settings: Mapping[str, Setting], variable: str, item: str, owner: str
) -> list[dict[str, Any]]:
    """Return the rows of a variable that is a map of objects; `item` stands for one of them in a condition."""
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


def node_pool_checks(spec: EnvironmentSpec) -> list[dict[str, str]]:
    """Return the validations of the pools' names, labels and taints."""
    checks = _checks(spec.mode.pools) if spec.mode.pools else ()
    return [{"condition": condition, "message": message} for condition, message in checks]


def _checks(facts: NodePoolFacts) -> Iterator[tuple[str, str]]:
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


def integrations_by_sink(spec: EnvironmentSpec) -> list[dict[str, Any]]:
    """Return the integrations of each sink that has some: the type and the label of their resource, and their names."""
    by_sink = [
        {
            "type": sink.type,
            "label": sink.label,
            "names": [n for n, given in spec.integrations.items() if given["sink"] == name],
        }
        for name, sink in spec.facts.kurrent.integrations.sinks.items()
    ]
    return [sink for sink in by_sink if sink["names"]]
