"""What is made to cost much costs little: a short run of `python -m tests.bounds.doors`, with small texts.

A cost that grows with the square of a text is seen as well with a quarter of it: the limits are a quarter, too.
"""

import tempfile
from pathlib import Path

import pytest

from tests.bounds.doors import DOORS, MEMORY, SECONDS, Cost, cost, costs

SHORT = 128 * 1024
TEXTS = [
    ("spec", "a dotted key"),
    ("spec", "a hexadecimal number"),
    ("spec", "unknown keys"),
    ("spec", "unknown tables"),
    ("spec", "pools"),
    ("answers on stdin", "a dotted key"),
    ("lock", "bases that unpack to much"),
    ("lock", "a merge of many"),
    ("journal", "steps"),
    ("table", "names of 16,000 letters"),
    ("table", "all delimiters"),
    ("table", "the same name"),
    ("state", "a long key"),
    ("list", "strange lines"),
    ("a module of Terraform", "empty lines"),
    ("a changed module", "resources"),
    ("a changed module", "the same resource"),
    ("a computed module", "sets without one another"),
    ("a computed module", "squares"),
    ("a computed module", "wide formats"),
    ("a computed module", "alternatives of files"),
    ("a computed module", "blocks of each instance"),
    ("a computed module", "counts"),
    ("an override", "one resource"),
    ("an override", "resources"),
    ("a file that is decoded", "merges that double"),
    ("a file that is read over and over", "a template"),
    ("a file that is read over and over", "a field"),
    ("a file of Terraform of one's own", "operators"),
    ("values of Terraform", "keys"),
    ("a manifest", "aliases that double"),
    ("a state to adopt", "routes"),
    ("a unit of Terragrunt", "inputs"),
    ("a unit of Terragrunt", "a merge of many"),
    ("what the IPAM had", "prefixes"),
]


@pytest.fixture(scope="module")
def idle() -> Cost:
    return cost(Path(tempfile.gettempdir()), "plan --mode eks")


@pytest.mark.parametrize(("door", "text"), TEXTS)
def test_a_small_text_costs_little(door: str, text: str, idle: Cost) -> None:
    for command, found in costs(door, text, SHORT):
        assert "Traceback" not in found.error, command
        assert found.code in range(6), (command, found)
        assert found.seconds - idle.seconds < SECONDS / 2, (command, found)
        assert found.memory - idle.memory < MEMORY / 2, (command, found)


def test_every_door_and_text_has_a_file_of_its_size() -> None:
    for door in DOORS.values():
        for name, make in door.texts.items():
            # What is packed, or made of whole parts, may come to less.
            assert len(make(SHORT)) <= SHORT + 1024, name


@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
@pytest.mark.parametrize("door", ["spec", "answers", "lock", "journal", "list", "a plan"])
def test_what_is_no_file_is_refused_by_name(kind: str, door: str, tmp_path: Path) -> None:
    import os

    for name, body in DOORS[door].around:
        (tmp_path / name).write_text(body, encoding="utf-8")
    path = tmp_path / DOORS[door].file
    path.parent.mkdir(exist_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
        if door == "journal":
            pytest.skip("a link is no journal of ours, and is left alone")

    found = cost(tmp_path, DOORS[door].commands[0])

    assert found.seconds < SECONDS
    if (kind, door) != ("folder", "list"):  # a folder is scanned
        assert found.code in (1, 2), found
        assert path.name in found.error, found
