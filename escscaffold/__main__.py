"""`escscaffold` and `python -m escscaffold`."""

import gc
import os
import sys
from io import TextIOWrapper

from escscaffold import __version__


def main() -> None:
    """Run the command line; `--version` alone is answered before click is imported."""
    if sys.argv[1:] == ["--version"]:
        print(f"escscaffold {__version__}")
        return
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Text that the terminal cannot show or send, such as a file's name in another encoding, is no reason to fail.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if "_ESCSCAFFOLD_COMPLETE" in os.environ:
        from escscaffold.cli.shells import register

        register()
    # A run imports much and frees little: collecting as often as usual costs a twentieth of it.
    gc.set_threshold(50_000, 20, 20)
    try:
        from escscaffold.cli import cli

        cli(prog_name="escscaffold")
    except KeyboardInterrupt:  # before the command line has begun
        sys.exit(130)
    except OSError as error:
        # Files have errors of their own; what is left is an output that takes no more.
        sys.exit(f"error {error.strerror or error}")
    finally:
        # What is left goes back to the system as a whole: to look for garbage in it would cost an eighth of the run.
        gc.freeze()


if __name__ == "__main__":
    main()
