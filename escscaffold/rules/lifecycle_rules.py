"""ESC5xx: places, modes, databases, versions and providers that may not be there, or not for long: as of a day."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.choices import Setting, Value
from escscaffold.clouds.facts import Severity, pool_value
from escscaffold.clouds.lifecycles import KnownRelease, Lifecycle, older
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.rules.finding import Rule, Violation
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.values import nearest

WARNED_BEFORE = timedelta(days=90)
"""How long before the end of support a warning begins: AWS announces an end 60 days before it."""
Stage = Literal["ends soon", "extended", "ended", "refused", "unknown", "deprecated"]
_CODES: dict[Stage, str] = {
    "ends soon": "ESC504",
    "extended": "ESC505",
    "ended": "ESC505",
    "refused": "ESC506",
    "unknown": "ESC507",
    "deprecated": "ESC508",
}
_KNOWS_NONE = "has no facts on a release with longer support, as of"
_PAGE = "docs/reference/lifecycles.md"
_NO_FIXES = "The vendor provides no security fixes or help after the end of support."
_TITLES: dict[str, tuple[Severity, str, str]] = {
    "ESC504": ("warning", "Support ends within 90 days", _NO_FIXES),
    "ESC505": ("warning", "Support has ended", _NO_FIXES),
    "ESC506": (
        "error",
        "Support has ended and the cloud refuses it",
        "The cloud creates nothing with this value, so the apply fails.",
    ),
    "ESC507": (
        "warning",
        "End of support unknown",
        "Without a date, no warning can appear before support ends.",
    ),
    "ESC508": (
        "warning",
        "Deprecated by its vendor",
        "The vendor can end support of a deprecated product at any time.",
    ),
}
"""The severity of each code, its title, and its reason."""


def unknown_region(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each region that is not among those that Kurrent Cloud has published."""
    for environment in plan.environments:
        cloud, region = environment.spec.cloud, environment.spec.place_of_kurrent
        if region not in cloud.regions:
            yield Violation(
                environment=environment.name,
                subject="kurrent_region" if environment.spec.kurrent_region else "region",
                message=f"{region} is not in the list of {cloud.title} regions that Kurrent published last, in "
                f"{cloud.regions_printed}.",
                fix=f"{nearest(region, cloud.regions)} For a newer region, check the Kurrent Cloud console.",
            )


def across_regions(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment whose Kurrent network is in another region."""
    for environment in plan.environments:
        spec = environment.spec
        if spec.kurrent_region:
            yield Violation(
                environment=environment.name,
                subject="kurrent_region",
                message=f"The peering joins {spec.region} with a Kurrent network in {spec.kurrent_region}: requests "
                "take longer, and both directions cost per GB.",
                fix=f'Set kurrent_region = "{spec.region}", or try the peering first and accept ESC509.',
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
    """Yield each database that is created in a way unfit for production."""
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


class SupportedValue(Struct, frozen=True, kw_only=True):
    """A value of the spec that has a lifecycle."""

    environment: str
    """The environment's name, or "" where it is the repository's."""
    lifecycle: Lifecycle
    value: str
    release: KnownRelease | None
    """The release that it stands for; None where it is not known."""
    extends: bool = True
    """Whether it has the extended support that its cloud offers."""
    default: str = ""
    """What the setting is by default; nothing where it has no default."""

    @property
    def text(self) -> str:
        """Return the key and its value as the spec has them."""
        called = f" ({self.release.name})" if self.release and self.release.name != self.value else ""
        return f'{self.lifecycle.setting} = "{self.value}"{called}'


def ending_support(plan: AddressPlan, day: date) -> Iterator[tuple[str, Violation]]:
    """Yield each value of the spec whose support ends, has ended or is not known, with the code of its rule."""
    for value in _values(plan):
        lifecycle, release = value.lifecycle, value.release
        if release is None:
            stage, violation = _unknown(value, day)
            yield _CODES[stage], _with_reason(violation, stage, value)
        elif stage_reported := _stage_on(day, lifecycle, release, extends=value.extends):
            text = _support_text(day, lifecycle, release, value.text, extends=value.extends)
            fix = _fix_on(day, lifecycle, release, value.value, default=value.default)
            yield _CODES[stage_reported], _with_reason(_violation(value, text, fix, release), stage_reported, value)


def _stage_on(day: date, lifecycle: Lifecycle, release: KnownRelease, *, extends: bool = True) -> Stage | None:
    """Return the stage of a release's support on a day; None where nothing is to be reported."""
    last = release.supported_until
    if last is None:
        return "deprecated" if release.deprecated else "unknown" if release.until_next else None
    if day <= last:
        return "ends soon" if last - day <= WARNED_BEFORE else None
    if extends and release.extended_until and day <= release.extended_until:
        return "extended"
    return "refused" if lifecycle.refused else "ended"


def _support_text(day: date, lifecycle: Lifecycle, release: KnownRelease, called: str, *, extends: bool = True) -> str:
    """Return in words how it stands about the support of a release on a day."""
    stage = _stage_on(day, lifecycle, release, extends=extends)
    later = release.extended_until if extends else None
    after = f" {lifecycle.extended} lasts until {later}." if later else ""
    if stage == "ends soon":
        return f"Support of {called} ends on {release.supported_until}.{after}"
    if stage == "extended":
        return f"Support of {called} ended on {release.supported_until}.{after}"
    if stage in ("ended", "refused"):
        passed = f" {lifecycle.extended} lasted until {later}." if later else ""
        ended = f" {lifecycle.ended}." if lifecycle.ended else ""
        return f"Support of {called} ended on {release.supported_until}.{passed}{ended}"
    if stage == "deprecated":
        since = f" since {release.deprecated_since}" if release.deprecated_since else ""
        return f"{called} is deprecated{since}; its end of support is unknown."
    return f"The end of support of {called} is unknown: {release.note}."


def _fix_on(day: date, lifecycle: Lifecycle, release: KnownRelease | None, value: str, *, default: str = "") -> str:
    """Return what to set instead of a value."""
    if release and release.how and not release.replacement:
        return f"{release.how}."
    if release and release.replacement:
        how = f"; {release.how}" if release.how else ""
        return f'Set {lifecycle.setting} = "{release.replacement}"{how}.'
    if not lifecycle.closed:
        return f'Set {lifecycle.setting} to a supported value, such as "{default}".' if default else ""
    best = lifecycle.best(day)
    if best is None or best.name == value:
        return f"escscaffold {_KNOWS_NONE} ({lifecycle.read}): look for one at {lifecycle.source}."
    if older(best.name, value):
        return (
            f'Set {lifecycle.setting} = "{best.name}", supported until {best.supported_until}, if it is not created '
            f"yet. Otherwise keep {value}, and upgrade when {lifecycle.source} lists a newer release."
        )
    more = f"{_steps(lifecycle, value, best.name)}{f'. {lifecycle.upgrade}' if lifecycle.upgrade else ''}"
    return f'Set {lifecycle.setting} = "{best.name}", supported until {best.supported_until}{more}.'


def _steps(lifecycle: Lifecycle, value: str, best: str) -> str:
    """Return the releases that an upgrade goes through, where it goes through some."""
    names = [release.name for release in lifecycle.releases]
    way = [name for name in names[: names.index(best)] if older(value, name)]
    if not lifecycle.one_by_one or not way:
        return ""
    return f". Upgrade one minor version at a time: to {', '.join(way)}, then to {best}"


def _unknown(supported: SupportedValue, day: date) -> tuple[Stage, Violation]:
    lifecycle, releases = supported.lifecycle, [release.name for release in supported.lifecycle.releases]
    oldest, newest = lifecycle.releases[0], lifecycle.releases[-1]
    fix = _fix_on(day, lifecycle, None, supported.value, default=supported.default)
    if older(supported.value, oldest.name) and (stage := _stage_on(day, lifecycle, oldest, extends=supported.extends)):
        ended = f" {lifecycle.ended}." if stage in ("ended", "refused") and lifecycle.ended else ""
        text = f"{supported.text} is older than {oldest.name}, the oldest known version, whose support has ended."
        return stage if stage != "ends soon" else "extended", _violation(supported, f"{text}{ended}", fix, oldest)
    close = newest.name if older(newest.name, supported.value) else ""
    hint = f"The nearest is {close}." if close else nearest(supported.value, releases)
    text = f"{supported.text} is unknown, and so is its end of support. {lifecycle.title} {_among(releases)}. {hint}"
    return "unknown", _violation(supported, text, f"{fix} For newer releases, see {lifecycle.source}.", None)


def _among(names: list[str]) -> str:
    return f"has {names[0]} to {names[-1]}" if len(names) > 1 else f"has {names[0]}"


def _violation(supported: SupportedValue, text: str, fix: str, release: KnownRelease | None) -> Violation:
    source = release.source if release and release.source else supported.lifecycle.source
    return Violation(
        environment=supported.environment,
        subject=supported.lifecycle.setting,
        message=text,
        fix=fix,
        source=source,
    )


def _with_reason(violation: Violation, stage: Stage, supported: SupportedValue) -> Violation:
    _, _, reason = _TITLES[_CODES[stage]]
    return replace(violation, reason=f"{reason} Source read on {supported.lifecycle.read}.")


def unset_versions(plan: AddressPlan) -> dict[str, list[str]]:
    """Return the environments whose version a cloud chose, by the sentence on where to look it up.

    How long such a version is supported is not known here.
    """
    unset: dict[str, list[str]] = {}
    for environment in plan.environments:
        for lifecycle in plan.spec.facts.lifecycles.of(environment.spec.cloud.name):
            setting = _setting(environment.spec, lifecycle.setting)
            if lifecycle.unset and setting and _value(environment.spec, lifecycle.setting) is None:
                unset.setdefault(f"{lifecycle.setting} is not set. {lifecycle.unset}", []).append(environment.name)
    return unset


def _values(plan: AddressPlan) -> Iterator[SupportedValue]:
    of_kurrent = plan.spec.facts.lifecycles.of("kurrent")
    for lifecycle in of_kurrent:
        if lifecycle.setting == "provider" and plan.environments:
            value = plan.spec.provider
            yield SupportedValue(environment="", lifecycle=lifecycle, value=value, release=lifecycle.release(value, {}))
    for environment in plan.environments:
        spec = environment.spec
        for lifecycle in (*spec.facts.lifecycles.of(spec.cloud.name), *of_kurrent):
            yield from _of_environment(spec, lifecycle)


def _of_environment(spec: EnvironmentSpec, lifecycle: Lifecycle) -> Iterator[SupportedValue]:
    setting = _setting(spec, lifecycle.setting)
    if setting is None and lifecycle.setting != "mode":
        return
    needed = {*lifecycle.extended_with, *(key for release in lifecycle.releases for key in release.only_with)}
    settings = {name: str(_value(spec, f"kubernetes.{name}") or "") for name in needed}
    values = tuple(_texts(_value(spec, lifecycle.setting)))
    extends = all(settings.get(key, "") in words for key, words in lifecycle.extended_with.items())
    for place, value in (*((lifecycle.setting, text) for text in values), *_of_pools(spec, lifecycle.setting, values)):
        release = lifecycle.release(value, settings)
        if release or lifecycle.closed:
            default = next(iter(_texts(setting.default)), "") if setting else ""
            yield SupportedValue(
                environment=spec.name,
                lifecycle=lifecycle if place == lifecycle.setting else replace(lifecycle, setting=place),
                value=value,
                release=release,
                extends=extends,
                default=default,
            )


def _of_pools(spec: EnvironmentSpec, key: str, of_first: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the key and each value of this setting in the additional node pools, where it differs."""
    section, _, name = key.rpartition(".")
    settings = spec.mode.pool_settings() if spec.node_pools and section == "kubernetes" else {}
    for pool_name, pool in spec.node_pools.items() if name in settings else ():
        for value in _texts(pool_value(settings, pool.settings, name)):
            if value not in of_first:
                yield f"node_pools.{pool_name}.{name}", value


def _setting(spec: EnvironmentSpec, key: str) -> Setting | None:
    """Return the setting that an environment has under this key; None where nothing is made of it here."""
    section, _, name = key.rpartition(".")
    settings = {"kubernetes": spec.mode.kubernetes, "database": spec.database_settings}.get(section, {})
    return settings.get(name) if spec.parts.get(section) == "create" else None


def _value(spec: EnvironmentSpec, key: str) -> Value | None:
    if key == "mode":
        return spec.mode.name
    section, _, name = key.rpartition(".")
    setting = _setting(spec, key)
    values = {"kubernetes": spec.kubernetes, "database": spec.database}.get(section, {})
    return values.get(name, setting.default) if setting else None


def _texts(value: Value | None) -> Iterable[str]:
    return () if value is None else map(str, value) if isinstance(value, tuple) else (str(value),)


RULES = (
    Rule(
        code="ESC501",
        severity="warning",
        title="Unknown region",
        reason="Kurrent Cloud offers regions with three zones. The published list is old; the console has the current "
        "one.",
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
    *(
        Rule(code=code, severity=severity, title=title, reason=reason, source=_PAGE, dated=True)
        for code, (severity, title, reason) in _TITLES.items()
    ),
    Rule(
        code="ESC509",
        severity="warning",
        title="Peering across regions",
        reason="The vendor's page on private networks allows another region, and its Terraform page asks for the same "
        "one. The Kurrent network cannot change its region later.",
        source="https://docs.kurrent.io/cloud/networking/private-network.html",
        check=across_regions,
    ),
)
