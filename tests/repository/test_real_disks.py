"""A disk that is full, a file that may not grow, a signal: the real ones, on processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

INTERRUPTING = Path(__file__).with_name("interrupting_disk.py")
# It limits itself: a hook before the start would fork this process, in which a server of providers may run.
LIMITED = """\
import resource, runpy, signal, sys
limit = int(sys.argv.pop(1))
# Without a handler the signal would end the process; ignored, the write fails as on a full disk.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
runpy.run_module("escscaffold", run_name="__main__", alter_sys=True)
"""


def run_limited(*arguments: str | Path, bytes_at_most: int) -> subprocess.CompletedProcess[str]:
    """Run it where no file may grow beyond a size."""
    command = [sys.executable, "-c", LIMITED, str(bytes_at_most), *arguments]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


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
    done = run_limited("init", tmp_path / "network", *EKS, "--yes", bytes_at_most=limit)

    assert done.returncode == 1, done.stderr
    assert "Nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
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

    assert (added.returncode, generated.returncode) == (1, 1), added.stderr + generated.stderr
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
