"""`init`: where it writes, where it refuses to, and what it asks for where nobody can answer."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, GKE, said, tree
from tests.conftest import Run


def test_a_new_repository_passes_its_own_check(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "a/deep/folder"

    assert run("init", folder, *EKS, "--yes").exit_code == 0
    checked = run("check", "-C", folder)

    assert checked.exit_code == 0
    notice, _, held = checked.output.partition("\n\n")
    assert notice.startswith("notice ESC016 prod endpoint_access_ranges\n")
    assert held.splitlines() == [
        "No problems found.",
        "Support not checked in prod: kubernetes.version is not set. EKS keeps the version that a cluster was",
        "created with: aws eks describe-cluster.",
        "Skipped `terraform validate` in environments/prod: run `terraform init` first.",
    ]
    assert run("generate", "-C", folder).output.startswith("No changes")


def test_the_same_answers_give_the_same_bytes(tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "one", *EKS, "--yes")
    run("init", tmp_path / "two", *EKS, "--yes")

    assert tree(tmp_path / "one") == tree(tmp_path / "two") != {}


def test_the_scripts_can_be_run(tmp_path: Path, run: Run) -> None:
    run("init", tmp_path, *EKS, "--yes")

    assert os.access(tmp_path / "scripts/check-connectivity.sh", os.X_OK)
    assert (tmp_path / "README.md").stat().st_mode & 0o111 == 0


def test_a_fresh_git_repository_is_a_good_place(tmp_path: Path, run: Run) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    git = tree(tmp_path / ".git")

    assert run("init", tmp_path, *EKS, "--yes").exit_code == 0

    assert tree(tmp_path / ".git") == git
    assert run("check", "-C", tmp_path).exit_code == 0


def test_a_folder_that_holds_something_is_refused_and_named(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    result = run("init", tmp_path, *EKS, "--yes")

    assert result.exit_code == 1
    assert "mine.txt" in result.output
    assert tree(tmp_path) == {"mine.txt": b"mine"}


def test_a_repository_of_ours_is_refused_and_add_is_named(repository: Path, run: Run) -> None:
    before = tree(repository)

    result = run("init", repository, *GKE, "--yes")

    assert result.exit_code == 1
    assert "escscaffold add" in result.output
    assert tree(repository) == before


def test_a_lock_alone_is_a_repository_of_ours(tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.lock").write_text("version = 1\n")

    assert run("init", tmp_path, *EKS, "--yes").exit_code == 1


@pytest.mark.parametrize("place", ["file", "file/below", "dangling", "n" * 300, "n" * 250 + "/" + "m" * 300])
def test_a_place_that_cannot_be_a_folder_is_refused(place: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = tree(tmp_path)

    result = run("init", tmp_path / place, *EKS, "--yes")

    assert result.exit_code == 1
    assert "Cannot write" in result.output
    assert tree(tmp_path) == before


def test_a_folder_where_nothing_can_be_made_is_refused(run: Run) -> None:
    result = run("init", "/proc/network", *EKS, "--yes")

    assert result.exit_code == 1
    assert "Cannot write" in result.output
    assert "Nothing was changed" in result.output


def test_a_link_to_an_empty_folder_is_a_good_place(tmp_path: Path, run: Run) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert run("init", tmp_path / "link", *EKS, "--yes").exit_code == 0
    assert (tmp_path / "real/escscaffold.toml").is_file()


def test_a_plan_with_errors_makes_no_folder(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "a/b", "--mode", "aks-cni", "--range", "network=172.30.0.0/16", "--yes")

    assert result.exit_code == 1
    assert "nothing was written" in result.output
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("command", ["init", "add"])
def test_without_a_terminal_the_missing_flags_are_named(
    command: str, tmp_path: Path, repository: Path, run: Run
) -> None:
    before = tree(tmp_path)
    where = [tmp_path / "new"] if command == "init" else ["-C", repository]

    nothing = run(command, *where, input="prod\naws\n")
    mode = run(command, *where, "--mode", "eks", "--range", "network=10.64.0.0/16")

    assert (nothing.exit_code, mode.exit_code) == (2, 2)
    for flag in ("--environment", "--cloud", "--region", "--mode", "--yes"):
        assert flag in said(nothing)
    for flag in ("--region", "--range kurrent=", "--range nodes-1=", "--range nodes-2="):
        assert flag in said(mode)
    for flag in ("--cloud", "--mode", "--range network="):
        assert flag not in said(mode).split("values are missing:")[1]
    assert tree(tmp_path) == before


def test_without_a_terminal_what_was_given_wrong_is_told_first(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "new", "--mode", "eks", "--range", "network=10.64.0.1/16")

    assert result.exit_code == 2
    assert "host bits" in result.output
    assert "no terminal" not in result.output


def test_with_every_answer_given_nothing_is_asked(tmp_path: Path, run: Run) -> None:
    blocks = {"kurrent": "10.1.0.0/24", "network": "10.0.0.0/16", "nodes-1": "/18", "nodes-2": "/18", "services": "/16"}
    given = [part for name, block in blocks.items() for part in ("--range", f"{name}={block}")]

    result = run("init", tmp_path / "new", *EKS, "--environment", "prod", *given, input="")

    assert result.exit_code == 0, result.output


def test_the_folder_where_one_stands_is_called_this_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(repository)

    assert "error This folder is already an escscaffold repository." in run("init").output
