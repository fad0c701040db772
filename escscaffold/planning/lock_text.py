"""Reading the lock's text, also one that was edited or that a merge left its conflict in."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from escscaffold.errors import Problem
from escscaffold.planning.claims import Claims
from escscaffold.planning.lock import LOCK_FILE, VERSION, Lock, seals_of
from escscaffold.planning.lock_lines import tables_of
from escscaffold.planning.lock_values import (
    LockError,
    block,
    blocks,
    claim,
    json_object,
    path_inside,
    provider,
    range_key,
    read_table,
    repository_name,
    text_of,
)
from escscaffold.planning.manifest import Manifest
from escscaffold.planning.plan import Grants
from escscaffold.spec.reading import has_merge_marks
from escscaffold.spec.toml_text import NotTomlError, toml_document
from escscaffold.spec.values import shown


def read_lock(text: str) -> Lock:
    """Read the lock's text.

    Of a text with merge marks both sides hold, the upper one where they differ, and a note says
    so; an environment whose lines were edited is a note, too. Raises LockError for anything that
    `format_lock` would not have written, a path that leads out of the repository among them.
    """
    notes: tuple[Problem, ...] = ()
    if has_merge_marks(text):
        text, notes = _merged(text)
    document = tables_of(text) or _toml(text)
    if document.get("version") != VERSION:
        raise LockError(f"Its version is {shown(document.get('version'))}, and this escscaffold reads {VERSION}.")
    grants = Grants(
        ranges=read_table(document, "granted", block, range_key),
        routed=read_table(document, "routed", blocks, str),
        retired=read_table(document, "retired", block, range_key),
        moving=read_table(document, "moving", provider, str),
        claims=Claims(
            repository=repository_name(document.get("repository", "")),
            held=read_table(document, "claims", claim, range_key),
        ),
    )
    lock = Lock(
        provider=provider("provider", written) if (written := document.get("provider", "")) != "" else "",
        settings=read_table(document, "environments", text_of, str),
        grants=grants,
        lasting=read_table(document, "lasting", text_of, str),
        manifest=_manifest(document),
    )
    seals = read_table(document, "seals", text_of, str)
    right = seals_of(lock, seals)
    broken = tuple(_broken_seal(name) for name, seal in seals.items() if seal != right[name])
    return replace(lock, notes=(*notes, *(() if notes else broken)))


def _toml(text: str) -> Mapping[str, Any]:
    try:
        return toml_document(text)
    except NotTomlError as error:
        place = f"line {error.line}: " if error.line else ""
        raise LockError(f"{place}{error.message}.") from None


def _manifest(document: Mapping[str, Any]) -> Manifest:
    return Manifest(
        writer=text_of("escscaffold", document.get("escscaffold", "")),
        answers=read_table(document, "answers", json_object, str),
        written=read_table(document, "written", text_of, path_inside),
        deleted=read_table(document, "deleted", text_of, path_inside),
        released=read_table(document, "released", text_of, path_inside),
        bases=read_table(document, "bases", text_of, path_inside),
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
        granted = table in ("[granted]", "[routed]", "[environments]", "[claims]") or key == "provider"
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
    for line in text.split("\n"):
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
        fix="Run escscaffold generate: it writes the lock anew. Where two environments took the same place, "
        "escscaffold generate --repack=ENVIRONMENT puts the one elsewhere that is not built yet.",
    )
