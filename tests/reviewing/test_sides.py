"""Files that are the same for git are the same in a review, and what keeps git from a folder is named."""

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.git import git
from tests.reviewing.conftest import CASES, generated

TEXT = 'variable "a" {\n  description = <<-EOT\n    One\n    Two\n  EOT\n}\n'
NOTHING = "No impact: addresses and Terraform do not change."
PADDING = "# padding\n" * 120_000
"""More than a mebibyte of comments."""


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own settings of git, which are empty."""
    file = tmp_path / "gitconfig"
    file.write_text("")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))
    return file


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with LF in all of its text."""
    folder = tmp_path / "origin"
    (folder / "net").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "main.tf").write_text(TEXT)
    (folder / "net/main.tf").write_text(TEXT)
    (folder / "notes.txt").write_text("one\ntwo\n")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "change")


def cloned(origin: Path, *settings: str) -> Path:
    clone = origin.parent / "clone"
    git(origin.parent, "clone", "-q", *settings, f"file://{origin}", str(clone))
    return clone


def test_a_checkout_with_crlf_equals_what_git_has(origin: Path, run: Run) -> None:
    clone = cloned(origin, "-c", "core.autocrlf=true")
    assert b"\r\n" in (clone / "main.tf").read_bytes()

    assert NOTHING in run("review", "origin/main", "-C", clone).output
    assert run("review", "origin/main", "--fail-on", "change", "-C", clone / "net").exit_code == 0


def test_an_edit_in_a_checkout_with_crlf_is_the_edit_alone(origin: Path, run: Run) -> None:
    clone = cloned(origin, "-c", "core.autocrlf=true")
    file = clone / "main.tf"
    file.write_bytes(file.read_bytes() + b'variable "b" {}\r\n')
    (clone / "new.tf").write_bytes(TEXT.replace('"a"', '"c"').encode().replace(b"\n", b"\r\n"))

    output = run("review", "origin/main", "-C", clone).output

    assert "var.b" in output
    assert "var.c" in output
    assert "var.a" not in output


@pytest.mark.parametrize(
    ("attributes", "same"),
    [
        ("* text=auto eol=crlf\n", True),
        ("*.tf text eol=crlf\n", True),
        ("*.tf eol=crlf\n", True),
        ("*.tf crlf\n", True),
        ("*.tf -text\n", False),
        ("*.tf binary\n", False),
        ("*.txt text\n", False),
        ("", False),
    ],
)
def test_attributes_say_which_files_have_crlf_on_disk_alone(
    attributes: str, same: bool, origin: Path, run: Run
) -> None:
    (origin / ".gitattributes").write_text(attributes)
    commit(origin)
    for path in (origin / "main.tf", origin / "net/main.tf"):
        path.write_bytes(TEXT.encode().replace(b"\n", b"\r\n"))
    assert (git(origin, "-c", "core.safecrlf=false", "diff", "--numstat") == "") is same

    assert (NOTHING in run("review", "main", "-C", origin).output) is same


def test_a_file_that_git_has_with_crlf_is_the_same_with_crlf_alone(origin: Path, run: Run) -> None:
    (origin / "main.tf").write_bytes(TEXT.encode().replace(b"\n", b"\r\n"))
    commit(origin)
    git(origin, "config", "core.autocrlf", "true")

    assert NOTHING in run("review", "HEAD", "-C", origin).output
    (origin / "main.tf").write_bytes(f'{TEXT}variable "b" {{}}\n'.encode().replace(b"\n", b"\r\n"))
    output = run("review", "HEAD", "-C", origin).output
    assert "var.b" in output
    assert "var.a" not in output
    (origin / "main.tf").write_bytes(TEXT.encode())
    assert "var.a" in run("review", "HEAD", "-C", origin).output


def test_a_file_in_another_encoding_on_disk_is_read_as_git_reads_it(origin: Path, run: Run) -> None:
    (origin / ".gitattributes").write_text("notes.txt working-tree-encoding=UTF-16LE-BOM eol=crlf\n")
    (origin / "notes.txt").write_bytes(b"\xff\xfe" + "one\r\ntwo\r\n".encode("utf-16-le"))
    commit(origin)
    assert git(origin, "show", "HEAD:notes.txt") == "one\ntwo"

    assert NOTHING in run("review", "HEAD", "-C", origin).output
    (origin / "notes.txt").write_bytes(b"\xff\xfe" + "one\r\nthree\r\n".encode("utf-16-le"))
    assert "notes.txt" in run("review", "main", "-C", origin).output


def test_a_file_that_a_filter_keeps_elsewhere_is_known_by_time_and_size(origin: Path, run: Run) -> None:
    """As git-lfs and git-crypt do it; the program is never run."""
    git(origin, "config", "filter.up.clean", "tr a-z A-Z")
    (origin / ".gitattributes").write_text("notes.txt filter=up\n")
    (origin / "notes.txt").write_text("three\n")
    commit(origin)
    mark = origin.parent / "ran"
    git(origin, "config", "filter.up.clean", f"touch {mark}; cat")

    assert NOTHING in run("review", "HEAD", "-C", origin).output
    (origin / "notes.txt").write_text("others\n")
    assert "notes.txt" in run("review", "HEAD", "-C", origin).output
    assert not mark.exists()


def test_two_folders_are_the_same_whatever_their_line_ends(tmp_path: Path, run: Run) -> None:
    for name, ends in (("old", "\n"), ("new", "\r\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_bytes(TEXT.replace("\n", ends).encode())

    assert NOTHING in run("review", "old", "new", "-C", tmp_path).output
    assert NOTHING in run("review", "../old", "-C", tmp_path / "new").output


def test_a_sparse_checkout_deletes_nothing(origin: Path, run: Run) -> None:
    clone = cloned(origin)
    git(clone, "sparse-checkout", "set", "other")
    assert not (clone / "net").exists()

    assert NOTHING in run("review", "origin/main", "-C", clone).output
    (clone / "main.tf").write_text("")
    output = run("review", "origin/main", "-C", clone).output
    assert "main.tf" in output
    assert "net/main.tf" not in output


@pytest.mark.parametrize("flag", ["--skip-worktree", "--assume-unchanged"])
def test_what_git_takes_for_unchanged_is_as_the_index_has_it(flag: str, origin: Path, run: Run) -> None:
    git(origin, "update-index", flag, "main.tf")
    (origin / "main.tf").unlink()

    assert NOTHING in run("review", "main", "-C", origin).output
    git(origin, "update-index", flag.replace("--", "--no-"), "main.tf")
    assert "folder is removed" in run("review", "main", "-C", origin).output


def test_what_stays_the_same_is_the_same_of_every_kind(origin: Path, run: Run) -> None:
    (origin / "large.bin").write_bytes(b"x" * (2**20 + 5))
    (origin / "link").symlink_to("main.tf")
    git(origin, "config", "core.symlinks", "false")
    git(origin, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    (origin / "module").mkdir()
    git(origin, "add", "large.bin", "link")
    git(origin, "commit", "-qm", "kinds")

    assert NOTHING in run("review", "HEAD", "-C", origin).output
    (origin / "link").unlink()
    (origin / "link").write_text("main.tf")  # as Windows has it
    assert NOTHING in run("review", "HEAD", "-C", origin).output
    (origin / "large.bin").write_bytes(b"x" * (2**20 + 4) + b"y")
    assert "large.bin" in run("review", "HEAD", "-C", origin).output


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_cannot_be_read_is_not_removed(origin: Path, run: Run) -> None:
    (origin / "main.tf").chmod(0)

    result = run("review", "main", "-C", origin)

    assert result.exit_code == 1
    assert "Cannot read main.tf" in result.output


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives a folder to another user")
def test_another_owner_is_named_with_what_makes_git_trust_it(
    origin: Path, run: Run, settings: Path, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    linked.symlink_to(origin)
    os.chown(origin, 12345, 12345)
    os.chown(origin / ".git", 12345, 12345)

    result = run("review", "main", "-C", linked)

    assert result.exit_code == 1
    assert f"git does not trust {origin}: another user owns it" in words(result.output)
    assert f"git config --global --add safe.directory {origin}" in words(result.output)
    assert run("review", "a", "b", "-C", linked).exit_code == 1
    settings.write_text(f"[safe]\n\tdirectory = {origin}\n")
    assert NOTHING in run("review", "main", "-C", linked).output


def test_each_thing_that_keeps_git_from_a_folder_is_told_apart(origin: Path, tmp_path: Path, run: Run) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(origin), "bare.git")
    git(origin, "worktree", "add", "-q", str(tmp_path / "tree"))
    assert NOTHING in run("review", "main", "-C", tmp_path / "tree").output
    (origin / ".git/worktrees").rename(tmp_path / "elsewhere")
    for name, text in (("submodule", "gitdir: ../nowhere\n"), ("odd", "odd\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".git").write_text(text)
    (tmp_path / "plain").mkdir()
    git(tmp_path, "init", "-q", "broken")
    (tmp_path / "broken/.git/config").write_text("[[[\n")

    def told(folder: Path) -> str:
        result = run("review", "main", "-C", folder)
        assert result.exit_code == 1
        return words(result.output)

    assert "bare.git is a bare git repository" in told(tmp_path / "bare.git")
    assert "is inside a .git folder, which has no working tree." in told(origin / ".git")
    assert "tree/.git leads to " in told(tmp_path / "tree")
    assert "git worktree repair" in told(tmp_path / "tree")
    assert "submodule/.git leads to " in told(tmp_path / "submodule")
    assert "git submodule update --init" in told(tmp_path / "submodule")
    assert "odd/.git is not readable by git" in told(tmp_path / "odd")
    assert "plain is not in a git repository" in told(tmp_path / "plain")
    assert "bad config line 1" in told(tmp_path / "broken")


def test_a_git_that_is_missing_or_too_old_is_told(
    origin: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    assert "git is not installed" in run("review", "main", "-C", origin).output

    old = programs / "git"
    old.write_text("#!/bin/sh\necho git version 2.17.1\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    result = run("review", "main", "-C", origin)
    assert result.exit_code == 1
    assert "git 2.17 is too old" in result.output


@pytest.fixture
def repository(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "network"
    generated(run, folder, CASES / "a_hand_edit_drops_a_route/before.toml")
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    return folder


@pytest.mark.parametrize("side", ["a commit", "the working tree", "a folder"])
def test_records_of_more_than_a_mebibyte_are_read(repository: Path, run: Run, side: str) -> None:
    for name in ("escscaffold.toml", "escscaffold.lock"):
        with (repository / name).open("a") as file:
            file.write(PADDING)
    commit(repository)
    before = shutil.copytree(repository, repository.with_name("before"), ignore=shutil.ignore_patterns(".git"))
    with (repository / "environments/prod/main.tf").open("a") as file:
        file.write('resource "terraform_data" "own" {}\n')
    sides = {"a commit": ("HEAD~1", "HEAD"), "the working tree": ("HEAD",), "a folder": (str(before),)}
    if side == "a commit":
        commit(repository)

    report = json.loads(run("review", *sides[side], "-C", repository, "--json").stdout)

    assert [(file["path"], file["state"]) for file in report["generated_files"]] == [
        ("environments/prod/main.tf", "edited")
    ]


def test_prefixes_of_an_ipam_of_more_than_a_mebibyte_are_read(repository: Path, run: Run) -> None:
    with (repository / "escscaffold.toml").open("a") as file:
        file.write('\n[ipam]\nkind = "netbox"\nurl = "https://netbox.example.com"\nclaim_from = ["10.64.0.0/10"]\n')
    blocks = ["172.16.128.0/17", *(f"192.{first}.{second}.0/24" for first in range(80) for second in range(256))]
    prefixes = [{"id": number, "prefix": block, "status": "active"} for number, block in enumerate(blocks, start=1)]
    head = {"version": 1, "kind": "netbox", "url": "https://netbox.example.com", "vrf": "", "pulled": "2026-11-01"}
    (repository / "escscaffold.ipam.json").write_text(json.dumps({**head, "prefixes": prefixes}))

    report = json.loads(run("review", "HEAD", "-C", repository, "--json").stdout)

    assert "ESC701" in {finding["code"] for finding in report["findings"]}


def test_a_lock_that_is_a_link_is_an_error(repository: Path, run: Run) -> None:
    (repository / "escscaffold.lock").rename(repository / "elsewhere")
    (repository / "escscaffold.lock").symlink_to("elsewhere")

    result = run("review", "HEAD", "-C", repository)

    assert result.exit_code == 1
    assert "ESC601" in result.output
    assert "it is a link" in words(result.output)


def test_check_and_generate_refuse_a_sparse_checkout_that_leaves_out_what_is_generated(
    repository: Path, run: Run
) -> None:
    lock = (repository / "escscaffold.lock").read_bytes()
    git(repository, "sparse-checkout", "set", "environments")

    for command in (("check",), ("generate",), ("plan",)):
        result = run(*command, "-C", repository)
        assert (result.exit_code, "The sparse checkout excludes" in result.output) == (
            (0, False) if command == ("plan",) else (1, True)
        ), result.output
    assert (repository / "escscaffold.lock").read_bytes() == lock

    git(repository, "update-index", "--skip-worktree", "escscaffold.lock")
    (repository / "escscaffold.lock").unlink()
    assert "The sparse checkout excludes escscaffold.lock" in words(run("plan", "-C", repository).output)


def test_a_checkout_with_crlf_is_checked_and_keeps_its_line_ends(repository: Path, run: Run) -> None:
    clone = cloned(repository, "-c", "core.autocrlf=true")
    (clone / "environments/prod/custom.tf").write_bytes(b"locals {\r\n  one = var.ranges\r\n}\r\n")
    assert run("check", "-C", clone).exit_code == 0

    run("set", "prod.tags.team=data", "-C", clone)

    changed = git(clone, "diff", "--name-only").splitlines()
    assert "escscaffold.lock" in changed
    assert "environments/prod/terraform.tfvars" in changed
    for name in changed:
        body = (clone / name).read_bytes()
        assert body.count(b"\n") == body.count(b"\r\n"), name


@pytest.mark.skipif(shutil.which("terraform") is None, reason="there is no terraform")
@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives a folder to another user")
def test_check_starts_no_provider_of_a_repository_that_git_does_not_trust(repository: Path, run: Run) -> None:
    (repository / "environments/prod/.terraform").mkdir()
    os.chown(repository, 12345, 12345)

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "skipped `terraform validate`: git does not trust" in words(result.output)
    assert "safe.directory" in result.output


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives a folder to another user")
def test_generate_does_without_no_text_that_git_has_and_keeps_back(repository: Path, run: Run) -> None:
    """Merged without the text that was written last, an edit would be a conflict."""
    main = repository / "environments/prod/main.tf"
    main.write_text(main.read_text() + "# Ours.\n")
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.backup]\nschedule = "0 3 * * *"\nkeep = 7\n')
    os.chown(repository, 12345, 12345)

    result = run("generate", "-C", repository)

    assert result.exit_code == 1
    assert f"git config --global --add safe.directory {repository}" in words(result.output)
    assert not list(repository.rglob("*.escscaffold-new"))
    os.chown(repository, os.geteuid(), os.getegid())
    assert run("generate", "-C", repository).exit_code == 0
    assert main.read_text().endswith("# Ours.\n")
