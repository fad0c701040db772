"""Bringing a folder in line with a plan, and saying what was done: what `init`, `add` and `generate` share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

from escscaffold.cli.command import CLEAN, CONFLICT, FAILED, WOULD_CHANGE, WOULD_REPLACE
from escscaffold.cli.file_lines import conflict_text, done_text, file_list, link_lines, would_text
from escscaffold.cli.left_out_lines import left_out_lines, left_out_row
from escscaffold.cli.output import Output, hanging
from escscaffold.cli.price_lines import gone_lines, moving_lines, refusal, replaced_lines, unlearned_lines, work_lines
from escscaffold.cli.progress import working
from escscaffold.cli.prompting import agree
from escscaffold.jobs.accepted_names import refuse_unknown_prices
from escscaffold.jobs.hand_edits import edits_against_plan
from escscaffold.planning.lock import LOCK_FILE, Lock, forgetting
from escscaffold.planning.plan import AddressPlan
from escscaffold.planning.replacements import (
    RangeMove,
    Replacement,
    Unlearned,
    gone,
    moves,
    order_of_work,
    replacements,
    unlearned,
)
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.repository.disk import Basis
from escscaffold.repository.dropped_resources import LeftOut, left_out
from escscaffold.repository.file_states import FileState
from escscaffold.repository.journal import before_moves
from escscaffold.repository.resolving import unresolved
from escscaffold.repository.terraform_cli import Complaint
from escscaffold.repository.terraform_texts import Standing, terraform_texts
from escscaffold.repository.updating import Update, apply_update, compare_with_disk
from escscaffold.rules.catalogue import check_plan, has_errors
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE


def confirm(shown: str, plan: AddressPlan, question: str, output: Output) -> bool:
    """Show the plan and its findings and ask for a yes; a plan with errors needs none, for it is not written."""
    click.echo(f"{shown}\n")
    findings = check_plan(plan)
    output.findings(findings, err=False)
    if has_errors(findings) or agree(question, default=True):
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
    basis: Basis,
    output: Output,
    terms: Terms = USUAL,
    *,
    spec_text: str | None = None,
    after: str = "",
    told: bool = False,
    ipam_text: str | None = None,
    more: Mapping[str, Any] | None = None,
    appended: Mapping[str, str] | None = None,
) -> int:
    """Write everything that the plan asks for below `folder`, or nothing; return the exit code.

    `basis` is what plan and lock were read from: where it is another one on disk by now, nothing is written.
    `told` says that the plan's findings were shown already. `ipam_text` is what the IPAM has, if that is
    written too, `more` are further keys of the document for programs, `appended` is text to add to the end of files.
    """
    findings = check_plan(plan)
    replaced = replacements(lock, plan)
    refuse_unknown_prices(terms.accepted, plan, lock, replaced)
    would = terms.dry_run or terms.diff
    report = _Report(
        output=output,
        more=more or {},
        findings=findings,
        replaced=replaced,
        moves=moves(lock, plan),
        unlearned=unlearned(lock, plan),
    )
    output.findings(() if told else findings, err=True)
    if has_errors(findings):
        report.say("The plan has errors: nothing was written.", needed=True)
        return FAILED
    with working("Comparing with what is there", output):
        update = compare_with_disk(folder, plan, forgetting(lock, terms.forgotten), basis, terms.restored, terms.moved)
        lost = left_out(folder, update.files, lock, plan)
        replaced = _computed(folder, plan, update, replaced, lost)
    price = [*replaced_lines(replaced, would=would), *unlearned_lines(lock, plan)]
    price += [*gone_lines(folder, gone(lock, plan), would=would), *moving_lines(lock, plan, would=would)]
    price += left_out_lines(lost)
    report = replace(report, replaced=replaced, left_out=lost)
    told_files = (*update.changing, *update.deleted, *update.with_state("unsolved", "obsolete-edited"))
    code = CONFLICT if update.in_conflict else CLEAN
    also = [IPAM_FILE] if ipam_text is not None else []
    written = [*([SPEC_FILE] if spec_text is not None else []), *(file.target for file in update.changing), *also]
    linked = link_lines(folder, [before_moves(path, terms.moved) for path in (*written, LOCK_FILE)])
    if would:
        text = would_text(update, spec_text, folder, diff=terms.diff)
        report = replace(report, complaints=_complaints(folder, plan, update, is_written=not update.changing))
        report.say("\n".join([text, *price, *linked]), told_files, needed=terms.diff or code == CONFLICT)
        return code or (CLEAN if update.changes_nothing and spec_text is None else WOULD_CHANGE)
    refused = [r for r in replaced if not r.accepted_by(terms.accepted)]
    refused_to_leave_out = [one for one in lost if not one.accepted_by(terms.accepted)]
    if refused or refused_to_leave_out:
        report.say(refusal(refused, refused_to_leave_out, terms.again), told_files, needed=True)
        return WOULD_REPLACE
    with working("Writing", output):
        apply_update(folder, update, basis, spec_text, terms.moved, ipam_text, appended)
    text = "\n".join([done_text(update, with_spec=spec_text is not None, also=also), *price, *work_lines(replaced)])
    with working("Reading what was edited", output):
        report = replace(report, complaints=_complaints(folder, plan, update, is_written=True))
    report.say(text, told_files)
    for line in linked:
        report.warn(line)
    if update.in_conflict:
        report.warn(conflict_text(update))
        return CONFLICT
    if after:
        output.note(f"\n{after}")
    return CLEAN


def _computed(
    folder: Path, plan: AddressPlan, update: Update, replaced: tuple[Replacement, ...], lost: tuple[LeftOut, ...]
) -> tuple[Replacement, ...]:
    """Return what Terraform replaces as both sides of the files come to it, where there is anything to compare."""
    before, after = terraform_texts(folder, update)
    if not before or update.in_conflict:
        return replaced
    # Not needed by most runs.
    from escscaffold.reviewing.impact import computed_replacements, refused_by_the_cloud, roots_of_writing

    roots = roots_of_writing(before, after)
    return computed_replacements(replaced, roots, {one.address for one in lost}, refused_by_the_cloud(plan, replaced))


def _complaints(folder: Path, plan: AddressPlan, update: Update, *, is_written: bool) -> tuple[Complaint, ...]:
    """Return what was edited so that it is not as planned, and what is still used of that which was deleted."""
    deleted = bool(update.with_state("deleted"))
    missing = unresolved(Standing(folder, update), plan, update, references=deleted)
    return (*edits_against_plan(folder, plan, update, is_written=is_written), *missing)


class _Report(Struct, frozen=True, kw_only=True):
    """What is printed at the end: words for a person, the same facts as JSON for a program."""

    output: Output
    more: Mapping[str, Any]
    findings: tuple[Finding, ...]
    replaced: tuple[Replacement, ...]
    moves: tuple[RangeMove, ...]
    unlearned: tuple[Unlearned, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    """What was edited so that it is not as planned, or deleted and is still used."""

    def say(self, text: str, files: tuple[FileState, ...] = (), *, needed: bool = False) -> None:
        """Print the text, with --quiet only if it is needed, and always what makes `check` fail; or the document."""
        document = {
            "version": VERSION,
            "files": file_list(files),
            "replaces": [*map(to_builtins, self.replaced), *map(left_out_row, self.left_out)],
            **({"work": order_of_work(self.replaced)} if self.replaced else {}),
            **({"moves": [to_builtins(move) for move in self.moves]} if self.moves else {}),
            **({"unlearned": [to_builtins(one) for one in self.unlearned]} if self.unlearned else {}),
            **({"complaints": [one.row for one in self.complaints]} if self.complaints else {}),
            **self.more,
            "findings": finding_list(self.findings),
        }
        if self.output.as_json:
            self.output.result("", document)
        elif needed or not self.output.quiet:
            click.echo(text.rstrip("\n"))
        for one in self.complaints:
            self.warn(hanging(one.text, "warning "))
        if self.complaints:
            self.warn("Then: escscaffold check")

    def warn(self, text: str) -> None:
        """Print what a person has to act on, with --quiet, too."""
        if not self.output.as_json:
            click.echo(text)
