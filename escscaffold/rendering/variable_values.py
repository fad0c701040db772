"""What the templates see of node pools and integrations: variables with their validations, values, names of secrets."""

from collections.abc import Iterator, Mapping
from typing import Any

from escscaffold.clouds.facts import NodePoolFacts
from escscaffold.rendering.templates import hcl
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.node_pools import LABELS, TAINTS

_NODE_POOLS = "node_pools"
_POOLS = f"values(var.{_NODE_POOLS})"
_INTEGRATIONS = "integrations"
_EACH_INTEGRATION = f"values(var.{_INTEGRATIONS})"


def node_pool_values(spec: EnvironmentSpec) -> dict[str, dict[str, Any]]:
    """Return what is said of each pool, as the variable takes it; nothing where there are none."""
    return {
        name: dict(sorted({**pool.settings, **({LABELS: dict(pool.labels)} if pool.labels else {})}.items()))
        for name, pool in spec.node_pools.items()
    }


def node_pool_rows(spec: EnvironmentSpec, settings_rows: Any) -> list[dict[str, Any]]:
    """Return each setting of a pool as `settings_rows` has them of a variable, with checks that look at every pool."""
    known = spec.mode.pool_settings()
    rows: list[dict[str, Any]] = settings_rows(_NODE_POOLS, known)
    for row in rows:
        row["needed"] = known[row["name"]].needed
        row["checks"] = [
            {
                "condition": f"alltrue([for pool in {_POOLS} : {_of_pool(check['condition'], row)}])",
                "message": check["message"].replace("The ", "Each pool's ", 1),
            }
            for check in row["checks"]
        ]
    return rows


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


def _of_pool(condition: str, row: Mapping[str, Any]) -> str:
    """Return what is asked of one pool; a setting that is needed is never null."""
    of_pool = condition.replace(f"var.{_NODE_POOLS}.", "pool.")
    return of_pool.removeprefix(f"pool.{row['name']} == null ? true : ") if row["needed"] else of_pool


def integration_context(spec: EnvironmentSpec, settings_rows: Any) -> dict[str, Any]:
    """Return the settings of an integration, each with checks that look at every one."""
    facts = spec.facts.kurrent.integrations
    rows: list[dict[str, Any]] = settings_rows(_INTEGRATIONS, facts.settings)
    for row in rows:
        row["needed"] = facts.settings[row["name"]].needed
        row["checks"] = [
            {
                "condition": f"alltrue([for given in {_EACH_INTEGRATION} : {_of_one(check['condition'], row)}])",
                "message": check["message"].replace("The ", "Each integration's ", 1),
            }
            for check in row["checks"]
        ]
    return {
        "integration_settings": rows,
    }


def integration_secrets(spec: EnvironmentSpec) -> dict[str, list[str]]:
    """Return what each integration signs in with, by its name."""
    sinks = spec.facts.kurrent.integrations.sinks
    return {name: list(sinks[str(given["sink"])].secrets) for name, given in spec.integrations.items()}


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


def _of_one(condition: str, row: dict[str, Any]) -> str:
    """Return what is asked of one integration; a setting that is needed is never null."""
    of_one = condition.replace(f"var.{_INTEGRATIONS}.", "given.")
    return of_one.removeprefix(f"given.{row['name']} == null ? true : ") if row["needed"] else of_one
