"""A folder or file without permission: told, and nothing is half written."""

import codecs
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

NOBODY = 65534


@contextmanager
def without_rights() -> Iterator[None]:
    """Act as a user who is not root, whom permissions do not bind."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def place(run: Run, pristine: dict[str, bytes]) -> Iterator[Path]:
    """A folder that everyone reaches, with a repository that belongs to the user without rights."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        # What is imported only when it is needed may lie where that user cannot read.
        run("init", Path(folder) / "network", *EKS, "--yes")
        run("check", "-C", Path(folder) / "network")
        run("add", "--help")
        codecs.lookup("ascii")
        if os.geteuid() == 0:
            for path in (Path(folder), *Path(folder).rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        yield Path(folder)
        for path in Path(folder).rglob("*"):
            path.chmod(0o755)


def test_init_in_a_folder_that_may_not_be_written_is_refused(place: Path, run: Run) -> None:
    (place / "closed").mkdir(mode=0o555)

    with without_rights():
        below = run("init", place / "closed/network", *EKS, "--yes")
        within = run("init", place / "closed", *EKS, "--yes")

    for result in (below, within):
        assert result.exit_code == 1
        assert "Permission denied" in result.output
    assert tree(place / "closed") == {}


def test_init_in_a_folder_that_may_not_be_read_is_refused(place: Path, run: Run) -> None:
    (place / "closed").mkdir(mode=0o000)

    with without_rights():
        result = run("init", place / "closed", *EKS, "--yes")

    assert result.exit_code == 1
    assert "Permission denied" in result.output


@pytest.mark.parametrize("closed", [".", "environments", "docs"])
def test_one_folder_that_may_not_be_written_stops_the_whole_write(closed: str, place: Path, run: Run) -> None:
    repository = place / "network"
    before = tree(repository)
    (repository / closed).chmod(0o555)

    with without_rights():
        result = run("add", "test", "-C", repository, *EKS, "--yes")

    assert result.exit_code == 1
    assert "Permission denied" in result.output
    assert "Nothing was changed" in result.output
    assert tree(repository) == before


@pytest.mark.parametrize("closed", ["escscaffold.toml", "escscaffold.lock", "environments/prod/main.tf"])
def test_a_file_that_may_not_be_read_is_told(closed: str, place: Path, run: Run) -> None:
    (place / "network" / closed).chmod(0o000)

    with without_rights():
        results = [run(command, "-C", place / "network") for command in ("generate", "check")]

    for result in results:
        assert result.exit_code == 1
        assert closed in result.output
        assert "Permission denied" in result.output
