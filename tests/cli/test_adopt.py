"""`adopt` writes an environment for a peering that exists, from what it reads."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.adopted_state import HALF, NETWORK, state, stored
from tests.cli.conftest import said, tree
from tests.conftest import Run

REGION = "https://www.googleapis.com/compute/v1/projects/acme/regions/europe-west2"
CLUSTERS = [
    {
        "name": "shop",
        "location": "europe-west2",
        "currentMasterVersion": "1.36.2-gke.100",
        "clusterIpv4Cidr": "10.24.0.0/14",
        "servicesIpv4Cidr": "10.28.0.0/20",
        "ipAllocationPolicy": {"useIpAliases": True},
        "networkConfig": {
            "network": "projects/acme/global/networks/default",
            "subnetwork": "projects/acme/regions/europe-west2/subnetworks/default",
        },
    }
]
# A default network has a subnet of the same name in each region.
SUBNETS = [
    {
        "name": "default",
        "network": NETWORK,
        "region": REGION.replace("europe-west2", region),
        "selfLink": f"{REGION.replace('europe-west2', region)}/subnetworks/default",
        "ipCidrRange": cidr,
    }
    for region, cidr in (("europe-west2", "10.154.0.0/20"), ("us-central1", "10.128.0.0/20"))
]
FLAGS = ("--to", "net", "--environment", "prod", "--yes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clusters.json").write_text(json.dumps(CLUSTERS))
    (tmp_path / "subnets.json").write_text(json.dumps(SUBNETS))
    (tmp_path / "state.json").write_text(state(HALF))
    return tmp_path


PATHS = ("clusters.json", "subnets.json", "state.json")


def spec_of(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "net/escscaffold.toml").read_text())["environments"]["prod"]


def test_a_dead_peering_of_the_default_network_is_two_commands_away_from_its_routes(folder: Path, run: Run) -> None:
    scan = run("scan", "-C", folder, *PATHS)

    assert (
        'routes = ["10.154.0.0/20", "10.24.0.0/14"] in the Terraform files of eventstorecloud_peering.main'
        in " ".join(scan.stdout.split())
    )
    result = run("adopt", "-C", folder, *PATHS, *FLAGS)
    assert result.exit_code == 0, result.output
    assert spec_of(folder) == {
        "cloud": "gcp",
        "region": "europe-west2",
        "mode": "gcp-existing",
        "routes": "exact",
        # With this name the half of the peering at Google keeps its own.
        "name": "shop",
        "ranges": {"kurrent": "172.22.110.0/24", "nodes": "10.154.0.0/20", "pods": "10.24.0.0/14"},
        "parts": {"kurrent-project": "existing", "kurrent-network": "existing", "database": "absent"},
        "existing": {"network": "default", "kurrent-network": "events", "kurrent-project": "shop"},
    }
    assert run("check", "-C", folder / "net").exit_code == 0


@pytest.mark.parametrize("exists", [False, True])
def test_a_dry_run_prints_what_would_be_written_and_writes_nothing(exists: bool, folder: Path, run: Run) -> None:
    if exists:
        assert run("init", folder / "net", "--mode", "gke-standard", "--environment", "dev", "--yes").exit_code == 0
    before = tree(folder)

    result = run("adopt", "-C", folder, *PATHS, *FLAGS, "--dry-run")
    document = json.loads(run("adopt", "-C", folder, *PATHS, *FLAGS, "--dry-run", "--json").stdout)

    assert result.exit_code == 3, result.output
    assert f"would {'rewrite' if exists else 'write'} escscaffold.toml\n" in result.stdout
    assert "would write environments/prod/main.tf\n" in result.stdout
    assert "would write environments/prod/imports.tf\n" in result.stdout
    assert f"would {'rewrite' if exists else 'write'} README.md\n" in result.stdout
    assert "Wrote" not in result.stdout and "Next:" not in result.stdout
    assert document["imports"][0]["id"] == "c0proj:c0peer"
    assert {"path": "environments/prod/main.tf", "state": "new"} in document["files"]
    assert tree(folder) == before


def test_what_exists_is_imported_by_its_ids_and_the_readme_says_how(folder: Path, run: Run) -> None:
    document = json.loads(run("adopt", "-C", folder, *PATHS, *FLAGS, "--json").stdout)

    assert document["imports"] == [
        {"to": "module.kurrent_peering.kurrentcloud_peering.this", "key": "", "id": "c0proj:c0peer"},
        {
            "to": "module.peering.google_compute_network_peering.this",
            "key": "",
            "id": "acme/default/kurrent-shop",
        },
    ]
    readme = (folder / "net/README.md").read_text().partition("escscaffold:end")[2]
    assert "state rm eventstorecloud_peering.main google_compute_network_peering.main" in readme
    assert "the first apply replaces the peering" in readme
    # They are the user's: a later run leaves them alone.
    before = tree(folder / "net")
    assert run("generate", "-C", folder / "net").exit_code == 0
    assert tree(folder / "net") == before


def test_a_kurrent_network_in_another_region_stays_where_it_is(folder: Path, run: Run) -> None:
    document = json.loads((folder / "state.json").read_text())
    for resource in document["resources"]:
        if resource["type"] == "eventstorecloud_network":
            resource["instances"][0]["attributes"]["region"] = "europe-west1"
    (folder / "state.json").write_text(json.dumps(document))

    result = run("adopt", "-C", folder, *PATHS, *FLAGS)

    assert result.exit_code == 0, result.output
    spec = spec_of(folder)
    assert (spec["region"], spec["kurrent_region"]) == ("europe-west2", "europe-west1")
    assert 'kurrent_region = "europe-west1"' in (folder / "net/environments/prod/terraform.tfvars").read_text()


def test_routes_that_hold_all_stay_as_they_are(folder: Path, run: Run) -> None:
    (folder / "state.json").write_text(state(routes=("10.152.0.0/13", "10.24.0.0/13")))

    assert run("adopt", "-C", folder, *PATHS, *FLAGS).exit_code == 0

    assert spec_of(folder)["ranges"]["remote"] == ["10.152.0.0/13", "10.24.0.0/13"]
    assert "Its routes do not change" in (folder / "net/README.md").read_text()


def test_a_flag_wins_over_what_was_read(folder: Path, run: Run) -> None:
    result = run("adopt", "-C", folder, *PATHS, *FLAGS, "--set", "existing.kurrent-project=other")

    assert result.exit_code == 0, result.output
    assert spec_of(folder)["existing"]["kurrent-project"] == "other"


def test_what_was_not_read_is_asked_and_named_where_nobody_can_be_asked(folder: Path, run: Run) -> None:
    document = json.loads((folder / "state.json").read_text())
    document["resources"] = [one for one in document["resources"] if one["type"] != "eventstorecloud_project"]
    (folder / "state.json").write_text(json.dumps(document))

    result = run("adopt", "-C", folder, *PATHS, "--to", "net")

    assert result.exit_code == 2
    assert "these values are missing: --environment, --set existing.kurrent-project=VALUE." in said(result)
    assert not (folder / "net").exists()


def test_another_kurrent_network_than_that_of_the_peering_is_not_taken_for_it(folder: Path, run: Run) -> None:
    stranger = state(HALF).replace('"network_id": "c0net"', '"network_id": "c0other"')
    (folder / "state.json").write_text(stranger)

    result = run("adopt", "-C", folder, *PATHS, *FLAGS)

    assert result.exit_code == 2, result.output
    assert "The range of the existing Kurrent network is missing" in said(result)
    assert "Add kurrent =" in said(result)
    assert "= events" not in said(result) and "172.22.110.0/24" not in said(result)
    assert not (folder / "net").exists()


def test_it_adds_to_a_repository_that_exists(folder: Path, run: Run) -> None:
    assert run("init", folder / "net", "--mode", "gke-standard", "--environment", "dev", "--yes").exit_code == 0
    readme = (folder / "net/README.md").read_text()

    result = run("adopt", "-C", folder, *PATHS, *FLAGS)

    assert result.exit_code == 0, result.output
    assert (folder / "net/environments/dev").is_dir()
    assert (folder / "net/environments/prod/imports.tf").is_file()
    assert "## Adopt prod" not in readme
    assert "## Adopt prod" in (folder / "net/README.md").read_text()
    again = run("adopt", "-C", folder, *PATHS, *FLAGS)
    assert again.exit_code == 2
    assert "prod already exists" in said(again)


def test_without_an_id_the_old_peering_is_removed_first(folder: Path, run: Run) -> None:
    (folder / "main.tf").write_text(
        'resource "kurrentcloud_network" "main" {\n  name = "events"\n  cidr_block = "172.22.110.0/24"\n}\n'
        'resource "kurrentcloud_peering" "main" {\n  network_id = kurrentcloud_network.main.id\n'
        '  peer_resource_provider = "gcp"\n  peer_network_id = "default"\n  peer_network_region = "europe-west2"\n'
        '  routes = ["10.154.0.0/20"]\n}\n'
    )

    named = ("--set", "existing.kurrent-project=shop")
    result = run("adopt", "-C", folder, "clusters.json", "subnets.json", "main.tf", *FLAGS, *named)

    assert result.exit_code == 0, result.output
    assert not (folder / "net/environments/prod/imports.tf").exists()
    readme = (folder / "net/README.md").read_text()
    assert "terraform -chdir=. destroy -target=kurrentcloud_peering.main" in readme
    # Terraform destroys what refers to a target as well, such as a whole route table.
    assert "`destroy -target` also destroys everything that refers to the peering" in readme


def test_a_database_without_a_dns_name_is_named_as_unchanged(folder: Path, run: Run) -> None:
    (folder / "main.tf").write_text(
        'resource "kurrentcloud_network" "main" {\n  name = "events"\n  cidr_block = "172.22.110.0/24"\n}\n'
        'resource "kurrentcloud_managed_cluster" "orders" {\n  network_id = kurrentcloud_network.main.id\n}\n'
        'resource "kurrentcloud_managed_cluster" "other" {\n  network_id = "n2"\n}\n'
        'resource "kurrentcloud_peering" "main" {\n  network_id = kurrentcloud_network.main.id\n'
        '  peer_resource_provider = "gcp"\n  peer_network_id = "default"\n  peer_network_region = "europe-west2"\n'
        '  routes = ["10.154.0.0/20"]\n}\n'
    )

    result = run("adopt", "-C", folder, "main.tf", *FLAGS, "--set", "existing.kurrent-project=shop", "--dry-run")

    assert "parts.database = absent" in result.output
    assert "kurrentcloud_managed_cluster.orders does not change; to look it up, pass the state" in said(result)
    assert "kurrentcloud_managed_cluster.other" not in result.output


def test_one_of_several_peerings_is_chosen_by_its_name(folder: Path, run: Run) -> None:
    other = stored("kurrentcloud_peering.other", id="p2", routes=["10.0.0.0/16"], peer_network_id="other")
    (folder / "state.json").write_text(state(HALF, other))

    result = run("adopt", "-C", folder, *PATHS, *FLAGS)

    assert result.exit_code == 2
    assert "Choose one with --peering NAME." in result.output
    chosen = run("adopt", "-C", folder, *PATHS, *FLAGS, "--peering", "eventstorecloud_peering.main")
    assert chosen.exit_code == 0, chosen.output


def test_without_a_peering_nothing_is_written(folder: Path, run: Run) -> None:
    result = run("adopt", "-C", folder, "clusters.json", *FLAGS)

    assert result.exit_code == 1
    assert "No peering with Kurrent Cloud was found." in result.output
    assert not (folder / "net").exists()


def test_ids_of_a_hostile_state_stay_text(folder: Path, run: Run) -> None:
    text = (
        state(HALF)
        .replace("c0peer", 'x\\"${file(\\"/etc/passwd\\")}')
        .replace("eventstorecloud_peering", "kurrentcloud_peering")
    )
    (folder / "state.json").write_text(
        text.replace(
            '"name": "main", "instances": [{"attributes": {"id": "x',
            '"name": "a\\n}", "instances": [{"attributes": {"id": "x',
        )
    )

    result = run("adopt", "-C", folder, *PATHS, *FLAGS)

    assert result.exit_code == 0, result.output
    imports = (folder / "net/environments/prod/imports.tf").read_text()
    assert '"c0proj:x\\"$${file(\\"/etc/passwd\\")}"' in imports
    assert "# kurrentcloud_peering.a\\n}\n" in imports


@pytest.mark.parametrize(("auto", "mode"), [(True, "auto"), (False, "custom")])
def test_whether_the_network_creates_its_subnets_is_carried_over(auto: bool, mode: str, folder: Path, run: Run) -> None:
    """`gcloud compute networks list` says it, and a state as auto_create_subnetworks."""
    link = NETWORK.replace("default", "shop")
    listed = {"kind": "compute#network", "name": "shop", "selfLink": link, "autoCreateSubnetworks": auto}
    (folder / "networks.json").write_text(json.dumps([listed]))
    for name in PATHS:
        text = (folder / name).read_text().replace("networks/default", "networks/shop")
        (folder / name).write_text(text.replace('"peer_network_id": "default"', '"peer_network_id": "shop"'))

    result = run("adopt", "-C", folder, *PATHS, "networks.json", *FLAGS)

    assert result.exit_code == 0, result.output
    assert f"options.subnet_mode = {mode}  # networks.json" in result.stdout
    assert spec_of(folder)["options"] == {"subnet_mode": mode}


def test_a_state_says_whether_the_network_creates_its_subnets(folder: Path, run: Run) -> None:
    network = stored("google_compute_network.main", name="default", self_link=NETWORK, auto_create_subnetworks=True)
    (folder / "state.json").write_text(state(HALF, network))

    assert run("adopt", "-C", folder, *PATHS, *FLAGS).exit_code == 0

    assert spec_of(folder)["options"] == {"subnet_mode": "auto"}
