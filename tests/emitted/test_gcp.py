"""The real terraform on the choices of Google Cloud's modes: private nodes, and networks and clusters that exist."""

import re
from pathlib import Path

import pytest

from escscaffold import plan, read_spec, render
from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.guide import write
from tests.emitted.judging import assert_noticed

NETWORK = ["parts.network=existing", "existing.network=vpc-esc"]
CLUSTER = [*NETWORK, "parts.kubernetes=existing", "existing.kubernetes=europe-west2-a/esc"]

# The modules of your side, by what is chosen.
MODULES = {
    "private nodes": ("gke-standard", "", "gcp-nat gcp-network gcp-peering gke-standard"),
    "private nodes of Autopilot": ("gke-autopilot", "", "gcp-nat gcp-network gcp-peering gke-autopilot"),
    "public nodes": ("gke-standard", 'options.nodes = "public"', "gcp-network gcp-peering gke-standard"),
    "static routes": ("gke-routes", "", "gcp-network gcp-peering gke-routes"),
    "a Shared VPC": (
        *("gke-standard", 'account.host_project = "acme-network"'),
        "gcp-nat gcp-network gcp-peering gcp-project gcp-shared-subnet gke-standard",
    ),
    "no cluster": ("gke-standard", 'parts.kubernetes = "absent"', "gcp-network gcp-peering"),
    "a cluster in a network that exists": (
        *("gke-standard", 'parts.network = "existing"\nexisting.network = "vpc-esc"'),
        "gcp-peering gcp-subnetwork-existing gke-standard",
    ),
}


@pytest.mark.parametrize("what", MODULES)
def test_only_private_nodes_in_a_new_network_get_a_nat_gateway(what: str) -> None:
    mode, more, modules = MODULES[what]
    ranges = 'ranges = { kurrent = "172.22.110.0/24", nodes = "172.30.0.0/16", pods = "172.31.128.0/17" }\n'
    where = f'[environments.prod]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "{mode}"\n'

    files = render(plan(read_spec(f"version = 1\n{where}{more}\n{ranges}")))

    there = {path.split("/")[1] for path in files if path.startswith("modules/") and path.count("/") > 1}
    assert {name for name in there if not name.startswith("kurrent-")} == set(modules.split())


WITH_APIS = (
    'options.apis = true\nranges = { kurrent = "172.22.110.0/24", nodes = "172.30.0.0/16", pods = "172.31.128.0/17" }\n'
)


@pytest.mark.parametrize("mode", ["gke-standard", "gke-autopilot", "gke-routes"])
@pytest.mark.parametrize(("network", "later"), [("create", ["network", "kubernetes"]), ("existing", ["kubernetes"])])
def test_apis_are_enabled_before_what_needs_them(mode: str, network: str, later: list[str]) -> None:
    where = f'[environments.prod]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "{mode}"\n'
    part = 'parts.network = "existing"\nexisting.network = "vpc-esc"\n' if network == "existing" else ""

    files = render(plan(read_spec(f"version = 1\n{where}{part}{WITH_APIS}")))

    calls = calls_of(files["environments/prod/main.tf"].text)
    # A network that exists is looked up: it would not be known in a plan that enables an API.
    assert [name for name, call in calls.items() if "depends_on = [module.apis]" in call] == later
    readme = re.sub(r"\s+", " ", files["README.md"].text)
    assert "cloudresourcemanager.googleapis.com serviceusage.googleapis.com ```" in readme
    assert "`roles/serviceusage.serviceUsageAdmin`" in readme


# Of a Shared VPC, what is in the host project; the rest of the Google Cloud side is in the service project.
OF_THE_HOST = {
    "create": {"host_apis", "nat", "network", "own_subnets", "peering", "shared_subnet", "shared_vpc"},
    "existing": {"host_apis", "network", "peering", "shared_subnet", "shared_vpc"},
}


@pytest.mark.parametrize("mode", ["gke-standard", "gke-autopilot"])
@pytest.mark.parametrize("network", OF_THE_HOST)
def test_what_belongs_to_the_network_of_a_shared_vpc_is_in_the_host_project(mode: str, network: str) -> None:
    where = f'[environments.prod]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "{mode}"\n'
    shared = 'account.host_project = "acme-network"\noptions.shared_vpc = "create"\n'
    part = 'parts.network = "existing"\nexisting.network = "vpc-esc"\n' if network == "existing" else ""
    own = ', data = { size = "/24", subnet = true } }' if network == "create" else " }"

    files = render(plan(read_spec(f"version = 1\n{where}{shared}{part}{WITH_APIS.replace(' }', own)}")))

    calls = calls_of(files["environments/prod/main.tf"].text)
    assert {name for name, call in calls.items() if "google = google.host" in call} == OF_THE_HOST[network]
    others = {name for name in calls if not name.startswith("kurrent_")} - OF_THE_HOST[network]
    assert others == {"apis", "kubernetes", "project"}


def calls_of(text: str) -> dict[str, str]:
    """Return the calls of modules in a file, by their names."""
    return dict(re.findall(r'^module "(\w+)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL))


def test_without_the_option_the_readme_has_all_apis() -> None:
    where = '[environments.prod]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'

    files = render(plan(read_spec(f"version = 1\n{where}{WITH_APIS.replace('true', 'false')}")))

    assert "compute.googleapis.com container.googleapis.com iam.googleapis.com" in files["README.md"].text
    assert "serviceusage" not in files["README.md"].text
    assert not [path for path in files if "gcp-apis" in path]


def test_a_key_of_disks_replaces_an_autopilot_cluster_and_no_other(tmp_path: Path, run: Run) -> None:
    key = "kubernetes.disk_key=projects/acme/locations/europe-west2/keyRings/gke/cryptoKeys/disks"
    for mode in ("gke-autopilot", "gke-standard"):
        write(run, tmp_path / mode, mode)

    told = run("set", "-C", tmp_path / "gke-autopilot", key)

    assert told.exit_code == 5
    assert "replaces the cluster" in re.sub(r"\s+", " ", told.output)
    of_pool = run("set", "-C", tmp_path / "gke-standard", key)
    assert of_pool.exit_code == 5
    assert "replaces the node pool Steps" in re.sub(r"\s+", " ", of_pool.output)


def test_nodes_that_outgrow_the_range_of_their_pods_stop_the_plan(
    tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    root = write(run, tmp_path / "network", "gke-standard")
    (root / "more.auto.tfvars").write_text("kubernetes = { nodes_max = 128 }\n")
    terraform(root, "init", "-input=false")

    told = terraform(root, "plan", "-no-color", "-input=false", expect=1)

    assert "172.31.128.0/17 is too small for nodes_max + nodes_surge nodes" in re.sub(r"[\s│╷╵]+", " ", told.stderr)


# What is done to the emitted files: the mode and its settings, the file, what it says, what it says instead, and the
# test file that notices, with its word.
TESTS_NOTICE = {
    "pods that have no way to the internet": (
        *("gke-standard", [], "modules/gcp-nat/nat.tf", '"ALL_IP_RANGES"', '"PRIMARY_IP_RANGE"'),
        *("nat", "serves other ranges than the nodes and pods of the subnet"),
    ),
    "an API that a destroy disables": (
        *("gke-standard", ["options.apis=true"], "modules/gcp-apis/apis.tf"),
        *("disable_on_destroy = false", "disable_on_destroy = true"),
        *("apis", "A destroy disables an API that other environments"),
    ),
    "nodes with public addresses": (
        *("gke-standard", [], "modules/gke-standard/node_pool.tf", "= var.private_nodes", "= !var.private_nodes"),
        *("cluster", "Nodes get public addresses"),
    ),
    "more nodes than the pods' range has blocks for": (
        *("gke-standard", [], "modules/gke-standard/variables.tf", "ceil(log(2 *", "0 * ceil(log(2 *"),
        *("cluster", "more_nodes_than_the_pods_range_has_blocks_for_are_refused"),
    ),
    "a peering that sleeps": (
        *("gke-routes", [], "modules/gcp-peering/peering.tf", '.state == "ACTIVE"', '.state != ""'),
        *("peering_state", "a_peering_that_is_not_active_is_warned_of"),
    ),
    "a subnet with other addresses": (
        *("gke-standard", CLUSTER, "modules/gcp-subnetwork-existing/subnetwork.tf"),
        *(".ip_cidr_range == var.nodes_cidr", ".ip_cidr_range != null"),
        *("subnetwork", "a_network_without_such_a_subnet_is_refused"),
    ),
    "a Kurrent network in a subnet of the network": (
        *("gcp-existing", [], "modules/gcp-network-existing/outputs.tf"),
        *("length(local.kurrent_overlaps) == 0", "length(local.kurrent_overlaps) >= 0"),
        *("network", "a_kurrent_network_in_a_secondary_range_is_refused"),
    ),
    "a Kurrent network in a subnet of another region": (
        *("gke-standard", CLUSTER, "modules/gcp-subnetwork-existing/outputs.tf"),
        *("length(local.kurrent_overlaps) == 0", "length(local.kurrent_overlaps) >= 0"),
        *("subnetwork", "a_kurrent_network_that_a_subnet_of_another_region_overlaps_is_refused"),
    ),
    "a cluster whose pods have other addresses": (
        *("gke-standard", CLUSTER, "modules/gke-existing/outputs.tf"),
        *(".cluster_ipv4_cidr == var.pods_cidr", ".cluster_ipv4_cidr != null"),
        *("cluster", "a_cluster_whose_pods_nobody_planned_for_is_refused"),
    ),
}


@pytest.mark.parametrize("what", TESTS_NOTICE)
def test_the_emitted_tests_notice(what: str, tmp_path: Path, run: Run, terraform: Terraform) -> None:
    mode, settings, *change = TESTS_NOTICE[what]
    write(run, tmp_path / "network", mode, settings)

    assert_noticed(terraform, tmp_path / "network", *change)


# Without mocks: nothing of the service project is unknown in a later plan.
def test_a_shared_vpc_is_applied_and_a_later_plan_changes_nothing(
    tmp_path: Path, run: Run, stood_in: dict[str, str]
) -> None:
    host = ["account.project=acme-prod", "account.host_project=acme-network", "options.shared_vpc=create"]
    root = write(run, tmp_path / "network", "gke-standard", [*host, "options.apis=true"])
    terraform = terraform_in(stood_in)
    terraform(root, "init", "-input=false")

    order = terraform(root, "graph").stdout
    told = terraform(root, "apply", "-auto-approve", "-input=false", "-no-color").stdout

    # All of a module waits, and its first resource is the account of the nodes.
    for role in ("shared_subnet.google_compute_subnetwork_iam_member.this", "shared_vpc.google_project_iam_member.gke"):
        assert f'"module.kubernetes.google_service_account.nodes" -> "module.{role}"' in order
    assert "Apply complete! Resources: 22 added" in told
    terraform(root, "plan", "-input=false", "-detailed-exitcode")
