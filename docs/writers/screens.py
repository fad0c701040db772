"""Screens of a terminal as pictures: real commands in a pseudo-terminal, and what it shows of them as SVG.

It decides what is typed and how a screen is drawn. It knows nothing of what a command prints: a change of that shows as
a picture that is not fresh.
"""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from shlex import join
from typing import Any

import pexpect
import pyte

from docs.writers.running import GUIDE, run
from escscaffold.drawing.svg import text_only

_COLUMNS, _ROWS = 88, 80
_NARROWED = ("> eks ", "> default")
"""What is pointed at before typing narrows the list."""
_LETTER, _LINE, _MARGIN = 8, 19, 16
_KINDS = {"red": "wrong", "brown": "doubt"}
_STYLE = (
    "text{font:13.33px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#17202b}.b{font-weight:600}"
    ".paper{fill:#f6f8fa;stroke:#c4ccd6}.wrong{fill:#a40e26}.doubt{fill:#7a4d00}"
    "@media(prefers-color-scheme:dark){text{fill:#eef3f9}.paper{fill:#0f141b;stroke:#3d4856}"
    ".wrong{fill:#ff9d96}.doubt{fill:#e6b450}}"
)


def _plan() -> str:
    """Draw a plan whose pods are out of reach."""
    command = ("plan", *GUIDE[6:-2], "--range", "pods=10.120.0.0/14")
    return _screen("A plan whose pods are outside every route", command)


def _interview() -> str:
    """Draw the end of the questions of `init`."""
    typed = (
        *(("Name of the environment", ""), ("> eks ", "gke-s"), ("> gke-standard", ""), ("Region", "")),
        *(("Ranges in use", "office=10.10.0.0/16"), ("> nothing", ""), ("> default", "cidr"), ("> cidr", "")),
        *(("Range kurrent", "172.22.110.0/24"), ("Range nodes", "172.30.0.0/16"), ("Range pods", "/17")),
        *(("Range services", ""), ("> github", ""), ("Write the repository", "y")),
    )
    return _screen("The end of the interview", ("init", "demo"), typed=typed, rows=33)


def _list() -> str:
    """Draw a list of the interview, as typing narrows it."""
    typed = (("Name of the environment", ""), ("> eks ", "gke"), ("route to both.", None))
    return _screen("A list of the interview, narrowed by typing", ("init", "demo"), typed=typed)


def _set() -> str:
    """Draw an answer that would replace a cluster."""
    return _screen("set stops before a cluster is replaced", ("set", "ranges.pods=172.31.0.0/16"), made=("",))


def _review() -> str:
    """Draw the review of a wider range for pods."""
    return _screen("review says what a change costs", ("review", "before", "after"), made=("before", "after"))


SCREENS: dict[str, Callable[[], str]] = {
    "images/screen-finding.svg": _plan,
    "images/screen-interview.svg": _interview,
    "images/screen-list.svg": _list,
    "images/screen-review.svg": _review,
    "images/screen-set.svg": _set,
}
"""What draws each screen, by its path below docs/."""


def _screen(
    title: str,
    command: Sequence[str],
    *,
    typed: Sequence[tuple[str, str | None]] = (),
    made: Sequence[str] = (),
    rows: int = _ROWS,
) -> str:
    """Run a command in an empty folder, or beside the repositories that are made there before, and draw its screen.

    `typed` are texts to wait for and what is typed then, with Enter where a choice or a line is complete; the screen is
    drawn as it stands where nothing is typed.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name in made:
            run("init", str(Path(folder, name)), *GUIDE, "--yes")
        if "after" in made:
            run("set", "-C", str(Path(folder, "after")), "ranges.pods=172.31.0.0/16", "--accept-replace", "prod")
        screen = pyte.Screen(_COLUMNS, rows)
        stream = pyte.Stream(screen)
        stream.feed(_typed_line(join(["escscaffold", *command])))
        status = _in_terminal(Path(folder), command, typed, screen, stream)
    if status:
        stream.feed(f"$ echo $?\r\n{status}\r\n")
    return "\n".join(_drawn(title, screen))


def _typed_line(line: str) -> str:
    """Return a command as a person types it: a long one goes on in a second line, before an option."""
    if len(line) + 2 <= _COLUMNS:
        return f"$ {line}\r\n"
    edge = line.rindex(" --", 0, _COLUMNS - 4)
    return f"$ {line[:edge]} \\\r\n   {line[edge:]}\r\n"


def _in_terminal(
    folder: Path,
    command: Sequence[str],
    typed: Sequence[tuple[str, str | None]],
    screen: pyte.Screen,
    stream: pyte.Stream,
) -> int:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("ESCSCAFFOLD_")}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "ACCESSIBLE"):
        variables.pop(name, None)
    child: Any = pexpect.spawn(
        sys.executable,
        ["-m", "escscaffold", *command],
        cwd=str(folder),
        # CI takes the words away by which long work says what it is at.
        env={
            **variables,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "TERM": "xterm",
            "INPUTRC": "/dev/null",
            "CI": "1",
        },
        encoding="utf-8",
        timeout=60,
        dimensions=(_ROWS, _COLUMNS),
    )
    for awaited, keys in typed:
        while awaited not in "\n".join(screen.display):
            stream.feed(child.read_nonblocking(65536, timeout=60))
        if keys is None:
            child.close(force=True)
            return 0
        child.send(keys if awaited in _NARROWED else f"{keys}\r")
    child.expect(pexpect.EOF)
    stream.feed(child.before)
    return int(child.wait())


def _drawn(title: str, screen: pyte.Screen) -> Iterator[str]:
    lines = [line.rstrip() for line in screen.display]
    while not lines[-1]:
        lines.pop()
    width, height = _COLUMNS * _LETTER + 2 * _MARGIN, len(lines) * _LINE + 2 * _MARGIN
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">'
    yield f'  <title id="title">{text_only(title)}</title>'
    yield f'  <desc id="desc">{text_only(" ".join(" ".join(lines).split()))}</desc>'
    yield f"  <style>{_STYLE}</style>"
    yield f'  <rect class="paper" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>'
    for number in range(len(lines)):
        yield from _row(screen, number)
    yield "</svg>\n"


def _row(screen: pyte.Screen, number: int) -> Iterator[str]:
    """Yield the words of a row that look the same as one text each; what is columns apart has a place of its own."""
    kind = partial(_kind, screen.buffer[number])
    for look, cells in groupby(range(_COLUMNS), key=kind):
        places = list(cells)
        text = "".join(screen.buffer[number][place].data for place in places)
        for word in re.finditer(r"\S+(?: \S+)*", text):
            x, y = _MARGIN + (places[0] + word.start()) * _LETTER, _MARGIN + number * _LINE + 14
            shown = f' class="{look}"' if look else ""
            length = len(word[0]) * _LETTER
            yield f'  <text x="{x}" y="{y}" textLength="{length}"{shown}>{text_only(word[0])}</text>'


def _kind(cells: Any, place: int) -> str:
    cell = cells[place]
    return " ".join(filter(None, (_KINDS.get(cell.fg, ""), "b" * cell.bold)))
