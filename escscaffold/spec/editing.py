"""Writing `escscaffold.toml`: what a person put there, comments and order included, stays."""

from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit
from tomlkit.items import Comment, InlineTable, Table, Trivia

from escscaffold.errors import ScaffoldError
from escscaffold.spec.places import key_places, lines_of, place_of

_SCHEMA = "#:schema ./.escscaffold/schema.json"
"""What editors look for in the first lines (taplo, Even Better TOML): a file of the repository needs no network."""
_HEAD = "What you ask for: edit this, then run `escscaffold generate`."
_RANGES = 'A CIDR block pins a range, "/20" or { nodes = 10 } asks for a size; what is not here is placed for you.'


def new_spec(document: Mapping[str, Any]) -> str:
    """Return the text of a new spec with these contents."""
    text = tomlkit.document()
    text.add(Comment(Trivia(comment=_SCHEMA)))
    text.add(tomlkit.comment(_HEAD))
    text.add("version", tomlkit.item(document["version"]))
    for key in ("provider", "ci"):
        if key in document:
            text.add(key, tomlkit.item(document[key]))
    blocks = {key: document[key] for key in ("backend", "ipam", "pools", "reserved", "accept") if key in document}
    return with_additions(tomlkit.dumps(text), blocks, document["environments"])


def with_reserved(text: str, blocks: Iterable[tuple[str, str, str]]) -> str:
    """Return a spec's text with more reserved blocks: name, CIDR and, as a comment behind it, where it comes from.

    A comment is printable text of one line. Raises ScaffoldError where the table cannot take them.
    """
    document = tomlkit.parse(text)
    table = document.get("reserved")
    if isinstance(table, InlineTable):
        raise ScaffoldError(
            "`reserved` is an inline table, in which no comment can stand.",
            hint="Write its blocks under a header of their own: [reserved].",
        )
    entries = [(name, f'{tomlkit.key(name).as_string()} = "{block}"  # {comment}') for name, block, comment in blocks]
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
    """Return a spec's text with the keys of these tables (`pools`, `reserved`) and environments added."""
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
            "`environments` is an inline table, to which nothing can be added.",
            hint="Write each environment under a header of its own: [environments.NAME].",
        )
    line_end = "\r\n" if "\r\n" in text else "\n"
    for name, environment in environments.items():
        added = _environment_text(name, environment).replace("\n", line_end)
        written = written.rstrip("\r\n") + line_end * 2 + added
    return written


def _environment_text(name: str, environment: Mapping[str, Any]) -> str:
    """Return the tables of one environment; appended as text, so that nothing above them is touched."""
    document = tomlkit.document()
    outer = tomlkit.table(is_super_table=True)
    table = tomlkit.table()
    for key, value in environment.items():
        if key != "ranges" and not isinstance(value, dict):
            table.add(key, value)
    for key, value in environment.items():
        if isinstance(value, dict):
            table.add(key, _sub_table(value, _RANGES if key == "ranges" else ""))
    outer.add(name, table)
    document.add("environments", outer)
    return tomlkit.dumps(document)


def _sub_table(values: Mapping[str, Any], comment: str) -> Table:
    table = tomlkit.table()
    if comment:
        table.add(tomlkit.comment(comment))
    for key, value in values.items():
        table.add(key, inline_table(value) if isinstance(value, dict) else value)
    return table


def inline_table(values: Mapping[str, Any]) -> InlineTable:
    """Return a range's need on one line, as a person writes it."""
    pairs = ", ".join(f"{key} = {tomlkit.item(value).as_string()}" for key, value in values.items())
    table = tomlkit.value(f"{{ {pairs} }}")
    assert isinstance(table, InlineTable), "written as one above"
    return table
