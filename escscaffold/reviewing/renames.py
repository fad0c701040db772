"""Environments that only got another name: the old side is told as if it had always had the new one. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from escscaffold.planning.lock import folder_of, with_environment_renamed
from escscaffold.planning.plan import AddressPlan
from escscaffold.reviewing.states import State

V = TypeVar("V")

Renames = Mapping[str, str]
"""New names by the old ones."""


def renames_between(before: State, after: State) -> Renames:
    """Return the environments that are gone, and whose resources are now called so by one that came."""
    if before.plan is None or after.plan is None:
        return {}
    old = {one.spec.called: one.name for one in before.plan.environments if not _has(after.plan, one.name)}
    new = [one for one in after.plan.environments if not _has(before.plan, one.name)]
    return {old[one.spec.called]: one.name for one in new if one.spec.called in old}


def with_renames(state: State, renames: Renames) -> State:
    """Return the state as if these environments had always had their new names."""
    for old, new in renames.items():
        state = replace(
            state,
            lock=with_environment_renamed(state.lock, old, new),
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
        replace(one, spec=replace(one.spec, name=new, resource_name=one.spec.called)) if one.name == old else one
        for one in plan.environments
    )
    return replace(plan, environments=environments)


def _below(table: Mapping[str, V], old: str, new: str) -> dict[str, V]:
    before, after = f"{folder_of(old)}/", f"{folder_of(new)}/"
    return {after + path.removeprefix(before) if path.startswith(before) else path: v for path, v in table.items()}
