"""Programs on the PATH, asked for their versions. Whatever stands there gets a few seconds and a few lines."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from threading import Thread, Timer

from msgspec import Struct

SECONDS = 5
_MOST = 1 << 16
_VERSION = re.compile(r"\bv?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)")


class Program(Struct, kw_only=True):
    """A program by its name: where it is, and which version it says it is."""

    name: str
    path: str | None
    version: str = ""
    """Nothing where it did not say."""


def versions(names: Iterable[str]) -> list[Program]:
    """Ask each program for its version, all at once, and wait SECONDS for the last of them."""
    programs = [Program(name=name, path=shutil.which(name)) for name in names]
    # Daemons, so that an answer that never ends holds up nobody.
    asking = [Thread(target=_ask, args=(one,), daemon=True) for one in programs if one.path]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(SECONDS + 1)
    return programs


def _ask(program: Program) -> None:
    assert program.path is not None
    # Terraform would ask its maker's server whether there is a newer one.
    environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    try:
        process = subprocess.Popen(
            [program.path, "--version"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return
    end = Timer(SECONDS, _end, (process,))
    end.start()
    with process:
        assert process.stdout is not None
        text = process.stdout.read(_MOST).decode("utf-8", errors="replace")
        end.cancel()
        _end(process)
    found = _VERSION.search(text)
    program.version = found[1] if found else ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program with all that it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
    process.wait()


def is_in(version: str, wanted: str) -> bool:
    """Whether a version is one that a constraint such as `>= 1.9, < 2.0` asks for.

    >>> [is_in(version, ">= 1.9, < 2.0") for version in ("1.8.5", "1.9.0", "1.11.4", "2.0.0")]
    [False, True, True, False]
    """
    ours = _numbers(version)
    for part in wanted.split(","):
        sign, _, limit = part.strip().partition(" ")
        if (sign == ">=" and ours < _numbers(limit)) or (sign == "<" and ours >= _numbers(limit)):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    numbers = tuple(map(int, version.split(".")))
    return numbers + (0,) * (3 - len(numbers))
