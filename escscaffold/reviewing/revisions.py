"""The revisions that git has around a folder: which there are, and what each of them holds.

What is reviewed was written by strangers, so nothing of it is ever run, nor checked out.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.git import GitError, RepositoryError, ask_git, read_objects, run_git
from escscaffold.reviewing.checkout import (
    ATTRIBUTES,
    Conversion,
    Tracked,
    conversions,
    paths_given,
    stamps,
    tracked_files,
)

_DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class RevisionError(ScaffoldError):
    """There is no such revision, or no history that leads to it."""


class Git:
    """The git repository around a folder."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.variables = dict(variables or {})

    def is_there(self) -> bool:
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
        known = next((name for name in _DEFAULT_BRANCHES if self.commit(name)), None)
        if known is None:
            raise RevisionError(
                "The default branch is not known here.",
                hint="Name what to compare with, as in: escscaffold review origin/main",
            )
        return known

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit at which two revisions parted; raises RevisionError where no history joins them."""
        found = self._text("merge-base", self.needed(base), self.needed(head))
        if found:
            return found
        shallow = self._text("rev-parse", "--is-shallow-repository") == "true"
        raise RevisionError(
            f"No history here joins {base} and {head}.",
            hint="This clone is shallow. Fetch the rest: git fetch --unshallow (in actions/checkout: fetch-depth: 0)."
            if shallow
            else "Name two revisions to compare them as they are: escscaffold review BASE HEAD",
        )

    def needed(self, revision: str) -> str:
        """Return the id of the commit that a revision names; raises RevisionError where there is none."""
        commit = self.commit(revision)
        if commit is None:
            raise RevisionError(
                f"{revision} is no commit that this clone has.",
                hint="Fetch it first, as in: git fetch origin main (in actions/checkout: fetch-depth: 0).",
            )
        return commit

    def beside(self, scratch: Path) -> "Git":
        """Return the repository's top with an index and new objects of its own, in the folder `scratch`."""
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
        """Apply a patch to the index; return nothing, or what git says against it."""
        answer = run_git(
            self.folder,
            *("apply", "--cached", "--whitespace=nowarn", *arguments, "-"),
            given=patch,
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
        return tracked_files(self._needed_answer("ls-files", "-v", "--stage", "-z"))

    def untracked(self) -> set[str]:
        """Return the paths below the folder that git does not know and would add."""
        listed = self._needed_answer("ls-files", "-z", "--others", "--exclude-standard")
        return {os.fsdecode(name) for name in listed.split(b"\0") if name}

    def conversions(self, paths: Iterable[str]) -> Mapping[str, Conversion]:
        """Return how git converts each of these files of the working tree, by its attributes and settings."""
        autocrlf = (self._text("config", "--get", "core.autocrlf") or "").lower()
        autocrlf = "true" if autocrlf in ("yes", "on", "1") else autocrlf
        return conversions(
            self._needed_answer("check-attr", "--stdin", "-z", *ATTRIBUTES, stdin=paths_given(paths)), autocrlf
        )

    def unchanged(self, paths: Iterable[str], folder: Path) -> set[str]:
        """Return those of the paths that have the time and size on disk that the index has of them."""
        known = stamps(self._needed_answer("ls-files", "--debug", "-z", "--", *paths))
        found = set()
        for path, stamp in known.items():
            with suppress(OSError):
                there = (folder / path).lstat()
                if (there.st_mtime_ns, there.st_size) == stamp:
                    found.add(path)
        return found

    def sizes(self, ids: Iterable[str]) -> Mapping[str, int]:
        """Return the sizes of these blobs by their ids."""
        wanted = "".join(f"{name}\n" for name in dict.fromkeys(ids)).encode()
        listed = self._needed_answer("cat-file", "--batch-check", stdin=wanted) if wanted else b""
        lines = (line.split() for line in listed.decode("ascii", errors="replace").splitlines())
        return {words[0]: int(words[2]) for words in lines if len(words) == 3 and words[2].isdecimal()}

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of these blobs by their ids, all of them from one process."""
        found = read_objects(self.folder, wanted := tuple(ids), self.variables)
        if found is None:
            raise RevisionError("Git could not read what it lists.", hint="This clone may be partial: fetch the rest.")
        missing = next((name for name in wanted if name not in found), None)
        if missing is not None:
            raise RevisionError(f"Git has no object {missing}.", hint="This clone is partial: fetch the rest.")
        return found

    def _needed_answer(self, *arguments: str, stdin: bytes = b"") -> bytes:
        answer = run_git(self.folder, *arguments, given=stdin, variables=self.variables)
        if not answer.succeeded:
            raise RevisionError(f"git {arguments[0]} failed: {answer.errors.strip() or 'it gives no reason'}")
        return answer.output

    def _text(self, *arguments: str) -> str | None:
        answer = self._run(*arguments)
        return None if answer is None else os.fsdecode(answer).strip()

    def _run(self, *arguments: str) -> bytes | None:
        return ask_git(self.folder, *arguments, variables=self.variables)


def checked_out(submodule: Path) -> str | None:
    """Return the commit that a submodule has checked out, or None where it has none here."""
    if not os.path.lexists(submodule / ".git"):
        return None
    answer = ask_git(submodule, "rev-parse", "--verify", "--quiet", "HEAD")
    return answer.decode("ascii").strip() if answer else None
