"""`escscaffold check`: whether spec, plan, files and Terraform are as they should be, for people and for pull requests.

GitHub shows annotations next to the lines of a pull request:
https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#setting-an-error-message
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click
from msgspec import to_builtins

from escscaffold.cli.command import CLEAN, CONFLICT, FAILED, WOULD_CHANGE, ScaffoldCommand, common_options
from escscaffold.cli.file_lines import conflict_text, file_list, kept_lines
from escscaffold.cli.hints import command_line, runnable
from escscaffold.cli.options import as_of_option
from escscaffold.cli.output import Output, error_line, hanging, paragraphs
from escscaffold.cli.tables import age_line
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.errors import Problem, SpecError, printable
from escscaffold.jobs.check import CheckResult, Skipped, Verdict, check
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.repository.file_states import FileState
from escscaffold.repository.terraform_cli import Complaint
from escscaffold.repository.updating import Update
from escscaffold.rules.finding import Finding
from escscaffold.rules.lifecycle_rules import unset_versions
from escscaffold.spec.reading import SPEC_FILE

_BROKEN_OFF = "A previous run stopped while writing. To complete it, run: escscaffold generate"
_STALE = "Stale. Run: escscaffold generate"
_CODES: dict[Verdict, int] = {"passed": CLEAN, "failed": FAILED, "stale": WOULD_CHANGE, "conflict": CONFLICT}
_WORDS = {
    "new": "missing",
    "regenerated": "stale",
    "merged": "stale and edited by hand",
    "obsolete": "no longer generated",
}
_MOST_NAMED = 3
_PLACE = re.compile(r"(.+?):(\d{1,9})(?::\d{1,9})?")
_ANNOTATIONS = {
    "conflict": "A hand edit conflicts with the generated text. Run: escscaffold generate",
    "beside": "Edited by hand; the last generated text is unknown. Run: escscaffold generate",
    "unsolved": "Unresolved conflict.",
    "obsolete-edited": "No longer generated, but edited by hand: delete or release it.",
    "deleted": "Deleted by hand. Run: escscaffold generate",
    "new": "Missing. Run: escscaffold generate",
    "obsolete": "No longer generated. Run: escscaffold generate",
}


@click.command(
    "check", cls=ScaffoldCommand, example="escscaffold check", document={"files": [], "complaints": [], "skipped": []}
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="Output format; github prints annotations for a pull request.",
)
@as_of_option
@common_options
@click.pass_context
def command(ctx: click.Context, form: str, as_of: date, folder: Path, as_json: bool, quiet: bool, color: str) -> None:
    """Check the spec, plan, files, Terraform and support dates.

    Exit codes: 1 for findings, parse errors or Terraform errors; 3 if `generate` would change files; 4 for a
    conflict with a hand edit.
    """
    form = "json" if as_json else form
    output = Output(as_json=form == "json", quiet=quiet)
    try:
        result = check(folder, as_of=as_of, reporter=TerminalReporter(output))
    except SpecError as error:
        if form == "github":
            for line in _problem_annotations(error.problems):
                click.echo(line)
        raise
    code = _CODES[result.verdict]
    if form == "github":
        for line in _annotations(result.findings, result.files, [*result.complaints, *_stale(result)]):
            click.echo(line)
        for line in _skipped_annotations(result.skipped):
            click.echo(line)
        ctx.exit(code)
    output.findings(result.findings, err=False)
    document = {
        "version": VERSION,
        "files": file_list(result.files),
        "findings": finding_list(result.findings),
        "complaints": [c.row for c in result.complaints],
        "skipped": [to_builtins(skipped) for skipped in result.skipped],
    }
    lines = [runnable(_BROKEN_OFF)] if result.is_broken_off else []
    text = "\n".join([*lines, *_file_lines(result.update), *(error_line(runnable(c.text)) for c in result.complaints)])
    if output.as_json or text or not quiet:
        output.result(text or _summary(result), document)
    if result.leftovers:
        output.note(
            "\n".join(
                [
                    "Temporary files of earlier runs:",
                    *(hanging(runnable(leftover), "  ") for leftover in result.leftovers),
                ]
            )
        )
    if age := age_line(result.plan):
        output.note(age)
    for line in _unchecked_support(result.plan):
        output.note(paragraphs(line))
    if unknown := result.overlaps_unknown:
        first, more = unknown[0], f", as in {len(unknown) - 1} more" if len(unknown) > 1 else ""
        place = first.source if first.line is None else f"{first.source}:{first.line}"
        output.note(paragraphs(f"Overlaps not checked: the range of {first.name} ({place}) is not known{more}."))
    if files := result.files_skipped:
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        output.note(paragraphs(f"Skipped {files[0]}{more}: files that only OpenTofu reads are not parsed."))
    if code == CLEAN and (roots := result.roots_skipped):
        more = f" and {len(roots) - 1} more" if len(roots) > 1 else ""
        output.note(paragraphs(f"Skipped `terraform validate` in {roots[0]}{more}: run `terraform init` first."))
    ctx.exit(code)


def _summary(result: CheckResult) -> str:
    """Return the last line of the result, where no file or complaint is printed."""
    if result.verdict != "failed":
        return "No problems found."
    return "The plan has errors." if result.update is None else "There are errors."


def _stale(result: CheckResult) -> list[Complaint]:
    """Return the complaints about the lock, which is not a generated file."""
    stale = [Complaint(path=LOCK_FILE, message=_STALE)] if result.update and result.update.lock_is_stale else []
    return stale + ([Complaint(path=LOCK_FILE, message=_BROKEN_OFF)] if result.is_broken_off else [])


def _file_lines(update: Update | None) -> list[str]:
    if update is None:
        return []
    lines = [f"{_WORDS[file.state]}: {file.path}" for file in update.changing if file.state in _WORDS]
    lines += [f"stale: {LOCK_FILE}"] if update.lock_is_stale else []
    lines += [f"no longer generated, its markers were removed: {file.path}" for file in update.with_state("yours")]
    if update.in_conflict:
        return [*lines, conflict_text(update)]
    return (
        [*lines, *kept_lines(update)]
        if update.changes_nothing
        else [*lines, *kept_lines(update), f"Run: {command_line('generate')}"]
    )


def _unchecked_support(plan: AddressPlan) -> Iterator[str]:
    """Yield a line for each setting whose value the cloud chose, so that how long it is supported is not checked."""
    for sentence, names in unset_versions(plan).items():
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        yield f"Support not checked in {', '.join(names[:_MOST_NAMED])}{more}: {sentence}."


def _annotations(
    findings: Iterable[Finding], files: Iterable[FileState], complaints: Iterable[Complaint]
) -> Iterable[str]:
    """Return a line for each thing that is not as it should be."""
    for finding in findings:
        if not finding.accepted:
            text = f"{finding.code} {finding.environment} {finding.subject}: {finding.message} {finding.fix}"
            yield _annotation(finding.severity, SPEC_FILE, 0, text.strip())
    for file in files:
        yield _annotation("error", file.path, 0, _ANNOTATIONS.get(file.state, "Stale. Run: escscaffold generate"))
    for complaint in complaints:
        yield _annotation("error", complaint.path, complaint.line, complaint.message)


def _problem_annotations(problems: Iterable[Problem]) -> Iterable[str]:
    """Return a line for each problem for which the spec cannot be read, with its place."""
    for problem in problems:
        place = _PLACE.fullmatch(problem.place)
        text = f"{problem.code}: {problem.message} {problem.fix}".strip()
        yield _annotation("error", place[1], int(place[2]), text) if place else _annotation("error", SPEC_FILE, 0, text)


def _skipped_annotations(skipped: Iterable[Skipped]) -> Iterable[str]:
    """Return a line for each reason: a repository may have hundreds of environments."""
    by_reason: dict[str, list[Skipped]] = {}
    for entry in skipped:
        by_reason.setdefault(entry.reason, []).append(entry)
    for reason, of_reason in by_reason.items():
        more = f" Also skipped: {len(of_reason) - 1} more." if len(of_reason) > 1 else ""
        yield _annotation("notice", of_reason[0].path, of_reason[0].line or 0, f"{reason}{more}")


def _annotation(severity: str, path: str, line: int, message: str) -> str:
    place = f"file={_escaped(path).replace(':', '%3A').replace(',', '%2C')}"
    return f"::{severity} {place}{f',line={line}' if line else ''}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return "%0A".join(printable(line).replace("%", "%25") for line in text.split("\n"))
