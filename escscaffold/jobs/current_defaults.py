"""Today's defaults for environments that were written with older ones: `--defaults` of `generate`."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from escscaffold.clouds.defaults import OlderDefault, changes_with
from escscaffold.errors import UnknownNameError
from escscaffold.planning.lock import EVERY, Lock, is_taken, kept_in
from escscaffold.rules.newer_defaults import how_to_change
from escscaffold.spec.reading import SPEC_FILE, read_spec
from escscaffold.spec.values import nearest, shown

_HINT = "--defaults"


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


def names_of_defaults(text: str, lock: Lock, given: tuple[str, ...]) -> frozenset[str]:
    """Return what was given, each an environment (prod), a default of one, or EVERY.

    Raises UnknownNameError for what is not there, SpecError for a broken spec.
    """
    if not given:
        return frozenset()
    older = {f"{name}.{default.key}": (name, default) for name, default in _older(text, lock)}
    known = [*read_spec(text, SPEC_FILE, kept_in(lock)).environments, *older]
    for name in given:
        if name != EVERY and name not in known:
            message = f"{shown(name)} is not an environment or a setting with a newer default. {nearest(name, known)}"
            raise UnknownNameError(message, flag=_HINT)
        if name in older and changes_with(older[name][1].key):
            raise UnknownNameError(f"{name} changes only with another key: {how_to_change(*older[name])}", flag=_HINT)
    return frozenset(given)


def taken_defaults(text: str, lock: Lock, names: frozenset[str]) -> TakenDefaults:
    """Return the defaults of the spec's environments that these names mean."""
    older = tuple(_older(text, lock))
    return TakenDefaults(
        taken=tuple((name, default) for name, default in older if is_taken(name, default.key, names)),
        left=tuple((name, default) for name, default in older if changes_with(default.key) and names & {EVERY, name}),
    )


def _older(text: str, lock: Lock) -> Iterator[tuple[str, OlderDefault]]:
    spec = read_spec(text, SPEC_FILE, kept_in(lock))
    return (
        (name, default) for name, environment in spec.environments.items() for default in environment.older_defaults
    )
