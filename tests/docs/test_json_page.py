"""The page on JSON: every command is described, and describes what it prints."""

import json
import re
from pathlib import Path

import pytest

from docs.writers.json_by_command import commands
from tests.conftest import Run
from tests.docs.console import REPOSITORY

PAGE = (REPOSITORY / "docs/reference/json.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z ]+)` \| (.+) \|$", PAGE.partition("## Every command")[2], re.MULTILINE))


@pytest.mark.parametrize("command", commands())
def test_a_command_has_its_document_described(command: str) -> None:
    anchor = re.search(r"\(#(\S+)\)", ROWS[command])

    if command.startswith("ipam "):
        assert "(../how-to/netbox.md#read-the-results-in-a-program)" in ROWS[command]
    elif command == "schema":
        assert anchor is None
    else:
        assert anchor
        titles = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
        headings = [re.sub("[^a-z -]", "", title.lower()).replace(" ", "-") for title in titles]
        assert anchor[1] in headings


@pytest.mark.parametrize(
    "arguments", ["explain ESC201", "doctor", "completion fish", "fmt --check", "release environments/prod/main.tf"]
)
def test_what_a_command_prints_is_what_its_row_names(arguments: str, tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "network", "--mode", "eks", "--yes")
    printed = json.loads(run(*arguments.split(), "-C", tmp_path / "network", "--json").stdout)

    named = re.findall(r"`(\w+)`", ROWS[arguments.split()[0]])
    assert {*named, "version", "findings"} == printed.keys()
