"""Files that git has and a sparse checkout leaves out of the folder: they are neither deleted nor new."""

import os
from collections.abc import Iterable
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.git import GitError, ask_git, git_folder_above


class SparseCheckoutError(ScaffoldError):
    """Files that are needed are left out by a sparse checkout."""


def refuse_sparse(folder: Path, missing: Iterable[str]) -> None:
    """Raise SparseCheckoutError where a file that is not in the folder is only left out by git.

    Raises OwnerError where git does not trust the repository's owner. Where git is not installed, nothing is known, and
    a missing file counts as deleted.
    """
    wanted = sorted(missing)
    if not wanted or git_folder_above(folder) is None:
        return
    try:
        listed = ask_git(folder, "ls-files", "-v", "-z") or b""
    except GitError:
        return
    # S: skip-worktree, s: assume-unchanged as well.
    left_out = {os.fsdecode(line[2:]) for line in listed.split(b"\0") if line[:1] in (b"S", b"s")}
    found = [path for path in wanted if path in left_out]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise SparseCheckoutError(
            f"A sparse checkout leaves out {found[0]}{more}.",
            hint="Check out all files of this folder first: git sparse-checkout disable. "
            "Without sparse checkout: git update-index --no-skip-worktree FILE, then git checkout FILE",
        )
