"""Something is taken out of what escscaffold writes, and the repository's own checks notice.

The last cases are the traps that shaped the design: done the obvious way, they fail.
"""

import re
from pathlib import Path

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import init_flags

# What is done: the mode, the file, what it says, what it says instead, and what terraform then answers.
TESTS_NOTICE = {
    "a route table without the route to the database": (
        "eks",
        "modules/aws-peering/routes.tf",
        "for_each = var.route_table_ids",
        'for_each = { for table, id in var.route_table_ids : table => id if table != "public" }',
        "A route table has no route to the Kurrent network",
    ),
    "custom routes that are not exported": (
        "gke-routes",
        "modules/gcp-peering/peering.tf",
        "export_custom_routes = true",
        "export_custom_routes = false",
        "does not learn your static routes",
    ),
    "a pods range that GKE would pick": (
        "gke-standard",
        "environments/prod/terraform.tfvars",
        '"172.31.128.0/17"',
        '"10.120.0.0/14"',
        "nothing there could reach the database",
    ),
    "a role that holds for another scope than the VNet": (
        "aks-cni",
        "modules/azure-peering/role.tf",
        "  scope              = var.virtual_network_id\n",
        "  scope              = data.azurerm_client_config.current.subscription_id\n",
        "Kurrent Cloud's role does not hold on the VNet",
    ),
    "a pods range that is left to AKS": (
        "aks-overlay",
        "modules/aks-overlay/cluster.tf",
        "    pod_cidr            = var.pod_cidr\n",
        "",
        "Unknown condition value",
    ),
    "pods that take addresses of the node subnet": (
        "aks-podsubnet",
        "modules/aks-podsubnet/cluster.tf",
        "    pod_subnet_id        = var.pod_subnet_id\n",
        "",
        "The pods are in another subnet than planned",
    ),
    "a role on another subnet than the pods'": (
        "aks-podsubnet",
        "modules/aks-podsubnet/identity.tf",
        "scope                = var.pod_subnet_id",
        "scope                = var.node_subnet_id",
        "The cluster may not join nodes and pods to their subnets",
    ),
    "a data source that names the cluster": (
        "aks-kubenet",
        "modules/aks-kubenet/virtual_network.tf",
        "resource_group_name = local.node_resource_group\n  type",
        "resource_group_name = azurerm_kubernetes_cluster.this.node_resource_group\n  type",
        "Unknown condition value",
    ),
    "keys that are known after apply only": (
        "eks",
        "modules/aws-peering/routes.tf",
        "for_each = var.route_table_ids",
        "for_each = toset(values(var.route_table_ids))",
        "Invalid for_each argument",
    ),
}


@pytest.mark.parametrize("what", TESTS_NOTICE)
def test_the_emitted_tests_notice(what: str, tmp_path: Path, run: Run, terraform: Terraform) -> None:
    mode, file, old, new, answer = TESTS_NOTICE[what]
    run("init", tmp_path / "network", *init_flags(mode))
    target = tmp_path / "network" / file
    assert target.read_text().count(old) >= 1
    target.write_text(target.read_text().replace(old, new, 1))
    root = tmp_path / "network/environments/prod"
    terraform(root, "init", "-backend=false")

    told = terraform(root, "test", "-filter=tests/addresses.tftest.hcl", expect=1)

    words = re.sub(r"[\s│╷╵]+", " ", told.stdout + told.stderr)
    assert answer in words
