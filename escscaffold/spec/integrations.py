"""Reads integrations: where Kurrent Cloud sends issues, notifications, logs and metrics. A spec holds no secret."""

from collections.abc import Mapping
from typing import Any

from escscaffold.clouds.choices import Part, Value
from escscaffold.spec.model import EnvironmentSpec, Spec
from escscaffold.spec.settings import read_settings
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import Collector, read_environment_name, shown

SECRETS_VARIABLE = "TF_VAR_integration_secrets"
"""The environment variable that gives the secrets of an environment's integrations to Terraform."""
MOST = 20


def secrets_needed(spec: Spec) -> dict[str, tuple[str, ...]]:
    """Return the secrets of each integration, by its name; of a name in several environments, those of all."""
    needed: dict[str, tuple[str, ...]] = {}
    for environment in spec.environments.values():
        for name, secrets in secrets_of(environment).items():
            needed[name] = tuple(dict.fromkeys((*needed.get(name, ()), *secrets)))
    return needed


def secrets_of(environment: EnvironmentSpec) -> dict[str, tuple[str, ...]]:
    """Return what each integration of an environment signs in with, by its name."""
    sinks = environment.facts.kurrent.integrations.sinks
    return {name: sinks[str(given["sink"])].secrets for name, given in environment.integrations.items()}


def read_integrations(
    collector: Collector, table: Mapping[str, Any], path: KeyPath, database: Part
) -> dict[str, Mapping[str, Value]]:
    """Read the table of integrations under the last part of `path`, by their names in alphabetical order."""
    given = collector.table(table, path)
    if len(given) > MOST:
        collector.problem("ESC004", path, f"{len(given)} integrations are set.", f"Set at most {MOST}.")
        return {}
    read = {name: _integration(collector, given, (*path, name), database) for name in sorted(given)}
    return {name: settings for name, settings in read.items() if settings}


def _integration(collector: Collector, table: Mapping[str, Any], path: KeyPath, database: Part) -> Mapping[str, Value]:
    facts = collector.facts.kurrent.integrations
    collector.read("ESC005", path, read_environment_name, path[-1])
    given = dict(collector.table(table, path))
    for name in sorted({name for sink in facts.sinks.values() for name in sink.secrets} & given.keys()):
        message = f"{name} is a secret, and this file is committed."
        fix = f"Remove {name}, revoke it if it was committed, and set the new one by {SECRETS_VARIABLE}."
        collector.problem("ESC013", (*path, name), message, fix, "Everyone who reads the repository could use it.")
        del given[name]
    settings: Mapping[str, Value] = read_settings(collector, {path[-1]: given}, path, facts.settings)
    sink = facts.sinks.get(str(settings.get("sink")))
    if sink and sink.of_database and database != "create":
        message = f"sink = {shown(settings['sink'])} needs the id of a database created here."
        fix = 'Set database = "create" in parts, or remove it.'
        collector.problem("ESC010", (*path, "sink"), message, fix, source=facts.settings["sink"].source)
    return settings
