"""Variables and locals that a folder uses and does not declare: a pipeline copies the file that does. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from escscaffold.reviewing.side_files import SideFiles, Unread
from escscaffold.terraform.references import VALUES, is_configuration, parent_folder

_COMMENT = re.compile(r"^[ \t]{0,200}(?:#|//).*$", re.MULTILINE)
_USED = re.compile(r"(?<![\w.-])(var|local)\.([A-Za-z_][\w-]{0,200})")
_VARIABLE = re.compile(r'\bvariable"?\s{0,50}:?\s{0,50}\{?\s{0,50}"?([A-Za-z_][\w-]{0,200})')
_ASSIGNED = re.compile(r'^[ \t]{0,200}"?([A-Za-z_][\w-]{0,200})"?[ \t]{0,100}[=:]', re.MULTILINE)

_MOST_TEXTS = 4_096
"""Texts whose names are kept: environments of one mode have the same text in many files."""

_Name = tuple[str, str]
"""`var` or `local`, and the name."""


def undeclared_uses(
    files: Mapping[str, Sequence[str]], sides: tuple[SideFiles, SideFiles], differing: Collection[str]
) -> Iterator[Unread]:
    """Yield the differing files that set or declare what another folder uses without declaration.

    `files` are the files of configuration by their folder.
    """
    changed = {
        path: {name for side in sides if side.exists(path) for name in _declared(path, side.text(path) or "")}
        for path in differing
        if is_configuration(path) or path.endswith(VALUES)
    }
    every = {name for names in changed.values() for name in names}
    reported: set[str] = set()
    for folder, paths in sorted(files.items()) if every else ():
        texts = {path: sides[1].text(path) or "" for path in paths}
        used = {name for text in texts.values() for name in _used_in(text)} & every
        missing = used - {name for path, text in texts.items() if used for name in _declared(path, text)}
        for path, names in changed.items() if missing else ():
            shared = sorted(names & missing)
            if shared and path not in reported and parent_folder(path) != folder:
                reported.add(path)
                reason = f"{folder} uses {'.'.join(shared[0])} without declaration, and may get it from this file"
                yield Unread(path=path, reason=reason)


@lru_cache(maxsize=_MOST_TEXTS)
def _used_in(text: str) -> frozenset[_Name]:
    return frozenset((kind, name) for kind, name in _USED.findall(_COMMENT.sub("", text)))


def _declared(path: str, text: str) -> Iterator[_Name]:
    """Yield what a file gives a value; of a local, any argument of its name counts."""
    text = _COMMENT.sub("", text)
    if path.endswith(VALUES):
        yield from (("var", name) for name in _ASSIGNED.findall(text))
        return
    yield from (("var", name) for name in _VARIABLE.findall(text))
    yield from (("local", name) for name in _ASSIGNED.findall(text))
