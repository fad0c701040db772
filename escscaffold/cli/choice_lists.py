"""Lists, completion and line editing on a real terminal: the one module that imports prompt_toolkit.

It decides how keys act and how a list looks. What is asked, and what an answer means, is the interview's.
"""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Timer
from typing import Any

# No request for the cursor's place: a terminal that answers late would type its answer into the next question.
os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")

import click
from prompt_toolkit.application import Application
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.filters import is_done
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import ConditionalContainer, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.shortcuts import CompleteStyle, PromptSession
from prompt_toolkit.styles import Style

from escscaffold.cli.output import hanging, paragraphs, terminal_width
from escscaffold.cli.prompts import BACK, HELP, above

_POINTER, _NO_POINTER = "> ", "  "
_STYLE = Style([("pointed", "bold"), ("answer", "bold"), ("note", "")])
_MENU_LINES = 6
_ROOM = 12
_BEFORE = "As answered before"
_NOWHERE = 4
_SECONDS_TO_END = 2
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class ChoiceLists:
    """Asks by lists and edited lines."""

    keys = (
        "In lists, use the arrow keys or type. Tab completes, ? explains a question, < goes back, Ctrl-C leaves and "
        "writes nothing."
    )
    lists_choices = True

    def text(self, question: str, default: str, suggestions: Sequence[str]) -> str:
        """Return an edited line; known words are completed while typing and by Tab."""
        session: PromptSession[str] = PromptSession(
            [("", above(f"{question} [{default}]: " if default else f"{question}: ", room=_ROOM) + " ")],
            completer=WordCompleter(list(suggestions), ignore_case=True, sentence=True, match_middle=True)
            if suggestions
            else None,
            complete_style=CompleteStyle.COLUMN,
            reserve_space_for_menu=_MENU_LINES if suggestions else 0,
            style=_STYLE,
            color_depth=_color_depth(),
        )
        return _run(session.app) or default

    def choose(self, question: str, default: str, choices: Mapping[str, str]) -> str:
        """Return the choice that Enter was pressed on, `<`, `?`, or typed text that no choice has."""
        # What was typed before going back, such as a number, is a choice then.
        offered = choices if not default or default in choices else {default: _BEFORE, **choices}
        chosen = _ListedChoices(above(f"{question}: ", room=_ROOM) + " ", offered, default)
        return _run(chosen.application())


class _ListedChoices:
    """A list that typing narrows: what begins with the typed text comes first, then what holds it."""

    def __init__(self, prompt: str, choices: Mapping[str, str], default: str) -> None:
        self.prompt = prompt
        self.choices = choices
        self.typed = ""
        self.answer = ""
        self.pointed = list(choices).index(default) if default in choices else 0

    def application(self) -> "Application[str]":
        """Return what shows the list and reads the keys."""
        parts = (self._line, self._rows, self._description)
        windows = [
            Window(FormattedTextControl(part, focusable=part is self._rows), dont_extend_height=True, wrap_lines=wraps)
            for part, wraps in zip(parts, (True, False, True), strict=True)
        ]
        shown = HSplit([windows[0], *(ConditionalContainer(window, ~is_done) for window in windows[1:])])
        return Application(
            layout=Layout(shown, windows[1]), key_bindings=self._keys(), style=_STYLE, color_depth=_color_depth()
        )

    def _matching(self) -> list[str]:
        """Return the names of the choices that fit what was typed; all, where none does."""
        typed = self.typed.lower()
        places = {name: _place(typed, name.lower(), text.lower()) for name, text in self.choices.items()}
        return sorted((name for name in places if places[name] < _NOWHERE), key=lambda name: places[name]) or [*places]

    def _is_unmatched(self) -> bool:
        typed = self.typed.lower()
        return all(_place(typed, name.lower(), text.lower()) == _NOWHERE for name, text in self.choices.items())

    def _line(self) -> StyleAndTextTuples:
        return [("", self.prompt), ("class:answer", self.answer or self.typed)]

    def _rows(self) -> StyleAndTextTuples:
        widest = max(map(len, self.choices))
        rows: StyleAndTextTuples = []
        for number, name in enumerate(self._matching()):
            is_pointed = number == self.pointed
            label = _cut(self.choices[name].partition("\n")[0], terminal_width() - widest - 5)
            rows.append(("[SetCursorPosition]", "") if is_pointed else ("", ""))
            rows.append(
                (
                    "class:pointed" if is_pointed else "",
                    f"{_POINTER if is_pointed else _NO_POINTER}{name.ljust(widest)}  {label}\n",
                )
            )
        return rows

    def _description(self) -> StyleAndTextTuples:
        if self._is_unmatched():
            return [("class:note", paragraphs(f"None of the choices: Enter answers {self.typed}."))]
        label, _, more = self.choices[self._pointed()].partition("\n")
        is_cut = label != _cut(label, terminal_width() - max(map(len, self.choices)) - 5)
        text = "\n".join([*([label] if is_cut else []), *([more] if more else [])])
        return [("class:note", "\n".join(hanging(line, "  ") for line in text.split("\n")))] if text else []

    def _pointed(self) -> str:
        return self._matching()[self.pointed]

    def _move(self, step: int) -> None:
        self.pointed = (self.pointed + step) % len(self._matching())

    def _type(self, text: str) -> None:
        self.typed, self.pointed = text, 0

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        def leave(event: KeyPressEvent, answer: str) -> None:
            self.answer = answer
            event.app.exit(result=answer)

        @keys.add(Keys.Any)
        @keys.add(Keys.BracketedPaste)
        def type_(event: KeyPressEvent) -> None:
            typed = "".join(c for c in event.data if c.isprintable())
            if typed == HELP or (typed == BACK and not self.typed):
                leave(event, typed)
            elif typed:
                self._type(self.typed + typed)

        @keys.add(Keys.Backspace)
        def take_back(event: KeyPressEvent) -> None:
            self._type(self.typed[:-1])

        @keys.add(Keys.ControlU)
        @keys.add(Keys.ControlW)
        def clear(event: KeyPressEvent) -> None:
            self._type("")

        @keys.add(Keys.Down)
        @keys.add(Keys.ControlN)
        @keys.add(Keys.Tab)
        def down(event: KeyPressEvent) -> None:
            self._move(1)

        @keys.add(Keys.Up)
        @keys.add(Keys.ControlP)
        @keys.add(Keys.BackTab)
        def up(event: KeyPressEvent) -> None:
            self._move(-1)

        @keys.add(Keys.Home)
        @keys.add(Keys.PageUp)
        def first(event: KeyPressEvent) -> None:
            self.pointed = 0

        @keys.add(Keys.End)
        @keys.add(Keys.PageDown)
        def last(event: KeyPressEvent) -> None:
            self.pointed = len(self._matching()) - 1

        @keys.add(Keys.Enter)
        @keys.add(Keys.ControlJ)
        def take(event: KeyPressEvent) -> None:
            # What no choice has is the interview's to correct: none of those that are shown was meant.
            leave(event, self.typed if self._is_unmatched() else self._pointed())

        @keys.add(Keys.ControlC)
        @keys.add("<sigint>")
        def interrupt(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt())

        @keys.add(Keys.ControlD)
        def end(event: KeyPressEvent) -> None:
            event.app.exit(exception=EOFError())

        return keys


def _place(typed: str, name: str, text: str) -> int:
    """Return how well a choice fits what was typed: 0 is its name.

    >>> _place("gke", "gke-standard", "gcp: gke standard"), _place("x", "gke-standard", "gcp: gke standard")
    (1, 4)
    """
    label = text.partition("\n")[0]
    fits = (name == typed, name.startswith(typed) or label.startswith(typed), typed in f"{name} {label}", typed in text)
    return fits.index(True) if True in fits else _NOWHERE


def _run(application: "Application[Any]") -> str:
    """Run it; both ways to leave become click's, and a signal that ends the program leaves the terminal as it was."""
    restore_terminal = _restoring(application)
    forced: list[Timer] = []

    def end(number: int, frame: object) -> None:
        if _is_in_background(application):
            # The terminal is another program's: setting its attributes would stop this one (SIGTTOU) before its end.
            os._exit(128 + number)
        # Where it enters or leaves raw mode, prompt_toolkit does not restore it.
        restore_terminal()
        # prompt_toolkit waits for its tasks when it ends; the signal ends the program even if one of them never does.
        forced.append(Timer(_SECONDS_TO_END, os._exit, [128 + number]))
        forced[-1].start()
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in _ENDING}
    try:
        return str(application.run())
    except (KeyboardInterrupt, EOFError):
        raise click.Abort from None
    finally:
        restore_terminal()
        for timer in forced:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_in_background(application: "Application[Any]") -> bool:
    """Whether another job has the terminal, as after Ctrl-Z or `kill -STOP` in a shell; False where there is none."""
    try:
        return os.tcgetpgrp(application.input.fileno()) != os.getpgrp()
    except (AttributeError, NotImplementedError, OSError):  # on Windows, or the input is no terminal
        return False


def _restoring(application: "Application[Any]") -> Callable[[], None]:
    """Return what gives the terminal the attributes that it has now; it does nothing where the input is no terminal."""
    try:
        import termios
    except ImportError:  # on Windows
        return lambda: None
    try:
        file = application.input.fileno()
        attributes = termios.tcgetattr(file)
    except (NotImplementedError, OSError, termios.error):
        return lambda: None

    def restore() -> None:
        with suppress(termios.error):
            termios.tcsetattr(file, termios.TCSANOW, attributes)

    return restore


def _color_depth() -> ColorDepth | None:
    """Return one bit where the command has no color; None leaves it to the terminal and NO_COLOR."""
    context = click.get_current_context(silent=True)
    return ColorDepth.DEPTH_1_BIT if context is not None and context.color is False else None


def _cut(text: str, room: int) -> str:
    """Return as much of a text as fits: the pointed one is shown in full below the list."""
    return text if len(text) <= room else f"{text[: max(room - 3, 0)].rstrip()}..."
