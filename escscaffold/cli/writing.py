"""Bringing a folder in line with a plan, and saying what was done: what `init`, `add` and `generate` share."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from escscaffold.cli.command import CLEAN, CONFLICT, FAILED, WOULD_CHANGE, WOULD_REPLACE
from escscaffold.cli.output import Output
from escscaffold.planning.impact import RangeMove, Replacement, gone, moves, newly_moving, replacements
from escscaffold.planning.lock import LOCK_FILE, Lock, forgetting
from escscaffold.planning.plan import AddressPlan
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.repository.comparing import CHANGING, IN_CONFLICT, FileState
from escscaffold.repository.disk import SPEC_FILE
from escscaffold.repository.updating import Update, apply_update, compare_with_disk
from escscaffold.rules.catalogue import check_plan, has_errors
from escscaffold.rules.finding import Finding

_VERBS = {"new": "wrote", "regenerated": "rewrote", "obsolete": "removed"}
_PARTICIPLES = {"new": "written", "regenerated": "rewritten", "obsolete": "removed"}


def confirm(shown: str, plan: AddressPlan, question: str, output: Output) -> bool:
    """Show the plan and its findings and ask for a yes; a plan with errors needs none, for it is not written."""
    click.echo(f"{shown}\n")
    findings = check_plan(plan)
    output.findings(findings, err=False)
    if has_errors(findings) or click.confirm(question, default=True):
        return True
    click.echo("Nothing was written.")
    return False


def write_plan(
    folder: Path,
    plan: AddressPlan,
    lock: Lock,
    output: Output,
    *,
    spec_text: str | None = None,
    dry_run: bool = False,
    diff: bool = False,
    accepted: tuple[str, ...] = (),
    forgotten: frozenset[str] = frozenset(),
    again: str = "escscaffold generate",
    after: str = "",
    told: bool = False,
) -> int:
    """Write everything that the plan asks for below `folder`, or nothing; return the exit code.

    `accepted` names what Terraform may replace: a range (`prod.pods`) or a whole environment.
    `forgotten` names what is retired no more. `again` is the command to accept a replacement with.
    `told` says that the plan's findings were shown already.
    """
    findings = check_plan(plan)
    replaced = replacements(lock, plan)
    price = [*_replaced_lines(replaced), *_gone_lines(gone(lock, plan)), *_moving_lines(lock, plan)]
    report = _Report(output=output, findings=findings, replaced=replaced, moves=moves(lock, plan))
    output.findings(() if told else findings, err=True)
    if has_errors(findings):
        report.say("The plan has errors: nothing was written.", needed=True)
        return FAILED
    update = compare_with_disk(folder, plan, forgetting(lock, forgotten))
    if conflicts := update.with_state(*IN_CONFLICT):
        report.say(f"{conflict_text(conflicts)}\nNothing was written.", conflicts, needed=True)
        return CONFLICT
    changing = update.with_state(*CHANGING)
    if dry_run or diff:
        text = _would(changing, update, diff=diff)
        report.say("\n".join([text, *price]), changing, needed=diff)
        return CLEAN if update.is_fresh else WOULD_CHANGE
    if refused := [r for r in replaced if not r.accepted_by(accepted)]:
        report.say(_refusal(refused, again), changing, needed=True)
        return WOULD_REPLACE
    apply_update(folder, update, spec_text)
    report.say("\n".join([_done(changing, update), *price]), changing)
    if after:
        output.note(f"\n{after}")
    return CLEAN


@dataclass(frozen=True, kw_only=True)
class _Report:
    """What is printed at the end: words for a person, the same facts as JSON for a program."""

    output: Output
    findings: tuple[Finding, ...]
    replaced: tuple[Replacement, ...]
    moves: tuple[RangeMove, ...]

    def say(self, text: str, files: tuple[FileState, ...] = (), *, needed: bool = False) -> None:
        """Print the text, with --quiet only if it is needed, or the document."""
        document = {
            "version": VERSION,
            "files": file_list(files),
            "replaces": [asdict(replacement) for replacement in self.replaced],
            **({"moves": [asdict(move) for move in self.moves]} if self.moves else {}),
            "findings": finding_list(self.findings),
        }
        if self.output.as_json:
            self.output.result("", document)
        elif needed or not self.output.quiet:
            click.echo(text.rstrip("\n"))


def file_list(files: Iterable[FileState]) -> list[dict[str, str]]:
    """Return files as JSON-ready data."""
    return [{"path": file.path, "state": file.state} for file in files]


def _replaced_lines(replaced: Sequence[Replacement]) -> list[str]:
    """Return what Terraform will make anew, a line each, under a line that says so."""
    lines = [f"  {r.name}: {r.old} -> {r.new} replaces {', '.join(r.replaces)}" for r in replaced]
    return ["Terraform will replace what exists:", *lines] if lines else []


def _gone_lines(names: Sequence[str]) -> list[str]:
    """Return what becomes of environments that are not in the spec any more."""
    return [
        f"{name} is no longer in {SPEC_FILE}: its files go, and what Terraform made of it stays. "
        "To destroy it, bring the files back with version control first."
        for name in names
    ]


def _moving_lines(lock: Lock, plan: AddressPlan) -> list[str]:
    """Return what becomes of what another Terraform provider made."""
    return [
        f"{name} moves from {plan.moving[name]} to {plan.spec.provider} with the next apply, and nothing is made anew: "
        "README.md says how, and when it is done."
        for name in newly_moving(lock, plan)
    ]


def _refusal(refused: Sequence[Replacement], again: str) -> str:
    flags = " ".join(f"--accept-replace {r.name}" for r in refused)
    return "\n".join(
        [
            *_replaced_lines(refused),
            "Nothing was written. Beside the old one, a new environment replaces nothing: escscaffold add ENVIRONMENT.",
            f"If it is meant: {again} {flags}",
        ]
    )


def conflict_text(conflicts: tuple[FileState, ...]) -> str:
    """Return what to do about files that were edited by hand."""
    names = "\n".join(f"  {file.path}" for file in conflicts)
    return (
        f"Edited by hand since escscaffold wrote them, or not written by it:\n{names}\n"
        "Move the edits to files of your own beside them (custom.tf, *_override.tf, "
        "custom.auto.tfvars) and restore these, or delete them to have them written anew."
    )


def _would(changing: tuple[FileState, ...], update: Update, *, diff: bool) -> str:
    if update.is_fresh:
        return "Nothing would change."
    if diff:
        return "".join(_diff(file) for file in changing) or f"Only {LOCK_FILE} would change."
    lines = [f"would have {_PARTICIPLES[file.state]} {file.path}" for file in changing]
    return "\n".join([*lines, *([f"would have rewritten {LOCK_FILE}"] if update.lock_is_stale else [])])


def _diff(file: FileState) -> str:
    from difflib import unified_diff  # slow to import, and needed for --diff only

    old, new = ((text or "").splitlines(keepends=True) for text in (file.old, file.new))
    return "".join(unified_diff(old, new, f"a/{file.path}", f"b/{file.path}"))


def _done(changing: tuple[FileState, ...], update: Update) -> str:
    if update.is_fresh:
        return "Nothing changes: every file is as it should be."
    counts = ((verb, sum(file.state == state for file in changing)) for state, verb in _VERBS.items())
    words = [f"{verb} {count} file{'s' if count != 1 else ''}" for verb, count in counts if count]
    return (", ".join(words) or f"rewrote {LOCK_FILE}").capitalize() + "."
