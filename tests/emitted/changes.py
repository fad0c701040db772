"""Changes of escscaffold.toml, and how what is said of each is set beside Terraform's plan.

What a test measures lies in tests/emitted/measured_impact, from where a page of docs/ shows it.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from tests.conftest import Run

RECORDS = Path(__file__).with_name("measured_impact")

# Terraform plans no replacement of a database that is protected.
REPLACEABLE = ["--set", "database.protected=false"]

# What the words of `generate` and `review` mean, as Terraform's types, without the prefix of the Kurrent provider.
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
    "its NAT gateway": {"aws_nat_gateway"},
    "the NAT gateways": {"aws_nat_gateway"},
    "the public subnets": {"aws_subnet"},
}
# All else, such as routes and roles, is there for one of these, and comes and goes with it.
NAMED: set[str] = set().union(*WORDS.values())
COME_AND_GO = ("aws_eip.", "aws_route_table.", "aws_route_table_association.", "the route")
ACTIONS = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "destroy",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
}


@dataclass(frozen=True)
class Change:
    """Other values in escscaffold.toml, and who refuses what Terraform would do to the cluster, or what it leaves.

    A name without a dot is that of a range. `instead_of` says what was there before, `goes` whether Terraform
    destroys what it is said to replace.
    """

    values: Mapping[str, Any]
    refuses: str = ""
    instead_of: str = ""
    goes: bool = False

    @property
    def title(self) -> str:
        after = f" instead of {self.instead_of}" if self.instead_of else ""
        return ", ".join(f"{name} = {_on_one_line(value)}{after}" for name, value in self.values.items())


def _on_one_line(value: object) -> str:
    if not isinstance(value, Mapping):
        return tomlkit.item(value).as_string()
    table = tomlkit.inline_table()
    table.update(value)
    return table.as_string()


MOVED_VPC = {"network": "172.24.0.0/16", "nodes-1": "172.24.0.0/18", "nodes-2": "172.24.64.0/18"}

# Of an environment whose nodes are private.
OUT_OF_PRIVATE = [
    Change({"options.nat": "none"}, instead_of='"single"', goes=True),
    # The OIDC provider of its service accounts stays, whatever the cluster computes again.
    Change({"kubernetes.endpoint_access_ranges": ["198.51.100.0/24"]}),
]

CHANGES: dict[str, list[Change]] = {
    "eks": [
        Change({"kurrent": "172.29.99.0/24"}),
        Change({"nodes-2": "172.16.128.0/18"}),
        Change({"services": "10.100.0.0/16"}),
        Change(MOVED_VPC, "EKS"),
        Change({"kubernetes.nodes_min": 4}),
        Change({"kubernetes.instance_types": ["m7i.large"]}),
    ],
    "eks-custom": [
        Change({"pods-2": "100.65.0.0/17"}),
        Change({"nodes-2": "172.16.128.0/18"}),
        Change({"services": "10.100.0.0/16"}),
    ],
    "gke-standard": [
        Change({"kurrent": "172.22.111.0/24"}),
        Change({"remote": ["172.28.0.0/14"]}),
        Change({"pods": "172.31.0.0/17"}, "Google"),
        Change({"services": "10.96.0.0/20"}),
        Change({"nodes": "172.30.0.0/17"}),
        Change({"nodes": "172.30.0.0/15", "pods": "172.28.0.0/17"}, "Google"),
        Change({"pods": {"nodes": 100, "pods_per_node": 64}}),
    ],
    "gke-autopilot": [Change({"pods": "172.31.0.0/17"}, "Google"), Change({"nodes": "172.30.0.0/17"})],
    "gke-routes": [Change({"pods": "172.31.0.0/17"}), Change({"nodes": "172.30.0.0/17"})],
    "aks-cni": [
        Change({"kurrent": "172.22.111.0/24"}),
        Change({"network": "172.16.0.0/14"}),
        Change({"nodes": "172.17.0.0/16"}, "Azure"),
        Change({"services": "10.1.0.0/16"}),
    ],
    "aks-kubenet": [
        Change({"pods": "10.245.0.0/16"}),
        Change({"services": "10.1.0.0/16"}),
        Change({"kubernetes.calico": False}, "Calico", instead_of="true"),
    ],
    "aks-kubenet-vnet": [Change({"pods": "10.245.0.0/16"}), Change({"nodes": "172.17.0.0/16"}, "Azure")],
    "aks-overlay": [
        Change({"pods": "10.244.0.0/15"}),
        Change({"services": "10.1.0.0/16"}),
        Change({"kubernetes.network_policy": "none"}, instead_of='"cilium"'),
    ],
    "aks-podsubnet": [
        Change({"pods": "172.17.0.0/17"}, "Azure"),
        Change({"nodes": "172.17.0.0/17"}, "Azure"),
    ],
}


def changed(repository: Path, environment: str, change: Change, run: Run) -> set[str]:
    """Change escscaffold.toml, write what it asks for, and return the words for what that replaces."""
    file = repository / "escscaffold.toml"
    document: Any = tomlkit.parse(file.read_text(encoding="utf-8"))
    for name, value in change.values.items():
        table, _, key = name.rpartition(".")
        document["environments"][environment].setdefault(table or "ranges", {})[key] = value
    file.write_text(tomlkit.dumps(document), encoding="utf-8")
    done = run("generate", "-C", repository, "--accept-replace", environment, "--json")
    assert done.exit_code == 0, done.output
    return {word for one in json.loads(done.stdout)["replaces"] for word in one["replaces"]}


def take_state(applied: Path, root: Path) -> None:
    """Give another root the state, the providers and the pins of the one that was applied."""
    for name in ("terraform.tfstate", ".terraform.lock.hcl"):
        if (applied / name).exists():
            shutil.copy(applied / name, root)
    shutil.copytree(applied / ".terraform", root / ".terraform", symlinks=True, dirs_exist_ok=True)


def compared_change(before: Path, after: Path, plan: Path, change: Change, words: set[str], run: Run) -> dict[str, Any]:
    """Hold what is said against a plan's JSON; return both as a record."""
    changes = [one for one in json.loads(plan.read_text(encoding="utf-8"))["resource_changes"] if one["mode"] != "data"]
    done = {one["address"]: ACTIONS.get(tuple(one["change"]["actions"]), "") for one in changes}
    kinds = {one["address"]: one["type"].removeprefix("kurrentcloud_") for one in changes}
    replaced = {kinds[address] for address, action in done.items() if action == "replace"}
    assert any(done.values()) or change.refuses, change.title

    said = {kind for word in words for kind in WORDS[word]} & set(kinds.values())
    refused = CLUSTERS & set(kinds.values()) if change.refuses else set()
    gone = {kinds[address] for address, action in done.items() if action == "destroy" and change.goes}
    assert said - refused == (replaced | gone) & NAMED, change.title
    assert refused <= said, change.title

    reviewed = run("review", before, after, "--plan", plan, "--json", "--fail-on", "")
    assert reviewed.exit_code == 0, reviewed.output
    document = json.loads(reviewed.stdout)
    (comparison,) = document["plans"]
    # The plan that is given settles more than `generate` could know; what is too much is told as `only_here`.
    assert words <= {thing for one in document["impact"] if one["effect"] == "replace" for thing in one["things"]}
    along = COME_AND_GO if gone else ()
    more = [one for one in comparison["only_terraform"] if not any(kind in one for kind in along)]
    differing = {
        "only_terraform": more,
        "only_here": comparison["only_here"],
        "other_ranges": comparison["other_ranges"],
    }
    assert not any(differing.values()), (change.title, differing)
    assert [change.refuses in sentence for sentence in comparison["refused"]] == [True] * bool(change.refuses)
    told = {one["address"]: one["action"] for one in comparison["actions"]}
    assert told == {address: action for address, action in done.items() if action}

    # The same plan beside a change that is none: all of it is more than what is told.
    other = json.loads(run("review", before, before, "--plan", plan, "--json").stdout)["plans"][0]
    assert bool(other["only_terraform"]) == bool(replaced | gone), change.title
    moved = sorted(one["name"] for one in document["addresses"]["ranges"] if one["new"])
    assert other["other_ranges"] == moved, change.title
    return {
        "change": change.title,
        "said": sorted(words),
        "refused": comparison["refused"],
        "terraform": told,
    }


def record_of(mode: str, rows: list[dict[str, Any]]) -> tuple[Path, str]:
    """Return the file in which a mode's rows are kept, and its text."""
    return RECORDS / f"{mode}.json", json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
