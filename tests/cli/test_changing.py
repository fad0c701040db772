"""`set`, `remove` and `rename`: answers change, what follows is shown first, and nothing is replaced unasked."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

TFVARS = "environments/prod/terraform.tfvars"


def spec_of(repository: Path) -> str:
    return (repository / "escscaffold.toml").read_text()


@pytest.mark.parametrize("key", ["reserved.office", "environments.prod.ranges.services", "prod.ranges.services"])
def test_a_key_is_set_and_its_files_follow(key: str, repository: Path, run: Run) -> None:
    result = run("set", f"{key}=10.96.0.0/16", "-C", repository, "--accept-replace", "prod")

    assert result.exit_code == 0, result.output
    assert '= "10.96.0.0/16"' in spec_of(repository)
    assert run("check", "-C", repository).exit_code == 0
    assert ("10.96.0.0/16" in (repository / TFVARS).read_text()) == ("services" in key)


def test_one_environment_needs_no_name(repository: Path, run: Run) -> None:
    assert run("set", "routes=exact", "-C", repository, "--accept-replace", "prod").exit_code == 0
    assert '[environments.prod]\ncloud = "aws"\nregion = "eu-central-1"\nmode = "eks"\nroutes = "exact"\n' in spec_of(
        repository
    )


def test_of_several_one_has_to_be_named(repository: Path, run: Run) -> None:
    run("add", "test", "-C", repository, *EKS, "--yes")
    before = tree(repository)

    result = run("set", "routes=exact", "-C", repository)

    assert result.exit_code == 2
    assert "prod.routes, test.routes" in result.output
    assert tree(repository) == before
    assert run("set", "routes=exact", "--environment", "test", "-C", repository, "--dry-run").exit_code == 3


def test_what_would_be_replaced_stops_it_and_the_way_on_is_told(repository: Path, run: Run) -> None:
    before = tree(repository)

    result = run("set", "ranges.services=10.96.0.0/16", "-C", repository)

    assert result.exit_code == 5
    assert "Addresses:\n  prod.services: 172.20.0.0/16 -> 10.96.0.0/16\n" in result.output
    assert (
        f"escscaffold set -C {repository} ranges.services=10.96.0.0/16 --accept-replace prod.services" in result.output
    )
    assert tree(repository) == before


@pytest.mark.parametrize("flag", ["--dry-run", "--diff"])
def test_asking_writes_nothing(flag: str, repository: Path, run: Run) -> None:
    before = tree(repository)

    result = run("set", "ranges.services=10.96.0.0/16", "-C", repository, flag)

    assert result.exit_code == 3
    assert "escscaffold.toml" in result.output
    assert TFVARS in result.output
    assert tree(repository) == before


def test_what_is_so_already_changes_nothing(repository: Path, run: Run) -> None:
    before = tree(repository)

    assert "No changes" in run("set", "region=eu-central-1", "-C", repository).output
    assert run("set", "region=eu-central-1", "-C", repository, "--dry-run").exit_code == 0
    assert tree(repository) == before


def test_a_key_without_a_value_is_removed(repository: Path, run: Run) -> None:
    before = spec_of(repository)
    run("set", "accept.ESC502=we know", "-C", repository)

    assert "we know" in spec_of(repository)
    assert run("set", "accept.ESC502=", "-C", repository).exit_code == 0
    assert spec_of(repository).replace("\n[accept]\n", "") == before


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("region=Mars", "Did you mean mars?"),
        ("rangs.pods=/16", "Did you mean ranges?"),
        ("prod.ranges.pods=/16", "eks has no range 'pods'"),
        ("environments.tset.region=x", "unknown key"),
        ("region", "is not KEY=VALUE"),
        ("=x", "is not KEY=VALUE"),
        ("ranges.nodes-1={", "is not a table"),
        ("version=2", "version 2"),
        ("version.x=2", "version is not a table"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_writes_nothing(given: str, told: str, repository: Path, run: Run) -> None:
    before = tree(repository)

    result = run("set", given, "-C", repository)

    assert result.exit_code == 2, result.output
    assert told in result.output
    assert tree(repository) == before


def test_a_key_is_given_once(repository: Path, run: Run) -> None:
    assert run("set", "region=eu-west-1", "prod.region=eu-west-2", "-C", repository).exit_code == 2


def test_a_plan_with_errors_leaves_the_spec_alone(repository: Path, run: Run) -> None:
    before = tree(repository)

    assert run("set", "ranges.network=10.0.0.0/8", "-C", repository).exit_code == 1
    assert tree(repository) == before


def test_the_document_of_each_command_is_the_same(repository: Path, run: Run) -> None:
    run("add", "test", "-C", repository, *EKS, "--yes")
    for command in (["set", "prod.region=eu-west-1"], ["rename", "test", "live"], ["remove", "test"]):
        result = run(*command, "-C", repository, "--dry-run", "--json")
        assert result.exit_code == 3
        assert {"version", "files", "replaces", "findings"} <= json.loads(result.stdout).keys()


def test_a_removed_environment_takes_its_files_along_and_its_addresses_stay_free(repository: Path, run: Run) -> None:
    before = tree(repository)
    run("add", "test", "-C", repository, *EKS, "--yes")

    result = run("remove", "test", "-C", repository)

    assert result.exit_code == 0
    assert "its files are deleted" in result.output
    assert spec_of(repository) == before["escscaffold.toml"].decode()
    assert not (repository / "environments/test").exists()
    assert '"test.network"' in (repository / "escscaffold.lock").read_text().partition("[retired]")[2]


def test_the_last_environment_cannot_be_removed(repository: Path, run: Run) -> None:
    result = run("remove", "prod", "-C", repository)

    assert result.exit_code == 1
    assert "the last environment" in result.output
    assert run("remove", "prdo", "-C", repository).exit_code == 2


def test_a_renamed_environment_takes_everything_along_and_nothing_is_replaced(repository: Path, run: Run) -> None:
    prod = repository / "environments/prod"
    (prod / "custom.tf").write_text("# mine\n")
    (prod / ".terraform").mkdir()
    (prod / "terraform.tfstate").write_text("{}\n")
    (prod / "terraform.tfvars").write_text((prod / "terraform.tfvars").read_text().replace("3000", "6000"))
    (prod / "outputs.tf").unlink()
    values = (prod / "terraform.tfvars").read_text()

    result = run("rename", "prod", "live", "-C", repository)

    assert result.exit_code == 0, result.output
    live = repository / "environments/live"
    assert not prod.exists()
    assert (live / "custom.tf").read_text() == "# mine\n"
    assert (live / "terraform.tfstate").read_text() == "{}\n"
    assert (live / ".terraform").is_dir()
    assert (live / "terraform.tfvars").read_text() == values
    assert not (live / "outputs.tf").exists()
    assert (repository / "docs/network-live.svg").exists()
    assert not (repository / "docs/network-prod.svg").exists()
    assert "## live" in (repository / "README.md").read_text()
    assert '[environments.live]\ncloud = "aws"\nregion = "eu-central-1"\nmode = "eks"\nname = "prod"\n' in spec_of(
        repository
    )
    assert run("generate", "-C", repository).output.startswith("No changes.")
    assert "retired" not in (repository / "escscaffold.lock").read_text()


def test_a_renaming_and_back_changes_nothing(repository: Path, run: Run) -> None:
    before = tree(repository)
    run("rename", "prod", "live", "-C", repository)

    assert run("rename", "live", "prod", "-C", repository).exit_code == 0
    assert tree(repository) == before


def test_new_names_for_resources_are_a_price_to_accept(repository: Path, run: Run) -> None:
    before = tree(repository)

    refused = run("rename", "prod", "live", "--new-names", "-C", repository)

    assert refused.exit_code == 5
    assert "live.name: prod -> live replaces everything with the name" in refused.output
    assert tree(repository) == before
    accept = ("--accept-replace", "live.name")
    assert run("rename", "prod", "live", "--new-names", "-C", repository, *accept).exit_code == 0
    assert 'environment = "live"' in (repository / "environments/live/terraform.tfvars").read_text()


def test_the_name_that_resources_keep_is_taken(repository: Path, run: Run) -> None:
    run("rename", "prod", "live", "-C", repository)

    result = run("add", "prod", "-C", repository, *EKS, "--yes")

    assert result.exit_code != 0
    assert "have the same resource name 'prod'" in result.output


@pytest.mark.parametrize("new", ["prod", "Live", "../x"])
def test_a_name_that_cannot_be_is_refused(new: str, repository: Path, run: Run) -> None:
    assert run("rename", "prod", new, "-C", repository).exit_code == 2


def test_a_folder_in_the_way_is_left_alone(repository: Path, run: Run) -> None:
    (repository / "environments/live").mkdir()
    (repository / "environments/live/mine").write_text("mine")
    before = tree(repository)

    assert run("rename", "prod", "live", "-C", repository).exit_code == 1
    assert tree(repository) == before
