"""`escscaffold` and `python -m escscaffold`."""

# `_signal` is the part of `signal` that is built in. Whatever is imported before `main` delays it, and Ctrl-C before
# `main` prints a traceback of Python's.
import _signal  # type: ignore[import-not-found]  # mypy knows `signal` alone
import gc
import os
import sys
from io import TextIOWrapper

from escscaffold import TYPE_CHECKING, __version__

if TYPE_CHECKING:
    from typing import TextIO

_FAILED = 1
_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code; `--version` or `-V` alone is answered before click is imported."""
    handler = _signal.getsignal(_signal.SIGINT)
    if handler is _signal.default_int_handler:
        # Nothing is written before the command line is imported, and an import that Ctrl-C breaks off fails anyhow.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    try:
        _run_and_exit(handler)
    finally:
        _restore_handler(handler)


def _restore_handler(handler: object) -> None:
    """Have Ctrl-C raise KeyboardInterrupt again, so that a command cleans up; an ignored one stays ignored."""
    if handler is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def _run_and_exit(handler: object) -> None:
    """Run the command line, print what its streams still hold, and exit."""
    _open_closed_streams()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Text that the terminal cannot show or send, such as a file's name in another encoding, is no reason to fail.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(handler)
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


def _run(handler: object) -> int | str | None:
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

        _restore_handler(handler)
        cli(prog_name="escscaffold")
    except SystemExit as end:
        return end.code
    except BaseException as error:
        if not _is_interrupt(error):
            raise
        return _INTERRUPTED
    return 0


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether it comes from Ctrl-C; an import that Ctrl-C breaks off can raise RuntimeError (up to Python 3.11)."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


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


def _discard(stream: "TextIO") -> None:
    """Have what a stream could not write go nowhere, or Python would try once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
