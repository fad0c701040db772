"""Bringing a folder in line with a plan, and saying what was done: what `init`, `add` and `generate` share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

from escscaffold.cli.command import CLEAN, CONFLICT, FAILED, WOULD_CHANGE, WOULD_REPLACE
from escscaffold.cli.file_lines import conflict_text, done_text, file_list, would_text
from escscaffold.cli.left_out_lines import left_out_lines, left_out_row
from escscaffold.cli.output import Output, hanging
from escscaffold.cli.price_lines import gone_lines, moving_lines, refusal, replaced_lines, work_lines
from escscaffold.cli.progress import working
from escscaffold.cli.straying import straying
from escscaffold.planning.impact import RangeMove, Replacement, gone, moves, order_of_work, replacements
from escscaffold.planning.lock import Lock, forgetting
from escscaffold.planning.plan import AddressPlan
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.repository.comparing import FileState
from escscaffold.repository.left_out import LeftOut, left_out
from escscaffold.repository.terraform import Complaint
from escscaffold.repository.updating import apply_update, compare_with_disk
from escscaffold.rules.catalogue import check_plan, has_errors
from escscaffold.rules.finding import Finding


def confirm(shown: str, plan: AddressPlan, question: str, output: Output) -> bool:
    """Show the plan and its findings and ask for a yes; a plan with errors needs none, for it is not written."""
    click.echo(f"{shown}\n")
    findings = check_plan(plan)
    output.findings(findings, err=False)
    if has_errors(findings) or click.confirm(question, default=True):
        return True
    click.echo("Nothing was written.")
    return False


class Terms(Struct, frozen=True, kw_only=True):
    """On what terms to write."""

    dry_run: bool = False
    diff: bool = False
    accepted: tuple[str, ...] = ()
    """What Terraform may replace: a range (`prod.pods`) or a whole environment."""
    forgotten: frozenset[str] = frozenset()
    """What is retired no more."""
    restored: frozenset[str] = frozenset()
    """Files to bring back."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Folders to rename before anything is written, from old to new; plan and lock know them by the new name."""
    again: str = "escscaffold generate"
    """The command to accept a replacement with."""


USUAL = Terms()


def write_plan(
    folder: Path,
    plan: AddressPlan,
    lock: Lock,
    output: Output,
    terms: Terms = USUAL,
    *,
    spec_text: str | None = None,
    after: str = "",
    told: bool = False,
    also: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> int:
    """Write everything that the plan asks for below `folder`, or nothing; return the exit code.

    `told` says that the plan's findings were shown already. `also` are further texts to write, by
    their paths, and `more` are further keys of the document for programs.
    """
    findings = check_plan(plan)
    replaced = replacements(lock, plan)
    price = [*replaced_lines(replaced), *gone_lines(gone(lock, plan)), *moving_lines(lock, plan)]
    report = _Report(output=output, more=more or {}, findings=findings, replaced=replaced, moves=moves(lock, plan))
    output.findings(() if told else findings, err=True)
    if has_errors(findings):
        report.say("The plan has errors: nothing was written.", needed=True)
        return FAILED
    with working("Comparing with what is there", output):
        update = compare_with_disk(folder, plan, forgetting(lock, terms.forgotten), terms.restored, terms.moved)
        lost = left_out(folder, update.files, lock, plan)
    price += left_out_lines(lost)
    report = replace(report, left_out=lost)
    told_files = (*update.changing, *update.deleted, *update.with_state("unsolved", "obsolete-edited"))
    code = CONFLICT if update.in_conflict else CLEAN
    if terms.dry_run or terms.diff:
        text = would_text(update, spec_text, folder, diff=terms.diff)
        report = replace(report, complaints=tuple(straying(folder, plan, update, is_written=not update.changing)))
        report.say("\n".join([text, *price]), told_files, needed=terms.diff or code == CONFLICT)
        return code or (CLEAN if update.changes_nothing and spec_text is None else WOULD_CHANGE)
    refused = [r for r in replaced if not r.accepted_by(terms.accepted)]
    refused_to_leave_out = [one for one in lost if not one.accepted_by(terms.accepted)]
    if refused or refused_to_leave_out:
        report.say(refusal(refused, refused_to_leave_out, terms.again), told_files, needed=True)
        return WOULD_REPLACE
    with working("Writing", output):
        overtaken = apply_update(folder, update, spec_text, terms.moved, also)
    text = "\n".join(
        [done_text(update, with_spec=spec_text is not None, also=also or ()), *price, *work_lines(replaced)]
    )
    with working("Reading what was edited", output):
        report = replace(report, complaints=tuple(straying(folder, plan, update, is_written=True)))
    report.say(text, told_files)
    if update.in_conflict or overtaken:
        report.warn(conflict_text(update, overtaken))
        return CONFLICT
    if after:
        output.note(f"\n{after}")
    return CLEAN


class _Report(Struct, frozen=True, kw_only=True):
    """What is printed at the end: words for a person, the same facts as JSON for a program."""

    output: Output
    more: Mapping[str, Any]
    findings: tuple[Finding, ...]
    replaced: tuple[Replacement, ...]
    moves: tuple[RangeMove, ...]
    left_out: tuple[LeftOut, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    """What was edited so that it is not as planned."""

    def say(self, text: str, files: tuple[FileState, ...] = (), *, needed: bool = False) -> None:
        """Print the text, with --quiet only if it is needed, and always what makes `check` fail; or the document."""
        document = {
            "version": VERSION,
            "files": file_list(files),
            "replaces": [*map(to_builtins, self.replaced), *map(left_out_row, self.left_out)],
            **({"work": order_of_work(self.replaced)} if self.replaced else {}),
            **({"moves": [to_builtins(move) for move in self.moves]} if self.moves else {}),
            **({"complaints": [one.row for one in self.complaints]} if self.complaints else {}),
            **self.more,
            "findings": finding_list(self.findings),
        }
        if self.output.as_json:
            self.output.result("", document)
        elif needed or not self.output.quiet:
            click.echo(text.rstrip("\n"))
        for one in self.complaints:
            self.warn(hanging(one.text, "warning: "))
        if self.complaints:
            self.warn("Then: escscaffold check")

    def warn(self, text: str) -> None:
        """Print what a person has to act on, with --quiet, too."""
        if not self.output.as_json:
            click.echo(text)
