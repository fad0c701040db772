"""The headers of a TOML text and the lines below them, as a person has laid them out."""

import re
from collections.abc import Iterator

from escscaffold.spec.places import KeyPath, lines_of
from escscaffold.spec.toml import NotTomlError, toml_document

_HEADER = re.compile(r"""\s*+\[(?!\[)(?:[^\[\]"'#]|"(?:[^"\\]|\\.)*+"|'[^']*+')++\]\s*+(?:#.*+)?+\s*+""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")


def without_sections(text: str, table: KeyPath) -> str:
    """Return the text without a table and those inside it, and without the comments right above their headers."""
    kept = [lines for path, lines in _sections(text) if path[: len(table)] != table]
    return "".join(line for lines in kept for line in lines).rstrip("\r\n") + _line_end(text)


def renamed_sections(text: str, table: KeyPath, new: str) -> str:
    """Return the text with another last name of a table, wherever it stands in a header."""

    def renamed(path: KeyPath, lines: list[str]) -> Iterator[str]:
        for line in lines:
            yield _renamed(line, len(table) - 1, new) if path[: len(table)] == table and _path_of(line) else line

    return "".join(line for path, lines in _sections(text) for line in renamed(path, lines))


def with_line(text: str, table: KeyPath, line: str) -> str:
    """Return the text with a line at the end of a table; one that has no header gets one, below its nearest kin."""
    sections = _sections(text)
    end = _line_end(text)
    for path, lines in sections:
        if path == table:
            _insert(lines, [line + end])
            return "".join(line for _, lines in sections for line in lines)
    shared = [_shared(path, table) for path, _ in sections]
    if any(shared):
        # The last of those that have most in common with it.
        kin = max(n for n, count in enumerate(shared) if count == max(shared))
    else:
        # The keys above all headers, or the end of a text that has none there.
        kin = 0 if any(line.strip() for line in sections[0][1]) else len(sections) - 1
    header = ".".join(part if _PART.fullmatch(part) else f'"{part}"' for part in table)
    _insert(sections[kin][1], [end, f"[{header}]{end}", line + end])
    return "".join(line for _, lines in sections for line in lines)


def _shared(path: KeyPath, table: KeyPath) -> int:
    """Return how many parts two paths have in common from the beginning."""
    return next((n for n, (a, b) in enumerate(zip(path, table, strict=False)) if a != b), min(len(path), len(table)))


def _insert(lines: list[str], added: list[str]) -> None:
    """Put lines behind the last one that says something, before blank lines and comments that end a section."""
    place = len(lines)
    while place and (not lines[place - 1].strip() or lines[place - 1].lstrip().startswith("#")):
        place -= 1
    if not place:
        # Only comments: the file's head, which stays above.
        place = len(lines)
    if place and not lines[place - 1].endswith("\n"):
        lines[place - 1] += added[-1][len(added[-1].rstrip("\r\n")) :]
    lines[place:place] = added


def _sections(text: str) -> list[tuple[KeyPath, list[str]]]:
    """Return each header's path with its lines: the comments right above it, itself, and what is below."""
    sections: list[tuple[KeyPath, list[str]]] = [((), [])]
    for line in lines_of(text):
        path = _path_of(line)
        if path is None:
            sections[-1][1].append(line)
            continue
        above = sections[-1][1]
        start = len(above)
        while start and above[start - 1].lstrip().startswith("#"):
            start -= 1
        sections.append((path, [*above[start:], line]))
        del above[start:]
    return sections


def _path_of(line: str) -> KeyPath | None:
    """Return the path of the table whose header this line is, or None."""
    if not _HEADER.fullmatch(line):
        return None
    try:
        found = toml_document(line)
    except NotTomlError:
        return None
    path: KeyPath = ()
    while found:
        ((name, found),) = found.items()
        path = (*path, name)
    return path


def _renamed(header: str, position: int, new: str) -> str:
    part = list(_PART.finditer(header))[position]
    return header[: part.start()] + new + header[part.end() :]


def _line_end(text: str) -> str:
    return "\r\n" if text.endswith("\r\n") else "\n"
