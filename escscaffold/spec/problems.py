"""Gathers what is wrong with a document instead of stopping at the first."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import Problem, SpecError
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, nearest, shown

T = TypeVar("T")

MOST_PROBLEMS = 100
"""Problems that are told at once: nobody reads more, and each costs a search for what is nearest to it."""


class Collector:
    """Reads values and tables by the facts, and keeps each problem with the place where a person wrote the key."""

    def __init__(self, place: Callable[[KeyPath], str], facts: Facts) -> None:
        self._place = place
        self.facts = facts
        self.problems: list[Problem] = []

    def problem(self, code: str, path: KeyPath, message: str, fix: str, reason: str = "", source: str = "") -> None:
        """Keep a problem of the key at `path`; raises SpecError where there are too many to tell."""
        place = self._place(path)
        problem = Problem(code=code, path=path, place=place, message=message, fix=fix, reason=reason, source=source)
        self.problems.append(problem)
        if len(self.problems) == MOST_PROBLEMS:
            message = f"The first {MOST_PROBLEMS} problems are listed; there may be more."
            fix = "Fix these, then run the command again."
            raise SpecError(
                (*self.problems, Problem(code=code, path=(), place=self._place(()), message=message, fix=fix))
            )

    def read(self, code: str, path: KeyPath, read: Callable[[object], T], value: object) -> T | None:
        """Return what `read` makes of the value, or None with its BadValue kept as a problem."""
        try:
            return read(value)
        except BadValue as error:
            self.problem(code, path, error.message, error.fix, error.reason, error.source)
            return None

    def table(self, document: Mapping[str, Any], path: KeyPath) -> Mapping[str, Any]:
        """Return the table under the last part of `path`, an empty one where there is none."""
        table = document.get(path[-1], {})
        if isinstance(table, dict):
            return table
        self.problem("ESC002", path, f"`{path[-1]}` is not a table.", f"Write [{'.'.join(path)}] above its keys.")
        return {}

    def values(
        self, document: Mapping[str, Any], path: KeyPath, code: str, read: Callable[[object], T]
    ) -> dict[str, T]:
        """Return the table under the last part of `path` with each of its values read, without the bad ones."""
        read_values = {key: self.read(code, (*path, key), read, v) for key, v in self.table(document, path).items()}
        return {key: value for key, value in read_values.items() if value is not None}

    def only_known(self, table: Mapping[str, Any], known: Iterable[str], path: KeyPath) -> None:
        """Keep a problem for each key that nothing reads."""
        for key in table:
            if key not in known:
                self.problem("ESC002", (*path, key), f"Unknown key {shown(key)}.", nearest(key, known))
