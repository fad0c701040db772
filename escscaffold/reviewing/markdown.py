"""The report as a comment in a pull request. What strangers wrote stands in code spans, and nowhere else.

A comment holds 65,536 characters at most, so rows are left out until all of it is below 60 kB.
"""

import re
from collections.abc import Iterator

from escscaffold.reviewing.diagram import diagram
from escscaffold.reviewing.report import Report
from escscaffold.reviewing.sections import Section, sections_of
from escscaffold.reviewing.words import Sentence, told, visible

MARKER = "<!-- escscaffold:review -->"
"""By which a later run finds its comment."""
LARGEST = 60_000

_ROWS = (100, 40, 15, 5, 1, 0)


def review_markdown(report: Report) -> str:
    """Return the comment; the first line says what to do."""
    return next(text for rows in _ROWS if len((text := _text(report, rows)).encode()) < LARGEST or rows == 0)


def code(text: str) -> str:
    """Return the text as a code span in which nothing is a mention, a link, HTML, or the end of a table's cell."""
    # So that nothing in the comment looks like its marker.
    shown = visible(text).strip().replace("<!--", "<! --") or " "
    # In a table `\\|` is a backslash and the end of the cell, whatever surrounds it.
    shown = re.sub(r"(?<!\\)\\++(?=\|)", lambda run: "\\ " * len(run[0]), shown).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    if not longest:
        return f"`{shown}`"
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}"


def _text(report: Report, rows: int) -> str:
    contents = report.contents
    head, colon, rest = told(report.verdict, code).partition(": ")
    parts = [f"**{head}{colon.strip()}** {rest}", f"Compared: {code(contents.before)} -> {code(contents.after)}"]
    parts += [part for section in sections_of(contents) for part in _section(section, rows)]
    if rows and (chart := diagram(contents)):
        parts.append(_folded("Map of what changes", f"```mermaid\n{chart}```"))
    return "\n\n".join([*parts, MARKER]) + "\n"


def _section(section: Section, rows: int) -> Iterator[str]:
    lead = told(section.lead, code).strip()
    body = "\n\n".join(part for part in (lead, _table(section, rows)) if part)
    if section.folded:
        yield _folded(f"{section.title} ({len(section.rows):,})", body)
    else:
        yield f"### {section.title}\n\n{body}"


def _table(section: Section, rows: int) -> str:
    shown = section.rows[:rows]
    lines = [_row(section.columns), _row("---" for _ in section.columns)]
    lines += [_row(_cell(cell) for cell in row) for row in shown]
    text = "\n".join(lines) if shown else ""
    left = len(section.rows) - len(shown)
    more = f"{left:,} more are left out here: `escscaffold review --json` has them." if left else ""
    return "\n\n".join(part for part in (text, more) if part)


def _cell(cell: Sentence) -> str:
    return re.sub(r"See (https://\S+)", r"[Source](\1)", told(cell, code))


def _row(cells: Iterator[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
