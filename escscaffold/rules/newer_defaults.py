"""ESC604: defaults that an environment was written with, and that a new one would no longer get."""

from collections.abc import Iterator

from escscaffold.clouds.defaults import OlderDefault, changes_with, default_text
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.sizing import cluster_settings
from escscaffold.rules.finding import Rule, Violation


def newer_defaults(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment that keeps a default for which there is a newer one."""
    for environment in plan.environments:
        older = _deciding(environment)
        if older:
            yield Violation(
                environment=environment.name,
                subject=older[0].key if len(older) == 1 else "defaults",
                message=f"Newer defaults: {', '.join(default.text for default in older)}.",
                fix=_fix(environment.name, older),
            )


def how_to_change(environment: str, older: OlderDefault) -> str:
    """Return how to take today's default of a setting that changes only together with another one.

    >>> how_to_change("prod", OlderDefault(key="database.server_version", kept="24.10", current="26.0"))
    'set both: escscaffold set prod.database.server_version=26.0 prod.database.server_version_tag=...'
    """
    section = older.key.partition(".")[0]
    value, other = default_text(older.current), changes_with(older.key)
    return f"set both: escscaffold set {environment}.{older.key}={value} {environment}.{section}.{other}=..."


def _deciding(environment: EnvironmentPlan) -> list[OlderDefault]:
    """Return the older defaults, without those of a number that the need of a range says."""
    given_keys = {f"kubernetes.{name}" for name in cluster_settings(environment.spec)}
    return [default for default in environment.spec.older_defaults if default.key not in given_keys]


def _fix(name: str, older: list[OlderDefault]) -> str:
    alone = [default for default in older if changes_with(default.key)]
    parts = []
    if len(alone) < len(older):
        parts.append(
            f"Defaults of an environment never change on their own. To take the new ones: escscaffold "
            f"generate --defaults={name} --dry-run"
        )
    parts += [f"For {default.key}, {how_to_change(name, default)}" for default in alone]
    return " ".join(part if part.endswith("...") else f"{part}." for part in parts)


RULES = (
    Rule(
        code="ESC604",
        severity="notice",
        title="Newer default available",
        reason="The lock keeps each environment's defaults, so an upgrade of escscaffold changes no existing resource.",
        source="docs/explanation/planner.md",
        check=newer_defaults,
    ),
)
