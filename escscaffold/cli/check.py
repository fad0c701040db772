"""`escscaffold check`: the gate, which asks whether the spec, the plan and every file are as they should be."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from escscaffold.cli.annotations import annotations, problem_annotations
from escscaffold.cli.as_of import as_of_option, unchecked_support
from escscaffold.cli.command import CLEAN, CONFLICT, FAILED, WOULD_CHANGE, ScaffoldCommand, common_options
from escscaffold.cli.file_lines import conflict_text, file_list, kept_lines
from escscaffold.cli.ipam_lines import age_line
from escscaffold.cli.loading import load_plan
from escscaffold.cli.output import Output, error_line, hanging, paragraphs
from escscaffold.cli.progress import working
from escscaffold.cli.straying import straying
from escscaffold.errors import SpecError
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.planning.plan import AddressPlan
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.repository.checkout import lookalikes
from escscaffold.repository.resolving import unresolved
from escscaffold.repository.terraform_cli import Complaint, roots_not_asked, terraform_complaints
from escscaffold.repository.terraform_texts import Standing, unreadable_files
from escscaffold.repository.transaction import is_broken_off, leftovers
from escscaffold.repository.updating import Update, compare_with_disk
from escscaffold.rules.catalogue import RULES, check_plan, has_errors
from escscaffold.spec.reading import SPEC_FILE

_BROKEN_OFF = "A run broke off while it wrote; the next one puts that right. Run: escscaffold generate"
_STALE = "It is stale. Run: escscaffold generate"
_WORDS = {
    "new": "missing",
    "regenerated": "stale",
    "merged": "stale, and edited by hand",
    "obsolete": "no longer generated",
}


@click.command("check", cls=ScaffoldCommand, example="escscaffold check", document={"files": [], "complaints": []})
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How to tell it; github annotates the lines of a pull request.",
)
@as_of_option
@common_options
@click.pass_context
def command(ctx: click.Context, form: str, as_of: date, folder: Path, as_json: bool, quiet: bool, color: str) -> None:
    """Check the spec, the plan, every file, the Terraform, and how long versions are supported.

    Exit 1: findings, something that does not parse or resolve, or Terraform complains; 3: run
    generate; 4: a hand edit is in conflict.
    """
    form = "json" if as_json else form
    output = Output(as_json=form == "json", quiet=quiet)
    try:
        with working("Planning", output):
            loaded = load_plan(folder)
            findings = check_plan(loaded.plan, as_of)
    except SpecError as error:
        if form == "github":
            for line in problem_annotations(error.problems):
                click.echo(line)
        raise
    with working("Comparing with what is there", output):
        # What the end of support makes an error is written all the same: it depends on the day.
        stops = has_errors(finding for finding in findings if not RULES[finding.code].dated)
        update = None if stops else compare_with_disk(folder, loaded.plan, loaded.lock, loaded.basis)
    with working("Reading the files, and asking Terraform", output):
        complaints = list(_complaints(folder, loaded.plan, update))
    broken_off = is_broken_off(folder)
    files = list(dict.fromkeys((*update.changing, *update.in_conflict, *update.deleted))) if update else []
    code = _exit_code(update, complaints, has_errors(findings)) or (WOULD_CHANGE if broken_off else CLEAN)
    if form == "github":
        stale = [Complaint(path=LOCK_FILE, message=_STALE)] if update is not None and update.lock_is_stale else []
        stale += [Complaint(path=LOCK_FILE, message=_BROKEN_OFF)] if broken_off else []
        for line in annotations(findings, files, [*complaints, *stale]):
            click.echo(line)
        ctx.exit(code)
    output.findings(findings, err=False)
    document = {
        "version": VERSION,
        "files": file_list(files),
        "findings": finding_list(findings),
        "complaints": [c.row for c in complaints],
    }
    lines = [_BROKEN_OFF] if broken_off else []
    text = "\n".join([*lines, *_file_lines(update), *(error_line(c.text) for c in complaints)])
    if output.as_json or text or not quiet:
        output.result(text or ("Everything holds." if code == CLEAN else "The plan has errors."), document)
    known = {SPEC_FILE, *loaded.lock.manifest.written, *loaded.lock.manifest.released}
    if left := list(leftovers(folder, known, [file.path for file in update.in_conflict] if update else [])):
        output.note("\n".join(["Left over from earlier runs:", *(hanging(one, "  ") for one in left)]))
    if age := age_line(loaded.plan):
        output.note(age)
    for line in unchecked_support(loaded.plan):
        output.note(paragraphs(line))
    if code == CLEAN and (roots := roots_not_asked(folder)):
        more = f" and {len(roots) - 1} more" if len(roots) > 1 else ""
        output.note(
            paragraphs(f"Not asked: terraform validate in {roots[0]}{more}, for want of `terraform init` there.")
        )
    ctx.exit(code)


def _complaints(folder: Path, plan: AddressPlan, update: Update | None) -> Iterator[Complaint]:
    """Yield what cannot be used of the Terraform that is there."""
    as_generated = frozenset(f.path for f in update.with_state("unchanged", "regenerated")) if update else None
    yield from unreadable_files(folder, as_generated)
    if update is not None:
        yield from straying(folder, plan, update, is_written=not update.changing)
        yield from unresolved(Standing(folder, update), plan, update)
    if update is not None and not update.changing:
        gone = update.with_state("obsolete", "obsolete-edited")
        generated = frozenset(file.path for file in update.files) - {file.path for file in gone}
        ours = generated - {file.path for file in update.with_state("deleted", "released", "yours")}
        for one in lookalikes(folder, sorted(ours)):
            if one.beside:
                message = f"macOS and Windows take it and {one.wanted}, which is generated, for one: rename it."
                yield Complaint(path=one.path, message=message)
    yield from terraform_complaints(folder)


def _exit_code(update: Update | None, complaints: list[Complaint], fails: bool) -> int:
    if update is None:
        return FAILED
    if update.in_conflict:
        # Before any complaint: the marks of a conflict are what a parser complains of first.
        return CONFLICT
    if complaints or fails:
        return FAILED
    return CLEAN if update.changes_nothing else WOULD_CHANGE


def _file_lines(update: Update | None) -> list[str]:
    if update is None:
        return []
    lines = [f"{_WORDS[file.state]}: {file.path}" for file in update.changing if file.state in _WORDS]
    lines += [f"stale: {LOCK_FILE}"] if update.lock_is_stale else []
    lines += [f"yours from now on, its markers are gone: {file.path}" for file in update.with_state("yours")]
    if update.in_conflict:
        return [*lines, conflict_text(update)]
    return (
        [*lines, *kept_lines(update)]
        if update.changes_nothing
        else [*lines, *kept_lines(update), "Run: escscaffold generate"]
    )
