"""The README's two commands do what it says, from a fresh copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.console import REPOSITORY, STATUS, Session, fenced_blocks, steps_of
from tests.properties import in_full

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


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh copy of the repository in which the first command has run."""
    folder = copy_of_what_is_committed(tmp_path_factory.mktemp("clone"))
    done = subprocess.run(
        ["sh", "-c", COMMANDS[0][0]],
        cwd=folder,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_first_command_writes_a_demo_environment(clone: Path) -> None:
    assert re.search(r"^  network +=", (clone / "demo/environments/prod/terraform.tfvars").read_text("utf-8"), re.M)
    checked = subprocess.run([clone / ".venv/bin/escscaffold", "check", "-C", clone / "demo"], check=False)
    assert checked.returncode == 0


@in_full
def test_readme_and_tutorial_run_in_sequence(
    clone: Path, tmp_path: Path, terraform_environment: Mapping[str, str]
) -> None:
    """As a newcomer runs them: in one folder and one shell, with the escscaffold that the README installed."""
    session = Session(tmp_path, terraform_environment, clone / ".venv/bin")
    session.folder = clone
    for page in ("README.md", "docs/tutorial.md"):
        steps = steps_of((clone / page).read_text("utf-8"))
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            outcome = session.run(step.command)
            shows_status = following is not None and following.command == STATUS
            assert outcome.status == 0 or shows_status, f"{page}: $ {step.command}\n{outcome.output}"
            assert step.matches(outcome.output), f"{page}: $ {step.command}\n{outcome.output}"
        # A reader who goes on to the next page is where the page ends; a new shell is where it began.
        session.folder = clone


def test_the_tree_of_the_readme_is_what_is_written(clone: Path) -> None:
    (tree,) = [lines for _, lines in fenced_blocks((REPOSITORY / "README.md").read_text("utf-8"), "text")]
    shown = {line.split()[0].rstrip("/") for line in tree[1:]}

    written = {path.relative_to(clone / "demo").as_posix() for path in (clone / "demo").rglob("*")}
    assert shown <= written
    assert {path.name for path in (clone / "demo").iterdir()} - {name.split("/")[0] for name in shown} == {
        ".escscaffold",
        ".gitignore",
        ".markdownlint.yaml",
        ".yamllint.yaml",
    }


def test_ci_runs_the_second_command() -> None:
    assert COMMANDS[1][0] in (REPOSITORY / ".ci/run").read_text(encoding="utf-8").splitlines()
