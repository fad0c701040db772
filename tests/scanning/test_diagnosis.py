"""Why a peering that exists does not work: what a scan says is wrong, in which order, and what would be right."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import said
from tests.conftest import Run

Diagnosed = Callable[..., list[dict[str, Any]]]

GOOGLE = """\
resource "google_compute_network" "main" {
  name = "main"
}

resource "google_compute_subnetwork" "nodes" {
  name          = "nodes"
  network       = google_compute_network.main.id
  ip_cidr_range = "10.154.0.0/20"

  secondary_ip_range {
    range_name    = "first"
    ip_cidr_range = "10.24.0.0/14"
  }

  secondary_ip_range {
    range_name    = "second"
    ip_cidr_range = "10.40.0.0/20"
  }
}

resource "google_container_cluster" "prod" {
  name       = "prod"
  location   = "europe-west2"
  network    = google_compute_network.main.id
  subnetwork = google_compute_subnetwork.nodes.id

  ip_allocation_policy {
    cluster_secondary_range_name  = google_compute_subnetwork.nodes.secondary_ip_range[0].range_name
    services_secondary_range_name = "second"
  }
}

resource "kurrentcloud_network" "main" {
  name              = "main"
  resource_provider = "gcp"
  cidr_block        = "172.22.110.0/24"
}

resource "kurrentcloud_peering" "main" {
  network_id      = kurrentcloud_network.main.id
  peer_network_id = google_compute_network.main.name
  routes          = ["10.154.0.0/20"]
}
"""
HALF = """\
resource "google_compute_network_peering" "main" {
  network              = google_compute_network.main.id
  peer_network         = kurrentcloud_peering.main.provider_metadata["gcp_network_id"]
  export_custom_routes = true
  import_custom_routes = false
}
"""
AMAZON = """\
resource "aws_vpc" "main" { cidr_block = "172.16.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "172.16.0.0/18"
}
resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "172.16.64.0/18"
}
resource "aws_eks_cluster" "prod" {
  name = "prod"
  vpc_config { subnet_ids = [aws_subnet.a.id, aws_subnet.b.id] }
}
resource "kurrentcloud_network" "main" {
  resource_provider = "aws"
  cidr_block        = "172.29.98.0/24"
}
resource "kurrentcloud_peering" "main" {
  network_id      = kurrentcloud_network.main.id
  peer_network_id = aws_vpc.main.id
  routes          = [aws_vpc.main.cidr_block]
}
"""
ACCEPTED = """\
resource "aws_vpc_peering_connection_accepter" "main" {
  vpc_peering_connection_id = kurrentcloud_peering.main.provider_metadata["aws_peering_link_id"]
  auto_accept               = true
}
"""
TABLES = """\
resource "aws_route_table" "a" { vpc_id = aws_vpc.main.id }
resource "aws_route_table" "b" { vpc_id = aws_vpc.main.id }
resource "aws_route_table_association" "a" {
  route_table_id = aws_route_table.a.id
  subnet_id      = aws_subnet.a.id
}
resource "aws_route_table_association" "b" {
  route_table_id = aws_route_table.b.id
  subnet_id      = aws_subnet.b.id
}
resource "aws_route" "a" {
  route_table_id            = aws_route_table.a.id
  destination_cidr_block    = kurrentcloud_network.main.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.main.id
}
"""


@pytest.fixture
def diagnosed(tmp_path: Path, run: Run) -> Diagnosed:
    """Write files, by their paths, scan the folder, and return its diagnoses."""

    def diagnose(files: dict[str, str]) -> list[dict[str, Any]]:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        result = run("scan", "-C", tmp_path, ".", "--json")
        assert result.exit_code == 0, result.output
        found: list[dict[str, Any]] = json.loads(result.stdout)["diagnoses"]
        return found

    return diagnose


def kinds(diagnosis: dict[str, Any]) -> list[tuple[str, str]]:
    return [(cause["likelihood"], cause["kind"]) for cause in diagnosis["causes"]]


def unknown(diagnosis: dict[str, Any]) -> str:
    return " ".join(f"{one['message']} {one['look']}" for one in diagnosis["unknown"])


def stored(address: str, **attributes: object) -> dict[str, Any]:
    """Return a resource as a state has it."""
    is_data = address.startswith("data.")
    kind, name = address.removeprefix("data.").split(".")
    mode = "data" if is_data else "managed"
    return {"mode": mode, "type": kind, "name": name, "instances": [{"attributes": attributes}]}


def state(*resources: dict[str, Any]) -> str:
    return json.dumps({"version": 4, "terraform_version": "1.11.4", "lineage": "x", "resources": resources})


def test_pods_by_reference_and_not_by_name_are_left_out_and_the_fix_stands_at_its_line(diagnosed: Diagnosed) -> None:
    (one,) = diagnosed({"infra/main.tf": GOOGLE + HALF})

    first = one["causes"][0]
    assert (first["kind"], first["likelihood"], first["ranges"]) == ("pods-not-routed", "certain", ["10.24.0.0/14"])
    # GOOGLE has `routes` in its line 42.
    assert GOOGLE.splitlines()[41].strip().startswith("routes")
    assert first["fix"] == {
        "text": 'routes = ["10.154.0.0/20", "10.24.0.0/14"]',
        "place": "infra/main.tf:42",
        "replaces": ["the peering"],
    }
    # Neither the services' range, called "second", nor the nodes'.
    assert "10.40.0.0/20" not in json.dumps(one)
    assert "The nodes of cluster prod, 10.154.0.0/20, are inside the peering routes." in one["right"]
    assert (one["routes"], one["kurrent"]) == (["10.154.0.0/20"], "172.22.110.0/24")


def test_a_person_reads_the_value_of_a_fix_on_one_line_to_copy(tmp_path: Path, run: Run) -> None:
    (tmp_path / "main.tf").write_text(GOOGLE)

    result = run("scan", "-C", tmp_path, ".", env={"COLUMNS": "60"})

    lines = result.stdout.splitlines()
    at = lines.index('     fix: routes = ["10.154.0.0/20", "10.24.0.0/14"]')
    assert lines[at + 1] == "          at main.tf:42; this replaces only the peering"
    assert "Diagnosis of kurrentcloud_peering.main" in said(result)


@pytest.mark.parametrize(
    ("routes", "more", "place"),
    [
        (
            "local.routes",
            'locals {\n  routes = ["10.154.0.0/20"]\n}\n',
            "routes of kurrentcloud_peering.main|main.tf:47",
        ),
        ("var.remote", 'variable "remote" { default = ["10.154.0.0/20"] }\n', "default of variable remote|main.tf:46"),
    ],
)
def test_the_fix_stands_where_the_value_is_written(diagnosed: Diagnosed, routes: str, more: str, place: str) -> None:
    text = GOOGLE.replace('["10.154.0.0/20"]', routes) + "\n\n" + more

    (one,) = diagnosed({"main.tf": text})

    assert one["causes"][0]["fix"]["place"] == place.partition("|")[2]
    assert '= ["10.154.0.0/20", "10.24.0.0/14"]' in one["causes"][0]["fix"]["text"]


def test_the_fix_of_a_modules_variable_stands_in_the_file_of_values(diagnosed: Diagnosed) -> None:
    child = GOOGLE.replace('["10.154.0.0/20"]', "var.remote") + '\nvariable "remote" {}\n'
    root = 'module "peering" {\n  source = "./peering"\n  remote = var.routes\n}\nvariable "routes" {}\n'
    values = '\n\nroutes = ["10.154.0.0/20"]\n'

    (one,) = diagnosed({"main.tf": root, "peering/main.tf": child, "terraform.tfvars": values})

    assert one["peering"] == "module.peering.kurrentcloud_peering.main"
    assert one["causes"][0]["fix"]["place"] == "terraform.tfvars:3"


def test_a_cluster_that_lets_the_cloud_pick_its_pods_is_told_with_the_command_that_shows_them(
    diagnosed: Diagnosed,
) -> None:
    start = GOOGLE.index("  ip_allocation_policy")
    picked = (
        GOOGLE[:start] + "  ip_allocation_policy {}\n}\n" + GOOGLE[GOOGLE.index('\nresource "kurrentcloud_network"') :]
    )

    (one,) = diagnosed({"main.tf": picked})

    cause = next(cause for cause in one["causes"] if cause["kind"] == "pods-picked")
    assert cause["likelihood"] == "likely"
    assert "gcloud container clusters describe prod --location europe-west2 --format=json" in cause["fix"]["text"]


def test_a_state_says_what_the_cloud_picked_and_the_configuration_where_to_write_it(diagnosed: Diagnosed) -> None:
    start = GOOGLE.index("  ip_allocation_policy")
    picked = GOOGLE[:start] + "}\n" + GOOGLE[GOOGLE.index('\nresource "kurrentcloud_network"') :]
    cluster = stored(
        "google_container_cluster.prod",
        name="prod",
        network="projects/acme/global/networks/main",
        cluster_ipv4_cidr="10.120.0.0/14",
        services_ipv4_cidr="10.3.0.0/20",
    )
    network = stored("google_compute_network.main", name="main", id="projects/acme/global/networks/main")

    (one,) = diagnosed({"main.tf": picked, "terraform.tfstate": state(cluster, network)})

    first = one["causes"][0]
    assert (first["kind"], first["ranges"]) == ("pods-not-routed", ["10.120.0.0/14"])
    line = picked.splitlines().index('  routes          = ["10.154.0.0/20"]') + 1
    assert first["fix"]["place"] == f"main.tf:{line}"
    assert first["fix"]["text"] == 'routes = ["10.154.0.0/20", "10.120.0.0/14"]'
    assert "pods-picked" not in [kind for _, kind in kinds(one)]


def test_custom_routes_that_are_off_are_certain_only_with_a_routes_based_cluster(diagnosed: Diagnosed) -> None:
    routed = GOOGLE.replace('["10.154.0.0/20"]', '["10.154.0.0/20", "10.24.0.0/14"]')

    (one,) = diagnosed({"main.tf": routed + HALF})

    assert kinds(one) == [("possible", "custom-routes-off")]
    assert one["causes"][0]["fix"]["text"] == "import_custom_routes = true"
    static = routed.replace('name       = "prod"', 'name = "prod"\n  networking_mode = "ROUTES"')
    (one,) = diagnosed({"main.tf": static + HALF})
    assert ("certain", "custom-routes-off") in kinds(one)


def test_a_missing_half_is_told_with_the_block_that_adds_it(diagnosed: Diagnosed) -> None:
    (one,) = diagnosed({"main.tf": AMAZON + TABLES.partition('resource "aws_route" "a"')[0]})

    cause = next(cause for cause in one["causes"] if cause["kind"] == "not-accepted")
    assert 'resource "aws_vpc_peering_connection_accepter"' in cause["fix"]["text"]
    assert 'kurrentcloud_peering.main.provider_metadata["aws_peering_link_id"]' in cause["fix"]["text"]


def test_the_route_table_that_lacks_a_route_is_named_and_the_other_is_not(diagnosed: Diagnosed) -> None:
    (one,) = diagnosed({"main.tf": AMAZON + ACCEPTED + TABLES})

    assert kinds(one) == [("likely", "no-route")]
    cause = one["causes"][0]
    assert cause["message"] == (
        "Route table aws_route_table.b, of aws_subnet.b, has no route to the Kurrent network 172.29.98.0/24."
    )
    assert 'destination_cidr_block    = "172.29.98.0/24"' in cause["fix"]["text"]
    assert "Route table aws_route_table.a has a route to the Kurrent network." in one["right"]
    assert "The nodes of cluster prod, 172.16.64.0/18, are inside the peering routes." in one["right"]


def test_a_route_table_of_subnets_without_a_cluster_is_only_possible(diagnosed: Diagnosed) -> None:
    subnet = 'resource "aws_subnet" "public" {\n  vpc_id = aws_vpc.main.id\n  cidr_block = "172.16.0.0/24"\n}\n'
    public = TABLES.replace("aws_subnet.b.id", "aws_subnet.public.id") + subnet
    assert public != TABLES + subnet

    (one,) = diagnosed({"main.tf": AMAZON + ACCEPTED + public})

    assert ("possible", "no-route") in kinds(one)
    assert ("likely", "no-route") not in kinds(one)


def test_the_subnet_of_pods_in_azure_is_not_called_one_of_nodes(diagnosed: Diagnosed) -> None:
    (one,) = diagnosed(
        {
            "main.tf": 'resource "azurerm_virtual_network" "main" {\n  name = "vnet"\n'
            '  address_space = ["10.40.0.0/15"]\n}\n'
            'resource "azurerm_subnet" "nodes" {\n  name = "nodes"\n'
            "  virtual_network_name = azurerm_virtual_network.main.name\n"
            '  address_prefixes = ["10.40.0.0/22"]\n}\n'
            'resource "azurerm_subnet" "pods" {\n  name = "pods"\n'
            "  virtual_network_name = azurerm_virtual_network.main.name\n"
            '  address_prefixes = ["10.41.0.0/17"]\n}\n'
            'resource "azurerm_kubernetes_cluster" "main" {\n  name = "orders"\n  default_node_pool {\n'
            "    vnet_subnet_id = azurerm_subnet.nodes.id\n    pod_subnet_id = azurerm_subnet.pods.id\n  }\n}\n"
            'resource "kurrentcloud_peering" "main" {\n  peer_resource_provider = "azure"\n'
            "  peer_network_id = azurerm_virtual_network.main.id\n"
            '  routes = concat(["10.40.0.0/16"], [])\n}\n'
        }
    )

    messages = [cause["message"] for cause in one["causes"]]
    assert "The pods of cluster orders, 10.41.0.0/17, are outside the peering routes." in messages
    assert not any("nodes of cluster orders, 10.41" in message for message in messages)
    assert "The nodes of cluster orders, 10.40.0.0/22, are inside the peering routes." in one["right"]
    assert one["causes"][0]["fix"]["text"] == 'routes = ["10.40.0.0/16", "10.41.0.0/17"] in place of its expression'


def test_a_connection_that_waits_for_its_acceptance_is_certain(diagnosed: Diagnosed) -> None:
    peering = stored(
        "kurrentcloud_peering.main",
        id="p1",
        peer_network_id="vpc-1",
        peer_resource_provider="aws",
        routes=["10.0.0.0/16"],
        provider_metadata={"aws_peering_link_id": "pcx-1"},
    )
    accepter = stored(
        "aws_vpc_peering_connection_accepter.main",
        vpc_peering_connection_id="pcx-1",
        accept_status="pending-acceptance",
        vpc_id="vpc-1",
    )

    (one,) = diagnosed({"terraform.tfstate": state(peering, accepter)})

    assert kinds(one) == [("certain", "not-active")]
    assert "pending-acceptance" in one["causes"][0]["message"]


def test_a_state_is_no_place_to_write_a_fix_to(diagnosed: Diagnosed, tmp_path: Path, run: Run) -> None:
    peering = stored(
        "kurrentcloud_peering.main", peer_network_id="default", peer_resource_provider="gcp", routes=["10.0.0.0/16"]
    )
    (one,) = diagnosed({"terraform.tfstate": state(peering)})

    (cause,) = one["causes"]
    assert (cause["kind"], cause["fix"]["place"]) == ("not-accepted", "")
    assert "fix: add to your Terraform files:" in run("scan", "-C", tmp_path, ".").stdout


def test_an_overlap_comes_first(diagnosed: Diagnosed) -> None:
    (one,) = diagnosed({"main.tf": GOOGLE.replace("172.22.110.0/24", "10.24.8.0/24")})

    first = one["causes"][0]
    assert (first["kind"], first["likelihood"]) == ("overlap", "certain")
    assert "10.24.0.0/14 overlaps the Kurrent network 10.24.8.0/24" in first["message"]
    # A route to it would be refused.
    assert "pods-not-routed" not in [kind for _, kind in kinds(one)]
    assert "No range overlaps the Kurrent network" not in " ".join(one["right"])


def test_what_was_not_looked_at_is_told_and_not_called_right(diagnosed: Diagnosed) -> None:
    alone = 'resource "kurrentcloud_peering" "main" {\n  peer_resource_provider = "aws"\n  routes = var.nowhere\n}\n'

    (one,) = diagnosed({"main.tf": alone})

    assert one["right"] == []
    assert one["routes"] is None
    told = unknown(one)
    assert "The peering routes are unknown." in told
    assert "The range of the Kurrent network is unknown, so overlaps were not checked." in told
    assert "No cluster was read" in told
    assert "aws ec2 describe-route-tables" in told


def test_a_cluster_of_another_network_is_told(diagnosed: Diagnosed) -> None:
    other = GOOGLE.replace("peer_network_id = google_compute_network.main.name", 'peer_network_id = "legacy"')

    (one,) = diagnosed({"main.tf": other})

    assert ("likely", "other-network") in kinds(one)
    assert (
        "The peered network legacy contains no cluster read here: prod is in another network."
        in one["causes"][0]["message"]
    )


def test_modules_that_are_not_at_hand_are_told(diagnosed: Diagnosed) -> None:
    called = 'module "gke" {\n  source = "terraform-google-modules/kubernetes-engine/google"\n}\n'

    (one,) = diagnosed({"main.tf": GOOGLE + HALF + called})

    assert "resources of module.gke (main.tf:" in unknown(one)


@pytest.mark.parametrize("mode", ["eks", "gke-standard", "gke-routes", "aks-cni", "aks-kubenet", "aks-podsubnet"])
def test_nothing_is_wrong_with_what_escscaffold_writes(tmp_path: Path, run: Run, mode: str) -> None:
    run("init", tmp_path / "net", "--mode", mode, "--yes")

    document = json.loads(run("scan", "-C", tmp_path / "net", ".", "--json").stdout)

    (one,) = document["diagnoses"]
    assert kinds(one) == []
    assert any("inside the peering routes" in text for text in one["right"]) or mode == "aks-kubenet"
