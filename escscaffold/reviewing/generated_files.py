"""Generated files that are not as `generate` writes them: edited, deleted, in conflict, or not written yet. Pure."""

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from escscaffold.planning.immutable_settings import ImmutableSettings, immutable_settings
from escscaffold.planning.lock import answers_of
from escscaffold.planning.replacements import moves, removed_environments
from escscaffold.reviewing.sides import Side
from escscaffold.spec.model import Reference
from escscaffold.spec.reading import has_merge_marks

FileState = Literal["conflict", "edited", "edited before", "deleted", "no longer generated"]
"""What a file is:

- conflict: contains merge conflict markers;
- edited: generated, edited by hand in this change;
- edited before: generated, edited by hand, and not touched by this change;
- deleted: generated, deleted by hand in this change;
- no longer generated: written once, not generated any more, and still there.
"""
IdsOf = Callable[[str], tuple[str, ...]]
"""The content ids by which a text can be what was written: of the whole, and of the part that is generated."""


class FileNote(Struct, frozen=True, kw_only=True):
    """One file of which there is something to say."""

    path: str
    state: FileState


def file_notes(before: Side, after: Side, ids_of: IdsOf) -> tuple[FileNote, ...]:
    """Return notes on the files that are generated, or were."""
    return tuple(sorted(_notes(before, after, ids_of), key=lambda note: (note.state, note.path)))


def _notes(before: Side, after: Side, ids_of: IdsOf) -> Iterator[FileNote]:
    for path, text in after.texts.items():
        if before.texts.get(path) != text and has_merge_marks(text):
            yield FileNote(path=path, state="conflict")
    for path in after.lock.manifest.deleted:
        # `generate` has noted it: it stays away from now on.
        if path in before.entries and path not in after.entries:
            yield FileNote(path=path, state="deleted")
    for path, written in after.written.items():
        entry, old = after.entries.get(path), before.entries.get(path)
        if entry is None:
            if old is not None:
                yield FileNote(path=path, state="deleted")
        elif entry.id != written and written not in ids_of(after.texts.get(path, "")):
            yield FileNote(path=path, state="edited before" if old and old.id == entry.id else "edited")
    for path in before.written.keys() - after.written.keys():
        if path in after.entries and after.has_spec:
            yield FileNote(path=path, state="no longer generated")


def not_generated(state: Side) -> tuple[str, ...]:
    """Return what the spec asks for and the lock does not say: `generate` was not run since. By name, `prod.pods`."""
    plan, lock = state.plan, state.lock
    if plan is None:
        return ()
    names = [move.reference for move in moves(lock, plan)]
    names += [Reference(name, "") for name in removed_environments(lock, plan)]
    for environment in plan.environments:
        if lock.locations.get(environment.name) != environment.spec.location:
            names.append(Reference(environment.name, ""))
            continue
        recorded = lock.immutable.get(environment.name, ImmutableSettings()).by_name()
        immutable = immutable_settings(environment.spec).by_name()
        names += [Reference(environment.name, key) for key, value in immutable.items() if recorded.get(key) != value]
        names += [
            Reference(environment.name, r.name)
            for r in environment.ranges
            if Reference(environment.name, r.name) not in lock.grants.ranges
        ]
    changed_environments = {reference.environment for reference in names}
    written = lock.manifest.answers
    # Locks of older versions have no answers.
    names += [
        Reference(name, "")
        for name, answer in answers_of(plan.spec).items()
        if written and written.get(name) != answer and name not in changed_environments
    ]
    provider = ["provider"] if lock.provider not in ("", plan.spec.provider) else []
    return tuple(dict.fromkeys([*map(str, names), *provider]))
