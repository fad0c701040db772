"""The files of one side, by the paths that the other side knows them by, each read once."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from escscaffold.planning.lock import folder_of
from escscaffold.reviewing.trees import Entry, Tree

_MOST_READ_AHEAD = 50_000
_MOST_BESIDE = 1_000
_SMALL = 64 * 2**10
"""Bytes of a file that is read because one beside it is."""


class Sources:
    """One side's files; `renamed` has new names of environments by the old ones, whose folders are looked up so."""

    def __init__(self, tree: Tree, renamed: Mapping[str, str] | None = None) -> None:
        self._tree = tree
        self._folders = {f"{folder_of(old)}/": f"{folder_of(new)}/" for old, new in (renamed or {}).items()}
        self._original = {self._known_as(path): path for path in tree.entries}
        self._texts: dict[str, str | None] = {}
        self.entries: Mapping[str, Entry] = {new: tree.entries[old] for new, old in self._original.items()}
        self._by_folder: dict[str, list[str]] = {}
        for path in self.entries:
            self._by_folder.setdefault(posixpath.dirname(path), []).append(path)

    def _known_as(self, path: str) -> str:
        for old, new in self._folders.items():
            if path.startswith(old):
                return new + path.removeprefix(old)
        return path

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read these files at once, which git does far faster than one by one."""
        wanted = [path for path in paths if path in self._original and path not in self._texts][:_MOST_READ_AHEAD]
        found = self._tree.read(self._original[path] for path in wanted)
        for path in wanted:
            content = found.get(self._original[path])
            self._texts[path] = None if content is None else _decoded(content)

    def text(self, path: str) -> str | None:
        """Return what a file holds; None where there is none, or none that can be read as text."""
        if path not in self._texts and path in self.entries:
            # Who asks for one file of a folder asks for others: of git, many take as long as one.
            folder = posixpath.dirname(path)
            beside = [one for one in self._by_folder.get(folder, ()) if self.entries[one].size <= _SMALL]
            self.read_ahead([path, *beside[:_MOST_BESIDE]])
        return self._texts.get(path)

    def is_there(self, path: str) -> bool:
        """Return True if there is such a file, readable or not."""
        return path in self.entries

    def beside(self, folder: str) -> list[str]:
        """Return the paths of the files that stand in a folder itself."""
        return self._by_folder.get("" if folder == "." else folder, [])

    def below(self, folder: str) -> Iterator[str]:
        """Yield the paths of the files below a folder, relative to it."""
        top = posixpath.normpath(folder)
        if top == ".":
            yield from self.entries
            return
        for inside, paths in self._by_folder.items():
            if inside == top or inside.startswith(f"{top}/"):
                yield from (path.removeprefix(f"{top}/") for path in paths)


def _decoded(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
