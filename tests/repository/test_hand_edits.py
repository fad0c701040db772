"""Hand edits and new answers meet in `generate`: nothing that a person wrote is lost, and no conflict is silent."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import said, tree
from tests.conftest import Run
from tests.git import git

TFVARS = "environments/prod/terraform.tfvars"
OUTPUTS = "environments/prod/outputs.tf"
ACCEPT = ("--accept-replace", "prod")
BEGIN, END = "<!-- escscaffold:begin -->", "<!-- escscaffold:end -->"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def move_region(repository: Path, new: str = "eu-west-1", old: str = "eu-central-1") -> None:
    """Change an answer, which changes one line of the variables' values."""
    edit(repository / "escscaffold.toml", old, new)


def forget_answers(repository: Path) -> None:
    """Make the lock one of before answers were recorded in it."""
    lock = repository / "escscaffold.lock"
    lines = lock.read_text().splitlines(keepends=True)
    start = lines.index("[answers]\n")
    lock.write_text("".join(lines[:start] + lines[start + 3 :]))


def test_an_edit_is_kept_and_said(repository: Path, run: Run) -> None:
    edit(repository / TFVARS, "disk_iops       = 3000", "disk_iops       = 6000")
    before = tree(repository)

    done = run("generate", "-C", repository)

    assert done.exit_code == 0
    assert f"Edited by hand, kept:\n  {TFVARS}" in done.output
    assert tree(repository) == before


def test_an_edit_and_a_new_answer_are_merged(repository: Path, run: Run) -> None:
    edit(repository / TFVARS, "disk_iops       = 3000", "disk_iops       = 6000 # ours")
    move_region(repository)

    done = run("generate", "-C", repository, *ACCEPT)

    assert done.exit_code == 0
    assert f"your edits are kept in {TFVARS}" in done.output
    text = (repository / TFVARS).read_text()
    assert "disk_iops       = 6000 # ours" in text
    assert "eu-west-1" in text
    assert "eu-central-1" not in text
    assert run("generate", "-C", repository).output.startswith("No changes.")
    assert run("check", "-C", repository).exit_code == 0


def test_what_was_merged_once_is_merged_again_and_again(repository: Path, run: Run) -> None:
    """Git never saw the base of the second merge, and the lock has it."""
    edit(repository / TFVARS, "disk_iops       = 3000", "disk_iops       = 6000")
    was = "eu-central-1"
    for region in ("eu-west-1", "eu-west-2", "eu-west-3"):
        move_region(repository, region, was)
        was = region
        assert run("generate", "-C", repository, *ACCEPT).exit_code == 0

        forget_answers(repository)
        text = (repository / TFVARS).read_text()
        assert "disk_iops       = 6000" in text
        assert region in text


def test_a_conflict_stands_in_the_file_and_holds_the_gate_until_it_is_solved(repository: Path, run: Run) -> None:
    edit(repository / TFVARS, "eu-central-1", "eu-south-1")
    move_region(repository)

    done = run("generate", "-C", repository, *ACCEPT)

    assert done.exit_code == 4
    assert f"Conflicts with your edits:\n  {TFVARS}\n" in done.output
    text = (repository / TFVARS).read_text()
    lines = [line.split(" = ")[-1] for line in text[text.index("<<<<<<< ") :].splitlines()]
    assert lines[:7] == [
        "<<<<<<< yours",
        '"eu-south-1"',
        "||||||| base",
        '"eu-central-1"',
        "=======",
        '"eu-west-1"',
        ">>>>>>> generated",
    ]
    three = "your text, the last generated text and the new text are between <<<<<<< and >>>>>>>"
    assert three in said(done)
    again = tree(repository)
    later = run("generate", "-C", repository)
    assert later.exit_code == 4
    assert three in said(later)
    assert run("check", "-C", repository).exit_code == 4
    assert tree(repository) == again

    (repository / TFVARS).write_text("".join(line for line in text.splitlines(keepends=True) if line[0] not in "<|=>"))
    thrice = run("check", "-C", repository)
    assert thrice.exit_code == 1
    assert f"{TFVARS}:" in thrice.output
    (repository / TFVARS).write_text(re.sub(r"<{7} .*\n(.*\n)(?:.*\n)*?>{7} .*\n", r"\1", text))
    assert run("check", "-C", repository).exit_code == 0
    assert run("generate", "-C", repository).exit_code == 0


def test_the_marks_of_git_are_told_without_the_parts_that_they_need_not_have(repository: Path, run: Run) -> None:
    (repository / TFVARS).write_text("<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> other\n")

    done = run("generate", "-C", repository)

    assert done.exit_code == 4
    assert "conflicting lines are between <<<<<<< and >>>>>>>: edit them" in said(done)
    assert f"git checkout --ours {TFVARS}\n" in done.output


def test_a_conflict_that_is_not_solved_is_left_alone_by_the_next_change(repository: Path, run: Run) -> None:
    edit(repository / TFVARS, "eu-central-1", "eu-south-1")
    move_region(repository)
    run("generate", "-C", repository, *ACCEPT)
    marked = (repository / TFVARS).read_text()
    move_region(repository, "eu-west-2", "eu-west-1")

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 4

    assert (repository / TFVARS).read_text() == marked
    assert "eu-west-2" in (repository / "README.md").read_text()
    solved = marked[: marked.index("<<<<<<<")] + 'region = "eu-south-1"\n' + marked[marked.index(">>>>>>> gen") + 18 :]
    (repository / TFVARS).write_text(solved)
    assert run("generate", "-C", repository).exit_code == 4, "what changed meanwhile meets the edit again"
    assert "eu-west-2" in (repository / TFVARS).read_text()


def test_the_same_edit_as_the_new_answer_is_no_conflict(repository: Path, run: Run) -> None:
    edit(repository / TFVARS, "eu-central-1", "eu-west-1")
    move_region(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0
    assert run("check", "-C", repository).exit_code == 0


def in_git(repository: Path) -> None:
    git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "-m", "Begin")


def in_shallow_clone(repository: Path) -> None:
    in_git(repository)
    (repository / "notes.txt").write_text("mine\n")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "-m", "Notes")
    kept = repository.rename(repository.with_name("origin"))
    git(kept.parent, "clone", "--quiet", "--depth", "1", f"file://{kept}", str(repository))


@pytest.mark.parametrize("place", [in_git, in_shallow_clone], ids=lambda f: f.__name__)
def test_git_knows_what_was_written_where_nothing_else_does(
    place: Callable[[Path], None], repository: Path, run: Run
) -> None:
    place(repository)
    forget_answers(repository)
    edit(repository / TFVARS, "disk_iops       = 3000", "disk_iops       = 6000")
    edit(repository / "README.md", "# Kubernetes and Kurrent Cloud", "# Ours")
    move_region(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0

    assert "disk_iops       = 6000" in (repository / TFVARS).read_text()
    readme = (repository / "README.md").read_text()
    assert "# Ours" in readme
    assert "eu-west-1" in readme


def test_no_command_of_the_repository_is_run(repository: Path, run: Run) -> None:
    in_git(repository)
    ran = repository.parent / "ran"
    script = repository.parent / "script"
    script.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "filter.x.smudge", "filter.x.clean", "diff.x.textconv"):
        git(repository, "config", key, str(script))
    (repository / ".git/info/attributes").write_text("* filter=x diff=x\n")
    forget_answers(repository)
    ran.unlink(missing_ok=True)
    edit(repository / TFVARS, "disk_iops       = 3000", "disk_iops       = 6000")
    move_region(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0
    assert not ran.exists()


def test_where_nobody_knows_what_was_written_both_texts_are_kept(repository: Path, run: Run) -> None:
    forget_answers(repository)
    edit(repository / TFVARS, "disk_iops       = 3000", "disk_iops       = 6000")
    mine = (repository / TFVARS).read_text()
    beside = repository / f"{TFVARS}.escscaffold-new"
    move_region(repository)

    done = run("generate", "-C", repository, *ACCEPT)

    assert done.exit_code == 4
    assert f"copy what you need from {TFVARS}.escscaffold-new" in done.output
    assert (repository / TFVARS).read_text() == mine
    assert "eu-west-1" in beside.read_text()
    assert run("generate", "-C", repository).exit_code == 4
    assert run("check", "-C", repository).exit_code == 4

    edit(repository / TFVARS, "eu-central-1", "eu-west-1")
    beside.unlink()
    assert run("check", "-C", repository).exit_code == 0
    assert run("generate", "-C", repository).exit_code == 0


def test_edited_answers_are_not_believed(repository: Path, run: Run) -> None:
    """A base is taken by its id only: a lock that tells something else leads to no merge."""
    lock = repository / "escscaffold.lock"
    lock.write_text(lock.read_text().replace('"region":"eu-central-1"', '"region":"eu-central-2"'))
    edit(repository / TFVARS, "disk_iops       = 3000", "disk_iops       = 6000")
    move_region(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 4
    assert (repository / f"{TFVARS}.escscaffold-new").is_file()


def test_a_file_that_someone_put_where_a_new_one_belongs_stays(repository: Path, run: Run) -> None:
    mine = repository / "environments/test/main.tf"
    mine.parent.mkdir()
    mine.write_text("# mine\n")

    result = run("add", "test", "-C", repository, "--mode", "eks", "--yes")

    assert result.exit_code == 4
    assert "environments/test/main.tf" in result.output
    assert mine.read_text() == "# mine\n"
    assert "module " in mine.with_name("main.tf.escscaffold-new").read_text()


def test_an_edit_between_the_readmes_markers_is_merged(repository: Path, run: Run) -> None:
    readme = repository / "README.md"
    readme.write_text("# Ours\n" + readme.read_text().replace(END, f"mine\n{END}") + "after\n")
    move_region(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0

    text = readme.read_text()
    assert text.startswith("# Ours\n")
    assert text.endswith(f"mine\n{END}\nafter\n")
    assert "eu-west-1" in text


def test_marks_around_the_readmes_block_are_nobodys_conflict(repository: Path, run: Run) -> None:
    readme = repository / "README.md"
    readme.write_text("<<<<<<< an example\n" + readme.read_text())

    assert run("check", "-C", repository).exit_code == 0


def test_windows_line_ends_are_kept_in_a_merge(repository: Path, run: Run) -> None:
    tfvars = repository / TFVARS
    tfvars.write_bytes(tfvars.read_bytes().replace(b"3000", b"6000").replace(b"\n", b"\r\n"))
    move_region(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0

    body = tfvars.read_bytes()
    assert b"eu-west-1" in body
    assert b"6000" in body
    assert body.count(b"\n") == body.count(b"\r\n")


def test_a_deleted_file_stays_deleted_and_that_is_said_once(repository: Path, run: Run) -> None:
    (repository / OUTPUTS).unlink()

    first = run("generate", "-C", repository)
    second = run("generate", "-C", repository)

    assert f"Deleted by hand, not restored:\n  {OUTPUTS}" in first.output
    assert "No changes: all files are up to date." in second.output
    move_region(repository)
    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0
    assert not (repository / OUTPUTS).exists()


@pytest.mark.parametrize("flag", [["--restore", OUTPUTS], ["--restore"]])
@pytest.mark.parametrize("noted", [True, False])
def test_restore_brings_a_deleted_file_back(flag: list[str], noted: bool, repository: Path, run: Run) -> None:
    before = tree(repository)
    (repository / OUTPUTS).unlink()
    if noted:
        run("generate", "-C", repository)

    assert run("generate", "-C", repository, *flag).exit_code == 0
    assert tree(repository) == before


def test_a_file_of_ones_own_in_the_place_of_a_deleted_one_is_an_edit(repository: Path, run: Run) -> None:
    (repository / OUTPUTS).unlink()
    run("generate", "-C", repository)
    (repository / OUTPUTS).write_text("# mine\n")

    assert run("generate", "-C", repository).exit_code == 0
    assert (repository / OUTPUTS).read_text() == "# mine\n"
    assert run("check", "-C", repository).exit_code == 0


def test_restoring_what_is_there_is_refused(repository: Path, run: Run) -> None:
    result = run("generate", "-C", repository, "--restore", OUTPUTS)

    assert result.exit_code == 2
    assert "is not deleted or released" in result.output


def test_a_released_file_is_yours(repository: Path, run: Run) -> None:
    assert run("release", TFVARS, "-C", repository).exit_code == 0
    (repository / TFVARS).write_text("# mine\n")
    move_region(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0
    assert (repository / TFVARS).read_text() == "# mine\n"
    (repository / TFVARS).unlink()
    assert run("generate", "-C", repository).exit_code == 0
    assert run("check", "-C", repository).exit_code == 0


def test_a_released_file_is_taken_back_with_its_edits(repository: Path, run: Run) -> None:
    run("release", f"./{TFVARS}", "-C", repository)
    edit(repository / TFVARS, "disk_iops       = 3000", "disk_iops       = 6000")
    run("generate", "-C", repository)

    assert run("generate", "-C", repository, "--restore", TFVARS).exit_code == 0
    move_region(repository)
    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0
    text = (repository / TFVARS).read_text()
    assert "disk_iops       = 6000" in text
    assert "eu-west-1" in text


def test_releasing_an_edited_file_that_is_no_longer_generated_ends_its_conflict(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    text = spec.read_text()
    run("add", "test", "-C", repository, "--mode", "eks", "--yes")
    (repository / "environments/test/main.tf").write_text("# mine\n")
    spec.write_text(text)
    assert run("generate", "-C", repository).exit_code == 4
    assert run("check", "-C", repository).exit_code == 4

    assert run("release", "environments/test/main.tf", "-C", repository).exit_code == 0
    assert run("generate", "-C", repository).exit_code == 0
    assert run("check", "-C", repository).exit_code == 0
    assert (repository / "environments/test/main.tf").read_text() == "# mine\n"


def test_only_what_was_generated_can_be_released(repository: Path, run: Run) -> None:
    result = run("release", "environments/prod/output.tf", "-C", repository)

    assert result.exit_code == 2
    assert f"Did you mean {OUTPUTS}?" in " ".join(result.output.split())


def test_a_lock_of_before_answers_were_recorded_is_read_and_brought_up_to_date(repository: Path, run: Run) -> None:
    before = tree(repository)
    forget_answers(repository)
    lock = repository / "escscaffold.lock"
    lock.write_text(
        "".join(line for line in lock.read_text().splitlines(True) if not line.startswith("escscaffold = "))
    )

    assert run("check", "-C", repository).exit_code == 3
    assert run("generate", "-C", repository).exit_code == 0
    assert tree(repository) == before
