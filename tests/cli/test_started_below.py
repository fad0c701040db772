"""A command that is started below the repository's folder finds the repository, as git does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import tree
from tests.conftest import Run

SET = ["set", "reserved.office=10.99.0.0/16"]


@pytest.fixture
def inside(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(repository / "environments/prod")
    return repository


@pytest.mark.parametrize("command", [["check"], ["plan"], ["generate"], ["fmt", "--check"], SET])
def test_the_spec_above_is_found(command: list[str], inside: Path, run: Run) -> None:
    result = run(*command)

    assert result.exit_code == 0, result.output
    assert ("office" in (inside / "escscaffold.toml").read_text()) == (command == SET)


def test_a_folder_that_is_named_is_looked_up_from_too(repository: Path, run: Run) -> None:
    assert run("-C", repository / "environments", "check").exit_code == 0
    assert run("check", "-C", repository / "environments/prod").exit_code == 0


def test_files_are_named_from_where_it_was_started(inside: Path, run: Run) -> None:
    assert run("release", "outputs.tf").output == "environments/prod/outputs.tf is no longer generated.\n"
    assert run("generate", "--restore", "outputs.tf").exit_code == 0
    Path("found.txt").write_text("192.168.7.0/24 office\n")
    assert run("scan", "found.txt", "--reserve").exit_code == 0
    assert "192.168.7.0/24" in (inside / "escscaffold.toml").read_text()
    shutil.copyfile(inside / "escscaffold.toml", "other.toml")
    assert run("fmt", "other.toml").exit_code == 0


def test_a_new_repository_is_made_where_it_is_asked_for(inside: Path, run: Run) -> None:
    assert run("init", "new", "--mode", "eks", "--region", "eu-central-1", "--yes").exit_code == 0
    assert (inside / "environments/prod/new/escscaffold.toml").exists()


def test_the_search_ends_at_the_top_of_a_git_repository(inside: Path, run: Run) -> None:
    Path(".git").mkdir()

    result = run("check")

    assert result.exit_code == 1
    assert "escscaffold.toml does not exist" in result.output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of another user")
def test_a_spec_of_another_user_is_not_taken(tmp_path: Path, repository: Path) -> None:
    for path in (tmp_path, *tmp_path.parents[:-2]):
        path.chmod(0o755)
    os.chown(repository / "escscaffold.toml", 12345, 12345)
    code = (
        "import os, sys; from pathlib import Path; from escscaffold.repository.disk import repository_at;"
        "os.seteuid(65534); print(repository_at(Path(sys.argv[1])))"
    )
    inner = repository / "environments/prod"

    done = subprocess.run([sys.executable, "-c", code, inner], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str(inner)


@pytest.mark.parametrize("command", [["scan", "."], ["check"], ["generate"], ["plan"], ["fmt"], ["doctor"], ["review"]])
def test_a_folder_that_is_deleted_is_told(command: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "deleted"
    folder.mkdir()
    # A shell stays in a folder that is deleted.
    line = f"cd {folder}; rmdir {folder}; exec {sys.executable} -m escscaffold {' '.join(command)}"

    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, env=os.environ)

    assert done.returncode == 1, done.stdout
    assert "The current folder was deleted." in done.stderr


def test_a_name_that_nothing_has_cannot_be_accepted(repository: Path, run: Run) -> None:
    before = tree(repository)

    for wrong, right in (("prdo", "prod"), ("prod.node-1", "prod.nodes-1"), ("prod.remot", "prod.remote")):
        result = run("generate", "-C", repository, "--accept-replace", wrong)
        assert result.exit_code == 2
        assert f"Did you mean {right}?" in " ".join(result.output.split())
    assert tree(repository) == before


@pytest.mark.parametrize("name", ["prod", "prod.nodes-1", "prod.place", "prod.upgrade", "prod.aws_vpc.main"])
def test_a_name_that_costs_nothing_now_can(name: str, repository: Path, run: Run) -> None:
    assert run("generate", "-C", repository, "--accept-replace", name).exit_code == 0


def test_what_earlier_runs_left_is_told(repository: Path, run: Run) -> None:
    (repository / ".escscaffold-dead").mkdir()
    (repository / ".escscaffold-dead/0.new").write_text("x")
    (repository / ".escscaffold-notes").mkdir()
    (repository / ".escscaffold-notes/mine").write_text("mine")
    (repository / "escscaffold.toml.escscaffold-new").write_text("x")

    checked, generated, again = (run(command, "-C", repository) for command in ("check", "generate", "check"))

    assert checked.exit_code == 0
    for name in (".escscaffold-dead", ".escscaffold-notes", "escscaffold.toml.escscaffold-new"):
        assert f"  {name}: " in checked.output
    assert "Removed temporary files of an interrupted run" in generated.output
    assert ".escscaffold-dead" not in again.output
    assert (repository / ".escscaffold-notes/mine").read_text() == "mine"
