"""The `escscaffold` that is already started does as one that starts: tests run most of their commands with it."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.started import program, run_started

REAL = str(Path(sys.executable).with_name("escscaffold"))
COMMANDS = {
    "it succeeds": ["plan", "--mode", "eks"],
    "it fails in the folder": ["check"],
    "a word is wrong": ["plan", "--mood", "eks"],
    "it reads what it is given": ["scan", "-"],
    "it reads a file in the folder": ["scan", "found.txt"],
}


def outcome(command: str, arguments: list[str], folder: Path, **variables: str) -> tuple[int, str, str]:
    environment = os.environ | {"COLUMNS": "60", **variables}
    done = subprocess.run(
        [command, *arguments], cwd=folder, env=environment, input="10.0.0.0/8 here\n", capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_it_ends_and_prints_as_one_that_starts(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "found.txt").write_text("10.1.0.0/16 there\n")

    assert outcome(program(), arguments, tmp_path) == outcome(REAL, arguments, tmp_path)


def test_nothing_of_one_command_is_left_for_the_next(tmp_path: Path) -> None:
    def printed(columns: str) -> str:
        return outcome(program(), ["explain", "ESC201"], tmp_path, COLUMNS=columns)[1]

    wide, narrow = printed("100"), printed("40")
    assert wide != narrow
    assert printed("100") == wide
    (tmp_path / "elsewhere").mkdir()
    assert outcome(program(), ["init", "net", "--mode", "eks", "--yes"], tmp_path / "elsewhere")[0] == 0
    assert outcome(program(), ["check"], tmp_path / "elsewhere/net")[0] == 0
    assert outcome(program(), ["check"], tmp_path)[0] != 0


def test_it_holds_limits_and_measures_a_command(tmp_path: Path) -> None:
    with Path(os.devnull).open("r+b") as nowhere:
        streams = [nowhere.fileno()] * 3
        arguments = ["init", "net", "--mode", "eks", "--yes"]
        ended = run_started(tmp_path, arguments, os.environ, streams, {})
        no_file = {resource.RLIMIT_FSIZE: 0}
        limited = run_started(tmp_path, ["init", "other", *arguments[2:]], os.environ, streams, no_file)

    assert ended.code == 0
    assert 0 < ended.seconds < 5
    assert 2**24 < ended.memory < 2**30
    assert limited.code == 1
    assert not (tmp_path / "other").exists()
