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
        super().__init__(f"{path} changed meanwhile.", hint="Nothing was written: run it again.")


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with what was asked, before any planning.

    `path` is the key in the spec, outermost first; `place` says where the person wrote it
    ("escscaffold.toml:14" or "--range nodes").
    """

    code: str
    path: tuple[str, ...]
    place: str
    message: str
    fix: str = ""


class SpecError(ScaffoldError):
    """The spec, the flags or the environment variables ask for something that cannot be read."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{p.place}: {p.message}" for p in problems))
        self.problems = problems
