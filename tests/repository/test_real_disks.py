"""A disk that is full, a file that may not grow, a signal: the real ones, on processes of their own."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run
from tests.started import run_started

INTERRUPTING = Path(__file__).with_name("interrupting_disk.py")


def run_limited(*arguments: str | Path, bytes_at_most: int) -> tuple[int, str]:
    """Run it where no file may grow beyond a size; return its exit code and what it printed."""
    reading, writing = os.pipe()
    with Path(os.devnull).open("rb") as nothing:
        streams = (nothing.fileno(), writing, writing)
        # Python ignores the signal that comes with this: the write fails as on a full disk.
        limits = {resource.RLIMIT_FSIZE: bytes_at_most}
        ended = run_started(Path.cwd(), list(map(str, arguments)), os.environ, streams, limits)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as printed:
        return ended.code, printed.read()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for little; skipped where it may not be made."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", place], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no file system of its own can be mounted here: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_leaves_no_new_folder(small_disk: Path, run: Run) -> None:
    result = run("init", small_disk / "network", *EKS, "--yes")

    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert tree(small_disk) == {}


@pytest.mark.parametrize("limit", [0, 1000, 3000])
def test_a_write_that_may_not_go_on_leaves_no_new_folder(limit: int, tmp_path: Path) -> None:
    code, printed = run_limited("init", tmp_path / "network", *EKS, "--yes", bytes_at_most=limit)

    assert code == 1, printed
    assert "Nothing was changed" in printed
    assert "Traceback" not in printed
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("limit", [0, 1000, 3000])
def test_a_write_that_may_not_go_on_leaves_the_old_tree(limit: int, repository: Path) -> None:
    spec = repository / "escscaffold.toml"
    before = tree(repository)

    added = run_limited("add", "test", "-C", repository, *EKS, "--yes", bytes_at_most=limit)
    assert tree(repository) == before
    spec.write_text(spec.read_text().replace("eu-central-1", "eu-west-1"))
    before = tree(repository)
    generated = run_limited("generate", "-C", repository, "--accept-replace", "prod", bytes_at_most=limit)

    assert (added[0], generated[0]) == (1, 1), added[1] + generated[1]
    assert tree(repository) == before


@pytest.mark.parametrize("step", [1, 2, 8, 16, 24])
def test_ctrl_c_while_it_writes_leaves_the_old_tree(step: int, repository: Path) -> None:
    before = tree(repository)
    command = [sys.executable, INTERRUPTING, "SIGINT", str(step), "add", "test", "-C", repository, *EKS, "--yes"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 130, done.stdout
    assert "Aborted" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(repository) == before


@pytest.mark.parametrize("step", [3, 12, 20, 28])
def test_a_kill_while_it_writes_is_put_right_by_the_next_run(step: int, repository: Path, run: Run) -> None:
    before = tree(repository)
    command = ["add", "test", "-C", repository, *EKS, "--yes"]
    wanted = repository.with_name("wanted")
    shutil.copytree(repository, wanted)
    assert run("add", "test", "-C", wanted, *EKS, "--yes").exit_code == 0

    done = subprocess.run(
        [sys.executable, INTERRUPTING, "SIGKILL", str(step), *command], capture_output=True, timeout=60, check=False
    )

    assert done.returncode == -signal.SIGKILL
    promised = any(repository.glob(".escscaffold-*/journal"))
    assert run("check", "-C", repository).exit_code == (3 if promised else 0)
    assert run("generate", "-C", repository, "--dry-run").exit_code == (3 if promised else 0)
    again = run("generate", "-C", repository)
    assert again.exit_code == 0
    assert ("stopped while writing" in again.output) == promised
    assert tree(repository) == (tree(wanted) if promised else before)
