"""ESC5xx: places, modes and databases that may not be there, or not for long."""

from collections.abc import Iterator

from escscaffold.clouds.choices import Setting
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.rules.finding import Rule, Violation
from escscaffold.spec.values import nearest


def unknown_region(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each region that is not among those that Kurrent Cloud has published."""
    for environment in plan.environments:
        cloud, region = environment.spec.cloud, environment.spec.region
        if region not in cloud.regions:
            yield Violation(
                environment=environment.name,
                subject="region",
                message=f"{region} is not in Kurrent Cloud's published list of {cloud.title} regions.",
                fix=f"{nearest(region, cloud.regions)} For a newer region, check the Kurrent Cloud console.",
            )


def retiring(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment whose mode the cloud is going to end."""
    for environment in plan.environments:
        mode = environment.spec.mode
        if mode.retires:
            yield Violation(
                environment=environment.name,
                subject="mode",
                message=f"{environment.spec.cloud.title} retires {mode.name} on {mode.retires}.",
                fix=f'Set mode = "{mode.replacement}" for a new cluster.',
                source=mode.source,
            )


def not_for_production(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each database that is made as nobody should run one that matters."""
    for environment in plan.environments:
        spec = environment.spec
        for name, setting in spec.database_settings.items() if spec.parts.get("database") == "create" else ():
            value = str(spec.database.get(name, setting.default))
            if value in setting.warnings:
                yield Violation(
                    environment=environment.name,
                    subject=name,
                    message=f'{name} = "{value}" is not for production. {setting.warnings[value]}.',
                    fix=f'Set {name} = "{setting.default}", or accept ESC503 for a database without production use.',
                    source=setting.source,
                )
            yield from _too_small(environment, name, setting)


def _too_small(environment: EnvironmentPlan, name: str, setting: Setting) -> Iterator[Violation]:
    """Yield a setting that is smaller than what the vendor rates another setting of the environment with."""
    spec, rated = environment.spec, setting.rated
    # A disk can only grow, so a default is small: what a person chose is held to the rating.
    if rated is None or not {name, rated.setting} & spec.database.keys():
        return
    other = str(spec.database.get(rated.setting, spec.database_settings[rated.setting].default))
    value, least = spec.database.get(name, setting.default), rated.least.get(other, 0)
    if isinstance(value, int) and value < least:
        yield Violation(
            environment=environment.name,
            subject=name,
            message=f'{name} = {value} is below the {least} GB that Kurrent rates for {rated.setting} = "{other}".',
            fix=f"Set {name} = {least}, or accept ESC503 for a database without production use.",
            source=rated.source,
        )


RULES = (
    Rule(
        code="ESC501",
        severity="warning",
        title="Unknown region",
        reason="Kurrent Cloud offers regions with three zones. The published list can be older than the console.",
        source="https://docs.kurrent.io/cloud/faq.html",
        check=unknown_region,
    ),
    Rule(
        code="ESC502",
        severity="warning",
        title="Mode retired by the cloud",
        reason="A cluster cannot always change its mode in place and may need replacement later.",
        source="docs/reference/modes.md",
        check=retiring,
    ),
    Rule(
        code="ESC503",
        severity="warning",
        title="Database not sized for production",
        reason="Some sizes and topologies are for evaluation only. The topology cannot change later.",
        source="https://docs.kurrent.io/cloud/ops/sizing.html",
        check=not_for_production,
    ),
)
