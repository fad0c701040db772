"""What was written, or would be, as text and as JSON, with the exit code: for the commands that write files."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from msgspec import to_builtins

from escscaffold.cli.command import CLEAN, CONFLICT, FAILED, WOULD_CHANGE, WOULD_REPLACE
from escscaffold.cli.file_lines import conflict_text, done_text, file_list, linked_lines, would_text
from escscaffold.cli.hints import command_line, runnable
from escscaffold.cli.output import Output, hanging
from escscaffold.cli.replacement_lines import (
    destroyed_lines,
    dropped_resource_lines,
    dropped_resource_row,
    moving_lines,
    refusal,
    removed_lines,
    replaced_lines,
    stranded_lines,
    unlearned_lines,
    work_lines,
)
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.jobs.generate import Generated, Outcome, Terms
from escscaffold.planning.replacements import order_of_work
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.rules.finding import Finding

_CODES: dict[Outcome, int] = {
    "done": CLEAN,
    "would-change": WOULD_CHANGE,
    "failed": FAILED,
    "conflict": CONFLICT,
    "would-replace": WOULD_REPLACE,
}


class FindingsShown(TerminalReporter):
    """For a plan whose findings the interview has shown."""

    def findings(self, findings: Iterable[Finding]) -> None:
        """Print nothing."""


def print_generated(
    folder: Path,
    generated: Generated,
    output: Output,
    terms: Terms,
    *,
    after: str = "",
    more: Mapping[str, Any] | None = None,
    again: Sequence[str] = ("generate",),
) -> int:
    """Print what was done, or would be, and return the exit code.

    `after` is what to do next, `again` the command that accepts a replacement, as its words.
    """
    update, code = generated.update, _CODES[generated.outcome]
    document = _document(generated, more or {})

    def print_text(text: str, *, needed: bool = False) -> None:
        """Print the text, with --quiet only if it is needed, and always what makes `check` fail; or the document."""
        if output.as_json:
            output.result("", document)
        elif needed or not output.quiet:
            click.echo(text.rstrip("\n"))
        for complaint in generated.complaints:
            warn(hanging(runnable(complaint.text), "warning "))
        if generated.complaints:
            warn(f"Next: {command_line('check')}")

    def warn(text: str) -> None:
        """Print what needs an action, with --quiet, too."""
        if not output.as_json:
            click.echo(text)

    if update is None:
        print_text("The plan has errors: nothing was written.", needed=True)
        return code
    if generated.outcome == "would-replace":
        print_text(_refusal_text(generated, again), needed=True)
        return code
    price = _consequence_lines(generated, would=terms.would)
    linked = linked_lines(generated.hard_linked)
    if terms.would:
        text = would_text(generated, update, folder, diff=terms.diff)
        print_text("\n".join([text, *price, *linked]), needed=terms.diff or code == CONFLICT)
        return code
    text = done_text(generated, update)
    print_text("\n".join([text, *price, *work_lines(generated.replaced, generated.plan.spec.facts.replacing.work)]))
    for line in linked:
        warn(line)
    if update.in_conflict:
        warn(conflict_text(update))
    elif after:
        output.note(f"\n{after}")
    return code


def _refusal_text(generated: Generated, again: Sequence[str]) -> str:
    lost = (generated.refused_to_destroy, generated.refused_to_drop, generated.refused_to_strand)
    return refusal(generated.refused, generated.destroyed, *lost, again, generated.plan.spec.facts.replacing.work)


def _consequence_lines(generated: Generated, *, would: bool) -> list[str]:
    return [
        *replaced_lines(generated.replaced, would=would),
        *unlearned_lines(generated.unlearned),
        *removed_lines(generated.removed, would=would),
        *moving_lines(generated.lock, generated.plan, would=would),
        *destroyed_lines(generated.destroyed, would=would),
        *dropped_resource_lines(generated.dropped),
        *stranded_lines(generated.stranded),
    ]


def _document(generated: Generated, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result as JSON-ready data."""
    work = generated.plan.spec.facts.replacing.work
    return {
        "version": VERSION,
        "files": file_list(generated.files),
        "replaces": [
            *(replacement.row for replacement in generated.replaced),
            *map(dropped_resource_row, generated.dropped),
        ],
        **({"destroys": [resource.row for resource in generated.destroyed]} if generated.destroyed else {}),
        **({"work": order_of_work(generated.replaced, work)} if generated.replaced else {}),
        **({"moves": [move.row for move in generated.moves]} if generated.moves else {}),
        **({"unlearned": [unlearned.row for unlearned in generated.unlearned]} if generated.unlearned else {}),
        **({"stranded": [to_builtins(file) for file in generated.stranded]} if generated.stranded else {}),
        **({"complaints": [complaint.row for complaint in generated.complaints]} if generated.complaints else {}),
        **more,
        "findings": finding_list(generated.findings),
    }
