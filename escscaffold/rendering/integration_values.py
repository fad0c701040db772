"""What the templates see of integrations: a variable with its validations, and the secrets of each."""

from typing import Any

from escscaffold.spec.model import EnvironmentSpec

_VARIABLE = "integrations"


def integration_context(spec: EnvironmentSpec, settings_rows: Any) -> dict[str, Any]:
    """Return the settings of an integration, each with checks that look at every one."""
    facts = spec.facts.kurrent.integrations
    rows: list[dict[str, Any]] = settings_rows(_VARIABLE, facts.settings)
    for row in rows:
        row["needed"] = facts.settings[row["name"]].needed
        row["checks"] = [
            {
                "condition": f"alltrue([for given in values(var.{_VARIABLE}) : {_of_one(check['condition'], row)}])",
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
    of_one = condition.replace(f"var.{_VARIABLE}.", "given.")
    return of_one.removeprefix(f"given.{row['name']} == null ? true : ") if row["needed"] else of_one
