"""The repository that a half-typed line is about: its spec and its lock, as far as they can be read."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from escscaffold.planning.lock import Lock

Table = dict[str, Any]


def folder_of(ctx: click.Context) -> Path:
    """Return the folder that -C names, after the command or before it."""
    named, above = ctx.params.get("folder"), ctx.parent
    while above and named in (None, Path()):
        named, above = above.params.get("folder"), above.parent
    return Path(named or Path()).expanduser()


def environments_of(ctx: click.Context) -> Table:
    """Return the tables of the environments in its spec, by name."""
    return table_in(spec_of(ctx), "environments")


def spec_of(ctx: click.Context) -> Table:
    """Return its spec as TOML; raises ScaffoldError or ValueError where it cannot be read."""
    from escscaffold.repository.disk import read_spec_text
    from escscaffold.spec.toml_text import toml_document

    return toml_document(read_spec_text(folder_of(ctx)))


def lock_of(ctx: click.Context) -> "Lock":
    """Return its lock; raises ScaffoldError where it cannot be read."""
    from escscaffold.repository.disk import load_lock

    return load_lock(folder_of(ctx))


def table_in(table: Any, key: str) -> Table:
    """Return the table under a key; an empty one where there is none, or no table that could have one."""
    found = table.get(key) if isinstance(table, dict) else None
    return found if isinstance(found, dict) else {}
