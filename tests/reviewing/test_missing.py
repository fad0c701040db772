"""A review refuses a branch after which something is used and no longer exists, whoever removed it and when."""

import json
import shutil
from pathlib import Path

import pytest

from escscaffold.reviewing.review_findings import missing_modules
from escscaffold.terraform.references import ModuleCall
from tests.conftest import Run
from tests.git import commit, git
from tests.reviewing.conftest import CASES, generated


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from click.testing import CliRunner

    from escscaffold.cli import cli

    folder = tmp_path_factory.mktemp("made") / "network"
    generated(
        lambda *arguments: CliRunner().invoke(cli, [*map(str, arguments)]),  # type: ignore[arg-type]
        folder,
        CASES / "a_hand_edit_drops_a_route/before.toml",
    )
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "one")
    return folder


@pytest.fixture
def repository(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "network"))


def line_of(repository: Path, text: str, path: str = "environments/prod/main.tf") -> int:
    lines = git(repository, "show", f"HEAD:{path}").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def refused(run: Run, repository: Path) -> str:
    """Review what stands, and the same as a commit after generate; return what is told each time."""
    told = findings(run, repository, "main")
    run("generate", "-C", repository)
    git(repository, "checkout", "-q", "-B", "branch")
    commit(repository, "change")
    assert findings(run, repository, "main", "branch") == told
    return told


def findings(run: Run, repository: Path, *sides: str) -> str:
    result = run("review", *sides, "--json", "-C", repository)
    assert result.exit_code == 1, result.output
    document = json.loads(result.stdout)
    assert document["verdict"]["level"] == "error"
    assert {one["code"] for one in document["findings"]} == {"ESC014"}
    return " ".join(one["message"] for one in document["findings"])


def test_the_folder_of_a_module(repository: Path, run: Run) -> None:
    line = line_of(repository, 'module "kurrent_peering"')
    shutil.rmtree(repository / "modules/kurrent-peering")

    message = f"environments/prod/main.tf:{line}: module.kurrent_peering: the source folder does not exist."
    assert refused(run, repository).startswith(message)


def test_the_last_terraform_of_a_module(repository: Path, run: Run) -> None:
    for file in (repository / "modules/kurrent-peering").glob("*.tf"):
        file.unlink()

    assert "module.kurrent_peering: the source folder has no Terraform files." in refused(run, repository)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("modules/kurrent-network/outputs.tf", "module.kurrent_network has no output"),
        ("modules/kurrent-network/variables.tf", "is not declared in this folder."),
        ("modules/kurrent-network/versions.tf", "not declared elsewhere: required_providers.kurrentcloud."),
        ("environments/prod/main.tf", "module."),
        ("environments/prod/terraform.tfvars", "has no value: terraform.tfvars was deleted."),
    ],
)
def test_a_file_that_others_need(path: str, message: str, repository: Path, run: Run) -> None:
    (repository / path).unlink()

    assert message in refused(run, repository)


def test_an_environment_that_the_spec_has(repository: Path, run: Run) -> None:
    line = line_of(repository, "[environments.prod]", "escscaffold.toml")
    shutil.rmtree(repository / "environments/prod")

    assert refused(run, repository).startswith(f"escscaffold.toml:{line}: environments/prod has no Terraform files")


def test_a_module_of_a_persons_own_file_on_one_side_only(repository: Path, run: Run) -> None:
    (repository / "environments/prod/custom.tf").write_text('module "own" { source = "../../modules/own" }\n')

    assert "custom.tf:1: module.own: the source folder does not exist." in refused(run, repository)
    (repository / "modules/own").mkdir()
    (repository / "modules/own/main.tf").write_text("locals {}\n")
    assert run("review", "main", "-C", repository).exit_code == 0


def test_a_call_in_json(repository: Path, run: Run) -> None:
    text = json.dumps({"module": {"own": {"source": "../../modules/own"}}})
    (repository / "environments/prod/own.tf.json").write_text(text)

    assert "own.tf.json: module.own: the source folder does not exist." in refused(run, repository)


def test_what_main_lacks_already_is_an_error_and_not_new(repository: Path, run: Run) -> None:
    shutil.rmtree(repository / "modules/kurrent-peering")
    commit(repository, "oops")
    (repository / "environments/prod/custom.tf").write_text("locals {\n  one = 1\n}\n")

    result = run("review", "main", "--json", "-C", repository)

    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert [one["code"] for one in document["findings"]] == ["ESC014"]
    assert [one["code"] for one in document["known"]] == ["ESC014"]


def test_what_is_removed_as_a_whole_lacks_nothing(repository: Path, run: Run) -> None:
    """The call goes with its module, and a comment calls nothing."""
    (repository / "environments/prod/custom.tf").write_text('module "own" { source = "../../modules/own" }\n')
    (repository / "modules/own").mkdir()
    (repository / "modules/own/main.tf").write_text("locals {}\n")
    commit(repository, "own")
    shutil.rmtree(repository / "modules/own")
    (repository / "environments/prod/custom.tf").write_text('# module "own" { source = "../../modules/own" }\n')

    result = run("review", "HEAD", "-C", repository)

    assert result.exit_code == 0, result.output
    assert "ESC014" not in result.output


@pytest.mark.parametrize("path", ["modules/kurrent-peering/README.md", "environments/prod/outputs.tf"])
def test_what_nothing_needs_can_be_deleted(path: str, repository: Path, run: Run) -> None:
    (repository / path).unlink()

    result = run("review", "main", "-C", repository)

    assert result.exit_code == 0, result.output
    assert "ESC014" not in result.output


def test_a_declaration_that_moves_to_another_file_is_not_lost(repository: Path, run: Run) -> None:
    for path in ("modules/kurrent-network/outputs.tf", "environments/prod/main.tf"):
        (repository / path).rename((repository / path).with_name("moved.tf"))

    result = run("review", "main", "-C", repository)

    assert result.exit_code == 0, result.output
    assert "ESC014" not in result.output


def test_links_submodules_and_what_lies_outside_are_not_known() -> None:
    def call(folder: str) -> ModuleCall:
        return ModuleCall(path="main.tf", line=3, name="module.a", folder=folder)

    def told(folder: str) -> list[str]:
        paths = ("main.tf", "a/main.tf", "b/README.md", "c/main.tf.json")
        return [one.message for one in missing_modules(paths, [call(folder)], {"linked"})]

    assert [told(folder) for folder in ("a", "c", ".", "linked", "linked/deep", "..", "../x")] == [[]] * 7
    assert told("b") == ["main.tf:3: module.a: the source folder has no Terraform files."]
    assert told("d") == ["main.tf:3: module.a: the source folder does not exist."]


def test_a_spec_without_its_lock(repository: Path, run: Run) -> None:
    (repository / "escscaffold.toml").unlink()

    result = run("review", "main", "-C", repository)

    assert result.exit_code == 1, result.output
    assert "escscaffold.toml: It was deleted, but escscaffold.lock was not" in " ".join(result.output.split())


def test_without_spec_and_lock_addresses_are_not_known(repository: Path, run: Run) -> None:
    for name in ("escscaffold.toml", "escscaffold.lock"):
        (repository / name).unlink()

    assert run("review", "main", "-C", repository, "--fail-on", "unknown").exit_code == 5


@pytest.mark.parametrize("is_noted", [False, True], ids=["before generate", "after generate"])
def test_a_generated_file_that_nothing_needs_is_named(is_noted: bool, repository: Path, run: Run) -> None:
    (repository / "environments/prod/outputs.tf").unlink()
    if is_noted:
        assert run("generate", "-C", repository).exit_code == 0

    result = run("review", "main", "-C", repository, "--fail-on", "edit")

    assert result.exit_code == 4, result.output
    assert "environments/prod/outputs.tf" in result.output.partition("\n\n")[0]
