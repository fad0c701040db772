"""The page of every key of the spec. A key that is new in the code and has no description here raises KeyError."""

import json
from collections.abc import Mapping
from typing import get_args

from docs.writers.markdown import codes, fenced, limits, page, range_name, table
from docs.writers.modes import every_mode
from escscaffold.clouds.choices import ExistingFacts, Setting, option_word
from escscaffold.clouds.fact_files import (
    cloud_names,
    load_backends,
    load_ci,
    load_cloud,
    load_kurrent,
    pipeline_settings,
)
from escscaffold.clouds.facts import Mode, RangeFacts
from escscaffold.spec import environments, range_values, reading, repository_tables, values
from escscaffold.spec.environments import part_choices
from escscaffold.spec.model import Routes
from escscaffold.spec.range_values import need_keys
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.repository_tables import NO_CI

TOP_KEYS = {
    "version": ("needed", f"How the file is to be read: `{reading.VERSION}`."),
    "provider": (
        f'`"{reading.DEFAULT_PROVIDER}"`',
        "The Terraform provider for the Kurrent side of every environment.",
    ),
    "ci": (
        f'`"{next(iter(load_ci()))}"`',
        "What checks the repository at each change, and has files here for it: one of the values below, or a list of "
        "them. See [In CI](../how-to/ci.md).",
    ),
    "pipeline": (
        "checks alone",
        "A table about CI: its branch, where it gets escscaffold, whether it applies. See [Pipeline](#pipeline).",
    ),
    "backend": (
        "local state",
        "A table that says where Terraform keeps the state of each environment: see [Backends](#backends).",
    ),
    "ipam": (
        "none",
        "A table that names the system which holds the organization's addresses: see [IPAM](#ipam).",
    ),
    "pools": (
        "private space",
        "A table of blocks in which ranges are placed: name = CIDR, the preferred one first, none of them overlapping "
        "another. A pinned range may lie outside.",
    ),
    "reserved": ("nothing", "A table of blocks that no range may overlap: name = CIDR."),
    "accept": ("nothing", "A table of warnings that you live with, in every environment: see [Accepting](#accepting)."),
    "environments": ("nothing", "A table for each environment, by its name."),
}
IPAM_KEYS = {
    "kind": ("needed", f"The kind of IPAM: {codes(repository_tables.KINDS)}."),
    "url": ("needed", 'Its address: `"https://netbox.example.com"`. The token is no part of it.'),
    "vrf": ("the global table", "The name of the VRF, or its route distinguisher where several have the name."),
    "claim_from": (
        "nothing",
        "Prefixes that the IPAM has, the preferred first: each environment gets blocks of them. Without it, nothing is "
        "claimed, and plans do not overlap the prefixes of others.",
    ),
    "repository": (
        "git's remote",
        "What this repository is called in the IPAM, where it begins each description. No other repository may have "
        "the name.",
    ),
    "tags": (
        f"`{json.dumps(list(repository_tables.DEFAULT_TAGS))}`",
        "Tags of what is claimed; they are made where missing.",
    ),
    "tenant": ("none", "The tenant of what is claimed, by its name."),
    "role": ("none", "The role of what is claimed, by its name."),
}
ENVIRONMENT_KEYS = {
    "cloud": ("needed", "The cloud of the Kubernetes cluster and of the Kurrent network."),
    "region": ("needed", "The region of both, by the cloud's own code. One that is not known is a warning."),
    "mode": ("needed", "How pods get their addresses; one of the cloud's [modes](modes.md)."),
    "kurrent_region": (
        "the region",
        "Region of the Kurrent network, where it is another one: see "
        "[Limits](../explanation/limits.md#can-the-database-be-in-another-region-than-the-cluster).",
    ),
    "routes": (
        '`"supernet"`',
        "What the peering routes to: one block that holds every range it must cover, or the `exact` list of them.",
    ),
    "name": (
        "the environment's name",
        "What its resources are called. `escscaffold rename` sets it, so that a new name for the environment replaces "
        "nothing; another one replaces the resources with the name.",
    ),
    "pools": ("all of them", 'Which of the `[pools]` this environment is placed in, in this order: `["corp"]`.'),
    "may_overlap": (
        "nothing",
        "Other environments whose ranges this one may share, because nothing will ever join the two. Overlaps of "
        "environments on one Kurrent network stay errors.",
    ),
    "options": ("the mode's", "A table of the mode's switches: see [Options](#options)."),
    "ranges": ("all placed", "A table of the ranges, by their names: see [Ranges](#ranges)."),
    "parts": ("the first of each", "A table of what becomes of each part: see [Parts](#parts)."),
    "existing": ("nothing", "A table of the names of what exists already: see [Parts](#parts)."),
    "kubernetes": ("the mode's", "A table of settings of the cluster and its nodes: see [Settings](#settings)."),
    "node_pools": (
        "none",
        "A table of node pools besides the cluster's first one, by their names: see [Node pools](#node-pools).",
    ),
    "database": ("defaults", "A table of settings of the database: see [Settings](#settings)."),
    "acl": (
        "none",
        "The access list of the database: a table of CIDR blocks, by whose they are. Kurrent Cloud documents it for "
        "databases with public access; one in a private network is reached through its peerings only. Given or "
        "taken away later, it makes a new database.",
    ),
    "backup": (
        "none",
        "A table with the scheduled backup of the database, empty for the defaults: see [Settings](#settings).",
    ),
    "integrations": (
        "none",
        "A table of what Kurrent Cloud sends elsewhere, by a name for each: see [Integrations](#integrations).",
    ),
    "account": (
        "the credentials'",
        "A table that pins the account: see [Accounts](#accounts).",
    ),
    "tags": (
        "nothing",
        "A table of tags, or labels, of what is made at the cloud, besides `environment` and `managed-by`.",
    ),
    "accept": ("nothing", "The same as the repository's `[accept]`, for this environment alone."),
}


def spec_page() -> str:
    """Return the page of every key of the spec."""
    top = {key: TOP_KEYS[key] for key in reading.TOP_KEYS}
    environment = {key: ENVIRONMENT_KEYS[key] for key in environments.ENVIRONMENT_KEYS}
    choices = [
        ("`provider`", codes(load_kurrent().providers)),
        (
            "`ci`",
            f"{', '.join(f'`{one.name}` ([{one.title}]({one.source}))' for one in load_ci().values())}, `{NO_CI}`",
        ),
        ("`cloud`", codes(cloud_names())),
        ("`mode`", "; ".join(f"{name}: {codes(load_cloud(name).modes)}" for name in cloud_names())),
        ("`routes`", codes(get_args(Routes))),
    ]
    return page(
        f"The spec: {SPEC_FILE}",
        "Edit `escscaffold.toml` by hand or with `escscaffold set`, and look up its keys here.",
        "It is TOML; comments and the order of its keys stay as you wrote them.",
        "The order decides nothing, but for that of the pools.",
        "A key that is not on this page is refused, with the nearest one that is.",
        fenced("toml", EXAMPLE_SPEC),
        "## The whole file",
        _key_table(top),
        "## One environment",
        f"An environment's name becomes a folder and a part of resource names: up to {values.MAX_NAME} lower-case "
        "letters, digits and hyphens, the first of them a letter.",
        _key_table(environment),
        "## Values",
        table(("key", "values"), choices),
        "## Pipeline",
        "The keys of `[pipeline]`: see [In CI](../how-to/ci.md).",
        table(("key", "default", "what it is"), _pipeline_keys()),
        "## Backends",
        "`type` says where the state lies; the path of an environment in there follows from its name.",
        table(("type", "where", "written by itself"), _backends()),
        "The other keys of `[backend]`; credentials are none of them ([ESC013](findings.md#esc013)).",
        table(("type", "key", "default", "what it is"), _backend_keys()),
        "## IPAM",
        "`[ipam]` names the system that holds the organization's addresses: see "
        "[Share addresses by NetBox](../how-to/netbox.md).",
        _key_table({key: IPAM_KEYS[key] for key in repository_tables.IPAM_KEYS}),
        "## Options",
        "A mode may have switches that change what its ranges have to be.",
        table(("mode", "option", "default", "choices", "what it does"), _options()),
        "## Settings",
        "What is set in `[environments.prod.kubernetes]`, `[environments.prod.database]` and "
        "`[environments.prod.backup]` reaches Terraform by `terraform.tfvars`.",
        "Terraform checks it by the same rules as escscaffold.",
        "Settings that say how many nodes and pods there can be size the ranges as a need does; give one or the other.",
        table(("table", "setting", "default", "values", "what it is"), _settings()),
        "## Node pools",
        "`[environments.prod.node_pools.batch]` makes a node pool `batch` besides the first one, which "
        "`[environments.prod.kubernetes]` sets: see [Add a node pool](../how-to/node-pools.md).",
        "Its nodes and their pods are counted in the ranges of the cluster.",
        table(("mode", "name of a pool", "not"), _pool_names()),
        table(("mode", "setting", "default", "values", "what it is"), _pool_settings()),
        '`labels` is a table of labels of its nodes, such as `labels = { workload = "batch" }`.\n'
        "Keys of labels and taints that the cluster sets by itself are refused, such as those with `kubernetes.io/`.",
        "## Integrations",
        "`[environments.prod.integrations.alerts]` sends what happens to Slack, Opsgenie or CloudWatch: see "
        "[Send alerts, logs and metrics](../how-to/integrations.md).",
        "Their secrets are no keys of the spec.",
        table(("setting", "default", "values", "what it is"), _integration_settings()),
        "## Accounts",
        "`[environments.prod.account]` pins the account that an environment belongs to.",
        "What it says is written into the configuration of the cloud's provider; what it leaves out comes from the "
        "credentials.",
        "See [Pin the account of an environment](../how-to/accounts.md).",
        table(("cloud", "key", "values", "what it is"), _account_keys()),
        "## Parts",
        "`create` makes a part, `existing` looks it up, and `absent` leaves it out; the first one is the default.",
        table(("part", "mode", "what can become of it"), _parts()),
        "What exists is named in `existing`, and the range of a Kurrent network that exists is given as `kurrent`. "
        "A full id is taken as well: a self link, an ARN, or an ARM id with the resource group in it.",
        "Environments that name the same project and network share it: their peerings must not route to the same "
        "addresses ([ESC208](findings.md#esc208)).",
        table(("name in `existing`", "mode", "for", "such as"), _existing()),
        "## Accepting",
        "A warning that you live with is accepted by its code, with the reason in one line of at most 200 characters: "
        '`ESC501 = "the region opens in spring"` below `[accept]` or `[environments.prod.accept]`.',
        "It is told in one line at the end from then on, with the reason.",
        "An error cannot be accepted ([ESC011](findings.md#esc011)), and an acceptance that nothing needs is a warning "
        "([ESC012](findings.md#esc012)).",
        "## Ranges",
        "What can stand for a range:",
        table(("written as", "meaning"), WRITTEN),
        "In a table, these keys can stand:",
        table(("key", "default", "meaning"), [(f"`{key}`", *told) for key, told in _range_keys().items()]),
        "[Modes](modes.md) says for each range what a node takes of it, and which settings of the cluster follow from "
        "a need; `escscaffold plan --explain` shows the sum.",
        "The most nodes that a range asks for size the other ranges of the cluster too, where they would be too small.",
        "Every mode has `kurrent`, the Kurrent network, which is "
        f"{limits(load_kurrent().network)} (a cloud can require a smaller one: see [Modes](modes.md)).",
        "`remote` fixes what the peering routes to, as one CIDR or a list; leave it out and it is planned.\n"
        f"Each of its blocks is {limits(load_kurrent().remote)}.",
        *(_ranges_of(mode) for mode in every_mode()),
    )


WRITTEN = [
    ('`"172.30.0.0/16"`', "This block and no other: the range is pinned."),
    ('`"/20"`', "A block of this size, at the place that the [planner](../explanation/planner.md) chooses."),
    ("`{ nodes = 100 }`", "A block that is large enough for this need, placed likewise."),
    (
        '`{ size = "/20", growth = 4 }`',
        "The same, with room for growth; `growth` can be combined with each of the others.",
    ),
    (
        '`{ cidr = "172.30.0.0/16", nodes = 100 }`',
        "This block, which must be large enough for this need ([ESC407](findings.md#esc407)).",
    ),
    ("not set", "A block of the default size, placed likewise; or the cloud's own, if it is implied."),
]
RANGE_KEYS = {
    "cidr": ("", "The block, which pins the range."),
    "size": ("", 'The prefix length, such as `"/20"`; not together with `cidr`.'),
    "growth": (
        "1",
        "Factor by which the range can grow in place. The adjacent addresses are kept free for that "
        "([ESC306](findings.md#esc306)).",
    ),
    "subnet": (
        "false",
        "Of a range of your own, whether it becomes a subnet; otherwise its addresses are only kept for you: see "
        "[Own ranges](../how-to/own-ranges.md).",
    ),
    "nodes": ("needed in a need", "The most nodes of the cluster, or of the zone where there is a range for each."),
    "pods_per_node": ("the mode's", "The most pods on a node."),
    "surge": ("the mode's", "Nodes that an upgrade adds for its time."),
    "interfaces": ("the mode's", "Network interfaces of a node, each of which has an address here."),
    "spare": ("0", "Further addresses, such as those of internal load balancers."),
    "services": ("needed in a need", "Kubernetes services."),
}


def _range_keys() -> dict[str, tuple[str, str]]:
    """Return every key that a range's table can have; one that is new in the code is not described: KeyError."""
    needs = (key for of_kind in range_values._NEEDS.values() for key in of_kind)
    keys = [*range_values._PLACE, *range_values._OWN, *needs]
    return {key: RANGE_KEYS[key] for key in keys}


def _options() -> list[tuple[str, ...]]:
    return [
        (
            mode.name,
            f"`{name}`",
            f"`{option_word(option.default)}`",
            codes(option.choices or ("true", "false")),
            option.purpose,
        )
        for mode in every_mode()
        for name, option in mode.options.items()
    ]


def _settings() -> list[tuple[str, ...]]:
    rows: dict[tuple[str, ...], list[str]] = {}
    for mode in every_mode():
        for name, one in mode.kubernetes.items():
            rows.setdefault((f"`{name}`", _usual(one), _values(one), one.purpose), []).append(mode.name)
    of_modes = [(f"`kubernetes` of {', '.join(modes)}", *row) for row, modes in rows.items()]
    kurrent = load_kurrent()
    of_database = [
        (f"`{table}`", f"`{name}`", _usual(one), _values(one), one.purpose)
        for table, settings in (("database", kurrent.database), ("backup", kurrent.backup))
        for name, one in settings.items()
    ]
    return [*of_modes, *of_database]


def _integration_settings() -> list[tuple[str, ...]]:
    settings = load_kurrent().integrations.settings
    return [
        (f"`{name}`", "needed" if one.needed else _usual(one), _values(one), f"{one.purpose}{_goes_with(one)}")
        for name, one in settings.items()
    ]


def _goes_with(one: Setting) -> str:
    words = [word for words in one.needed_with.values() for word in words]
    return f"; with {codes(words)}" if words else ""


def _pool_names() -> list[tuple[str, ...]]:
    rows: dict[tuple[str, str], list[str]] = {}
    for mode in every_mode():
        if facts := mode.pools:
            rows.setdefault((f"`{facts.name_pattern}`", codes(facts.names_taken)), []).append(mode.name)
    return [(", ".join(modes), *row) for row, modes in rows.items()]


def _pool_settings() -> list[tuple[str, ...]]:
    rows: dict[tuple[str, ...], list[str]] = {}
    for mode in every_mode():
        for name, one in mode.pool_settings().items():
            usual = "needed" if one.needed else _usual(one)
            rows.setdefault((f"`{name}`", usual, _values(one), one.purpose), []).append(mode.name)
    return [(", ".join(modes), *row) for row, modes in rows.items()]


def _backends() -> list[tuple[str, ...]]:
    return [
        (
            f"`{name}`",
            f"[{one.purpose}]({one.source})",
            codes(f"{key} = {json.dumps(value)}" for key, value in {**one.state, **one.always}.items()) or "nothing",
        )
        for name, one in load_backends().items()
    ]


def _backend_keys() -> list[tuple[str, ...]]:
    return [
        (f"`{name}`", f"`{key}`", "needed" if one.needed else _usual(one).replace("the cloud's", "none"), one.purpose)
        for name, backend in load_backends().items()
        for key, one in backend.settings.items()
    ]


def _account_keys() -> list[tuple[str, ...]]:
    return [
        (load_cloud(name).title, f"`{key}`", _values(one), f"[{one.purpose}]({one.source})")
        for name in cloud_names()
        for key, one in load_cloud(name).account.items()
    ]


def _pipeline_keys() -> list[tuple[str, ...]]:
    return [
        (f"`{name}`", _usual(one).replace("the cloud's", "none"), one.purpose)
        for name, one in pipeline_settings().items()
    ]


def _usual(one: Setting) -> str:
    if one.default is None:
        return "the cloud's"
    return f"`{json.dumps(one.default)}`"


def _values(one: Setting) -> str:
    if one.choices:
        return codes(one.choices)
    if one.kind == "number":
        return f"{one.least} or more" if one.most is None else f"{one.least} to {one.most}"
    return {"switch": "`true`, `false`", "ranges": "CIDR blocks"}.get(
        one.kind, f"such as `{one.example or one.default}`"
    )


def _parts() -> list[tuple[str, ...]]:
    rows: dict[tuple[str, str], list[str]] = {}
    for mode in every_mode():
        for part, choices in part_choices(mode, load_kurrent()).items():
            rows.setdefault((f"`{part}`", codes(choices)), []).append(f"`{mode.name}`")
    every = len(list(every_mode()))
    return [
        (part, "every one" if len(modes) == every else ", ".join(modes), choices)
        for (part, choices), modes in sorted(rows.items(), key=lambda row: (row[0][0], -len(row[1])))
    ]


def _existing() -> list[tuple[str, ...]]:
    named: list[tuple[str, str, ExistingFacts]] = [
        (name, f"`{mode.name}`", facts) for mode in every_mode() for name, facts in mode.existing.items()
    ]
    named += [(name, "every one", facts) for name, facts in load_kurrent().existing.items()]
    return [(f"`{name}`", mode, facts.purpose, f'`"{facts.example}"`') for name, mode, facts in named]


EXAMPLE_SPEC = """\
version = 1
provider = "kurrentcloud"

[pools]
corp = "172.16.0.0/12"
lab = "10.64.0.0/12"

[reserved]
office = "10.8.0.0/16"

[environments.prod]
cloud = "gcp"
region = "europe-west2"
mode = "gke-standard"
routes = "supernet"
pools = ["corp"]

[environments.prod.ranges]
kurrent = "172.22.110.0/24"
nodes = "172.30.0.0/16"
pods = { nodes = 100, pods_per_node = 110 }

[environments.prod.parts]
network = "create"
kubernetes = "create"
kurrent-project = "create"
kurrent-network = "create"
database = "create"
"""


def _ranges_of(mode: Mode) -> str:
    rows = [
        (
            range_name(facts),
            f"implied: {facts.implied}" if facts.implied else f"/{facts.default_prefix_length}",
            limits(facts) if facts.settable else "not yours to set",
            _sized_by(facts),
            facts.purpose,
        )
        for facts in mode.ranges.values()
    ]
    if mode.others:
        rows.append(("any name", "pinned", limits(mode.others), _sized_by(mode.others), mode.others.purpose))
    if mode.own:
        usual = f"none, such as /{mode.own.default_prefix_length}"
        rows.append(("any other name", usual, limits(mode.own), _sized_by(mode.own), mode.own.purpose))
    return f"### {mode.name}\n\n" + table(("range", "default", "sizes", "keys of a need", "for"), rows)


def _sized_by(facts: RangeFacts) -> str:
    return codes(need_keys(facts.sizing)) if facts.sizing and facts.settable else "none"


def _key_table(keys: Mapping[str, tuple[str, str]]) -> str:
    return table(("key", "default", "meaning"), [(f"`{key}`", *told) for key, told in keys.items()])
