"""Environments that may overlap, and those that share a Kurrent network, as the spec says it."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Plan, said
from tests.conftest import Run

SAME_NODES = 'nodes = "10.1.0.0/20"'
NETWORK = 'kurrent = "10.200.0.0/24"'
SHARED = """
[environments.two.parts]
kurrent-project = "existing"
kurrent-network = "existing"

[environments.two.existing]
kurrent-project = "one"
kurrent-network = "one"
"""


def write(folder: Path, one: tuple[str, ...], two: tuple[str, ...], keys: str = "", more: str = "") -> None:
    """Write a spec with two environments, the second with further keys, and their ranges."""
    text = "version = 1\n"
    for name, ranges, own in (("one", one, ""), ("two", two, keys)):
        text += f'\n[environments.{name}]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n{own}\n'
        text += f"\n[environments.{name}.ranges]\n" + "".join(f"{line}\n" for line in ranges)
    (folder / "escscaffold.toml").write_text(text + more)


def codes(document: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in document["findings"]}


def test_environments_that_may_overlap_do(tmp_path: Path, planned: Plan) -> None:
    write(tmp_path, (SAME_NODES,), (SAME_NODES,))
    assert "ESC302" in codes(planned("-C", tmp_path, exit_code=1))

    write(tmp_path, (SAME_NODES,), (SAME_NODES,), 'may_overlap = ["one"]')

    assert codes(planned("-C", tmp_path)) == set()


@pytest.mark.parametrize("name", ['"two"', '"noe"', '"../one"', '"\\u001b[2J"', "5", '["one"]'])
def test_only_another_environment_may_be_overlapped(name: str, tmp_path: Path, run: Run) -> None:
    write(tmp_path, (), (), f"may_overlap = [{name}]")

    result = run("plan", "-C", tmp_path)

    assert result.exit_code == 1
    assert "ESC004 two may_overlap" in result.output
    assert "There is no other environment" in said(result)
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []


def test_a_shared_network_is_planned_once_and_routes_are_kept_apart(tmp_path: Path, planned: Plan) -> None:
    write(tmp_path, (NETWORK,), (NETWORK,), more=SHARED)

    document = planned("-C", tmp_path)

    assert document["findings"] == []
    assert [one["remote"] for one in document["environments"].values()] == [["10.0.0.0/16"], ["10.1.0.0/16"]]


def test_a_shared_network_has_one_range(tmp_path: Path, planned: Plan) -> None:
    write(tmp_path, (NETWORK,), ('kurrent = "10.201.0.0/24"',), more=SHARED)

    assert "ESC103" in codes(planned("-C", tmp_path, exit_code=1))


def test_no_two_peerings_of_a_network_route_to_the_same_addresses(tmp_path: Path, planned: Plan) -> None:
    write(tmp_path, (NETWORK, SAME_NODES), (NETWORK, SAME_NODES), 'may_overlap = ["one"]', SHARED)

    assert {"ESC208", "ESC302"} <= codes(planned("-C", tmp_path, exit_code=1))


@pytest.mark.parametrize(
    ("given", "missing", "code"),
    [
        (SHARED.replace('kurrent-network = "one"\n', ""), "Name of the Kurrent network is missing", "ESC008"),
        (SHARED.replace('kurrent-project = "existing"\n', ""), "needs an existing project", "ESC010"),
        (SHARED.replace('"one"', '"a\\u0000b"'), "Invalid Kurrent Cloud project name", "ESC004"),
        (SHARED.replace('"existing"', '"absent"'), "'absent' is not a value of this part in this mode", "ESC004"),
    ],
    ids=["no name", "no project", "control character", "absent"],
)
def test_what_does_not_go_together_is_told(given: str, missing: str, code: str, tmp_path: Path, run: Run) -> None:
    write(tmp_path, (NETWORK,), (NETWORK,), more=given)

    result = run("plan", "-C", tmp_path)

    assert result.exit_code == 1
    assert code in result.output
    assert missing in said(result)


def test_a_network_that_exists_has_a_range(tmp_path: Path, run: Run) -> None:
    write(tmp_path, (NETWORK,), (), more=SHARED)

    result = run("plan", "-C", tmp_path)

    assert result.exit_code == 1
    assert "ESC008 two kurrent" in result.output
