"""Every step of a write may be the last one: what was there is there, or what was asked for is."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace

from escscaffold.errors import ScaffoldError
from escscaffold.repository.disk import content_id
from escscaffold.repository.journal import Change, before_moves
from escscaffold.repository.transaction import WriteError, is_broken_off, settle, write_changes
from tests.cli.conftest import EKS, tree
from tests.conftest import Run
from tests.properties import tries_more
from tests.repository.faults import (
    Fault,
    KilledError,
    fault_at,
    full,
    interrupted,
    interrupted_twice,
    killed,
    refused,
)

Files = dict[str, str | bytes]
MANY = [f"environments/e{n // 10}/{n}.tf" for n in range(30)]


@dataclass(kw_only=True)
class Work:
    """A write into a folder, with what the folder holds before and after it."""

    folder: Path
    before: Files
    changes: list[Change]
    moves: dict[str, str] = field(default_factory=dict)

    @property
    def after(self) -> Files:
        self.restore()
        self.write()
        return tree(self.folder)

    def write(self) -> None:
        held = {
            name: body if isinstance(body, str) else body.decode(errors="surrogateescape")
            for name, body in self.before.items()
        }
        changes = [replace(one, old=held.get(before_moves(one.path, self.moves))) for one in self.changes]
        write_changes(self.folder, changes, self.moves)

    def restore(self) -> None:
        """Bring the folder back to what it was before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name, body in self.before.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body if isinstance(body, bytes) else body.encode())


def a_new_repository(folder: Path) -> Work:
    changes = [Change(path=name, old=None, text="new\n") for name in [*MANY, "scripts/x.sh", "escscaffold.lock"]]
    return Work(folder=folder / "deep/new", before={}, changes=changes)


def a_change_of_thirty_files(folder: Path) -> Work:
    """A third is rewritten, a third removed with its folder, and a third new; one's own files stand among them."""
    before: Files = dict.fromkeys(MANY[:20], b"old\n") | {"escscaffold.lock": b"old\n"}
    own: Files = {"environments/e1/custom.tf": b"mine\n", "custom/notes": b"mine\xff\n"}
    changes = [Change(path=name, old=None, text=None if n in range(10, 20) else "new\n") for n, name in enumerate(MANY)]
    return Work(
        folder=folder / "work",
        before=before | own,
        changes=[*changes, Change(path="escscaffold.lock", old=None, text="new\n")],
    )


def a_folder_of_another_name(folder: Path) -> Work:
    before: Files = {
        f"environments/old/{name}": b"old\n" for name in ("main.tf", "custom.tf", "tests/a.hcl", ".terraform/x")
    }
    changes = [
        Change(path="environments/new/main.tf", old=None, text="new\n"),
        Change(path="environments/new/tests/a.hcl", old=None, text=None),
        Change(path="environments/new/more/b.tf", old=None, text="new\n"),
        Change(path="escscaffold.lock", old=None, text="new\n"),
    ]
    return Work(folder=folder / "work", before=before, changes=changes, moves={"environments/old": "environments/new"})


@pytest.fixture(params=[a_new_repository, a_change_of_thirty_files, a_folder_of_another_name], ids=lambda f: f.__name__)
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Work]:
    # In memory, where there is such a place: it is all about many small files.
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        yield request.param(Path(folder))


def every_step(work: Work, fault: Fault, during: Callable[[], object]) -> Iterator[int]:
    """Yield each step at which the fault struck; the folder is as it was left.

    A long write does the same for each of its files: of its many steps, it leaves some out.
    """
    between = 1 if len(work.changes) < 10 or tries_more() else 3 if fault is killed else 5
    for step in range(0, 10_000, between):
        work.restore()
        with fault_at(step, fault) as steps, suppress(WriteError, KeyboardInterrupt, KilledError):
            during()
        if len(steps) <= step:
            return
        yield step
    raise AssertionError("it never ends")


def break_off_early(work: Work) -> None:
    """Leave the folder as a kill right after the promise leaves it."""
    assert any(is_broken_off(work.folder) for _ in every_step(work, killed, work.write))


def files(found: Files) -> Files:
    """Leave out folders, and what lies in the folder where new files wait for their place."""
    return {name: body for name, body in found.items() if body != "/" and "/.escscaffold-" not in f"/{name}"}


@pytest.mark.parametrize("fault", [refused, full], ids=["refused", "full"])
def test_a_disk_that_refuses_at_any_step_leaves_all_or_nothing(fault: Fault, work: Work) -> None:
    after = work.after
    work.restore()
    before = tree(work.folder)
    undone = 0
    for step in every_step(work, fault, work.write):
        left = tree(work.folder)
        assert left == before or files(left) == files(after), f"step {step}"
        undone += left == before
    assert undone > 10


@pytest.mark.parametrize("fault", [interrupted, interrupted_twice], ids=["once", "twice"])
def test_ctrl_c_at_any_step_leaves_all_or_nothing(fault: Fault, work: Work) -> None:
    after = files(work.after)
    for step in every_step(work, fault, work.write):
        assert files(tree(work.folder)) in (files(work.before), after), f"step {step}"


def test_after_a_kill_at_any_step_the_next_run_does_what_was_promised(work: Work) -> None:
    after = work.after
    outcomes = set()
    for _ in every_step(work, killed, work.write):
        promised = is_broken_off(work.folder)
        settled = settle(work.folder)

        left = files(tree(work.folder))
        assert left in ((files(after),) if promised else (files(work.before), files(after)))
        assert (settled is not None) == promised
        assert not is_broken_off(work.folder)
        outcomes.add((promised, left == files(after)))
    assert outcomes >= {(False, False), (True, True)}


def test_what_puts_it_right_may_be_killed_as_well(work: Work) -> None:
    after = work.after

    def killed_in_the_middle() -> None:
        with fault_at(2 * len(work.changes) + 12, killed), suppress(KilledError):
            work.write()
        assert is_broken_off(work.folder)
        settle(work.folder)

    for step in every_step(work, killed, killed_in_the_middle):
        settle(work.folder)

        assert files(tree(work.folder)) == files(after), f"step {step}"


def test_what_was_edited_after_a_kill_stays_and_the_new_text_is_beside_it(tmp_path: Path) -> None:
    work = a_change_of_thirty_files(tmp_path)
    rewritten, removed = work.folder / MANY[9], work.folder / MANY[19]
    break_off_early(work)
    rewritten.write_text("mine\n")
    removed.write_text("mine\n")

    settled = settle(work.folder)

    assert settled is not None
    assert settled.finished
    assert removed.read_text() == "mine\n"
    assert rewritten.read_text() == "mine\n"
    assert settled.overtaken == (MANY[9],)
    assert Path(f"{rewritten}.escscaffold-new").read_text() == "new\n"


def test_a_torn_text_is_not_put_in_its_place(tmp_path: Path) -> None:
    """As after a power cut: the promise is there, and a text that it needs is not whole."""
    work = a_change_of_thirty_files(tmp_path)
    break_off_early(work)
    waiting = sorted(work.folder.glob(".escscaffold-*/*.new"))[-1]
    waiting.write_text("ne")

    settled = settle(work.folder)

    assert settled is not None
    assert not settled.finished
    assert files(tree(work.folder)) == files(work.before)


def test_a_folder_of_yours_that_looks_like_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".escscaffold-notes").mkdir()
    (tmp_path / ".escscaffold-notes/mine").write_text("mine")

    assert settle(tmp_path) is None
    assert (tmp_path / ".escscaffold-notes/mine").read_text() == "mine"


def change_everywhere(repository: Path, run: Run) -> list[object]:
    """Ask for files to be made, rewritten, merged and removed, beside files of one's own."""
    spec = repository / "escscaffold.toml"
    text = spec.read_text()
    assert run("add", "test", "-C", repository, *EKS, "--yes").exit_code == 0
    spec.write_text(text.replace("eu-central-1", "eu-west-1"))
    (repository / "README.md").write_text("# Ours\n" + (repository / "README.md").read_text() + "mine\n")
    tfvars = repository / "environments/prod/terraform.tfvars"
    tfvars.write_text(tfvars.read_text().replace("3000", "6000"))
    (repository / "environments/test/custom.tf").write_text("# mine\n")
    shutil.rmtree(repository / "modules/eks")
    return ["generate", "-C", repository, "--accept-replace", "prod", "--restore"]


def add_one(repository: Path, run: Run) -> list[object]:
    """Ask for one more environment, which changes the spec, too."""
    return ["add", "test", "-C", repository, *EKS, "--yes"]


def begin(repository: Path, run: Run) -> list[object]:
    """Ask for a repository in a folder that is not there."""
    shutil.rmtree(repository)
    return ["init", repository, *EKS, "--yes"]


@pytest.mark.parametrize(
    ("ask", "fault"), [(change_everywhere, killed), (change_everywhere, full), (add_one, refused), (begin, killed)]
)
def test_commands_leave_all_or_nothing_and_the_next_one_goes_on(
    ask: Callable[[Path, Run], list[object]], fault: Fault, repository: Path, run: Run
) -> None:
    command = ask(repository, run)
    kept = repository.with_name("kept")
    if repository.exists():
        shutil.copytree(repository, kept)
    with fault_at(10**9, killed) as steps:
        assert run(*command).exit_code == 0
    after = tree(repository)
    # Some steps: all of them are tried on a plain folder above.
    for step in range(len(steps) // 9, len(steps), len(steps) // 7):
        shutil.rmtree(repository, ignore_errors=True)
        if kept.exists():
            shutil.copytree(kept, repository)
        with fault_at(step, fault), suppress(KilledError):
            result = run(*command)
            if result.exit_code == 0:
                continue
            assert result.exit_code == 1, result.output
            assert isinstance(result.exception, SystemExit), f"step {step}"
            assert "Nothing was changed" in result.output

        again = run(*command)
        assert again.exit_code == 0 or "finished" in again.output, f"step {step}: {again.output}"
        assert tree(repository) == after, f"step {step}"


WAYS_OUT = [
    "../mine",
    "{outside}/mine",
    "a/../../mine",
    "..",
    "linked/mine",
    ".git/hooks/pre-commit",
    "a/.GIT/config",
    "",
]


@pytest.mark.parametrize("path", WAYS_OUT)
@pytest.mark.parametrize("promise", ["a file", "no file", "a move there", "a move from there", "folders"])
@pytest.mark.parametrize("name", ["journal", "taken-back"])
def test_a_journal_that_came_with_a_clone_changes_nothing_outside(
    path: str, promise: str, name: str, tmp_path: Path
) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "clone"
    outside.mkdir()
    (folder / "a").mkdir(parents=True)
    for file in (tmp_path / "mine", outside / "mine", folder / "a/mine"):
        file.write_text("")
    (folder / "linked").symlink_to(outside)
    path, empty = path.format(outside=outside), content_id("")
    step = {
        "a file": {"path": path, "old": empty, "new": empty},
        "no file": {"path": path, "old": empty, "new": None},
        "a move there": {"path": path, "moved_from": "a"},
        "a move from there": {"path": "new", "moved_from": path},
        "folders": {"path": "a", "new": empty},
    }[promise]
    staging = folder / ".escscaffold-x"
    staging.mkdir()
    (staging / name).write_text(json.dumps({"steps": [step], "made": [path] if promise == "folders" else []}))
    (staging / "0.new").write_text("")
    (staging / "0.old").write_text("")
    around = {key: body for key, body in tree(tmp_path).items() if not key.startswith("clone/")}

    with suppress(ScaffoldError):
        settle(folder)

    assert {key: body for key, body in tree(tmp_path).items() if not key.startswith("clone/")} == around
    assert not (folder / ".git").exists()
    assert not (folder / "a/.GIT").exists()
