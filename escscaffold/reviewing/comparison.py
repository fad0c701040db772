"""The review itself: two sides in, a report out. It reads what the trees have, and changes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec.structs import replace

from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import SpecError
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.planning.snapshot import IPAM_FILE, SnapshotChange, ipam_changes
from escscaffold.reviewing.addresses import compare_addresses
from escscaffold.reviewing.declarations import Difference, Key, differences, items_of
from escscaffold.reviewing.impact import impacts
from escscaffold.reviewing.quoting import secrets_in, without_secrets
from escscaffold.reviewing.real_plan import RealPlan, compare_plan, settled
from escscaffold.reviewing.report import Contents, Report, judge
from escscaffold.reviewing.review_findings import exposures, missing_parts
from escscaffold.reviewing.roots import Root, roots_between
from escscaffold.reviewing.states import (
    IdsOf,
    State,
    differing_paths,
    file_notes,
    not_generated,
    parent_folder,
    read_states,
    renames_between,
    whole_folders,
    with_renames,
)
from escscaffold.reviewing.terraform_sources import Reader, Sources, Unread, is_terraform, is_terragrunt
from escscaffold.reviewing.trees import Tree
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.terraform.consequences import Action

_UNBOUND = "no folder declares its variables"
_ACTIONS = ("", "read", "move", "import", "create", "update", "forget", "unknown", "replace", "destroy")
"""What may become of one declared thing, the worst last."""


def review(
    before: Tree,
    after: Tree,
    facts: Facts,
    ids_of: IdsOf,
    plans: Sequence[RealPlan] = (),
    accepted: Collection[str] = (),
) -> Report:
    """Compare two sides.

    `ids_of` tells by which content ids a text can be what was generated, `accepted` names what is meant to be replaced.
    """
    resources = facts.resources
    old, new = read_states(before, after, facts)
    renames = renames_between(old, new)
    old = with_renames(old, renames)
    sides = Sources(before, renames), Sources(after)
    differing = differing_paths(old.entries, new.entries)
    reader = Reader()
    roots, unbound = roots_between(*sides, differing, reader, resources)
    declared = _declared(sides, differing, reader, roots)
    addresses = compare_addresses(old.plan, new.plan) if _comparable(old, new) else compare_addresses(None, None)
    found_impacts = impacts(old, new, addresses, roots, resources, accepted)
    compared = tuple(compare_plan(real, roots, found_impacts, new.plan) for real in plans)
    found_impacts = settled(found_impacts, compared)
    notes = file_notes(old, new, ids_of)
    missing_before, missing = missing_parts(*sides, new, differing, reader)
    if not new.has_spec:
        # In somebody else's repository, what was missing before is not this change's.
        missing, missing_before = tuple(unread for unread in missing if unread not in missing_before), ()
    fresh, known, mended = _findings(
        (*old.findings, *missing_before), (*new.findings, *missing, *exposures(roots, resources))
    )
    return judge(
        Contents(
            before=old.name,
            after=new.name,
            addresses=addresses,
            impacts=found_impacts,
            renames=renames,
            roots=tuple(roots),
            differences=tuple(map(without_secrets, declared)),
            whole=whole_folders(old.entries, new.entries),
            notes=notes,
            not_generated=not_generated(new),
            new=fresh,
            known=known,
            mended=mended,
            secrets=secrets_in(declared, old.texts, new.texts),
            unread=(
                *_not_compared(old, new),
                *reader.unread,
                *(Unread(path=path, reason=_UNBOUND) for path in unbound),
                *_not_followed(old, new, differing),
            ),
            others=tuple(_others(differing, old, new)),
            plans=compared,
            plan=new.plan,
            ipam=_ipam(old, new),
            spec_text=new.texts.get(SPEC_FILE, ""),
        )
    )


def _declared(
    sides: tuple[Sources, Sources], differing: Sequence[str], reader: Reader, roots: Sequence[Root]
) -> tuple[Difference, ...]:
    """Return what the differing files declare differently, with the worst that becomes of it anywhere."""
    before, after = sides
    new = items_of(reader.bodies(after, differing))
    old = items_of(reader.bodies(before, differing, "before this change, "))
    actions: dict[Key, Action] = {}
    forcing: dict[Key, set[str]] = {}
    for root in roots:
        for resource in root.consequences.resources:
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


def _comparable(before: State, after: State) -> bool:
    """Return True unless a side has a spec that cannot be read: its environments are not gone, only unknown."""
    return all(state.plan is not None or not state.has_spec for state in (before, after))


def _not_compared(before: State, after: State) -> Iterator[Unread]:
    for state in (before, after):
        if state.has_spec and state.plan is None:
            yield Unread(path=SPEC_FILE, reason=f"it is not readable in {state.name}, so addresses are not compared")


def _not_followed(before: State, after: State, differing: Iterable[str]) -> Iterator[Unread]:
    for path in differing:
        entry = after.entries.get(path) or before.entries[path]
        if entry.kind != "file" and not is_terraform(path):
            yield Unread(path=path, reason=f"it is a {entry.kind}, which is not followed")
        elif is_terragrunt(path):
            yield Unread(path=path, reason="Terragrunt files are not read")


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
    return (path for path in differing if not (path in generated or is_terraform(path) or is_terragrunt(path)))
