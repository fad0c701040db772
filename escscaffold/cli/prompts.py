"""How the interview reads an answer: plain lines, or lists and completion where a real terminal can show them.

A prompt that is too long for the terminal is broken between words and leaves room for its answer.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Protocol

import click

from escscaffold.cli.output import hanging, paragraphs

ACCESSIBLE = "ACCESSIBLE"
"""The environment variable that asks every program for output that a screen reader can read."""

_ROOM = 10
"""Columns that are left for an answer."""

BACK, HELP = "<", "?"
_WORDS = {"y": True, "yes": True, "n": False, "no": False}


class Prompts(Protocol):
    """Reads answers as typed; each method raises click.Abort on Ctrl-C and at the end of the input."""

    keys: str
    """What the keys do, in words."""
    lists_choices: bool
    """Whether a choice shows each answer in a line of its own."""

    def text(self, question: str, default: str, suggestions: Sequence[str]) -> str:
        """Return the answer; Enter takes the default, Tab completes the words that are known."""

    def choose(self, question: str, default: str, choices: Mapping[str, str]) -> str:
        """Return one of the choices, which are described, or whatever else was typed."""


class PlainPrompts:
    """One line per question, in the order of reading: for screen readers, pipes and simple terminals."""

    keys = "? explains a question, < goes back, Ctrl-C leaves and writes nothing."
    lists_choices = False

    def __init__(self) -> None:
        self._readline: ModuleType | None = None
        with suppress(ImportError):
            self._readline = import_module("readline")  # for arrow keys and Tab, where the system has it

    def text(self, question: str, default: str, suggestions: Sequence[str]) -> str:
        """Print the question and read a line."""
        if self._readline is not None and sys.stdin.isatty():
            self._complete(self._readline, suggestions)
        return _ask(question, default)

    def choose(self, question: str, default: str, choices: Mapping[str, str]) -> str:
        """Print the question with the words that answer it, and read a line."""
        return self.text(f"{question} ({', '.join(choices)})", default, tuple(choices))

    @staticmethod
    def _complete(readline: ModuleType, suggestions: Sequence[str]) -> None:
        def complete(typed: str, number: int) -> str | None:
            words = [word for word in suggestions if word.startswith(typed)]
            return words[number] if number < len(words) else None

        readline.set_completer(complete)
        readline.set_completer_delims(" ")
        # The Python of macOS has libedit under the same name.
        is_libedit = "libedit" in (readline.__doc__ or "")
        readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")


def open_prompts(*, plain: bool) -> Prompts:
    """Return lists on a real terminal, plain lines elsewhere and where they are asked for."""
    if plain or not _can_show_lists():
        return PlainPrompts()
    lists: Callable[[], Prompts] = import_module("escscaffold.cli.choice_lists").ChoiceLists
    return lists()


def _can_show_lists() -> bool:
    """Whether both ends are a terminal that moves its cursor, and plain output is not asked for."""
    if os.environ.get(ACCESSIBLE, "0") not in ("", "0"):
        return False
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    # Windows sets no TERM, and its terminals can.
    return os.environ.get("TERM", "" if os.name != "nt" else "windows") not in ("", "dumb")


def _ask(question: str, default: str = "") -> str:
    """Print the question, its default in brackets, and return the answer; Enter takes the default."""
    answer: str = click.prompt(above(f"{question} [{default}]" if default else question), default, show_default=False)
    return answer


def above(prompt: str, *, room: int = _ROOM) -> str:
    """Print all lines of the prompt but the last, which is returned.

    Readline redraws one line only, and not those above it.
    """
    *lines, last = hanging(prompt, "", room=room).split("\n")
    for line in lines:
        click.echo(line)
    return last


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
