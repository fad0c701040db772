"""A folder with canaries around it, in which the command line runs in this process and is watched.

What Python does itself is seen by an audit hook: each write, each process, each connection. What a
process of git's does is seen by what it leaves.
"""

import gc
import io
import os
import re
import shutil
import signal
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from escscaffold.__main__ import main

SECRET = "canary-secret"
"""Stands in a file outside; nothing that is printed has it."""
CPU_SECONDS, SECONDS = 10.0, 90
"""How long one run may take: of the processor, and of the clock."""

_CODES = range(6)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PATHS = {
    **dict.fromkeys(("os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.utime", "os.chown"), (0,)),
    **dict.fromkeys(("os.rename", "os.link"), (0, 1)),
    "os.symlink": (1,),
}
_NEVER = {"os.system", "os.exec", "os.fork", "socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request"}


class Broken(AssertionError):  # noqa: N818 - what an input does to a promise
    """A promise that an input broke."""


class TooLong(BaseException):
    """A run took longer than it may; no `except Exception` on the way keeps it."""


@dataclass(kw_only=True)
class Ran:
    """What a run ended with."""

    code: int
    out: str
    err: str
    arguments: tuple[str, ...]


@dataclass
class Sandbox:
    """The folder `work`, in which anything may be written, and what is around it."""

    root: Path
    allowed: tuple[str, ...] = ()
    seen: list[str] = field(default_factory=list)
    """What was done that may not be."""

    @property
    def work(self) -> Path:
        """Where inputs are put and the command line works."""
        return self.root / "work"

    def empty(self) -> None:
        """Begin anew."""
        if self._around() != _AS_IT_WAS:
            for name in os.listdir(self.root):  # noqa: PTH208 - called for each input
                _remove(self.root / name)
            for name in _AROUND:
                (self.root / name).mkdir()
            if git := shutil.which("git"):
                (self.root / "bin/git").symlink_to(git)
            (self.root / "elsewhere/secret.tf").write_text(_secret_file())
            os.chdir(self.root / "elsewhere")
        for name in os.listdir(self.work):  # noqa: PTH208
            _remove(self.work / name)

    def put(self, files: Mapping[str, bytes | str]) -> None:
        """Write files below `work`."""
        for name, body in files.items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body if isinstance(body, bytes) else body.encode("utf-8", errors="surrogatepass"))

    def tree(self) -> dict[str, bytes]:
        """Return all files below `work`; a link counts as where it points to."""
        found: dict[str, bytes] = {}
        for at, folders, names in os.walk(self.work):
            folders[:] = [name for name in folders if name != ".git"]
            for name in names:
                path = os.path.join(at, name)  # noqa: PTH118 - called for each input
                link = os.path.islink(path)  # noqa: PTH114
                found[os.path.relpath(path, self.work)] = os.fsencode(os.readlink(path)) if link else _read(path)  # noqa: PTH115
        return found

    def run(self, *arguments: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None) -> Ran:
        """Run the command line as a person would; raises Broken where it breaks what holds for every run."""
        said, complained = io.BytesIO(), io.BytesIO()
        variables = {"HOME": str(self.root / "home"), "PATH": str(self.root / "bin"), **(variables or {})}
        streams = {
            "stdin": io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
            "stdout": io.TextIOWrapper(said, encoding="utf-8", write_through=True),
            "stderr": io.TextIOWrapper(complained, encoding="utf-8", write_through=True),
        }
        code: Any = 0
        with (
            patch.multiple(sys, argv=["escscaffold", *arguments], **streams),
            patch.dict(os.environ, variables, clear=True),
        ):
            try:
                with _limited(), self._watched():
                    main()
            except SystemExit as end:
                code = end.code or 0
            except TooLong:
                raise Broken(f"it did not end in time: {arguments}") from None
            finally:
                gc.unfreeze()
        ran = Ran(code=code, out=_text(said), err=_text(complained), arguments=arguments)
        self._hold(ran)
        return ran

    def _hold(self, ran: Ran) -> None:
        if not isinstance(ran.code, int) or ran.code not in _CODES:
            raise Broken(f"exit {ran.code!r}: {ran.arguments}\n{ran.err[-500:]}")
        if "Traceback" in ran.err and not {"-v", "--debug"} & set(ran.arguments):
            raise Broken(ran.err)
        coloured = "always" in ran.arguments
        said = set(re.sub(r"\x1b\[\d+m", "", ran.out + ran.err) if coloured else ran.out + ran.err)
        steering = {c for c in said if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")}
        if steering:
            raise Broken(f"{steering!a} reached the terminal: {ran.arguments}")
        # A scan is of what a person has, and reads what files in it link to, as Terraform does.
        if SECRET in ran.out + ran.err and "scan" not in ran.arguments:
            raise Broken(f"what stands outside was read and told: {ran.arguments}")
        if self.seen:
            raise Broken(f"{'; '.join(self.seen)}: {ran.arguments}")
        self._hold_canaries(ran)

    def _around(self) -> object:
        """Return what stands around `work`, but for the file by which one run waits for another."""
        try:
            names = [sorted(os.listdir(self.root / name)) for name in (".", "home", "elsewhere", "tmp")]  # noqa: PTH208
        except OSError as error:
            return error.filename
        waited = [name for name in names.pop() if not re.fullmatch(r"escscaffold-\w+\.lock", name)]
        return *names, waited, _read(str(self.root / "elsewhere/secret.tf")).decode(errors="replace")

    def _hold_canaries(self, ran: Ran) -> None:
        if (there := self._around()) != _AS_IT_WAS:
            raise Broken(f"something was left outside, or changed there: {there}: {ran.arguments}")

    @contextmanager
    def _watched(self) -> Iterator[None]:
        global _watching
        self.seen.clear()
        _watching = self._see
        try:
            yield
        finally:
            _watching = None

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        # As urllib3 finds out whether the machine has IPv6, when pynetbox imports it.
        if event in _NEVER and arguments[1:] != (("::1", 0),):
            self.seen.append(f"{event} {arguments[:2]!a}")
        elif event == "subprocess.Popen":
            program = os.path.basename(str((arguments[1] or [arguments[0]])[0]))  # noqa: PTH119
            if program != "git":
                self.seen.append(f"ran {program}")
        elif event == "open":
            path, mode, flags = arguments
            if not isinstance(path, int) and (
                flags & _WRITING if isinstance(flags, int) and not mode else set(mode or "") & set("wax+")
            ):
                self._see_write(event, path, -1)
        elif event in _PATHS:
            for at in _PATHS[event]:
                folder = arguments[-1] if isinstance(arguments[-1], int) and event in ("os.remove", "os.rmdir") else -1
                self._see_write(event, arguments[at], folder)

    def _see_write(self, event: str, path: Any, folder: int) -> None:
        if isinstance(path, int):
            return
        name = os.fsdecode(path)
        if folder >= 0:
            name = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name)  # noqa: PTH115, PTH118
        above, last = os.path.split(name)
        where = os.path.join(os.path.realpath(above), last)  # noqa: PTH118
        if last == ".." or (
            not where.startswith(self.allowed) and "__pycache__" not in where.split("/") and where != "/dev/null"
        ):
            self.seen.append(f"{event} {where!a}")


_AROUND = ("work", "tmp", "home", "bin", "elsewhere")
_IN_MEMORY = Path("/dev/shm")
_watching: Callable[[str, tuple[Any, ...]], None] | None = None
_hooked = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching is not None:
        _watching(event, arguments)


def _secret_file() -> str:
    return f'resource "aws_vpc" "{SECRET}" {{\n  cidr_block = "10.123.0.0/16"\n}}\n'


_AS_IT_WAS = sorted(_AROUND), [], ["secret.tf"], [], _secret_file()


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """Make a sandbox, and work in a folder of it in which nothing may appear."""
    global _hooked
    if not _hooked:
        sys.addaudithook(_hook)  # for good: Python takes none away
        _hooked = True
    # A disk in memory, where there is one, is a third faster.
    home = _IN_MEMORY if _IN_MEMORY.is_dir() and os.access(_IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=home) as name:
        root = Path(name).resolve()
        before = Path.cwd(), tempfile.tempdir
        tempfile.tempdir = str(root / "tmp")
        box = Sandbox(root, (f"{root}/work", f"{root}/tmp"))
        box.empty()
        try:
            yield box
        finally:
            os.chdir(before[0])
            tempfile.tempdir = before[1]


@contextmanager
def _limited() -> Iterator[None]:
    """Raise TooLong in the block when it has had its time."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = [(one, signal.signal(one, stop)) for one in (signal.SIGPROF, signal.SIGALRM)]
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for one, handler in before:
            signal.signal(one, handler)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _text(stream: io.BytesIO) -> str:
    return stream.getvalue().decode("utf-8")


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes() if os.path.isfile(path) else b""  # noqa: PTH113 - called for each input
    except OSError:
        return b""
