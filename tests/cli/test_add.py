"""`add`: one more environment, planned around the others, which stay as they are."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EKS, Plan, tree
from tests.conftest import Run


def add(run: Run, repository: Path, *arguments: object) -> Any:
    return run("add", "-C", repository, *arguments, "--yes")


def test_the_new_environment_is_planned_around_the_first_which_does_not_move(
    repository: Path, run: Run, planned: Plan
) -> None:
    before = planned("-C", repository)["environments"]["prod"]

    assert add(run, repository, "test", *EKS).exit_code == 0

    after = planned("-C", repository)["environments"]
    assert {n: r["cidr"] for n, r in after["prod"]["ranges"].items()} == {
        n: r["cidr"] for n, r in before["ranges"].items()
    }
    assert after["prod"]["remote"] == before["remote"] == ["10.0.0.0/16"]
    assert after["test"]["remote"] not in ([], before["remote"])
    assert after["test"]["ranges"]["kurrent"]["cidr"] != before["ranges"]["kurrent"]["cidr"]
    assert run("check", "-C", repository).exit_code == 0


def test_the_spec_keeps_every_byte_that_was_there(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    text = "# Ours: ask the platform team.\n" + spec.read_text().replace('"eks"', '"eks"   # why: cheap') + "\n# end\n"
    spec.write_text(text)

    assert add(run, repository, "test", *EKS).exit_code == 0

    assert spec.read_text().startswith(text.rstrip("\n"))
    assert "[environments.test]" in spec.read_text()


def test_only_the_files_that_must_change_change(repository: Path, run: Run) -> None:
    before = tree(repository)

    assert add(run, repository, "test", *EKS).exit_code == 0

    after = tree(repository)
    changed = {name for name in before if after[name] != before[name]}
    assert changed <= {"README.md", "escscaffold.toml", "escscaffold.lock", ".github/workflows/terraform.yml"}
    assert {n.split("/")[1] for n in after.keys() - before.keys() if n.startswith("environments/")} == {"test"}


def test_several_are_added_one_by_one_and_none_moves(repository: Path, run: Run, planned: Plan) -> None:
    seen: dict[str, Any] = {}
    for name, mode in (("one", "eks"), ("two", "gke-standard"), ("three", "aks-cni"), ("four", "gke-routes")):
        assert add(run, repository, name, "--mode", mode).exit_code == 0
        now = {n: (e["ranges"].keys(), e["remote"]) for n, e in planned("-C", repository)["environments"].items()}
        assert seen.items() <= now.items()
        seen = now
    remotes = [tuple(remote) for _, remote in seen.values()]
    assert len(set(remotes)) == 5


@pytest.mark.parametrize("given", [["prod"], ["--environment", "prod"], []], ids=["argument", "flag", "default"])
def test_a_name_that_is_there_is_refused(given: list[str], repository: Path, run: Run) -> None:
    before = tree(repository)

    result = add(run, repository, *given, *EKS)

    assert result.exit_code == 2
    assert "prod already exists" in result.output
    assert tree(repository) == before


def test_a_name_given_twice_is_refused(repository: Path, run: Run) -> None:
    before = tree(repository)

    assert add(run, repository, "one", "--environment", "two", *EKS).exit_code == 2
    assert tree(repository) == before


def test_the_name_as_an_argument_wins_over_the_variable(repository: Path, run: Run) -> None:
    result = run("add", "-C", repository, "one", *EKS, "--yes", env={"ESCSCAFFOLD_ENVIRONMENT": "two"})

    assert result.exit_code == 0
    assert (repository / "environments/one").is_dir()


def test_pins_that_collide_with_the_first_are_refused_and_nothing_is_written(repository: Path, run: Run) -> None:
    before = tree(repository)

    result = add(run, repository, "test", *EKS, "--range", "network=10.0.0.0/16")

    assert result.exit_code == 1
    assert "ESC302" in result.output
    assert tree(repository) == before


def test_reserved_blocks_are_added_and_kept_clear_of(repository: Path, run: Run, planned: Plan) -> None:
    assert add(run, repository, "test", *EKS, "--reserve", "office=10.2.0.0/15").exit_code == 0

    assert 'office = "10.2.0.0/15"' in (repository / "escscaffold.toml").read_text()
    assert run("check", "-C", repository).exit_code == 0
    assert planned("-C", repository)["environments"]["test"]["remote"] not in (["10.2.0.0/16"], ["10.3.0.0/16"])


def test_a_reserved_block_is_never_changed_by_the_way(repository: Path, run: Run) -> None:
    assert add(run, repository, "one", *EKS, "--reserve", "office=10.200.0.0/16").exit_code == 0
    before = tree(repository)

    other = add(run, repository, "two", *EKS, "--reserve", "office=10.201.0.0/16")

    assert other.exit_code == 2
    assert "10.200.0.0/16" in other.output
    assert tree(repository) == before
    assert add(run, repository, "two", *EKS, "--reserve", "office=10.200.0.0/16").exit_code == 0


def test_the_provider_is_the_whole_repositorys(repository: Path, run: Run) -> None:
    result = add(run, repository, "test", *EKS, "--set", "provider=eventstorecloud")

    assert result.exit_code == 2
    assert "escscaffold.toml" in result.output


def test_a_spec_that_cannot_be_added_to_is_left_as_it_is(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text('version = 1\nenvironments = { prod = { cloud = "aws", region = "eu-west-1", mode = "eks" } }\n')
    before = tree(repository)

    result = add(run, repository, "test", *EKS)

    assert result.exit_code in (0, 1)
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 0 or tree(repository) == before


def test_windows_line_ends_of_the_spec_stay(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_bytes(spec.read_bytes().replace(b"\n", b"\r\n"))
    before = spec.read_bytes()

    assert add(run, repository, "test", *EKS).exit_code == 0

    assert spec.read_bytes().startswith(before.rstrip(b"\r\n"))
    assert run("check", "-C", repository).exit_code == 0
