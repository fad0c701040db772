"""The real terraform on what is chosen at Azure: networks and clusters that exist, the way to the internet, tags."""

from pathlib import Path

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import write
from tests.emitted.judging import assert_noticed

NETWORK = ["parts.network=existing", "existing.network=vnet-esc", "existing.network_resource_group=rg-esc"]
ABSENT = ["parts.kubernetes=absent"]
NAT = ["options.outbound=nat-gateway"]
WAIT = ["options.role_wait=true"]


@pytest.mark.parametrize(
    ("settings", "made"),
    [
        ([], {"aks-podsubnet", "azure-network", "azure-pod-subnet"}),
        (NAT, {"aks-podsubnet", "azure-nat", "azure-network", "azure-pod-subnet"}),
        # Its subnets have their gateway already.
        ([*NETWORK, *NAT], {"aks-podsubnet", "azure-node-network-existing", "azure-pod-subnet-existing"}),
        (ABSENT, {"azure-network", "azure-pod-subnet"}),
    ],
    ids=["usual", "nat-gateway", "existing", "absent"],
)
def test_only_the_modules_that_are_called_for_are_written(
    settings: list[str], made: set[str], tmp_path: Path, run: Run
) -> None:
    write(run, tmp_path / "network", "aks-podsubnet", settings)

    written = {folder.name for folder in (tmp_path / "network/modules").iterdir() if folder.is_dir()}
    assert {name for name in written if not name.startswith("kurrent-")} == {*made, "azure-peering"}


@pytest.mark.parametrize("mode", ["aks-kubenet", "aks-overlay", "azure-existing"])
@pytest.mark.parametrize(("settings", "waits"), [([], False), (WAIT, True)], ids=["usual", "wait"])
def test_the_peering_waits_for_its_role_by_option(
    mode: str, settings: list[str], waits: bool, tmp_path: Path, run: Run
) -> None:
    root = write(run, tmp_path / "network", mode, settings)

    assert ('source  = "hashicorp/time"' in (root / "versions.tf").read_text()) == waits
    place = "role_wait" if waits else "peering"
    assert f"network_id = module.{place}.virtual_network_id" in (root / "main.tf").read_text()
    assert ("for which Terraform waits" in (root.parents[1] / "README.md").read_text()) == waits


# What is done to the emitted files: the choices, the file, what it says, what it says instead, and the test file
# that notices, with its word.
TESTS_NOTICE = {
    "a role that nobody waits for": (
        *("aks-overlay", WAIT, "modules/azure-role-wait/wait.tf"),
        *('create_duration = "5m"', 'create_duration = "0s"'),
        *("role_wait", "The peering is created before its role takes effect"),
    ),
    "a subnet without the NAT gateway": (
        *("aks-podsubnet", NAT, "modules/azure-nat/subnets.tf"),
        *("for_each = var.subnet_ids", 'for_each = { for name, id in var.subnet_ids : name => id if name != "pods" }'),
        *("addresses", "A subnet of the cluster has no NAT gateway"),
    ),
    "a NAT gateway that the cluster does not use": (
        *("aks-overlay", NAT, "environments/prod/main.tf"),
        *('"userAssignedNATGateway"', '"loadBalancer"'),
        *("addresses", "The nodes have another outbound type than configured"),
    ),
    "a VNet without tags": (
        *("aks-overlay", [], "modules/azure-network/virtual_network.tf"),
        *("  tags                = var.tags\n", ""),
        *("addresses", "A resource has no tags"),
    ),
    "a role on more than the node subnet": (
        *("aks-cni", [], "modules/aks-cni/identity.tf"),
        *("= var.node_subnet_id", "= azurerm_user_assigned_identity.cluster.id"),
        *("addresses", "The cluster has other permissions on its network than planned"),
    ),
    "a subnet of any range": (
        *("aks-overlay", NETWORK, "modules/azure-node-network-existing/subnet.tf"),
        *(" if contains(subnet.address_prefixes, var.nodes_cidr)", ""),
        *("network", "a_vnet_without_such_a_subnet_is_refused"),
    ),
    "services over the VNet": (
        *("aks-cni", [], "modules/aks-cni/variables.tf"),
        *("for cidr in [var.network_cidr] :", "for cidr in [] :"),
        *("node_pool", "services_over_the_vnet_are_refused"),
    ),
    "a principal that a destroy takes from the whole tenant": (
        *("aks-cni", [], "environments/prod/tests/addresses.tftest.hcl"),
        *("create_service_principal = false", "create_service_principal = true"),
        *("addresses", "prevent_destroy"),
    ),
    "a peering that nobody looks for": (
        *("aks-kubenet", [], "environments/prod/main.tf"),
        *("contains(data.azurerm_virtual_network.peered.vnet_peerings_addresses, module.kurrent_network.cidr_block)",),
        *("length(data.azurerm_virtual_network.peered.vnet_peerings_addresses) > 0",),
        *("addresses", "a_peering_that_azure_does_not_have_is_warned_of"),
    ),
}


@pytest.mark.parametrize("what", TESTS_NOTICE)
def test_the_emitted_tests_notice(what: str, tmp_path: Path, run: Run, terraform: Terraform) -> None:
    mode, settings, *change = TESTS_NOTICE[what]
    write(run, tmp_path / "network", mode, settings)

    assert_noticed(terraform, tmp_path / "network", *change)
