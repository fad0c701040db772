r"""How text reaches the terminal: results and findings, lines that fit its width, a pager, links and progress.

Where a program reads, the same is JSON. A link is the sequence OSC 8, \x1b]8;;ADDRESS\x1b\\, as
https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda describes it.
"""

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import fill
from threading import Event, Thread
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from escscaffold.cli.hints import runnable
from escscaffold.errors import printable
from escscaffold.rules.finding import Finding

_COMMAND = re.compile(r"`escscaffold [^`]{1,999}`|(?<=: )escscaffold [^`\n]{1,999}?(?=$|\. [A-Z])")
"""A suggested command. Its length is bounded, as texts can hold names from other people's files."""
_NO_BREAK = "\0"
_LINKING_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"}
_LINKING_TERMINALS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
_LINKING_VTE = 5000
"""GNOME's terminals since 0.50."""
_CLEAR = "\r\x1b[K"
_MOST_NAMED = 5
"""How many environments are named where one finding concerns many."""
_WORD = re.compile(r"[\w-]+")
_ANY = "ENVIRONMENT"
"""Stands for the name, where one finding concerns several environments."""
_COLOURS = {"error": "red", "warning": "yellow", "notice": "cyan"}


class Output(Struct, frozen=True, kw_only=True):
    """How to speak: `as_json` for programs, `quiet` for nothing but results and problems."""

    as_json: bool
    quiet: bool

    def note(self, text: str) -> None:
        """Print what is for people only, unless the output is to be quiet."""
        if not (self.quiet or self.as_json):
            click.echo(text)

    def result(self, text: str, document: dict[str, Any]) -> None:
        """Print what was asked for, as text or as JSON."""
        if self.as_json:
            import json  # slow to import, and needed for programs only

            click.echo(json.dumps(document, indent=2, ensure_ascii=True))
        else:
            _show(text)

    def findings(self, findings: Iterable[Finding], *, err: bool) -> None:
        """Print findings for people; in JSON, they are part of the document."""
        for text in finding_texts(findings, quiet=self.quiet) if not self.as_json else ():
            click.echo(text + "\n", err=err)


def finding_texts(findings: Iterable[Finding], *, quiet: bool) -> list[str]:
    """Return the findings as paragraphs: those that the spec accepts in a line each, after the others.

    Findings that differ by their environment only are one. Quiet output omits the accepted ones: they are known, and
    no problems.
    """
    groups = _grouped(f for f in findings if not (quiet and f.accepted))
    accepted = [
        _paragraph("", f"{' '.join(filter(None, (f.code, _where(f, names))))}: {f.accepted}")
        for f, names in groups
        if f.accepted
    ]
    listed = ["\n".join(["Accepted warnings:", *accepted])] if accepted else []
    return [*(_text(f, _where(f, names)) for f, names in groups if not f.accepted), *listed]


def finding_text(finding: Finding) -> str:
    """Return a finding as lines: what is wrong where, why, what to do, and the source."""
    return _text(finding, _where(finding, [finding.environment]))


def _grouped(findings: Iterable[Finding]) -> list[tuple[Finding, list[str]]]:
    """Return findings that are equal but for the environment as one each, with the names of its environments."""
    groups: dict[tuple[str, ...], dict[str, Finding]] = {}
    for finding in findings:
        general = _of_any_environment(finding)
        texts = (general.message, general.reason, general.fix, general.source, general.accepted)
        groups.setdefault((finding.code, finding.severity, finding.subject, *texts), {})[finding.environment] = finding
    return [
        (_of_any_environment(finding) if len(group) > 1 else finding, [*group])
        for group in groups.values()
        for finding in [next(iter(group.values()))]
    ]


def _of_any_environment(finding: Finding) -> Finding:
    """Return the finding with a placeholder for the name of its environment, in the texts that have it."""

    def general(text: str) -> str:
        if finding.environment not in text:
            return text
        return _WORD.sub(lambda word: _ANY if word[0] == finding.environment else word[0], text)

    if not finding.environment:
        return finding
    return replace(finding, message=general(finding.message), reason=general(finding.reason), fix=general(finding.fix))


def _where(finding: Finding, names: Sequence[str]) -> str:
    """Return the environments, the first of many, and the subject."""
    named = ", ".join(shorten(name) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    colon = ":" if len(names) > 1 and finding.subject else ""
    return " ".join(part for part in (f"{named}{more}{colon}", shorten(finding.subject)) if part)


def _text(finding: Finding, where: str) -> str:
    head = click.style(f"{finding.severity} {finding.code}", fg=_COLOURS[finding.severity], bold=True)
    lines = [
        f"{head} {printable(where)}".rstrip(),
        _paragraph("", runnable(finding.message)),
        _paragraph("why: ", finding.reason),
    ]
    if finding.fix:
        lines.append(_paragraph("fix: ", runnable(finding.fix)))
    return "\n".join([*lines, f"  see: {linked(named_source(finding.source), finding.source)}"])


def named_source(source: str) -> str:
    """Return a source with its place: a page of this project is in the installed package."""
    return f"escscaffold/{source}" if source.startswith("docs/") else source


def error_line(text: str) -> str:
    """Return what is wrong behind the word for it, with nothing in it that steers the terminal."""
    return click.style("error ", fg="red", bold=True) + printable(text)


def paragraphs(text: str, indent: str = "") -> str:
    """Return the text with each of its lines broken between words, to fit the terminal."""
    width = terminal_width()
    lines = (printable(line) for line in text.split("\n"))
    return "\n".join(_fill(line, width=width, initial_indent=indent, subsequent_indent=indent) for line in lines)


def hanging(text: str, mark: str, *, room: int = 0) -> str:
    """Return the text behind a mark, its further lines below its first word, and as many columns left free."""
    width = max(20, terminal_width() - room)
    return _fill(printable(text), width=width, initial_indent=mark, subsequent_indent=" " * len(mark))


def shorten(text: str) -> str:
    """Return at most 40 characters of a name: a longer one is printed in full elsewhere, or not at all."""
    return text if len(text) <= 40 else f"{text[:37]}..."


def _fill(text: str, **layout: Any) -> str:
    """Break the text between words, and no command that names its folder: it is there to be copied."""
    whole = _COMMAND.sub(lambda match: match[0].replace(" ", _NO_BREAK) if " -C " in match[0] else match[0], text)
    return fill(whole, break_long_words=False, break_on_hyphens=False, **layout).replace(_NO_BREAK, " ")


def _paragraph(label: str, text: str) -> str:
    return _fill(
        printable(text),
        width=terminal_width(),
        initial_indent=f"  {label}",
        subsequent_indent="       " if label else "  ",
    )


def terminal_width() -> int:
    """Return the columns to write in: those of COLUMNS or of the terminal, 120 at most."""
    text = os.environ.get("COLUMNS", "")
    # shutil does the same, but imports compression libraries, which takes longer than a plan.
    columns = int(text) if text.isdecimal() and len(text) < 6 else 0
    with suppress(OSError):
        columns = columns or os.get_terminal_size(1).columns
    return max(40, min(columns or 100, 120))


def linked(text: str, source: str) -> str:
    """Return the text as a link to a source: an address, or a page of the installed package."""
    if not _supports_links():
        return text
    address = source if source.startswith("https://") else _page_address(source)
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if address.isprintable() else text


def _supports_links() -> bool:
    """Whether standard output is a terminal that opens links; FORCE_HYPERLINK=1 or 0 decides it otherwise."""
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in ("", "0")
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("CI"):
        return False
    vte = os.environ.get("VTE_VERSION", "")
    return bool(
        os.environ.get("TERM_PROGRAM") in _LINKING_PROGRAMS
        or os.environ.get("TERM", "").startswith(_LINKING_TERMINALS)
        or os.environ.get("WT_SESSION")
        or os.environ.get("KONSOLE_VERSION")
        or (vte.isdecimal() and int(vte) >= _LINKING_VTE)
    )


def _page_address(source: str) -> str:
    """Return where a page of the documentation lies: in the installed package, or in the checkout."""
    page, _, anchor = source.partition("#")
    package = Path(__file__).resolve().parents[1]
    file = next((place / page for place in (package, package.parent) if (place / page).is_file()), package / page)
    return file.as_uri() + (f"#{anchor}" if anchor else "")


def _show(text: str) -> None:
    """Print the text; in a pager where it is longer than the terminal and a person can scroll, as git does."""
    command = _pager_command()
    if command is None:
        click.echo(text)
        return
    import shutil  # slow to import, and not needed without a pager

    if len(text.splitlines()) < shutil.get_terminal_size().lines:
        click.echo(text)
        return
    # Colours stay, a text of one screen is not held, and the screen keeps what was shown: as git has it.
    os.environ.setdefault("LESS", "FRX")
    os.environ["PAGER"] = command
    click.echo_via_pager(text)


def _pager_command() -> str | None:
    """Return the pager: that of ESCSCAFFOLD_PAGER or PAGER, or less; None without one, and without a terminal."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        return None
    named = os.environ.get("ESCSCAFFOLD_PAGER", os.environ.get("PAGER"))
    if named is not None:
        return named if named.strip() not in ("", "cat") else None
    import shutil  # slow to import, and not needed without a terminal

    return "less" if shutil.which("less") else None


@contextmanager
def working(on: str, output: Output) -> Iterator[None]:
    """Print on a terminal what the block works on, once it has taken a second; the block itself prints nothing."""
    if output.quiet or output.as_json or not _is_watched():
        yield
        return
    done = Event()
    ticker = Thread(target=_tick, args=(shorten(on), done), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()


def _is_watched() -> bool:
    """Whether standard error is a terminal, outside of CI, that can clear a line."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def _tick(on: str, done: Event) -> None:
    start = time.monotonic()
    shown_once = False
    while not done.wait(1):
        print(f"{_CLEAR}{on} ... {int(time.monotonic() - start)} s", end="", file=sys.stderr, flush=True)
        shown_once = True
    if shown_once:
        print(_CLEAR, end="", file=sys.stderr, flush=True)
