"""The files of one side, by the paths that the other side knows them by, each read once."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from escscaffold.planning.renaming import folder_of
from escscaffold.reviewing.trees import Entry, Tree

_MOST_READ_AHEAD = 50_000


class Sources:
    """One side's files; `renamed` has new names of environments by the old ones, whose folders are looked up so."""

    def __init__(self, tree: Tree, renamed: Mapping[str, str] | None = None) -> None:
        self._tree = tree
        self._folders = {f"{folder_of(old)}/": f"{folder_of(new)}/" for old, new in (renamed or {}).items()}
        self._original = {self._known_as(path): path for path in tree.entries}
        self._texts: dict[str, str | None] = {}
        self.entries: Mapping[str, Entry] = {new: tree.entries[old] for new, old in self._original.items()}

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
        if path not in self._texts:
            self.read_ahead([path])
        return self._texts.get(path)

    def is_there(self, path: str) -> bool:
        """Return True if there is such a file, readable or not."""
        return path in self.entries

    def below(self, folder: str) -> Iterator[str]:
        """Yield the paths of the files below a folder, relative to it."""
        prefix = "" if posixpath.normpath(folder) == "." else f"{posixpath.normpath(folder)}/"
        return (path.removeprefix(prefix) for path in self.entries if path.startswith(prefix))


def _decoded(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
