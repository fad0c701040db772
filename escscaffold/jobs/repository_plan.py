"""A repository as the jobs read and plan it: with its lock, without a part of it, with today's defaults."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from escscaffold.clouds.defaults import EVERY, OlderDefault
from escscaffold.errors import ArgumentsError, ScaffoldError, UnknownNameError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import MOVE, Lock, forgetting, grants_for, kept_in, without
from escscaffold.planning.planner import plan_allocated
from escscaffold.planning.snapshot import Snapshot
from escscaffold.repository.disk import Basis, read_basis
from escscaffold.rules.spec_rules import how_to_change
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, VERSION, build_spec, read_spec
from escscaffold.spec.values import known_environment, nearest, shown


class LoadedPlan(Struct, frozen=True, kw_only=True):
    """A repository's plan, and the lock that it was planned with."""

    plan: AddressPlan
    lock: Lock
    basis: Basis
    """What both were read from."""


def load_plan(
    folder: Path, repack: str | None = None, forget: tuple[str, ...] = (), defaults: tuple[str, ...] = ()
) -> LoadedPlan:
    """Read the folder's spec and lock and plan them; raises SpecError, LockError, NoRepositoryError.

    `repack` names the environment whose ranges are placed again, or EVERY; what `forget` names is retired no
    more, and what `defaults` names has today's defaults. Raises UnknownNameError for names that are not there.
    """
    on_disk, basis = read_basis(folder)
    lock = basis.lock
    spec = read_spec(on_disk.text, SPEC_FILE, kept_in(lock, without=_names_of_defaults(on_disk.text, lock, defaults)))
    if not spec.environments:
        raise ScaffoldError(f"{folder / SPEC_FILE} has no environment.", hint="Add one: escscaffold add prod")
    remembered = _forgetting(lock, spec, forget)
    if repack is not None:
        remembered = without(remembered, _named(repack, spec))
    return LoadedPlan(plan=plan_allocated(remembered, spec, snapshot_for(basis, spec)), lock=lock, basis=basis)


class PlannedText(Struct, frozen=True, kw_only=True):
    """The text of a spec that is not written yet, and its plan."""

    text: str
    plan: AddressPlan


def refuse_unreadable(asked: Mapping[str, Any], present: Mapping[str, Any]) -> None:
    """Raise SpecError where what is asked cannot be a part of a spec, together with what it has.

    What is written copies the keys that are known: an unknown one must not be dropped silently.
    """
    if not asked.get("environments"):
        raise ArgumentsError("No environment is given.")
    tables = ("pools", "reserved", "environments")
    joined = {key: {**present.get(key, {}), **asked.get(key, {})} for key in tables}
    build_spec({"version": VERSION, **asked, **joined}, ".".join)


def plan_basis(text: str, basis: Basis) -> AddressPlan:
    """Plan a spec's text on what was read with it; raises SpecError."""
    spec = read_spec(text, SPEC_FILE, kept_in(basis.lock))
    return plan_allocated(basis.lock, spec, snapshot_for(basis, spec))


def _named(repack: str, spec: Spec) -> frozenset[str]:
    if repack == EVERY:
        return frozenset(spec.environments)
    return frozenset([known_environment(repack, spec.environments, "--repack")])


def _forgetting(lock: Lock, spec: Spec, names: tuple[str, ...]) -> Lock:
    """Return the lock without the retired ranges of these names, each a range (old.nodes) or an environment."""
    retired = grants_for(lock, spec).retired
    known = {str(key) for key in retired} | {environment for environment, _ in retired}
    known |= {f"{name}.{MOVE}" for name in lock.grants.moving} | ({MOVE} if lock.grants.moving else set())
    for name in names:
        if name not in known:
            fix = nearest(name, sorted(known)) if known else "No range is retired."
            raise UnknownNameError(f"{shown(name)} is not retired and does not move. {fix}", flag="--forget")
    return forgetting(lock, frozenset(names))


def snapshot_for(basis: Basis, spec: Spec) -> Snapshot | None:
    """Return what was read of the IPAM's prefixes, if the spec names an IPAM; raises SpecError."""
    return basis.snapshot if spec.ipam is not None else None


class TakenDefaults(Struct, frozen=True, kw_only=True):
    """The defaults that become today's, each with its environment, and those that do not by themselves."""

    taken: tuple[tuple[str, OlderDefault], ...]
    left: tuple[tuple[str, OlderDefault], ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The first as JSON-ready data."""
        return [
            {"environment": name, "key": default.key, "old": default.kept, "new": default.current}
            for name, default in self.taken
        ]


def _names_of_defaults(text: str, lock: Lock, given: tuple[str, ...]) -> frozenset[str]:
    """Return what was given, each an environment (prod), a default of one, or EVERY.

    Raises UnknownNameError for what is not there, SpecError for a broken spec.
    """
    if not given:
        return frozenset()
    older = {f"{name}.{default.key}": (name, default) for name, default in _older_defaults(text, lock)}
    known = [*read_spec(text, SPEC_FILE, kept_in(lock)).environments, *older]
    for name in given:
        if name != EVERY and name not in known:
            message = f"{shown(name)} is not an environment or a setting with a newer default. {nearest(name, known)}"
            raise UnknownNameError(message, flag="--defaults")
        if name in older and older[name][1].changes_with:
            raise UnknownNameError(
                f"{name} changes only with another key: {how_to_change(*older[name])}", flag="--defaults"
            )
    return frozenset(given)


def taken_defaults(text: str, lock: Lock, names: frozenset[str]) -> TakenDefaults:
    """Return the defaults of the spec's environments that these names mean."""
    older = tuple(_older_defaults(text, lock))
    return TakenDefaults(
        taken=tuple(
            (name, default)
            for name, default in older
            if names & {EVERY, name, f"{name}.{default.key}"} and not default.changes_with
        ),
        left=tuple((name, default) for name, default in older if default.changes_with and names & {EVERY, name}),
    )


def _older_defaults(text: str, lock: Lock) -> Iterator[tuple[str, OlderDefault]]:
    spec = read_spec(text, SPEC_FILE, kept_in(lock))
    return (
        (name, default) for name, environment in spec.environments.items() for default in environment.older_defaults
    )
