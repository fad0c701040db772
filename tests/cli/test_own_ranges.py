"""Ranges of a team's own inside the network: placed, kept, made as subnets, and refused where there can be none."""

import json
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EKS, GKE, Plan, said, tree
from tests.conftest import Run

AKS = ("--mode", "aks-cni", "--region", "westeurope")
SUBNET = '{ size = "/24", subnet = true }'


def ranges_of(document: dict[str, Any]) -> dict[str, IPv4Network]:
    return {name: IPv4Network(row["cidr"]) for name, row in document["environments"]["prod"]["ranges"].items()}


def repository_in(folder: Path, run: Run, *flags: str) -> Path:
    done = run("init", folder, *flags, "--yes", "--quiet")
    assert done.exit_code == 0, done.output
    return folder


@pytest.mark.parametrize("mode", [EKS, AKS], ids=["eks", "aks-cni"])
def test_a_range_of_ones_own_lies_inside_the_network_beside_its_subnets(mode: tuple[str, ...], planned: Plan) -> None:
    found = ranges_of(planned(*mode, "--range", "data-1=/24", "--range", "cache=/26"))

    network = found.pop("network")
    inside = {name: block for name, block in found.items() if block.subnet_of(network)}
    assert {"data-1", "cache"} < inside.keys()
    assert (found["data-1"].prefixlen, found["cache"].prefixlen) == (24, 26)
    blocks = list(inside.values())
    assert not any(one.overlaps(other) for n, one in enumerate(blocks) for other in blocks[:n])


def test_on_google_the_peering_routes_to_it(planned: Plan) -> None:
    document = planned(*GKE, "--range", "data-1=/24")

    remote = [IPv4Network(block) for block in document["environments"]["prod"]["remote"]]
    assert any(ranges_of(document)["data-1"].subnet_of(block) for block in remote)


@pytest.mark.parametrize("mode", [EKS, GKE, AKS], ids=["eks", "gke-standard", "aks-cni"])
def test_one_more_moves_nothing_that_is_allocated(
    mode: tuple[str, ...], tmp_path: Path, run: Run, planned: Plan
) -> None:
    repository = repository_in(tmp_path / "network", run, *mode)
    before = planned("-C", repository)

    done = run("set", "ranges.data-1=/24", f"ranges.db={SUBNET}", "-C", repository)

    after = planned("-C", repository)
    assert done.exit_code == 0, done.output
    assert ranges_of(after).items() > ranges_of(before).items()
    assert after["environments"]["prod"]["remote"] == before["environments"]["prod"]["remote"]
    lock = (repository / "escscaffold.lock").read_text()
    assert f'"prod.data-1" = "{ranges_of(after)["data-1"]}"' in lock
    assert run("check", "-C", repository).exit_code == 0


def test_a_subnet_is_made_of_those_that_ask_for_one(tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "n", run, *EKS, "--range", f"db={SUBNET}", "--range", "cache=/26")
    root = repository / "environments/prod"

    assert 'contains(["db"], name)' in (root / "main.tf").read_text()
    assert "cache" in (root / "terraform.tfvars").read_text()
    assert "own_subnet_ids" in (root / "outputs.tf").read_text()
    assert (repository / "modules/aws-own-subnets").is_dir()
    for shown in ("README.md", "docs/network-prod.svg"):
        assert "cache" in (repository / shown).read_text()


def test_without_a_subnet_no_module_is_written(tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "network", run, *EKS, "--range", "cache=/26")

    assert not (repository / "modules/aws-own-subnets").exists()
    assert "own_subnets" not in (repository / "environments/prod/main.tf").read_text()


@pytest.mark.parametrize("left", ["ranges.db=", "ranges.db=/24"])
def test_a_subnet_that_goes_is_accepted_by_name(left: str, tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "network", run, *EKS, "--range", f"db={SUBNET}")
    before = tree(repository)

    refused = run("set", left, "-C", repository)

    assert refused.exit_code == 5
    assert "prod.db" in refused.output
    assert tree(repository) == before
    assert run("set", left, "-C", repository, "--accept-replace", "prod.db").exit_code == 0


def test_a_range_that_moves_takes_along_what_a_custom_file_has_in_it(tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "network", run, *EKS, "--range", "cache=/26")

    refused = run("set", "ranges.cache=/24", "-C", repository)

    assert refused.exit_code == 5
    assert "prod.cache: " in refused.output
    assert "replaces what your custom.tf files create in it" in " ".join(refused.output.split())


def test_what_was_removed_is_planned_for_nothing_else_and_comes_back(tmp_path: Path, run: Run, planned: Plan) -> None:
    repository = repository_in(tmp_path / "network", run, *EKS, "--range", "cache=/26")
    was = ranges_of(planned("-C", repository))["cache"]

    run("set", "ranges.cache=", "ranges.other=/26", "-C", repository)
    other = ranges_of(planned("-C", repository))["other"]
    run("set", "ranges.cache=/26", "-C", repository)

    assert not other.overlaps(was)
    assert ranges_of(planned("-C", repository))["cache"] == was


def test_it_keeps_its_place_under_another_name_of_its_environment(tmp_path: Path, run: Run, planned: Plan) -> None:
    repository = repository_in(tmp_path / "network", run, *EKS, "--range", "cache=/26")
    was = ranges_of(planned("-C", repository))["cache"]

    assert run("rename", "prod", "live", "-C", repository).exit_code == 0

    now = planned("-C", repository)["environments"]["live"]["ranges"]["cache"]
    assert IPv4Network(now["cidr"]) == was


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("data-1=10.9.0.0/24", "ESC304"),
        ("data-1=10.0.0.0/24", "ESC301"),
        ("data-1=/29", "ESC401"),
    ],
)
def test_the_rules_of_ranges_hold_for_it(given: str, code: str, planned: Plan) -> None:
    pinned = ["--range", "network=10.0.0.0/16", "--range", "nodes-1=10.0.0.0/18", "--range", "nodes-2=10.0.64.0/18"]

    findings = planned(*EKS, *pinned, "--range", given, exit_code=1)["findings"]

    assert code in {finding["code"] for finding in findings}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("node-1", "Did you mean nodes-1?"),
        ("pod", "Did you mean pods?"),
        ("servces", "Did you mean services?"),
        ("nodes-db", "An own range needs another name, such as data-1."),
        ("pods", "An own range needs another name, such as data-1."),
        ("Data", "Try data."),
        ("../data", "Try data."),
        ("${data}", "Try data."),
    ],
)
def test_a_name_that_could_be_a_slip_of_another_is_refused(name: str, told: str, run: Run) -> None:
    result = run("plan", *EKS, "--range", f"{name}=/24")

    assert result.exit_code == 2
    assert told in said(result)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("{ subnet = true }", "The range has no size"),
        ("{ nodes = 5 }", "nodes does not size data-1"),
        ('{ size = "/24", subnet = 5 }', "5"),
        ('{ size = "/24", subnets = true }', "Did you mean subnet?"),
    ],
)
def test_a_table_that_says_something_else_is_refused(value: str, told: str, run: Run) -> None:
    result = run("plan", *EKS, "--range", f"data-1={value}")

    assert result.exit_code == 2
    assert told in said(result)


def test_a_range_of_the_mode_is_no_subnet_by_choice(run: Run) -> None:
    result = run("plan", *EKS, "--range", "nodes-1={ size = '/20', subnet = true }")

    assert result.exit_code == 2
    assert "subnet is for ranges of your own, and nodes is one of the mode" in said(result)


def test_the_vnet_that_aks_makes_holds_none(run: Run) -> None:
    result = run("plan", "--mode", "aks-kubenet", "--region", "westeurope", "--range", "data-1=/24")

    assert result.exit_code == 2
    assert "aks-kubenet has no range 'data-1'" in said(result)


def test_a_network_that_exists_holds_none(run: Run) -> None:
    there = ["--set", "parts.network=existing", "--set", "existing.network=vpc-0a1b2c3d4e5f60718"]
    blocks = ["network=10.0.0.0/16", "nodes-1=10.0.0.0/18", "nodes-2=10.0.64.0/18", "data-1=10.0.128.0/24"]

    result = run("plan", *EKS, *there, *(part for block in blocks for part in ("--range", block)))

    assert result.exit_code == 2
    assert "data-1 is an own range, and the network exists" in said(result)


def test_the_schema_takes_it(tmp_path: Path, run: Run) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(run("schema").stdout)
    spec = {"cloud": "aws", "region": "eu-central-1", "mode": "eks"}

    def errors(ranges: dict[str, Any]) -> list[Any]:
        document = {"version": 1, "environments": {"prod": {**spec, "ranges": ranges}}}
        return list(jsonschema.Draft7Validator(schema).iter_errors(document))

    assert errors({"data-1": "/24", "db": {"size": "/24", "subnet": True}}) == []
    assert errors({"nodes-db": "/24"}) != []
    assert errors({"nodes-1": {"size": "/20", "subnet": True}}) != []
