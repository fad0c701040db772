"""One side of a comparison: its spec, lock, plan and findings, its folders, and generated files edited by hand."""

from collections.abc import Callable, Iterable, Mapping, Set
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import LOCK_FILE, Lock, folder_of, kept_in, with_environment_renamed
from escscaffold.planning.lock_text import LockError, read_lock
from escscaffold.planning.planner import plan_allocated
from escscaffold.planning.snapshot import IPAM_FILE, read_snapshot, unreadable_snapshot
from escscaffold.reviewing.trees import Entry, Tree, differing_paths
from escscaffold.rules.catalogue import check_plan, findings_of
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE, read_spec

V = TypeVar("V")
Renames = Mapping[str, str]
"""New names by the old ones."""


class Side(Struct, frozen=True, kw_only=True):
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


def read_sides(before: Tree, after: Tree, facts: Facts) -> tuple[Side, Side]:
    """Read both sides: their specs and locks, and of the other files those that differ."""
    differing = differing_paths(before.entries, after.entries)
    first, second = (_state(tree, {*differing, SPEC_FILE, LOCK_FILE, IPAM_FILE}, facts) for tree in (before, after))
    return first, _with_suspects(second, after)


def _with_suspects(state: Side, tree: Tree) -> Side:
    """Add the generated files that are not byte for byte as they were written: line ends may be all there is to it."""
    written_ids = state.written.items()
    edited = [path for path, written in written_ids if path in tree.entries and tree.entries[path].id != written]
    return replace(state, texts={**state.texts, **_texts(tree, edited)})


def _texts(tree: Tree, paths: Iterable[str]) -> dict[str, str]:
    return {path: body.decode("utf-8", errors="surrogateescape") for path, body in tree.read(paths).items()}


def _state(tree: Tree, paths: Iterable[str], facts: Facts) -> Side:
    texts = _texts(tree, paths)
    state = Side(name=tree.name, entries=tree.entries, untracked=tree.untracked, texts=texts)
    if SPEC_FILE not in texts:
        return state
    lock = Lock()
    try:
        lock_text = _text_of(state, LOCK_FILE, LockError)
        lock = read_lock(lock_text, facts) if lock_text is not None else lock
        spec = read_spec(texts[SPEC_FILE].removeprefix("\ufeff"), facts, defaults=kept_in(lock))
        pulled = _text_of(state, IPAM_FILE, unreadable_snapshot) if spec.ipam is not None else None
        plan = plan_allocated(lock, spec, read_snapshot(pulled) if pulled is not None else None)
    except SpecError as error:
        return replace(state, lock=lock, findings=findings_of(error.problems))
    return replace(state, lock=lock, plan=plan, findings=check_plan(plan))


def _text_of(state: Side, path: str, error: Callable[[str], SpecError]) -> str | None:
    """Return the file's text, None where there is none; raises the error for one that is not looked into."""
    if path in state.entries and path not in state.texts:
        kind = state.entries[path].kind
        raise error("it is too large." if kind == "file" else f"it is a {kind}, which is not followed.")
    return state.texts.get(path)


def renames_between(before: Side, after: Side) -> Renames:
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


def with_renames(state: Side, renames: Renames) -> Side:
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
