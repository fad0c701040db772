"""Makes frozen objects of the facts files' tables, refusing keys that nothing would use.

A wrong facts file is a developer's mistake, so it raises ValueError and not a message for users.
"""

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, ValidationError, convert

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Table = dict[str, Any]
T = TypeVar("T", bound=Struct)


def read_table(file: "Traversable") -> Table:
    """Return what stands in a facts file."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def as_object(kind: type[T], table: Mapping[str, Any]) -> T:
    """Return the object that a table says, and objects of the tables in it."""
    try:
        # What TOML has no type for are blocks of addresses.
        return convert(table, kind, dec_hook=lambda of, value: of(value))
    except ValidationError as error:
        error.add_note(f"in the facts of {table.get('name') or kind.__name__}")
        raise


def named(tables: Mapping[str, Any]) -> dict[str, Table]:
    """Return tables that know their own names."""
    return {name: {"name": name, **table} for name, table in tables.items()}
