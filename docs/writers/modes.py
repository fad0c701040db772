"""The page of the facts that each cloud and mode is planned by."""

from collections.abc import Iterator, Mapping

from docs.writers.markdown import codes, limits, page, range_name, source, table
from escscaffold.clouds.choices import Part, option_word
from escscaffold.clouds.fact_files import cloud_names, load_cloud, load_kurrent, mode_names
from escscaffold.clouds.facts import Cloud, Forbidden, Mode, RangeFacts, Sizing, shortest_prefix_length
from escscaffold.clouds.known_facts import load_facts
from escscaffold.rendering.context import module_parts
from escscaffold.spec.range_values import need_keys


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
        "Look up sizes, ranges and limits of each cloud and mode, each with its source.",
        "`escscaffold plan` uses these facts.",
        "They are in `templates/<cloud>/cloud.toml` and `templates/<cloud>/modes/<mode>.toml`.",
        "## Kurrent Cloud",
        f"The Kurrent network is {limits(kurrent.network)} ({source(kurrent.network.limit_source)}), "
        f"inside {codes(map(str, kurrent.private_ranges))}.",
        f"A route of the peering is {limits(kurrent.remote)} ({source(kurrent.remote.limit_source)}).",
        table(("provider", "source", "version"), providers),
        "Modules of the parts, in addition to those of the mode:",
        table(
            ("module", "used with"),
            [(f"`{name}`", _parts(parts)) for name, parts in module_parts(load_facts()).items()],
        ),
        *(part for name in cloud_names() for part in _cloud(load_cloud(name))),
    )


def _parts(parts: Mapping[str, Part]) -> str:
    return " and ".join(_part(name, value) for name, value in parts.items()) or "always"


def _part(name: str, value: Part) -> str:
    """Return a part as the spec has it; anything else, such as `acl`, is there or is not."""
    if name in load_kurrent().parts:
        return f'`{name} = "{value}"`'
    return f"`{name}`" if value == "create" else f"no `{name}`"


def _cloud(cloud: Cloud) -> Iterator[str]:
    yield f"## {cloud.title}"
    largest = shortest_prefix_length(load_kurrent().network, cloud)
    yield (
        f'`cloud = "{cloud.name}"`; a Kurrent network here is /{largest} at the largest '
        f"({source(cloud.kurrent_limit_source)})."
    )
    yield f"Regions that Kurrent Cloud has published: {codes(cloud.regions)}."
    providers = [
        (f"`{p.name}`", f"`{p.source}`", f"`{p.version}`", f"`options.{p.option}`" if p.option else "always")
        for p in cloud.terraform_providers
    ]
    yield table(("provider", "source", "version", "used with"), providers)
    yield f"### Addresses to avoid on {cloud.title}"
    yield table(("addresses", "severity", "for", "why", "source"), [_forbidden(f) for f in cloud.forbidden])
    for mode in cloud.modes.values():
        yield from _mode(mode)


APPLIES_TO = {
    "every-range": "every range",
    "own-ranges": "every range except `kurrent`",
    "kurrent": "`kurrent`",
}

_WHERE_CREATED = "; a warning for an existing cluster"


def _forbidden(forbidden: Forbidden) -> tuple[str, ...]:
    return (
        f"`{forbidden.cidr}`",
        forbidden.severity,
        APPLIES_TO[forbidden.applies_to] + (_WHERE_CREATED if forbidden.part else ""),
        forbidden.reason,
        source(forbidden.source),
    )


def _mode(mode: Mode) -> Iterator[str]:
    yield f"### {mode.name}"
    instead = f"; use [{mode.replacement}](#{mode.replacement}) instead"
    ends = f"\nThe cloud retires it on {mode.retires}{instead}." if mode.retires else ""
    yield (
        f"[{mode.title}](../modes/{mode.name}.md) ({source(mode.source)}).\n{mode.summary}{ends}\n"
        f"Modules: {codes(mode.modules)}."
    )
    rows = [
        (
            range_name(facts),
            limits(facts) if facts.settable else f"{facts.implied}, fixed",
            f"{facts.kept_addresses}",
            _standing(facts),
            source(facts.limit_source),
        )
        for facts in (*mode.ranges.values(), *(facts for facts in (mode.others, mode.own_range) if facts))
    ]
    yield table(("range", "sizes", "reserved by the cloud", "peering", "source"), rows)
    sized = [(facts, facts.sizing) for facts in mode.ranges.values() if facts.sizing and facts.settable]
    if sized:
        yield "Addresses for nodes, pods and services:"
        yield table(("range", "addresses", "pods per node", "nodes", "source"), [_sizing(*sizing) for sizing in sized])
    if mode.settings:
        yield "Sizes of the cluster in `terraform.tfvars`:"
        yield table(("key of a size", "setting", "a change replaces"), _settings(mode))
    if mode.options:
        yield table(("option", "default", "choices", "effect", "changed ranges", "source"), _options(mode))


def _sizing(facts: RangeFacts, sizing: Sizing) -> tuple[str, ...]:
    fixed = f"{sizing.fewest_nodes} at least" + (f", {sizing.most_nodes} at most" if sizing.most_nodes else "")
    surge = f"; {sizing.default_surge} more for an upgrade" if sizing.default_surge else ""
    fewest, most = sizing.fewest_pods_per_node, sizing.most_pods_per_node
    pods = f"{sizing.default_pods_per_node}; can be {fewest} to {most}" if fewest != most else f"{most}, always"
    return (
        range_name(facts),
        ", ".join(_taken(sizing)),
        pods if "pods_per_node" in need_keys(sizing) else "not counted",
        fixed + surge if sizing.counts == "nodes" else "not counted",
        source(sizing.source),
    )


def _taken(sizing: Sizing) -> Iterator[str]:
    """Say what a node, or a service, takes of a range."""
    if sizing.counts == "services":
        yield "one address for each service"
    if sizing.node_addresses:
        yield f"{sizing.node_addresses} for the {'interfaces of a node' if sizing.interfaces else 'node'}"
    if sizing.pod_addresses:
        yield "one for each pod" + (f" but {sizing.host_pods} that use the node's own" if sizing.host_pods else "")
    if sizing.spare_pod_addresses:
        yield f"{sizing.spare_pod_addresses} kept ready for the next pods"
    if sizing.pod_batch > 1:
        yield f"those for pods in batches of {sizing.pod_batch}"
    if sizing.pod_blocks:
        blocks = ", ".join(f"/{length} up to {pods}" for pods, length in sizing.pod_blocks)
        yield f"one block for the node's pods: {blocks}"
    if sizing.extra:
        yield f"and {sizing.extra} {sizing.extra_purpose}"


def _settings(mode: Mode) -> list[tuple[str, ...]]:
    in_words = load_facts().resources.in_words
    return [
        (
            f"`{key}`",
            f"`kubernetes.{argument}`",
            ", ".join(in_words(mode.kubernetes[argument].replaces)) or "nothing",
        )
        for key, argument in mode.settings.items()
    ]


def _options(mode: Mode) -> list[tuple[str, ...]]:
    return [
        (
            f"`{name}`",
            f"`{option_word(option.default)}`",
            codes(option.choices or ("true", "false")),
            option.purpose,
            codes(sorted({kind for changes in option.changed.values() for kind in changes})) or "none",
            source(option.source),
        )
        for name, option in mode.options.items()
    ]


def _standing(facts: RangeFacts) -> str:
    if facts.covered:
        return "must be routed to"
    if facts.inside:
        return f"inside `{facts.inside}`"
    return "never crosses it" if facts.hidden or facts.implied_hidden else "independent"
