"""A symbolic link in the place of something generated leads nowhere: nothing outside the folder changes."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

MAIN = "environments/prod/main.tf"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "mine").write_text("mine")
    return folder


def change_spec(repository: Path) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace("eu-central-1", "eu-west-1"))


@pytest.mark.parametrize("target", ["nowhere", ""], ids=["nothing", "a folder"])
def test_a_link_in_the_place_of_a_file_is_refused(
    target: str, repository: Path, outside: Path, tmp_path: Path, run: Run
) -> None:
    (repository / MAIN).unlink()
    (repository / MAIN).symlink_to(outside / target)
    change_spec(repository)
    before = tree(tmp_path)

    result = run("generate", "-C", repository, "--accept-replace", "prod")

    assert result.exit_code == 1
    assert MAIN in result.output
    assert tree(tmp_path) == before


def test_a_link_to_another_text_is_an_edit_and_nothing_goes_through_it(
    repository: Path, outside: Path, run: Run
) -> None:
    (repository / MAIN).unlink()
    (repository / MAIN).symlink_to(outside / "mine")
    change_spec(repository)

    assert run("generate", "-C", repository, "--accept-replace", "prod").exit_code == 0
    assert (repository / MAIN).readlink() == outside / "mine"
    assert tree(outside) == {"mine": b"mine"}


@pytest.mark.parametrize("folder", ["environments", "environments/prod", "modules/eks", "docs", ".github"])
def test_a_link_in_the_place_of_a_folder_is_refused(
    folder: str, repository: Path, outside: Path, tmp_path: Path, run: Run
) -> None:
    shutil.rmtree(repository / folder)
    (repository / folder).symlink_to(outside)
    before = tree(tmp_path)

    result = run("generate", "-C", repository, "--accept-replace", "prod")

    assert result.exit_code == 1
    assert "symbolic link" in result.output
    assert folder in result.output
    assert tree(tmp_path) == before


def test_a_link_to_a_file_as_it_was_written_is_not_written_through(
    repository: Path, outside: Path, tmp_path: Path, run: Run
) -> None:
    tfvars = repository / "environments/prod/terraform.tfvars"
    tfvars.rename(outside / "terraform.tfvars")
    tfvars.symlink_to(outside / "terraform.tfvars")
    assert run("generate", "-C", repository).exit_code == 0
    change_spec(repository)
    before = tree(tmp_path)

    result = run("generate", "-C", repository, "--accept-replace", "prod")

    assert result.exit_code == 1
    assert "symbolic link" in result.output
    assert tree(tmp_path) == before


def test_nothing_is_removed_through_a_link(repository: Path, outside: Path, tmp_path: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    text = spec.read_text()
    assert run("add", "test", "-C", repository, *EKS, "--yes").exit_code == 0
    shutil.move(repository / "environments/test", outside / "test")
    (repository / "environments/test").symlink_to(outside / "test")
    spec.write_text(text)
    before = tree(tmp_path)

    result = run("generate", "-C", repository, "--accept-replace", "prod")

    assert result.exit_code == 1
    assert "symbolic link" in result.output
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["escscaffold.toml", "escscaffold.lock"])
def test_a_linked_spec_or_lock_is_read_and_never_written_through(
    name: str, repository: Path, outside: Path, tmp_path: Path, run: Run
) -> None:
    (repository / name).rename(outside / name)
    (repository / name).symlink_to(outside / name)
    assert run("check", "-C", repository).exit_code == 0
    before = tree(tmp_path)

    result = run("add", "test", "-C", repository, *EKS, "--yes")

    assert result.exit_code == 1
    assert name in result.output
    assert tree(tmp_path) == before


def test_no_difference_shows_what_a_link_leads_to(repository: Path, outside: Path, run: Run) -> None:
    (outside / "mine").write_text("only for me\n")
    (repository / MAIN).unlink()
    (repository / MAIN).symlink_to(outside / "mine")
    (repository / "escscaffold.lock").unlink()

    for command in (["generate", "--diff"], ["generate", "--dry-run"], ["check"]):
        assert "only for me" not in run(*command, "-C", repository).output
