"""What the tests of CI share: a repository with a pull request, and programs that stand in for others."""

import os
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.git import commit, git
from tests.started import programs

SCRIPTS = Path(sys.executable).parent


@pytest.fixture
def repository(tmp_path: Path, run: Run) -> Path:
    """A repository in git: `main`, and on it the branch of a pull request, which is checked out."""
    folder = tmp_path / "network"
    given = ("--mode", "gcp-existing", "--set", "existing.network=vpc-shared", "--range", "nodes=10.20.0.0/16")
    made = run("init", folder, *given, "--ci", "github,gitlab", "--yes", "--quiet")
    assert made.exit_code == 0, made.output
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "Begin")
    git(folder, "update-ref", "refs/remotes/origin/main", "main")
    git(folder, "switch", "--quiet", "--create", "change")
    return folder


@pytest.fixture
def stand_ins(tmp_path: Path) -> Path:
    """A folder of programs to be found first: `pip` that says what it is asked for, and `gh`."""
    folder = tmp_path / "stand-ins"
    folder.mkdir()
    program(folder / "pip", f'printf "%s\\n" "$*" >>{tmp_path / "pip.log"}')
    program(folder / "gh", f'exec {sys.executable} {Path(__file__).with_name("stand_in_gh.py")} {tmp_path} "$@"')
    return folder


def program(path: Path, script: str) -> None:
    """Write a program in bash."""
    path.write_text(f"#!/usr/bin/env bash\n{script}\n")
    path.chmod(0o755)


def change_kurrent_range(folder: Path, run: Run, block: str = "172.29.98.0/24") -> None:
    """Commit what makes Terraform replace the Kurrent network."""
    done = run("set", "-C", folder, f"ranges.kurrent={block}", "--accept-replace", "prod")
    assert done.exit_code == 0, done.output
    commit(folder, "Another range")


def path_with(*folders: Path) -> str:
    """Return a PATH on which these folders come first, then an `escscaffold` that is started already, and Python's."""
    return os.pathsep.join([*map(str, folders), str(programs()), str(SCRIPTS), os.environ["PATH"]])
