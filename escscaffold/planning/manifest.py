"""What the lock remembers of the files: their ids as they were written, what from, and what became of them."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from escscaffold.spec.model import Spec

# What an environment's table says besides has no say in its files once its ranges have their places.
_NO_SAY = {"accept", "may_overlap", "pools"}


class Manifest(Struct, frozen=True, kw_only=True):
    """Every file of the repository that is, or was, ours; by its path."""

    writer: str = ""
    """The version of escscaffold that wrote the files; nothing in locks that are older than this line."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Each environment's answers, as JSON: with what was granted, the files can be rendered from them again."""
    written: Mapping[str, str] = field(default_factory=dict)
    """The content id of each generated file as it was last generated: what hand edits are edits of."""
    deleted: Mapping[str, str] = field(default_factory=dict)
    """The same of files that a person deleted: they stay away."""
    released: Mapping[str, str] = field(default_factory=dict)
    """The same of files that were handed over: they are a person's, and are not generated any more."""
    bases: Mapping[str, str] = field(default_factory=dict)
    """The text of edited files as it was last generated, packed: git has never seen it."""

    def tables(self) -> Mapping[str, Mapping[str, str]]:
        """Return what stands in the lock, by the names of its tables."""
        return {
            "answers": self.answers,
            "written": self.written,
            "deleted": self.deleted,
            "released": self.released,
            "bases": self.bases,
        }


def answers_of(spec: Spec) -> Mapping[str, str]:
    """Return each environment's answers on one line, without what has no say in its files."""
    return {name: _on_one_line(table) for name, table in spec.answers.items()}


def _on_one_line(table: Mapping[str, Any]) -> str:
    import json  # slow to import, and a plan alone writes no lock

    said = {key: value for key, value in table.items() if key not in _NO_SAY}
    # Between apostrophes in the lock's TOML nothing is escaped, so none may stand in it.
    return json.dumps(said, sort_keys=True, separators=(",", ":")).replace("'", "\\u0027")
