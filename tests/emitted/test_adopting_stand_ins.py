"""Peerings that exist at Google and Azure are adopted, and the first plan creates nothing that exists.

Said by the real terraform: Google, Azure and Kurrent Cloud are stood in for, and import what a test says exists.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.adopted_state import HALF, NETWORK, state, stored
from tests.cli.test_adopt import CLUSTERS, SUBNETS
from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.test_adopting import planned
from tests.terraform.stand_in import key_of
from tests.terraform.store import Store

Existing = Callable[..., None]

SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
VNET = f"{SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.Network/virtualNetworks/vnet-shop"
ROLE = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/role-1"
ASSIGNMENT = f"{VNET}/providers/Microsoft.Authorization/roleAssignments/assignment-1"
TENANT = "aaaaaaaa-0000-0000-0000-000000000001"
ACTIONS = [f"Microsoft.Network/virtualNetworks/{action}" for action in ("peer/action", "virtualNetworkPeerings/write")]
PEER = {"actions": ACTIONS, "not_actions": [], "data_actions": [], "not_data_actions": []}


@pytest.fixture
def stood_in(stood_in: dict[str, str]) -> Terraform:
    """Run terraform with providers that find what is in the store."""
    return terraform_in(stood_in)


def attributes(text: str, address: str) -> dict[str, Any]:
    """Return the attributes of a resource in a state."""
    kind, name = address.split(".")
    (found,) = (one for one in json.loads(text)["resources"] if (one["type"], one["name"]) == (kind, name))
    return dict(found["instances"][0]["attributes"])


def kurrent_exists(store: Store, text: str) -> None:
    """Put what a state has of Kurrent Cloud where its stand-in finds it."""
    for kind in ("project", "network", "peering"):
        one = attributes(text, f"eventstorecloud_{kind}.main")
        store.keep(kind, one["id"], one)


def google_exists(store: Store, auto: bool = True) -> None:
    links = [one["selfLink"] for one in SUBNETS]
    network = {
        "name": "default",
        "id": NETWORK.partition("v1/")[2],
        "self_link": NETWORK,
        "subnetworks_self_links": links,
    }
    store.keep("data.google_compute_network", "default", network)
    half = dict(HALF["instances"][0]["attributes"])
    # The provider compares networks without the host before them; the stand-in does not.
    half |= {"id": "default/kurrent-shop", "state_details": ""}
    half["peer_network"] = half["peer_network"].partition("v1/")[2]
    store.keep("google_compute_network_peering", key_of("acme/default/kurrent-shop"), half)


def adopt(run: Run, folder: Path, *paths: str) -> Path:
    result = run("adopt", "-C", folder, *paths, "--to", "net", "--environment", "prod", "--yes")
    assert result.exit_code == 0, result.output
    assert run("check", "-C", folder / "net").exit_code == 0
    return folder / "net/environments/prod"


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """What `gcloud container clusters list` and `gcloud compute networks subnets list` print, and a state."""
    (tmp_path / "clusters.json").write_text(json.dumps(CLUSTERS))
    (tmp_path / "subnets.json").write_text(json.dumps(SUBNETS))
    return tmp_path


GOOGLE = ("clusters.json", "subnets.json", "state.json")


def test_a_dead_peering_of_gkes_default_network_gets_its_routes_and_a_repository_that_creates_nothing_twice(
    collected: Path, store: Store, stood_in: Terraform, run: Run
) -> None:
    (collected / "state.json").write_text(state(HALF))
    kurrent_exists(store, state(HALF))
    google_exists(store)

    scan = run("scan", "-C", collected, *GOOGLE)

    # A state is not edited, so that the fix names no place in it.
    fix = 'fix: routes = ["10.154.0.0/20", "10.24.0.0/14"] in the Terraform files of eventstorecloud_peering.main'
    assert fix in " ".join(scan.stdout.split())
    root = adopt(run, collected, *GOOGLE)
    changes = planned(stood_in, root)
    peering, half = (
        "module.kurrent_peering.kurrentcloud_peering.this",
        "module.peering.google_compute_network_peering.this",
    )
    assert sorted(changes) == [peering, half]
    # The provider cannot change its routes, and the half leads to the peering.
    assert changes[peering] == (["delete", "create"], True)
    assert changes[half][1]
    assert changes[half][0] in (["no-op"], ["delete", "create"])


def test_at_google_a_peering_with_the_right_routes_is_taken_over_as_it_is(
    collected: Path, store: Store, stood_in: Terraform, run: Run
) -> None:
    text = state(HALF, routes=("10.154.0.0/20", "10.24.0.0/14"))
    (collected / "state.json").write_text(text)
    kurrent_exists(store, text)
    google_exists(store)

    changes = planned(stood_in, adopt(run, collected, *GOOGLE))

    assert len(changes) == 2
    assert {tuple(actions) for actions, _ in changes.values()} <= {("no-op",), ("update",)}
    assert all(imports for _, imports in changes.values())


def azure_state(*more: dict[str, Any]) -> str:
    """A state with a peering of a VNet, and the role that lets Kurrent Cloud make it."""
    document = json.loads(state())
    replaced = {
        "network": {"resource_provider": "azure", "region": "westeurope"},
        "peering": {
            "peer_resource_provider": "azure",
            "peer_network_region": "westeurope",
            "peer_network_id": VNET,
            "peer_account_id": TENANT,
            "routes": ["10.50.0.0/16"],
            "provider_metadata": {},
        },
    }
    for one in document["resources"]:
        one["instances"][0]["attributes"] |= replaced.get(one["type"].partition("_")[2], {})
    document["resources"] += [
        stored(
            "azurerm_virtual_network.main",
            id=VNET,
            name="vnet-shop",
            resource_group_name="rg-shop",
            location="westeurope",
            address_space=["10.50.0.0/16"],
        ),
        stored(
            "azurerm_role_definition.kurrent",
            id=f"{ROLE}|{VNET}",
            role_definition_id="role-1",
            role_definition_resource_id=ROLE,
            name="kurrent peering",
            scope=VNET,
            permissions=[PEER],
            assignable_scopes=[VNET],
        ),
        # AKS's own role at the same VNet is none of Kurrent's.
        stored(
            "azurerm_role_assignment.aks",
            id=f"{VNET}/providers/Microsoft.Authorization/roleAssignments/aks",
            scope=VNET,
            role_definition_id=f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/network-contributor",
            principal_id="somebody",
        ),
        stored(
            "azurerm_role_assignment.kurrent",
            id=ASSIGNMENT,
            scope=VNET,
            name="assignment-1",
            role_definition_id=ROLE,
            role_definition_name="kurrent peering",
            principal_id="kurrent",
            principal_type="ServicePrincipal",
        ),
        *more,
    ]
    return json.dumps(document)


def azure_exists(store: Store, text: str) -> None:
    store.keep("data.azurerm_virtual_network", "vnet", attributes(text, "azurerm_virtual_network.main"))
    store.keep(
        "data.azurerm_client_config", "here", {"tenant_id": TENANT, "subscription_id": SUBSCRIPTION.split("/")[-1]}
    )
    store.keep("data.azuread_service_principal", "kurrent", {"object_id": "kurrent"})
    for address in ("azurerm_role_definition.kurrent", "azurerm_role_assignment.kurrent"):
        one = attributes(text, address)
        store.keep(address.partition(".")[0], key_of(one["id"]), one)


def test_at_azure_the_peering_and_its_role_are_taken_over_and_the_service_principal_is_looked_up(
    tmp_path: Path, store: Store, stood_in: Terraform, run: Run
) -> None:
    text = azure_state()
    (tmp_path / "state.json").write_text(text)
    kurrent_exists(store, text)
    azure_exists(store, text)

    root = adopt(run, tmp_path, "state.json")

    assert 'service_principal = "existing"' in (tmp_path / "net/escscaffold.toml").read_text()
    changes = planned(stood_in, root)
    assert sorted(changes) == [
        "module.kurrent_peering.kurrentcloud_peering.this",
        "module.peering.azurerm_role_assignment.peering",
        "module.peering.azurerm_role_definition.peering",
    ]
    assert {tuple(actions) for actions, _ in changes.values()} <= {("no-op",), ("update",)}
    assert all(imports for _, imports in changes.values())


def test_of_two_roles_that_may_be_kurrents_none_is_taken(
    tmp_path: Path, store: Store, stood_in: Terraform, run: Run
) -> None:
    second = stored(
        "azurerm_role_definition.other",
        id=f"{ROLE}2|{VNET}",
        role_definition_resource_id=f"{ROLE}2",
        scope=VNET,
        permissions=[PEER],
    )
    text = azure_state(second)
    (tmp_path / "state.json").write_text(text)

    document = json.loads(
        run("adopt", "-C", tmp_path, "state.json", "--to", "net", "--environment", "prod", "--yes", "--json").stdout
    )

    assert [one["to"] for one in document["imports"]] == ["module.kurrent_peering.kurrentcloud_peering.this"]
