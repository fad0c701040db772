"""The real terraform on node pools: what it plans of each, and that every mode that has them is accepted."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import write
from tests.emitted.judging import accept

BATCH = {
    "gke-standard": (
        'nodes_max = 20, machine_type = "c3-standard-8", max_pods_per_node = 32, zones = ["europe-west2-b"]'
    ),
    "aks-cni": 'nodes_max = 20, node_size = "Standard_D8ds_v5", pods_per_node = 32, zones = ["1"]',
}
ALL = 'spot = true, taints = ["dedicated=batch:NoSchedule"], labels = { "example.com/kind" = "batch" }'
POOLS = {
    "gke-standard": "module.kubernetes.google_container_node_pool.pools",
    "aks-cni": "module.kubernetes.azurerm_kubernetes_cluster_node_pool.pools",
}


def planned(terraform: Terraform, root: Path) -> Mapping[str, Mapping[str, Any]]:
    """What the plan makes, by address: each resource's values."""
    terraform(root, "init", "-input=false")
    terraform(root, "plan", "-input=false", "-out=plan")
    shown = json.loads(terraform(root, "show", "-json", "plan").stdout)
    return {one["address"]: one["change"]["after"] for one in shown["resource_changes"]}


@pytest.fixture
def pools(tmp_path: Path, run: Run, terraform: Terraform) -> Any:
    """Return a function that writes a mode with the pool `batch`, and returns what is planned of its pools."""

    def plan(mode: str) -> Mapping[str, Mapping[str, Any]]:
        settings = [f"node_pools.batch={{ {BATCH[mode]}, {ALL} }}", "node_pools.web={ nodes_max = 2 }"]
        root = write(run, tmp_path / "network", mode, settings)
        terraform(root.parents[1], "fmt", "-check", "-recursive")
        found = planned(terraform, root)
        first = POOLS[mode]
        return {address.removeprefix(first): after for address, after in found.items() if address.startswith(first)}

    return plan


def test_gke_makes_the_pools_that_are_asked_for(pools: Any) -> None:
    found = pools("gke-standard")

    assert found.keys() == {'["batch"]', '["web"]'}
    batch, web = found['["batch"]'], found['["web"]']
    (node,) = batch["node_config"]
    assert (batch["name"], batch["max_pods_per_node"], batch["node_locations"]) == ("batch", 32, ["europe-west2-b"])
    assert (node["machine_type"], node["spot"], node["labels"]) == (
        "c3-standard-8",
        True,
        {"example.com/kind": "batch"},
    )
    assert node["taint"] == [{"effect": "NO_SCHEDULE", "key": "dedicated", "value": "batch"}]
    assert batch["autoscaling"][0]["total_max_node_count"] == 20
    assert (web["max_pods_per_node"], web["node_config"][0]["machine_type"]) == (110, "e2-standard-4")


def test_aks_makes_the_pools_that_are_asked_for(pools: Any) -> None:
    found = pools("aks-cni")

    assert found.keys() == {'["batch"]', '["web"]'}
    batch, web = found['["batch"]'], found['["web"]']
    assert (batch["name"], batch["vm_size"], batch["max_pods"]) == ("batch", "Standard_D8ds_v5", 32)
    assert (batch["priority"], batch["eviction_policy"], batch["zones"]) == ("Spot", "Delete", ["1"])
    spot = "kubernetes.azure.com/scalesetpriority"
    assert batch["node_labels"] == {"example.com/kind": "batch", spot: "spot"}
    assert batch["node_taints"] == ["dedicated=batch:NoSchedule", f"{spot}=spot:NoSchedule"]
    # AKS refuses a surge of Spot VMs: https://github.com/hashicorp/terraform-provider-azurerm/issues/19355
    assert batch["upgrade_settings"] == []
    assert (web["priority"], web["upgrade_settings"][0]["max_surge"]) == ("Regular", "1")
    # Of at most 12 lower-case letters and digits, and another one for each pool.
    temporary = [one["temporary_name_for_rotation"] for one in (batch, web)]
    assert len(set(temporary)) == 2
    assert all(len(name) <= 12 and name.isalnum() and name.islower() for name in temporary)


# The modes that the plans above leave out.
@pytest.mark.parametrize("mode", ["gke-routes", "aks-kubenet", "aks-kubenet-vnet", "aks-overlay", "aks-podsubnet"])
def test_terraform_accepts_a_pool_in_every_mode_that_has_them(
    mode: str, tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    write(run, tmp_path / "network", mode, [f"node_pools.batch={{ nodes_max = 3, {ALL} }}"])

    accept(terraform, tmp_path / "network")
