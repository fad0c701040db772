"""Terraform's functions that read files of the repository: `file`, `fileset`, `fileexists`, `filesha256` and such.

https://developer.hashicorp.com/terraform/language/functions
"""

import posixpath
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Protocol

from escscaffold.terraform.text_functions import DIGESTS
from escscaffold.terraform.values import LONGEST, Unknown, Value, derived, is_known, text_of

_LONGEST_PATTERN = 200


class Files(Protocol):
    """The files of a repository, by paths below its top."""

    def text(self, path: str) -> str | None:
        """Return what a file holds; None where there is none, or none that can be read as text."""
        ...

    def is_there(self, path: str) -> bool:
        """Return True if there is such a file, readable or not."""
        ...

    def below(self, folder: str) -> Iterable[str]:
        """Yield the paths of the files below a folder, relative to it."""
        ...


def call_with_files(name: str, arguments: list[Value], files: Files | None, folder: str) -> Value | None:
    """Return what a function that reads files returns, None for any other function.

    `folder` is where Terraform runs: what relative paths are relative to.
    """
    if name not in FILE_FUNCTIONS:
        return None
    if not is_known(list(arguments)) or not arguments:
        return derived(name, *arguments)
    path = place_of(arguments[0], folder)
    if path is None or files is None:
        # Outside of the repository: the file is the same on both sides.
        return derived(name, *arguments)
    if name == "fileexists":
        return files.is_there(path)
    if name == "fileset":
        return _matching(files, path, arguments)
    text = files.text(path)
    if text is not None:
        return text if name == "file" else DIGESTS[name.removeprefix("file")](text)
    if files.is_there(path):
        return Unknown(f"{path} cannot be read as text")
    return Unknown(f"there is no file {path}", absent=True, symbol=f"no file {path}")


def place_of(path: Value, folder: str) -> str | None:
    """Return where below the repository's top a path leads; None where that is outside."""
    text = text_of(path)
    if text is None or text.startswith(("/", "~")):
        return None
    joined = posixpath.normpath(posixpath.join(folder, text))
    return None if joined == ".." or joined.startswith("../") else joined


def _matching(files: Files, path: str, arguments: list[Value]) -> Value:
    pattern = text_of(arguments[1]) if len(arguments) == 2 else None
    if pattern is None or len(pattern) > _LONGEST_PATTERN:
        return derived("fileset", *arguments)
    patterns = [alternative.split("/") for alternative in _alternatives(pattern)]
    found = sorted(name for name in files.below(path) if any(_fits(name.split("/"), parts) for parts in patterns))
    return [*found] if len(found) <= LONGEST else derived("fileset", *arguments)


def _alternatives(pattern: str) -> list[str]:
    """Return the patterns that `{a,b}` stands for."""
    before, brace, rest = pattern.partition("{")
    inside, closing, after = rest.partition("}")
    if not brace or not closing:
        return [pattern]
    return [before + choice + tail for choice in inside.split(",") for tail in _alternatives(after)][:_LONGEST_PATTERN]


def _fits(names: list[str], pattern: list[str]) -> bool:
    if not pattern or not names:
        return not names and all(part == "**" for part in pattern)
    if pattern[0] == "**":
        return _fits(names, pattern[1:]) or _fits(names[1:], pattern)
    return fnmatchcase(names[0], pattern[0]) and _fits(names[1:], pattern[1:])


FILE_FUNCTIONS = {
    *("file", "fileset", "fileexists"),
    *(f"file{digest}" for digest in DIGESTS),
}
