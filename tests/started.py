"""An `escscaffold` that is started already: each command is a fork of a process that has imported everything.

Tests run hundreds of commands as processes, which would spend most of their time on importing and on reading templates.
It decides how a command reaches that process and what it takes along: its arguments, folder, environment and streams.
It does not know what a command does; that one starts from nothing is for the tests of the command line.
"""

import atexit
import ctypes
import fcntl
import gc
import marshal
import os
import resource
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pexpect
from ptyprocess import PtyProcess

REPOSITORY = Path(__file__).resolve().parents[1]
SECONDS_BETWEEN_LOOKS = 5.0
MOST_BYTES = 1 << 17
MOST_SECONDS = 300
# One mode of each cloud, so that what is read once for all is read.
MODES = ("eks", "gke-standard", "aks-cni")
PR_SET_CHILD_SUBREAPER = 36

CLIENT = """#!{python} -IS
import marshal, os, socket, sys

server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.connect({path!r})
socket.send_fds(server, [marshal.dumps((os.getcwd(), sys.argv, dict(os.environ), {{}}, False))], [0, 1, 2])
ended = server.recv(100)
sys.exit(marshal.loads(ended)[0] % 256 if ended else "escscaffold was lost")
"""


@cache
def programs() -> Path:
    """Return the folder in which `escscaffold` is a program that calls the process; it is started for the first."""
    # The path of a socket can be a hundred bytes long.
    folder = Path(tempfile.mkdtemp(prefix="escscaffold-", dir=min("/tmp", tempfile.gettempdir(), key=len)))
    path = str(folder / "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(path)
        listening.listen()
        command = [sys.executable, "-m", "tests.started", str(listening.fileno())]
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    program = folder / "escscaffold"
    program.write_text(CLIENT.format(python=sys.executable, path=path), encoding="utf-8")
    program.chmod(0o755)
    atexit.register(_end, process, folder)
    return folder


def _end(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    process.kill()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Ended:
    """How a command ended, the processor seconds that it took, and the bytes of memory that it had at most."""

    code: int
    seconds: float
    memory: int


def run_started(
    folder: Path,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    streams: Sequence[int],
    limits: Mapping[int, int],
) -> Ended:
    """Run a command with these streams and limits (numbers of `resource`), and wait for its end."""
    asked = (str(folder), ["escscaffold", *arguments], dict(environment), dict(limits), False)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.connect(str(programs() / "socket"))
        socket.send_fds(server, [marshal.dumps(asked)], streams)
        return Ended(*marshal.loads(server.recv(100)))


def program() -> str:
    """Return the `escscaffold` to run as a process where a test is not about its start."""
    return str(programs() / "escscaffold")


class AtTerminal(pexpect.spawn):  # type: ignore[misc]
    """An `escscaffold` that is started already, in a terminal of its own; outside Linux it starts as a new process."""

    def __init__(self, arguments: list[str], **options: Any) -> None:
        here = sys.platform == "linux"
        command = program() if here else str(Path(sys.executable).with_name("escscaffold"))
        self._is_started = here
        super().__init__(command, arguments, **options)
        # Nothing echoed is mistaken for something said.
        self.delaybeforesend = None

    def _spawnpty(self, args: list[str], **options: Any) -> PtyProcess:
        if not self._is_started:
            return super()._spawnpty(args, **options)
        _adopt_orphans()
        terminal, inner = os.openpty()
        rows, columns = options.get("dimensions") or (24, 80)
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = dict(options.get("env") or os.environ)
        message = marshal.dumps(
            (str(options.get("cwd") or Path.cwd()), list(map(os.fsdecode, args)), environment, {}, True)
        )
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
            server.connect(str(programs() / "socket"))
            socket.send_fds(server, [message], [inner] * 3)
            os.close(inner)
            (pid,) = struct.unpack("q", server.recv(8))
        made = PtyProcess(pid, terminal)
        made.argv, made.env, made.launch_dir, made.echo = args, environment, options.get("cwd"), True
        return made


@cache
def _adopt_orphans() -> None:
    """Become the parent of what a child leaves: a test waits for the end of its process at a terminal."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def serve(listening: socket.socket) -> None:
    """Fork for each command, until the process that started this one is gone."""
    parent = os.getppid()
    read_all()
    gc.collect()
    gc.freeze()
    with selectors.DefaultSelector() as events:
        events.register(listening, selectors.EVENT_READ)
        while os.getppid() == parent:
            for event, _ in events.select(SECONDS_BETWEEN_LOOKS):
                if event.fileobj is listening:
                    command, _ = listening.accept()
                    if child := start(command):
                        # Ready to be read once the child has ended.
                        events.register(os.pidfd_open(child), selectors.EVENT_READ, (child, command))
                else:
                    events.unregister(event.fileobj)
                    os.close(event.fd)
                    tell_end(*event.data)


def read_all() -> None:
    """Import and read what commands need, by running some."""
    import escscaffold.cli.choice_lists
    import escscaffold.cli.interview
    from escscaffold.cli import cli

    # It sets a variable when it is imported.
    del sys.modules["escscaffold.cli.choice_lists"], escscaffold.cli.choice_lists
    with tempfile.TemporaryDirectory() as folder:
        for mode in MODES:
            repository = f"{folder}/{mode}"
            cli(["init", repository, "--mode", mode, "--yes"], standalone_mode=False)
            cli(["check", "-C", repository], standalone_mode=False)


def start(command: socket.socket) -> int:
    """Start the command in a process and return its number; 0 for one that is left to who asked for it."""
    message, streams, _, _ = socket.recv_fds(command, MOST_BYTES, 3)
    *asked, at_terminal = marshal.loads(message)
    if at_terminal:
        with command:
            command.send(struct.pack("q", left_behind(streams, *asked)))
        child = 0
    elif (child := os.fork()) == 0:
        command.close()
        run(streams, *asked)
    for stream in streams:
        os.close(stream)
    return child


def tell_end(child: int, command: socket.socket) -> None:
    """Tell how the command ended, unless who asked for it ended before."""
    _, status, used = os.wait4(child, 0)
    ended = (os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
    with command, suppress(OSError):
        command.send(marshal.dumps(ended))


def left_behind(streams: list[int], *asked: Any) -> int:
    """Run the command as the first process of its terminal, and leave it to who asked for it; return its number."""
    reading, writing = os.pipe()
    between = os.fork()
    if between == 0:
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.close(writing)
            os.setsid()
            fcntl.ioctl(streams[0], termios.TIOCSCTTY, 0)
            run(streams, *asked)
        os.write(writing, struct.pack("q", child))
        os._exit(0)
    os.close(writing)
    (number,) = struct.unpack("q", os.read(reading, 8))
    os.close(reading)
    # Once the process in between has ended, its child is one of the test's.
    os.waitpid(between, 0)
    return int(number)


def run(streams: list[int], *asked: Any) -> NoReturn:
    """Be the command, and end without giving back each object, which would copy all memory of the started process."""
    become(streams, *asked)
    from escscaffold.__main__ import main

    try:
        main()
    except SystemExit as end:
        # It has printed and flushed all.
        atexit._run_exitfuncs()
        os._exit(int(end.code or 0))
    raise AssertionError("it ends with an exit code")


def become(
    streams: list[int],
    folder: str,
    arguments: list[str],
    environment: Mapping[str, str],
    limits: Mapping[int, int],
) -> None:
    """Be the process that was asked for, as a new interpreter would find itself."""
    # A command that hangs fails its test, and not the session.
    signal.alarm(MOST_SECONDS)
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for stream in streams:
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = arguments
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8")  # noqa: SIM115


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
