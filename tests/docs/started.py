"""An `escscaffold` that is started already: each command is a fork of a process that has imported everything.

Pages show more than a hundred commands, and each would spend most of its time on importing and on reading templates.
It decides how a command reaches that process and what it takes along: its arguments, folder, environment and streams.
It does not know what a command does; that one starts from nothing is for the tests of the command line.
"""

import gc
import marshal
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from escscaffold.__main__ import main

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS_BETWEEN_LOOKS = 5.0
MOST_BYTES = 1 << 17
# One mode of each cloud, so that what is read once for all is read.
MODES = ("eks", "gke-standard", "aks-cni")

CLIENT = """#!{python} -IS
import marshal, os, socket, sys

server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.connect({path!r})
socket.send_fds(server, [marshal.dumps((os.getcwd(), sys.argv, dict(os.environ)))], [0, 1, 2])
status = server.recv(1)
sys.exit(status[0] if status else "escscaffold was lost")
"""


@contextmanager
def started_escscaffold(folder: Path) -> Iterator[Path]:
    """Start it, and yield the folder in which `escscaffold` is a program that calls it."""
    # The path of a socket can be a hundred bytes long.
    with tempfile.TemporaryDirectory(dir=min("/tmp", tempfile.gettempdir(), key=len)) as short:
        path = f"{short}/escscaffold"
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
            listening.bind(path)
            listening.listen()
            command = [sys.executable, "-m", __name__, str(listening.fileno())]
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
        try:
            yield folder
        finally:
            process.kill()
            process.wait()


def serve(listening: socket.socket) -> None:
    """Fork for each command, until the process that started this one is gone."""
    parent = os.getppid()
    read_all()
    gc.freeze()
    listening.settimeout(SECONDS_BETWEEN_LOOKS)
    waiting: list[int] = []
    while os.getppid() == parent:
        try:
            command, _ = listening.accept()
        except TimeoutError:
            continue
        child = os.fork()
        if child == 0:
            wait_for(command)
        command.close()
        waiting = [one for one in [*waiting, child] if os.waitpid(one, os.WNOHANG) == (0, 0)]


def read_all() -> None:
    """Import and read what commands need, by running some."""
    from escscaffold.cli import cli

    with tempfile.TemporaryDirectory() as folder:
        for mode in MODES:
            repository = f"{folder}/{mode}"
            cli(["init", repository, "--mode", mode, "--yes"], standalone_mode=False)
            cli(["check", "-C", repository], standalone_mode=False)


def wait_for(command: socket.socket) -> NoReturn:
    """Run the command in a process of its own, and tell its status."""
    message, streams, _, _ = socket.recv_fds(command, MOST_BYTES, 3)
    child = os.fork()
    if child == 0:
        command.close()
        become(streams, *marshal.loads(message))
        sys.exit(main())
    _, status = os.waitpid(child, 0)
    command.send(bytes([os.waitstatus_to_exitcode(status) % 256]))
    os._exit(0)


def become(streams: list[int], folder: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Be the process that was asked for, as a new interpreter would find itself."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
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
