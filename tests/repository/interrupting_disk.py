"""Runs escscaffold, which gets a real signal at a chosen change of the disk: SIGNAL STEP ARGUMENT..."""

import os
import signal
import sys


def main() -> None:
    """Count the changes, and send the signal at the chosen one."""
    chosen = signal.Signals[sys.argv.pop(1)]
    left = [int(sys.argv.pop(1))]

    def count(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("os.rename", "os.link", "os.mkdir"):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), chosen)

    from escscaffold.__main__ import main as escscaffold

    # What runs in the background of a shell ignores the signal, and so does what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.addaudithook(count)
    escscaffold()


if __name__ == "__main__":
    main()
