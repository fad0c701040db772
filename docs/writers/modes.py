"""The page of the facts that each cloud and mode is planned by."""

from collections.abc import Iterator

from docs.writers.markdown import codes, limits, page, range_name, source, table
from escscaffold.clouds.facts import Cloud, Forbidden, Mode, RangeFacts
from escscaffold.clouds.loading import cloud_names, load_cloud, load_kurrent, mode_names


def every_mode() -> Iterator[Mode]:
    """Yield the modes, cloud by cloud."""
    for name, cloud in mode_names().items():
        yield load_cloud(cloud).modes[name]


def modes_page() -> str:
    """Return the page of the facts that each cloud and mode is planned by."""
    kurrent = load_kurrent()
    providers = [(f"`{p.name}`", f"`{p.source}`", f"`{p.version}`") for p in kurrent.providers.values()]
    return page(
        "Modes and limits",
        "The facts that plans are made of and checked by, each with its source.",
        "They stand in `templates/<cloud>/cloud.toml` and `templates/<cloud>/modes/<mode>.toml`, and nowhere else.",
        "## Kurrent Cloud",
        f"The Kurrent network is {limits(kurrent.network)} ({source(kurrent.network.limit_source)}), "
        f"inside {codes(map(str, kurrent.private_ranges))}.",
        f"A route of the peering is {limits(kurrent.remote)} ({source(kurrent.remote.limit_source)}).",
        table(("provider", "source", "version"), providers),
        *(part for name in cloud_names() for part in _cloud(load_cloud(name))),
    )


def _cloud(cloud: Cloud) -> Iterator[str]:
    yield f"## {cloud.title}"
    yield (
        f'`cloud = "{cloud.name}"`; a Kurrent network here is /{cloud.kurrent_shortest_prefix_length} at the largest '
        f"({source(cloud.kurrent_limit_source)})."
    )
    yield f"Regions that Kurrent Cloud has published: {codes(cloud.regions)}."
    providers = [(f"`{p.name}`", f"`{p.source}`", f"`{p.version}`") for p in cloud.terraform_providers]
    yield table(("provider", "source", "version"), providers)
    yield f"### Addresses to keep off on {cloud.title}"
    yield table(("addresses", "severity", "for", "why", "source"), [_forbidden(f) for f in cloud.forbidden])
    for mode in cloud.modes.values():
        yield from _mode(mode)


APPLIES_TO = {
    "every-range": "every range",
    "own-ranges": "every range but `kurrent`",
    "kurrent": "`kurrent`",
}


def _forbidden(forbidden: Forbidden) -> tuple[str, ...]:
    return (
        f"`{forbidden.cidr}`",
        forbidden.severity,
        APPLIES_TO[forbidden.applies_to],
        forbidden.reason,
        source(forbidden.source),
    )


def _mode(mode: Mode) -> Iterator[str]:
    yield f"### {mode.name}"
    instead = f"; take [{mode.replacement}](#{mode.replacement}) instead"
    ends = f"\nIt ends on {mode.retires}{instead}." if mode.retires else ""
    yield (
        f"[{mode.title}](../modes/{mode.name}.md) ({source(mode.source)}).\n{mode.summary}{ends}\n"
        f"Modules: {codes(['kurrent', *mode.modules])}."
    )
    rows = [
        (
            range_name(facts),
            limits(facts) if facts.settable else f"{facts.implied}, not yours to set",
            f"{facts.kept_addresses}",
            _standing(facts),
            source(facts.limit_source),
        )
        for facts in mode.ranges.values()
    ]
    yield table(("range", "sizes", "kept by the cloud", "how it stands to the peering", "source"), rows)
    if mode.options:
        yield table(("option", "default", "what it does", "ranges that it changes", "source"), _options(mode))


def _options(mode: Mode) -> list[tuple[str, ...]]:
    return [
        (
            f"`{name}`",
            f"`{str(option.default).lower()}`",
            option.purpose,
            codes(option.changed),
            source(option.source),
        )
        for name, option in mode.options.items()
    ]


def _standing(facts: RangeFacts) -> str:
    if facts.covered:
        return "must be routed to"
    if facts.inside:
        return f"inside `{facts.inside}`"
    return "never crosses it" if facts.hidden or facts.implied_hidden else "stands apart"
