"""Modes, parts, providers and options together: each two choices that can meet do so in one of these repositories.

All choices together are some thousands; `allpairspy` picks rows in which each pair that makes sense occurs. What makes
no sense is refused, and is not in the table.

In a full run Terraform plans the emitted tests of every row. By default it validates each two choices of a cloud and
each module, and plans each choice of a cloud; test_terraform_accepts.py plans each mode.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from allpairspy import AllPairs

from escscaffold.clouds.fact_files import load_cloud, template_root
from tests.conftest import Run, Terraform
from tests.emitted.guide import GUIDE, init_flags, sets
from tests.emitted.judging import accept, judge, modules_of, name_of, plans_the_root
from tests.properties import in_full, tries_more

# What is chosen besides the mode, and its choices.
CHOICES = {
    "mode": list(GUIDE),
    "own side": ["made", "network only", "cluster in what exists", "all exists"],
    "kurrent side": ["made", "project exists", "network exists"],
    "database": ["create", "existing", "absent"],
    "provider": ["kurrentcloud", "eventstorecloud"],
    "options": ["usual", "other"],
    "besides": ["nothing", "everything"],
}
OWN_SIDE = {
    "made": [],
    "network only": ["parts.kubernetes=absent"],
    "cluster in what exists": ["parts.network=existing"],
    "all exists": ["parts.network=existing", "parts.kubernetes=existing"],
}
PROJECT = ["parts.kurrent-project=existing", "existing.kurrent-project=shared"]
KURRENT_SIDE = {
    "made": [],
    "project exists": PROJECT,
    "network exists": [*PROJECT, "parts.kurrent-network=existing", "existing.kurrent-network=shared"],
}
DATABASE = {
    "create": [],
    "existing": ["parts.database=existing", "existing.database=c0brj8.mesdb.eventstore.cloud"],
    "absent": ["parts.database=absent"],
}
OTHER = {
    "eks": ["options.nat=per-zone", "options.scaling=autoscaler", "options.irsa=true"],
    "eks-auto": ["options.nat=single", "options.flow_logs=false", "options.irsa=true"],
    "eks-custom": ["options.snat=false", "options.nat=single", "options.scaling=fixed-name", "routes=exact"],
    "gke-standard": ["account.host_project=acme-network", "options.flow_logs=false", "options.apis=true"],
    "gke-autopilot": [
        *["account.host_project=acme-network", "options.shared_vpc=create"],
        *["options.nodes=public", "options.apis=true"],
    ],
    "gke-routes": ["options.flow_logs=false", "options.apis=true"],
    **{
        mode: ["options.outbound=nat-gateway", "options.role_wait=true"]
        for mode in ("aks-cni", "aks-kubenet", "aks-kubenet-vnet", "aks-overlay", "aks-podsubnet")
    },
}
EVERYTHING = ['tags={ team = "payments" }', "routes=exact"]
# A network that exists can be that of a host project, for a cluster with alias IP ranges.
SHARED_VPC = ("gke-standard", "gke-autopilot")
OWN_RANGES = ["--range", 'data-1={ size = "/24", subnet = true }', "--range", "cache=/26"]
# Of aks-kubenet, AKS makes the network.
WITHOUT_OWN_RANGES = ("-existing", "aks-kubenet")
NODE_POOL = 'node_pools.batch={ nodes_max = 3, spot = true, taints = ["a=b:NoSchedule"], labels = { a = "b" } }'
ON_THE_DATABASE = [
    'acl={ office = "198.51.100.0/24" }',
    'backup={ schedule = "0 2 * * *" }',
    'integrations={ logs = { sink = "cloudwatch-logs", group = "kurrent", region = "eu-central-1" } }',
]
# How each cloud names what exists.
NETWORK = {
    "aws": ["existing.network=vpc-0a1b2c3d4e5f60718"],
    "gcp": ["existing.network=vpc-esc"],
    "azure": ["existing.network=vnet-esc", "existing.network_resource_group=rg-esc"],
}
CLUSTER = {
    "aws": ["existing.kubernetes=shared"],
    "gcp": ["existing.kubernetes=shared"],
    "azure": ["existing.kubernetes=shared", "existing.kubernetes_resource_group=rg-esc"],
}

# Choices of a mode that write a module which no other row that is validated by default has.
WITH_OTHER_MODULES = [
    ("eks", "options", "other"),
    ("eks-custom", "options", "other"),
    ("gke-autopilot", "options", "other"),
    ("aks-podsubnet", "own side", "all exists"),
]
# Modules that Terraform reads in the tests of pods without SNAT, of node pools and of the database.
VALIDATED_ELSEWHERE = {
    *("aws-pod-nat", "eks-node-pools", "eks-node-pools-autoscaled"),
    *("kurrent-database", "kurrent-read-only-replicas"),
}


def makes_sense(row: Sequence[str]) -> bool:
    """Whether the choices so far can be together."""
    chosen = dict(zip(CHOICES, row, strict=False))
    mode, own = chosen["mode"], chosen.get("own side", "made")
    only_network = mode.endswith("-existing")
    if only_network and (own != "made" or chosen.get("options") == "other"):
        return False
    # AKS makes this VNet with the cluster.
    if mode == "aks-kubenet" and own in ("network only", "cluster in what exists"):
        return False
    # An option says how something is made.
    if chosen.get("options") == "other" and own != "made":
        return False
    return chosen.get("database") != "existing" or chosen["kurrent side"] == "network exists"


@cache
def rows() -> tuple[tuple[str, ...], ...]:
    """The table: what `allpairspy` finds, and rows for the pairs that it gives up on where most makes no sense."""
    table = [tuple(row) for row in AllPairs(list(CHOICES.values()), filter_func=makes_sense)]
    left = [pair for pair in every_pair() if row_with(pair) and not any(in_row(pair, row) for row in table)]
    while left:
        given: dict[int, str] = {}
        for pair in left:
            both = {**given, **pair}
            given = both if given.items() <= both.items() and row_with(both) else given
        table.append(row_with(given) or ())
        left = [pair for pair in left if not in_row(pair, table[-1])]
    return tuple(table)


def in_row(given: Mapping[int, str], row: Sequence[str]) -> bool:
    return all(row[place] == choice for place, choice in given.items())


def every_pair() -> Iterator[dict[int, str]]:
    """Yield each two choices, by their places in a row."""
    for (first, firsts), (second, seconds) in combinations(enumerate(CHOICES.values()), 2):
        yield from ({first: one, second: other} for one, other in product(firsts, seconds))


def row_with(given: Mapping[int, str], begun: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    """Return the first row with these choices that makes sense, or None."""
    if begun and not makes_sense(begun):
        return None
    place = len(begun)
    if place == len(CHOICES):
        return begun
    choices = [given[place]] if place in given else list(CHOICES.values())[place]
    return next((row for choice in choices if (row := row_with(given, (*begun, choice)))), None)


@cache
def planned_rows() -> frozenset[tuple[str, ...]]:
    """Return the rows that are planned by default: in them, each choice occurs in each cloud that has it."""
    return fewest_rows_with({row: choices_of(row) for row in rows()})


@cache
def validated_rows() -> list[tuple[str, ...]]:
    """Return the rows that are validated by default: those that are planned, each two choices, and each module."""
    pairs = fewest_rows_with({row: frozenset(combinations(sorted(choices_of(row)), 2)) for row in rows()})
    modules = {row_of(mode, *choice) for mode, *choice in WITH_OTHER_MODULES}
    return [row for row in rows() if row in pairs | planned_rows() | modules]


def row_of(mode: str, kind: str, choice: str) -> tuple[str, ...]:
    """Return the first row of a mode with this choice."""
    place = list(CHOICES).index(kind)
    return next(row for row in rows() if row[0] == mode and row[place] == choice)


def fewest_rows_with(has: Mapping[tuple[str, ...], frozenset[Any]]) -> frozenset[tuple[str, ...]]:
    """Return few of the rows that have together what all have."""
    left, picked = dict(has), []
    wanted = frozenset[Any]().union(*left.values())
    while wanted:
        best = max(left, key=lambda row: len(left[row] & wanted))
        picked.append(best)
        wanted -= left.pop(best)
    return frozenset(picked)


def choices_of(row: Sequence[str]) -> frozenset[tuple[str, int, str]]:
    """Return a row's choices with its cloud, but those with which each mode is planned anyway."""
    usual = [choices[0] for choices in CHOICES.values()]
    chosen = [(place, choice) for place, choice in enumerate(row) if place and choice != usual[place]]
    return frozenset((cloud_of(row[0]), place, choice) for place, choice in chosen)


def cloud_of(mode: str) -> str:
    return GUIDE[mode][GUIDE[mode].index("--cloud") + 1]


def flags_of(row: Sequence[str]) -> list[str]:
    """Return the flags of `init` that ask for a row's choices."""
    mode, own, kurrent, database, provider, options, besides = row
    cloud = cloud_of(mode)
    # What AKS makes for a cluster that exists is found by it.
    made_by_cluster = mode == "aks-kubenet" and own == "all exists"
    settings = ["parts.kubernetes=existing"] if made_by_cluster else OWN_SIDE[own]
    if "parts.network=existing" in settings:
        settings = [*settings, *NETWORK[cloud]]
    if "parts.kubernetes=existing" in settings:
        settings = [*settings, *CLUSTER[cloud]]
    settings = [*settings, *KURRENT_SIDE[kurrent], *DATABASE[database], f"provider={provider}"]
    if options == "other":
        settings += OTHER[mode]
    if besides == "everything":
        settings += [one for one in EVERYTHING if one not in settings]
        settings += ON_THE_DATABASE if database == "create" else []
        shared = mode in SHARED_VPC and "parts.network=existing" in settings
        settings += ["account.host_project=acme-network"] if shared else []
    services = [] if mode.startswith(("gke", "gcp", "aws-", "azure-")) else ["--range", "services=10.100.0.0/16"]
    # Where the network is made here.
    if besides == "everything" and own in ("made", "network only") and not mode.endswith(WITHOUT_OWN_RANGES):
        services += OWN_RANGES
    if besides == "everything" and "parts.kubernetes=absent" not in settings and load_cloud(cloud).modes[mode].pools:
        settings += [] if "parts.kubernetes=existing" in settings else [NODE_POOL]
    hidden = ["--range", "pods=10.244.0.0/16"] if own == "all exists" and has_hidden_pods(mode) else []
    return [*init_flags(mode), *services, *hidden, *sets(settings)]


def has_hidden_pods(mode: str) -> bool:
    """Whether pods have a range of the cluster, which is given where the cluster exists."""
    return mode in ("aks-kubenet", "aks-kubenet-vnet", "aks-overlay")


def test_every_two_choices_that_can_meet_do() -> None:
    left = [pair for pair in every_pair() if not any(in_row(pair, row) for row in rows())]

    assert [pair for pair in left if row_with(pair)] == []
    assert all(makes_sense(row) for row in rows())


def test_every_choice_of_a_cloud_is_planned() -> None:
    of_all, of_planned = ({one for row in some for one in choices_of(row)} for some in (rows(), planned_rows()))

    assert of_planned == of_all


@in_full
def test_every_module_is_validated(tmp_path: Path, run: Run) -> None:
    """In a default run: a module that is added needs a row there, or a test elsewhere."""
    flags = [*map(init_flags, GUIDE), *map(flags_of, validated_rows())]
    for number, asked in enumerate(flags):
        assert run("init", tmp_path / str(number), *asked).exit_code == 0
    written = {module.parent.name for module in tmp_path.glob("*/modules/*/versions.tf")}

    modules = {file.parent.name for file in Path(str(template_root())).glob("*/modules/[!_]*/versions.tf*")}

    assert modules - written == VALIDATED_ELSEWHERE


# Files of tests that mock what OpenTofu 1.12 cannot mock: see docs/how-to/install.md.
BEYOND_OPENTOFU = ("addresses", "cluster", "pods", "routes")


def is_beyond_opentofu(row: Sequence[str]) -> bool:
    """Whether OpenTofu 1.12 cannot run all tests of a row; test_opentofu.py plans and applies it instead.

    Objects of a cluster that exists are mocked with some of their fields, and subnets of EKS with a zone each.
    """
    return row[1] == "all exists" or (row[1] == "cluster in what exists" and row[0].startswith("eks"))


@pytest.mark.parametrize("row", rows() if tries_more() else validated_rows(), ids=", ".join)
def test_terraform_accepts_it(
    row: tuple[str, ...],
    tmp_path: Path,
    run: Run,
    program: str,
    terraform: Terraform,
    terraform_environment: dict[str, str],
) -> None:
    repository = tmp_path / "network"
    written = run("init", repository, *flags_of(row))
    assert written.exit_code == 0, written.output
    tests, usual = repository / "environments/prod/tests", tmp_path / "usual"
    if is_tested_only_here(row):
        run("init", usual, *init_flags(row[0]))
    is_planned = row in planned_rows() or tries_more()
    files = files_that_say_something(row, tests, usual) if is_planned else files_of_options(row, tests, usual)
    if program == "tofu" and is_beyond_opentofu(row):
        files = [name for name in files if name not in BEYOND_OPENTOFU]
    if files:
        told = judge(terraform, repository, "prod", *files)
        assert "Success!" in told
        assert " 0 failed" in told
    else:
        accept(terraform, repository)

    assert (tests / "connection_string.tftest.hcl").exists() == (row[3] != "absent")
    assert (tests / "kurrent_network.tftest.hcl").exists() == (row[2] == "network exists")
    if row[1] == "all exists":
        assert run("check", "-C", repository, env=terraform_environment).exit_code == 0


def files_that_say_something(row: Sequence[str], tests: Path, usual: Path) -> list[str]:
    """Return the files of tests to run: those that would not say what they say of the mode as each is tested anyway.

    They would not where the mode's own side is another, unless all their words are about modules that are the same.
    """
    if is_tested_only_here(row):
        files = [file for file in tests.iterdir() if plans_the_root(file) or not is_usual(file, usual)]
        return [name_of(file) for file in files]
    names = ("connection_string", "kurrent_network", "kurrent_project")
    return [name for name in names if (tests / f"{name}.tftest.hcl").exists()] or ["peering"]


def files_of_options(row: Sequence[str], tests: Path, usual: Path) -> list[str]:
    """Return the files of tests to run where nothing is planned: those of modules that other options of a mode bring.

    A row with the options of another mode of the cloud, which is planned in its place, does not have them.
    """
    if row[5] != "other":
        return []
    return [name_of(file) for file in tests.iterdir() if not plans_the_root(file) and not is_usual(file, usual)]


def is_tested_only_here(row: Sequence[str]) -> bool:
    """Whether the mode's own side is another than the one with which each mode is tested anyway."""
    return row[1] != "made" or row[5] == "other"


def is_usual(file: Path, usual: Path) -> bool:
    """Whether a file of tests and the modules that it names are word by word those of the usual repository."""
    repository = file.parents[3]
    other = usual / file.relative_to(repository)
    return (
        other.exists()
        and other.read_bytes() == file.read_bytes()
        and all(texts(usual / module) == texts(repository / module) for module in modules_of(file))
    )


def texts(folder: Path) -> dict[Path, bytes]:
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
