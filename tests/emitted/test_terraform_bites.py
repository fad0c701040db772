"""Something is taken out of what escscaffold writes, and the repository's own checks notice.

The last cases are the traps that shaped the design: done the obvious way, they fail.
"""

from pathlib import Path

import pytest

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.guide import init_flags
from tests.emitted.judging import assert_noticed
from tests.properties import tries_more

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
        "does not import your static routes",
    ),
    "a pods range that GKE would pick": (
        "gke-standard",
        "environments/prod/terraform.tfvars",
        '"172.31.128.0/17"',
        '"10.120.0.0/14"',
        "cannot reach the database",
    ),
    "ranges that may overlap": (
        "gke-standard",
        "environments/prod/variables.tf",
        "          ])) == 2,",
        "          ])) >= 1,",
        "a_range_over_the_kurrent_network_is_refused",
    ),
    "a role that holds for another scope than the VNet": (
        "aks-cni",
        "modules/azure-peering/role.tf",
        "  scope              = var.virtual_network_id\n",
        "  scope              = data.azurerm_client_config.current.subscription_id\n",
        "Kurrent Cloud's role is not assigned on the VNet",
    ),
    "a pods range that is left to AKS": (
        "aks-overlay",
        "modules/aks-overlay/cluster.tf",
        "    pod_cidr            = var.pod_cidr\n",
        "",
        "The pods have another range than planned",
    ),
    "pods that take addresses of the node subnet": (
        "aks-podsubnet",
        "modules/aks-podsubnet/cluster.tf",
        "    pod_subnet_id  = var.pod_subnet_id\n",
        "",
        "The pods are in another subnet than planned",
    ),
    "a role on another subnet than the pods'": (
        "aks-podsubnet",
        "modules/aks-podsubnet/identity.tf",
        "scope                = var.pod_subnet_id",
        "scope                = var.node_subnet_id",
        "The cluster has other permissions on its network than planned",
    ),
    "a data source that names the cluster": (
        "aks-kubenet",
        "modules/aks-kubenet/virtual_network.tf",
        "resource_group_name = local.node_resource_group\n  type",
        "resource_group_name = azurerm_kubernetes_cluster.this.node_resource_group\n  type",
        "Check block assertion known after apply",
    ),
    "keys that are known after apply only": (
        "eks",
        "modules/aws-peering/routes.tf",
        "for_each = var.route_table_ids",
        "for_each = toset(values(var.route_table_ids))",
        "Invalid for_each argument",
    ),
}
SAID_OF_THE_UNKNOWN = ("Unknown condition value", "Invalid for_each argument")

# The same for pods that keep their own address outside the VPC, and the file of tests that notices.
OWN_ADDRESS = ["--set", "options.snat=false", "--set", "routes=exact"]
TESTS_OF_PODS_NOTICE = {
    "pods of a zone in another zone": (
        "environments/prod/main.tf",
        """replace(name, "nodes-", "pods-") => zone }""",
        """{ nodes-1 = "pods-2", nodes-2 = "pods-1" }[name] => zone }""",
        "pods",
        "A zone with nodes has no pod subnet, or that of another zone",
    ),
    "a network plugin that is told one zone only": (
        "modules/eks-custom/network_plugin.tf",
        "for zone, id in var.pod_subnet_ids : zone =>",
        'for zone, id in { for zone, id in var.pod_subnet_ids : zone => id if !endswith(zone, "b") } : zone =>',
        "pods",
        "A zone with nodes has no pod subnet, or that of another zone",
    ),
    "pods without a route to the database": (
        "environments/prod/main.tf",
        "merge(module.network.route_table_ids, module.pod_nat.route_table_ids)",
        "module.network.route_table_ids",
        "addresses",
        "A route table has no route to the Kurrent network",
    ),
    "pods that nobody checks the peering for": (
        "environments/prod/main.tf",
        "merge({ network = module.network.vpc_cidr_block }, module.pod_subnets.pod_subnet_cidrs)",
        "{ network = module.network.vpc_cidr_block }",
        "addresses",
        "No check verifies that the peering reaches the VPC and its pods",
    ),
    "a peering that does not know the pods": (
        "environments/prod/terraform.tfvars",
        'remote = ["100.64.0.0/16", "172.16.0.0/16"]',
        'remote = ["172.16.0.0/16"]',
        "addresses",
        "cannot reach the database",
    ),
    "pods that leave the VPC as their node": (
        "environments/prod/main.tf",
        "snat              = false",
        "snat              = true",
        "pods",
        "another SNAT setting, than planned",
    ),
    "pods that go out by another zone": (
        "modules/aws-pod-nat/routes.tf",
        "aws_nat_gateway.this[each.key].id",
        'aws_nat_gateway.this["pods-1"].id',
        "pods",
        "does not route to the NAT gateway of its zone",
    ),
}


@pytest.mark.parametrize("what", list(TESTS_OF_PODS_NOTICE)[:: 1 if tries_more() else 3])
def test_the_emitted_tests_of_pods_notice(what: str, tmp_path: Path, run: Run, terraform_itself: Terraform) -> None:
    run("init", tmp_path / "network", *init_flags("eks-custom"), *OWN_ADDRESS)

    assert_noticed(terraform_itself, tmp_path / "network", *TESTS_OF_PODS_NOTICE[what])


@pytest.mark.parametrize("what", list(TESTS_NOTICE)[:: 1 if tries_more() else 2])
def test_the_emitted_tests_notice(what: str, tmp_path: Path, run: Run, terraform: Terraform, program: str) -> None:
    mode, *change, answer = TESTS_NOTICE[what]
    if program == "tofu" and answer in SAID_OF_THE_UNKNOWN:
        pytest.skip("mocks of OpenTofu have values in a plan: test_a_plan_notices plans without mocks")
    run("init", tmp_path / "network", *init_flags(mode))

    assert_noticed(terraform, tmp_path / "network", *change, "addresses", answer)


@pytest.mark.parametrize("what", [what for what in TESTS_NOTICE if TESTS_NOTICE[what][-1] in SAID_OF_THE_UNKNOWN])
def test_a_plan_notices(what: str, tmp_path: Path, run: Run, program: str, stood_in: dict[str, str]) -> None:
    mode, file, old, new, answer = TESTS_NOTICE[what]
    run("init", tmp_path / "network", *init_flags(mode))
    text = (tmp_path / "network" / file).read_text()
    (tmp_path / "network" / file).write_text(text.replace(old, new, 1))
    root, terraform = tmp_path / "network/environments/prod", terraform_in(stood_in, program)
    terraform(root, "init", "-input=false")

    assert answer in terraform(root, "plan", "-input=false", "-no-color", expect=1).stderr
