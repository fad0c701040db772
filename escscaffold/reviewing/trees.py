"""One side of a comparison: which files it has, by content id, and their contents where they are asked for.

Links and submodules are listed and never followed.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha1
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from escscaffold.errors import ScaffoldError
from escscaffold.reviewing.revisions import Git

Kind = Literal["file", "link", "submodule"]

MOST_FILES = 50_000
LARGEST = 2**20
"""Bytes of a file that are looked into; a larger one is only known to differ."""

# Windows has no such flag, and hardly any links.
_NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0)
_KINDS: Mapping[bytes, Kind] = {b"120000": "link", b"160000": "submodule"}


class Entry(NamedTuple):
    """One file: git's id of its content, and its size in bytes."""

    id: str
    size: int
    kind: Kind = "file"

    @property
    def readable(self) -> bool:
        """Whether its content is looked into."""
        return self.kind == "file" and self.size <= LARGEST


class Tree(Protocol):
    """All files of one side."""

    name: str
    """What a person calls it."""
    entries: Mapping[str, Entry]

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of the paths that can be read."""
        ...


class GitTree:
    """The folder as it is at a commit."""

    def __init__(self, git: Git, revision: str, commit: str) -> None:
        self.name = f"{revision} ({commit[:10]})"
        self.git = git
        self.entries: Mapping[str, Entry] = dict(_limited(_listed(git.tree(commit))))

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of the paths that can be read."""
        ids = {path: self.entries[path].id for path in paths if path in self.entries and self.entries[path].readable}
        blobs = self.git.blobs(ids.values()) if ids else {}
        return {path: blobs[name] for path, name in ids.items()}


class FolderTree:
    """A folder as it stands on disk; of one that git knows, without what git ignores."""

    def __init__(self, folder: Path, name: str, git: Git | None = None) -> None:
        self.name = name
        self.folder = folder.resolve()
        paths = git.files() if git else _walk(self.folder)
        self.entries: Mapping[str, Entry] = dict(_limited(self._entries(paths)))

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of the paths that can be read."""
        contents = {path: self._content(path) for path in paths if path in self.entries and self.entries[path].readable}
        return {path: content for path, content in contents.items() if content is not None}

    def _entries(self, paths: Iterable[str]) -> Iterator[tuple[str, Entry]]:
        for path in paths:
            entry = self._entry(path)
            if entry is not None:
                yield path, entry

    def _entry(self, path: str) -> Entry | None:
        file = self.folder / path
        try:
            if file.parent.resolve() != file.parent:
                return None  # below a link, which is not followed
            kind = os.lstat(file)
            if stat.S_ISLNK(kind.st_mode):
                return Entry(id=_blob_id(os.fsencode(os.readlink(file))), size=0, kind="link")  # noqa: PTH115
            if stat.S_ISDIR(kind.st_mode):
                return Entry(id="", size=0, kind="submodule")
            if not stat.S_ISREG(kind.st_mode):
                return None
            if kind.st_size > LARGEST:
                return Entry(id=f"large {kind.st_size} {kind.st_mtime_ns}", size=kind.st_size)
        except OSError:
            return None
        content = self._content(path)
        return None if content is None else Entry(id=_blob_id(content), size=len(content))

    def _content(self, path: str) -> bytes | None:
        try:
            with open(os.open(self.folder / path, os.O_RDONLY | _NOT_THROUGH_LINKS), "rb") as opened:  # noqa: PTH123
                return opened.read(LARGEST + 1)
        except OSError:
            return None


def _listed(listing: bytes) -> Iterator[tuple[str, Entry]]:
    for line in listing.split(b"\0"):
        head, tab, path = line.partition(b"\t")
        if not tab:
            continue
        mode, _, name, size = head.split()
        kind = _KINDS.get(mode, "file")
        yield os.fsdecode(path), Entry(id=name.decode(), size=int(size) if size.isdigit() else 0, kind=kind)


def _limited(entries: Iterable[tuple[str, Entry]]) -> Iterator[tuple[str, Entry]]:
    for number, entry in enumerate(entries):
        if number >= MOST_FILES:
            raise ScaffoldError(
                f"There are more than {MOST_FILES:,} files here.",
                hint="Name the folder with the Terraform in it: escscaffold review -C DIR",
            )
        yield entry


def _walk(folder: Path) -> Iterator[str]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in (".git", ".terraform"))
        inner = Path(at).relative_to(folder)
        yield from ((inner / name).as_posix() for name in sorted(names))


def _blob_id(content: bytes) -> str:
    """Return git's id of this content, by which files are compared between any two sides."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
