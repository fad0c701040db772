"""Ranges are placed in the pools that somebody gave, and what is left of them is told."""

import json
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import GKE, Plan, said, tree
from tests.conftest import Run

CORP, LAB = IPv4Network("10.64.0.0/16"), IPv4Network("192.168.0.0/16")
BOTH = ["--pool", f"corp={CORP}", "--pool", f"lab={LAB}"]
# One half of a pool is for what the peering routes to, and the Kurrent network finds its place in the other.
SMALL = ["--range", "pods=/18", "--range", "nodes=/20"]


def places(document: dict[str, Any], environment: str = "prod") -> dict[str, IPv4Network]:
    """Where the ranges lie that the cloud does not set itself."""
    ranges = document["environments"][environment]["ranges"]
    return {name: IPv4Network(row["cidr"]) for name, row in ranges.items() if row["origin"] != "implied"}


def test_every_range_lies_in_a_pool_the_first_one_first(planned: Plan) -> None:
    found = places(planned(*GKE, *BOTH))

    assert found["nodes"].subnet_of(CORP)
    assert found["pods"].subnet_of(CORP)
    # The peering routes to all of corp, so the Kurrent network needs another.
    assert found["kurrent"].subnet_of(LAB)


def test_the_order_of_pools_is_an_answer(planned: Plan) -> None:
    found = places(planned(*GKE, "--pool", f"lab={LAB}", "--pool", f"corp={CORP}"))

    assert found["pods"].subnet_of(LAB)


def test_what_is_pinned_may_lie_outside_the_pools(planned: Plan) -> None:
    document = planned(*GKE, *BOTH, "--range", "kurrent=172.22.110.0/24")

    assert places(document)["kurrent"] == IPv4Network("172.22.110.0/24")
    assert document["findings"] == []


def test_pools_that_are_too_small_are_an_error_that_names_them(planned: Plan) -> None:
    findings = planned(*GKE, "--pool", "corp=10.64.0.0/20", exit_code=1)["findings"]

    assert {f["code"] for f in findings} == {"ESC305"}
    assert all("10.64.0.0/20" in f["message"] for f in findings)


def test_what_is_left_of_the_pools_is_counted(planned: Plan) -> None:
    document = planned(*GKE, *BOTH)

    assert document["pools"] == [
        {"name": "corp", "cidr": "10.64.0.0/16", "free_addresses": 0, "largest": None},
        {"name": "lab", "cidr": "192.168.0.0/16", "free_addresses": 65536 - 256, "largest": "192.168.0.0/17"},
    ]


def repository_in(folder: Path, run: Run) -> Path:
    assert run("init", folder, *GKE, *BOTH, "--yes", "--quiet").exit_code == 0
    return folder


def test_the_pools_stand_in_the_spec_in_their_order(tmp_path: Path, run: Run) -> None:
    spec = (repository_in(tmp_path / "network", run) / "escscaffold.toml").read_text()

    assert '[pools]\ncorp = "10.64.0.0/16"\nlab = "192.168.0.0/16"\n' in spec


def test_plan_tells_what_is_left(tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "network", run)

    shown = run("plan", "-C", repository).output

    assert "Free:\n  corp 10.64.0.0/16   0 of 65,536 addresses\n" in shown
    assert "lab 192.168.0.0/16  65,280 of 65,536 addresses, the largest block is 192.168.0.0/17" in shown


def test_an_environment_is_held_to_the_pools_that_it_names(tmp_path: Path, run: Run, planned: Plan) -> None:
    repository = repository_in(tmp_path / "network", run)

    result = run("add", "test", "-C", repository, *GKE, *SMALL, "--set", 'pools=["lab"]', "--yes")

    assert result.exit_code == 0, result.output
    assert all(block.subnet_of(LAB) for block in places(planned("-C", repository), "test").values())
    assert 'pools = ["lab"]' in (repository / "escscaffold.toml").read_text()


def test_a_pool_and_the_environments_choice_of_it_are_two_answers(planned: Plan) -> None:
    document = planned(*GKE, *BOTH, *SMALL, "--set", 'pools=["lab"]')

    assert all(block.subnet_of(LAB) for block in places(document).values())


def test_add_brings_a_further_pool(tmp_path: Path, run: Run, planned: Plan) -> None:
    repository = repository_in(tmp_path / "network", run)

    added = run("add", "test", "-C", repository, *GKE, "--pool", "new=10.80.0.0/15", "--set", 'pools=["new"]', "--yes")

    assert added.exit_code == 0, added.output
    assert [pool["name"] for pool in planned("-C", repository)["pools"]] == ["corp", "lab", "new"]


def test_add_does_not_change_a_pool_that_is_there(tmp_path: Path, run: Run) -> None:
    repository = repository_in(tmp_path / "network", run)
    before = tree(repository)

    result = run("add", "test", "-C", repository, *GKE, "--pool", "corp=10.80.0.0/16", "--yes")

    assert result.exit_code == 2
    assert "corp is already a pool, as 10.64.0.0/16" in said(result)
    assert tree(repository) == before


def test_a_pool_that_shrinks_moves_nothing(tmp_path: Path, run: Run, planned: Plan) -> None:
    repository = repository_in(tmp_path / "network", run)
    before = places(planned("-C", repository))
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace(str(CORP), "10.64.0.0/20"))

    assert run("generate", "-C", repository).exit_code == 0
    assert places(planned("-C", repository)) == before


def test_the_order_of_the_file_decides_nothing(tmp_path: Path, planned: Plan) -> None:
    tables = [
        f'[environments.{name}]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
        for name in ("beta", "alpha", "gamma")
    ]
    documents = []
    for order in (tables, tables[::-1]):
        answers = tmp_path / "answers.toml"
        answers.write_text("version = 1\n" + "\n".join(order))
        documents.append(planned("-C", tmp_path / "nowhere", "--answers", answers))
        (tmp_path / "escscaffold.toml").write_text("version = 1\n" + "\n".join(order))
        documents.append(planned("-C", tmp_path))

    assert list(documents[1]["environments"]) == ["alpha", "beta", "gamma"]
    assert json.dumps(documents[1]) == json.dumps(documents[3])
    assert documents[0] == documents[2] == documents[1]


@pytest.mark.parametrize(
    ("pool", "told"),
    [
        ("a=8.8.8.0/24", "8.8.8.0/24 is not inside 10.0.0.0/8"),
        ("a=0.0.0.0/0", "0.0.0.0/0 is not inside 10.0.0.0/8"),
        ("a=10.0.0.1/8", "has host bits set"),
        ("a=/16", "is not a CIDR block"),
        ("a=", "has no prefix length"),
        ("a=fd00::/8", "is IPv6"),
        ("a", "is not NAME=VALUE"),
        ("=10.0.0.0/8", "is not NAME=VALUE"),
        ("../a=10.0.0.0/8", "of an address block"),
        ("a\x1b[2J=10.0.0.0/8", "of an address block"),
        ("${a}=10.0.0.0/8", "of an address block"),
    ],
)
def test_what_is_no_pool_is_refused(pool: str, told: str, tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "new", *GKE, "--pool", pool, "--yes")

    assert result.exit_code == 2
    assert "--pool" in result.output
    assert told in said(result)
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    assert tree(tmp_path) == {}


def test_pools_that_overlap_are_refused(run: Run) -> None:
    result = run("plan", *GKE, "--pool", "corp=10.64.0.0/16", "--pool", "half=10.64.128.0/17")

    assert result.exit_code == 2
    assert "ESC007" in result.output
    assert "'corp' 10.64.0.0/16 and 'half' 10.64.128.0/17 overlap" in said(result)


@pytest.mark.parametrize(
    ("named", "told"),
    [('["crop"]', "Did you mean corp?"), ('"corp"', 'Write pools = ["name"]'), ("[5]", "There is no pool 5")],
)
def test_a_pool_that_is_not_there_is_refused(named: str, told: str, run: Run) -> None:
    result = run("plan", *GKE, *BOTH, "--set", f"pools={named}")

    assert result.exit_code == 2
    assert "--set pools" in result.output
    assert told in said(result)
