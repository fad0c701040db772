"""The facts about what is replaced name resources and arguments that there are."""

import json
import shutil
from pathlib import Path

import pytest

from escscaffold.reviewing.items import Written
from escscaffold.reviewing.replacing import resource_facts
from tests.conftest import Run
from tests.terraform.schema import Json, schema_folder

FILES = sorted(schema_folder().glob("*.json"))


@pytest.mark.skipif(not FILES, reason="there are no provider schemas here")
def test_every_resource_and_argument_is_in_its_provider() -> None:
    known = {}
    for file in FILES:
        for schema in json.loads(file.read_text(encoding="utf-8"))["provider_schemas"].values():
            known |= schema["resource_schemas"]

    # The schemas that come along are cut down to what is emitted.
    there = {kind: facts for kind, facts in resource_facts().items() if kind in known}
    wrong = [
        f"{kind}.{name}" for kind, facts in there.items() for name in facts.arguments if not _is_in(known[kind], name)
    ]

    assert len(there) > 15
    assert wrong == []


def _is_in(schema: Json, argument: str) -> bool:
    block = schema["block"]
    for part in argument.split("."):
        if part not in {*block.get("attributes", {}), *block.get("block_types", {})}:
            return False
        block = block.get("block_types", {}).get(part, {}).get("block", {})
    return True


def test_every_resource_has_a_page_that_says_so() -> None:
    assert all(facts.source.startswith("https://") for facts in resource_facts().values())


def written(value: str | None) -> Written | None:
    return None if value is None else Written(text=json.dumps(value), literal=True, line=1)


OTHER = (written("one"), written("another"))


@pytest.mark.parametrize(
    "kind, argument, old, new, forces",
    [
        ("azurerm_kubernetes_cluster", "network_profile.pod_cidr", None, "10.0.0.0/16", False),
        ("azurerm_kubernetes_cluster", "network_profile.pod_cidr", "10.0.0.0/16", "10.0.0.0/15", True),
        ("azurerm_kubernetes_cluster", "network_profile.network_policy", None, "cilium", False),
        ("azurerm_kubernetes_cluster", "network_profile.network_policy", "calico", "cilium", True),
        ("azurerm_kubernetes_cluster", "network_profile.network_plugin_mode", None, "overlay", False),
        ("azurerm_kubernetes_cluster", "network_profile.network_plugin_mode", "overlay", None, True),
        ("google_container_cluster", "ip_allocation_policy.additional_ip_ranges_config.subnetwork", "a", "b", False),
        ("google_container_cluster", "ip_allocation_policy.cluster_secondary_range_name", "a", "b", True),
        ("kurrentcloud_managed_cluster", "acl_id", "a", "b", True),
        ("kurrentcloud_managed_cluster", "projection_level", "off", "system", False),
        ("eventstorecloud_managed_cluster", "projection_level", "off", "system", True),
    ],
)
def test_an_argument_is_replaced_where_the_provider_does_it(
    kind: str, argument: str, old: str | None, new: str | None, forces: bool
) -> None:
    assert resource_facts()[kind].forces(argument, written(old), written(new)) is forces


OVERLAY = ("--mode", "aks-overlay", "--yes", "--quiet")


@pytest.mark.parametrize(
    ("old", "new", "terraform_leaves_it"),
    [("calico", "none", True), ("calico", "cilium", False), ("cilium", "none", False)],
)
def test_review_says_which_network_policy_terraform_would_leave_as_it_is(
    old: str, new: str, terraform_leaves_it: bool, tmp_path: Path, run: Run
) -> None:
    made = run("init", tmp_path / "before", *OVERLAY, "--set", f"kubernetes.network_policy={old}")
    assert made.exit_code == 0, made.output
    shutil.copytree(tmp_path / "before", tmp_path / "after")
    changed = ("set", "-C", tmp_path / "after", f"prod.kubernetes.network_policy={new}")
    assert run(*changed, "--accept-replace", "prod.network_policy").exit_code == 0

    done = run("review", tmp_path / "before", tmp_path / "after", "--json")

    (impact,) = (one for one in json.loads(done.stdout)["impact"] if one["subject"] == "prod.network_policy")
    assert impact["things"] == ["the cluster"]
    assert ("leaves it as it is" in impact["refused"]) is terraform_leaves_it
    assert ("leaves it as it is" in impact["reason"]) is terraform_leaves_it
