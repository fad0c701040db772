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
                message=f"{region} is not among the regions of {cloud.title} that Kurrent Cloud published.",
                fix=f"{nearest(region, cloud.regions)} If it is a newer region, look in the Kurrent Cloud console.",
            )


def retiring(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment whose mode the cloud is going to end."""
    for environment in plan.environments:
        mode = environment.spec.mode
        if mode.retires:
            yield Violation(
                environment=environment.name,
                subject="mode",
                message=f"{environment.spec.cloud.title} retires what {mode.name} stands on, on {mode.retires}.",
                fix=f'For a new cluster take mode = "{mode.replacement}".',
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
                    fix=f'Take {name} = "{setting.default}", or accept it where nothing depends on the database.',
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
            message=f'{name} = {value} is less than the {least} GB that {rated.setting} = "{other}" is rated with.',
            fix=f"Set {name} = {least}, or accept it where nothing depends on the database.",
            source=rated.source,
        )


RULES = (
    Rule(
        code="ESC501",
        severity="warning",
        title="A region that is not known",
        reason="Kurrent Cloud offers regions with three zones; its last published list may be behind its console.",
        source="https://docs.kurrent.io/cloud/faq.html",
        check=unknown_region,
    ),
    Rule(
        code="ESC502",
        severity="warning",
        title="A mode that the cloud is going to end",
        reason="A cluster cannot change to every other mode in place: what is built now has to be built again.",
        source="docs/reference/modes.md",
        check=retiring,
    ),
    Rule(
        code="ESC503",
        severity="warning",
        title="A database that is not for production",
        reason="Some sizes and topologies are there to try things out, and one of them can never be changed.",
        source="https://docs.kurrent.io/cloud/ops/sizing.html",
        check=not_for_production,
    ),
)
