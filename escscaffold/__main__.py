"""`escscaffold` and `python -m escscaffold`."""

import gc
import os
import sys
from io import TextIOWrapper
from typing import TextIO

from escscaffold import __version__

_FAILED = 1


def main() -> None:
    """Run the command line and exit with its code; `--version` or `-V` alone is answered before click is imported."""
    _open_closed_streams()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Text that the terminal cannot show or send, such as a file's name in another encoding, is no reason to fail.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run()
        # Here and not by Python at its end: it would exit with 120 and print an exception that it ignores.
        sys.stdout.flush()
    except OSError as error:
        # Files have errors of their own; what is left is an output that takes no more.
        code = _FAILED if isinstance(error, BrokenPipeError) else f"error standard output: {error.strerror or error}"
        _discard(sys.stdout)
    finally:
        # What is left goes back to the system as a whole: to look for garbage in it would cost an eighth of the run.
        gc.freeze()
    _exit(code)


def _run() -> int | str | None:
    """Return the exit code, as `sys.exit` takes it."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"escscaffold {__version__}")
        return 0
    if "_ESCSCAFFOLD_COMPLETE" in os.environ:
        from escscaffold.cli.shells import register

        register()
    # A run imports much and frees little: collecting as often as usual costs a twentieth of it, and one collection of
    # all that `init` has made as much.
    gc.set_threshold(200_000, 20, 20)
    try:
        from escscaffold.cli import cli

        cli(prog_name="escscaffold")
    except KeyboardInterrupt:  # before the command line has begun
        return 130
    except SystemExit as end:
        return end.code
    return 0


def _exit(code: int | str | None) -> None:
    """Exit with the code; one that is a message is printed, unless standard error takes no more either."""
    try:
        if isinstance(code, str):
            print(code, file=sys.stderr)
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)
    sys.exit(_FAILED if isinstance(code, str) else code)


def _open_closed_streams() -> None:
    """Put something in the place of standard streams that the caller has closed, as `escscaffold plan >&-` does.

    The next file that is opened would take their numbers. Input and output are opened the wrong way
    round: to read from one or to print to the other fails, and is reported.
    """
    for number, name, way in ((0, "stdin", os.O_WRONLY), (1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, way)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            stream: TextIO = open(number, "w" if number else "r", encoding="utf-8")  # noqa: PTH123, SIM115
            setattr(sys, name, stream)


def _discard(stream: TextIO) -> None:
    """Have what a stream could not write go nowhere, or Python would try once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
