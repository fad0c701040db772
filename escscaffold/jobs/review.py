"""The job `review`: what a branch changes, and what Terraform would replace."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import ArgumentsError, ScaffoldError, SpecError
from escscaffold.git import git_folder_above, refuse_unusable
from escscaffold.inputs import MIB, read_stdin
from escscaffold.jobs.own_overlaps import OwnOverlaps, overlaps_on_side
from escscaffold.jobs.reporter import SILENT, Reporter
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.planning.snapshot import IPAM_FILE, SnapshotChange, ipam_changes
from escscaffold.repository.disk import content_id, split_block
from escscaffold.reviewing.branch_impact import impacts
from escscaffold.reviewing.differences import Difference, Key, differences, items_of, whole_folders
from escscaffold.reviewing.generated_files import FileNote, file_notes, not_generated
from escscaffold.reviewing.other_roots import impacts_between_roots
from escscaffold.reviewing.patches import patched
from escscaffold.reviewing.range_changes import compare_addresses
from escscaffold.reviewing.real_plan import RealPlan, compare_plan, settled
from escscaffold.reviewing.review_findings import exposures, missing_parts
from escscaffold.reviewing.revisions import Git
from escscaffold.reviewing.roots import Root, roots_between
from escscaffold.reviewing.secrets import secrets_in, without_secrets
from escscaffold.reviewing.side_files import TOO_MANY, Reader, SideFiles, Unread, is_terraform, is_terragrunt
from escscaffold.reviewing.sides import Side, read_sides, renames_between, with_renames
from escscaffold.reviewing.terraform_inputs import inputs_not_read
from escscaffold.reviewing.trees import FolderTree, GitTree, Tree, WorkingTree, differing_paths
from escscaffold.reviewing.verdict import Contents, Report, judge
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.terraform.references import parent_folder, twin_of
from escscaffold.terraform.resource_changes import Action

_STDIN = "-"
_RANGE = "..."
_WORKING_TREE = "the working tree"
_PLANNED = {SPEC_FILE, LOCK_FILE, IPAM_FILE}
_LARGEST_PATCH = 16 * MIB
_UNBOUND = "the root module that it is for is unknown"
_NOT_CHECKED = "too many files to check all for overlaps"
_ACTIONS = ("", "read", "move", "import", "create", "update", "forget", "unknown", "replace", "destroy")
"""What may become of one declared thing, the worst last."""


def review(
    folder: Path | str,
    base: str | None = None,
    head: str | None = None,
    *,
    plans: Sequence[RealPlan] = (),
    accepted: Collection[str] = (),
    reporter: Reporter = SILENT,
) -> Report:
    """Compare two sides of the folder: revisions, folders, or the working tree; nothing is written.

    `base` is a revision, a folder, or `-` for a patch on standard input; without one it is the default branch. With
    `BASE...HEAD`, HEAD is compared with the merge base of both. Without `head`, the working tree is compared. `plans`
    are plans of Terraform to compare with, `accepted` names what may be replaced. Raises ScaffoldError where a side
    does not exist.
    """
    with reporter.working("Reading both sides"), TemporaryDirectory() as scratch:
        return compare(*_sides(Path(folder), base, head, Path(scratch), reporter), plans, accepted)


def _sides(folder: Path, base: str | None, head: str | None, scratch: Path, reporter: Reporter) -> tuple[Tree, Tree]:
    """Return both sides; raises ScaffoldError where one is not there, ArgumentsError for a mixture.

    What a patch on stdin makes is kept in the folder `scratch`.
    """
    if not _is_existing_folder(folder):
        raise ScaffoldError(f"Folder {folder} does not exist.")
    git = Git(folder)
    if base is not None and head is not None:
        folders = [_is_folder(git, folder, name) for name in (base, head)]
        if all(folders):
            return _folder(folder, base), _folder(folder, head)
        if any(folders):
            raise ArgumentsError("Pass two revisions or two folders, not one of each.")
        refuse_unusable(folder)
        before, after = git.needed(base), git.needed(head)
        if git.lacks(after, before):
            reporter.diverged(base, head)
        return GitTree(git, base, before), GitTree(git, head, after)
    if base == _STDIN:
        refuse_unusable(folder)
        commit = git.needed("HEAD")
        with_patch, tree = patched(git, commit, _patch(), scratch)
        return GitTree(git, "HEAD", commit), GitTree(with_patch, "the patch", tree)
    if base is not None and _is_folder(git, folder, base):
        if git_folder_above(folder) is not None:
            # Without it, what git ignores would count.
            refuse_unusable(folder)
        return _folder(folder, base), FolderTree(folder, _WORKING_TREE, git if git.exists() else None)
    refuse_unusable(folder)
    if base is not None and _RANGE in base and not git.commit(base):
        start, _, end = (part or "HEAD" for part in base.partition(_RANGE))
        return GitTree(git, start, git.merge_base(start, end)), GitTree(git, end, git.needed(end))
    name = base if base is not None else git.default_branch()
    return GitTree(git, name, git.merge_base(name, "HEAD")), WorkingTree(folder, _WORKING_TREE, git)


def _patch() -> bytes:
    return read_stdin(_LARGEST_PATCH)


def _is_folder(git: Git, folder: Path, name: str) -> bool:
    """Whether the name is a folder and no revision; `./main` is a folder whatever branches there are."""
    return bool(name.strip()) and _is_existing_folder(folder / name) and not (git.exists() and git.commit(name))


def _is_existing_folder(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # no disk has such a name
        return False


def _folder(folder: Path, name: str) -> FolderTree:
    return FolderTree(folder / name, name)


def compare(before: Tree, after: Tree, plans: Sequence[RealPlan] = (), accepted: Collection[str] = ()) -> Report:
    """Compare two sides; `plans` and `accepted` are as in `review`."""
    facts = load_facts()
    resources = facts.resources
    old, new = read_sides(before, after, facts)
    renames = renames_between(old, new)
    old = with_renames(old, renames)
    files = SideFiles(before, renames), SideFiles(after)
    differing = differing_paths(files[0].entries, files[1].entries)
    reader, overlaps_reader = Reader(), Reader()

    roots, unbound = roots_between(*files, differing, reader, resources)
    declared = _declared(files, differing, reader, roots)
    addresses = compare_addresses(old.plan, new.plan) if _comparable(old, new) else compare_addresses(None, None)

    between_roots = impacts_between_roots(roots, files[1], reader)
    on_branch = impacts(old, new, addresses, roots, resources, accepted, between_roots)
    compared = tuple(compare_plan(real, roots, on_branch, new.plan) for real in plans)
    notes = file_notes(old, new, _ids_of)

    missing_before, missing = _missing(files, new, differing, reader)
    overlaps_before, overlaps = _own_overlaps(files, (old, new), differing, overlaps_reader)
    findings = _findings(
        (*old.findings, *missing_before, *overlaps_before.findings),
        (*new.findings, *missing, *exposures(roots, resources), *overlaps.findings),
    )
    others = list(_others(differing, old, new))
    return judge(
        Contents(
            before=old.name,
            after=new.name,
            addresses=addresses,
            impacts=settled(on_branch, compared),
            renames=renames,
            roots=tuple(roots),
            differences=tuple(map(without_secrets, declared)),
            whole=whole_folders(old.entries, new.entries),
            notes=notes,
            not_generated=not_generated(new),
            new=findings.new,
            existing=findings.existing,
            fixed=findings.fixed,
            secrets=secrets_in(declared, old.texts, new.texts),
            unread=(
                *_not_compared(old, new),
                *reader.unread,
                *(Unread(path=path, reason=_UNBOUND) for path in unbound),
                *_without_range(overlaps, differing),
                *_not_checked(overlaps_reader, reader.hidden),
                *_not_followed(files, new.untracked, differing),
                *inputs_not_read(*files, [*_tracked(others, new), *_edited(notes)]),
            ),
            others=_tracked(others, new),
            untracked=tuple(path for path in others if path in new.untracked),
            plans=compared,
            plan=new.plan,
            ipam=_ipam(old, new),
            spec_text=new.texts.get(SPEC_FILE, ""),
        )
    )


def _missing(
    files: tuple[SideFiles, SideFiles], new: Side, differing: Sequence[str], reader: Reader
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return what is missing on both sides; without a spec, only what is missing since this change."""
    before, after = missing_parts(*files, new, differing, reader)
    if new.has_spec:
        return before, after
    return (), tuple(finding for finding in after if finding not in before)


def _own_overlaps(
    files: tuple[SideFiles, SideFiles], sides: tuple[Side, Side], differing: Sequence[str], reader: Reader
) -> tuple[OwnOverlaps, OwnOverlaps]:
    """Return on both sides which own networks overlap allocated ranges; nothing where neither can differ.

    The reader is not that of the comparison, which reports each file that it does not read.
    """
    if not any(path in _PLANNED or is_terraform(path) for path in differing):
        return OwnOverlaps(), OwnOverlaps()
    old, new = (overlaps_on_side(of_side, side, reader) for of_side, side in zip(files, sides, strict=True))
    return old, new


def _not_checked(reader: Reader, reported: Collection[str]) -> Iterator[Unread]:
    """Yield the files over the limit of what is read for overlaps; the comparison or `check` reports all others."""
    for unread in reader.unread:
        if unread.reason == TOO_MANY and unread.path not in reported:
            yield Unread(path=unread.path, reason=_NOT_CHECKED)


def _without_range(overlaps: OwnOverlaps, differing: Collection[str]) -> Iterator[Unread]:
    for unknown in overlaps.unknown:
        if unknown.source in differing:
            yield Unread(path=unknown.source, line=unknown.line, reason=f"the range of {unknown.name} is not known")


def _declared(
    sides: tuple[SideFiles, SideFiles], differing: Sequence[str], reader: Reader, roots: Sequence[Root]
) -> tuple[Difference, ...]:
    """Return what the differing files declare differently, with the worst that becomes of it anywhere."""
    before, after = sides
    new = items_of(reader.bodies(after, differing))
    old = items_of(reader.bodies(before, differing, "before this change, "))
    actions: dict[Key, Action] = {}
    forcing: dict[Key, set[str]] = {}
    for root in roots:
        for resource in root.changes.resources:
            key = (parent_folder(resource.instance.path), resource.instance.declared)
            decisive = (cause.leaf.path for cause in resource.causes if cause.answer == "replaces")
            forcing.setdefault(key, set()).update(decisive)
            if _ACTIONS.index(resource.action) > _ACTIONS.index(actions.get(key, "")):
                actions[key] = resource.action

    def with_action(difference: Difference) -> Difference:
        key = difference.item.folder, difference.item.address
        names = tuple(change.name for change in difference.attributes if change.name in forcing.get(key, ()))
        return replace(difference, action=actions.get(key, difference.action), forcing=names)

    # What one side's file hides would look like its removal, or its arrival.
    return tuple(
        with_action(difference) for difference in differences(old, new) if difference.item.path not in reader.hidden
    )


def _comparable(before: Side, after: Side) -> bool:
    """Return True unless a side has a spec that cannot be read: its environments are not gone, only unknown."""
    return all(state.plan is not None or not state.has_spec for state in (before, after))


def _not_compared(before: Side, after: Side) -> Iterator[Unread]:
    for state in (before, after):
        if state.has_spec and state.plan is None:
            yield Unread(path=SPEC_FILE, reason=f"it is not readable in {state.name}, so addresses are not compared")
    if before.has_spec and not after.has_spec:
        yield Unread(path=SPEC_FILE, reason="it was deleted, so addresses are not compared")


def _not_followed(
    sides: tuple[SideFiles, SideFiles], untracked: Collection[str], differing: Iterable[str]
) -> Iterator[Unread]:
    before, after = sides
    paths = before.entries.keys() | after.entries.keys()
    for path in differing:
        entry = after.entries.get(path) or before.entries[path]
        if entry.kind != "file" and not is_terraform(path) and path not in untracked:
            yield Unread(path=path, reason=f"it is a {entry.kind}, which is not followed")
        elif is_terragrunt(path):
            yield Unread(path=path, reason="Terragrunt files are not read")
        elif twin := twin_of(path, paths):
            yield Unread(path=path, reason=f"Terraform reads it, and OpenTofu reads {twin} instead")


def _ipam(before: Side, after: Side) -> tuple[SnapshotChange, ...]:
    """Return what differs of what was pulled; a side that cannot be read has a finding of its own."""
    try:
        return ipam_changes(before.texts.get(IPAM_FILE), after.texts.get(IPAM_FILE))
    except SpecError:
        return ()


class _FindingChanges(Struct, frozen=True, kw_only=True):
    """The findings of two sides, compared by rule and subject."""

    new: tuple[Finding, ...]
    existing: tuple[Finding, ...]
    fixed: tuple[Finding, ...]


def _findings(before: Sequence[Finding], after: Sequence[Finding]) -> _FindingChanges:
    new, existing = _split(after, Counter(map(_about, before)))
    fixed, _ = _split(before, Counter(map(_about, after)))
    return _FindingChanges(new=new, existing=existing, fixed=fixed)


def _split(
    findings: Sequence[Finding], others: Counter[tuple[str, str, str]]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings that are not among the others, and those that are; `others` has how often each is."""
    alone, shared = list[Finding](), list[Finding]()
    for finding in findings:
        (shared if others[_about(finding)] > 0 else alone).append(finding)
        others[_about(finding)] -= 1
    return tuple(alone), tuple(shared)


def _about(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.environment, finding.subject


def _others(differing: Iterable[str], before: Side, after: Side) -> Iterator[str]:
    """Yield the files that neither escscaffold writes nor Terraform reads as its own."""
    generated = before.written.keys() | after.written.keys() | {SPEC_FILE, LOCK_FILE, IPAM_FILE}
    return (path for path in differing if not (path in generated or is_terraform(path) or is_terragrunt(path)))


def _tracked(paths: Iterable[str], side: Side) -> tuple[str, ...]:
    return tuple(path for path in paths if path not in side.untracked)


def _edited(notes: Iterable[FileNote]) -> Iterator[str]:
    """Yield the generated files that were edited or deleted by hand."""
    return (note.path for note in notes if note.state in ("edited", "deleted"))


def _ids_of(text: str) -> tuple[str, ...]:
    """Return the ids by which the lock can know a text: of all of it, and of the block that is generated."""
    block = split_block(text)
    return (content_id(text), *([content_id(block[1])] if block else []))
