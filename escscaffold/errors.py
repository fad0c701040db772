"""Errors whose text is meant for the person who runs the command.

They know nothing of the terminal: the command line prints them and picks the exit code.
"""

from msgspec import Struct


class ScaffoldError(Exception):
    """What is wrong with which value, and what to do about it."""

    def __init__(self, problem: str, *, hint: str = "") -> None:
        super().__init__(f"{problem}\n{hint}" if hint else problem)
        self.problem = problem
        self.hint = hint


class MeanwhileError(ScaffoldError):
    """A file is another one than the run has read and decided on."""

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} changed during the run.", hint="Nothing was written: run again.")


class UnknownNameError(ScaffoldError):
    """A name that was given does not exist; `flag` is where the command line takes it."""

    def __init__(self, message: str, *, flag: str) -> None:
        super().__init__(message)
        self.flag = flag


class ArgumentsError(ScaffoldError):
    """Arguments that exclude each other, or do not belong to this job: wrong usage on the command line."""


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with what was asked, before any planning.

    `path` is the key in the spec, outermost first; `place` is where it is written
    ("escscaffold.toml:14" or "--range nodes").
    """

    code: str
    path: tuple[str, ...]
    place: str
    message: str
    fix: str = ""
    reason: str = ""
    """Why this value is refused; empty for the reason of the rule."""
    source: str = ""
    """Where the reason is documented; empty for the source of the rule."""


class SpecError(ScaffoldError):
    """The spec, the flags or the environment variables ask for something that cannot be read."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{p.place}: {p.message}" for p in problems))
        self.problems = problems


class WrongUsageError(SpecError):
    """What the flags or the environment variables ask for cannot be read."""


def printable(text: str) -> str:
    r"""Return the text with control characters written out, so that nothing in it steers the terminal.

    >>> print(printable("\x1b[2Jprod"))
    \x1b[2Jprod
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
