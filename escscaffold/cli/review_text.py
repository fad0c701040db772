"""A review for the terminal."""

from collections.abc import Iterator

import click

from escscaffold.cli.output import paragraphs, terminal_width
from escscaffold.cli.tables import text_table
from escscaffold.errors import printable
from escscaffold.reviewing.effects import Impact
from escscaffold.reviewing.formats.sections import IMPACTS, Section, sections_of
from escscaffold.reviewing.report import Level, Report
from escscaffold.reviewing.sentences import as_text, listed, visible

_COLOURS: dict[Level, str] = {
    "error": "red",
    "conflict": "red",
    "replace": "red",
    "unknown": "yellow",
    "stale": "yellow",
    "warning": "yellow",
    "edit": "yellow",
    "change": "green",
    "same": "green",
}
_ROWS = 60


def review_text(report: Report, *, quiet: bool) -> str:
    """Return what to do, and unless it is to be quiet what was found."""
    head, colon, rest = paragraphs(as_text(report.verdict)).partition(":")
    verdict = click.style(head + colon, fg=_COLOURS[report.level], bold=True) + rest
    if quiet:
        return verdict
    contents = report.contents
    parts = [verdict, paragraphs(f"Compared: {contents.before} -> {contents.after}")]
    for section in sections_of(contents):
        lines = _impacts(contents.impacts) if section.title == IMPACTS else _rows(section)
        parts.append("\n".join([click.style(section.title, bold=True), *lines]))
    return "\n\n".join(parts)


def _impacts(impacts: tuple[Impact, ...]) -> Iterator[str]:
    """Yield a line for each thing, with the reason below it; the same reason is told once."""
    known: set[str] = set()
    for impact in impacts[:_ROWS]:
        effect = "cut off from" if impact.effect == "unreachable" else impact.effect
        what = f"{'accepted: ' if impact.accepted else ''}{effect} {listed(impact.things)}".strip()
        argument = f" {visible(impact.argument)}" if impact.argument else ""
        values = f": {visible(impact.old or 'none')} -> {visible(impact.new)}" if impact.new else ""
        more = len(impact.addresses) - 1
        others = f" and {more:,} more" if more > 0 and impact.subject in impact.addresses else ""
        change = f"{others}{argument}{values}"
        place = f" in {visible(impact.path)}:{impact.line}" if impact.path else ""
        yield paragraphs(f"{what} for {visible(impact.subject)}{change}{place}", indent="  ")
        reason = as_text(impact.reason)
        if reason and reason not in known:
            yield paragraphs(reason, indent="    ")
        if impact.source and impact.source not in known:
            yield f"    see: {impact.source}"
        known |= {reason, impact.source}
    yield from _more(len(impacts))


def _rows(section: Section) -> Iterator[str]:
    if section.lead:
        yield paragraphs(as_text(section.lead).strip(), indent="  ")
    cells = [[printable(as_text(cell)) for cell in row] for row in section.rows[:_ROWS]]
    widest = (max(map(len, column)) for column in zip(section.columns, *cells, strict=True))
    if cells and sum(width + 2 for width in widest) <= terminal_width():
        table = text_table(section.columns, [dict(zip(section.columns, row, strict=True)) for row in cells])
        yield from (f"  {line}" for line in table)
    else:
        for row in cells:
            yield from _stacked(section.columns, row)
    yield from _more(len(section.rows))


def _stacked(columns: tuple[str, ...], row: list[str]) -> Iterator[str]:
    """Yield a row for which the terminal is too narrow: the first cell, and the others below it."""
    first, *others = [(column, cell) for column, cell in zip(columns, row, strict=True) if cell != "-"]
    yield f"  {first[1]}"
    for column, cell in others:
        yield paragraphs(f"{column.lower()}: {cell}", indent="    ")


def _more(rows: int) -> Iterator[str]:
    if rows > _ROWS:
        yield f"  {rows - _ROWS:,} more: escscaffold review --json has them."
