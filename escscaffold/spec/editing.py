"""Edits a spec's text: adds, changes, renames and removes keys and tables. Comments and layout stay."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item

from escscaffold.errors import ScaffoldError
from escscaffold.spec.new_tables import OF_TABLES, environment_text, key_text, value_text
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.toml_text import (
    KeyPath,
    NotTomlError,
    key_places,
    lines_of,
    place_of,
    statements_of,
    toml_document,
)

_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")


def with_reserved(text: str, blocks: Iterable[tuple[str, str, str]]) -> str:
    """Return a spec's text with more reserved blocks: name, CIDR and, as a comment behind it, where it comes from.

    A comment is printable text of one line. Raises ScaffoldError where the table cannot take them.
    """
    document = tomlkit.parse(text)
    table = document.get("reserved")
    if isinstance(table, InlineTable):
        raise ScaffoldError(
            "`reserved` is an inline table, which cannot hold comments.",
            hint="Write its blocks under the header [reserved].",
        )
    entries = [(name, f'{key_text(name)} = "{block}"  # {comment}') for name, block, comment in blocks]
    if not entries:
        return text
    if table is None:
        document.add(tomlkit.nl())
        document.add("reserved", tomlkit.table())
        table = document["reserved"]
    # tomlkit looks through the whole table for each new key: it finds the place, and the lines are put there.
    table[entries[0][0]] = ""
    lines = lines_of(tomlkit.dumps(document))
    place = place_of(key_places("".join(lines)), ("reserved", entries[0][0]))[0] - 1
    before = lines[place].partition(tomlkit.key(entries[0][0]).as_string())[0]
    lines[place : place + 1] = [f"{before}{entry}\n" for _, entry in entries]
    written = "".join(lines)
    all_windows = text.count("\r\n") == text.count("\n") > 0
    return written.replace("\r\n", "\n").replace("\n", "\r\n") if all_windows else written


def with_additions(
    text: str, tables: Mapping[str, Mapping[str, str]], environments: Mapping[str, Mapping[str, Any]]
) -> str:
    """Return a spec's text with the keys of these tables (`pools`, `reserved`) and environments added.

    Raises ScaffoldError where the layout of the text does not allow it.
    """
    document = tomlkit.parse(text)
    for key, values in tables.items():
        if values and key not in document:
            document.add(tomlkit.nl())
            document.add(key, tomlkit.table())
        for name, value in values.items():
            document[key][name] = value
    written = tomlkit.dumps(document)
    if environments and isinstance(document.get("environments"), InlineTable):
        raise ScaffoldError(
            "`environments` is an inline table, which cannot be extended.",
            hint="Write each environment under a header [environments.NAME].",
        )
    line_end = "\r\n" if "\r\n" in text else "\n"
    for name, environment in environments.items():
        added = environment_text(name, environment).replace("\n", line_end)
        written = written.rstrip("\r\n") + line_end * 2 + added
    return written


class NoTableError(ScaffoldError):
    """A key is to be put below one that holds a value."""


class CannotEditError(ScaffoldError):
    """The spec is written in a way that cannot be changed without a person."""

    def __init__(self) -> None:
        super().__init__(f"{SPEC_FILE} has a layout that this command cannot edit.", hint="Edit the file by hand.")


def document_with(text: str, changes: Mapping[KeyPath, Any]) -> dict[str, Any]:
    """Return a spec's tables with these keys set, or removed where the value is None; raises NoTableError."""
    document = toml_document(text)
    for path, value in changes.items():
        _put(document, path, value)
    return document


def with_values(text: str, changes: Mapping[KeyPath, Any]) -> str:
    """Return a spec's text with these keys set, or removed where the value is None; raises NoTableError."""
    expected = document_with(text, changes)
    return _verified(expected, lambda: _edited(text, changes), lambda: _with_tomlkit(text, changes))


def without_environment(text: str, name: str) -> str:
    """Return a spec's text without an environment; no other one may overlap it any more."""
    expected = toml_document(text)
    del expected["environments"][name]
    changes = _lists_without(expected, name, None)
    for path, value in changes.items():
        _put(expected, path, value)
    path = ("environments", name)
    return _verified(
        expected,
        lambda: _without_sections(_edited(text, changes), path),
        lambda: _with_tomlkit(text, {**changes, path: None}),
    )


def _without_sections(text: str, table: KeyPath) -> str:
    """Return the text without a table and those inside it, and without the comments right above their headers."""
    remaining = [lines for path, lines in _sections(text) if path[: len(table)] != table]
    return "".join(line for lines in remaining for line in lines).rstrip("\r\n") + _line_end(text)


def _line_end(text: str) -> str:
    return "\r\n" if text.endswith("\r\n") else "\n"


def _sections(text: str) -> list[tuple[KeyPath, list[str]]]:
    """Return each header's path with its lines: the comments right above it, itself, and what is below."""
    headers = _headers(text)
    sections: list[tuple[KeyPath, list[str]]] = [((), [])]
    for number, line in enumerate(lines_of(text), 1):
        if number not in headers:
            sections[-1][1].append(line)
            continue
        above = sections[-1][1]
        start = len(above)
        while start and above[start - 1].lstrip().startswith("#"):
            start -= 1
        sections.append((headers[number], [*above[start:], line]))
        del above[start:]
    return sections


def _headers(text: str) -> Mapping[int, KeyPath]:
    """Return the path of each table that has a header, by the header's line."""
    return {
        statement.tokens[0].place[0]: statement.path
        for statement in statements_of(text)
        if statement.kind == "header" and not statement.is_list_header
    }


def with_environment_renamed(text: str, old: str, new: str, changes: Mapping[KeyPath, Any]) -> str:
    """Return a spec's text with an environment under another name, and these keys set after that."""
    expected = toml_document(text)
    expected["environments"] = {
        new if name == old else name: environment for name, environment in expected["environments"].items()
    }
    everything = {**_lists_without(expected, old, new), **changes}
    for path, value in everything.items():
        _put(expected, path, value)
    return _verified(expected, lambda: _edited(_renamed_sections(text, ("environments", old), new), everything))


def _renamed_sections(text: str, table: KeyPath, new: str) -> str:
    """Return the text with another last name of a table, wherever it is in a header."""
    headers = _headers(text)
    return "".join(
        _renamed(line, len(table) - 1, new) if headers.get(number, ())[: len(table)] == table else line
        for number, line in enumerate(lines_of(text), 1)
    )


def _renamed(header: str, position: int, new: str) -> str:
    part = list(_PART.finditer(header))[position]
    return header[: part.start()] + new + header[part.end() :]


def _lists_without(document: Mapping[str, Any], old: str, new: str | None) -> dict[KeyPath, Any]:
    """Return the lists of environments that name this one, with its new name or without it."""
    changes: dict[KeyPath, Any] = {}
    for name, table in document["environments"].items():
        listed = table.get("may_overlap") if isinstance(table, dict) else None
        if isinstance(listed, list) and old in listed:
            remaining = [new if other == old else other for other in listed if new is not None or other != old]
            changes["environments", name, "may_overlap"] = remaining or None
    return changes


def _verified(expected: Mapping[str, Any], *edits: Callable[[], str]) -> str:
    """Return the text of the first edit with the expected values."""
    for edit in edits:
        # What tomlkit makes of tables that are spread over a file may fail in its own ways.
        with suppress(TOMLKitError, NotTomlError, KeyError, TypeError, AttributeError):
            text = edit()
            if toml_document(text) == expected:
                return text
    raise CannotEditError


def _edited(text: str, changes: Mapping[KeyPath, Any]) -> str:
    if not changes:
        return text
    document = toml_document(text)
    for path, value in changes.items():
        if value is not None and not _has(document, path):
            text = _with_line(text, path[:-1], f"{key_text(path[-1])} = {value_text(value)}")
    return _with_tomlkit(text, {path: value for path, value in changes.items() if _has(document, path)})


def _with_line(text: str, table: KeyPath, line: str) -> str:
    """Return the text with a line at the end of a table; one without a header gets it below its nearest table."""
    sections = _sections(text)
    end = _line_end(text)
    for path, lines in sections:
        if path == table:
            _insert(lines, [line + end])
            return "".join(line for _, lines in sections for line in lines)
    shared = [_shared(path, table) for path, _ in sections]
    if any(shared):
        # The last of those that have most in common with it.
        nearest = max(n for n, count in enumerate(shared) if count == max(shared))
    else:
        # The keys above all headers, or the end of a text that has none there.
        nearest = 0 if any(line.strip() for line in sections[0][1]) else len(sections) - 1
    header = ".".join(map(key_text, table))
    _insert(sections[nearest][1], [end, f"[{header}]{end}", line + end])
    return "".join(line for _, lines in sections for line in lines)


def _insert(lines: list[str], added: list[str]) -> None:
    """Put lines after the last one with a value, before blank lines and comments that end a section."""
    place = len(lines)
    while place and (not lines[place - 1].strip() or lines[place - 1].lstrip().startswith("#")):
        place -= 1
    if not place:
        # Only comments: the file's head, which stays above.
        place = len(lines)
    if place and not lines[place - 1].endswith("\n"):
        lines[place - 1] += added[-1][len(added[-1].rstrip("\r\n")) :]
    lines[place:place] = added


def _shared(path: KeyPath, table: KeyPath) -> int:
    """Return how many parts two paths have in common from the beginning."""
    return next((n for n, (a, b) in enumerate(zip(path, table, strict=False)) if a != b), min(len(path), len(table)))


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
            raise NoTableError(f"{'.'.join(path[:depth])} is not a table and has no keys.")
    if value is None:
        home.pop(path[-1], None)
        # A table of tables has no header of its own: with the last of them, it is removed.
        if not home and path[-2:-1] and path[-2] in OF_TABLES:
            _put(document, path[:-1], None)
        return
    if type(document) is dict:
        home[path[-1]] = deepcopy(value)
        return
    old = home.get(path[-1])
    new = _item(value)
    if isinstance(old, Item):
        # A comment after the value on its line explains it.
        new.trivia.comment_ws, new.trivia.comment = old.trivia.comment_ws, old.trivia.comment
    home[path[-1]] = new


def _item(value: Any) -> Item:
    # A table is on one line, as a person writes it.
    item = tomlkit.value(value_text(value)) if isinstance(value, dict) else tomlkit.item(value)
    assert isinstance(item, Item), "tomlkit makes items"
    return item
