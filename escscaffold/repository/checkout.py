"""What a checkout hides: files that a sparse checkout leaves out, and names that differ in case or form alone."""

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

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
    sparse = {os.fsdecode(line[2:]) for line in listed.split(b"\0") if line[:1] in (b"S", b"s")}
    found = [path for path in wanted if path in sparse]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise SparseCheckoutError(
            f"The sparse checkout excludes {found[0]}{more}.",
            hint="Check out all files first: git sparse-checkout disable. Without sparse checkout: git update-index "
            "--no-skip-worktree FILE, then git checkout FILE",
        )


class SpellingError(ScaffoldError):
    """A new file would be written where another one stands that is spelled differently."""


class Lookalike(Struct, frozen=True, kw_only=True):
    """A file or folder that is spelled almost as one that is generated."""

    path: str
    wanted: str
    """What is generated."""
    also_generated: bool
    """Whether that is there, too; this disk tells the two apart, then."""


def folded(name: str) -> str:
    r"""Return what two names have in common where a disk may take them for one.

    >>> folded("R\u00e9gion.TF") == folded("re\u0301gion.tf")
    True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def lookalikes(folder: Path, paths: Iterable[str]) -> Iterator[Lookalike]:
    """Yield each file or folder that is there and spelled almost as one of the paths, or as a folder above them."""
    seen: dict[str, Mapping[str, list[str]]] = {}
    done: set[str] = set()
    for path in paths:
        above = ""
        for part in path.split("/"):
            if above + part not in done:
                done.add(above + part)
                if above not in seen:
                    seen[above] = _names_in(folder / above)
                names = seen[above].get(folded(part), [])
                others = [name for name in names if name != part]
                yield from (
                    Lookalike(path=above + n, wanted=above + part, also_generated=part in names) for n in others
                )
            above += f"{part}/"


def refuse_another_spelling(folder: Path, paths: Iterable[str]) -> None:
    """Raise SpellingError where one of the files, which nobody wrote yet, is there in another spelling."""
    for lookalike in lookalikes(folder, paths):
        if not lookalike.also_generated:
            raise SpellingError(
                f"{folder / lookalike.path} blocks {lookalike.wanted}: this disk does not distinguish the two names.",
                hint=f"Rename it, to {lookalike.wanted.rpartition('/')[2]} if it is the same file.",
            )


def _names_in(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with suppress(OSError):
        for name in sorted(file.name for file in folder.iterdir()):
            found.setdefault(folded(name), []).append(name)
    return found
