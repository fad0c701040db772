"""Changing what a spec says: keys set or removed, environments removed or renamed. Comments stay.

Whatever way a person has written a table, the result is read back and compared with what was
wanted, so that a spec is changed right or not at all.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item

from escscaffold.errors import ScaffoldError
from escscaffold.spec.editing import inline_table
from escscaffold.spec.places import KeyPath
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.sections import renamed_sections, with_line, without_sections
from escscaffold.spec.toml import NotTomlError, toml_document


class NoTableError(ScaffoldError):
    """A key is to be put below one that holds a value."""


class CannotEditError(ScaffoldError):
    """The spec is written in a way that cannot be changed without a person."""

    def __init__(self) -> None:
        super().__init__(f"{SPEC_FILE} is written in a way that cannot be changed from here.", hint="Edit it yourself.")


def document_with(text: str, changes: Mapping[KeyPath, Any]) -> dict[str, Any]:
    """Return a spec's tables with these keys set, or removed where the value is None; raises NoTableError."""
    document = toml_document(text)
    for path, value in changes.items():
        _put(document, path, value)
    return document


def with_values(text: str, changes: Mapping[KeyPath, Any]) -> str:
    """Return a spec's text with these keys set, or removed where the value is None; raises NoTableError."""
    wanted = document_with(text, changes)
    return _verified(wanted, lambda: _edited(text, changes), lambda: _with_tomlkit(text, changes))


def without_environment(text: str, name: str) -> str:
    """Return a spec's text without an environment; no other one may overlap it any more."""
    wanted = toml_document(text)
    del wanted["environments"][name]
    changes = _lists_without(wanted, name, None)
    for path, value in changes.items():
        _put(wanted, path, value)
    path = ("environments", name)
    return _verified(
        wanted,
        lambda: without_sections(_edited(text, changes), path),
        lambda: _with_tomlkit(text, {**changes, path: None}),
    )


def with_environment_renamed(text: str, old: str, new: str, changes: Mapping[KeyPath, Any]) -> str:
    """Return a spec's text with an environment under another name, and these keys set after that."""
    wanted = toml_document(text)
    wanted["environments"] = {new if name == old else name: one for name, one in wanted["environments"].items()}
    everything = {**_lists_without(wanted, old, new), **changes}
    for path, value in everything.items():
        _put(wanted, path, value)
    return _verified(wanted, lambda: _edited(renamed_sections(text, ("environments", old), new), everything))


def _lists_without(document: Mapping[str, Any], old: str, new: str | None) -> dict[KeyPath, Any]:
    """Return the lists of environments that name this one, with its new name or without it."""
    changes: dict[KeyPath, Any] = {}
    for name, table in document["environments"].items():
        listed = table.get("may_overlap") if isinstance(table, dict) else None
        if isinstance(listed, list) and old in listed:
            kept = [new if other == old else other for other in listed if new is not None or other != old]
            changes["environments", name, "may_overlap"] = kept or None
    return changes


def _verified(wanted: Mapping[str, Any], *edits: Callable[[], str]) -> str:
    """Return the text of the first edit that says what is wanted."""
    for edit in edits:
        # What tomlkit makes of tables that are spread over a file may fail in its own ways.
        with suppress(TOMLKitError, NotTomlError, KeyError, TypeError, AttributeError):
            text = edit()
            if toml_document(text) == wanted:
                return text
    raise CannotEditError


def _edited(text: str, changes: Mapping[KeyPath, Any]) -> str:
    if not changes:
        return text
    there = toml_document(text)
    for path, value in changes.items():
        if value is not None and not _has(there, path):
            key = tomlkit.key(path[-1]).as_string()
            text = with_line(text, path[:-1], f"{key} = {_item(value).as_string()}")
    return _with_tomlkit(text, {path: value for path, value in changes.items() if _has(there, path)})


def _has(document: Mapping[str, Any], path: KeyPath) -> bool:
    home: Any = document
    for part in path:
        if not isinstance(home, dict) or part not in home:
            return False
        home = home[part]
    return True


def _with_tomlkit(text: str, changes: Mapping[KeyPath, Any]) -> str:
    if not changes:
        return text
    document = tomlkit.parse(text)
    for path, value in changes.items():
        _put(document, path, value)
    written = tomlkit.dumps(document)
    all_windows = text.count("\r\n") == text.count("\n") > 0
    return written.replace("\r\n", "\n").replace("\n", "\r\n") if all_windows else written


def _put(document: Any, path: KeyPath, value: Any) -> None:
    """Set or remove a key in a document, plain or of tomlkit."""
    home = document
    for depth, part in enumerate(path[:-1], start=1):
        if part not in home:
            if value is None:
                return
            inside = isinstance(home, InlineTable)
            home[part] = {} if type(document) is dict else tomlkit.inline_table() if inside else tomlkit.table()
        home = home[part]
        if not isinstance(home, dict):
            raise NoTableError(f"{'.'.join(path[:depth])} is no table: there is nothing below it.")
    if value is None:
        home.pop(path[-1], None)
        return
    if type(document) is dict:
        home[path[-1]] = deepcopy(value)
        return
    old = home.get(path[-1])
    new = _item(value)
    if isinstance(old, Item):
        # What stands behind the value on its line says why it is there.
        new.trivia.comment_ws, new.trivia.comment = old.trivia.comment_ws, old.trivia.comment
    home[path[-1]] = new


def _item(value: Any) -> Item:
    if isinstance(value, dict):
        return inline_table(value)
    item = tomlkit.item(value)
    assert isinstance(item, Item), "tomlkit makes items"
    return item
