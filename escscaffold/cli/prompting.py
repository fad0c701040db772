"""Prompts that fit the terminal: a long one is broken between words and leaves room for its answer."""

import click

from escscaffold.cli.output import hanging

_ROOM = 10
"""Columns that are left for an answer."""


def ask(question: str, default: str = "") -> str:
    """Print the question, its default in brackets, and return the answer; Enter takes the default."""
    answer: str = click.prompt(_above(f"{question} [{default}]" if default else question), default, show_default=False)
    return answer


def agree(question: str, *, default: bool) -> bool:
    """Print a question that is answered by yes or no, and return the answer; Enter takes the default."""
    return click.confirm(_above(f"{question} [{'Y/n' if default else 'y/N'}]"), default, show_default=False)


def _above(prompt: str) -> str:
    """Print all lines of the prompt but the last, which is returned.

    Readline reckons with one line: what is above it is not its own to draw again.
    """
    *above, last = hanging(prompt, "", room=_ROOM).split("\n")
    for line in above:
        click.echo(line)
    return last
