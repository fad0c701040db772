"""The manual page: what the man programs make of it, and that it comes with the wheel."""

import re
import shutil
import subprocess

import pytest

from docs.writers.commands import command_names
from tests.docs.console import REPOSITORY

PAGE = REPOSITORY / "docs/man/escscaffold.1"


def shown(*command: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here")
    return subprocess.run([*command, str(PAGE)], capture_output=True, text=True, timeout=60, check=False)


def test_mandoc_finds_nothing_to_complain_of() -> None:
    # It has no date, so that the same code makes the same page.
    complaints = [
        line for line in shown("mandoc", "-Tlint", "-Wwarning").stdout.splitlines() if "missing date" not in line
    ]

    assert complaints == []


def test_groff_finds_nothing_to_complain_of() -> None:
    assert shown("groff", "-man", "-Tutf8", "-ww", "-z").stderr == ""


def test_a_reader_sees_every_command_with_its_example() -> None:
    text = re.sub(".\b", "", shown("mandoc", "-Tascii", "-O", "width=78").stdout)

    assert "escscaffold - plan addresses" in text
    for name in command_names():
        assert re.search(rf"^   {name}$", text, re.MULTILINE)
        assert f"           escscaffold {name}" in text
    assert ".escscaffold/schema.json" in text
    assert max(map(len, text.splitlines())) <= 78
