"""The real terraform on node pools: what it plans of each, and that every mode that has them is accepted."""

import json
import shutil
from base64 import b64decode
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.guide import write
from tests.emitted.judging import accept
from tests.properties import some_of

BATCH = {
    "eks": 'nodes_max = 20, instance_types = ["m6i.4xlarge", "m6a.4xlarge"], pods_per_node = 32, zones = ["1"]',
    "gke-standard": (
        'nodes_max = 20, machine_type = "c3-standard-8", max_pods_per_node = 32, zones = ["europe-west2-b"], '
        'disk_key = "projects/acme/locations/europe-west2/keyRings/gke/cryptoKeys/disks"'
    ),
    "aks-cni": 'nodes_max = 20, node_size = "Standard_D8ds_v5", pods_per_node = 32, zones = ["1"]',
}
ALL = 'spot = true, taints = ["dedicated=batch:NoSchedule"], labels = { "example.com/kind" = "batch" }'
POOLS = {
    "eks": "module.node_pools.aws_eks_node_group.pools",
    "gke-standard": "module.kubernetes.google_container_node_pool.pools",
    "aks-cni": "module.kubernetes.azurerm_kubernetes_cluster_node_pool.pools",
}


def planned(terraform: Terraform, root: Path) -> Mapping[str, Mapping[str, Any]]:
    """What the plan makes, by address: each resource's values."""
    terraform(root, "init", "-input=false")
    terraform(root, "plan", "-input=false", "-out=plan")
    shown = json.loads(terraform(root, "show", "-json", "plan").stdout)
    return {one["address"]: one["change"]["after"] for one in shown["resource_changes"]}


POOLS_ALONE = """
provider "aws" {
  region                      = var.region
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "node_pools" {
  source = "../../modules/eks-node-pools"

  name       = var.environment
  cluster    = { id = "prod", node_role_arn = "arn:aws:iam::123456789012:role/nodes", version = "1.36" }
  pools      = var.node_pools
  subnet_ids = { nodes-1 = "subnet-1", nodes-2 = "subnet-2" }
  tags       = var.tags
}
"""


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
    assert node["boot_disk_kms_key"] == "projects/acme/locations/europe-west2/keyRings/gke/cryptoKeys/disks"
    assert web["node_config"][0].get("boot_disk_kms_key") is None
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


def test_eks_makes_the_pools_that_are_asked_for(tmp_path: Path, run: Run, real_aws_environment: dict[str, str]) -> None:
    settings = [f"node_pools.batch={{ {BATCH['eks']}, {ALL} }}", "node_pools.web={ nodes_max = 2 }"]
    emitted = write(run, tmp_path / "network", "eks", settings)
    # Without a cluster and its network, which would be looked up at AWS: the pools' module, with the root's variables.
    root = emitted.parent / "pools"
    root.mkdir()
    for name in ("variables.tf", "versions.tf", "terraform.tfvars"):
        shutil.copy(emitted / name, root)
    (root / "main.tf").write_text(POOLS_ALONE)

    found = planned(terraform_in(real_aws_environment), root)

    batch, web = (found[f'{POOLS["eks"]}["{name}"]'] for name in ("batch", "web"))
    assert (batch["node_group_name_prefix"], batch["capacity_type"]) == ("batch-", "SPOT")
    assert batch["instance_types"] == ["m6i.4xlarge", "m6a.4xlarge"]
    assert batch["taint"] == [{"effect": "NO_SCHEDULE", "key": "dedicated", "value": "batch"}]
    assert batch["labels"] == {"example.com/kind": "batch"}
    assert batch["scaling_config"] == [{"desired_size": 1, "max_size": 20, "min_size": 1}]
    assert (web["capacity_type"], web["instance_types"]) == ("ON_DEMAND", ["m6i.large"])
    templates = {name: found[f'module.node_pools.aws_launch_template.pools["{name}"]'] for name in ("batch", "web")}
    # What a node of AL2023 reads: https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/examples/
    message = message_from_bytes(b64decode(templates["batch"]["user_data"]))
    (part,) = message.get_payload()
    assert part.get_content_type() == "application/node.eks.aws"
    assert "\n      maxPods: 32" in part.get_payload()
    assert templates["web"].get("user_data") is None
    assert (batch["subnet_ids"], web["subnet_ids"]) == (["subnet-1"], ["subnet-1", "subnet-2"])


OTHER_MODES = some_of(
    ["eks", "eks-custom", "gke-routes", "aks-kubenet", "aks-kubenet-vnet", "aks-overlay", "aks-podsubnet"],
    *("eks-custom", "gke-routes", "aks-podsubnet"),
)


# The modes whose root modules the plans above leave out.
@pytest.mark.parametrize("mode", OTHER_MODES)
def test_terraform_accepts_a_pool_in_every_mode_that_has_them(
    mode: str, tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    write(run, tmp_path / "network", mode, [f"node_pools.batch={{ nodes_max = 3, {ALL} }}"])

    accept(terraform, tmp_path / "network")
