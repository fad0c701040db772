"""One run at a time: the lock lies in the repository, and neither links, other users nor dead runs stand in its way."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from escscaffold.errors import ScaffoldError
from escscaffold.repository import writer_lock
from escscaffold.repository.writer_lock import LOCK_FOLDER, alone_in
from tests.cli.conftest import tree
from tests.conftest import Run
from tests.repository.test_permissions import NOBODY, place, without_rights

__all__ = ["place"]

SET = ["set", "reserved.office=10.99.0.0/16"]
_refused: list[int] = []
_watched: list[tuple[str, list[str]]] = []


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if _refused and event == "fcntl.flock":
        raise OSError(_refused[-1], os.strerror(_refused[-1]))
    if _watched and event == "os.mkdir" and str(arguments[0]).startswith(_watched[-1][0]):
        _watched[-1][1].append(str(arguments[0]))


sys.addaudithook(_refuse)


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    """Give what is made in the folder while the block runs."""
    made: list[str] = []
    _watched.append((str(folder), made))
    try:
        yield made
    finally:
        _watched.pop()


@contextmanager
def a_disk_without_locks(error: int) -> Iterator[None]:
    _refused.append(error)
    try:
        yield
    finally:
        _refused.pop()


def test_nothing_stays_behind_here_or_elsewhere(repository: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "escscaffold", "-C", repository, *SET]

    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"TMPDIR": str(temporary)})

    assert tree(temporary) == {}
    assert not [name for name in tree(repository) if ".escscaffold-" in name]


def test_the_lock_is_ignored_while_it_is_there(repository: Path) -> None:
    subprocess.run(["git", "init", "-q", repository], check=True)
    with alone_in(repository) as unlocked:
        assert unlocked == ""
        assert (repository / LOCK_FOLDER).is_dir()
        asked = ["git", "-C", repository, "status", "--porcelain", "--untracked-files=all"]
        assert LOCK_FOLDER not in subprocess.run(asked, check=True, capture_output=True, text=True).stdout


def test_a_lock_that_is_held_is_waited_for_and_then_told(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_lock, "_SECONDS", 0.2)
    with alone_in(repository), pytest.raises(ScaffoldError, match="for a minute"), alone_in(repository):
        pass


def test_what_a_killed_run_leaves_is_no_obstacle(repository: Path, run: Run) -> None:
    (repository / LOCK_FOLDER).mkdir()
    (repository / LOCK_FOLDER / "lock").write_text("")

    result = run("-C", repository, *SET)

    assert result.exit_code == 0, result.output
    assert not (repository / LOCK_FOLDER).exists()


@pytest.mark.parametrize("name", [LOCK_FOLDER, f"{LOCK_FOLDER}/lock"])
@pytest.mark.parametrize("kind", ["a folder", "a file", "nothing"])
def test_no_link_is_followed(name: str, kind: str, repository: Path, tmp_path: Path, run: Run) -> None:
    outside = tmp_path / "outside"
    if kind == "a folder":
        outside.mkdir()
    elif kind == "a file":
        outside.write_text("mine")
    (repository / name).parent.mkdir(exist_ok=True)
    (repository / name).symlink_to(outside)
    before = tree(tmp_path)

    result = run("-C", repository, *SET)

    assert result.exit_code == 1
    assert LOCK_FOLDER in result.output
    assert name != LOCK_FOLDER or "is a symbolic link" in result.output
    assert tree(tmp_path) == before


def test_a_pipe_in_its_place_is_told(repository: Path, run: Run) -> None:
    (repository / LOCK_FOLDER).mkdir()
    os.mkfifo(repository / LOCK_FOLDER / "lock")

    result = run("-C", repository, *SET)

    assert result.exit_code == 1
    assert "not a file" in result.output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave something behind that is another user's")
@pytest.mark.parametrize("left", ["nothing", "a folder", "a lock"])
def test_a_run_of_root_shuts_nobody_out(left: str, place: Path, run: Run) -> None:
    repository = place / "network"
    old = os.umask(0o077)
    try:
        if left == "nothing":
            assert run("-C", repository, *SET).exit_code == 0
        elif left == "a folder":
            (repository / LOCK_FOLDER).mkdir(mode=0o755)
        else:
            holding = alone_in(repository)
            holding.__enter__()
            kept = (repository / LOCK_FOLDER / "lock").stat().st_mode
            holding.__exit__(None, None, None)
            (repository / LOCK_FOLDER).mkdir()
            (repository / LOCK_FOLDER).chmod(0o755)
            (repository / LOCK_FOLDER / "lock").touch()
            (repository / LOCK_FOLDER / "lock").chmod(kept & 0o777)
    finally:
        os.umask(old)
    assert (repository / "escscaffold.toml").stat().st_uid == NOBODY

    with without_rights():
        result = run("-C", repository, "set", "reserved.office=10.98.0.0/16")

    assert result.exit_code == 0, result.output


def test_a_repository_that_may_only_be_read_is_read(place: Path, run: Run) -> None:
    repository = place / "network"
    repository.chmod(0o555)
    with without_rights():
        nothing, something = run("generate", "-C", repository), run("-C", repository, *SET)

    assert (nothing.exit_code, something.exit_code) == (0, 1), nothing.output
    assert "No changes" in nothing.output
    assert "Permission denied" in something.output


@pytest.mark.parametrize("command", [["generate"], ["fmt"], SET, ["release", "x"], ["scan", "x", "--reserve"]])
def test_a_folder_without_a_spec_gets_no_lock(command: list[str], tmp_path: Path, run: Run) -> None:
    (tmp_path / "x").write_text("")
    with watched(tmp_path) as made:
        assert run("-C", tmp_path, *command).exit_code == 1

    assert not made


@pytest.mark.parametrize("error", [errno.ENOLCK, errno.ENOTSUP])
def test_a_disk_that_cannot_lock_is_told(error: int, repository: Path, run: Run) -> None:
    with a_disk_without_locks(error):
        result = run("-C", repository, *SET)

    assert result.exit_code == 0
    assert "cannot lock files" in result.output
    assert not (repository / LOCK_FOLDER).exists()
