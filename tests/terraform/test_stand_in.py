"""The stand-in for Kurrent Cloud behind the real terraform: what it makes, finds, refuses, replaces and gives up."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.attached import reattaching, schema_providers
from tests.terraform.root import Root, require_terraform
from tests.terraform.store import Store

SOURCES = {"kurrentcloud": "kurrent-io/kurrentcloud", "eventstorecloud": "EventStore/eventstorecloud"}
MADE = """
resource "PROVIDER_project" "this" {
  name = "example"
}

resource "PROVIDER_network" "this" {
  project_id        = PROVIDER_project.this.id
  name              = "example"
  resource_provider = "gcp"
  region            = "europe-west2"
  cidr_block        = "172.22.110.0/24"
}

resource "PROVIDER_managed_cluster" "this" {
  project_id     = PROVIDER_project.this.id
  network_id     = PROVIDER_network.this.id
  name           = "example"
  topology       = "three-node-multi-zone"
  instance_type  = "C4"
  disk_type      = "ssd"
  disk_size      = 24
  server_version = "24.10"
}

resource "PROVIDER_peering" "this" {
  project_id             = PROVIDER_project.this.id
  network_id             = PROVIDER_network.this.id
  name                   = "example"
  peer_resource_provider = PROVIDER_network.this.resource_provider
  peer_account_id        = "example"
  peer_network_id        = "vpc-esc"
  peer_network_region    = "europe-west2"
  routes                 = ["172.30.0.0/15"]
}
"""
ALL = {"project", "network", "managed_cluster", "peering"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def root(tmp_path: Path, schemas: Path, store: Store) -> Iterator[Root]:
    require_terraform()
    (tmp_path / "root").mkdir()
    with schema_providers(schemas, store) as servers:
        root = Root(tmp_path / "root", reattaching(servers))
        root.write("versions.tf", required(*SOURCES))
        root.write("main.tf", of("kurrentcloud"))
        yield root


def required(*names: str) -> str:
    entries = "".join(f'    {name} = {{ source = "{SOURCES[name]}" }}\n' for name in names)
    return f"terraform {{\n  required_providers {{\n{entries}  }}\n}}\n"


def of(provider: str, text: str = MADE) -> str:
    return text.replace("PROVIDER", provider)


def planned(root: Root) -> dict[str, list[str]]:
    """What a plan does to each resource that it does not leave alone."""
    root.succeed("plan", "-input=false", "-out=plan")
    plan: Any = json.loads(root.succeed("show", "-json", "plan"))
    actions = {one["address"]: one["change"]["actions"] for one in plan["resource_changes"]}
    return {address.partition("_")[2].partition(".")[0]: told for address, told in actions.items() if told != ["no-op"]}


def test_it_makes_finds_replaces_and_gives_up(root: Root, store: Store) -> None:
    root.succeed("init")
    root.succeed("apply", "-auto-approve")
    made = {kind: store.all(kind)[0] for kind in ALL}
    network, cluster = made["network"]["id"], made["managed_cluster"]["id"]

    assert made["managed_cluster"]["dns_name"] == f"{cluster}.mesdb.eventstore.cloud"
    assert made["managed_cluster"]["region"] == "europe-west2"
    assert made["peering"]["provider_metadata"]["gcp_network_id"].endswith(f"/global/networks/{network}")
    assert planned(root) == {}

    root.replace('instance_type  = "C4"', 'instance_type  = "M8"')
    assert planned(root) == {"managed_cluster": ["update"]}
    root.replace('"172.30.0.0/15"', '"172.28.0.0/14"')
    assert planned(root) == {"managed_cluster": ["update"], "peering": ["delete", "create"]}
    root.replace('"172.22.110.0/24"', '"172.22.111.0/24"')
    assert planned(root) == {kind: ["delete", "create"] for kind in ALL - {"project"}}
    root.succeed("apply", "-auto-approve")
    assert [store.all("network")[0]["cidr_block"], len(store.all("managed_cluster"))] == ["172.22.111.0/24", 1]

    root.write(
        "found.tf",
        of(
            "eventstorecloud",
            """
data "PROVIDER_project" "this" {
  name = "example"
}

data "PROVIDER_network" "this" {
  project_id = data.PROVIDER_project.this.id
  name       = "example"
}

output "found" {
  value = data.PROVIDER_network.this.cidr_block
}
""",
        ),
    )
    assert "172.22.111.0/24" in root.succeed("apply", "-auto-approve")

    root.succeed("destroy", "-auto-approve")
    assert [one for kind in ALL for one in store.all(kind)] == []


SIZE = 'expected "{}" to contain a network Value with between {} significant bits, got: {}'
# What stands in the right root, what is written instead, and what is said of it.
REFUSED = [
    ('"172.22.110.0/24"', '"172.22.110.0/25"', SIZE.format("cidr_block", "8 and 24", 25)),
    ('"172.22.110.0/24"', '"172.22.110.9/24"', "a valid network Value, expected 172.22.110.0/24, got 172.22.110.9/24"),
    ('"172.30.0.0/15"', '"172.30.0.0/29"', SIZE.format("routes", "8 and 28", 29)),
    ('"three-node-multi-zone"', '"three"', 'topology to be one of ["single-node" "three-node-multi-zone"], got three'),
    ('"ssd"', '"gp3"', "'iops' must be set when 'type' is 'gp3'"),
]


def test_it_refuses_what_the_provider_refuses(root: Root) -> None:
    root.succeed("init")
    for right, wrong, message in REFUSED:
        root.write("main.tf", of("kurrentcloud").replace(right, wrong))

        told = root.run("plan", "-no-color")

        assert f"{message}\n" in told.stderr


def test_everything_moves_from_one_provider_to_the_other(root: Root, store: Store) -> None:
    root.write("main.tf", of("eventstorecloud"))
    root.succeed("init")
    root.succeed("apply", "-auto-approve")
    before = {kind: store.all(kind)[0]["id"] for kind in ALL}
    text = of("kurrentcloud")
    for kind, own in before.items():
        known = own if kind == "project" else f"{before['project']}:{own}"
        text += f'import {{\n  to = kurrentcloud_{kind}.this\n  id = "{known}"\n}}\n'
        text += f"removed {{\n  from = eventstorecloud_{kind}.this\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
    root.write("main.tf", text)

    told = root.succeed("apply", "-auto-approve")

    assert "Apply complete! Resources: 4 imported, 0 added, 0 changed, 0 destroyed." in told
    assert {kind: store.all(kind)[0]["id"] for kind in ALL} == before
    assert planned(root) == {}
