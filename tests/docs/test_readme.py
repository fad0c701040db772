"""The README's two commands do what it says, from a fresh copy of the repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs.console import REPOSITORY, fenced_blocks

COMMANDS = [lines for _, lines in fenced_blocks((REPOSITORY / "README.md").read_text(encoding="utf-8"), "shell")]


def copy_of_what_is_committed(folder: Path) -> Path:
    """Copy the files that git has or would take, and no more, as a clone does."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        source = REPOSITORY / name
        if name and source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    return folder


def test_there_are_two_commands() -> None:
    assert [len(lines) for lines in COMMANDS] == [1, 1]


def test_the_first_command_writes_a_demo_environment(tmp_path: Path) -> None:
    clone = copy_of_what_is_committed(tmp_path)
    python = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        ["sh", "-c", COMMANDS[0][0]],
        cwd=clone,
        env=os.environ | {"PATH": python},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert 'pods    = "172.31.128.0/17"' in (clone / "demo/environments/prod/terraform.tfvars").read_text("utf-8")
    checked = subprocess.run([clone / ".venv/bin/escscaffold", "check", "-C", clone / "demo"], check=False)
    assert checked.returncode == 0


def test_ci_runs_the_second_command() -> None:
    assert COMMANDS[1][0] in (REPOSITORY / ".ci/run").read_text(encoding="utf-8").splitlines()
