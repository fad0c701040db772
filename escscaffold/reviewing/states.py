"""One side of a comparison: its spec, lock, plan and findings, its folders, and generated files edited by hand."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.immutable_settings import ImmutableSettings, immutable_settings
from escscaffold.planning.lock import LOCK_FILE, Lock, answers_of, folder_of, kept_in, with_environment_renamed
from escscaffold.planning.lock_text import LockError, read_lock
from escscaffold.planning.planner import plan_allocated
from escscaffold.planning.replacements import moves, removed_environments
from escscaffold.planning.snapshot import IPAM_FILE, read_snapshot, unreadable_snapshot
from escscaffold.reviewing.trees import Entry, Tree
from escscaffold.rules.catalogue import check_plan, findings_of
from escscaffold.rules.finding import Finding
from escscaffold.spec.model import Reference
from escscaffold.spec.reading import SPEC_FILE, has_merge_marks, read_spec
from escscaffold.terraform.references import CONFIGURATION, folders_with_terraform

Fate = Literal["added", "removed"]
V = TypeVar("V")
Renames = Mapping[str, str]
"""New names by the old ones."""
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


def is_configuration(path: str) -> bool:
    """Return True for a file that can declare resources."""
    return path.endswith(CONFIGURATION)


def parent_folder(path: str) -> str:
    """Return the folder in which a file stands, `.` for the top."""
    return posixpath.dirname(path) or "."


def whole_folders(before: Iterable[str], after: Iterable[str]) -> Mapping[str, Fate]:
    """Return the folders that have Terraform on one side only."""
    old, new = folders_with_terraform(before), folders_with_terraform(after)
    fates: dict[str, Fate] = dict.fromkeys(new - old, "added")
    return {**fates, **dict.fromkeys(old - new, "removed")}


class State(Struct, frozen=True, kw_only=True):
    """One side."""

    name: str
    entries: Mapping[str, Entry]
    untracked: Set[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    """The contents of those files that were looked into; bytes that are not UTF-8 are kept as they are."""
    lock: Lock = field(default_factory=Lock)
    plan: AddressPlan | None = None
    """None where there is no spec, or one that cannot be read."""
    findings: tuple[Finding, ...] = ()

    @property
    def has_spec(self) -> bool:
        """Whether there is a spec, readable or not."""
        return SPEC_FILE in self.entries

    @property
    def written(self) -> Mapping[str, str]:
        """The content id of each generated file as the lock remembers it."""
        return self.lock.manifest.written


def read_states(before: Tree, after: Tree, facts: Facts) -> tuple[State, State]:
    """Read both sides: their specs and locks, and of the other files those that differ."""
    differing = differing_paths(before.entries, after.entries)
    first, second = (_state(tree, {*differing, SPEC_FILE, LOCK_FILE, IPAM_FILE}, facts) for tree in (before, after))
    return first, _with_suspects(second, after)


def differing_paths(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> list[str]:
    """Return the paths whose content, or kind of file, is not the same on both sides."""
    return sorted(path for path in before.keys() | after.keys() if _known_by(before, path) != _known_by(after, path))


def _known_by(entries: Mapping[str, Entry], path: str) -> tuple[str, str] | None:
    entry = entries.get(path)
    return (entry.kind, entry.id) if entry else None


def _with_suspects(state: State, tree: Tree) -> State:
    """Add the generated files that are not byte for byte as they were written: line ends may be all there is to it."""
    known = state.written.items()
    edited = [path for path, written in known if path in tree.entries and tree.entries[path].id != written]
    return replace(state, texts={**state.texts, **_texts(tree, edited)})


def _texts(tree: Tree, paths: Iterable[str]) -> dict[str, str]:
    return {path: body.decode("utf-8", errors="surrogateescape") for path, body in tree.read(paths).items()}


def _state(tree: Tree, paths: Iterable[str], facts: Facts) -> State:
    texts = _texts(tree, paths)
    state = State(name=tree.name, entries=tree.entries, untracked=tree.untracked, texts=texts)
    if SPEC_FILE not in texts:
        return state
    lock = Lock()
    try:
        lock_text = _text_of(state, LOCK_FILE, LockError)
        lock = read_lock(lock_text, facts) if lock_text is not None else lock
        spec = read_spec(texts[SPEC_FILE].removeprefix("\ufeff"), facts, kept=kept_in(lock))
        pulled = _text_of(state, IPAM_FILE, unreadable_snapshot) if spec.ipam is not None else None
        plan = plan_allocated(lock, spec, read_snapshot(pulled) if pulled is not None else None)
    except SpecError as error:
        return replace(state, lock=lock, findings=findings_of(error.problems))
    return replace(state, lock=lock, plan=plan, findings=check_plan(plan))


def _text_of(state: State, path: str, error: Callable[[str], SpecError]) -> str | None:
    """Return the file's text, None where there is none; raises the error for one that is not looked into."""
    if path in state.entries and path not in state.texts:
        kind = state.entries[path].kind
        raise error("it is too large." if kind == "file" else f"it is a {kind}, which is not followed.")
    return state.texts.get(path)


def renames_between(before: State, after: State) -> Renames:
    """Return the environments that are removed, and whose resources are now called so by one that came."""
    if before.plan is None or after.plan is None:
        return {}
    old = {
        environment.spec.called: environment.name
        for environment in before.plan.environments
        if not _has(after.plan, environment.name)
    }
    new = [environment for environment in after.plan.environments if not _has(before.plan, environment.name)]
    return {old[environment.spec.called]: environment.name for environment in new if environment.spec.called in old}


def with_renames(state: State, renames: Renames) -> State:
    """Return the state as if these environments had always had their new names."""
    for old, new in renames.items():
        assert state.plan is not None, "renames are found between two plans"
        state = replace(
            state,
            lock=with_environment_renamed(state.lock, old, new, state.plan.spec.facts.clouds),
            plan=_renamed(state.plan, old, new),
            entries=_below(state.entries, old, new),
            texts=_below(state.texts, old, new),
        )
    return state


def _has(plan: AddressPlan, name: str) -> bool:
    return name in plan.spec.environments


def _renamed(plan: AddressPlan | None, old: str, new: str) -> AddressPlan | None:
    if plan is None:
        return None
    environments = tuple(
        replace(environment, spec=replace(environment.spec, name=new, resource_name=environment.spec.called))
        if environment.name == old
        else environment
        for environment in plan.environments
    )
    return replace(plan, environments=environments)


def _below(table: Mapping[str, V], old: str, new: str) -> dict[str, V]:
    before, after = f"{folder_of(old)}/", f"{folder_of(new)}/"
    return {after + path.removeprefix(before) if path.startswith(before) else path: v for path, v in table.items()}


class FileNote(Struct, frozen=True, kw_only=True):
    """One file of which there is something to say."""

    path: str
    state: FileState


def file_notes(before: State, after: State, ids_of: IdsOf) -> tuple[FileNote, ...]:
    """Return notes on the files that are generated, or were."""
    return tuple(sorted(_notes(before, after, ids_of), key=lambda note: (note.state, note.path)))


def _notes(before: State, after: State, ids_of: IdsOf) -> Iterator[FileNote]:
    for path, text in after.texts.items():
        if before.texts.get(path) != text and has_merge_marks(text):
            yield FileNote(path=path, state="conflict")
    for path, known in after.written.items():
        entry, old = after.entries.get(path), before.entries.get(path)
        if entry is None:
            if old is not None:
                yield FileNote(path=path, state="deleted")
        elif entry.id != known and known not in ids_of(after.texts.get(path, "")):
            yield FileNote(path=path, state="edited before" if old and old.id == entry.id else "edited")
    for path in before.written.keys() - after.written.keys():
        if path in after.entries and after.has_spec:
            yield FileNote(path=path, state="no longer generated")


def not_generated(state: State) -> tuple[str, ...]:
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
