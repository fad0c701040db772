"""What the terminal sees: findings, tables, and JSON where a program reads."""

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import click
from msgspec import Struct

from escscaffold.cli.hyperlinks import linked
from escscaffold.cli.paging import show
from escscaffold.errors import printable
from escscaffold.rules.finding import Finding

_COLOURS = {"error": "red", "warning": "yellow", "notice": "cyan"}


class Output(Struct, frozen=True, kw_only=True):
    """How to speak: `as_json` for programs, `quiet` for nothing but results and problems."""

    as_json: bool
    quiet: bool

    def note(self, text: str) -> None:
        """Say what a person likes to know and a program does not."""
        if not (self.quiet or self.as_json):
            click.echo(text)

    def result(self, text: str, document: dict[str, Any]) -> None:
        """Print what was asked for, as text or as JSON."""
        if self.as_json:
            import json  # slow to import, and needed for programs only

            click.echo(json.dumps(document, indent=2, ensure_ascii=True))
        else:
            show(text)

    def findings(self, findings: Iterable[Finding], *, err: bool) -> None:
        """Print findings for a person; in JSON they stand in the document."""
        for text in finding_texts(findings, quiet=self.quiet) if not self.as_json else ():
            click.echo(text + "\n", err=err)


def finding_texts(findings: Iterable[Finding], *, quiet: bool) -> list[str]:
    """Return the findings as paragraphs: those that the spec accepts in a line each, after the others.

    Quiet, those are left out: they are known, and no problems.
    """
    shown_findings = [f for f in findings if not (quiet and f.accepted)]
    accepted = [
        _paragraph("", f"{f.code} {f.environment} {f.subject}: {f.accepted}") for f in shown_findings if f.accepted
    ]
    listed = ["\n".join(["Accepted warnings:", *accepted])] if accepted else []
    return [*(finding_text(f) for f in shown_findings if not f.accepted), *listed]


def finding_text(finding: Finding) -> str:
    """Return a finding as lines: what is wrong where, why, what to do, and the source."""
    where = printable(" ".join(shorten(part) for part in (finding.environment, finding.subject) if part))
    head = click.style(f"{finding.severity} {finding.code}", fg=_COLOURS[finding.severity], bold=True)
    lines = [f"{head} {where}".rstrip(), _paragraph("", finding.message), _paragraph("why: ", finding.reason)]
    if finding.fix:
        lines.append(_paragraph("fix: ", finding.fix))
    return "\n".join([*lines, f"  see: {linked(named_source(finding.source), finding.source)}"])


def named_source(source: str) -> str:
    """Return a source as a person finds it: a page of ours is in the installed package, not in their repository."""
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
    """Return at most 40 characters of a name: a longer one is told in full elsewhere, or not at all."""
    return text if len(text) <= 40 else f"{text[:37]}..."


def _fill(text: str, **layout: Any) -> str:
    """Break the text between words."""
    from textwrap import fill  # slow to import, and a plan without findings is a table

    return fill(text, break_long_words=False, break_on_hyphens=False, **layout)


def _paragraph(label: str, text: str) -> str:
    return _fill(
        printable(text),
        width=terminal_width(),
        initial_indent=f"  {label}",
        subsequent_indent="       " if label else "  ",
    )


def terminal_width() -> int:
    """Return the columns to write in: those that COLUMNS says or the terminal has, 120 at most."""
    asked = os.environ.get("COLUMNS", "")
    # shutil asks the same, and takes longer to import than a plan takes to make.
    columns = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    with suppress(OSError):
        columns = columns or os.get_terminal_size(1).columns
    return max(40, min(columns or 100, 120))
