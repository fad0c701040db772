"""One side of a comparison: which files it has, by content id, and their contents where they are asked for.

Links and submodules are listed and not followed here.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Set
from hashlib import sha1
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from escscaffold.errors import ScaffoldError
from escscaffold.inputs import LARGEST as LARGEST_RECORD
from escscaffold.inputs import LARGEST_SPEC
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.reviewing.revisions import Conversion, Git, checked_out
from escscaffold.spec.reading import SPEC_FILE

Kind = Literal["file", "link", "submodule"]

MOST_FILES = 50_000
LARGEST = 2**20
"""Bytes of a file that are looked into; a larger one is only known to differ."""
_LARGEST_OF = {SPEC_FILE: LARGEST_SPEC, LOCK_FILE: LARGEST_RECORD, IPAM_FILE: LARGEST_RECORD}
"""Bytes of the files with the plan, which every other command reads: they grow with the environments."""

# Windows has no such flag, and hardly any links.
_NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0)
_LINK, _SUBMODULE = "120000", "160000"
_FILES = ("100644", "100755")
_KINDS: Mapping[str, Kind] = {_LINK: "link", _SUBMODULE: "submodule"}


class Entry(NamedTuple):
    """One file: git's id of its content, and its size in bytes."""

    id: str
    size: int
    kind: Kind = "file"


class Tree(Protocol):
    """All files of one side."""

    name: str
    """What a person calls it."""
    entries: Mapping[str, Entry]
    untracked: Set[str]
    """Files that git does not track, and does not ignore."""

    def links(self) -> Mapping[str, str]:
        """Return where each link leads, as it is written."""
        ...

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of the paths that can be read."""
        ...


def differing_paths(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> list[str]:
    """Return the paths whose content, or kind of file, is not the same on both sides."""
    return sorted(path for path in before.keys() | after.keys() if _known_by(before, path) != _known_by(after, path))


def _known_by(entries: Mapping[str, Entry], path: str) -> tuple[str, str] | None:
    entry = entries.get(path)
    return (entry.kind, entry.id) if entry else None


class GitTree:
    """The folder as it is at a commit."""

    untracked: Set[str] = frozenset()

    def __init__(self, git: Git, revision: str, commit: str) -> None:
        self.name = f"{revision} ({commit[:10]})"
        self.git = git
        self.entries: Mapping[str, Entry] = dict(_limited(_listed(git.tree(commit))))

    def links(self) -> Mapping[str, str]:
        """Return where each link leads, as it is written."""
        return _targets(_texts_of(self.git, _links_of(self.entries)))

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of the paths that can be read."""
        ids = {path: self.entries[path].id for path in _readable(paths, self.entries)}
        blobs = self.git.blobs(ids.values()) if ids else {}
        return {path: blobs[name] for path, name in ids.items()}


class TextTree:
    """Files that are in memory, by path."""

    untracked: Set[str] = frozenset()

    def __init__(self, texts: Mapping[str, str], name: str = "texts") -> None:
        self.name = name
        self._contents = {path: text.encode("utf-8", errors="surrogateescape") for path, text in texts.items()}
        self.entries: Mapping[str, Entry] = {
            path: Entry(id=_blob_id(content), size=len(content)) for path, content in self._contents.items()
        }

    def links(self) -> Mapping[str, str]:
        """Return nothing: there are no links."""
        return {}

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of the paths that can be read."""
        return {path: self._contents[path] for path in _readable(paths, self.entries)}


class FolderTree:
    """A folder as it is on disk; of one that git knows, without what git ignores.

    Text with CRLF is the same as text with LF. A file that a sparse checkout leaves out is as git's index has it.
    """

    def __init__(self, folder: Path, name: str, git: Git | None = None) -> None:
        self.name = name
        self._disk = _Disk(folder.resolve())
        tracked = git.tracked() if git else {}
        fixed = {path: entry.id for path, entry in tracked.items() if entry.fixed and entry.mode in _FILES}
        self._fixed = _texts_of(git, fixed)
        self.untracked: Set[str] = git.untracked() if git else frozenset()
        paths = sorted({*tracked, *self.untracked}) if git else _walk(self._disk.folder)
        self.entries: Mapping[str, Entry] = dict(_limited(self._entries(paths)))

    def links(self) -> Mapping[str, str]:
        """Return where each link leads, as it is written."""
        return _targets({path: self._disk.target(path) for path in _links_of(self.entries)})

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of the paths that can be read."""
        contents = {path: self._content(path) for path in _readable(paths, self.entries)}
        return {path: content for path, content in contents.items() if content is not None}

    def _entries(self, paths: Iterable[str]) -> Iterator[tuple[str, Entry]]:
        for path in paths:
            content = self._content(path)
            if content is not None and len(content) <= _largest_of(path):
                yield path, Entry(id=_blob_id(content), size=len(content))
            elif path not in self._fixed and (entry := self._disk.entry(path)) is not None:
                yield path, entry

    def _content(self, path: str) -> bytes | None:
        content = self._fixed[path] if path in self._fixed else self._disk.content(path)
        return content if content is None or b"\0" in content else content.replace(b"\r\n", b"\n")


class WorkingTree:
    """A folder of a git repository as it is, every file as git would keep it.

    What git takes for unchanged without a look at the disk, such as a file that a sparse checkout leaves out, is as the
    index has it.
    """

    def __init__(self, folder: Path, name: str, git: Git) -> None:
        self.name = name
        self.git = git
        self._disk = _Disk(folder.resolve())
        self._tracked = git.tracked()
        self.untracked: Set[str] = git.untracked()
        self._conversions: Mapping[str, Conversion] = {}
        self._in_index: Mapping[str, bytes] = {}
        self.entries: Mapping[str, Entry] = dict(_limited(self._entries()))

    def links(self) -> Mapping[str, str]:
        """Return where each link leads, as it is written."""
        links = _links_of(self.entries)
        of_git = {path: name for path, name in links.items() if self._is_as_in_git(path)}
        on_disk = {path: self._disk.target(path) for path in links.keys() - of_git.keys()}
        return _targets({**_texts_of(self.git, of_git), **on_disk})

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of the paths that can be read."""
        readable = _readable(paths, self.entries)
        of_git = {path: self.entries[path].id for path in readable if self._is_as_in_git(path)}
        contents: dict[str, bytes | None] = dict(_texts_of(self.git, of_git))
        contents |= {path: self._cleaned(path) for path in readable if path not in of_git}
        return {path: content for path, content in contents.items() if content is not None}

    def _is_as_in_git(self, path: str) -> bool:
        tracked = self._tracked.get(path)
        return tracked is not None and tracked.id == self.entries[path].id

    def _entries(self) -> Iterator[tuple[str, Entry]]:
        fixed = {path: entry for path, entry in self._tracked.items() if entry.fixed}
        sizes = self.git.sizes(entry.id for entry in fixed.values())
        entries: dict[str, Entry] = {
            path: Entry(id=entry.id, size=sizes.get(entry.id, 0), kind=_KINDS.get(entry.mode, "file"))
            for path, entry in fixed.items()
        }
        for path in {*self._tracked, *self.untracked} - fixed.keys():
            if (entry := self._disk.entry(path)) is not None:
                entries[path] = self._as_tracked(path, entry)
        for path, entry in self._converted(entries).items():
            entries[path] = entry
        yield from sorted(entries.items())

    def _as_tracked(self, path: str, entry: Entry) -> Entry:
        """Return the entry as the kind of thing that git knows at its path."""
        mode = self._tracked[path].mode if path in self._tracked else ""
        if mode == _LINK and entry.kind == "file":
            # Windows, and core.symlinks = false: a file that holds where the link leads.
            return Entry(id=entry.id, size=0, kind="link")
        if mode == _SUBMODULE and entry.kind == "submodule":
            commit = checked_out(self._disk.folder / path) or self._tracked[path].id
            return Entry(id=commit, size=0, kind="submodule")
        return entry

    def _converted(self, entries_on_disk: Mapping[str, Entry]) -> dict[str, Entry]:
        """Return the entries of the files that git would convert, as they are then."""
        differing = [path for path, entry in entries_on_disk.items() if self._may_be_converted(path, entry)]
        if not differing:
            return {}
        self._conversions = self.git.conversions(differing)
        filtered = [path for path in differing if path in self._tracked and self._conversions[path].filter]
        same = self.git.unchanged(filtered, self._disk.folder) if filtered else set()
        auto = [path for path in differing if path in self._tracked and self._conversions[path].ends == "auto"]
        self._in_index = _texts_of(self.git, {path: self._tracked[path].id for path in auto if self._tracked[path].id})
        entries = {path: Entry(id=self._tracked[path].id, size=entries_on_disk[path].size) for path in same}
        for path in differing:
            if path not in same and (content := self._cleaned(path)) is not None:
                entries[path] = Entry(id=_blob_id(content), size=len(content))
        return entries

    def _may_be_converted(self, path: str, entry: Entry) -> bool:
        tracked = self._tracked.get(path)
        differs = tracked is None or (tracked.mode in _FILES and not tracked.fixed and tracked.id != entry.id)
        return differs and _is_readable(path, entry)

    def _cleaned(self, path: str) -> bytes | None:
        content = self._disk.content(path)
        conversion = self._conversions.get(path)
        if content is None or conversion is None:
            return content
        return conversion.cleaned(content, self._in_index.get(path))


class _Disk:
    """Reads files below a folder, through no link."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._below_links: dict[Path, bool] = {}

    def entry(self, path: str) -> Entry | None:
        """Return what is at a path, None where nothing is; raises ScaffoldError where it cannot be read."""
        file = self.folder / path
        try:
            if self._is_below_a_link(file.parent):
                return None
            kind = os.lstat(file)
            if stat.S_ISLNK(kind.st_mode):
                return Entry(id=_blob_id(os.fsencode(os.readlink(file))), size=0, kind="link")  # noqa: PTH115
            if stat.S_ISDIR(kind.st_mode):
                return Entry(id="", size=0, kind="submodule")
            if not stat.S_ISREG(kind.st_mode):
                return None
            if kind.st_size > _largest_of(path):
                return Entry(id=_id_of_large(file, kind.st_size), size=kind.st_size)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _unreadable(path, error) from None
        content = self.content(path)
        return None if content is None else Entry(id=_blob_id(content), size=len(content))

    def target(self, path: str) -> bytes:
        """Return where a link leads, nothing where there is none."""
        try:
            return os.fsencode(os.readlink(self.folder / path))  # noqa: PTH115
        except OSError:
            return b""

    def content(self, path: str) -> bytes | None:
        """Return what a file holds, None where there is no such file; raises ScaffoldError where it cannot be read."""
        try:
            file = self.folder / path
            if self._is_below_a_link(file.parent) or not stat.S_ISREG(os.lstat(file).st_mode):
                return None
            with open(os.open(file, os.O_RDONLY | _NOT_THROUGH_LINKS), "rb") as opened:  # noqa: PTH123
                return opened.read(_largest_of(path) + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _unreadable(path, error) from None

    def _is_below_a_link(self, parent: Path) -> bool:
        if parent not in self._below_links:
            self._below_links[parent] = parent.resolve() != parent
        return self._below_links[parent]


def _readable(paths: Iterable[str], entries: Mapping[str, Entry]) -> list[str]:
    return [path for path in paths if path in entries and _is_readable(path, entries[path])]


def _is_readable(path: str, entry: Entry) -> bool:
    """Return True if the content of the file at this path is looked into."""
    return entry.kind == "file" and entry.size <= _largest_of(path)


def _largest_of(path: str) -> int:
    return _LARGEST_OF.get(path, LARGEST)


def _unreadable(path: str, error: OSError) -> ScaffoldError:
    # A file that cannot be read is neither removed nor unchanged.
    return ScaffoldError(f"Cannot read {path}: {error.strerror}.")


def _texts_of(git: Git | None, ids: Mapping[str, str]) -> dict[str, bytes]:
    """Return the contents of blobs by path."""
    blobs = git.blobs(ids.values()) if git and ids else {}
    return {path: blobs[name] for path, name in ids.items()}


def _links_of(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return the ids of the links by their paths."""
    return {path: entry.id for path, entry in entries.items() if entry.kind == "link"}


def _targets(links: Mapping[str, bytes]) -> dict[str, str]:
    return {path: os.fsdecode(target) for path, target in sorted(links.items()) if target}


def _listed(listing: bytes) -> Iterator[tuple[str, Entry]]:
    for line in listing.split(b"\0"):
        head, tab, path = line.partition(b"\t")
        if not tab:
            continue
        mode, _, name, size = head.split()
        kind = _KINDS.get(mode.decode(), "file")
        yield os.fsdecode(path), Entry(id=name.decode(), size=int(size) if size.isdigit() else 0, kind=kind)


def _limited(entries: Iterable[tuple[str, Entry]]) -> Iterator[tuple[str, Entry]]:
    for number, entry in enumerate(entries):
        if number >= MOST_FILES:
            raise ScaffoldError(
                f"The folder has more than {MOST_FILES:,} files.",
                hint="Set the folder with the Terraform files: escscaffold review -C DIR",
            )
        yield entry


def _walk(folder: Path) -> Iterator[str]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in (".git", ".terraform"))
        inner = Path(at).relative_to(folder)
        yield from ((inner / name).as_posix() for name in sorted(names))


def _id_of_large(file: Path, size: int) -> str:
    """Return git's id of a file that is not kept in memory."""
    digest = sha1(b"blob %d\0" % size, usedforsecurity=False)
    with open(os.open(file, os.O_RDONLY | _NOT_THROUGH_LINKS), "rb") as opened:  # noqa: PTH123
        while part := opened.read(LARGEST):
            digest.update(part)
    return digest.hexdigest()


def _blob_id(content: bytes) -> str:
    """Return git's id of this content, by which files are compared between any two sides."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
