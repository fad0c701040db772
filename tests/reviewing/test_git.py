"""A review reads what git has, says what it cannot, and runs nothing of what it reads."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.git import git
from tests.reviewing.conftest import CASES, generated

Git = Callable[..., str]

VPC = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
WIDER = VPC.replace("/16", "/15")


def git_in(folder: Path) -> Git:
    return partial(git, folder)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with a commit on main, and a branch that is checked out."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git = git_in(folder)
    git("init", "-q", "-b", "main")
    (folder / "main.tf").write_text(VPC)
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "branch")
    return folder


def commit(folder: Path, name: str, text: str, message: str = "change") -> None:
    (folder / name).write_text(text)
    git_in(folder)("add", "-A")
    git_in(folder)("commit", "-qm", message)


def test_what_main_did_since_is_no_change_of_the_branch(clone: Path, run: Run) -> None:
    commit(clone, "main.tf", WIDER)
    git_in(clone)("checkout", "-q", "main")
    commit(clone, "other.tf", "locals {\n  x = 1\n}\n")
    git_in(clone)("checkout", "-q", "branch")

    branch = run("review", "-C", clone)
    revisions = run("review", "main", "branch", "-C", clone)

    assert branch.exit_code == 5
    assert "aws_vpc.main" in branch.output
    assert "local.x" not in branch.output
    assert "local.x" in revisions.output
    assert "main has commits that branch lacks" in revisions.output
    assert "main...branch" in revisions.output


def test_three_dots_compare_a_branch_with_its_merge_base(clone: Path, run: Run) -> None:
    commit(clone, "main.tf", WIDER)
    git_in(clone)("checkout", "-q", "main")
    commit(clone, "other.tf", "locals {\n  x = 1\n}\n")

    result = run("review", "main...branch", "-C", clone)

    assert result.exit_code == 5
    assert "aws_vpc.main" in result.output
    assert "local.x" not in result.output
    assert "lacks" not in result.output
    assert run("review", "main...nothing", "-C", clone).exit_code == 1


def test_what_is_not_committed_counts_and_what_is_ignored_does_not(clone: Path, run: Run) -> None:
    (clone / ".gitignore").write_text("ignored.tf\n")
    (clone / "new.tf").write_text("locals {\n  here = 1\n}\n")
    (clone / "ignored.tf").write_text("locals {\n  nowhere = 1\n}\n")

    result = run("review", "main", "-C", clone)

    assert "local.here" in result.output
    assert "nowhere" not in result.output


def test_untracked_files_that_terraform_does_not_read_are_no_part_of_the_change(clone: Path, run: Run) -> None:
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (clone / name).write_text("notes\n")
    (clone / "elsewhere").symlink_to(clone.parent)

    untracked = run("review", "main", "--fail-on", "change,unknown", "-C", clone)
    document = json.loads(run("review", "main", "--json", "-C", clone).output)
    git_in(clone)("add", "a.txt")
    added = run("review", "main", "-C", clone)

    assert untracked.exit_code == 0
    assert "No impact" in untracked.output
    assert "Not part of the change until you run `git add`: a.txt, b.txt, c.txt and 2 more." in untracked.output
    assert document["other_files"] == document["unread"] == []
    assert document["untracked_files"] == ["a.txt", "b.txt", "c.txt", "d.txt", "elsewhere"]
    assert "1 other file." in added.output
    assert "`git add`: b.txt, c.txt, d.txt and 1 more." in added.output


def test_a_patch_is_read_and_leaves_no_trace(clone: Path, run: Run) -> None:
    (clone / "network").mkdir()
    commit(clone, "network/main.tf", VPC)
    (clone / "network/main.tf").write_text(WIDER)
    patch = git_in(clone)("diff") + "\n"
    git_in(clone)("checkout", "-q", ".")
    before = {path: path.read_bytes() for path in (clone / ".git").rglob("*") if path.is_file()}

    result = run("review", "-", "-C", clone / "network", input=patch)
    wrong = run("review", "-", "-C", clone, input=patch.replace("10.0.0.0/16", "10.9.0.0/16"))

    assert result.exit_code == 5
    assert "main.tf:1 " in result.output
    assert wrong.exit_code == 1
    assert "does not apply" in wrong.output
    assert {path: path.read_bytes() for path in (clone / ".git").rglob("*") if path.is_file()} == before


def test_a_folder_below_the_top_is_compared_alone(clone: Path, run: Run) -> None:
    (clone / "network").mkdir()
    commit(clone, "network/main.tf", VPC)
    git_in(clone)("branch", "-f", "main")
    (clone / "network/main.tf").write_text(WIDER)
    (clone / "main.tf").write_text("")

    result = run("review", "main", "-C", clone / "network")

    assert "main.tf:1" in result.output
    assert "destroy" not in result.output


@pytest.mark.parametrize("revision", ["nothing", "--help", "main..branch", "", "main\nbranch", "@{-99}"])
def test_what_is_no_revision_is_said(clone: Path, run: Run, revision: str) -> None:
    result = run("review", "-C", clone, "--", revision)

    assert result.exit_code == 1
    assert "is not a commit in this clone." in " ".join(result.output.split())


def test_a_shallow_clone_says_what_to_fetch(clone: Path, tmp_path: Path, run: Run) -> None:
    commit(clone, "main.tf", WIDER)
    shallow = tmp_path / "shallow"
    git_in(tmp_path)("clone", "-q", "--depth=1", "--no-single-branch", f"file://{clone}", str(shallow))

    result = run("review", "origin/main", "-C", shallow)

    assert result.exit_code == 1
    assert "git fetch --unshallow" in result.output


def test_where_there_is_no_git_folders_can_be_compared(tmp_path: Path, run: Run) -> None:
    for name, text in (("old", VPC), ("new", WIDER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)

    assert "is not in a git repository." in run("review", "-C", tmp_path).output
    assert run("review", "old", "new", "-C", tmp_path).exit_code == 5
    assert run("review", "../old", "-C", tmp_path / "new").exit_code == 5


def test_links_and_submodules_are_not_followed(clone: Path, tmp_path: Path, run: Run) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.tf").write_text('locals {\n  outside = "kept"\n}\n')
    (clone / "linked.tf").symlink_to(outside / "secret.tf")
    (clone / "folder").symlink_to(outside)
    git_in(clone)("add", "-A")
    git_in(clone)("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git_in(clone)("commit", "-qm", "links")

    for arguments in (("main",), ("main", "branch")):
        result = run("review", *arguments, "-C", clone)

        assert "linked.tf" in result.output
        assert "not followed" in result.output
        assert "outside" not in result.output.replace(str(tmp_path), "")


def test_nothing_that_the_repository_configures_is_run(clone: Path, tmp_path: Path, run: Run) -> None:
    mark = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
    program.chmod(0o755)
    git = git_in(clone)
    commit(clone, ".gitattributes", "* diff=evil filter=evil\n")
    for key in ("core.fsmonitor", "core.pager", "diff.external", "diff.evil.textconv", "filter.evil.smudge"):
        git("config", key, str(program))
    hooks = clone / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "post-checkout", "reference-transaction"):
        (hooks / hook).write_text(program.read_text())
        (hooks / hook).chmod(0o755)
    (clone / "main.tf").write_text(WIDER)

    result = run("review", "main", "-C", clone)

    assert result.exit_code == 5, result.output
    assert not mark.exists()


def test_a_file_that_only_changed_its_line_ends_is_no_hand_edit(tmp_path: Path, run: Run) -> None:
    repository = tmp_path / "network"
    generated(run, repository, CASES / "a_hand_edit_drops_a_route/before.toml")
    git = git_in(repository)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    file = repository / "environments/prod/main.tf"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    result = run("review", "main", "-C", repository)

    assert result.exit_code == 0
    assert "No impact: addresses and Terraform do not change." in result.output
