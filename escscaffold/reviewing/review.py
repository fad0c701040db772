"""The review itself: two sides in, a report out. It reads what the trees have, and changes nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from escscaffold.errors import SpecError
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.planning.snapshot import IPAM_FILE, SnapshotChange, ipam_changes
from escscaffold.reviewing.addresses import compare_addresses
from escscaffold.reviewing.beside import compare_plan
from escscaffold.reviewing.calls import followed
from escscaffold.reviewing.differences import Difference, differences
from escscaffold.reviewing.edits import IdsOf, file_notes, not_generated
from escscaffold.reviewing.folders import Fate, folder_of, whole_folders
from escscaffold.reviewing.impact import impacts
from escscaffold.reviewing.items import items_of
from escscaffold.reviewing.reading import Reader, Unread, is_terraform
from escscaffold.reviewing.renames import renames_between, with_renames
from escscaffold.reviewing.report import Contents, Report
from escscaffold.reviewing.secrets import secrets_in, without_secrets
from escscaffold.reviewing.states import State, differing_paths, read_states
from escscaffold.reviewing.terraform_plan import RealPlan
from escscaffold.reviewing.trees import Tree
from escscaffold.reviewing.verdict import judge
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE


def review(before: Tree, after: Tree, ids_of: IdsOf, plans: Sequence[RealPlan] = ()) -> Report:
    """Compare two sides; `ids_of` tells by which content ids a text can be what was generated."""
    return compare(*read_states(before, after), ids_of, plans)


def compare(before: State, after: State, ids_of: IdsOf, plans: Sequence[RealPlan] = ()) -> Report:
    """Compare two sides that were read. Pure."""
    renames = renames_between(before, after)
    before = with_renames(before, renames)
    differing = differing_paths(before.entries, after.entries)
    reader = Reader()
    new = items_of(reader.bodies(after, differing))
    old = items_of(reader.bodies(before, differing, when="before this change, "))
    # What one side's file hides would look like its removal, or its arrival.
    whole = whole_folders(before.entries, after.entries)
    differing_things = [d for d in differences(old, new) if d.item.path not in reader.hidden]
    found = tuple(_told_by_callers(d, whole) for d in followed(differing_things, after, reader))
    addresses = (
        compare_addresses(before.plan, after.plan) if _comparable(before, after) else compare_addresses(None, None)
    )
    notes = file_notes(before, after, ids_of)
    edited = {note.path for note in notes if note.state == "edited"}
    told = impacts(before, after, addresses, found, edited, whole)
    fresh, known, mended = _findings(before.findings, after.findings)
    return judge(
        Contents(
            before=before.name,
            after=after.name,
            addresses=addresses,
            impacts=told,
            renames=renames,
            differences=tuple(map(without_secrets, found)),
            whole=whole,
            notes=notes,
            not_generated=not_generated(after),
            new=fresh,
            known=known,
            mended=mended,
            secrets=secrets_in(found, before.texts, after.texts),
            unread=(*_not_compared(before, after), *reader.unread, *_not_followed(before, after, differing)),
            others=tuple(_others(differing, before, after)),
            plans=tuple(compare_plan(real, told, after.plan) for real in plans),
            plan=after.plan,
            ipam=_ipam(before, after),
            spec_text=after.texts.get(SPEC_FILE, ""),
        )
    )


def _told_by_callers(difference: Difference, whole: Mapping[str, Fate]) -> Difference:
    """Return the difference without an action where a folder goes as a whole: what called it, or the spec, tells."""
    gone = whole.get(folder_of(difference.item.path)) == "removed"
    return replace(difference, action="") if gone else difference


def _comparable(before: State, after: State) -> bool:
    """Return True unless a side has a spec that cannot be read: its environments are not gone, only unknown."""
    return all(state.plan is not None or not state.has_spec for state in (before, after))


def _not_compared(before: State, after: State) -> Iterator[Unread]:
    for state in (before, after):
        if state.has_spec and state.plan is None:
            yield Unread(path=SPEC_FILE, reason=f"it cannot be read in {state.name}, so addresses are not compared")


def _not_followed(before: State, after: State, differing: Iterable[str]) -> Iterator[Unread]:
    for path in differing:
        entry = after.entries.get(path) or before.entries[path]
        if entry.kind != "file" and not is_terraform(path):
            yield Unread(path=path, reason=f"it is a {entry.kind}, which is not followed")


def _ipam(before: State, after: State) -> tuple[SnapshotChange, ...]:
    """Return what differs of what was pulled; a side that cannot be read has a finding of its own."""
    try:
        return ipam_changes(before.texts.get(IPAM_FILE), after.texts.get(IPAM_FILE))
    except SpecError:
        return ()


def _findings(
    before: Sequence[Finding], after: Sequence[Finding]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Finding, ...]]:
    """Return what is new, what was there before, and what is mended; told apart by rule and subject."""
    old = Counter(map(_about, before))
    fresh, known = [], []
    for finding in after:
        if old[_about(finding)] > 0:
            old[_about(finding)] -= 1
            known.append(finding)
        else:
            fresh.append(finding)
    now = Counter(map(_about, after))
    mended = []
    for finding in before:
        if now[_about(finding)] > 0:
            now[_about(finding)] -= 1
        else:
            mended.append(finding)
    return tuple(fresh), tuple(known), tuple(mended)


def _about(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.environment, finding.subject


def _others(differing: Iterable[str], before: State, after: State) -> Iterator[str]:
    generated = before.written.keys() | after.written.keys() | {SPEC_FILE, LOCK_FILE, IPAM_FILE}
    return (path for path in differing if path not in generated and not is_terraform(path))
