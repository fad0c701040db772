"""The revisions that git has around a folder: which there are, what each holds, and what git makes of a file."""

import codecs
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from msgspec import Struct

from escscaffold.errors import ScaffoldError
from escscaffold.git import GitError, RepositoryError, ask_git, read_objects, run_git

Ends = Literal["binary", "text", "auto"]
"""Whether CRLF becomes LF: never, always, or where the content looks like text and git has it with LF."""

ATTRIBUTES = ("text", "crlf", "eol", "working-tree-encoding", "filter")
_CODECS = {"utf-16le-bom": "utf-16", "utf-16be-bom": "utf-16"}
_STAMP = re.compile(r"  ctime: [^\n]*+\n  mtime: (\d++):(\d++)\n(?:  (?!size:)[^\n]*+\n)*+  size: (\d++)\t[^\n]*+\n")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_UNPRINTABLE = bytes(c for c in range(32) if c not in b"\b\t\x1b\x0c\r\n") + b"\x7f"
_DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class Conversion(Struct, frozen=True, kw_only=True):
    """How one file is converted."""

    ends: Ends = "binary"
    encoding: str = ""
    filter: str = ""
    """The name of the program that git would run over it."""

    def cleaned(self, content: bytes, in_git: bytes | None) -> bytes:
        r"""Return the content as git would keep it; `in_git` is what it has of the file now, None where it has none.

        >>> Conversion(ends="auto").cleaned(b"a\r\nb\r\n", b"a\n")
        b'a\nb\n'
        """
        content = self._decoded(content)
        if self.ends == "binary" or b"\r\n" not in content:
            return content
        if self.ends == "auto" and (_looks_binary(content) or b"\r\n" in (in_git or b"")):
            return content
        return content.replace(b"\r\n", b"\n")

    def _decoded(self, content: bytes) -> bytes:
        if not self.encoding:
            return content
        try:
            name = _CODECS.get(self.encoding.lower(), self.encoding)
            return codecs.lookup(name).decode(content)[0].encode("utf-8")
        except (LookupError, UnicodeError, AttributeError):
            # Git refuses such a file, and what is on disk is all that is known of it.
            return content


def _looks_binary(content: bytes) -> bool:
    if b"\0" in content or _LONE_RETURN.search(content):
        return True
    body = content.removesuffix(b"\x1a")
    unprintable = len(body) - len(body.translate(None, _UNPRINTABLE))
    printable = len(body) - unprintable - body.count(b"\r") - body.count(b"\n")
    return printable >> 7 < unprintable


class Tracked(Struct, frozen=True, kw_only=True):
    """What git's index has of a file."""

    mode: str
    id: str
    fixed: bool
    """Whether git reads the index, and not the disk: missing in a sparse checkout, or assumed unchanged."""


class RevisionError(ScaffoldError):
    """There is no such revision, or no history that leads to it."""


class Git:
    """The git repository around a folder."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.variables = dict(variables or {})

    def exists(self) -> bool:
        """Whether the folder is inside a git repository that git can use."""
        try:
            return self._text("rev-parse", "--is-inside-work-tree") == "true"
        except (GitError, RepositoryError):
            return False

    def prefix(self) -> str:
        """Return the folder's path below the top of its git repository, with a slash at its end; nothing at the top."""
        return self._text("rev-parse", "--show-prefix") or ""

    def commit(self, revision: str) -> str | None:
        """Return the id of the commit that a revision names, or None."""
        if not revision.strip() or not revision.isprintable():
            return None
        return self._text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def default_branch(self) -> str:
        """Return the default branch as far as this clone knows it; raises RevisionError."""
        branch = next((name for name in _DEFAULT_BRANCHES if self.commit(name)), None)
        if branch is None:
            raise RevisionError(
                "The default branch is unknown.",
                hint="Pass a base, such as: escscaffold review origin/main",
            )
        return branch

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit at which two revisions parted; raises RevisionError where no history joins them."""
        commit = self._text("merge-base", self.needed(base), self.needed(head))
        if commit:
            return commit
        shallow = self._text("rev-parse", "--is-shallow-repository") == "true"
        raise RevisionError(
            f"{base} and {head} have no common commit.",
            hint="This clone is shallow. Fetch the rest: git fetch --unshallow (in actions/checkout: fetch-depth: 0)."
            if shallow
            else "To compare two revisions directly: escscaffold review BASE HEAD",
        )

    def lacks(self, commit: str, other: str) -> bool:
        """Return True if the history of a commit does not contain the other, although both have a common commit."""
        common = self._text("merge-base", commit, other)
        return bool(common) and common != other

    def needed(self, revision: str) -> str:
        """Return the id of the commit that a revision names; raises RevisionError where there is none."""
        commit = self.commit(revision)
        if commit is None:
            raise RevisionError(
                f"{revision} is not a commit in this clone.",
                hint="Fetch it first, as in: git fetch origin main (in actions/checkout: fetch-depth: 0).",
            )
        return commit

    def with_objects_in(self, scratch: Path) -> "Git":
        """Return the repository's top with an index and new objects of its own, in the folder `scratch`.

        The index is empty until `start_from`. Raises OSError where `scratch` cannot be written.
        """
        top = Path(self._text("rev-parse", "--show-toplevel") or self.folder)
        objects = self._text("rev-parse", "--path-format=absolute", "--git-path", "objects") or ""
        if ":" in objects or objects.startswith('"'):
            # Colons stand between the folders of a list.
            objects = '"' + objects.replace("\\", "\\\\").replace('"', '\\"') + '"'
        (scratch / "objects").mkdir()
        return Git(
            top,
            {
                "GIT_INDEX_FILE": str(scratch / "index"),
                "GIT_OBJECT_DIRECTORY": str(scratch / "objects"),
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects,
            },
        )

    def at(self, folder: Path) -> "Git":
        """Return the same index and objects, seen from another folder of the repository."""
        return Git(folder, self.variables)

    def start_from(self, commit: str) -> None:
        """Fill the index with what a commit has."""
        self._needed_answer("read-tree", commit)

    def apply(self, patch: bytes, *arguments: str) -> str:
        """Apply a patch to the index; return an empty string, or git's message about the failure."""
        answer = run_git(
            self.folder,
            *("apply", "--cached", "--whitespace=nowarn", *arguments, "-"),
            stdin=patch,
            variables=self.variables,
        )
        return "" if answer.succeeded else answer.errors.strip() or "nothing"

    def written_tree(self) -> str:
        """Return the id of the tree that the index is."""
        return os.fsdecode(self._needed_answer("write-tree", "--missing-ok")).strip()

    def tree(self, commit: str) -> bytes:
        """Return what `ls-tree -l -z` lists of the folder at a commit, with paths below the folder."""
        inside = f"{commit}:{self.prefix().rstrip('/')}"
        listed = self._run("ls-tree", "-r", "-l", "-z", "--full-tree", inside)
        # A folder that is not there at that commit holds nothing.
        return listed if listed is not None else b""

    def tracked(self) -> Mapping[str, Tracked]:
        """Return what the index has of the files below the folder, by path."""
        return _tracked_files(self._needed_answer("ls-files", "-v", "--stage", "-z"))

    def untracked(self) -> set[str]:
        """Return the paths below the folder that git does not know and would add."""
        listed = self._needed_answer("ls-files", "-z", "--others", "--exclude-standard")
        return {os.fsdecode(name) for name in listed.split(b"\0") if name}

    def conversions(self, paths: Iterable[str]) -> Mapping[str, Conversion]:
        """Return how git converts each of these files of the working tree, by its attributes and settings."""
        autocrlf = (self._text("config", "--get", "core.autocrlf") or "").lower()
        autocrlf = "true" if autocrlf in ("yes", "on", "1") else autocrlf
        return _conversions(
            self._needed_answer("check-attr", "--stdin", "-z", *ATTRIBUTES, stdin=_paths_given(paths)), autocrlf
        )

    def unchanged(self, paths: Iterable[str], folder: Path) -> set[str]:
        """Return those of the paths that have the time and size on disk that the index has of them."""
        stamps = _stamps(self._needed_answer("ls-files", "--debug", "-z", "--", *paths))
        same = set()
        for path, stamp in stamps.items():
            with suppress(OSError):
                status = (folder / path).lstat()
                if (status.st_mtime_ns, status.st_size) == stamp:
                    same.add(path)
        return same

    def sizes(self, ids: Iterable[str]) -> Mapping[str, int]:
        """Return the sizes of these blobs by their ids."""
        requested = "".join(f"{name}\n" for name in dict.fromkeys(ids)).encode()
        listed = self._needed_answer("cat-file", "--batch-check", stdin=requested) if requested else b""
        lines = (line.split() for line in listed.decode("ascii", errors="replace").splitlines())
        return {words[0]: int(words[2]) for words in lines if len(words) == 3 and words[2].isdecimal()}

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of these blobs by their ids, all of them from one process."""
        contents = read_objects(self.folder, requested := tuple(ids), self.variables)
        if contents is None:
            raise RevisionError("Git cannot read a listed object.", hint="This clone may be partial: fetch the rest.")
        missing = next((name for name in requested if name not in contents), None)
        if missing is not None:
            raise RevisionError(f"Git object {missing} is missing.", hint="This clone is partial: fetch the rest.")
        return contents

    def _needed_answer(self, *arguments: str, stdin: bytes = b"") -> bytes:
        answer = run_git(self.folder, *arguments, stdin=stdin, variables=self.variables)
        if not answer.succeeded:
            raise RevisionError(f"git {arguments[0]} failed: {answer.errors.strip() or 'no reason given'}")
        return answer.output

    def _text(self, *arguments: str) -> str | None:
        answer = self._run(*arguments)
        return None if answer is None else os.fsdecode(answer).strip()

    def _run(self, *arguments: str) -> bytes | None:
        return ask_git(self.folder, *arguments, variables=self.variables)


def _conversions(listing: bytes, autocrlf: str) -> Mapping[str, Conversion]:
    """Return how each file is converted, by the answer of `check-attr -z` for ATTRIBUTES, and core.autocrlf."""
    attributes_by_path: dict[str, dict[str, str]] = {}
    words = listing.decode("utf-8", errors="surrogateescape").split("\0")
    for path, name, value in zip(words[::3], words[1::3], words[2::3], strict=False):
        attributes_by_path.setdefault(path, {})[name] = value
    return {path: _conversion(attributes, autocrlf) for path, attributes in attributes_by_path.items()}


def _conversion(attributes: Mapping[str, str], autocrlf: str) -> Conversion:
    encoding, program = (_set_to(attributes.get(name, "")) for name in ("working-tree-encoding", "filter"))
    encoding = "" if encoding.lower() in ("utf-8", "utf8") else encoding
    return Conversion(ends=_ends(attributes, autocrlf), encoding=encoding, filter=program)


def _set_to(value: str) -> str:
    return "" if value in ("unspecified", "unset", "set") else value


def _ends(attributes: Mapping[str, str], autocrlf: str) -> Ends:
    """Return what happens to line ends, as convert_attrs() in git decides it."""
    ends_of: Mapping[str, Ends] = {"set": "text", "unset": "binary", "input": "text", "auto": "auto"}
    known_form = ends_of.get(attributes.get("text", "")) or ends_of.get(attributes.get("crlf", ""))
    if known_form:
        return known_form
    if attributes.get("eol") in ("lf", "crlf"):
        return "text"
    return "auto" if autocrlf in ("true", "input") else "binary"


def _stamps(listing: bytes) -> Mapping[str, tuple[int, int]]:
    """Return the time in ns and the size that the index has of files, by the answer of `ls-files --debug -z`."""
    path, *rest = listing.decode("utf-8", errors="surrogateescape").split("\0")
    stamps: dict[str, tuple[int, int]] = {}
    for piece in rest:
        # The path of the next file follows without a separator, and may have line breaks itself.
        match = _STAMP.match(piece)
        if match is None:
            break
        stamps[path] = (int(match[1]) * 10**9 + int(match[2]), int(match[3]))
        path = piece[match.end() :]
    return stamps


def _paths_given(paths: Iterable[str]) -> bytes:
    """Return paths as git reads them with -z."""
    return b"".join(path.encode("utf-8", errors="surrogateescape") + b"\0" for path in paths)


def _tracked_files(listing: bytes) -> Mapping[str, Tracked]:
    """Return the index by path, by the answer of `ls-files -v --stage -z`; a file with a merge conflict has no id."""
    tracked: dict[str, Tracked] = {}
    for line in listing.split(b"\0"):
        head, tab, name = line.partition(b"\t")
        if not tab:
            continue
        tag, mode, blob, stage = head.decode("ascii").split()
        fixed = tag == "S" or tag.islower()
        path = name.decode("utf-8", errors="surrogateescape")
        tracked[path] = Tracked(mode=mode, id=blob if stage == "0" else "", fixed=fixed and stage == "0")
    return tracked


def checked_out(submodule: Path) -> str | None:
    """Return the commit that a submodule has checked out, or None where it has none here."""
    if not os.path.lexists(submodule / ".git"):
        return None
    answer = ask_git(submodule, "rev-parse", "--verify", "--quiet", "HEAD")
    return answer.decode("ascii").strip() if answer else None
