"""`escscaffold review`: what a branch changes and what Terraform would replace, for the terminal and for programs."""

from collections.abc import Iterator
from pathlib import Path

import click

from escscaffold.cli.command import (
    CLEAN,
    CONFLICT,
    FAILED,
    WOULD_CHANGE,
    WOULD_REPLACE,
    ScaffoldCommand,
    common_options,
)
from escscaffold.cli.hints import command_line, runnable
from escscaffold.cli.options import as_printed
from escscaffold.cli.output import Output, paragraphs, terminal_width
from escscaffold.cli.tables import text_table
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.errors import printable
from escscaffold.inputs import MIB, read_file
from escscaffold.jobs.review import review
from escscaffold.reviewing.formats.json import NOTHING, review_document
from escscaffold.reviewing.formats.sections import IMPACTS, Section, sections_of
from escscaffold.reviewing.impact import Impact
from escscaffold.reviewing.quoting import as_text, listed, visible
from escscaffold.reviewing.real_plan import RealPlan, read_plan
from escscaffold.reviewing.verdict import Level, Report

_FORMATS = ("text", "markdown", "json", "github", "sarif")
_CODES: dict[Level, int] = {
    "error": FAILED,
    "conflict": CONFLICT,
    "replace": WOULD_REPLACE,
    "unknown": WOULD_REPLACE,
    "stale": WOULD_CHANGE,
    "warning": FAILED,
    "edit": CONFLICT,
    "change": WOULD_CHANGE,
}
"""The exit code of each thing that a review can fail on, the first that holds; `same` is never one."""
_LARGEST = 64 * MIB
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


@click.command(
    "review", cls=ScaffoldCommand, example="escscaffold review origin/main --format markdown", document=NOTHING
)
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="text", help="Output format; json is the same as --json."
)
@click.option(
    "--plan",
    "plans",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Compare with a Terraform plan: the output of `terraform show -json`.",
)
@click.option(
    "--fail-on",
    "fail_on",
    metavar="LIST",
    default="error,conflict,replace",
    show_default=True,
    help=f"Comma-separated conditions that fail: {', '.join(_CODES)}; or none.",
)
@click.option(
    "--accept-replace",
    "accepted",
    metavar="NAME",
    multiple=True,
    callback=as_printed,
    help="Accept the replacement of NAME: prod, prod.pods, or a resource address. Repeatable.",
)
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    base: str | None,
    head: str | None,
    form: str,
    plans: tuple[Path, ...],
    fail_on: str,
    accepted: tuple[str, ...],
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """Show what a branch changes and what Terraform would replace.

    BASE is a revision; default: the default branch. The working tree is compared with the merge base of BASE. With
    HEAD, two revisions or two folders are compared directly; BASE...HEAD compares HEAD with the merge base. BASE -
    reads a patch from standard input and compares it with the checked-out commit.
    """
    failing = _failing(fail_on)
    real = _plans(plans)
    output = Output(as_json=as_json or form in ("json", "sarif"), quiet=quiet)
    report = review(folder, base, head, plans=real, accepted=accepted, reporter=TerminalReporter(output))
    document = _document(report, form) if output.as_json else {}
    output.result("" if output.as_json else _text(report, form, quiet=quiet), document)
    ctx.exit(next((code for level, code in _CODES.items() if level in report.levels & failing), CLEAN))


def _failing(text: str) -> frozenset[str]:
    names = frozenset(name for name in text.split(",") if name)
    unknown = sorted(names - _CODES.keys() - {"none"})
    if unknown:
        message = f"{unknown[0]!r} is not one of {', '.join(_CODES)}, none."
        raise click.BadParameter(message, param_hint="--fail-on")
    return names


def _document(report: Report, form: str) -> dict[str, object]:
    if form == "sarif":
        from escscaffold.reviewing.formats.notices import review_sarif

        return review_sarif(report)
    return review_document(report)


def _text(report: Report, form: str, *, quiet: bool) -> str:
    if form == "markdown":
        from escscaffold.reviewing.formats.markdown import review_markdown

        return review_markdown(report).rstrip("\n")
    if form == "github":
        from escscaffold.reviewing.formats.notices import review_annotations

        return review_annotations(report)
    return _review_text(report, quiet=quiet)


def _plans(files: tuple[Path, ...]) -> list[RealPlan]:
    return [read_plan(_read(file), str(file)) for file in files]


def _read(file: Path) -> str:
    try:
        return read_file(file, _LARGEST).decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise click.BadParameter(f"cannot read {file}: {error.strerror}.", param_hint="--plan") from None


def _review_text(report: Report, *, quiet: bool) -> str:
    """Return what to do, and unless it is to be quiet what was found."""
    head, colon, rest = paragraphs(runnable(as_text(report.verdict))).partition(":")
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
    """Yield a line for each thing, with the reason below it; the same reason is printed once."""
    seen: set[str] = set()
    for impact in impacts[:_ROWS]:
        effect = "cut off from" if impact.effect == "unreachable" else impact.effect
        what = f"{'accepted: ' if impact.accepted else ''}{effect} {listed(impact.things)}".strip()
        argument = f" {visible(impact.argument)}" if impact.argument else ""
        values = f": {visible(impact.old or 'none')} -> {visible(impact.new)}" if impact.new else ""
        more = len(impact.addresses) - 1
        others = f" and {more:,} more" if more > 0 and str(impact.subject) in impact.addresses else ""
        change = f"{others}{argument}{values}"
        place = f" in {visible(impact.path)}:{impact.line}" if impact.path else ""
        root = f", root module {visible(', '.join(impact.callers))}" if impact.callers else ""
        yield paragraphs(f"{what} for {visible(str(impact.subject))}{change}{place}{root}", indent="  ")
        reason = as_text(impact.reason)
        if reason and reason not in seen:
            yield paragraphs(runnable(reason), indent="    ")
        if impact.source and impact.source not in seen:
            yield f"    see: {impact.source}"
        seen |= {reason, impact.source}
    yield from _more(len(impacts))


def _rows(section: Section) -> Iterator[str]:
    if section.lead:
        yield paragraphs(runnable(as_text(section.lead)).strip(), indent="  ")
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
    first, *others = [(column, cell) for column, cell in zip(columns, row, strict=True) if cell not in ("", "-")]
    yield f"  {first[1]}"
    for column, cell in others:
        yield paragraphs(f"{column.lower()}: {cell}", indent="    ")


def _more(rows: int) -> Iterator[str]:
    if rows > _ROWS:
        yield f"  {rows - _ROWS:,} more: {command_line('review', '--json')} has them."
