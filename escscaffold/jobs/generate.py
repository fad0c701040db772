"""The job `generate`: bring a repository in line with its spec, and return what was done or would be."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.errors import UnknownNameError
from escscaffold.jobs.hand_edits import edits_against_plan
from escscaffold.jobs.release import restored_files
from escscaffold.jobs.reporter import SILENT, Reporter, holding_folder
from escscaffold.jobs.repository_plan import LoadedPlan, TakenDefaults, load_plan
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.immutable_settings import immutable_settings
from escscaffold.planning.lock import LOCK_FILE, Lock, folder_of, forgetting
from escscaffold.planning.replacements import (
    DestroyedResource,
    RangeMove,
    Replacement,
    Unlearned,
    moves,
    removed_environments,
    replacements,
    unlearned,
)
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.repository.disk import Basis
from escscaffold.repository.dropped_resources import (
    DroppedResource,
    StateLeft,
    StrandedFile,
    dropped_resources,
    states_left,
    stranded_files,
)
from escscaffold.repository.file_states import FileState
from escscaffold.repository.journal import before_moves, hard_links
from escscaffold.repository.terraform_cli import Complaint
from escscaffold.repository.terraform_texts import TerraformFolders, terraform_texts, unresolved
from escscaffold.repository.transaction import is_broken_off
from escscaffold.repository.updating import Update, apply_update, compare_with_disk
from escscaffold.rules.catalogue import check_plan, has_errors
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.values import nearest, shown

_PARTS_OF_AN_ENVIRONMENT = ("place", "remote", "upgrade")
"""What else of an environment has a name, other than ranges and settings."""

Outcome = Literal["done", "would-change", "failed", "conflict", "would-replace"]


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

    @property
    def would(self) -> bool:
        """Whether nothing is written."""
        return self.dry_run or self.diff


DEFAULT_TERMS = Terms()


class Generated(Struct, frozen=True, kw_only=True):
    """What was written, or would be, and what Terraform would replace."""

    outcome: Outcome
    plan: AddressPlan
    lock: Lock
    """What was remembered before."""
    findings: tuple[Finding, ...]
    replaced: tuple[Replacement, ...]
    """What Terraform replaces."""
    moves: tuple[RangeMove, ...]
    """The ranges whose addresses change."""
    unlearned: tuple[Unlearned, ...]
    """Changes in place that a peering does not learn by itself."""
    update: Update | None = None
    """The files with what is done to each; None where the plan has errors, and nothing is compared."""
    spec_text: str | None = None
    """The new text of the spec; None where it stays as it is."""
    ipam_text: str | None = None
    """The new text of what was pulled from the IPAM; None where it stays as it is."""
    appended: Mapping[str, str] = field(default_factory=dict)
    """Text that is added to the end of files, which may begin with it, by path."""
    destroyed: tuple[DestroyedResource, ...] = ()
    """Resources that the changed spec no longer asks for, which Terraform destroys."""
    dropped: tuple[DroppedResource, ...] = ()
    """Resources that the new files leave out, which Terraform destroys."""
    removed: Mapping[str, tuple[StateLeft, ...]] = field(default_factory=dict)
    """The environments that left the spec, each with the local states in its folder."""
    hard_linked: tuple[str, ...] = ()
    """Files with a second name (a hard link), which keeps the old text."""
    refused: tuple[Replacement, ...] = ()
    """The replacements for which nothing was written: none of the accepted names covers them."""
    refused_to_destroy: tuple[DestroyedResource, ...] = ()
    """Those destroyed resources that hold data or addresses, for which nothing was written."""
    refused_to_drop: tuple[DroppedResource, ...] = ()
    stranded: tuple[StrandedFile, ...] = ()
    """Files of your own in modules that are called no more, which would have no effect."""
    refused_to_strand: tuple[StrandedFile, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    """What was edited so that it is not as planned, or deleted and is still used."""
    defaults: TakenDefaults | None = None
    """The defaults that become today's, where any were asked for."""
    is_broken_off: bool = False
    """Whether a run before broke off while it wrote, which a run that writes nothing leaves as it is."""

    @property
    def files(self) -> tuple[FileState, ...]:
        """The files that change, and those that need a decision."""
        update = self.update
        if update is None:
            return ()
        return (*update.changing, *update.deleted, *update.with_state("unsolved", "obsolete-edited"))


class GenerateReporter(Reporter):
    """Takes what `generate` has planned, too."""

    def planned(self, loaded: LoadedPlan, *, is_broken_off: bool) -> None:
        """Take the plan before anything is compared or written."""


def generate(
    folder: Path | str,
    terms: Terms = DEFAULT_TERMS,
    *,
    repack: str | None = None,
    forget: tuple[str, ...] = (),
    restore: tuple[str, ...] = (),
    defaults: tuple[str, ...] = (),
    reporter: GenerateReporter | None = None,
) -> Generated:
    """Write the files of the folder's spec, and change nothing else.

    `repack` names the environment to place again without the lock, `forget` what is retired no more, `restore` files
    to bring back, `defaults` what gets today's defaults; `*` means all. Nothing is written where the plan has errors,
    or Terraform would replace what the terms do not accept. Raises ScaffoldError.
    """
    folder, reporter = Path(folder), reporter or GenerateReporter()
    with nullcontext() if terms.would else holding_folder(folder, reporter):
        with reporter.working("Planning"):
            loaded = load_plan(folder, repack, forget, defaults)
        broken_off = terms.would and is_broken_off(folder)
        reporter.planned(loaded, is_broken_off=broken_off)
        restored = restored_files(folder, loaded.lock, restore)
        terms = replace(terms, forgotten=frozenset(forget), restored=restored)
        generated = write_files(folder, loaded.plan, loaded.lock, loaded.basis, terms, reporter=reporter)
    if broken_off and generated.outcome == "done":
        generated = replace(generated, outcome="would-change")
    return replace(generated, defaults=loaded.defaults, is_broken_off=broken_off)


def write_files(
    folder: Path,
    plan: AddressPlan,
    lock: Lock,
    basis: Basis,
    terms: Terms = DEFAULT_TERMS,
    *,
    spec_text: str | None = None,
    ipam_text: str | None = None,
    appended: Mapping[str, str] | None = None,
    reporter: Reporter = SILENT,
) -> Generated:
    """Write everything that the plan asks for below `folder`, or nothing.

    `basis` is what plan and lock were read from: where it is another one on disk by now, nothing is written.
    `spec_text` and `ipam_text` are written too, `appended` is text to add to the end of files.
    """
    result = Generated(
        outcome="failed",
        plan=plan,
        lock=lock,
        findings=check_plan(plan),
        replaced=replacements(lock, plan),
        moves=moves(lock, plan),
        unlearned=unlearned(lock, plan),
        spec_text=spec_text,
        ipam_text=ipam_text,
        appended=appended or {},
    )
    _refuse_unknown_replacements(terms.accepted, plan, lock, result.replaced)
    reporter.findings(result.findings)
    if has_errors(result.findings):
        return result
    with reporter.working("Comparing with existing files"):
        update = compare_with_disk(folder, plan, forgetting(lock, terms.forgotten), basis, terms.restored, terms.moved)
        dropped = dropped_resources(folder, update.files, lock, plan)
        replaced, destroyed = _computed(folder, plan, update, result.replaced, dropped)
    written = [
        *([SPEC_FILE] if spec_text is not None else []),
        *(file.target for file in update.changing if file.standing is not None),
    ]
    written += [IPAM_FILE] if ipam_text is not None else []
    result = replace(
        result,
        outcome="conflict" if update.in_conflict else "done",
        update=update,
        replaced=replaced,
        dropped=dropped,
        destroyed=destroyed,
        stranded=stranded_files(folder, update.files),
        removed={name: states_left(folder, folder_of(name)) for name in removed_environments(lock, plan)},
        hard_linked=hard_links(folder, [before_moves(path, terms.moved) for path in (*written, LOCK_FILE)]),
    )
    if terms.would:
        complaints = _complaints(folder, plan, update, is_written=not update.changing)
        changes = not update.changes_nothing or spec_text is not None
        outcome: Outcome = "would-change" if changes and result.outcome == "done" else result.outcome
        return replace(result, outcome=outcome, complaints=complaints)
    refused = tuple(r for r in replaced if not r.accepted_by(terms.accepted))
    refused_to_drop = tuple(resource for resource in dropped if not resource.accepted_by(terms.accepted))
    refused_to_destroy = tuple(resource for resource in destroyed if not resource.accepted_by(terms.accepted))
    refused_to_strand = tuple(file for file in result.stranded if not file.accepted_by(terms.accepted))
    if refused or refused_to_destroy or refused_to_drop or refused_to_strand:
        return replace(
            result,
            outcome="would-replace",
            refused=refused,
            refused_to_destroy=refused_to_destroy,
            refused_to_drop=refused_to_drop,
            refused_to_strand=refused_to_strand,
        )
    with reporter.working("Writing"):
        apply_update(folder, update, basis, spec_text, terms.moved, ipam_text, appended)
    with reporter.working("Reading hand edits"):
        return replace(result, complaints=_complaints(folder, plan, update, is_written=True))


def _refuse_unknown_replacements(
    accepted: Iterable[str], plan: AddressPlan, lock: Lock, replaced: Iterable[Replacement]
) -> None:
    """Raise UnknownNameError for a name that nothing can have which Terraform replaces or drops."""
    names = {environment.name for environment in plan.environments} | lock.locations.keys()
    replaceable = {
        *names,
        *(replacement.name for replacement in replaced),
        *(f"{name}.{part}" for name in names for part in _PARTS_OF_AN_ENVIRONMENT),
    }
    for environment in plan.environments:
        parts = (*(planned.name for planned in environment.ranges), *immutable_settings(environment.spec).by_name())
        replaceable |= {f"{environment.name}.{part}" for part in parts}
    replaceable |= {str(key) for key in lock.grants.ranges}
    for name in accepted:
        # The address of a resource, such as prod.aws_vpc.main, is known to Terraform alone.
        is_address = name.count(".") >= 2 and name.partition(".")[0] in names
        if name not in replaceable and not is_address:
            fix = nearest(name, sorted(replaceable))
            raise UnknownNameError(f"{shown(name)} is not a range or environment. {fix}", flag="--accept-replace")


def _computed(
    folder: Path,
    plan: AddressPlan,
    update: Update,
    replaced: tuple[Replacement, ...],
    dropped: tuple[DroppedResource, ...],
) -> tuple[tuple[Replacement, ...], tuple[DestroyedResource, ...]]:
    """Return what Terraform replaces and destroys by the files before and after, where there are files before."""
    before, after = terraform_texts(folder, update)
    if not before or update.in_conflict:
        return replaced, ()
    # Not needed by most runs.
    from escscaffold.reviewing.branch_impact import refused_by_the_cloud
    from escscaffold.reviewing.computed_replacements import (
        computed_replacements,
        destroyed_resources,
        roots_of_writing,
    )

    resources = plan.spec.facts.resources
    roots = roots_of_writing(before, after, resources)
    addresses = {resource.address for resource in dropped}
    computed = computed_replacements(replaced, roots, addresses, refused_by_the_cloud(plan, replaced), resources)
    return computed, destroyed_resources(plan, computed, roots, addresses)


def _complaints(folder: Path, plan: AddressPlan, update: Update, *, is_written: bool) -> tuple[Complaint, ...]:
    """Return what was edited so that it is not as planned, and what is still used of that which was deleted."""
    deleted = bool(update.with_state("deleted"))
    missing = unresolved(TerraformFolders(folder, update), plan, update, references=deleted)
    return (*edits_against_plan(folder, plan, update, is_written=is_written), *missing)
