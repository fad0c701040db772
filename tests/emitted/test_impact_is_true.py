"""What escscaffold says a change replaces is what Terraform plans to replace.

Each environment is applied to stand-ins of its providers, which know what the real ones replace. Then its
escscaffold.toml is changed, and what `generate` says of it is compared with the plan of the real terraform.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.guide import init_flags
from tests.terraform.attached import reattaching, schema_providers
from tests.terraform.root import require
from tests.terraform.schema import schema_folder
from tests.terraform.store import Store

# What the words of `generate` mean, as Terraform's types, without the prefix of the Kurrent provider.
CLUSTERS = {"aws_eks_cluster", "google_container_cluster", "azurerm_kubernetes_cluster"}
WORDS = {
    "the Kurrent network": {"network"},
    "the database": {"managed_cluster"},
    "the peering": {"peering"},
    "the VPC": {"aws_vpc"},
    "its subnets": {"aws_subnet"},
    "the pod subnet": {"aws_subnet"},
    "its CIDR block": {"aws_vpc_ipv4_cidr_block_association"},
    "the node group": {"aws_eks_node_group"},
    "the subnet": {"aws_subnet", "google_compute_subnetwork"},
    "the cluster": CLUSTERS,
    # By way of another node pool, which Terraform calls a change in place.
    "the nodes": set(),
}
# All else, such as routes and roles, is there for one of these, and comes and goes with it.
NAMED: set[str] = set().union(*WORDS.values())

GOOGLE_REFUSES = "Terraform would change the secondary range in place, and Google refuses that while a cluster uses it."
AZURE_REFUSES = "Terraform would change the subnet in place, and Azure refuses that while nodes are in it."
EKS_REFUSES = "Terraform would move the cluster to the new VPC's subnets, and EKS refuses subnets of another VPC."


@dataclass(frozen=True)
class Change:
    """Other ranges in escscaffold.toml, and why the cluster is said to be replaced though Terraform would not do it."""

    ranges: Mapping[str, Any]
    cluster_because: str = ""


MOVED_VPC = {"network": "172.24.0.0/16", "nodes-1": "172.24.0.0/18", "nodes-2": "172.24.64.0/18"}

CHANGES: dict[str, list[Change]] = {
    "eks": [
        Change({"kurrent": "172.29.99.0/24"}),
        Change({"nodes-2": "172.16.128.0/18"}),
        Change({"services": "10.100.0.0/16"}),
        Change(MOVED_VPC, EKS_REFUSES),
    ],
    "eks-custom": [
        Change({"pods-2": "100.65.0.0/17"}),
        Change({"nodes-2": "172.16.128.0/18"}),
        Change({"services": "10.100.0.0/16"}),
    ],
    "gke-standard": [
        Change({"kurrent": "172.22.111.0/24"}),
        Change({"remote": ["172.28.0.0/14"]}),
        Change({"pods": "172.31.0.0/17"}, GOOGLE_REFUSES),
        Change({"services": "10.96.0.0/20"}),
        Change({"nodes": "172.30.0.0/17"}),
        Change({"nodes": "172.30.0.0/15", "pods": "172.28.0.0/17"}, GOOGLE_REFUSES),
        Change({"pods": {"nodes": 100, "pods_per_node": 64}}),
    ],
    "gke-autopilot": [Change({"pods": "172.31.0.0/17"}, GOOGLE_REFUSES), Change({"nodes": "172.30.0.0/17"})],
    "gke-routes": [Change({"pods": "172.31.0.0/17"}), Change({"nodes": "172.30.0.0/17"})],
    "aks-cni": [
        Change({"kurrent": "172.22.111.0/24"}),
        Change({"network": "172.16.0.0/14"}),
        Change({"nodes": "172.17.0.0/16"}, AZURE_REFUSES),
        Change({"services": "10.1.0.0/16"}),
    ],
    "aks-kubenet": [Change({"pods": "10.245.0.0/16"}), Change({"services": "10.1.0.0/16"})],
    "aks-kubenet-vnet": [Change({"pods": "10.245.0.0/16"}), Change({"nodes": "172.17.0.0/16"}, AZURE_REFUSES)],
    "aks-overlay": [Change({"pods": "10.244.0.0/15"}), Change({"services": "10.1.0.0/16"})],
    "aks-podsubnet": [
        Change({"pods": "172.17.0.0/17"}, AZURE_REFUSES),
        Change({"nodes": "172.17.0.0/17"}, AZURE_REFUSES),
    ],
}


@pytest.mark.parametrize("mode", CHANGES)
def test_generate_tells_what_terraform_replaces(
    mode: str, tmp_path: Path, run: Run, terraform_environment: dict[str, str]
) -> None:
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    applied = tmp_path / "applied"
    assert run("init", applied, *init_flags(mode)).exit_code == 0
    with schema_providers(schema_folder(), Store(tmp_path / "store")) as servers:
        terraform = terraform_in(terraform_environment | reattaching(servers))
        terraform(applied / "environments/prod", "init", "-input=false")
        terraform(applied / "environments/prod", "apply", "-auto-approve", "-input=false")
        for number, change in enumerate(CHANGES[mode]):
            repository = tmp_path / str(number)
            shutil.copytree(applied, repository, symlinks=True)
            words = told(repository, change, run)
            there, replaced = planned(repository / "environments/prod", terraform)

            said = {kind for word in words for kind in WORDS[word]} & there
            refused = CLUSTERS & there if change.cluster_because else set()
            assert said - refused == replaced & NAMED, change.ranges
            assert refused <= said, change.ranges


def told(repository: Path, change: Change, run: Run) -> set[str]:
    """Change escscaffold.toml, write what it asks for, and return the words for what that replaces."""
    file = repository / "escscaffold.toml"
    document: Any = tomlkit.parse(file.read_text(encoding="utf-8"))
    document["environments"]["prod"]["ranges"].update(change.ranges)
    file.write_text(tomlkit.dumps(document), encoding="utf-8")
    done = run("generate", "-C", repository, "--accept-replace", "prod", "--json")
    assert done.exit_code == 0, done.output
    return {word for one in json.loads(done.stdout)["replaces"] for word in one["replaces"]}


def planned(root: Path, terraform: Terraform) -> tuple[set[str], set[str]]:
    """Return the types that are there, and those of which a plan makes one anew at least."""
    terraform(root, "plan", "-input=false", "-out=plan")
    plan = json.loads(terraform(root, "show", "-json", "plan").stdout)
    changes = [(kind_of(one["type"]), one["change"]["actions"]) for one in plan["resource_changes"]]
    assert any(actions != ["no-op"] for _, actions in changes)
    return {kind for kind, _ in changes}, {kind for kind, actions in changes if {"create", "delete"} <= set(actions)}


def kind_of(type_name: str) -> str:
    return type_name.removeprefix("kurrentcloud_")
