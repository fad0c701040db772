"""An edit that is saved while a command runs is never lost: the command gives up with all as it was, or ends first."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from escscaffold.errors import MeanwhileError
from escscaffold.repository import atomic_files
from escscaffold.repository.journal import Change
from escscaffold.repository.transaction import write_changes
from tests.cli.conftest import tree
from tests.conftest import Run
from tests.properties import tries_more
from tests.repository import meanwhile
from tests.repository.meanwhile import COMMANDS, LOCK, SAVING, SPEC, at_moment, by_rename, in_place

TRIES = 2 if tries_more() else 1


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def made(place: Path) -> Path:
    meanwhile.make(place / "made")
    return place / "made"


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_loses_an_edit(command: str, made: Path, place: Path) -> None:
    """Some moments of each; `python -m tests.repository.meanwhile` tries all of them."""
    folder = place / "network"
    meanwhile.prepare(command, folder, made)
    moments = meanwhile.moments_of(command, folder)
    codes = set()
    for number, name in enumerate(COMMANDS[command][1]):
        first = meanwhile.first_moment(command, name, moments)
        last = len(moments) - 1
        for part in range(TRIES):
            chosen = first + (last - first) * (part * len(COMMANDS[command][1]) + number) // (TRIES * 6)
            meanwhile.prepare(command, folder, made)
            codes.add(meanwhile.try_moment(command, name, SAVING[(number + part) % 2], chosen, folder))
    assert codes <= {0, 1, 4, None}


@pytest.mark.parametrize("name", [SPEC, LOCK])
def test_it_is_told_which_file_and_how_to_go_on(name: str, repository: Path, run: Run) -> None:
    arguments = ["-C", str(repository), "set", "reserved.office=10.99.0.0/16"]
    with at_moment(-1, repository, lambda: None) as moments:
        shutil.copytree(repository, repository.with_name("kept"))
        assert run(*arguments).exit_code == 0
    shutil.rmtree(repository)
    repository.with_name("kept").rename(repository)
    before = tree(repository)
    mine = (repository / name).read_bytes() + b"# mine\n"
    staging = next(n for n, one in enumerate(moments) if "/.escscaffold-" in one and "-lock" not in one)

    with at_moment(staging - len(before), repository, lambda: in_place(repository / name, mine)):
        result = run(*arguments)

    assert result.exit_code == 1
    assert f"{name} changed during the run." in result.output
    assert "Nothing was written. Run again" in result.output
    assert "set reserved.office=10.99.0.0/16" in " ".join(result.output.split())
    assert tree(repository) == {**before, name: mine}


FILES = {"a.tf": "old\n", "deep/b.tf": "old\n", "deep/gone.tf": "old\n", "lock": "old\n"}
CHANGES = [
    Change(path="a.tf", old="old\n", text="new\n"),
    Change(path="deep/b.tf", old="old\n", text="new\n"),
    Change(path="deep/gone.tf", old="old\n", text=None),
    Change(path="deep/new.tf", old=None, text="new\n"),
    Change(path="lock", old="old\n", text="new\n"),
]


def delete(path: Path, text: bytes) -> None:
    path.unlink(missing_ok=True)


def with_other_line_ends(path: Path, text: bytes) -> None:
    in_place(path, b"old\r\n")


def by_link(path: Path, text: bytes) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("/nowhere/mine")


def bytes_at(path: Path) -> bytes | str | None:
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize("name", ["a.tf", "deep/gone.tf", "deep/new.tf", "lock"])
@pytest.mark.parametrize("save", [in_place, by_rename, delete, with_other_line_ends, by_link])
def test_what_is_saved_at_any_moment_of_a_write_stays(
    name: str, save: Callable[[Path, bytes], None], place: Path
) -> None:
    folder = place / "plain"
    given_up = ended = 0
    for chosen in range(1000):
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in FILES.items():
            in_place(folder / path, text.encode())
        saved: list[bytes | str | None] = []

        def edit() -> None:
            if save is delete and not (folder / name).exists():
                return  # nothing to delete yet
            save(folder / name, b"mine\n")
            saved.append(bytes_at(folder / name))  # noqa: B023

        with at_moment(chosen, folder, edit) as moments:
            try:
                write_changes(folder, CHANGES)
                ended += bool(saved)
            except Exception as error:
                assert isinstance(error, MeanwhileError) or "symbolic link" in str(error) or save is by_link, error
                given_up += 1
                left = {path: body for path, body in tree(folder).items() if body != "/" and path != name}
                assert left == {path: text.encode() for path, text in FILES.items() if path != name}, chosen
        if len(moments) <= chosen:
            break
        if not saved or (name == "deep/gone.tf" and save is delete):
            continue
        assert bytes_at(folder / name) == saved[0], f"at {chosen}"
    assert given_up > 3 or save is delete
    assert ended > 3


@pytest.mark.parametrize("save", [in_place, by_rename])
@pytest.mark.parametrize("name", ["a.tf", "deep/gone.tf", "deep/new.tf", "lock"])
def test_without_an_exchange_one_moment_is_left(
    name: str, save: Callable[[Path, bytes], None], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is replaced right before ours is renamed; what is written into a file is found all the same."""
    monkeypatch.setattr(sys, "platform", "freebsd14")
    atomic_files.system_call.cache_clear()
    folder, lost = place / "old-system", []
    try:
        for chosen in range(1000):
            shutil.rmtree(folder, ignore_errors=True)
            for path, text in FILES.items():
                in_place(folder / path, text.encode())

            def edit() -> None:
                save(folder / name, b"mine\n")

            with at_moment(chosen, folder, edit) as moments, suppress(MeanwhileError):
                write_changes(folder, CHANGES)
            if len(moments) <= chosen:
                break
            if bytes_at(folder / name) != b"mine\n":
                lost.append(moments[chosen])
    finally:
        atomic_files.system_call.cache_clear()
    assert len(lost) == (1 if save is by_rename and name in ("a.tf", "lock") else 0), lost


def test_what_an_open_editor_writes_after_its_file_was_replaced_is_put_back(tmp_path: Path) -> None:
    """It holds the old file, which has no name any more; that is seen as long as the write has not ended."""
    for path, text in FILES.items():
        in_place(tmp_path / path, text.encode())
    with (tmp_path / "a.tf").open("ab") as editor:

        def edit() -> None:
            editor.write(b"mine\n")
            editor.flush()

        with at_moment(-1, tmp_path, lambda: None) as moments:
            write_changes(tmp_path, CHANGES)
        replaced = next(n for n, one in enumerate(moments) if one.endswith("deep/b.tf") and n > len(moments) // 2)
    for path in (tmp_path / "deep", tmp_path / "a.tf", tmp_path / "lock"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path, text in FILES.items():
        in_place(tmp_path / path, text.encode())
    with (
        (tmp_path / "a.tf").open("ab") as editor,
        at_moment(replaced, tmp_path, edit),
        pytest.raises(MeanwhileError),
    ):
        write_changes(tmp_path, CHANGES)

    assert (tmp_path / "a.tf").read_bytes() == b"old\nmine\n"
    assert (tmp_path / "deep/b.tf").read_bytes() == b"old\n"
