"""`escscaffold check`: the gate, which asks whether the spec, the plan and every file are as they should be."""

from pathlib import Path

import click

from escscaffold.cli.command import CLEAN, CONFLICT, FAILED, WOULD_CHANGE, ScaffoldCommand, common_options
from escscaffold.cli.file_lines import conflict_text, file_list, kept_lines
from escscaffold.cli.loading import load_plan
from escscaffold.cli.output import Output
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.repository.terraform import Complaint, roots_not_asked, terraform_complaints
from escscaffold.repository.updating import Update, compare_with_disk
from escscaffold.repository.writing import is_broken_off
from escscaffold.repository.your_files import unreadable_files
from escscaffold.rules.catalogue import check_plan, has_errors

_WORDS = {
    "new": "missing",
    "regenerated": "stale",
    "merged": "stale, and edited by hand",
    "obsolete": "no longer generated",
}


@click.command("check", cls=ScaffoldCommand, example="escscaffold check", document={"files": [], "complaints": []})
@common_options
@click.pass_context
def command(ctx: click.Context, folder: Path, as_json: bool, quiet: bool, color: str) -> None:
    """Check the spec, the plan, every file, and what Terraform says.

    Exit 1: findings, or Terraform complains; 3: run generate; 4: a hand edit is in conflict.
    """
    loaded = load_plan(folder)
    output = Output(as_json=as_json, quiet=quiet)
    findings = check_plan(loaded.plan)
    output.findings(findings, err=False)
    update = None if has_errors(findings) else compare_with_disk(folder, loaded.plan, loaded.lock)
    complaints = [*unreadable_files(folder), *terraform_complaints(folder)]
    files = dict.fromkeys((*update.changing, *update.in_conflict, *update.deleted)) if update else ()
    document = {
        "version": VERSION,
        "files": file_list(files),
        "findings": finding_list(findings),
        "complaints": [{"path": c.path, "message": c.message} for c in complaints],
    }
    code = _exit_code(update, complaints)
    broken_off = is_broken_off(folder)
    lines = ["A run broke off while it wrote; the next one puts that right. Run: escscaffold generate"]
    code = code or (WOULD_CHANGE if broken_off else CLEAN)
    text = "\n".join(
        [*(lines if broken_off else ()), *_file_lines(update), *(f"{c.path}: {c.message}" for c in complaints)]
    )
    if as_json or text or not quiet:
        output.result(text or ("Everything holds." if code == CLEAN else "The plan has errors."), document)
    if code == CLEAN and (roots := roots_not_asked(folder)):
        more = f" and {len(roots) - 1} more" if len(roots) > 1 else ""
        output.note(f"Not asked: terraform validate in {roots[0]}{more}, for want of `terraform init` there.")
    ctx.exit(code)


def _exit_code(update: Update | None, complaints: list[Complaint]) -> int:
    if update is None:
        return FAILED
    if update.in_conflict:
        # Before any complaint: the marks of a conflict are what a parser complains of first.
        return CONFLICT
    if complaints:
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
