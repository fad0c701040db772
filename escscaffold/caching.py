"""Caches TOML of the package as JSON where Python keeps compiled modules: TOML takes thirty times as long to read.

A cached table has the text that it was read from with it, and holds for that text only.
"""

import os
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import MsgspecError, json

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Table = dict[str, Any]


def read_toml(file: "Traversable") -> Table:
    """Return what a TOML file of the package says."""
    text = file.read_text(encoding="utf-8")
    folder = cache_folder(__file__) if isinstance(file, Path) else None
    if folder is None or not isinstance(file, Path):
        return tomllib.loads(text)
    place = folder / f"{'-'.join(file.parts[-3:])}.json"
    cached = _cached(place)
    if cached is not None and cached[0] == text:
        return cached[1]
    table = tomllib.loads(text)
    _cache(place, text, table)
    return table


def cache_folder(module: str) -> Path | None:
    """Return where Python keeps the compiled form of a module's file; None where nothing may be written there."""
    folder = Path(module).parent / "__pycache__"
    forbidden = sys.dont_write_bytecode or sys.pycache_prefix or not os.access(folder, os.W_OK)
    return None if forbidden else folder


def _cached(place: Path) -> tuple[str, Table] | None:
    try:
        return json.decode(place.read_bytes(), type=tuple[str, Table])
    except (OSError, MsgspecError, RecursionError):
        return None


def _cache(place: Path, text: str, table: Table) -> None:
    content = json.encode((text, table))
    # A date would be read as text.
    if json.decode(content) != [text, table]:
        return
    part = place.with_suffix(f".{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(place)
    except OSError:
        # A full disk takes the name of a file, and no content: each start would leave one more.
        with suppress(OSError):
            part.unlink()
