"""Terminals of any width and kind: nothing runs over their edge, and long work says so where a person watches."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.cli.conftest import GKE, GUIDE_RANGES, ranges
from tests.conftest import Run
from tests.started import AtTerminal, program

REFUSED = [*GKE, *ranges(**GUIDE_RANGES | {"pods": "10.120.0.0/14"})]
RED = "\x1b[31m"
WIDTH = 60


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["plan"], 0),
        (["plan", "--explain"], 0),
        (["plan", *REFUSED], 1),
        (["check"], 0),
        (["doctor"], 0),
        (["explain"], 0),
        (["explain", "ESC201"], 0),
        (["scan", "."], 0),
        (["review", "HEAD"], 0),
        (["set", "region=eu-west-1"], 5),
        (["set", "region=Europe"], 2),
        (["generate", "--repack", "--dry-run"], 0),
        (["init", "."], 1),
        (["plan", "nowhere"], 2),
        (["plan", "--format", "pdf"], 2),
        (["set", "colour.of.the.bicycle=green"], 2),
        (["release", "nothing.tf"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_nothing_runs_over_60_columns_but_what_cannot_be_broken(
    command: list[str], code: int, repository: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(repository)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], check=True, timeout=60)

    result = run(*command, env={"COLUMNS": str(WIDTH)})

    assert result.exit_code == code, result.output
    # A link, a path, a range beside its name, and a command that is to be copied stay whole.
    long = [
        line for line in result.output.splitlines() if len(line) > WIDTH and not re.search(r"escscaffold \w+ ", line)
    ]
    assert [line for line in long if len(re.sub(r"^\s*(see: |\S+  +)?", "", line).split()) > 1] == []


def in_a_terminal(
    folder: Path, *command: str, columns: int = 80, env: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run a command in a terminal of its own, and return its exit code and all that it showed."""
    clean = {name: value for name, value in os.environ.items() if name != "CI"}
    child: Any = AtTerminal(
        list(command),
        cwd=str(folder),
        env=clean | dict(env or {}),
        encoding="utf-8",
        timeout=60,
        dimensions=(40, columns),
    )
    child.expect(pexpect.EOF)
    return int(child.wait()), str(child.before)


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_terminal_is_asked_for_its_width(columns: int, tmp_path: Path) -> None:
    _, shown = in_a_terminal(tmp_path, "plan", *REFUSED, columns=columns)

    widest = max(len(re.sub("\x1b[^m]*m", "", line)) for line in shown.splitlines() if "https:" not in line)
    assert widest <= min(columns, 120)
    assert ("Assignable addresses" in shown) is (columns == 200)


def test_help_fits_a_narrow_terminal(tmp_path: Path) -> None:
    _, shown = in_a_terminal(tmp_path, "review", "--help", columns=WIDTH)

    assert max(map(len, shown.splitlines())) <= WIDTH


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, True),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
def test_a_terminal_has_colours_unless_it_says_otherwise(
    variables: dict[str, str], coloured: bool, tmp_path: Path
) -> None:
    assert (RED in in_a_terminal(tmp_path, "plan", *REFUSED, env=variables)[1]) is coloured


def test_a_pipe_has_colours_where_they_are_forced(run: Run) -> None:
    assert RED not in run("plan", *REFUSED, env={"CI": "true"}).output
    assert RED not in run("plan", *REFUSED, env={"FORCE_COLOR": "0"}).output
    assert RED in run("plan", *REFUSED, env={"FORCE_COLOR": "1"}).output
    assert RED not in run("plan", *REFUSED, "--color", "never", env={"FORCE_COLOR": "1"}).output


@pytest.fixture
def slow(tmp_path: Path, repository: Path) -> dict[str, str]:
    """A terraform that takes its time and has nothing to say, and a file that it is asked about."""
    (repository / "environments/prod/custom.tf").write_text("locals {}\n")
    program = tmp_path / "bin/terraform"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nsleep 2.5\n")
    program.chmod(0o755)
    return {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}


def test_work_over_a_second_says_so_and_takes_it_back(repository: Path, slow: dict[str, str]) -> None:
    code, shown = in_a_terminal(repository, "check", columns=60, env=slow)

    assert code == 0
    assert re.search(r"running Terraform \.\.\. [12] s", shown)
    # An address of a page is not broken.
    assert all(len(part) <= 60 or "see: https://" in part for part in re.split(r"[\r\n]+", shown))
    # The line is cleared before anything else is said.
    assert re.search(r" s\r\x1b\[K(?:\r\x1b\[K)?\x1b\[36m\x1b\[1mnotice ESC016", shown)


@pytest.mark.parametrize(
    ("flags", "variables"), [(["--quiet"], {}), (["--json"], {}), ([], {"CI": "true"}), ([], {"TERM": "dumb"})]
)
def test_nothing_of_it_is_said_where_nobody_reads_it(
    flags: list[str], variables: dict[str, str], repository: Path, slow: dict[str, str]
) -> None:
    assert " s\r" not in in_a_terminal(repository, "check", *flags, env=slow | variables)[1]


def test_nothing_of_it_reaches_a_pipe(repository: Path, slow: dict[str, str]) -> None:
    done = subprocess.run(
        [program(), "check"], cwd=repository, env=os.environ | slow, capture_output=True, text=True, check=True
    )

    assert done.stderr == ""
    assert "asking" not in done.stdout


def test_a_table_that_just_fits_is_shown_whole(run: Run) -> None:
    wide = run("plan", *GKE, *ranges(**GUIDE_RANGES), env={"COLUMNS": "120"}).output
    (width,) = [len(line) for line in wide.splitlines() if line.startswith("----")]

    assert "Assignable addresses" in wide
    assert run("plan", *GKE, *ranges(**GUIDE_RANGES), env={"COLUMNS": str(width)}).output == wide
    assert (
        "Assignable addresses" not in run("plan", *GKE, *ranges(**GUIDE_RANGES), env={"COLUMNS": str(width - 1)}).output
    )
