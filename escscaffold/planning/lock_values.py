"""The values and keys of the lock, each read or refused."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import IPv4Network
from pathlib import PurePosixPath
from typing import Any, TypeVar

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.errors import Problem, SpecError
from escscaffold.planning.claims import Claim
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.spec.repository_tables import read_repository
from escscaffold.spec.values import BadValue, shown

T = TypeVar("T")

_USUAL_PATH = re.compile(r"\.?[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/\.?[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_RESTORE = "Restore it from version control. Without it, ranges that were placed for you may move."


class LockError(SpecError):
    """The lock cannot be read: edited by hand, or broken off."""

    def __init__(self, message: str, fix: str = _RESTORE) -> None:
        super().__init__(
            (Problem(code="ESC601", path=(), place=LOCK_FILE, message=f"It cannot be read: {message}", fix=fix),)
        )


def read_table(
    document: Mapping[str, Any], name: str, read: Callable[[str, object], T], key_of: Callable[[str], Any]
) -> Any:
    """Return a table of the lock with each key and value read; an empty one where there is none."""
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise LockError(f"[{name}] is not a table.")
    return {key_of(_plain(key, key)): read(key, value) for key, value in table.items()}


def range_key(key: str) -> tuple[str, str]:
    """Return environment and range."""
    environment, dot, name = key.partition(".")
    if not dot:
        raise LockError(f"{shown(key)} does not name a range.")
    return environment, name


def blocks(key: str, value: object) -> tuple[IPv4Network, ...]:
    """Return blocks that stand in one text."""
    text = text_of(key, value)
    return tuple(block(key, part) for part in text.split(", ")) if text else ()


def block(key: str, value: object) -> IPv4Network:
    """Return a block."""
    try:
        return _network(text_of(key, value))
    except ValueError:
        raise LockError(f"{shown(key)} is {shown(value)}, which is not a CIDR block.") from None


# Two locks are compared that say nearly the same.
@lru_cache(maxsize=4096)
def _network(text: str) -> IPv4Network:
    return IPv4Network(text)


def claim(key: str, value: object) -> Claim:
    """Return a block with the IPAM's number of it."""
    written, _, number = text_of(key, value).partition(" ")
    if not number.isascii() or not number.isdecimal() or len(number) > 19:
        raise LockError(f"{key}: {number!r} is not the number of a prefix.")
    return Claim(cidr=block(key, written), id=int(number))


def repository_name(value: object) -> str:
    """Return what the repository is called in an IPAM."""
    name = text_of("repository", value)
    try:
        return read_repository(name)
    except BadValue as error:
        raise LockError(f"repository: {error.message}") from None


def text_of(key: str, value: object) -> str:
    """Return text."""
    if not isinstance(value, str):
        raise LockError(f"{shown(key)} is not text.")
    return _plain(key, value)


def provider(key: str, value: object) -> str:
    """Return the name of a Terraform provider for the Kurrent side."""
    name = text_of(key, value)
    if name not in load_kurrent().providers:
        raise LockError(f"{shown(key)}: there is no provider {shown(name)}.")
    return name


def json_object(key: str, value: object) -> str:
    """Return the text of a JSON object as it is."""
    import json  # slow to import, and older locks have none

    try:
        if isinstance(value, str) and isinstance(json.loads(value), dict):
            return value
    except (ValueError, RecursionError):
        pass
    raise LockError(f"{shown(key)} has no answers that can be read.")


def _plain(key: str, text: str) -> str:
    """Return text that stands between quotes as it is."""
    if not text.isprintable() or '"' in text or "\\" in text:
        raise LockError(f"{shown(key)} is given with signs that were never written here.")
    return text


def path_inside(key: str) -> str:
    """Return a path that leads nowhere out of the repository."""
    if not is_inside(key):
        raise LockError(f"{shown(key)} is not a path inside the repository.")
    return key


def is_inside(path: str) -> bool:
    """Return True for a path as it is written here: relative, with forward slashes, and leading nowhere out."""
    if _USUAL_PATH.fullmatch(path):
        return True
    read = PurePosixPath(path)
    inside = not read.is_absolute() and ".." not in read.parts and str(read) == path != "."
    return inside and "\\" not in path and path.isprintable()
