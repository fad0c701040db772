"""Makes the disk fail at a chosen step: each change of a file or folder that Python announces is one step.

Python's audit hooks see every such change before it is made, whoever makes it, and what a hook
raises takes the change's place. A hook cannot be removed, so there is one, mostly asleep.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

MAKING = {"open", "os.mkdir", "os.link", "os.symlink", "tempfile.mkdtemp"}
CHANGING = MAKING | {"os.rename", "os.remove", "os.rmdir", "os.chmod", "os.truncate"}


class KilledError(BaseException):
    """The process is gone: nothing that it would still do happens."""


Fault = Callable[[str, int], None]
"""Called with the event and how many steps come after the chosen one (0: the chosen one itself)."""

_watching: list[Callable[[str], None]] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in CHANGING:
        changes = event != "open" or (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR))
        if changes and "__pycache__" not in str(arguments[0]):
            _watching[-1](event)


sys.addaudithook(_hook)


@contextmanager
def fault_at(step: int, fault: Fault) -> Iterator[list[str]]:
    """Let the disk fail from this step on, counted from 0; gives the steps that were tried."""
    steps: list[str] = []

    def watch(event: str) -> None:
        steps.append(event)
        if len(steps) > step:
            fault(event, len(steps) - step - 1)

    _watching.append(watch)
    try:
        yield steps
    finally:
        _watching.pop()


def refused(event: str, later: int) -> None:
    """One step is not permitted."""
    if later == 0:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "somewhere")


def full(event: str, later: int) -> None:
    """Nothing new can be made any more; what is there can still be moved and removed."""
    if event in MAKING:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted(event: str, later: int) -> None:
    """Ctrl-C."""
    if later == 0:
        raise KeyboardInterrupt


def interrupted_twice(event: str, later: int) -> None:
    """Ctrl-C, and again while things are moved back."""
    if later in (0, 1):
        raise KeyboardInterrupt


def killed(event: str, later: int) -> None:
    """Kill -9."""
    raise KilledError
