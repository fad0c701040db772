"""Reads the lock's text, also one that was edited or that holds both sides of a merge.

Text that is laid out as it was written is read line by line, some ten times as fast as TOML.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from functools import lru_cache, partial
from ipaddress import IPv4Network
from pathlib import PurePosixPath
from typing import Any, TypeVar

from msgspec.structs import replace

from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import Problem, SpecError
from escscaffold.planning.address_plan import Grants
from escscaffold.planning.lock import LOCK_FILE, LOCK_VERSION, Lock, Manifest, parsed_immutable, seals_of
from escscaffold.planning.lock_records import Claim, Claims, differing
from escscaffold.spec.model import Location, Reference
from escscaffold.spec.reading import has_merge_marks
from escscaffold.spec.repository_tables import read_repository
from escscaffold.spec.toml_text import NotTomlError, toml_document
from escscaffold.spec.values import BadValue, shown

_TABLE = re.compile(r"\[([a-z]+)\]")
_VERSION = re.compile(r"version = ([1-9][0-9]{0,3})")
_TOP = re.compile(r'([a-z]+) = "([^"\\]*)"')
_ENTRY = re.compile(r"""\"([^"\\]+)\" = (?:"([^"\\]*)"|'([^']*)')""")
T = TypeVar("T")
_PLAIN_PATH = re.compile(r"\.?[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/\.?[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_RESTORE = "Restore it from version control. Without it, placed ranges can move."


def tables_of(text: str) -> Mapping[str, Any] | None:
    """Return what TOML makes of the text, or None where a line is not as it would have been written."""
    document: dict[str, Any] = {}
    table: dict[str, str] | None = None
    for line in text.split("\n"):
        if not line.isprintable():
            return None
        if not line or line.startswith("#"):
            continue
        if table is not None and (entry := _ENTRY.fullmatch(line)):
            key, quoted, literal = entry.groups()
            if key in table:
                return None
            table[key] = literal if quoted is None else quoted
        elif header := _TABLE.fullmatch(line):
            if header[1] in document:
                return None
            table = document[header[1]] = {}
        elif table is None and (top := _VERSION.fullmatch(line) or _TOP.fullmatch(line)):
            name, value = (top[1], top[2]) if top.re is _TOP else ("version", int(top[1]))
            if name in document:
                return None
            document[name] = value
        else:
            return None
    return document


class LockError(SpecError):
    """Unreadable lock: edited by hand, or broken off."""

    def __init__(self, message: str, fix: str = _RESTORE) -> None:
        super().__init__(
            (Problem(code="ESC601", path=(), place=LOCK_FILE, message=f"Cannot read the lock: {message}", fix=fix),)
        )


# Two locks are compared that say nearly the same.
@lru_cache(maxsize=4096)
def _network(text: str) -> IPv4Network:
    return IPv4Network(text)


def is_inside(path: str) -> bool:
    """Return True for a path as it is written here: relative, with forward slashes, and leading nowhere out."""
    if _PLAIN_PATH.fullmatch(path):
        return True
    read = PurePosixPath(path)
    inside = not read.is_absolute() and ".." not in read.parts and str(read) == path != "."
    return inside and "\\" not in path and path.isprintable()


def read_lock(text: str, facts: Facts) -> Lock:
    """Read the lock's text.

    Of a text with merge marks both sides hold, the upper one where they differ, and a note says
    so; an environment whose lines were edited is a note, too. Raises LockError for anything that
    `format_lock` would not have written, a path that leads out of the repository among them.
    """
    notes: tuple[Problem, ...] = ()
    provider_of = partial(_provider, providers=facts.kurrent.providers)
    if has_merge_marks(text):
        text, notes = _merged(text)
    document = tables_of(text) or _toml(text)
    if document.get("version") != LOCK_VERSION:
        raise LockError(f"Its version is {shown(document.get('version'))}; this escscaffold reads {LOCK_VERSION}.")
    grants = Grants(
        ranges=_read_table(document, "granted", _block, _range_key),
        routed=_read_table(document, "routed", _blocks, str),
        retired=_read_table(document, "retired", _block, _range_key),
        moving=_read_table(document, "moving", provider_of, str),
        claims=Claims(
            repository=_repository_name(document.get("repository", "")),
            held=_read_table(document, "claims", _claim, _range_key),
        ),
    )
    immutable, owners = parsed_immutable(_read_table(document, "lasting", _text_of, Reference.parse))
    lock = Lock(
        provider=provider_of("provider", written) if (written := document.get("provider", "")) != "" else "",
        locations=_read_table(document, "environments", _location, str),
        grants=grants,
        immutable=immutable,
        owners=owners,
        defaults=_read_table(document, "defaults", _json_object, str),
        manifest=_manifest(document),
    )
    seals = _read_table(document, "seals", _text_of, str)
    expected = seals_of(lock, seals)
    broken = tuple(_broken_seal(name) for name, seal in seals.items() if seal != expected[name])
    return replace(lock, notes=(*notes, *(() if notes else broken)))


def _text_of(key: str, value: object) -> str:
    """Return text."""
    if not isinstance(value, str):
        raise LockError(f"{shown(key)} is not text.")
    return _plain(key, value)


def _plain(key: str, text: str) -> str:
    """Return text that is between quotes as it is."""
    if not text.isprintable() or '"' in text or "\\" in text:
        raise LockError(f"{shown(key)} contains characters that escscaffold never writes.")
    return text


def _block(key: str, value: object) -> IPv4Network:
    """Return a block."""
    try:
        return _network(_text_of(key, value))
    except ValueError:
        raise LockError(f"{shown(key)} is {shown(value)}, which is not a CIDR block.") from None


def _provider(key: str, value: object, *, providers: Container[str]) -> str:
    """Return the name of a Terraform provider for the Kurrent side, one that is known."""
    name = _text_of(key, value)
    if name not in providers:
        raise LockError(f"{shown(key)}: unknown provider {shown(name)}.")
    return name


def _read_table(
    document: Mapping[str, Any], name: str, read: Callable[[str, object], T], key_of: Callable[[str], Any]
) -> Any:
    """Return a table of the lock with each key and value read; an empty one where there is none."""
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise LockError(f"[{name}] is not a table.")
    return {key_of(_plain(key, key)): read(key, value) for key, value in table.items()}


def _blocks(key: str, value: object) -> tuple[IPv4Network, ...]:
    """Return blocks that are in one text."""
    text = _text_of(key, value)
    return tuple(_block(key, part) for part in text.split(", ")) if text else ()


def _claim(key: str, value: object) -> Claim:
    """Return a block with the IPAM's number of it."""
    written, _, number = _text_of(key, value).partition(" ")
    if not number.isascii() or not number.isdecimal() or len(number) > 19:
        raise LockError(f"{key}: {number!r} is not the number of a prefix.")
    return Claim(cidr=_block(key, written), id=int(number))


def _location(key: str, value: object) -> Location:
    """Return cloud, region and mode."""
    return Location.read(_text_of(key, value))


def _json_object(key: str, value: object) -> str:
    """Return the text of a JSON object as it is."""
    import json  # slow to import, and older locks have none

    try:
        if isinstance(value, str) and isinstance(json.loads(value), dict):
            return value
    except (ValueError, RecursionError):
        pass
    raise LockError(f"{shown(key)} has no readable answers.")


def _repository_name(value: object) -> str:
    """Return what the repository is called in an IPAM."""
    name = _text_of("repository", value)
    try:
        return read_repository(name)
    except BadValue as error:
        raise LockError(f"repository: {error.message}") from None


def _range_key(key: str) -> Reference:
    """Return environment and range."""
    if "." not in key:
        raise LockError(f"{shown(key)} is not a range.")
    return Reference.parse(key)


def _toml(text: str) -> Mapping[str, Any]:
    try:
        return toml_document(text)
    except NotTomlError as error:
        place = f"line {error.line}: " if error.line else ""
        raise LockError(f"{place}{error.message}.") from None


def _manifest(document: Mapping[str, Any]) -> Manifest:
    return Manifest(
        writer=_text_of("escscaffold", document.get("escscaffold", "")),
        answers=_read_table(document, "answers", _json_object, str),
        written=_read_table(document, "written", _text_of, _path_inside),
        deleted=_read_table(document, "deleted", _text_of, _path_inside),
        released=_read_table(document, "released", _text_of, _path_inside),
        bases=_read_table(document, "bases", _text_of, _path_inside),
    )


def _path_inside(key: str) -> str:
    """Return a path that leads nowhere out of the repository."""
    if not is_inside(key):
        raise LockError(f"{shown(key)} is not a path inside the repository.")
    return key


def _broken_seal(environment: str) -> Problem:
    return Problem(
        code="ESC602",
        path=("environments", environment),
        place=LOCK_FILE,
        message=f"The lines of {environment} were edited.",
        fix=f"Restore escscaffold.lock from version control. If {environment} really has these ranges, delete its "
        f"line under [seals]; replacements are then unknown.",
    )


def _merged(text: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text with the lines of both sides, and a note for each key on which they differ."""
    tables: dict[str, dict[str, str]] = {"": {}}
    notes: list[Problem] = []
    for table, line in _lines_of_both_sides(text):
        rows = tables.setdefault(table, {})
        key, equals, value = line.partition(" = ")
        first_value = rows.setdefault(key, line).partition(" = ")[2]
        granted = table in ("[granted]", "[routed]", "[environments]", "[claims]") or key == "provider"
        if equals and first_value != value and granted:
            notes.append(_difference(key.strip('"'), first_value, value))
        elif equals and first_value != value and table == "[defaults]":
            environment, pairs = key.strip('"'), differing(first_value.strip("'"), value.strip("'"))
            notes += (_difference(str(Reference(environment, name)), *two) for name, two in pairs.items())
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
                raise LockError("The two sides of its merge conflict end in different tables.")
        elif line.startswith("[") and not base:
            table = line
        elif line and not line.startswith("#") and not base:
            yield table, line


def _difference(key: str, used: str, other: str) -> Problem:
    return Problem(
        code="ESC603",
        path=("environments", Reference.parse(key).environment) if "." in key else (),
        place=LOCK_FILE,
        message=f"The merge left two values of {key}: {used} is used, {other} is ignored.",
        fix=f"If {other} was built, pin it in escscaffold.toml. Then run `escscaffold generate`.",
    )


def _merge_note() -> Problem:
    return Problem(
        code="ESC603",
        path=(),
        place=LOCK_FILE,
        message="The lock contains merge conflict markers; both sides are used.",
        fix="Run `escscaffold generate` to rewrite the lock. If two environments overlap, run `escscaffold generate "
        "--repack=ENVIRONMENT` for the one not built yet.",
    )
