"""What git remembers of a file; nothing where there is no git or no repository.

A repository whose owner git does not trust raises OwnerError: what it has would be missed.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from escscaffold.git import GitError, ask_git, read_objects

_COMMITS = 50
"""How far back a file's versions are looked at."""


def texts_by_name(folder: Path, names: Iterable[str]) -> Mapping[str, str]:
    """Return the texts of the blobs that the folder's git repository has: by their ids, or `commit:./path`."""
    try:
        found = read_objects(folder, names) or {}
    except GitError:
        return {}
    return {name: content.decode("utf-8", errors="surrogateescape") for name, content in found.items()}


def versions_of(folder: Path, path: str) -> Iterator[str]:
    """Yield the texts that a file had in the last commits, the newest first."""
    try:
        commits = ask_git(folder, "rev-list", f"--max-count={_COMMITS}", "HEAD", "--", path) or b""
    except GitError:
        return
    yield from texts_by_name(folder, (f"{commit}:./{path}" for commit in commits.decode("ascii").split())).values()
