"""Reading the lock's text, also one that was edited or that a merge left its conflict in."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import PurePosixPath
from typing import Any, TypeVar

from escscaffold.errors import Problem, SpecError
from escscaffold.planning.lock import LOCK_FILE, VERSION, Lock, seals_of
from escscaffold.planning.manifest import Manifest
from escscaffold.planning.plan import Grants
from escscaffold.spec.reading import has_merge_marks

K = TypeVar("K")
T = TypeVar("T")

_RESTORE = "Restore it from version control. Without it, ranges that were placed for you may move."


class LockError(SpecError):
    """The lock cannot be read: edited by hand, or broken off."""

    def __init__(self, message: str, fix: str = _RESTORE) -> None:
        super().__init__(
            (Problem(code="ESC601", path=(), place=LOCK_FILE, message=f"It cannot be read: {message}", fix=fix),)
        )


def read_lock(text: str) -> Lock:
    """Read the lock's text.

    Of a text with merge marks both sides hold, the upper one where they differ, and a note says
    so; an environment whose lines were edited is a note, too. Raises LockError for anything that
    `format_lock` would not have written, a path that leads out of the repository among them.
    """
    notes: tuple[Problem, ...] = ()
    if has_merge_marks(text):
        text, notes = _merged(text)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LockError(f"{error}.") from None
    if document.get("version") != VERSION:
        raise LockError(f"Its version is {document.get('version')!r}, and this escscaffold reads {VERSION}.")
    grants = Grants(
        ranges=_read(document, "granted", _block, _range_key),
        routed=_read(document, "routed", _blocks, str),
        retired=_read(document, "retired", _block, _range_key),
        moving=_read(document, "moving", _text, str),
    )
    lock = Lock(
        provider=_text("provider", document.get("provider", "")),
        settings=_read(document, "environments", _text, str),
        grants=grants,
        lasting=_read(document, "lasting", _text, str),
        manifest=_manifest(document),
    )
    seals = _read(document, "seals", _text, str)
    right = seals_of(lock, seals)
    broken = tuple(_broken_seal(name) for name, seal in seals.items() if seal != right[name])
    return replace(lock, notes=(*notes, *(() if notes else broken)))


def _manifest(document: Mapping[str, Any]) -> Manifest:
    return Manifest(
        writer=_text("escscaffold", document.get("escscaffold", "")),
        answers=_read(document, "answers", _json_object, str),
        written=_read(document, "written", _text, _path),
        deleted=_read(document, "deleted", _text, _path),
        released=_read(document, "released", _text, _path),
        bases=_read(document, "bases", _text, _path),
    )


def _broken_seal(environment: str) -> Problem:
    return Problem(
        code="ESC602",
        path=("environments", environment),
        place=LOCK_FILE,
        message=f"What it says of {environment} is not what was written there.",
        fix=f"Restore it from version control. If {environment} really lies where it says now, delete its line under "
        "[seals]; what Terraform replaces cannot be told then.",
    )


def _merged(text: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text with the lines of both sides, and a note for each key on which they differ."""
    tables: dict[str, dict[str, str]] = {"": {}}
    notes: list[Problem] = []
    for table, line in _lines_of_both_sides(text):
        rows = tables.setdefault(table, {})
        key, equals, value = line.partition(" = ")
        known = rows.setdefault(key, line).partition(" = ")[2]
        granted = table in ("[granted]", "[routed]", "[environments]") or key == "provider"
        if equals and known != value and granted:
            notes.append(_difference(key.strip('"'), known, value))
    lines = (part for name, rows in tables.items() for part in (name, *rows.values()))
    return "\n".join(lines), tuple(notes) or (_merge_note(),)


def _lines_of_both_sides(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line of either side with the header of its table; a conflict may reach over headers.

    Raises LockError where the sides leave a conflict in different tables: what follows could be of either.
    """
    table = before = upper = ""
    base = False
    for line in text.splitlines():
        if line.startswith("<<<<<<< "):
            before = upper = table
        elif line.startswith("|||||||"):
            # Of three sides, the middle one is what both have left behind.
            upper, base = table, True
        elif line.startswith("======="):
            upper = upper if base else table
            table, base = before, False
        elif line.startswith(">>>>>>> "):
            if table != upper:
                raise LockError("Of its merge marks, the two sides end in different tables.")
        elif line.startswith("[") and not base:
            table = line
        elif line and not line.startswith("#") and not base:
            yield table, line


def _difference(key: str, kept: str, other: str) -> Problem:
    return Problem(
        code="ESC603",
        path=("environments", key.partition(".")[0]) if "." in key else (),
        place=LOCK_FILE,
        message=f"A merge left two values of {key}: {kept} holds, and not {other}.",
        fix=f"If {other} is what was built, pin it in escscaffold.toml. Then run escscaffold generate.",
    )


def _merge_note() -> Problem:
    return Problem(
        code="ESC603",
        path=(),
        place=LOCK_FILE,
        message="A merge left its marks here; the lines of both sides hold.",
        fix="Run escscaffold generate: it writes the lock anew.",
    )


def _read(
    document: Mapping[str, Any], name: str, read: Callable[[str, object], T], key_of: Callable[[str], Any]
) -> Any:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise LockError(f"[{name}] is not a table.")
    return {key_of(_plain(key, key)): read(key, value) for key, value in table.items()}


def _range_key(key: str) -> tuple[str, str]:
    environment, dot, name = key.partition(".")
    if not dot:
        raise LockError(f"{key!r} does not name a range.")
    return environment, name


def _blocks(key: str, value: object) -> tuple[IPv4Network, ...]:
    text = _text(key, value)
    return tuple(_block(key, part) for part in text.split(", ")) if text else ()


def _block(key: str, value: object) -> IPv4Network:
    try:
        return IPv4Network(_text(key, value))
    except ValueError as error:
        raise LockError(f"{key}: {error}.") from None


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise LockError(f"{key} is not text.")
    return _plain(key, value)


def _json_object(key: str, value: object) -> str:
    """Return the text of a JSON object as it is."""
    try:
        if isinstance(value, str) and isinstance(json.loads(value), dict):
            return value
    except (ValueError, RecursionError):
        pass
    raise LockError(f"{key!r} has no answers that can be read.")


def _plain(key: str, text: str) -> str:
    """Return text that stands between quotes as it is."""
    if not text.isprintable() or '"' in text or "\\" in text:
        raise LockError(f"{key!r} is given with signs that were never written here.")
    return text


def _path(key: str) -> str:
    path = PurePosixPath(key)
    inside = not path.is_absolute() and ".." not in path.parts and str(path) == key != "."
    if not inside or "\\" in key or not key.isprintable():
        raise LockError(f"{key!r} is not a path inside the repository.")
    return key
