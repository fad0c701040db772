"""The job `check`: whether the spec, the plan, every file and the Terraform are as they should be."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

from escscaffold.jobs.hand_edits import edits_against_plan
from escscaffold.jobs.own_overlaps import OwnOverlaps, overlaps_on_disk
from escscaffold.jobs.reporter import SILENT, Reporter
from escscaffold.jobs.repository_plan import load_plan
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.repository.disk import lookalikes
from escscaffold.repository.file_states import FileState
from escscaffold.repository.terraform_cli import Complaint, roots_not_asked, terraform_complaints
from escscaffold.repository.terraform_texts import TerraformFolders, opentofu_files, unreadable_files, unresolved
from escscaffold.repository.transaction import is_broken_off, leftovers
from escscaffold.repository.updating import Update, compare_with_disk
from escscaffold.rules.catalogue import RULES, check_plan, has_errors, sorted_findings
from escscaffold.rules.finding import Finding
from escscaffold.rules.lifecycle_rules import unset_versions
from escscaffold.scanning.found import Unresolved
from escscaffold.spec.reading import SPEC_FILE

Verdict = Literal["passed", "failed", "stale", "conflict"]


class Skipped(Struct, frozen=True, kw_only=True):
    """Something that was not checked, and why."""

    path: str
    reason: str
    line: int | None = None


class CheckResult(Struct, frozen=True, kw_only=True):
    """What `check` found."""

    plan: AddressPlan
    findings: tuple[Finding, ...]
    """The findings of the plan and of your own Terraform; accepted warnings are among them, each with its reason."""
    overlaps_unknown: tuple[Unresolved, ...]
    """Networks and subnets of your own whose range is not known, one for each file."""
    update: Update | None
    """What `generate` would do; None where the plan has errors, so that nothing is generated from it."""
    complaints: tuple[Complaint, ...]
    """Terraform and edits that cannot be used: files that do not parse or resolve, or that lead addresses elsewhere."""
    is_broken_off: bool
    """Whether a run broke off while it wrote; the next `generate` finishes it or takes it back."""
    leftovers: tuple[str, ...]
    """Files of earlier runs that can be deleted, each with what to do; they fail nothing."""
    files_skipped: tuple[str, ...]
    """Files of OpenTofu alone, which are not parsed."""
    roots_skipped: tuple[str, ...]
    """Folders in which `terraform validate` was not run, because `terraform init` has not been."""

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """All that was not checked, each with its reason."""
        return (
            *(
                Skipped(
                    path=unknown.source,
                    line=unknown.line,
                    reason=f"Overlaps not checked: the range of {unknown.name} is not known.",
                )
                for unknown in self.overlaps_unknown
            ),
            *(Skipped(path=path, reason="Not parsed: only OpenTofu reads it.") for path in self.files_skipped),
            *(
                Skipped(path=root, reason="`terraform validate` skipped: run `terraform init` first.")
                for root in self.roots_skipped
            ),
            *(
                Skipped(path=SPEC_FILE, reason=f"Support not checked in {name}: {sentence}.")
                for sentence, names in unset_versions(self.plan).items()
                for name in names
            ),
        )

    @property
    def files(self) -> tuple[FileState, ...]:
        """The files that `generate` would write or remove, those in conflict and those that were deleted by hand."""
        if self.update is None:
            return ()
        return tuple(dict.fromkeys((*self.update.changing, *self.update.in_conflict, *self.update.deleted)))

    @property
    def verdict(self) -> Verdict:
        """The first that holds; conflicts go before complaints, because a parser fails at the marks of a conflict."""
        if self.update is None:
            return "failed"
        if self.update.in_conflict:
            return "conflict"
        if self.complaints or has_errors(self.findings):
            return "failed"
        return "passed" if self.update.changes_nothing and not self.is_broken_off else "stale"


def check(folder: Path | str, *, as_of: date | None = None, reporter: Reporter = SILENT) -> CheckResult:
    """Check the repository in `folder`; nothing is written.

    Support of versions is judged as of a day, and is not judged without one. Raises SpecError where spec or lock cannot
    be read, NoRepositoryError where there is no spec.
    """
    if isinstance(folder, AddressPlan):
        raise TypeError(
            "check needs a repository folder. For the findings of a plan, use escscaffold.check_plan(plan)."
        )
    folder = Path(folder)
    with reporter.working("Planning"):
        loaded = load_plan(folder)
        plan, findings = loaded.plan, check_plan(loaded.plan, as_of, in_repository=True)
    with reporter.working("Comparing with existing files"):
        # An end of support that has passed is an error, but depends on the day: files are compared all the same.
        stops = has_errors(finding for finding in findings if not RULES[finding.code].dated)
        update = None if stops else compare_with_disk(folder, plan, loaded.lock, loaded.basis)
    with reporter.working("Reading files and running Terraform"):
        standing = TerraformFolders(folder, update) if update else None
        complaints = tuple(_complaints(folder, plan, update, standing))
        overlaps = overlaps_on_disk(standing, plan, loaded.lock, update) if standing and update else OwnOverlaps()
    expected = {SPEC_FILE, *loaded.lock.manifest.written, *loaded.lock.manifest.released}
    in_conflict = [file.path for file in update.in_conflict] if update else []
    return CheckResult(
        plan=plan,
        findings=sorted_findings(plan, (*findings, *overlaps.findings)),
        overlaps_unknown=overlaps.unknown,
        update=update,
        complaints=complaints,
        is_broken_off=is_broken_off(folder),
        leftovers=tuple(leftovers(folder, expected, in_conflict)),
        files_skipped=opentofu_files(folder),
        roots_skipped=roots_not_asked(folder),
    )


def _complaints(
    folder: Path, plan: AddressPlan, update: Update | None, standing: TerraformFolders | None
) -> Iterator[Complaint]:
    """Yield the errors in the existing Terraform."""
    as_generated = frozenset(f.path for f in update.with_state("unchanged", "regenerated")) if update else None
    yield from unreadable_files(folder, as_generated)
    if update is not None and standing is not None:
        yield from edits_against_plan(folder, plan, update, is_written=not update.changing)
        yield from unresolved(standing, plan, update)
    if update is not None and not update.changing:
        obsolete = update.with_state("obsolete", "obsolete-edited")
        generated = frozenset(file.path for file in update.files) - {file.path for file in obsolete}
        ours = generated - {file.path for file in update.with_state("deleted", "released", "yours")}
        for lookalike in lookalikes(folder, sorted(ours)):
            if lookalike.also_generated:
                message = (
                    f"macOS and Windows do not distinguish it from the generated {lookalike.generated_path}: rename it."
                )
                yield Complaint(path=lookalike.path, message=message)
    yield from terraform_complaints(folder, as_generated)
