"""What a review says of a node pool that comes, changes or goes: only that pool is touched."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.reviewing import sides

ENVIRONMENTS = {
    "eks": ["--mode", "eks", "--region", "eu-central-1"],
    "gke-standard": ["--mode", "gke-standard", "--region", "europe-west2"],
    "aks-cni": ["--mode", "aks-cni", "--region", "westeurope"],
}
POOLS = {
    "eks": "module.node_pools.aws_eks_node_group.pools",
    "gke-standard": "module.kubernetes.google_container_node_pool.pools",
    "aks-cni": "module.kubernetes.azurerm_kubernetes_cluster_node_pool.pools",
}
ACCEPTED = ["--accept-replace", "prod"]


def reviewed(folder: Path, run: Run, mode: str, *changes: str) -> dict[str, Any]:
    """Write two pools, `batch` and `web`, make the changes, and return what a review says of them."""
    pools = [part for name in ("batch", "web") for part in ("--set", f"node_pools.{name}.nodes_max=3")]
    assert run("init", folder / "before", *ENVIRONMENTS[mode], *pools, "--yes", "--quiet").exit_code == 0
    shutil.copytree(folder / "before", folder / "after")
    done = run("set", *changes, "-C", folder / "after", *ACCEPTED)
    assert done.exit_code == 0, done.output
    found = run("review", "before", "after", "-C", folder, "--format", "json", "--fail-on", "none")
    document: dict[str, Any] = json.loads(found.stdout)
    return document


def actions(document: dict[str, Any], mode: str) -> dict[str, str]:
    """What becomes of each pool, by its name; other resources than pools and their templates are left alone."""
    rest = [one["address"] for one in document["instances"] if ".pools[" not in one["address"]]
    assert rest == []
    first = POOLS[mode]
    return {
        one["address"].removeprefix(first).strip('[]"'): one["action"] or one["change"]
        for one in document["instances"]
        if one["address"].startswith(first)
    }


@pytest.mark.parametrize("mode", ENVIRONMENTS)
def test_one_pool_more_is_all_that_is_made(mode: str, tmp_path: Path, run: Run) -> None:
    document = reviewed(tmp_path, run, mode, "node_pools.more.nodes_max=2")

    assert actions(document, mode) == {"more": "create"}
    assert document["verdict"]["answer"] == "in place"


@pytest.mark.parametrize("mode", ENVIRONMENTS)
def test_a_pool_that_goes_is_destroyed_and_the_other_stays(mode: str, tmp_path: Path, run: Run) -> None:
    document = reviewed(tmp_path, run, mode, "node_pools.batch=")

    assert actions(document, mode) == {"batch": "destroy"}
    assert document["verdict"]["level"] == "replace"


@pytest.mark.parametrize("mode", ENVIRONMENTS)
def test_another_number_of_nodes_labels_and_taints_change_in_place(mode: str, tmp_path: Path, run: Run) -> None:
    changes = ["nodes_max=5", 'taints=["a=b:NoSchedule"]', "labels.team=web"]
    document = reviewed(tmp_path, run, mode, *(f"node_pools.web.{change}" for change in changes))

    assert actions(document, mode) == {"web": "update"}
    assert document["verdict"]["answer"] == "in place"


@pytest.mark.parametrize("mode", ENVIRONMENTS)
def test_spot_replaces_the_pool(mode: str, tmp_path: Path, run: Run) -> None:
    document = reviewed(tmp_path, run, mode, "node_pools.web.spot=true")

    (impact,) = [one for one in document["impact"] if one["subject"] == "prod.node_pools.web.spot"]
    assert (impact["effect"], impact["things"], impact["environment"]) == ("replace", ["the node pool"], "prod")
    assert document["verdict"]["answer"] == "replaces"
    assert actions(document, mode).keys() == {"web"}


@pytest.mark.parametrize("argument", ["spot", "preemptible", "enable_confidential_storage"])
@pytest.mark.parametrize(("old", "new"), [("true", "false"), ("false", "true")])
def test_a_pool_of_your_own_is_replaced_by_a_switch_of_its_nodes(argument: str, old: str, new: str) -> None:
    """https://github.com/hashicorp/terraform-provider-google/issues/10895: the provider recreates the pool."""
    text = f'resource "google_container_node_pool" "mine" {{\n  node_config {{\n    {argument} = %s\n  }}\n}}\n'

    assert sides.actions(text % old, text % new) == {"google_container_node_pool.mine": "replace"}
