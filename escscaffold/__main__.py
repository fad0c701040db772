"""`escscaffold` and `python -m escscaffold`."""

import sys
from io import TextIOWrapper

from escscaffold import __version__


def main() -> None:
    """Run the command line; `--version` alone is answered before click is imported."""
    if sys.argv[1:] == ["--version"]:
        print(f"escscaffold {__version__}")
        return
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show, such as a file's in another encoding, is no reason to fail.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from escscaffold.cli import cli

    cli(prog_name="escscaffold")


if __name__ == "__main__":
    main()
