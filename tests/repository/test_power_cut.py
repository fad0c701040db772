"""The power goes: what the disk has got by then is a whole tree again after the next run.

A file system of its own lies in an image. What it has not handed to its disk yet is not in the
image, so a copy of that is what a machine finds when it starts again.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

INTERRUPTING = Path(__file__).with_name("interrupting_disk.py")
ADD = ["add", "test", *EKS, "--yes"]


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    place.mkdir()
    # Without `noauto_da_alloc` ext4 itself makes up for some of what a program forgets.
    options = "loop,noauto_da_alloc"
    made = subprocess.run(["mount", "-o", options, image, place], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no file system of its own can be mounted here: {made.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.fixture
def after_power_cut(tmp_path: Path, repository: Path) -> Iterator[Callable[..., Path]]:
    """Run a command on a repository that is on the disk, kill it at a step or let it end, and cut the power."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("no mkfs.ext4 here (Debian: e2fsprogs)")
    image, copy = tmp_path / "image", tmp_path / "copy"
    with image.open("wb") as file:
        file.truncate(32 * 2**20)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    disks = []

    def cut(*arguments: str, step: int) -> Path:
        with mounted(image, tmp_path / "before") as place:
            shutil.copytree(repository, place / "network")
            subprocess.run(["sync", "--file-system", place], check=True)
            command = [sys.executable, INTERRUPTING, "SIGKILL", str(step), *arguments, "-C", place / "network"]
            done = subprocess.run(command, capture_output=True, timeout=60, check=False)
            assert done.returncode == (-signal.SIGKILL if step < 1000 else 0), done.stderr
            shutil.copyfile(image, copy)
        disk = mounted(copy, tmp_path / "after")
        disks.append(disk)
        return disk.__enter__() / "network"

    yield cut
    for disk in disks:
        disk.__exit__(None, None, None)


def test_what_was_written_is_there_after_a_power_cut(
    after_power_cut: Callable[..., Path], repository: Path, run: Run
) -> None:
    found = after_power_cut(*ADD, step=1000)
    assert run("generate", "-C", found).exit_code == 0

    assert run(*ADD, "-C", repository).exit_code == 0
    assert tree(found) == tree(repository)


@pytest.mark.parametrize("step", [4, 16])
def test_what_broke_off_is_put_right_after_a_power_cut(
    step: int, after_power_cut: Callable[..., Path], repository: Path, run: Run
) -> None:
    before = tree(repository)

    found = after_power_cut(*ADD, step=step)
    promised = any(found.glob(".escscaffold-*/journal"))
    assert run("generate", "-C", found).exit_code == 0

    assert run(*ADD, "-C", repository).exit_code == 0
    assert tree(found) == (tree(repository) if promised else before)
