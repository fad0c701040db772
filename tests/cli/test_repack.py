"""A change keeps what it can where it lies, what leaves is kept free, and a fresh plan shows its price first."""

import json
import re
import shutil
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from escscaffold.cli import cli
from tests.cli.conftest import GKE, Plan, said, tree
from tests.conftest import Run


@pytest.fixture(scope="module")
def two_as_written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two") / "network"
    for words in (["init", str(folder)], ["add", "staging", "-C", str(folder)]):
        assert CliRunner().invoke(cli, [*words, *GKE, "--yes", "--quiet"]).exit_code == 0
    return folder


@pytest.fixture
def two(tmp_path: Path, two_as_written: Path) -> Path:
    """A GKE repository with prod and staging."""
    return shutil.copytree(two_as_written, tmp_path / "network")


def leave(repository: Path, name: str) -> str:
    """Take an environment out of the spec, and return its table."""
    spec = repository / "escscaffold.toml"
    text = spec.read_text()
    table = re.search(rf"\[environments\.{name}\]\n(?:[^\[\n].*\n)*", text)
    assert table
    spec.write_text(text.replace(table[0], ""))
    return table[0]


def ask_for(repository: Path, **values: str) -> None:
    """Give prod these ranges and no others."""
    spec = repository / "escscaffold.toml"
    text = re.sub(r"\n\[environments\.prod\.ranges\]\n(?:[^\[\n].*\n)*", "", spec.read_text())
    spec.write_text(text + "\n[environments.prod.ranges]\n" + "".join(f"{k} = {v}\n" for k, v in values.items()))


def places(planned: Plan, repository: Path) -> dict[str, str]:
    document: dict[str, Any] = planned("-C", repository)
    found = {f"{e}.{r}": row["cidr"] for e, one in document["environments"].items() for r, row in one["ranges"].items()}
    routed = {f"{name}.remote": ", ".join(one["remote"]) for name, one in document["environments"].items()}
    return found | routed


def test_a_range_is_widened_where_it_lies(two: Path, run: Run, planned: Plan) -> None:
    ask_for(two, pods='{ size = "/18" }')
    assert run("generate", "-C", two, "--accept-replace", "prod").exit_code == 0
    before = places(planned, two)
    ask_for(two, pods='"/17"')

    after = places(planned, two)

    assert before["prod.pods"] == "10.0.0.0/18"
    assert after == before | {"prod.pods": "10.0.0.0/17"}


def test_a_range_shrinks_where_it_lies_and_the_peering_stays(two: Path, planned: Plan) -> None:
    before = places(planned, two)
    ask_for(two, pods='"/19"')

    after = places(planned, two)

    # A smaller remote range would do, and would be a new peering.
    assert after == before | {"prod.pods": "10.0.0.0/19"}
    assert after["prod.remote"] == "10.0.0.0/16"


def test_a_range_that_cannot_be_widened_moves_alone(two: Path, planned: Plan) -> None:
    before = places(planned, two)
    ask_for(two, nodes='"/17"')

    after = places(planned, two)

    # The other half of the remote range is free for it.
    assert after == before | {"prod.nodes": "10.0.128.0/17"}


def test_room_to_grow_is_used_without_a_move(tmp_path: Path, run: Run, planned: Plan) -> None:
    folder = tmp_path / "network"
    assert run("init", folder, *GKE, "--range", 'nodes={ size = "/20", growth = 4 }', "--yes").exit_code == 0
    assert run("add", "staging", "-C", folder, *GKE, "--yes").exit_code == 0
    before = places(planned, folder)
    ask_for(folder, nodes='"/18"')

    result = run("generate", "-C", folder)

    # Google widens a primary range in place.
    assert result.exit_code == 0, result.output
    after = places(planned, folder)
    assert IPv4Network(before["prod.nodes"]).subnet_of(IPv4Network(after["prod.nodes"]))
    assert {name for name in after if after[name] != before[name]} == {"prod.nodes"}


def test_what_leaves_is_retired_and_nobody_is_put_there(two: Path, run: Run, planned: Plan) -> None:
    before = places(planned, two)
    leave(two, "staging")

    assert run("generate", "-C", two).exit_code == 0

    crossing = {f"staging.{name}": before[f"staging.{name}"] for name in ("kurrent", "nodes", "pods")}
    assert planned("-C", two)["retired"] == crossing
    shown = run("plan", "-C", two).output
    assert "Retired, reserved until generate --forget:\n" in shown
    assert f"  staging.pods     {before['staging.pods']}\n" in shown
    assert run("add", "test", "-C", two, *GKE, "--yes").exit_code == 0
    taken = [IPv4Network(block) for name, block in places(planned, two).items() if name.startswith("test.")]
    assert not any(IPv4Network(block).overlaps(other) for block in crossing.values() for other in taken)


def test_it_is_retired_in_the_plan_before_it_is_written(two: Path, planned: Plan) -> None:
    leave(two, "staging")

    assert "staging.pods" in planned("-C", two)["retired"]


def test_what_comes_back_finds_its_old_place(two: Path, run: Run, planned: Plan) -> None:
    before = places(planned, two)
    table = leave(two, "staging")
    assert run("generate", "-C", two).exit_code == 0
    assert run("add", "test", "-C", two, *GKE, "--yes").exit_code == 0
    spec = two / "escscaffold.toml"
    spec.write_text(spec.read_text() + "\n" + table)

    assert run("generate", "-C", two).exit_code == 0

    after = places(planned, two)
    assert {name: after[name] for name in before} == before
    assert planned("-C", two)["retired"] == {}


def test_a_pin_on_a_retired_range_is_a_warning(two: Path, run: Run, planned: Plan) -> None:
    before = places(planned, two)
    leave(two, "staging")
    assert run("generate", "-C", two).exit_code == 0
    ask_for(two, kurrent=f'"{before["staging.kurrent"]}"')

    warnings = [f for f in planned("-C", two)["findings"] if f["code"] == "ESC307"]

    assert [f["subject"] for f in warnings] == ["kurrent"]
    assert "escscaffold generate --forget staging.kurrent" in warnings[0]["fix"]


def test_forgetting_frees_a_range_or_a_whole_environment(two: Path, run: Run, planned: Plan) -> None:
    leave(two, "staging")
    assert run("generate", "-C", two).exit_code == 0

    assert run("generate", "-C", two, "--forget", "staging.pods").exit_code == 0
    assert planned("-C", two)["retired"].keys() == {"staging.kurrent", "staging.nodes"}
    assert run("generate", "-C", two, "--forget", "staging").exit_code == 0
    assert planned("-C", two)["retired"] == {}
    assert run("check", "-C", two).exit_code == 0


def test_an_environment_can_leave_and_be_forgotten_at_once(two: Path, run: Run, planned: Plan) -> None:
    leave(two, "staging")

    assert run("generate", "-C", two, "--forget", "staging").exit_code == 0
    assert planned("-C", two)["retired"] == {}


def test_a_dry_run_forgets_nothing(two: Path, run: Run) -> None:
    leave(two, "staging")
    assert run("generate", "-C", two).exit_code == 0
    before = tree(two)

    assert run("generate", "-C", two, "--forget", "staging", "--dry-run").exit_code == 3
    assert tree(two) == before


@pytest.mark.parametrize(
    "name", ["../x", "prod", "prod.pods", "staging.podz", "", ".", "staging.", "\x1b[2J", "*", "${x}"]
)
def test_what_is_not_retired_cannot_be_forgotten(name: str, two: Path, run: Run) -> None:
    leave(two, "staging")
    assert run("generate", "-C", two).exit_code == 0
    before = tree(two)

    result = run("generate", "-C", two, "--forget", name)

    assert result.exit_code == 2
    assert "--forget" in result.output
    assert "is not retired" in said(result)
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    assert tree(two) == before


@pytest.fixture
def scattered(two: Path, run: Run) -> Path:
    """The same after staging was made first and prod's neighbour left: a fresh plan would be tidier."""
    assert run("add", "test", "-C", two, *GKE, "--yes").exit_code == 0
    leave(two, "staging")
    assert run("generate", "-C", two, "--forget", "staging").exit_code == 0
    return two


def test_the_price_of_a_fresh_plan_is_shown_and_nothing_is_written(scattered: Path, run: Run, planned: Plan) -> None:
    before = tree(scattered)

    text = run("plan", "-C", scattered, "--repack=test", env={"COLUMNS": "120"})
    document = planned("-C", scattered, "--repack=test")

    assert text.exit_code == 0
    assert "\nThese ranges move:\n" in text.output
    assert "  test.pods: 10.2.0.0/17 -> 10.1.0.0/17\n" in text.output
    assert "  test.pods replaces the cluster\n" in text.output
    assert {"name": "test.pods", "old": "10.2.0.0/17", "new": "10.1.0.0/17"} in document["moves"]
    assert {"name": "test.remote", "old": "10.2.0.0/16", "new": "10.1.0.0/16"} in document["moves"]
    assert {m["name"] for m in document["moves"]} == {r["name"] for r in document["replaces"]}
    assert all(m["name"].startswith("test.") for m in document["moves"])
    assert document["environments"]["test"]["ranges"]["pods"]["origin"] == "placed"
    assert document["environments"]["prod"]["ranges"]["pods"]["origin"] == "locked"
    assert tree(scattered) == before


def test_without_a_move_the_price_is_nothing(two: Path, run: Run, planned: Plan) -> None:
    assert "No range moves." in run("plan", "-C", two, "--repack").output
    assert planned("-C", two, "--repack")["moves"] == []
    assert run("generate", "-C", two, "--repack").exit_code == 0


def test_a_plan_without_repack_has_no_price(two: Path, planned: Plan) -> None:
    assert {"moves", "replaces"} & planned("-C", two).keys() == set()


def test_generate_pays_the_price_once_it_is_accepted(scattered: Path, run: Run, planned: Plan) -> None:
    before = tree(scattered)

    refused = run("generate", "-C", scattered, "--repack=test")

    assert refused.exit_code == 5
    assert "test.pods: 10.2.0.0/17 -> 10.1.0.0/17" in refused.output
    command = re.search(r"To proceed: escscaffold (generate .*)", refused.output)
    assert command
    assert "--repack=test" in command[1]
    assert tree(scattered) == before
    assert run(*command[1].split(), "-C", scattered).exit_code == 0
    assert places(planned, scattered)["test.pods"] == "10.1.0.0/17"
    assert run("check", "-C", scattered).exit_code == 0


def test_accepting_one_of_two_environments_is_not_enough(tmp_path: Path, scattered: Path, run: Run) -> None:
    assert run("add", "aaa", "-C", scattered, *GKE, "--yes").exit_code == 0
    moved = json.loads(run("plan", "-C", scattered, "--repack", "--json").stdout)["moves"]
    assert {m["name"].partition(".")[0] for m in moved} >= {"prod", "aaa"}

    assert run("generate", "-C", scattered, "--repack", "--accept-replace", "prod").exit_code == 5


def test_a_dry_run_of_a_repack_tells_the_price(scattered: Path, run: Run) -> None:
    before = tree(scattered)

    result = run("generate", "-C", scattered, "--repack", "--dry-run", "--json")

    assert result.exit_code == 3
    assert "test.pods" in {r["name"] for r in json.loads(result.stdout)["replaces"]}
    assert tree(scattered) == before


@pytest.mark.parametrize("command", ["plan", "generate"])
@pytest.mark.parametrize("name", ["nope", "../x", "", "prod,staging", "\x1b[2J"])
def test_an_environment_that_is_not_there_cannot_be_repacked(command: str, name: str, two: Path, run: Run) -> None:
    before = tree(two)

    result = run(command, "-C", two, f"--repack={name}")

    assert result.exit_code == 2
    assert "--repack" in result.output
    assert "Known: prod, staging." in said(result) or "Did you mean" in said(result)
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    assert tree(two) == before


def test_flags_alone_have_nothing_to_repack(run: Run) -> None:
    result = run("plan", *GKE, "--repack")

    assert result.exit_code == 2
    assert "--repack needs a repository: a plan from flags has no allocations." in said(result)
