"""A lock that cannot be trusted is refused, one that git merged is read, and nothing is touched unasked."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EKS, GKE, Plan, said, tree
from tests.conftest import Run
from tests.git import commit, git

HEAD = "version = 1\n"
ID = "0" * 40

BROKEN = {
    "torn": 'version = 1\n[granted]\n"prod.net',
    "empty": "",
    "other version": "version = 2\n",
    "version is text": 'version = "1"\n',
    "parent path": f'{HEAD}[written]\n"../../x" = "{ID}"\n',
    "parent inside": f'{HEAD}[written]\n"a/../../x" = "{ID}"\n',
    "absolute path": f'{HEAD}[written]\n"/etc/x" = "{ID}"\n',
    "the folder": f'{HEAD}[written]\n"." = "{ID}"\n',
    "backslashes": f"{HEAD}[written]\n'..\\..\\x' = \"{ID}\"\n",
    "nul": f'{HEAD}[written]\n"a\\u0000b" = "{ID}"\n',
    "no block": f'{HEAD}[granted]\n"prod.network" = "10.0.0.0/99"\n',
    "host bits": f'{HEAD}[granted]\n"prod.network" = "10.0.0.1/16"\n',
    "no name": f'{HEAD}[granted]\n"prod" = "10.0.0.0/16"\n',
    "a number": f'{HEAD}[granted]\n"prod.network" = 5\n',
    "no table": f"{HEAD}granted = 5\n",
    "unknown provider": f'{HEAD}provider = "10.0.0.0/16"\n',
    "a move from unknown provider": f'{HEAD}[moving]\nprod = "10.0.0.0/16"\n',
    "nested": f'{HEAD}[granted]\nprod.network = "10.0.0.0/16"\n',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("command", ["generate", "check", "plan", "add"])
def test_a_broken_lock_is_told_and_nothing_is_touched(
    command: str, text: str, repository: Path, tmp_path: Path, run: Run
) -> None:
    (repository / "escscaffold.lock").write_text(text)
    (tmp_path / "x").write_text("mine")
    before = tree(tmp_path)

    result = run(command, "-C", repository, *(["test", *EKS, "--yes"] if command == "add" else []))

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "ESC601" in result.output
    assert "Cannot read the lock" in result.output
    assert "version control" in result.output
    assert tree(tmp_path) == before


def test_a_lock_that_claims_a_file_of_yours_removes_it_only_unchanged(repository: Path, run: Run) -> None:
    mine = repository / "notes.txt"
    mine.write_text("hello\n")
    lock = repository / "escscaffold.lock"
    lock.write_text(lock.read_text() + f'"notes.txt" = "{ID}"\n')

    result = run("generate", "-C", repository)

    assert result.exit_code == 4
    assert mine.read_text() == "hello\n"


def places(document: dict[str, Any]) -> dict[str, str]:
    found = {f"{e}.{r}": row["cidr"] for e, one in document["environments"].items() for r, row in one["ranges"].items()}
    return found | {f"{name}.remote": ", ".join(one["remote"]) for name, one in document["environments"].items()}


def change_lock(repository: Path, old: str, new: str) -> None:
    lock = repository / "escscaffold.lock"
    assert old in lock.read_text()
    lock.write_text(lock.read_text().replace(old, new))


EDITS = {
    "a range": ('"prod.nodes-1" = "10.0.0.0/18"', '"prod.nodes-1" = "10.0.128.0/18"'),
    "a range less": ('"prod.nodes-1" = "10.0.0.0/18"\n', ""),
    "a range more": ('"prod.nodes-1" =', '"prod.nodes-3" = "10.0.192.0/18"\n"prod.nodes-1" ='),
    "the remote range": ('"prod" = "10.0.0.0/16"', '"prod" = "10.0.0.0/15"'),
    "the place": ("aws eu-central-1 eks", "aws eu-west-1 eks"),
}


@pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("command", ["generate", "check", "plan"])
def test_an_edited_lock_is_told_by_its_seal(command: str, old: str, new: str, repository: Path, run: Run) -> None:
    change_lock(repository, old, new)
    before = tree(repository)

    result = run(command, "-C", repository)

    assert result.exit_code == 1
    assert "ESC602 prod" in result.output
    assert "version control" in said(result)
    assert tree(repository) == before


def test_without_its_seal_an_environment_lies_where_the_lock_says(repository: Path, run: Run, planned: Plan) -> None:
    change_lock(repository, '"prod.nodes-1" = "10.0.0.0/18"', '"prod.nodes-1" = "10.0.128.0/18"')
    lock = repository / "escscaffold.lock"
    lock.write_text(re.sub(r"\[seals\]\n.*\n", "", lock.read_text()))

    refused = run("generate", "-C", repository)
    assert refused.exit_code == 5
    assert "cidr_block" in refused.output
    assert run("generate", "-C", repository, "--accept-replace", "prod").exit_code == 0
    assert places(planned("-C", repository))["prod.nodes-1"] == "10.0.128.0/18"
    assert "[seals]" in lock.read_text()


def test_a_seal_of_one_environment_says_nothing_of_another(repository: Path, run: Run) -> None:
    assert run("add", "test", "-C", repository, *EKS, "--yes").exit_code == 0
    change_lock(repository, '"test.nodes-1" = "10.1.0.0/18"', '"test.nodes-1" = "10.1.128.0/18"')

    document = json.loads(run("plan", "-C", repository, "--json").stdout)

    assert [f["environment"] for f in document["findings"] if f["code"] == "ESC602"] == ["test"]


class Branches:
    """A GKE repository under git, in which branches change and come together."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self.run = folder, run
        assert run("init", folder, *GKE, "--yes", "--quiet").exit_code == 0
        git(folder, "init", "--quiet", "--initial-branch=main")
        self.commit()

    def commit(self) -> None:
        commit(self.folder, "change")

    def branch(self, name: str) -> None:
        git(self.folder, "switch", "--quiet", "--create", name, "main")

    def add(self, name: str) -> None:
        result = self.run("add", name, "-C", self.folder, *GKE, "--yes", "--quiet")
        assert result.exit_code == 0, result.output

    def give(self, *lines: str) -> None:
        """Give ranges of prod, and write what follows."""
        spec = self.folder / "escscaffold.toml"
        spec.write_text("\n".join([spec.read_text().rstrip(), "", "[environments.prod.ranges]", *lines, ""]))
        assert self.run("generate", "-C", self.folder, "--accept-replace", "prod").exit_code == 0

    def merge(self, other: str, *options: str) -> None:
        """Merge with conflicts, and settle all of them but the lock's: both in the spec, ours in what is generated."""
        git(self.folder, *options, "merge", "--quiet", other, expect=1)
        unsettled = git(self.folder, "diff", "--name-only", "--diff-filter=U").split()
        assert "escscaffold.lock" in unsettled
        ours = [name for name in unsettled if name != "escscaffold.lock"]
        git(self.folder, "checkout", "--quiet", "--ours", *ours)

    def take_table(self, branch: str, name: str) -> None:
        """Add the table of an environment as another branch has it."""
        theirs = git(self.folder, "show", f"{branch}:escscaffold.toml")
        spec = self.folder / "escscaffold.toml"
        spec.write_text(f"{spec.read_text()}\n{theirs[theirs.index(f'[environments.{name}]') :]}")

    @property
    def lock(self) -> str:
        return (self.folder / "escscaffold.lock").read_text()


@pytest.fixture
def branches(tmp_path: Path, run: Run) -> Branches:
    return Branches(tmp_path / "network", run)


def test_two_branches_that_add_collide_and_one_moves(branches: Branches, run: Run, planned: Plan) -> None:
    branches.branch("left")
    branches.add("blue")
    left = places(planned("-C", branches.folder))
    branches.commit()
    branches.branch("right")
    branches.add("staging")
    branches.commit()
    branches.merge("left")
    branches.take_table("left", "blue")
    assert "<<<<<<< " in branches.lock

    refused = run("generate", "-C", branches.folder)

    assert refused.exit_code == 1
    assert "warning ESC603" in refused.output
    assert "ESC302 staging pods" in refused.output
    assert "<<<<<<< " in branches.lock
    moved = run("generate", "-C", branches.folder, "--repack=staging", "--accept-replace", "staging")
    assert moved.exit_code == 0, moved.output
    after = places(planned("-C", branches.folder))
    assert {name: after[name] for name in left} == left
    assert run("check", "-C", branches.folder).exit_code == 0
    assert "<<<<<<< " not in branches.lock


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_a_conflict_over_several_tables_is_read(style: str, branches: Branches, run: Run) -> None:
    branches.branch("left")
    branches.add("blue")
    branches.commit()
    branches.branch("right")
    branches.add("green")
    branches.commit()
    branches.merge("left", "-c", f"merge.conflictStyle={style}")
    branches.take_table("left", "blue")

    result = run("generate", "-C", branches.folder, "--repack=green", "--accept-replace", "green")

    assert result.exit_code == 0, result.output
    assert run("check", "-C", branches.folder).exit_code == 0


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_where_the_two_sides_differ_the_upper_one_holds(
    style: str, branches: Branches, run: Run, planned: Plan
) -> None:
    branches.branch("left")
    branches.give('pods = "/18"')
    branches.commit()
    branches.branch("right")
    branches.give('pods = "/19"')
    ours = places(planned("-C", branches.folder))
    branches.commit()
    branches.merge("left", "-c", f"merge.conflictStyle={style}")

    document = planned("-C", branches.folder)

    notes = [f for f in document["findings"] if f["code"] == "ESC603"]
    assert any("prod.pods" in f["message"] and "10.0.0.0/18" in f["message"] for f in notes)
    assert all(f["severity"] == "warning" for f in notes)
    assert places(document) == ours
    assert run("generate", "-C", branches.folder).exit_code == 0
    assert "<<<<<<< " not in branches.lock
    assert run("check", "-C", branches.folder).exit_code == 0


def test_a_merge_without_marks_needs_nothing(branches: Branches, run: Run, planned: Plan) -> None:
    branches.branch("left")
    branches.give('pods = "/18"')
    before = places(planned("-C", branches.folder))
    branches.commit()
    branches.branch("right")
    git(branches.folder, "merge", "--quiet", "left")

    assert places(planned("-C", branches.folder)) == before
    assert run("check", "-C", branches.folder).exit_code == 0


def test_marks_in_the_spec_are_told_as_such(branches: Branches, run: Run) -> None:
    for name in ("left", "right"):
        branches.branch(name)
        branches.add(name)
        branches.commit()
    git(branches.folder, "merge", "--quiet", "left", expect=1)

    result = run("generate", "-C", branches.folder)

    assert result.exit_code == 1
    assert "ESC001" in result.output
    assert "The file contains merge conflict markers." in said(result)
    assert "give each environment its own keys" in said(result)
