"""The page of every key of the spec. A key that is new in the code and has no description here raises KeyError."""

from collections.abc import Iterator, Mapping
from typing import get_args

from docs.writers.markdown import codes, fenced, limits, page, range_name, table
from docs.writers.modes import every_mode
from escscaffold.clouds.facts import Mode
from escscaffold.clouds.loading import cloud_names, load_cloud, load_kurrent
from escscaffold.repository.disk import SPEC_FILE
from escscaffold.spec import environments, names, reading
from escscaffold.spec.model import Routes

TOP_KEYS = {
    "version": ("needed", f"How the file is to be read: `{reading.VERSION}`."),
    "provider": (
        f'`"{reading.DEFAULT_PROVIDER}"`',
        "The Terraform provider for the Kurrent side of every environment.",
    ),
    "pools": ("private space", "A table of blocks that ranges may be placed in, the preferred first: name = CIDR."),
    "reserved": ("nothing", "A table of blocks that no range may overlap: name = CIDR."),
    "accept": ("nothing", "A table of warnings to live with, in every environment: code = reason."),
    "environments": ("nothing", "A table for each environment, by its name."),
}
ENVIRONMENT_KEYS = {
    "cloud": ("needed", "The cloud of the Kubernetes cluster and of the Kurrent network."),
    "region": ("needed", "The region of both, by the cloud's own code. One that is not known is a warning."),
    "mode": ("needed", "How pods get their addresses; one of the cloud's [modes](modes.md)."),
    "routes": (
        '`"supernet"`',
        "What the peering routes to: one block that holds every range it must cover, or the `exact` list of them.",
    ),
    "pools": ("all of them", "A list of the pools that its ranges may be placed in, the preferred first."),
    "may_overlap": ("none", "A list of environments that it may share addresses with, because nothing joins them."),
    "options": ("as the mode has them", "A table of the mode's switches: see [Ranges](#ranges)."),
    "ranges": ("all placed", "A table of the ranges, by their names: see [Ranges](#ranges)."),
    "parts": ("all created", "A table of what becomes of each part: see [Parts](#parts)."),
    "existing": ("nothing", "A table of what is there already, by its name: see [Parts](#parts)."),
    "accept": ("nothing", "A table of warnings to live with, in this environment: code = reason."),
}


def spec_page() -> str:
    """Return the page of every key of the spec."""
    top = {key: TOP_KEYS[key] for key in reading._TOP_KEYS}
    environment = {key: ENVIRONMENT_KEYS[key] for key in environments.ENVIRONMENT_KEYS}
    choices = [
        ("`provider`", codes(load_kurrent().providers)),
        ("`cloud`", codes(cloud_names())),
        ("`mode`", "; ".join(f"{name}: {codes(load_cloud(name).modes)}" for name in cloud_names())),
        ("`routes`", codes(get_args(Routes))),
    ]
    return page(
        f"The spec: {SPEC_FILE}",
        "The one file that you edit.",
        "It is TOML; comments and the order of its keys stay as you wrote them.",
        "A key that is not on this page is refused, with the nearest one that is.",
        fenced("toml", EXAMPLE_SPEC),
        "## The whole file",
        _key_table(top),
        "## One environment",
        f"An environment's name becomes a folder and a part of resource names: up to {names.MAX_NAME} lower-case "
        "letters, digits and hyphens, the first of them a letter.",
        _key_table(environment),
        "## Values",
        table(("key", "values"), choices),
        "## Parts",
        "What becomes of each part, the default first.",
        table(("part", "mode", "values"), _parts()),
        "A Kurrent network that exists is in a project that exists, so both are named, and `ranges.kurrent` is its "
        "range: see [Sharing a Kurrent network](../sharing-a-kurrent-network.md).",
        "What is named in `existing`:",
        table(("key", "mode", "what", "such as"), _existing()),
        "## Ranges",
        "What can stand for a range:",
        table(
            ("written as", "meaning"),
            [
                ('`"172.30.0.0/16"`', "This block and no other: the range is pinned."),
                ('`"/20"`', "A block of this size, wherever the [planner](../explanation/planner.md) puts it."),
                (
                    "`{ nodes = 100, pods_per_node = 110 }`",
                    "What the range has to hold: sized by the cloud's arithmetic, then placed.",
                ),
                ("left out", "A block of the default size, placed likewise; or the cloud's own, if it is implied."),
            ],
        ),
        "Every mode has `kurrent`, the Kurrent network, which is "
        f"{limits(load_kurrent().network)} (the cloud may want it smaller: see [Modes](modes.md)).",
        "`remote` fixes what the peering routes to, as one CIDR or a list; leave it out and it is planned.\n"
        f"Each of its blocks is {limits(load_kurrent().remote)}.",
        *(_ranges_of(mode) for mode in every_mode()),
    )


EXAMPLE_SPEC = """\
version = 1
provider = "kurrentcloud"

[reserved]
office = "10.8.0.0/16"

[environments.prod]
cloud = "gcp"
region = "europe-west2"
mode = "gke-standard"
routes = "supernet"

[environments.prod.ranges]
kurrent = "172.22.110.0/24"
nodes = "172.30.0.0/16"
pods = "/17"

[environments.prod.parts]
network = "create"
kubernetes = "create"
kurrent-project = "create"
kurrent-network = "create"
database = "create"
"""


def _parts() -> Iterator[tuple[str, str, str]]:
    for mode in every_mode():
        yield from ((f"`{part}`", f"`{mode.name}`", codes(values)) for part, values in mode.parts.items())
    yield from ((f"`{part}`", "every other", codes(values)) for part, values in environments._OWN_PARTS.items())
    yield from ((f"`{part}`", "every one", codes(values)) for part, values in load_kurrent().parts.items())


def _existing() -> Iterator[tuple[str, str, str, str]]:
    for mode in every_mode():
        for key, facts in mode.existing.items():
            yield f"`{key}`", f"`{mode.name}`", facts.purpose, f"`{facts.example}`"
    for key, facts in load_kurrent().existing.items():
        yield f"`{key}`", "every one", facts.purpose, f"`{facts.example}`"


def _ranges_of(mode: Mode) -> str:
    if mode.others:
        told = f"Any name, each with its block, {limits(mode.others)}: {mode.others.purpose}."
        return f"### {mode.name}\n\n{told}"
    rows = [
        (
            range_name(facts),
            f"implied: {facts.implied}" if facts.implied else f"/{facts.default_prefix_length}",
            limits(facts) if facts.settable else "not yours to set",
            facts.purpose,
        )
        for facts in mode.ranges.values()
    ]
    return f"### {mode.name}\n\n" + table(("range", "default", "sizes", "for"), rows)


def _key_table(keys: Mapping[str, tuple[str, str]]) -> str:
    return table(("key", "default", "meaning"), [(f"`{key}`", *told) for key, told in keys.items()])
