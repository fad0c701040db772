"""One side of a comparison as what it means: its spec, its lock, its plan and the plan's findings."""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.errors import SpecError
from escscaffold.planning.lock import LOCK_FILE, Lock, grants_for
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.plan import AddressPlan
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.snapshot import IPAM_FILE, Snapshot, read_snapshot
from escscaffold.reviewing.trees import Entry, Tree
from escscaffold.rules.catalogue import check_plan, findings_of
from escscaffold.rules.finding import Finding
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, read_spec


class State(Struct, frozen=True, kw_only=True):
    """One side."""

    name: str
    entries: Mapping[str, Entry]
    texts: Mapping[str, str] = field(default_factory=dict)
    """The contents of those files that were looked into; bytes that are not UTF-8 are kept as they are."""
    lock: Lock = field(default_factory=Lock)
    plan: AddressPlan | None = None
    """None where there is no spec, or one that cannot be read."""
    findings: tuple[Finding, ...] = ()

    @property
    def has_spec(self) -> bool:
        """Whether there is a spec, whatever it says."""
        return SPEC_FILE in self.entries

    @property
    def written(self) -> Mapping[str, str]:
        """The content id of each generated file as the lock remembers it."""
        return self.lock.manifest.written


def read_states(before: Tree, after: Tree) -> tuple[State, State]:
    """Read both sides: their specs and locks, and of the other files those that differ."""
    differing = differing_paths(before.entries, after.entries)
    first, second = (_state(tree, {*differing, SPEC_FILE, LOCK_FILE, IPAM_FILE}) for tree in (before, after))
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
    odd = [path for path, written in known if path in tree.entries and tree.entries[path].id != written]
    return replace(state, texts={**state.texts, **_texts(tree, odd)})


def _texts(tree: Tree, paths: Iterable[str]) -> dict[str, str]:
    return {path: body.decode("utf-8", errors="surrogateescape") for path, body in tree.read(paths).items()}


def _state(tree: Tree, paths: Iterable[str]) -> State:
    texts = _texts(tree, paths)
    state = State(name=tree.name, entries=tree.entries, texts=texts)
    if SPEC_FILE not in texts:
        return state
    lock = Lock()
    try:
        lock = read_lock(texts[LOCK_FILE]) if LOCK_FILE in texts else lock
        spec = read_spec(texts[SPEC_FILE].removeprefix("\ufeff"))
        pulled = texts.get(IPAM_FILE) if spec.ipam is not None else None
        plan = _plan(spec, lock, read_snapshot(pulled) if pulled is not None else None)
    except SpecError as error:
        return replace(state, lock=lock, findings=findings_of(error.problems))
    return replace(state, lock=lock, plan=plan, findings=check_plan(plan))


def _plan(spec: Spec, lock: Lock, snapshot: Snapshot | None) -> AddressPlan:
    return replace(plan_addresses(spec, grants_for(lock, spec), snapshot), notes=lock.notes)
