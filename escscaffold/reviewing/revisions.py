"""The revisions that git has around a folder: which there are, and what each of them holds.

What is reviewed was written by strangers, so nothing of it is ever run, nor checked out.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.git import ask_git, read_objects

_DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class RevisionError(ScaffoldError):
    """There is no such revision, or no history that leads to it."""


class Git:
    """The git repository around a folder."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.variables = dict(variables or {})

    def is_there(self) -> bool:
        """Whether the folder is inside a git repository."""
        return self._run("rev-parse", "--is-inside-work-tree") is not None

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

    def patched(self, commit: str, patch: bytes, scratch: Path) -> tuple["Git", str]:
        """Return the tree that a patch makes of a commit, with the git that has it; raises RevisionError.

        Neither the index nor the objects of the repository change: both are written to the folder `scratch`.
        """
        top = Path(self._text("rev-parse", "--show-toplevel") or self.folder)
        objects = self._text("rev-parse", "--path-format=absolute", "--git-path", "objects") or ""
        variables = {
            "GIT_INDEX_FILE": str(scratch / "index"),
            "GIT_OBJECT_DIRECTORY": str(scratch / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects,
        }
        (scratch / "objects").mkdir()
        aside = Git(top, variables)
        aside._run("read-tree", commit)
        if aside._run("apply", "--cached", "--whitespace=nowarn", "-", stdin=patch) is None:
            raise RevisionError(
                "The patch does not apply to what is checked out.", hint="Check out the commit that it was made from."
            )
        return Git(self.folder, variables), aside._text("write-tree") or ""

    def tree(self, commit: str) -> bytes:
        """Return what `ls-tree -l -z` lists of the folder at a commit, with paths below the folder."""
        inside = f"{commit}:{self.prefix().rstrip('/')}"
        listed = self._run("ls-tree", "-r", "-l", "-z", "--full-tree", inside)
        # A folder that is not there at that commit holds nothing.
        return listed if listed is not None else b""

    def files(self) -> list[str]:
        """Return the paths below the folder that git knows or would add, as they stand on disk."""
        listed = self._run("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return sorted({os.fsdecode(name) for name in (listed or b"").split(b"\0") if name})

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of these blobs by their ids, all of them from one process."""
        found = read_objects(self.folder, wanted := tuple(ids), self.variables)
        if found is None:
            raise RevisionError("Git could not read what it lists.", hint="This clone may be partial: fetch the rest.")
        missing = next((name for name in wanted if name not in found), None)
        if missing is not None:
            raise RevisionError(f"Git has no object {missing}.", hint="This clone is partial: fetch the rest.")
        return found

    def _text(self, *arguments: str) -> str | None:
        answer = self._run(*arguments)
        return None if answer is None else os.fsdecode(answer).strip()

    def _run(self, *arguments: str, stdin: bytes = b"") -> bytes | None:
        return ask_git(self.folder, *arguments, given=stdin, variables=self.variables)
