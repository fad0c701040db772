"""Edits a file while a command runs, at each moment at which the command touches the repository, and says what is lost.

Python announces each file that is opened, listed, renamed, linked or removed before that happens; whatever a program
decides by, it has got from there. So an edit right before each of these is an edit at every moment that counts.

`python -m tests.repository.meanwhile [EVERY]` tries every moment (or every EVERYth) of every command and file.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from click.testing import CliRunner, Result

from escscaffold.cli import cli
from tests.cli.conftest import EKS, tree

MARK = b"\n# mine, saved in this moment\n"
_TOUCHING = {
    *("open", "os.listdir", "os.scandir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod"),
    *("tempfile.mkdtemp", "os.setxattr", "os.chown"),
}

_watching: list[tuple[str, Callable[[str], None]]] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in _TOUCHING:
        folder, watch = _watching[-1]
        touched = [os.fsdecode(one) for one in arguments[:2] if isinstance(one, str | bytes | Path)]
        if any(folder in one for one in touched):
            _watching.append(("\0", lambda _: None))  # what is done meanwhile is not watched
            try:
                watch(touched[0])
            finally:
                _watching.pop()


sys.addaudithook(_hook)


@contextmanager
def at_moment(chosen: int, folder: Path, edit: Callable[[], None]) -> Iterator[list[str]]:
    """Have the edit made at this moment, counted from 0; gives what is touched at each of the moments."""
    moments: list[str] = []

    def watch(touched: str) -> None:
        moments.append(touched)
        if len(moments) - 1 == chosen:
            edit()

    _watching.append((str(folder), watch))
    try:
        yield moments
    finally:
        _watching.pop()


def in_place(path: Path, text: bytes) -> None:
    """Save as an editor does that writes into the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def by_rename(path: Path, text: bytes) -> None:
    """Save as an editor does that writes another file and renames it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    swap = path.with_name(f"{path.name}.swp")
    swap.write_bytes(text)
    swap.replace(path)


SAVING = [in_place, by_rename]

SPEC, LOCK, README = "escscaffold.toml", "escscaffold.lock", "README.md"
TFVARS, MAIN, OUTPUTS = (f"environments/prod/{name}" for name in ("terraform.tfvars", "main.tf", "outputs.tf"))
OLD = "environments/old/main.tf"
WORKFLOW, SCHEMA = ".github/workflows/terraform.yml", ".escscaffold/schema.json"

COMMANDS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "set": (["set", "prod.region=eu-west-1", "--accept-replace", "prod"], [SPEC, LOCK, README, TFVARS, MAIN]),
    "add": (["add", "test", *EKS, "--yes"], [SPEC, LOCK, README, WORKFLOW, "environments/test/main.tf"]),
    "rename": (["rename", "old", "live"], [SPEC, LOCK, README, OLD]),
    "remove": (["remove", "old"], [SPEC, LOCK, README, WORKFLOW, OLD]),
    "scan": (["scan", "{folder}/found.txt", "--reserve"], [SPEC, LOCK]),
    "fmt": (["fmt"], [SPEC]),
    "generate": (["generate", "--accept-replace", "prod"], [SPEC, LOCK, README, TFVARS, MAIN, SCHEMA]),
    "release": (["release", OUTPUTS], [SPEC, LOCK, OUTPUTS]),
    "restore": (["generate", "--restore"], [LOCK, OUTPUTS]),
    "init": (["init", ".", *EKS, "--yes"], [SPEC, LOCK, README, MAIN]),
}
"""By name: the arguments, and the files that somebody edits meanwhile."""


def run(folder: Path, arguments: Sequence[str]) -> Result:
    words = [one.format(folder=folder) for one in arguments]
    return CliRunner().invoke(cli, ["-C", str(folder), *words], prog_name="escscaffold")


def prepare(command: str, folder: Path, made: Path) -> None:
    """Make a repository in which the command has a lot to write, from one that holds `prod` and `old`."""
    shutil.rmtree(folder, ignore_errors=True)
    if command == "init":
        folder.mkdir()
        return
    shutil.copytree(made, folder)
    spec = folder / SPEC
    if command == "generate":
        spec.write_text(spec.read_text().replace("eu-central-1", "eu-west-1", 1))
        (folder / README).write_text("# Ours\n" + (folder / README).read_text())
        (folder / SCHEMA).unlink()
        lock = folder / LOCK
        lock.write_text("".join(one for one in lock.read_text().splitlines(keepends=True) if SCHEMA not in one))
    elif command == "fmt":
        spec.write_text(spec.read_text().replace(" = ", "   =   "))
    elif command == "restore":
        (folder / OUTPUTS).unlink()
        assert run(folder, ["generate"]).exit_code == 0
    (folder / "found.txt").write_text("192.168.7.0/24 office\n")


def make(folder: Path) -> None:
    """Make the repository that others are copied from."""
    folder.mkdir()
    for arguments in (["init", ".", *EKS, "--environment", "prod", "--yes"], ["add", "old", *EKS, "--yes"]):
        result = run(folder, arguments)
        assert result.exit_code == 0, result.output


def try_moment(command: str, name: str, save: Callable[[Path, bytes], None], chosen: int, folder: Path) -> int | None:
    """Run the command with one edit in it; returns its exit code, None where it ended before that moment.

    Raises AssertionError where the edit is lost, or where a run that gave up has changed something.
    """
    arguments, _ = COMMANDS[command]
    before = tree(folder)
    edited: list[bytes] = []
    path = folder / name

    def edit() -> None:
        place = (
            path if path.exists() or not name.startswith("environments/old") else Path(str(path).replace("old", "live"))
        )
        text = place.read_bytes() if place.exists() else b""
        # At the end of a spec it would belong to the last environment, and be removed with it.
        edited.append(MARK + text if name == SPEC else text + MARK)
        save(place, edited[0])

    with at_moment(chosen, folder, edit) as moments:
        result = run(folder, arguments)
    if len(moments) <= chosen:
        return None
    what = f"{command}: {name} edited {save.__name__} at {chosen}: exit {result.exit_code}\n{result.output}"
    after = tree(folder)
    places = [name, f"{name}.escscaffold-new", name.replace("environments/old", "environments/live")]
    found = [body for place in places if isinstance(body := after.get(place), bytes) and MARK.strip() in body]
    assert found, f"lost: {what}"
    assert "Traceback" not in result.output and (
        result.exception is None or result.exit_code != 1 or isinstance(result.exception, SystemExit)
    ), what
    if "changed during the run" in result.output:
        assert result.exit_code == 1, what
        assert edited[0] in found, f"not byte for byte: {what}"
        left = {place: body for place, body in after.items() if place != name and body != "/"}
        assert left == {place: body for place, body in before.items() if place != name and body != "/"}, f"half: {what}"
    return result.exit_code


def moments_of(command: str, folder: Path) -> list[str]:
    """Return what a run without an edit touches, moment by moment."""
    with at_moment(-1, folder, lambda: None) as moments:
        result = run(folder, COMMANDS[command][0])
    assert result.exit_code == 0, result.output
    return moments


def first_moment(command: str, name: str, moments: list[str]) -> int:
    """Return from when on an edit of the file has to survive: a lock is read for what it says, not for its text."""
    read = [number for number, one in enumerate(moments) if one.endswith(LOCK)]
    if name != LOCK or not read:
        return 0
    return 1 + read[1 if command == "add" else 0]  # which reads again what it has waited for


def main() -> None:
    """Try all moments, and print what was lost."""
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    only = sys.argv[2:] or list(COMMANDS)
    begun, lost, tried = time.monotonic(), 0, 0
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as place:
        made, folder = Path(place, "made"), Path(place, "network")
        make(made)
        for command in only:
            prepare(command, folder, made)
            moments = moments_of(command, folder)
            codes: dict[int | None, int] = {}
            for name in COMMANDS[command][1]:
                for save in SAVING:
                    for chosen in range(first_moment(command, name, moments), len(moments) + 40, every):
                        prepare(command, folder, made)
                        try:
                            code = try_moment(command, name, save, chosen, folder)
                        except AssertionError as error:
                            lost += 1
                            print(error, flush=True)
                            continue
                        tried += code is not None
                        codes[code] = codes.get(code, 0) + 1
            print(f"{command}: {len(moments)} moments, exit codes {codes}", flush=True)
    print(f"{tried} edits, {lost} lost, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
