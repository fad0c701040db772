"""What the peerings that are found route to, and which ranges they leave out."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import said
from tests.conftest import Run

NODES = """\
resource "google_compute_subnetwork" "nodes" {
  ip_cidr_range = "172.30.0.0/16"
  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.120.0.0/14"
  }
  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = "10.99.0.0/20"
  }
}
resource "google_container_cluster" "main" {
  private_cluster_config { master_ipv4_cidr_block = "172.16.0.0/28" }
}
resource "kurrentcloud_network" "main" { cidr_block = "172.22.110.0/24" }
"""
BESIDE = 'resource "kurrentcloud_peering" "main" { routes = ["172.30.0.0/16"] }\n'


@pytest.fixture
def told(tmp_path: Path, run: Run) -> Any:
    """Write a file, scan it, and return the text and the document."""

    def scan(text: str, *flags: str) -> tuple[str, dict[str, Any]]:
        (tmp_path / "main.tf").write_text(text)
        results = [run("scan", "-C", tmp_path, ".", *flags, *more) for more in ((), ("--json",))]
        assert [one.exit_code for one in results] == [0, 0], results
        return said(results[0]), json.loads(results[1].stdout)

    return scan


def test_pods_that_the_peering_does_not_route_to_are_named(told: Any) -> None:
    text, document = told(NODES + BESIDE)

    assert (
        "1 range outside the peering routes: 10.120.0.0/14 google_compute_subnetwork.nodes pods. (main.tf:16)" in text
    )
    assert 'fix: routes = ["172.30.0.0/16", "10.120.0.0/14"] at main.tf:16; this replaces only the peering' in text
    assert document["peerings"] == [
        {"name": "kurrentcloud_peering.main", "routes": ["172.30.0.0/16"], "source": "main.tf", "line": 16}
    ]
    # Neither services nor the control plane nor the Kurrent network connect to the database.
    assert document["unrouted"] == [
        {
            "cidr": "10.120.0.0/14",
            "kind": "subnet",
            "name": "google_compute_subnetwork.nodes pods",
            "source": "main.tf",
            "line": 5,
            "root": ".",
            "call": "",
            "values": "",
            "account": "",
            "region": "",
            "network": "",
            "partly": [],
        }
    ]


def test_where_the_routes_hold_all_a_range_that_is_not_written_is_recalled(told: Any) -> None:
    text, document = told(NODES + BESIDE.replace("172.30.0.0/16", '172.30.0.0/16", "10.120.0.0/14'))

    assert document["unrouted"] == []
    assert "range outside the peering routes" not in text
    # Where the cluster is, is not known, nor what the cloud picked for its pods.
    assert "Cluster google_container_cluster.main has no pod range set" in text


def test_a_route_to_a_part_is_told_with_that_part(told: Any) -> None:
    text, document = told(NODES + BESIDE.replace("172.30.0.0/16", '172.30.128.0/17", "10.0.0.0/8'))

    assert [(one["cidr"], one["partly"]) for one in document["unrouted"]] == [("172.30.0.0/16", ["172.30.128.0/17"])]
    assert 'fix: routes = ["10.0.0.0/8", "172.30.0.0/16"] at main.tf:16' in text


def test_routes_that_hold_a_range_only_together_leave_nothing_out(told: Any) -> None:
    text, document = told(NODES + BESIDE.replace("172.30.0.0/16", '172.30.0.0/17", "172.30.128.0/17", "10.120.0.0/14'))

    assert document["unrouted"] == []
    assert [one["kind"] for one in document["diagnoses"][0]["causes"]] == ["pods-picked", "not-accepted"]
    assert "range outside the peering routes" not in text


def test_a_range_that_another_peering_routes_to_is_not_left_out(told: Any) -> None:
    other = 'resource "eventstorecloud_peering" "other" { routes = ["10.120.0.0/14"] }\n'

    text, document = told(NODES + BESIDE + other)

    assert document["unrouted"] == []
    assert "Diagnosis of kurrentcloud_peering.main" in text
    assert "Diagnosis of eventstorecloud_peering.other" in text


def test_nothing_is_said_to_be_left_out_where_routes_are_not_known(told: Any) -> None:
    text, document = told(NODES + BESIDE + 'resource "kurrentcloud_peering" "other" { routes = var.nowhere }\n')

    assert document["unrouted"] == []
    assert "leaves out" not in text
    assert "kurrentcloud_peering.other routes = var.nowhere" in text


def test_peerings_between_other_networks_say_nothing(told: Any) -> None:
    other = 'resource "aws_route" "x" { destination_cidr_block = "10.1.0.0/16" }\n'

    text, document = told(NODES + other)

    assert (document["peerings"], document["unrouted"]) == ([], [])
    assert "routes to" not in text


def test_the_state_says_which_range_the_cloud_picked(tmp_path: Path, run: Run) -> None:
    def one(kind: str, **values: object) -> dict[str, object]:
        return {"mode": "managed", "type": kind, "name": "main", "instances": [{"attributes": values}]}

    resources = [
        one("google_compute_subnetwork", ip_cidr_range="172.30.0.0/16"),
        one("google_container_cluster", cluster_ipv4_cidr="10.120.0.0/14", services_ipv4_cidr="10.3.0.0/20"),
        one(
            "azurerm_kubernetes_cluster", network_profile=[{"pod_cidr": "10.244.0.0/16", "service_cidr": "10.0.0.0/16"}]
        ),
        one("kurrentcloud_peering", routes=["172.30.0.0/16"]),
    ]
    state = {"version": 4, "terraform_version": "1.11.4", "resources": resources}
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))

    result = run("scan", "-C", tmp_path, ".", "--quiet")

    assert result.exit_code == 0
    # Pods that are SNATed to their node need no route.
    assert "10.244.0.0/16" not in said(result).partition("Diagnosis of kurrentcloud_peering.main")[2]
    assert "The pods of cluster google_container_cluster.main, 10.120.0.0/14, are outside the peering routes." in said(
        result
    )
    # A state is not edited: the fix names the resource in Terraform files that were not read.
    fix = 'routes = ["172.30.0.0/16", "10.120.0.0/14"] in the Terraform files of kurrentcloud_peering.main'
    assert fix in said(result)


def test_pods_that_the_plan_hides_behind_their_nodes_are_not_left_out(tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "net", "--mode", "eks-custom", "--yes")

    document = json.loads(run("scan", "-C", tmp_path / "net", ".", "--json").stdout)

    assert "100.64.0.0/18" in [one["cidr"] for one in document["found"]]
    assert len(document["peerings"]) == 1
    assert (document["unrouted"], document["unresolved"]) == ([], [])


def test_names_stay_in_a_narrow_terminal(tmp_path: Path, run: Run) -> None:
    (tmp_path / "main.tf").write_text(NODES)

    lines = run("scan", "-C", tmp_path, ".", env={"COLUMNS": "60"}).stdout.splitlines()

    row = lines.index(next(line for line in lines if line.startswith("10.120.0.0/14")))
    assert "google_compute_subnetwork.nodes pods" in lines[row] + lines[row + 1]
    assert "subnet" in lines[row]
