"""A repository as the jobs read and plan it: with its lock, without a part of it, with today's defaults."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from escscaffold.clouds.defaults import EVERY, OlderDefault
from escscaffold.clouds.known_facts import Facts, load_facts
from escscaffold.errors import ArgumentsError, ScaffoldError, UnknownNameError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import MOVE, Lock, forgetting, grants_for, without
from escscaffold.planning.planner import plan_allocated
from escscaffold.repository.disk import Basis, read_basis
from escscaffold.rules.spec_rules import how_to_change
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, VERSION, build_spec
from escscaffold.spec.values import known_environment, nearest, shown


class LoadedPlan(Struct, frozen=True, kw_only=True):
    """A repository's plan, and the lock that it was planned with."""

    plan: AddressPlan
    lock: Lock
    basis: Basis
    """What both were read from."""
    defaults: "TakenDefaults | None" = None
    """The defaults that become today's, where any were asked for."""


def load_plan(
    folder: Path, repack: str | None = None, forget: tuple[str, ...] = (), defaults: tuple[str, ...] = ()
) -> LoadedPlan:
    """Read the folder's spec and lock and plan them; raises SpecError, LockError, NoRepositoryError.

    `repack` names the environment whose ranges are placed again, or EVERY; what `forget` names is retired no
    more, and what `defaults` names has today's defaults. Raises UnknownNameError for names that are not there.
    """
    on_disk, basis = read_basis(folder, load_facts())
    lock = basis.lock
    spec, taken = basis.read_spec(on_disk.text), None
    if defaults:
        taken = _taken_defaults(spec, defaults)
        spec = basis.read_spec(on_disk.text, renewed=frozenset(defaults))
    if not spec.environments:
        raise ScaffoldError(f"{folder / SPEC_FILE} has no environment.", hint="Add one: escscaffold add prod")
    remembered = _forgetting(lock, spec, forget)
    if repack is not None:
        remembered = without(remembered, _named(repack, spec))
    plan = plan_allocated(remembered, spec, basis.snapshot_for(spec))
    return LoadedPlan(plan=plan, lock=lock, basis=basis, defaults=taken)


class PlannedText(Struct, frozen=True, kw_only=True):
    """The text of a spec that is not written yet, and its plan."""

    text: str
    plan: AddressPlan


def refuse_unreadable(document: Mapping[str, Any], present: Mapping[str, Any], facts: Facts) -> None:
    """Raise SpecError where what is asked cannot be a part of a spec, together with what it has.

    What is written copies the keys that are known: an unknown one must not be dropped silently.
    """
    if not document.get("environments"):
        raise ArgumentsError("No environment is given.")
    tables = ("pools", "reserved", "environments")
    joined = {key: {**present.get(key, {}), **document.get(key, {})} for key in tables}
    build_spec({"version": VERSION, **document, **joined}, facts, ".".join)


def plan_basis(text: str, basis: Basis) -> AddressPlan:
    """Plan a spec's text on what was read with it; raises SpecError."""
    spec = basis.read_spec(text)
    return plan_allocated(basis.lock, spec, basis.snapshot_for(spec))


def _named(repack: str, spec: Spec) -> frozenset[str]:
    if repack == EVERY:
        return frozenset(spec.environments)
    return frozenset([known_environment(repack, spec.environments, "--repack")])


def _forgetting(lock: Lock, spec: Spec, names: tuple[str, ...]) -> Lock:
    """Return the lock without the retired ranges of these names, each a range (old.nodes) or an environment."""
    retired = grants_for(lock, spec).retired
    forgettable = {str(key) for key in retired} | {environment for environment, _ in retired}
    forgettable |= {f"{name}.{MOVE}" for name in lock.grants.moving} | ({MOVE} if lock.grants.moving else set())
    for name in names:
        if name not in forgettable:
            fix = nearest(name, sorted(forgettable)) if forgettable else "No range is retired."
            raise UnknownNameError(f"{shown(name)} is not retired and does not move. {fix}", flag="--forget")
    return forgetting(lock, frozenset(names))


class TakenDefaults(Struct, frozen=True, kw_only=True):
    """The defaults that become today's, each with its environment, and those that do not by themselves."""

    taken: tuple[tuple[str, OlderDefault], ...]
    unchanged: tuple[tuple[str, OlderDefault], ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The first as JSON-ready data."""
        return [
            {"environment": name, "key": default.key, "old": default.earlier, "new": default.current}
            for name, default in self.taken
        ]


def _taken_defaults(spec: Spec, names: tuple[str, ...]) -> TakenDefaults:
    """Return the defaults that these names mean, each an environment (prod), a default of one, or EVERY.

    Raises UnknownNameError for what is not there.
    """
    older = {
        f"{name}.{default.key}": (name, default)
        for name, environment in spec.environments.items()
        for default in environment.older_defaults
    }
    allowed = [*spec.environments, *older]
    for name in names:
        if name != EVERY and name not in allowed:
            message = f"{shown(name)} is not an environment or a setting with a newer default. {nearest(name, allowed)}"
            raise UnknownNameError(message, flag="--defaults")
        if name in older and older[name][1].changes_with:
            raise UnknownNameError(
                f"{name} changes only with another key: {how_to_change(*older[name])}", flag="--defaults"
            )
    return TakenDefaults(
        taken=tuple(
            (name, default)
            for key, (name, default) in older.items()
            if {EVERY, name, key} & {*names} and not default.changes_with
        ),
        unchanged=tuple(
            (name, default) for name, default in older.values() if default.changes_with and {EVERY, name} & {*names}
        ),
    )
