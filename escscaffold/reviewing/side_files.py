"""Reads the Terraform of either side, each text once, within bounds; what is not read is reported with the reason."""

import json
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct, field

from escscaffold.planning.lock import folder_of
from escscaffold.reviewing.differences import LOCK_NAME
from escscaffold.reviewing.links import followed_links
from escscaffold.reviewing.trees import LARGEST, Entry, Tree
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_reader import json_configuration, json_values, read_hcl
from escscaffold.terraform.references import CONFIGURATION, VALUES
from escscaffold.terraform.tokens import NotHclError

_MOST_READ_AHEAD = 50_000
_MOST_SIBLINGS = 1_000
_SMALL = 64 * 2**10
"""The most bytes of a file that is read because another one of its folder is."""
_DOCUMENTS = (".md", ".markdown", ".rst", ".adoc", ".png", ".jpg", ".jpeg", ".gif")
"""What no function reads from a path of which nothing is known."""
_NOT_TERRAGRUNT = (".pkr.hcl", ".tftest.hcl", ".tofutest.hcl", ".tfmock.hcl", ".nomad.hcl", ".tfquery.hcl")
_POINTER = b"version https://git-lfs.github.com/spec/"
ALTOGETHER = 16 * 2**20
"""Characters of all files of a comparison: the parser reads some 2 million a second."""
TOO_MANY = "too many changes to read all"


class SideFiles:
    """One side's files, with those that links lead to.

    `renamed` has new names of environments by the old ones, whose folders are looked up so.
    """

    def __init__(self, tree: Tree, renamed: Mapping[str, str] | None = None) -> None:
        self._tree = tree
        self._folders = {f"{folder_of(old)}/": f"{folder_of(new)}/" for old, new in (renamed or {}).items()}
        linked = followed_links(tree.links(), tree.entries)
        self.linked = frozenset(map(self._known_as, linked.values()))
        """The files that links lead to."""
        self._original = {self._known_as(path): linked.get(path, path) for path in (*tree.entries, *linked)}
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
        unread_paths = [path for path in paths if path in self._original and path not in self._texts][:_MOST_READ_AHEAD]
        contents = self._tree.read(self._original[path] for path in unread_paths)
        for path in unread_paths:
            content = contents.get(self._original[path])
            self._texts[path] = None if content is None else _decoded(content)

    def text(self, path: str) -> str | None:
        """Return what a file holds; None where there is none, or none that can be read as text."""
        if path not in self._texts and path in self.entries:
            # Who asks for one file of a folder asks for others: of git, many take as long as one.
            folder = posixpath.dirname(path)
            siblings = [name for name in self._by_folder.get(folder, ()) if self.entries[name].size <= _SMALL]
            self.read_ahead([path, *siblings[:_MOST_SIBLINGS]])
        return self._texts.get(path)

    def exists(self, path: str) -> bool:
        """Return True if there is such a file, readable or not."""
        return path in self.entries

    def content_id(self, path: str) -> str:
        """Return an id of a file's content, equal for equal contents."""
        return self.entries[path].id

    def differing_file(self, _begin: str, _end: str) -> str:
        """Return nothing: one side alone is compared with no other."""
        return ""

    def names_in(self, folder: str) -> list[str]:
        """Return the paths of the files that are in a folder itself."""
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


class ReadFiles:
    """The files of one side, for functions that read them; it notes whether one of them differs on the other side."""

    def __init__(self, side: SideFiles, differing: Collection[str], one_sided: Collection[str]) -> None:
        self._side = side
        self._differing = differing
        self._one_sided = one_sided
        """Those of the differing files that only one side has."""
        self.has_read_differing = False

    def text(self, path: str) -> str | None:
        """Return what a file holds; None where there is none, or none that can be read as text."""
        self._note(path in self._differing)
        return self._side.text(path)

    def exists(self, path: str) -> bool:
        """Return True if there is such a file, readable or not."""
        self._note(path in self._one_sided)
        return self._side.exists(path)

    def below(self, folder: str) -> Iterator[str]:
        """Return the paths of the files below a folder, relative to it."""
        top = posixpath.normpath(folder)
        self._note(any(top == "." or path.startswith(f"{top}/") for path in self._one_sided))
        return self._side.below(folder)

    def content_id(self, path: str) -> str:
        """Return an id of a file's content, equal for equal contents."""
        self._note(path in self._differing)
        return self._side.content_id(path)

    def differing_file(self, begin: str, end: str) -> str:
        """Return a file whose path begins and ends so, and that is not the same on both sides."""
        fitting = (path for path in self._differing if path.startswith(begin) and path.endswith(end))
        fitting_path = next(
            (path for path in fitting if begin or end or not (is_terraform(path) or path.endswith(_DOCUMENTS))), ""
        )
        self._note(bool(fitting_path))
        return fitting_path

    def _note(self, is_differing: bool) -> None:
        self.has_read_differing |= is_differing


def _decoded(content: bytes) -> str | None:
    if content.startswith(_POINTER):
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


class Unread(Struct, frozen=True, kw_only=True):
    """A file that was not understood, and why."""

    path: str
    reason: str
    line: int | None = None


class _RefusedError(Exception):
    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Reader(Struct, kw_only=True):
    """Reads files; equal contents are read once, on both sides and under all paths."""

    budget: int = ALTOGETHER
    bodies_by_content: dict[str, hcl.Body | _RefusedError] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    """Paths of which a side was not read."""

    def bodies(self, side: SideFiles, paths: Iterable[str], when: str = "") -> dict[str, hcl.Body]:
        """Return what those of these files hold that are Terraform; `when` names the side."""
        unread_paths = [path for path in paths if path in side.entries and is_terraform(path)]
        side.read_ahead(unread_paths)
        read = ((path, self.body(side, path, when)) for path in unread_paths)
        return {path: body for path, body in read if body is not None}

    def body(self, side: SideFiles, path: str, when: str = "") -> hcl.Body | None:
        """Return what a file of one side holds; None where it cannot be read, which is noted."""
        entry = side.entries[path]
        try:
            if entry.kind != "file":
                raise _RefusedError(f"it is a {entry.kind}, which is not followed")
            if entry.size > LARGEST:
                raise _RefusedError(f"it is larger than {LARGEST // 2**20} MiB")
            text = side.text(path)
            if text is None:
                raise _RefusedError("it is not UTF-8 text, or git-lfs has its content")
            return self._body(path, text, entry.id)
        except _RefusedError as refused:
            if path not in self.hidden:
                self.unread.append(Unread(path=path, reason=when + refused.reason, line=refused.line))
            self.hidden.add(path)
        return None

    def _body(self, path: str, text: str, content: str) -> hcl.Body:
        known_by = f"{content} {PurePosixPath(path).suffixes[-2:]}"
        if known_by not in self.bodies_by_content:
            try:
                self.bodies_by_content[known_by] = self._read(path, text)
            except _RefusedError as refused:
                self.bodies_by_content[known_by] = refused
        body = self.bodies_by_content[known_by]
        if isinstance(body, _RefusedError):
            raise body
        return body

    def _read(self, path: str, text: str) -> hcl.Body:
        if len(text) > self.budget:
            raise _RefusedError(TOO_MANY)
        self.budget -= len(text)
        return _parsed(path, text)


def is_terraform(path: str) -> bool:
    """Return True for the files whose content is compared by what it declares."""
    return path.endswith((*CONFIGURATION, *VALUES)) or PurePosixPath(path).name == LOCK_NAME


def is_terragrunt(path: str) -> bool:
    """Return True for a file of Terragrunt, which decides what a root module is given, and is not read."""
    name = PurePosixPath(path).name
    return (
        name.endswith(".hcl") and name != LOCK_NAME and not name.startswith(".") and not name.endswith(_NOT_TERRAGRUNT)
    )


def _parsed(path: str, text: str) -> hcl.Body:
    try:
        if not path.endswith(".json"):
            return read_hcl(text)
        document = json.loads(text)
        if path.endswith(VALUES):
            return json_values(document)
        return json_configuration(document)
    except NotHclError as error:
        raise _RefusedError(f"it is not HCL: {error.message}", error.line) from None
    except (ValueError, RecursionError) as error:
        raise _RefusedError(f"it is not JSON: {error}") from None
