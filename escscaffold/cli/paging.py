"""Long results in a pager, as git shows them: on a terminal only, and where there is more than a screen."""

import os
import shutil
import sys

import click


def show(text: str) -> None:
    """Print the text; in a pager, where a person can scroll and it is longer than the terminal."""
    command = pager_command()
    if command is None or len(text.splitlines()) < shutil.get_terminal_size().lines:
        click.echo(text)
        return
    # Colours stay, a text of one screen is not held, and the screen keeps what was shown: as git has it.
    os.environ.setdefault("LESS", "FRX")
    os.environ["PAGER"] = command
    click.echo_via_pager(text)


def pager_command() -> str | None:
    """Return the pager: that of ESCSCAFFOLD_PAGER or PAGER, or less; None where there is none or nobody to scroll."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        return None
    named = os.environ.get("ESCSCAFFOLD_PAGER", os.environ.get("PAGER"))
    if named is not None:
        return named if named.strip() not in ("", "cat") else None
    return "less" if shutil.which("less") else None
