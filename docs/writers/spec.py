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
    "version": ("needed", f"Version of the file format: `{reading.VERSION}`."),
    "provider": (
        f'`"{reading.DEFAULT_PROVIDER}"`',
        "The Terraform provider for the Kurrent side of every environment.",
    ),
    "ci": (
        f'`"{next(iter(load_ci()))}"`',
        "CI services that check each change: one of the values below, or a list. See [In CI](../how-to/ci.md).",
    ),
    "pipeline": (
        "checks only",
        "Table of CI settings: branch, source of escscaffold, apply. See [Pipeline](#pipeline).",
    ),
    "backend": (
        "local state",
        "Table of the Terraform backend: see [Backends](#backends).",
    ),
    "ipam": (
        "none",
        "Table of the organization's IPAM: see [IPAM](#ipam).",
    ),
    "pools": (
        "private space",
        "Table of blocks to allocate ranges from: name = CIDR, the preferred one first. Pools must not overlap. A "
        "pinned range can be outside.",
    ),
    "reserved": ("nothing", "Table of blocks that no range may overlap: name = CIDR."),
    "accept": ("nothing", "Table of accepted warnings, for every environment: see [Accepting](#accepting)."),
    "environments": ("nothing", "One table per environment, by name."),
}
IPAM_KEYS = {
    "kind": ("needed", f"The kind of IPAM: {codes(repository_tables.KINDS)}."),
    "url": ("needed", 'Its address, without the token: `"https://netbox.example.com"`.'),
    "vrf": ("the global table", "The name of the VRF, or its route distinguisher if several VRFs have the name."),
    "claim_from": (
        "nothing",
        "Prefixes of the IPAM to claim blocks from, the preferred one first. Without it, nothing is claimed, and plans "
        "only avoid existing prefixes.",
    ),
    "repository": (
        "git's remote",
        "Name of this repository in the IPAM, at the start of each description. It must be unique.",
    ),
    "tags": (
        f"`{json.dumps(list(repository_tables.DEFAULT_TAGS))}`",
        "Tags of claimed prefixes; missing tags are created.",
    ),
    "tenant": ("none", "Name of the tenant of claimed prefixes."),
    "role": ("none", "Name of the role of claimed prefixes."),
}
ENVIRONMENT_KEYS = {
    "cloud": ("needed", "The cloud of the Kubernetes cluster and of the Kurrent network."),
    "region": ("needed", "The cloud's code of the region of both. An unknown region is a warning."),
    "mode": ("needed", "Pod networking: one of the cloud's [modes](modes.md)."),
    "kurrent_region": (
        "the region",
        "Region of the Kurrent network, if it differs: see "
        "[Limits](../explanation/limits.md#can-the-database-be-in-another-region-than-the-cluster).",
    ),
    "routes": (
        '`"supernet"`',
        "Peering routes: one block that contains every covered range, or the `exact` list of ranges.",
    ),
    "name": (
        "the environment's name",
        "Name of its resources. `escscaffold rename` sets it, so that renaming the environment replaces nothing; a "
        "change replaces the named resources.",
    ),
    "pools": ("all of them", 'Pools that this environment uses, in this order: `["corp"]`.'),
    "may_overlap": (
        "nothing",
        "Environments that this one may overlap, because they are never connected. Overlaps on one Kurrent network "
        "are still errors.",
    ),
    "options": ("the mode's", "Table of the mode's options: see [Options](#options)."),
    "ranges": ("all placed", "Table of ranges, by name: see [Ranges](#ranges)."),
    "parts": ("the first of each", "Table of parts: create, existing or absent. See [Parts](#parts)."),
    "existing": ("nothing", "Table of the names of existing objects: see [Parts](#parts)."),
    "kubernetes": ("the mode's", "Table of settings of the cluster and its nodes: see [Settings](#settings)."),
    "node_pools": (
        "none",
        "Table of additional node pools, by name: see [Node pools](#node-pools).",
    ),
    "database": ("defaults", "Table of settings of the database: see [Settings](#settings)."),
    "acl": (
        "none",
        "Access list of the database: table of CIDR blocks, by name. Kurrent Cloud documents it for databases with "
        "public access; a database in a private network is reached only through its peerings. Adding or removing it "
        "later replaces the database.",
    ),
    "backup": (
        "none",
        "Table of the scheduled backup of the database, empty for the defaults: see [Settings](#settings).",
    ),
    "integrations": (
        "none",
        "Table of sinks for alerts, logs and metrics, by name: see [Integrations](#integrations).",
    ),
    "account": (
        "the credentials'",
        "Table that pins the account: see [Accounts](#accounts).",
    ),
    "tags": (
        "nothing",
        "Table of tags or labels of cloud resources, in addition to `environment` and `managed-by`.",
    ),
    "accept": ("nothing", "Accepted warnings of this environment only."),
}


def spec_page() -> str:
    """Return the page of every key of the spec."""
    top = {key: TOP_KEYS[key] for key in reading.TOP_KEYS}
    environment = {key: ENVIRONMENT_KEYS[key] for key in environments.ENVIRONMENT_KEYS}
    choices = [
        ("`provider`", codes(load_kurrent().providers)),
        (
            "`ci`",
            f"{', '.join(f'`{ci.name}` ([{ci.title}]({ci.source}))' for ci in load_ci().values())}, `{NO_CI}`",
        ),
        ("`cloud`", codes(cloud_names())),
        ("`mode`", "; ".join(f"{name}: {codes(load_cloud(name).modes)}" for name in cloud_names())),
        ("`routes`", codes(get_args(Routes))),
    ]
    return page(
        f"The spec: {SPEC_FILE}",
        "Edit `escscaffold.toml` by hand or with `escscaffold set`, and look up its keys here.",
        "The format is TOML; commands keep comments and the order of keys.",
        "Only the order of pools has a meaning.",
        "An unknown key is refused, with the nearest known one.",
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
        table(("key", "default", "meaning"), _pipeline_keys()),
        "## Backends",
        "`type` sets the kind of backend; the environment's name is a part of the path.",
        table(("type", "where", "set automatically"), _backends()),
        "Other keys of `[backend]`; credentials are refused ([ESC013](findings.md#esc013)).",
        table(("type", "key", "default", "meaning"), _backend_keys()),
        "## IPAM",
        "`[ipam]` names the system that holds the organization's addresses: see "
        "[Share addresses through NetBox](../how-to/netbox.md).",
        _key_table({key: IPAM_KEYS[key] for key in repository_tables.IPAM_KEYS}),
        "## Options",
        "Options of a mode can change its ranges.",
        table(("mode", "option", "default", "choices", "meaning"), _options()),
        "## Settings",
        "`terraform.tfvars` has the settings of `[environments.prod.kubernetes]`, `[environments.prod.database]` and "
        "`[environments.prod.backup]`.",
        "Terraform checks them by the same rules as escscaffold.",
        "Limits of nodes and pods size the ranges like a need; set one of the two.",
        table(("table", "setting", "default", "values", "meaning"), _settings()),
        "## Node pools",
        "`[environments.prod.node_pools.batch]` adds a node pool `batch`; `[environments.prod.kubernetes]` sets the "
        "first pool: see [Add a node pool](../how-to/node-pools.md).",
        "The planner counts its nodes and pods in the ranges of the cluster.",
        table(("mode", "name of a pool", "not"), _pool_names()),
        table(("mode", "setting", "default", "values", "meaning"), _pool_settings()),
        '`labels` is a table of labels of its nodes, such as `labels = { workload = "batch" }`.\n'
        "Keys of labels and taints that the cluster sets are refused, such as those with `kubernetes.io/`.",
        "## Integrations",
        "`[environments.prod.integrations.alerts]` sends events to Slack, Opsgenie or CloudWatch: see "
        "[Send alerts, logs and metrics](../how-to/integrations.md).",
        "The spec cannot contain their secrets.",
        table(("setting", "default", "values", "meaning"), _integration_settings()),
        "## Accounts",
        "`[environments.prod.account]` pins the account that an environment belongs to.",
        "Its values are written into the configuration of the cloud's provider; missing values come from the "
        "credentials.",
        "See [Pin the account of an environment](../how-to/accounts.md).",
        table(("cloud", "key", "values", "meaning"), _account_keys()),
        "## Parts",
        "`create` creates a part, `existing` looks it up, and `absent` omits it; the first value is the default.",
        table(("part", "mode", "values"), _parts()),
        "Name existing objects in `existing`, and give the range of an existing Kurrent network as `kurrent`. "
        "Full ids work as well: a self link, an ARN, or an ARM id with its resource group.",
        "Environments that name the same project and network share it: their peerings must not route to the same "
        "addresses ([ESC208](findings.md#esc208)).",
        table(("name in `existing`", "mode", "for", "such as"), _existing()),
        "## Accepting",
        "Accept a warning by its code, with a reason of at most 200 characters in one line: "
        '`ESC501 = "the region opens in spring"` below `[accept]` or `[environments.prod.accept]`.',
        "It is then printed in one line at the end, with the reason.",
        "An error cannot be accepted ([ESC011](findings.md#esc011)), and an unused acceptance is a warning "
        "([ESC012](findings.md#esc012)).",
        "## Ranges",
        "Forms of a range:",
        table(("written as", "meaning"), WRITTEN),
        "Keys of a table:",
        table(("key", "default", "meaning"), [(f"`{key}`", *texts) for key, texts in _range_keys().items()]),
        "[Modes](modes.md) lists the addresses that a node uses of each range, and the cluster settings that follow "
        "from a need; `escscaffold plan --explain` shows the arithmetic.",
        "The largest number of nodes of any range also sizes other ranges of the cluster that would be too small.",
        "Every mode has `kurrent`, the Kurrent network, which is "
        f"{limits(load_kurrent().network)} (a cloud can require a smaller one: see [Modes](modes.md)).",
        "`remote` pins the peering routes, as one CIDR or a list; without it, they are planned.\n"
        f"Each of its blocks is {limits(load_kurrent().remote)}.",
        *(_ranges_of(mode) for mode in every_mode()),
    )


WRITTEN = [
    ('`"172.30.0.0/16"`', "Exactly this block: the range is pinned."),
    ('`"/20"`', "A block of this size, at the place that the [planner](../explanation/planner.md) chooses."),
    ("`{ nodes = 100 }`", "A block that is large enough for this need, placed by the planner."),
    (
        '`{ size = "/20", growth = 4 }`',
        "The same, with room for growth; `growth` can be combined with each of the others.",
    ),
    (
        '`{ cidr = "172.30.0.0/16", nodes = 100 }`',
        "This block, which must be large enough for this need ([ESC407](findings.md#esc407)).",
    ),
    ("not set", "A block of the default size, placed by the planner; or the cloud's own range, if it is implied."),
]
RANGE_KEYS = {
    "cidr": ("", "The block, which pins the range."),
    "size": ("", 'The prefix length, such as `"/20"`; not together with `cidr`.'),
    "growth": (
        "1",
        "Factor by which the range can grow in place. Adjacent addresses are reserved for it "
        "([ESC306](findings.md#esc306)).",
    ),
    "subnet": (
        "false",
        "Whether your own range becomes a subnet; otherwise its addresses are only reserved: see "
        "[Own ranges](../how-to/own-ranges.md).",
    ),
    "nodes": ("needed in a need", "The most nodes of the cluster, or of the zone if each zone has a range."),
    "pods_per_node": ("the mode's", "The most pods on a node."),
    "surge": ("the mode's", "Nodes that an upgrade adds temporarily."),
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
        for name, setting in mode.kubernetes.items():
            rows.setdefault((f"`{name}`", _default_text(setting), _values(setting), setting.purpose), []).append(
                mode.name
            )
    of_modes = [(f"`kubernetes` of {', '.join(modes)}", *row) for row, modes in rows.items()]
    kurrent = load_kurrent()
    of_database = [
        (f"`{table}`", f"`{name}`", _default_text(setting), _values(setting), setting.purpose)
        for table, settings in (("database", kurrent.database), ("backup", kurrent.backup))
        for name, setting in settings.items()
    ]
    return [*of_modes, *of_database]


def _integration_settings() -> list[tuple[str, ...]]:
    settings = load_kurrent().integrations.settings
    return [
        (
            f"`{name}`",
            "needed" if setting.needed else _default_text(setting),
            _values(setting),
            f"{setting.purpose}{_goes_with(setting)}",
        )
        for name, setting in settings.items()
    ]


def _goes_with(setting: Setting) -> str:
    words = [word for words in setting.needed_with.values() for word in words]
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
        for name, setting in mode.pool_settings().items():
            default = "needed" if setting.needed else _default_text(setting)
            rows.setdefault((f"`{name}`", default, _values(setting), setting.purpose), []).append(mode.name)
    return [(", ".join(modes), *row) for row, modes in rows.items()]


def _backends() -> list[tuple[str, ...]]:
    return [
        (
            f"`{name}`",
            f"[{backend.purpose}]({backend.source})",
            codes(f"{key} = {json.dumps(value)}" for key, value in {**backend.state, **backend.always}.items())
            or "nothing",
        )
        for name, backend in load_backends().items()
    ]


def _backend_keys() -> list[tuple[str, ...]]:
    return [
        (
            f"`{name}`",
            f"`{key}`",
            "needed" if setting.needed else _default_text(setting).replace("the cloud's", "none"),
            setting.purpose,
        )
        for name, backend in load_backends().items()
        for key, setting in backend.settings.items()
    ]


def _account_keys() -> list[tuple[str, ...]]:
    return [
        (load_cloud(name).title, f"`{key}`", _values(setting), f"[{setting.purpose}]({setting.source})")
        for name in cloud_names()
        for key, setting in load_cloud(name).account.items()
    ]


def _pipeline_keys() -> list[tuple[str, ...]]:
    return [
        (f"`{name}`", _default_text(setting).replace("the cloud's", "none"), setting.purpose)
        for name, setting in pipeline_settings().items()
    ]


def _default_text(setting: Setting) -> str:
    if setting.default is None:
        return "the cloud's"
    return f"`{json.dumps(setting.default)}`"


def _values(setting: Setting) -> str:
    if setting.choices:
        return codes(setting.choices)
    if setting.kind == "number":
        return f"{setting.least} or more" if setting.most is None else f"{setting.least} to {setting.most}"
    return {"switch": "`true`, `false`", "ranges": "CIDR blocks"}.get(
        setting.kind, f"such as `{setting.example or setting.default}`"
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
    if mode.own_range:
        default = f"none, such as /{mode.own_range.default_prefix_length}"
        rows.append(
            ("any other name", default, limits(mode.own_range), _sized_by(mode.own_range), mode.own_range.purpose)
        )
    return f"### {mode.name}\n\n" + table(("range", "default", "sizes", "keys of a need", "for"), rows)


def _sized_by(facts: RangeFacts) -> str:
    return codes(need_keys(facts.sizing)) if facts.sizing and facts.settable else "none"


def _key_table(keys: Mapping[str, tuple[str, str]]) -> str:
    return table(("key", "default", "meaning"), [(f"`{key}`", *texts) for key, texts in keys.items()])
