"""The report as a comment in a pull request, with a map of what changes.

What others wrote is in code spans only.
"""

import re
from collections.abc import Iterator

from escscaffold.drawing.mermaid import HEAD, Mark, environment_lines, label
from escscaffold.drawing.topology import topology_of
from escscaffold.reviewing.branch_impact import blocks
from escscaffold.reviewing.formats.sections import Section, sections_of
from escscaffold.reviewing.quoting import Sentence, as_text, visible
from escscaffold.reviewing.verdict import Contents, Report
from escscaffold.spec.model import Reference

_ENVIRONMENTS = 6
_RESOURCES = 20
_CLASSES = """\
  classDef added stroke:#1a7f37,stroke-width:2px
  classDef changed stroke:#9a6700,stroke-width:2px
  classDef replaced stroke:#cf222e,stroke-width:3px
  classDef removed stroke:#cf222e,stroke-dasharray:5
"""
_OF_ACTION = {
    "create": "added",
    "import": "added",
    "destroy": "removed",
    "forget": "removed",
    "replace": "replaced",
    "unknown": "replaced",
}
MARKER = "<!-- escscaffold:review -->"
"""By which a later run finds its comment."""
LARGEST = 60_000
_ROWS = (100, 40, 15, 5, 1, 0)


def review_markdown(report: Report) -> str:
    """Return the comment, of fewer than 60,000 bytes; the first line is what to do.

    Long tables are cut, all of them at the same number of rows.
    """
    return next(text for rows in _ROWS if len((text := _text(report, rows)).encode()) < LARGEST or rows == 0)


def _text(report: Report, rows: int) -> str:
    contents = report.contents
    head, colon, rest = as_text(report.verdict, _code).partition(": ")
    parts = [f"**{head}{colon.strip()}** {rest}", f"Compared: {_code(contents.before)} -> {_code(contents.after)}"]
    parts += [part for section in sections_of(contents) for part in _section(section, rows)]
    if rows and (chart := _diagram(contents)):
        parts.append(_folded("Map of what changes", f"```mermaid\n{chart}```"))
    return "\n\n".join([*parts, MARKER]) + "\n"


def _code(text: str) -> str:
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


def _diagram(contents: Contents) -> str:
    """Return the flowchart; nothing where there is nothing to show."""
    lines = [*_environments(contents), *_resources(contents)]
    return "\n".join([HEAD, *lines, _CLASSES]) if lines else ""


def _resources(contents: Contents) -> Iterator[str]:
    changed = [d for d in contents.single if d.item.kind in ("resource", "module") and d.action]
    folders: dict[str, list[str]] = {}
    for number, difference in enumerate(changed[:_RESOURCES]):
        kind = _OF_ACTION.get(difference.action, "changed")
        node = f'    r{number}["{label(difference.item.address)}"]:::{kind}'
        folders.setdefault(difference.item.folder, []).append(node)
    for number, (folder, nodes) in enumerate(folders.items()):
        yield from (f'  subgraph f{number}["{label(folder)}"]', *nodes, "  end")


def _environments(contents: Contents) -> Iterator[str]:
    plan = contents.plan
    changes = {(change.environment, change.name): change for change in contents.addresses.ranges}
    changed = {environment for environment, _ in changes}
    replaced = {impact.subject for impact in contents.impacts if impact.is_destructive}
    shown = [environment for environment in (plan.environments if plan else ()) if environment.name in changed]
    for number, environment in enumerate(shown[:_ENVIRONMENTS]):
        marks = {}
        for name in (*(r.name for r in environment.ranges), "remote"):
            if change := changes.get((environment.name, name)):
                kind = "replaced" if Reference(environment.name, name) in replaced else "changed"
                was = f"was {blocks(change.old)}" if change.old else ""
                marks[name] = Mark(kind="added" if change.change == "added" else kind, text=was)
        yield from environment_lines(topology_of(environment), f"e{number}", marks)


def _section(section: Section, rows: int) -> Iterator[str]:
    lead = as_text(section.lead, _code).strip()
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
    remaining = len(section.rows) - len(shown)
    more = f"{remaining:,} more are not shown: `escscaffold review --json` has them." if remaining else ""
    return "\n\n".join(part for part in (text, more) if part)


def _cell(cell: Sentence) -> str:
    return re.sub(r"See (https://\S+)", r"[Source](\1)", as_text(cell, _code))


def _row(cells: Iterator[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
