"""What resources are called, and what an AKS cluster's network policy comes to."""

import json
import shutil
from pathlib import Path

import pytest

from escscaffold.clouds.known_facts import load_facts
from tests.conftest import Run
from tests.reviewing.sides import actions

SOURCES = (
    *("hashicorp/aws", "hashicorp/google", "hashicorp/azurerm"),
    *("eventstore/eventstorecloud", "kurrent-io/kurrentcloud"),
)


def test_every_resource_that_has_a_name_in_words_is_known_to_its_provider() -> None:
    providers = [provider for source in SOURCES if (provider := load_facts().resources.provider(source))]

    assert len(providers) == len(SOURCES)
    assert len(load_facts().resources.words) > 15
    assert load_facts().resources.words.keys() <= {kind for provider in providers for kind in provider.resources}


def test_every_resource_has_a_page_that_says_so() -> None:
    assert all(words.source.startswith("https://") for words in load_facts().resources.words.values())


CLUSTER = """
terraform {{
  required_providers {{
    azurerm = {{ source = "hashicorp/azurerm" }}
  }}
}}

resource "azurerm_kubernetes_cluster" "main" {{
  name = "main"

  network_profile {{
    {profile}
  }}
}}
"""


@pytest.mark.parametrize(
    ("profile", "action"),
    [
        ('network_plugin = "azure"', "update"),  # has no range of pods before
        ('network_plugin = "kubenet"', "unknown"),  # has the range that Azure chose
        ('network_plugin = "azure"\n    network_plugin_mode = "overlay"', "unknown"),
        ("network_plugin = var.plugin", "unknown"),
    ],
)
def test_the_first_range_of_pods_is_in_place_only_where_azure_chose_none(profile: str, action: str) -> None:
    before = CLUSTER.format(profile=profile)
    after = CLUSTER.format(profile=f'{profile}\n    pod_cidr = "10.50.0.0/16"')

    assert actions(before, after)["azurerm_kubernetes_cluster.main"] == action


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
    assert ("cannot remove Calico" in impact["refused"]) is terraform_leaves_it
    assert ("cannot remove Calico" in impact["reason"]) is terraform_leaves_it
