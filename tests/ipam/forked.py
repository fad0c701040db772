"""Runs escscaffold in forks of the test's process, which have imported everything already."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from escscaffold.cli import cli


def fork(arguments: Sequence[object], output: Path) -> int:
    """Start escscaffold with these arguments and return the number of its process; its output goes to a file."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, 1)
        os.dup2(file, 2)
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - ends with the process
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
        try:
            cli([str(part) for part in arguments], prog_name="escscaffold")
        except SystemExit as ended:
            code = int(ended.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def wait(pid: int) -> int:
    """Return how the process ended: its exit code, or a signal below zero."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
