"""Keeps what a stand-in made, one file for each object, for as long as the folder is there.

It decides where an object lies and what its id looks like. It does not know what is in it.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.terraform.values import Value

# Twenty of these make an id as Kurrent Cloud's.
LETTERS = "0123456789abcdefghijklmnopqrstuv"


@dataclass(frozen=True)
class Store:
    """A folder of objects, and an AWS to open peerings at where there is one."""

    folder: Path
    aws_endpoint: str | None = None

    def new_id(self) -> str:
        """Return an id that nothing has yet."""
        return "c" + "".join(secrets.choice(LETTERS) for _ in range(19))

    def keep(self, kind: str, own_id: str, value: Value) -> None:
        """Keep an object, instead of the one that had the id before."""
        file = self._file(kind, own_id)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value, indent=2), encoding="utf-8")

    def get(self, kind: str, own_id: str) -> Value:
        """Return the object with this id, or None."""
        file = self._file(kind, own_id)
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None

    def all(self, kind: str) -> list[Any]:
        """Return every object of a kind."""
        files = sorted((self.folder / kind).glob("*.json"))
        return [json.loads(file.read_text(encoding="utf-8")) for file in files]

    def drop(self, kind: str, own_id: str) -> None:
        """Forget an object; one that is gone already is no mistake."""
        self._file(kind, own_id).unlink(missing_ok=True)

    def _file(self, kind: str, own_id: str) -> Path:
        return self.folder / kind / f"{own_id}.json"
