"""Networks and clusters that exist: named by full ids, routed by themselves, and kept clear of what they take later."""

import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Plan, said
from tests.conftest import Run

VNET = "/subscriptions/0000/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-hub"
GOOGLE = "https://www.googleapis.com/compute/v1/projects/example/global/networks/default"
VPC = "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-0a1b2c3d4e5f60718"
GKE = ["--mode", "gke-standard", "--set", "parts.network=existing", "--set", "existing.network=shared"]
GKE += ["--set", "parts.kubernetes=existing", "--range", "nodes=10.20.0.0/20", "--range", "pods=10.24.0.0/14"]


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        (
            ["--mode", "azure-existing", "--set", f"existing.network={VNET}"],
            ['network = "vnet-hub"', 'network_resource_group = "rg-net"'],
        ),
        (["--mode", "gcp-existing", "--set", f"existing.network={GOOGLE}"], ['network = "default"']),
        (
            ["--mode", "gcp-existing", "--set", "existing.network=projects/p/global/networks/default"],
            ['network = "default"'],
        ),
        (["--mode", "aws-existing", "--set", f"existing.network={VPC}"], ['network = "vpc-0a1b2c3d4e5f60718"']),
        (
            [*GKE, "--set", "existing.kubernetes=projects/p/locations/europe-west2-a/clusters/gke"],
            ['kubernetes = "europe-west2-a/gke"', 'network = "shared"'],
        ),
        (
            [*GKE, "--set", "existing.kubernetes=projects/p/locations/europe-west2/clusters/gke"],
            ['kubernetes = "gke"', 'network = "shared"'],
        ),
    ],
)
def test_a_full_id_is_taken_and_its_name_written(tmp_path: Path, run: Run, flags: list[str], names: list[str]) -> None:
    more = [] if "gke-standard" in flags else ["--range", "nodes=10.20.0.0/20"]

    result = run("init", tmp_path / "network", *flags, *more, "--yes")

    assert result.exit_code == 0, result.output
    written = (tmp_path / "network/escscaffold.toml").read_text().partition("[environments.prod.existing]\n")[2]
    assert sorted(written.split("\n\n")[0].strip().splitlines()) == names


def test_a_full_id_in_the_spec_names_what_terraform_looks_up(tmp_path: Path, run: Run) -> None:
    flags = ["--mode", "azure-existing", "--set", f"existing.network={VNET}", "--range", "nodes=10.20.0.0/20"]
    assert run("init", tmp_path / "network", *flags, "--yes").exit_code == 0
    spec = tmp_path / "network/escscaffold.toml"
    spec.write_text(
        spec.read_text().replace('"vnet-hub"', f'"{VNET}"').replace('network_resource_group = "rg-net"', "")
    )

    assert run("generate", "-C", tmp_path / "network").output == "Rewrote escscaffold.lock.\n"
    variables = (tmp_path / "network/environments/prod/terraform.tfvars").read_text()
    assert 'network                = "vnet-hub"\n  network_resource_group = "rg-net"' in variables


@pytest.mark.parametrize(
    ("existing", "message"),
    [
        (
            [f"network={VNET}", "network_resource_group=rg-other"],
            "is 'rg-other', but the id in network contains rg-net",
        ),
        ([f"network={VNET.replace('virtualNetworks', 'routeTables')}"], "neither a name nor a full id"),
        ([f"network={VNET}/subnets/nodes"], "neither a name nor a full id"),
    ],
)
def test_the_id_of_something_else_is_refused(run: Run, existing: list[str], message: str) -> None:
    flags = [part for one in existing for part in ("--set", f"existing.{one}")]

    result = run("plan", "--mode", "azure-existing", "--range", "nodes=10.20.0.0/20", *flags)

    assert result.exit_code == 2
    assert message in said(result)


DEFAULT = ["--mode", "gcp-existing", "--set", "existing.network=default"]
APART = ["--range", "nodes=10.154.0.0/20", "--range", "pods=10.24.0.0/14"]


def test_ranges_far_apart_in_a_network_that_exists_are_routed_each_by_itself(planned: Plan) -> None:
    environment = planned(*DEFAULT, *APART)["environments"]["prod"]

    assert environment["remote"] == ["10.24.0.0/14", "10.154.0.0/20"]


def test_routes_that_were_asked_for_stay(planned: Plan) -> None:
    environment = planned(*DEFAULT, *APART, "--set", "routes=supernet")["environments"]["prod"]

    assert environment["remote"] == ["10.0.0.0/8"]


def test_ranges_close_together_have_one_route(planned: Plan) -> None:
    environment = planned(*DEFAULT, "--range", "nodes=10.20.0.0/20", "--range", "pods=10.20.16.0/20")

    assert environment["environments"]["prod"]["remote"] == ["10.20.0.0/19"]


@pytest.mark.parametrize(
    "where",
    [
        [*DEFAULT, "--range", "nodes=10.20.0.0/20"],
        # Of another name, but with a range as the subnets of an auto-mode network have it.
        ["--mode", "gcp-existing", "--set", "existing.network=shared", "--range", "nodes=10.154.0.0/20"],
        ["--mode", "gke-standard", "--set", "parts.network=existing", "--set", "existing.network=default", *APART],
    ],
)
def test_the_kurrent_network_is_placed_outside_of_what_an_auto_mode_network_takes(
    planned: Plan, where: list[str]
) -> None:
    kurrent = planned(*where)["environments"]["prod"]["ranges"]["kurrent"]["cidr"]

    # 10.128.0.0/9 is all of 10.128 to 10.255.
    first, second = map(int, kurrent.split(".")[:2])
    assert first != 10 or second < 128


TWO_VNETS = """\
version = 1

[environments.hub]
cloud = "azure"
region = "westeurope"
mode = "azure-existing"
routes = "exact"
ranges = { kurrent = "172.22.110.0/24", vnet = "10.40.0.0/16" }
parts = { kurrent-project = "existing", kurrent-network = "existing", database = "existing" }
existing = { network = "vnet-hub", network_resource_group = "rg", kurrent-project = "p", kurrent-network = "n", \
database = "x.mesdb.eventstore.cloud" }

[environments.spoke]
cloud = "azure"
region = "westeurope"
mode = "azure-existing"
routes = "exact"
ranges = { kurrent = "172.22.110.0/24", vnet = "10.40.128.0/20" }
parts = { kurrent-project = "existing", kurrent-network = "existing", database = "existing" }
existing = { network = "vnet-spoke", network_resource_group = "rg", kurrent-project = "p", kurrent-network = "n", \
database = "x.mesdb.eventstore.cloud" }
"""


def test_two_networks_that_exist_and_overlap_get_a_kurrent_network_each(tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text(TWO_VNETS)

    told = said(run("check", "-C", tmp_path))

    assert "ESC208 spoke remote" in told
    assert "ESC302 spoke vnet" in told
    assert 'kurrent-network = "create" and database = "create" in [environments.spoke.parts]' in told
    assert 'may_overlap = ["hub"] in [environments.spoke]' in told
    assert 'routes = "exact"' not in told


def test_dotted_keys_and_inline_tables_are_changed_where_they_stand(tmp_path: Path, run: Run) -> None:
    ranges = ["--range", "network=10.40.0.0/16", "--range", "kurrent=10.99.0.0/24"]
    assert run("init", tmp_path / "r", "--mode", "eks", *ranges, "--yes").exit_code == 0
    spec = tmp_path / "r/escscaffold.toml"
    spec.write_text(
        'version = 1   # the format\n\nenvironments.prod.cloud = "aws"\nenvironments.prod.region = "eu-central-1" # F\n'
        'environments.prod.mode = "eks"\n'
        'environments.prod.ranges = { network = "10.40.0.0/16", kurrent = "10.99.0.0/24" } # inline\n\n'
        '[reserved] # hands off\n"office.berlin" = "10.8.0.0/16" # HQ\n'
    )

    changes = ["prod.ranges.network=10.41.0.0/16", "prod.database.disk_size=500", "reserved.lab=10.9.0.0/16"]
    first = run("set", *changes, "--accept-replace", "prod", "-C", tmp_path / "r")
    second = run("set", 'reserved."office.berlin"=10.10.0.0/16', "-C", tmp_path / "r")

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    text = spec.read_text()
    assert 'environments.prod.ranges = { network = "10.41.0.0/16", kurrent = "10.99.0.0/24" } # inline' in text
    assert [text.count(comment) for comment in ("# the format", "# F\n", "# hands off", "# HQ")] == [1, 1, 1, 1]
    read = tomllib.loads(text)
    assert read["reserved"] == {"office.berlin": "10.10.0.0/16", "lab": "10.9.0.0/16"}
    assert read["environments"]["prod"]["database"]["disk_size"] == 500


def test_a_limit_that_one_page_alone_has_is_told_as_unverified(run: Run) -> None:
    ranges = ("--range", "kurrent=172.22.110.0/24", "--range", "nodes=172.16.0.0/20", "--range", "pods=10.0.0.0/8")
    wide = run("plan", "--mode", "gke-standard", "--set", "routes=exact", *ranges, env={"COLUMNS": "200"})
    narrow = run("plan", "--mode", "gke-standard", "--range", "pods=10.0.0.0/25", env={"COLUMNS": "200"})

    assert "supports /9 to /22. The largest size is not verified: one page alone has it." in said(wide)
    assert "supports /9 to /22." in said(narrow) and "not verified" not in said(narrow)


SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"


@pytest.mark.parametrize(
    ("mode", "network", "account"),
    [
        ("gcp-existing", "projects/acme-host/global/networks/shared", 'project = "acme-host"'),
        ("azure-existing", VNET.replace("0000", SUBSCRIPTION), f'subscription_id = "{SUBSCRIPTION}"'),
        ("aws-existing", VPC, 'account_id = "123456789012"'),
    ],
)
def test_a_network_named_by_its_full_id_is_looked_up_in_the_account_of_the_id(
    mode: str, network: str, account: str, tmp_path: Path, run: Run
) -> None:
    flags = ["--mode", mode, "--range", "nodes=10.20.0.0/20", "--set", f"existing.network={network}"]
    pinned = account.partition(" ")[0]

    assert run("init", tmp_path / "network", *flags, "--yes").exit_code == 0
    assert f"[environments.prod.account]\n{account}\n" in (tmp_path / "network/escscaffold.toml").read_text()
    other = account.partition('"')[2][:-1].replace("a", "b").replace("1", "2")
    refused = run("plan", *flags, "--set", f'account.{pinned}="{other}"')
    assert refused.exit_code == 2
    assert f"but account.{pinned} is '{other}'" in said(refused)


def test_a_cluster_is_not_created_in_the_project_of_a_shared_network(tmp_path: Path, run: Run) -> None:
    flags = ["--mode", "gke-standard", "--range", "nodes=10.20.0.0/20", "--set", "parts.network=existing"]
    flags += ["--range", "pods=10.24.0.0/14"]
    network = ["--set", "existing.network=projects/acme-host/global/networks/shared"]

    assert run("init", tmp_path / "network", *flags, *network, "--yes").exit_code == 0
    assert "account" not in tomllib.loads((tmp_path / "network/escscaffold.toml").read_text())["environments"]["prod"]
    refused = run("plan", *flags, *network, "--set", "account.project=acme-prod")
    assert "network is in acme-host, but account.project is 'acme-prod'" in said(refused)


EKS_NAMES = ("arn:aws:ec2:eu-central-1:{}:vpc/vpc-0a1b2c3d4e5f60718", "arn:aws:eks:eu-central-1:{}:cluster/shared")
GKE_NAMES = ("projects/{}/global/networks/shared", "projects/{}/locations/europe-west2/clusters/shared")
AKS_NAMES = (
    "/subscriptions/{}/resourceGroups/a/providers/Microsoft.Network/virtualNetworks/v",
    "/subscriptions/{}/resourceGroups/a/providers/Microsoft.ContainerService/managedClusters/c",
)


@pytest.mark.parametrize(
    ("mode", "names", "one", "other"),
    [
        ("eks", EKS_NAMES, "123456789012", "210987654321"),
        ("gke-standard", GKE_NAMES, "acme-host", "acme-prod"),
        ("aks-overlay", AKS_NAMES, SUBSCRIPTION, SUBSCRIPTION.replace("0b", "1c")),
    ],
)
def test_full_ids_of_two_accounts_are_refused(
    mode: str, names: tuple[str, str], one: str, other: str, run: Run
) -> None:
    flags = ["--mode", mode, "--set", "parts.network=existing", "--set", "parts.kubernetes=existing"]

    def planned(network: str, kubernetes: str) -> str:
        ids = zip(("network", "kubernetes"), names, (network, kubernetes), strict=True)
        existing = [word for key, name, of in ids for word in ("--set", f"existing.{key}={name.format(of)}")]
        return said(run("plan", *flags, *existing))

    assert f"kubernetes is in {other}, but network is in {one}." in planned(one, other)
    assert " but network is in " not in planned(one, one.upper() if mode == "aks-overlay" else one)
