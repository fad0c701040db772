"""What takes more than a second says so to a person who watches, and takes it back when it is done."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from escscaffold.cli.output import Output, shorten

_CLEAR = "\r\x1b[K"


@contextmanager
def working(on: str, output: Output) -> Iterator[None]:
    """Tell on a terminal what the block works on, once it has taken a second; the block itself prints nothing."""
    if output.quiet or output.as_json or not _is_watched():
        yield
        return
    done = Event()
    ticker = Thread(target=_tick, args=(shorten(on), done), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()


def _is_watched() -> bool:
    """Whether standard error is a terminal that can take a line back, with a person before it."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def _tick(on: str, done: Event) -> None:
    begun = time.monotonic()
    shown_once = False
    while not done.wait(1):
        print(f"{_CLEAR}{on} ... {int(time.monotonic() - begun)} s", end="", file=sys.stderr, flush=True)
        shown_once = True
    if shown_once:
        print(_CLEAR, end="", file=sys.stderr, flush=True)
