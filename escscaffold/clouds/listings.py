"""What the clouds' own commands print as JSON, as data: `listings.toml` in the folder of each cloud.

A path is keys with dots between: `networkProfile.podCidr`. `subnets[]` is each item of a list, `Tags[Key=Name]` each
item for which a condition holds, and a path that begins with `..` starts at the object around a part.
A text is a path, or `path ~ pattern` for the first group of a regular expression.
A condition is a path that must have a value, `path=value`, or `path ~ pattern`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from ipaddress import IPv4Network
from typing import Any

from msgspec import Struct

from escscaffold.clouds.fact_files import as_object, tables_by_folder

_STEP = re.compile(r"(?:^|(?<=\.))([^.\[\]~=]++)(\[[^\[\]]*+\])?+(?:\.|$)")
_LONGEST_TEXT = 1_000
_AROUND = ".."


class ListedRange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a CIDR block stands in a resource, and what it is for."""

    kind: str
    at: str = ""
    cidr: IPv4Network | None = None
    """A block that is not written there, but holds where `when` does."""
    label: str = ""
    """What tells it from the resource's other blocks."""
    label_at: str = ""
    """The key beside the block that says so."""
    when: tuple[str, ...] = ()


class ResourceForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of resource: for each text the paths that may hold it, of which the first that has one is taken."""

    what: str
    name: tuple[str, ...]
    at: str = ""
    """Where it stands in the resource that it is a part of."""
    id: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    """An account, a project or a subscription."""
    region: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    """The network that it is in, by its name or its id."""
    ended: tuple[str, ...] = ()
    """With any of these it no longer uses an address."""
    ranges: tuple[ListedRange, ...] = ()
    parts: tuple["ResourceForm", ...] = ()
    is_network: bool = False
    """Whether others are in it, and are called by its name."""
    alone: bool = False
    """Whether its name says enough without that of its network."""


class Listing(ResourceForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one command prints."""

    command: str
    """How to call it for JSON."""
    has: tuple[str, ...]
    """What tells one of its objects from those of other commands."""
    source: str
    keys: tuple[str, ...] = ()
    """What the list, or the one object, is wrapped in."""
    unwrapped: str = ""
    """A key whose keys may stand one level higher."""


@cache
def listings() -> tuple[Listing, ...]:
    """Return all that is known, of each cloud and of Kurrent Cloud."""
    tables = tables_by_folder("listings.toml").values()
    return tuple(as_object(Listing, table) for table in tables for table in table["listings"])


def best_listing(item: Mapping[str, Any]) -> Listing | None:
    """Return the command whose objects look like this one; the more it asks for, the better it fits."""
    fitting = [
        listing
        for listing in listings()
        if all(holds(unwrapped(item, listing), condition) for condition in listing.has)
    ]
    return max(fitting, key=lambda listing: len(listing.has), default=None)


def unwrapped(item: Mapping[str, Any], listing: Listing) -> Mapping[str, Any]:
    """Return the object with the keys of its inner one."""
    inner = item.get(listing.unwrapped) if listing.unwrapped else None
    return {**inner, **item} if isinstance(inner, dict) else item


def values_at(item: Any, path: str) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield each value at a path, with the object that holds the path's last key."""
    yield from _values(item, _steps(path), {})


def text_at(item: Any, places: tuple[str, ...], around: Any = None) -> str:
    """Return the first text at these places; nothing where there is none."""
    for place in places:
        path, sign, pattern = _condition(place)
        start = around if path.startswith(_AROUND) else item
        for value, _ in values_at(start, path.removeprefix(_AROUND)):
            text = _plain_text(value)
            if sign:
                found = re.search(pattern, text)
                text = found[1] if found else ""
            if text:
                return text
    return ""


def holds(item: Any, condition: str) -> bool:
    """Return whether a condition holds of an object."""
    path, sign, wanted = _condition(condition)
    for value, _ in values_at(item, path):
        text = _plain_text(value)
        if not sign or (text == wanted if sign == "=" else re.search(wanted, text)):
            return True
    return False


def _values(item: Any, steps: tuple[tuple[str, str | None], ...], holder: Any) -> Iterator[tuple[Any, Any]]:
    if not steps:
        if item is not None:
            yield item, holder
        return
    (key, inside), rest = steps[0], steps[1:]
    if not isinstance(item, dict) or item.get(key) is None:
        return
    value = item[key]
    if inside is None:
        yield from _values(value, rest, item)
        return
    for inner in value if isinstance(value, list) else [value]:
        if not inside or holds(inner, inside):
            yield from _values(inner, rest, item if not isinstance(inner, dict) else inner)


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((key, inside[1:-1] if inside else None) for key, inside in _STEP.findall(path))


@lru_cache(maxsize=1024)
def _condition(text: str) -> tuple[str, str, str]:
    # In brackets a sign belongs to the path.
    depth = 0
    for place, letter in enumerate(text):
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if letter in "=~" and depth == 0:
            return text[:place].strip(), letter, text[place + 1 :].strip()
    return text.strip(), "", ""


def _plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)[:_LONGEST_TEXT] if isinstance(value, (str, int)) else ""
