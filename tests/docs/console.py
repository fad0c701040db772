"""Reads the console sessions of a Markdown page, and runs them.

A page is one session in one folder: a command begins with `$ `, a backslash at its end continues it, and the
lines below it are its output, in which `...` stands for any lines. A command has to exit 0, unless the next
one is `echo $?`, which then shows the exit code.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted(REPOSITORY.glob("*.md")),
    *sorted((REPOSITORY / "docs").rglob("*.md")),
]
ANY_LINES = "..."
STATUS = "echo $?"
COLUMNS = 120
SECONDS_AT_MOST = 300

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a page, and the output that the page shows for it: the lines from `start` to `end`."""

    command: str
    shown: tuple[str, ...]
    start: int
    end: int

    def matches(self, output: str) -> bool:
        """Whether the output is what is shown; a page need not show any."""
        return not self.shown or re.fullmatch(_pattern(self.shown), output) is not None


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    status: int
    output: str


def page_name(page: Path) -> str:
    """The page's path as tests are named after it."""
    return page.relative_to(REPOSITORY).as_posix()


def fenced_blocks(text: str, language: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each fenced block of this language: the number of its first line, from 0, and its lines."""
    lines = text.splitlines()
    opened = None
    for number, line in enumerate(lines):
        if opened is None and line.startswith("```"):
            opened = number
        elif opened is not None and line == "```":
            if lines[opened] == f"```{language}":
                yield opened + 1, lines[opened + 1 : number]
            opened = None


def steps_of(text: str) -> list[Step]:
    """Return the commands of a page's console blocks in their order."""
    return [step for start, lines in fenced_blocks(text, "console") for step in _steps(start, lines)]


def _steps(start: int, lines: list[str]) -> Iterator[Step]:
    assert lines and lines[0].startswith("$ "), f"line {start + 1}: a console block begins with a command"
    position = 0
    while position < len(lines):
        command = [lines[position].removeprefix("$ ")]
        position += 1
        while command[-1].endswith("\\"):
            command.append(lines[position])
            position += 1
        first = position
        while position < len(lines) and not lines[position].startswith("$ "):
            position += 1
        assert command != [STATUS] or position > first, f"line {start + first}: {STATUS} has to show the status"
        yield Step(
            command="\n".join(command),
            shown=tuple(line.rstrip() for line in lines[first:position]),
            start=start + first,
            end=start + position,
        )


def _pattern(shown: tuple[str, ...]) -> str:
    return "".join(r"(?:.*\n)*" if line == ANY_LINES else re.escape(line) + r"\n" for line in shown)


class Session:
    """A shell in a folder: it remembers where a command has gone to, and how it exited.

    Programs in the given folder go before all others.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], programs: Path) -> None:
        self.place = folder / "place"
        self.folder = folder / "session"
        self.folder.mkdir()
        self.status = 0
        kept = {name: value for name, value in environment.items() if not name.startswith("ESCSCAFFOLD_")}
        self.environment = kept | {
            "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), environment["PATH"]]),
            "COLUMNS": str(COLUMNS),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "PLACE": str(self.place),
        }

    def run(self, command: str) -> Outcome:
        """Run one command where the last one ended."""
        done = subprocess.run(
            ["sh", "-c", f"trap 'pwd > \"$PLACE\"' EXIT\n(exit {self.status})\n{command}"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=SECONDS_AT_MOST,
            check=False,
        )
        self.folder = Path(self.place.read_text(encoding="utf-8").removesuffix("\n"))
        self.status = done.returncode
        lines = _COLOUR.sub("", done.stdout).splitlines()
        return Outcome(done.returncode, "".join(f"{line.rstrip()}\n" for line in lines))
