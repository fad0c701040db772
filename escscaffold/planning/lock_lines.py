"""The lock's text as it is written, line by line: some ten times as fast as TOML at large. Pure."""

import re
from collections.abc import Mapping
from typing import Any

_TABLE = re.compile(r"\[([a-z]+)\]")
_VERSION = re.compile(r"version = ([1-9][0-9]{0,3})")
_TOP = re.compile(r'([a-z]+) = "([^"\\]*)"')
_ENTRY = re.compile(r"""\"([^"\\]+)\" = (?:"([^"\\]*)"|'([^']*)')""")


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
