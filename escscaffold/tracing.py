"""What a run does, on standard error, with `--debug`: programs that it runs, requests, files that it writes.

It decides what a line looks like. It knows nothing of the terminal, and costs nothing where it is off.
"""

import sys
import time
from collections.abc import Sequence

_started: float | None = None


def start_tracing() -> None:
    """Trace from now on; seconds are counted from here."""
    global _started
    _started = time.monotonic()


def stop_tracing() -> None:
    """Trace no more; another command of the same process begins without."""
    global _started
    _started = None


def is_tracing() -> bool:
    """Whether a run prints what it does, and the traceback of an error."""
    return _started is not None


def trace(text: str) -> None:
    """Print what is done, and when."""
    if _started is not None:
        safe = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
        print(f"debug {time.monotonic() - _started:.3f}s {safe}", file=sys.stderr)


def trace_program(program: str, arguments: Sequence[str], folder: object) -> None:
    """Print a program that is run."""
    if _started is not None:
        from shlex import join  # most runs trace nothing

        trace(f"run {join([program, *arguments])} in {folder}")
