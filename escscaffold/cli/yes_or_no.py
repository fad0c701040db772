"""Questions that y or n answers, and to which `?`, `<` and another answer are answers as well."""

import click

from escscaffold.cli.output import paragraphs
from escscaffold.cli.prompts import Prompts

BACK, HELP = "<", "?"
_WORDS = {"y": True, "yes": True, "n": False, "no": False}


def yes_or_no(prompts: Prompts, question: str, *, default: bool, explanation: str) -> bool | str:
    """Return True or False, or what else was typed: `<`, or a corrected answer; `?` prints the explanation.

    Enter takes the default, which is the capital letter.
    """
    while True:
        text = prompts.text(f"{question} [{'Y/n' if default else 'y/N'}]", "", ()).strip()
        if text == HELP:
            click.echo(paragraphs(explanation))
            continue
        return default if not text else _WORDS.get(text.lower(), text)
