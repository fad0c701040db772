"""Disks that do not tell `Main.tf` from `main.tf`: nothing is lost there, and what cannot live there is told."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

PROGRAMS = ("mkntfs", "lowntfs-3g", "umount")


@pytest.fixture
def indifferent_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that takes capital letters and small ones for the same; skipped where it may not be made."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"no {missing[0]} here (Debian: ntfs-3g)")
    image, place = tmp_path / "image", tmp_path / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(16 * 2**20)
    subprocess.run(["mkntfs", "-F", "-q", image], check=True, capture_output=True)
    made = subprocess.run(
        ["lowntfs-3g", "-o", "ignore_case", image, place], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no file system of its own can be mounted here: {made.stderr.strip()}")
    (place / "a").touch()
    assert (place / "A").exists()
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_repository_lives_on_a_disk_that_ignores_capitals(indifferent_disk: Path, run: Run) -> None:
    folder = indifferent_disk / "network"
    assert run("init", folder, "--environment", "prod", *EKS, "--yes").exit_code == 0
    main = folder / "environments/prod/main.tf"
    main.write_text(main.read_text() + "# mine\n")

    assert run("set", "routes=exact", "-C", folder, "--accept-replace", "prod").exit_code == 0
    assert run("rename", "prod", "live", "-C", folder).exit_code == 0

    assert (folder / "environments/live/main.tf").read_text().endswith("# mine\n")
    assert run("check", "-C", indifferent_disk / "NETWORK").exit_code == 0


def with_spec(folder: Path) -> Path:
    """Give a folder a spec, as after a clone of a repository in which nothing was generated yet."""
    spec = 'version = 1\n[environments.prod]\ncloud = "aws"\nregion = "eu-central-1"\nmode = "eks"\n'
    (folder / "escscaffold.toml").write_text(spec)
    return folder


def test_a_new_file_is_not_written_where_another_spelling_stands(indifferent_disk: Path, run: Run) -> None:
    folder = with_spec(indifferent_disk)
    (folder / "Readme.md").write_text("# mine\n")
    before = tree(folder)

    result = run("generate", "-C", folder)

    assert result.exit_code == 1
    assert ": this disk does not distinguish the two names." in " ".join(result.output.split())
    assert tree(folder) == before


@pytest.mark.parametrize("name", ["Environments/prod/main.tf", "environments/prod/MAIN.TF"])
def test_what_stands_there_in_another_spelling_is_kept(name: str, indifferent_disk: Path, run: Run) -> None:
    mine = with_spec(indifferent_disk) / name
    mine.parent.mkdir(parents=True)
    mine.write_text("# mine\n")

    # This disk lists all names in small letters, so it is seen as a file of the right name that nobody generated.
    assert run("generate", "-C", indifferent_disk).exit_code == 4
    assert mine.read_text() == "# mine\n"


def test_a_generated_file_that_was_renamed_by_its_case_keeps_its_edits(indifferent_disk: Path, run: Run) -> None:
    folder = indifferent_disk / "network"
    run("init", folder, "--environment", "prod", *EKS, "--yes")
    main = folder / "environments/prod/main.tf"
    main.write_text(main.read_text() + "# mine\n")
    main.rename(main.with_name("Main.tf"))

    assert run("set", "routes=exact", "-C", folder, "--accept-replace", "prod").exit_code == 0
    assert main.read_text().endswith("# mine\n")
    assert run("check", "-C", folder).exit_code == 0


@pytest.mark.parametrize("name", ["environments/prod/Main.tf", "Modules/aws-network/main.tf", "readme.md"])
def test_two_spellings_that_only_some_disks_tell_apart_are_told(name: str, repository: Path, run: Run) -> None:
    (repository / name).parent.mkdir(parents=True, exist_ok=True)
    (repository / name).write_text("# mine\n")

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "macOS and Windows do not distinguish it from the generated" in result.output
    assert run("check", "-C", repository, "--format", "github").output.count("::error file=") == 1
    assert (repository / name).read_text() == "# mine\n"


def test_a_file_of_yours_may_have_any_name(repository: Path, run: Run) -> None:
    for name in ("environments/prod/Custom.tf", "environments/prod/custom.tf", "Notes.md", "docs/RÉGION.md"):
        (repository / name).write_text("# mine\n")

    assert run("check", "-C", repository).exit_code == 0
