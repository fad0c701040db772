"""Prompts that fit the terminal: a long one is broken between words and leaves room for its answer."""

import click

from escscaffold.cli.output import hanging

_ROOM = 10
"""Columns that are left for an answer."""


def ask(question: str, default: str = "") -> str:
    """Print the question, its default in brackets, and return the answer; Enter takes the default."""
    answer: str = click.prompt(above(f"{question} [{default}]" if default else question), default, show_default=False)
    return answer


def above(prompt: str, *, room: int = _ROOM) -> str:
    """Print all lines of the prompt but the last, which is returned.

    Readline reckons with one line: what is above it is not its own to draw again.
    """
    *lines, last = hanging(prompt, "", room=room).split("\n")
    for line in lines:
        click.echo(line)
    return last
