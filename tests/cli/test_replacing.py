"""A changed answer that makes Terraform replace something is not written unasked."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import said
from tests.conftest import Run

INIT = ["--mode", "eks", "--range", "kurrent=10.255.0.0/24", "--range", "network=10.0.0.0/16", "--yes", "--quiet"]


@pytest.fixture
def repository(tmp_path: Path, run: Run) -> Path:
    assert run("init", tmp_path / "net", *INIT).exit_code == 0
    return tmp_path / "net"


def edit(repository: Path, old: str, new: str) -> None:
    spec = repository / "escscaffold.toml"
    assert old in spec.read_text()
    spec.write_text(spec.read_text().replace(old, new))


def texts(repository: Path) -> dict[Path, str]:
    return {file: file.read_text() for file in repository.rglob("*") if file.is_file()}


def test_it_stops_with_exit_5_and_names_what_would_be_replaced(repository: Path, run: Run) -> None:
    edit(repository, "10.255.0.0/24", "10.254.0.0/24")
    before = texts(repository)

    done = run("generate", "-C", repository)

    assert done.exit_code == 5
    assert "prod.kurrent: 10.255.0.0/24 -> 10.254.0.0/24 replaces the Kurrent network, the database" in done.output
    assert f"escscaffold generate -C {repository} --accept-replace prod.kurrent" in done.output
    assert texts(repository) == before


@pytest.mark.parametrize("name", ["prod.kurrent", "prod"])
def test_naming_it_lets_it_through(name: str, repository: Path, run: Run) -> None:
    edit(repository, "10.255.0.0/24", "10.254.0.0/24")

    assert run("generate", "-C", repository, "--accept-replace", name).exit_code == 0
    assert '"10.254.0.0/24"' in (repository / "environments/prod/terraform.tfvars").read_text()
    assert run("generate", "-C", repository).exit_code == 0


def test_naming_another_range_does_not(repository: Path, run: Run) -> None:
    edit(repository, "10.255.0.0/24", "10.254.0.0/24")

    assert run("generate", "-C", repository, "--accept-replace", "prod.network").exit_code == 5


def test_what_an_own_resource_triggers_is_told_without_an_argument(repository: Path, run: Run) -> None:
    (repository / "environments/prod/custom.tf").write_text(
        'resource "aws_eip" "a" {\n  public_ipv4_pool = var.ranges.network\n}\n'
        'resource "aws_sns_topic" "b" {\n  lifecycle {\n    replace_triggered_by = [aws_eip.a]\n  }\n}\n'
    )
    edit(repository, "10.0.0.0/16", "10.8.0.0/16")

    done = run("generate", "-C", repository)

    assert done.exit_code == 5
    assert "prod.aws_sns_topic.b: unchanged -> replace_triggered_by names aws_eip.a replaces" in said(done)


def test_a_dry_run_tells_it_too(repository: Path, run: Run) -> None:
    edit(repository, "10.0.0.0/16", "10.8.0.0/16")

    done = run("generate", "-C", repository, "--dry-run", "--json")

    assert done.exit_code == 3
    told = {r["name"]: r["replaces"] for r in json.loads(done.stdout)["replaces"]}
    assert "the peering" in told["prod.network"]
    assert told["prod.remote"] == ["the peering"]


def test_another_region_replaces_everything(repository: Path, run: Run) -> None:
    edit(repository, "eu-central-1", "eu-west-1")

    done = run("generate", "-C", repository)

    assert done.exit_code == 5
    assert "prod.place: aws eu-central-1 eks -> aws eu-west-1 eks replaces everything in the environment" in done.output


def test_one_more_zone_replaces_the_node_group(repository: Path, run: Run) -> None:
    edit(repository, 'network = "10.0.0.0/16"', 'network = "10.0.0.0/16"\nnodes-3 = "/18"')

    done = run("generate", "-C", repository)

    assert done.exit_code == 5
    assert "prod.nodes-3: none -> 10.0.128.0/18 replaces the node group" in done.output


@pytest.mark.parametrize(
    ("mode", "key", "old", "new", "replaces"),
    [
        ("eks", "options.nat", "single", "none", "the NAT gateways, the public subnets"),
        ("eks-custom", "options.nat", "per-zone", "none", "the NAT gateways, the public subnets"),
        ("eks", "options.nat", "none", "single", ""),
        ("eks", "options.nat", "single", "per-zone", ""),
        ("aks-kubenet-vnet", "kubernetes.calico", "true", "false", "the cluster"),
        ("aks-kubenet-vnet", "kubernetes.calico", "false", "true", ""),
        ("aks-overlay", "kubernetes.network_policy", "none", "cilium", ""),
        ("aks-overlay", "kubernetes.network_policy", "calico", "cilium", "the cluster"),
        ("aks-overlay", "kubernetes.network_policy", "cilium", "none", "the cluster"),
    ],
)
def test_some_changes_cost_something_in_one_direction_only(
    mode: str, key: str, old: str, new: str, replaces: str, tmp_path: Path, run: Run
) -> None:
    made = run("init", tmp_path / "net", "--mode", mode, "--set", f"{key}={old}", "--yes", "--quiet")
    assert made.exit_code == 0, made.output

    done = run("set", "-C", tmp_path / "net", f"prod.{key}={new}", env={"COLUMNS": "120"})

    assert done.exit_code == (5 if replaces else 0)
    name = key.partition(".")[2]
    assert (f"prod.{name}: {old} -> {new} replaces {replaces}\n" in done.output) is bool(replaces)
    assert ("Replace the nodes one by one" in done.output) is ("NAT" in replaces)


# The answers and the defaults of an environment begin alike.
@pytest.mark.parametrize(("unsaid", "count"), [(('"prod.nat" = ',), 1), (('"prod.nat" = ', '"prod" = \'{'), 3)])
@pytest.mark.parametrize(("old", "new", "told"), [("single", "none", True), ("none", "single", False)])
def test_a_lock_that_is_older_than_an_option_says_what_it_was(
    unsaid: tuple[str, ...], count: int, old: str, new: str, told: bool, tmp_path: Path, run: Run
) -> None:
    younger = [
        "options.cluster_name=plain",
        "options.scaling=fixed-name",
        "options.flow_logs=false",
        "kubernetes.addons=[]",
    ]
    flags = [flag for setting in (f"options.nat={old}", *younger) for flag in ("--set", setting)]
    made = run("init", tmp_path / "net", "--mode", "eks", *flags, "--yes", "--quiet")
    assert made.exit_code == 0, made.output
    lock = tmp_path / "net/escscaffold.lock"
    lines = lock.read_text().splitlines(keepends=True)
    left = [line for line in lines if not line.startswith(unsaid)]
    assert len(left) == len(lines) - count
    lock.write_text("".join(left))
    assert run("generate", "-C", tmp_path / "net", "--dry-run").exit_code != 5

    done = run("set", "-C", tmp_path / "net", f"prod.options.nat={new}", env={"COLUMNS": "120"})

    assert done.exit_code == (5 if told else 0), done.output
    assert ("prod.nat: single -> none replaces the NAT gateways, the public subnets" in done.output) is told


def test_another_provider_replaces_nothing(repository: Path, run: Run) -> None:
    edit(repository, "version = 1", 'version = 1\nprovider = "eventstorecloud"')

    done = run("generate", "-C", repository)

    assert done.exit_code == 0
    assert "prod moves from kurrentcloud to eventstorecloud with the next apply" in done.output


def test_an_environment_that_goes_is_said(repository: Path, run: Run) -> None:
    run("add", "next", "-C", repository, "--yes")
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().partition("[environments.next]")[0])

    done = run("generate", "-C", repository)

    assert done.exit_code == 0
    told = "next is no longer in escscaffold.toml: its files are deleted, existing cloud resources are not destroyed."
    assert told in said(done)


def test_the_folder_may_be_named_before_the_command(repository: Path, run: Run) -> None:
    assert run("-C", repository, "generate", "--dry-run").exit_code == 0


def test_a_further_environment_takes_after_the_one_before(repository: Path, run: Run) -> None:
    run("add", "west", "-C", repository, "--region", "us-west-2", "--mode", "eks", "--yes")

    assert run("add", "next", "-C", repository, "--yes").exit_code == 0
    assert '"next" = "aws us-west-2 eks"' in (repository / "escscaffold.lock").read_text()


def test_a_new_environment_of_another_name_replaces_nothing(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "new", *INIT, "--set", "name=shop")

    assert result.exit_code == 0, result.output


def test_kubenet_becomes_overlay_without_the_database(tmp_path: Path, run: Run) -> None:
    """hashicorp/terraform-provider-azurerm#30959: AKS moves the cluster in place, while pods and services stay."""
    ranges = {"network": "10.50.0.0/16", "nodes": "10.50.0.0/22", "pods": "10.244.0.0/16", "services": "10.0.0.0/16"}
    flags = [flag for name, block in ranges.items() for flag in ("--range", f"{name}={block}")]
    assert run("init", tmp_path / "net", "--mode", "aks-kubenet-vnet", *flags, "--yes", "--quiet").exit_code == 0

    done = run("set", "-C", tmp_path / "net", "prod.mode=aks-overlay", env={"COLUMNS": "300"})

    assert done.exit_code == 5
    assert "prod.mode: aks-kubenet-vnet -> aks-overlay replaces the cluster\n" in done.output
    assert "see: escscaffold/docs/modes/aks-overlay.md" in done.output
    assert "Pin `pods` and `services`" in done.output
    assert "Deploy the workloads" in done.output
    for word in ("everything in the environment", "backup", "database", "peering"):
        assert word not in done.output
    assert run("set", "-C", tmp_path / "net", "prod.mode=aks-overlay", "--accept-replace", "prod.mode").exit_code == 0


def test_a_node_subnet_of_eks_is_told_as_impossible_with_the_alternative_first(tmp_path: Path, run: Run) -> None:
    made = run("init", tmp_path / "net", "--mode", "eks-auto", "--range", "network=10.0.0.0/16", "--yes", "--quiet")
    assert made.exit_code == 0, made.output
    edit(tmp_path / "net", 'network = "10.0.0.0/16"', 'network = "10.0.0.0/16"\nnodes-2 = "10.0.200.0/21"')

    told = run("generate", "-C", tmp_path / "net", env={"COLUMNS": "300"}).output

    assert told.index("Not possible with the existing cluster:") < told.index("Keep the subnets")
    assert told.index("Keep the subnets") < told.index("Steps:")


def test_a_wider_vnet_under_the_same_peering_is_told(tmp_path: Path, run: Run) -> None:
    flags = ["--range", "network=10.8.0.0/16", "--range", "remote=10.8.0.0/14", "--yes", "--quiet"]
    assert run("init", tmp_path / "net", "--mode", "aks-overlay", *flags).exit_code == 0
    edit(tmp_path / "net", "10.8.0.0/16", "10.8.0.0/15")

    dry = run("generate", "-C", tmp_path / "net", "--dry-run", "--json")
    done = run("generate", "-C", tmp_path / "net", env={"COLUMNS": "300"})

    assert done.exit_code == 0
    changed = "prod.network: 10.8.0.0/16 -> 10.8.0.0/15 changes in place. The peering does not route the new"
    assert changed in done.output
    assert [one["name"] for one in json.loads(dry.stdout)["unlearned"]] == ["prod.network"]
