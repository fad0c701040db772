"""Node pools besides the first: read, counted in the ranges, written, and told where something of them is replaced."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EKS, GKE, Plan, said, tree
from tests.conftest import Run

ROUTES = ("--mode", "gke-routes", "--region", "europe-west2")
AKS = ("--mode", "aks-cni", "--region", "westeurope")


def pool(text: str, name: str = "batch") -> list[str]:
    """Return the flags that ask for a node pool."""
    return ["--set", f"node_pools.{name}={{ {text} }}"]


def findings_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {finding["subject"]: finding for finding in document["findings"] if finding["code"] == "ESC407"}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def repository_in(folder: Path, run: Run, *flags: str) -> Path:
    done = run("init", folder, *flags, "--yes", "--quiet")
    assert done.exit_code == 0, done.output
    return folder


# The arithmetic by hand; an upgrade adds a node to each pool, but no Spot VM on AKS.
@pytest.mark.parametrize(
    ("mode", "pools", "given", "right"),
    [
        # GKE gives a node with 32 pods a /26, one with 110 a /24: (100 + 1) x 64 + (6 + 1) x 256 = 8,256.
        (GKE, pool("nodes_max = 100, max_pods_per_node = 32"), "pods=/19", "/18"),
        # 101 + 7 nodes, the control plane's address and four that Google keeps: 113.
        (GKE, pool("nodes_max = 100"), "nodes=/26", "/25"),
        # A node has an address and one for each pod: 20 x 61 + (5 + 1) x 31 + 5 = 1,411.
        (AKS, pool("nodes_max = 20, spot = true, pods_per_node = 60"), "nodes=/22", "/21"),
        # With an upgrade's node, 34 x 61 + 6 x 31 + 5 = 2,265; as Spot VMs, 33 x 61 + 191 = 2,204.
        (AKS, pool("nodes_max = 33, pods_per_node = 60"), "nodes=/21", "/20"),
        # By 16, with eight to spare: 48 for 30 pods, 128 for 110. (17 + 1) x 48 + (5 + 1) x 128 + 5 = 1,637.
        (
            ("--mode", "aks-podsubnet", "--region", "westeurope"),
            pool("nodes_max = 17, pods_per_node = 30"),
            "pods=/22",
            "/21",
        ),
        # An m6i.4xlarge with 110 pods has five interfaces of 30 addresses, an m6i.large three of ten. In its
        # zone, (20 + 2) x 150 + (3 + 2) x 30 + 16 for the control plane + 5 that AWS keeps = 3,471.
        (EKS, pool('nodes_max = 20, instance_types = ["m6i.4xlarge"], zones = ["1"]'), "nodes-1=/21", "/20"),
        # Over both zones, (10 + 2) x 150 + 171 = 1,971 in each.
        (EKS, pool('nodes_max = 20, instance_types = ["m6i.4xlarge"]'), "nodes-2=/22", "/21"),
        # With 32 pods, three of its interfaces will do: (20 + 2) x 90 + 171 = 2,151, and (18 + 2) x 90 + 171 = 1,971.
        (
            EKS,
            pool('nodes_max = 20, instance_types = ["m6i.4xlarge"], zones = ["1"], pods_per_node = 32'),
            "nodes-1=/21",
            "/20",
        ),
        # A /24 for each of (60 + 1) + (5 + 1) = 67 nodes, whatever their pods.
        (
            ("--mode", "aks-overlay", "--region", "westeurope"),
            pool("nodes_max = 60, pods_per_node = 10"),
            "pods=/18",
            "/17",
        ),
    ],
    ids=[
        "gke blocks",
        "gke nodes",
        "aks spot",
        "aks surge",
        "aks pod subnet",
        "eks zone",
        "eks",
        "eks pods",
        "overlay",
    ],
)
def test_a_range_is_held_to_the_nodes_of_every_pool(
    mode: tuple[str, ...], pools: list[str], given: str, right: str, planned: Plan
) -> None:
    name = given.partition("=")[0]

    few = findings_of(planned(*mode, *pools, "--range", given, exit_code=1))
    enough = planned(*mode, *pools, "--range", f"{name}={right}")

    assert few[name]["fix"].startswith(f"Give {name} a {right}") or right in few[name]["fix"]
    assert "batch" in few[name]["reason"]
    assert findings_of(enough) == {}
    assert findings_of(planned(*mode, "--range", given)) == {}


@pytest.mark.parametrize(
    ("text", "nodes_1", "nodes_2"),
    [
        # (18 + 2) x 90 + 171 = 1,971, and 5 x 30 + 21 = 171 in the zone without the pool.
        ('nodes_max = 18, instance_types = ["m6i.4xlarge"], zones = ["1"], pods_per_node = 32', "/21", "/24"),
        ('nodes_max = 20, instance_types = ["m6i.4xlarge"]', "/21", "/21"),
    ],
)
def test_a_pool_takes_addresses_in_its_own_zones_only(text: str, nodes_1: str, nodes_2: str, planned: Plan) -> None:
    document = planned(*EKS, *pool(text), "--range", f"nodes-1={nodes_1}", "--range", f"nodes-2={nodes_2}")

    assert findings_of(document) == {}


def test_a_type_that_is_not_known_is_told(planned: Plan) -> None:
    document = planned(*EKS, *pool('nodes_max = 2, instance_types = ["m99.large"]'))

    assert [finding["code"] for finding in document["findings"]] == ["ESC411"]


def test_the_end_of_support_of_its_machines_is_told(planned: Plan) -> None:
    # https://learn.microsoft.com/azure/virtual-machines/sizes/retirement/retired-sizes-list
    document = planned(
        *AKS, *pool('nodes_max = 2, node_size = "Standard_A4m_v2", os_disk_type = "Managed"'), "--as-of", "2028-11-01"
    )

    told = {finding["subject"]: finding["message"] for finding in document["findings"] if finding["code"] == "ESC504"}
    assert "Standard_A4m_v2" in told["node_pools.batch.node_size"]


def test_ranges_that_nobody_sized_hold_the_pools(planned: Plan) -> None:
    # (300 + 1 + 6 + 1) x 256 = 78,848 addresses: a /15.
    document = planned(*GKE, *pool("nodes_max = 300"))

    ranges = document["environments"]["prod"]["ranges"]
    assert ranges["pods"]["cidr"].endswith("/15")
    assert ranges["pods"]["origin"] == "sized"


def test_what_a_range_is_asked_for_has_the_pools_on_top(planned: Plan) -> None:
    # (50 + 1) x 256 + (50 + 1) x 256 = 26,112: a /17, where the first alone is a /18.
    asked = ("--range", "pods={ nodes = 50 }")
    with_pool = planned(*GKE, *pool("nodes_max = 50"), *asked)["environments"]["prod"]["ranges"]["pods"]["cidr"]
    alone = planned(*GKE, *asked)["environments"]["prod"]["ranges"]["pods"]["cidr"]

    assert (alone[-3:], with_pool[-3:]) == ("/18", "/17")


def test_kubenet_has_no_more_than_400_nodes_in_all_pools(planned: Plan) -> None:
    kubenet = ("--mode", "aks-kubenet-vnet", "--region", "westeurope", "--range", "pods=10.244.0.0/15")

    # 5 + 1 of the first pool.
    assert "pods" in findings_of(planned(*kubenet, *pool("nodes_max = 394"), exit_code=1))
    assert findings_of(planned(*kubenet, *pool("nodes_max = 393"))) == {}


def test_each_step_of_the_sum_is_told(run: Run) -> None:
    pools = pool("nodes_max = 300, max_pods_per_node = 32")

    assert "and the node pool batch with 301 nodes, 1 of them while an upgrade runs, x 64" in said(
        run("plan", *GKE, *pools, "--range", "pods={ nodes = 300 }", "--explain")
    )


def test_one_pool_more_touches_nothing_else(tmp_path: Path, run: Run, planned: Plan) -> None:
    repository = repository_in(tmp_path / "network", run, *GKE)
    before, places = tree(repository), planned("-C", repository)

    done = run("set", "node_pools.batch={ nodes_max = 5, spot = true }", "-C", repository)

    assert done.exit_code == 0, done.output
    root = "environments/prod"
    assert changed(before, tree(repository)) == {
        # The README has the quotas that its nodes take.
        *("escscaffold.toml", "escscaffold.lock", "README.md"),
        *(f"{root}/main.tf", f"{root}/terraform.tfvars", f"{root}/variables.tf"),
    }
    now = planned("-C", repository)["environments"]
    assert now["prod"].pop("node_pools") == {"batch": {"nodes": 5, "pods_per_node": 110}}
    assert now == places["environments"]
    assert run("check", "-C", repository).exit_code == 0


def test_a_pool_that_outgrows_what_is_allocated_writes_nothing(tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "network", run, *GKE, "--range", "pods=/20")
    before = tree(repository)

    refused = run("set", "node_pools.batch.nodes_max=100", "-C", repository)

    assert refused.exit_code == 1
    assert "ESC407" in refused.output
    assert tree(repository) == before


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("node_pools.batch=", "prod.node_pools.batch"),
        ("node_pools.batch.spot=true", "prod.node_pools.batch.spot"),
        ("node_pools.batch.max_pods_per_node=32", "prod.node_pools.batch.max_pods_per_node"),
    ],
)
def test_what_replaces_a_pool_or_takes_it_away_is_accepted_by_name(
    change: str, name: str, tmp_path: Path, run: Run
) -> None:
    repository = repository_in(tmp_path / "network", run, *GKE, *pool("nodes_max = 5"))
    before = tree(repository)

    refused = run("set", change, "-C", repository)

    assert refused.exit_code == 5
    assert name in refused.output
    assert tree(repository) == before
    assert run("set", change, "-C", repository, "--accept-replace", name).exit_code == 0


@pytest.mark.parametrize(
    "change",
    ["nodes_max=7", 'taints=["a=b:NoExecute"]', "labels.team=web", "machine_type=n2-standard-8", "disk_size=200"],
)
def test_what_changes_in_place_costs_nothing(change: str, tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "network", run, *GKE, *pool("nodes_max = 5"))

    assert run("set", f"node_pools.batch.{change}", "-C", repository).exit_code == 0


def test_two_pools_come_and_go_by_themselves(tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "network", run, *GKE, *pool("nodes_max = 5"), *pool("nodes_max = 2", "web"))

    gone = run("set", "node_pools.batch=", "-C", repository, "--accept-replace", "prod.node_pools.batch")

    assert gone.exit_code == 0, gone.output
    assert "web" in (repository / "environments/prod/terraform.tfvars").read_text()
    assert "batch" not in (repository / "environments/prod/terraform.tfvars").read_text()


@pytest.mark.parametrize(
    ("mode", "given", "told"),
    [
        (GKE, "node_pools.batch.spot=true", "nodes_max is missing"),
        (GKE, "node_pools.Batch.nodes_max=1", "Invalid node pool name"),
        (GKE, "node_pools.nodes.nodes_max=1", "is the name of the cluster's first pool"),
        (GKE, f"node_pools.{'a' * 41}.nodes_max=1", "Invalid node pool name"),
        (AKS, "node_pools.batch-1.nodes_max=1", "Invalid node pool name"),
        (AKS, "node_pools.batchjobs1234.nodes_max=1", "Invalid node pool name"),
        (AKS, "node_pools.rotation.nodes_max=1", "is the name of the cluster's first pool"),
        (GKE, "node_pools.batch={ nodes_max = 2, nodes_min = 3 }", "nodes_min = 3 is above nodes_max = 2"),
        (GKE, 'node_pools.batch={ nodes_max = 2, taints = ["a=b:Never"] }', "taints"),
        (GKE, 'node_pools.batch={ nodes_max = 2, taints = ["a:NoSchedule"] }', "taints"),
        (GKE, 'node_pools.batch={ nodes_max = 2, taints = ["node.kubernetes.io/a=b:NoSchedule"] }', "is reserved"),
        (GKE, 'node_pools.batch={ nodes_max = 2, labels = { "k8s.io/a" = "b" } }', "is reserved"),
        (AKS, 'node_pools.batch={ nodes_max = 2, labels = { "kubernetes.azure.com/a" = "b" } }', "is reserved"),
        (GKE, 'node_pools.batch={ nodes_max = 2, labels = { a = "${b}" } }', "is not valid in a label"),
        (GKE, 'node_pools.batch={ nodes_max = 2, labels = { a = 5 } }', "is not text"),
        (GKE, 'node_pools.batch={ nodes_max = 2, zones = ["us-east1-b"] }', "is not in region europe-west2"),
        (AKS, 'node_pools.batch={ nodes_max = 2, zones = ["4"] }', "'4' is not a value of zones"),
        (EKS, 'node_pools.batch={ nodes_max = 2, zones = ["3"] }', "the node subnet 'nodes-3' does not exist"),
        (EKS, 'node_pools.batch={ nodes_max = 2, nodes = 3 }', "nodes = 3 is above nodes_max = 2"),
        (EKS, 'node_pools.batch={ nodes_max = 2, labels = { "eks.amazonaws.com/a" = "b" } }', "is reserved"),
        (EKS, 'node_pools.batch={ nodes_max = 2, instance_types = ["m7g.large"] }', "ARM"),
        (GKE, 'node_pools.batch={ nodes_max = 2, spot = "often" }', "spot"),
        (GKE, "node_pools.batch={ nodes_max = 2, sopt = true }", "Did you mean spot?"),
        (GKE, "node_pools.batch={ nodes_max = 2, label = { a = 'b' } }", "Did you mean labels?"),
        (GKE, "node_pools.batch={ nodes_max = 2, max_pods_per_node = 300 }", "is outside 8 to 256"),
        (GKE, 'node_pools.batch={ nodes_max = 2, disk_type = "hyperdisk-balanced" }', "no Hyperdisk"),
        (AKS, 'node_pools.batch={ nodes_max = 2, node_size = "Standard_D4s_v5" }', "no local disk"),
        (GKE, "node_pools.batch=5", "is not a table"),
        (GKE, "node_pools=5", "is not a table"),
        (ROUTES, "node_pools.b={ nodes_max = 2, max_pods_per_node = 8 }", "Unknown key 'max_pods_per_node'"),
        (("--mode", "gke-autopilot", "--region", "europe-west2"), "node_pools.b.nodes_max=2", "has no node pools"),
    ],
)  # fmt: skip
def test_what_no_pool_can_have_is_refused(mode: tuple[str, ...], given: str, told: str, run: Run) -> None:
    result = run("plan", *mode, "--set", given)

    assert result.exit_code == 2, result.output
    assert told in said(result)


def test_a_cluster_that_exists_gets_no_pools(run: Run) -> None:
    there = ["parts.kubernetes=absent", "node_pools.batch.nodes_max=2"]

    result = run("plan", *GKE, *(part for one in there for part in ("--set", one)))

    assert result.exit_code == 2
    assert "this environment creates no cluster" in said(result)


def test_a_plan_shows_the_nodes_that_ranges_are_sized_for(run: Run) -> None:
    batch = 'node_pools.batch={ nodes_max = 12, pods_per_node = 20, zones = ["1"] }'
    flags = ["--mode", "eks", "--region", "eu-central-1", "--set", batch, "--set", "node_pools.web={ nodes_max = 5 }"]

    (prod,) = json.loads(run("plan", *flags, "--json").stdout)["environments"].values()
    line = "Additional node pools: batch (12 nodes of 20 pods), web (5 nodes)."

    assert prod["node_pools"] == {"batch": {"nodes": 12, "pods_per_node": 20, "zones": [1]}, "web": {"nodes": 5}}
    assert line in run("plan", *flags).output
    assert line in run("plan", *flags, "--format", "markdown").output
    assert "node_pools" not in json.loads(run("plan", *flags[:4], "--json").stdout)["environments"]["prod"]
