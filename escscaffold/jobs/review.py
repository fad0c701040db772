"""The job `review`: what a branch changes, and what Terraform would replace."""

from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import ArgumentsError, ScaffoldError
from escscaffold.git import git_folder_above, refuse_unusable
from escscaffold.inputs import MIB, read_stdin
from escscaffold.jobs.reporter import SILENT, Reporter
from escscaffold.repository.disk import content_id, split_block
from escscaffold.reviewing.comparison import review as compare
from escscaffold.reviewing.patches import patched
from escscaffold.reviewing.real_plan import RealPlan
from escscaffold.reviewing.report import Report
from escscaffold.reviewing.revisions import Git
from escscaffold.reviewing.trees import FolderTree, GitTree, Tree, WorkingTree

_STDIN = "-"
_WORKING_TREE = "the working tree"
_LARGEST_PATCH = 16 * MIB


def review(
    folder: Path | str,
    base: str | None = None,
    head: str | None = None,
    *,
    plans: Sequence[RealPlan] = (),
    accepted: Collection[str] = (),
    reporter: Reporter = SILENT,
) -> Report:
    """Compare two sides of the folder: revisions, folders, or the working tree; nothing is written.

    `base` is a revision, a folder, or `-` for a patch on standard input; without one it is the default branch. Without
    `head`, the working tree is compared. `plans` are plans of Terraform to compare with, `accepted` names what
    may be replaced. Raises ScaffoldError where a side does not exist.
    """
    with reporter.working("Reading both sides"), TemporaryDirectory() as scratch:
        return compare(*sides(Path(folder), base, head, Path(scratch)), load_facts(), ids_of, plans, accepted)


def sides(folder: Path, base: str | None, head: str | None, scratch: Path) -> tuple[Tree, Tree]:
    """Return both sides; raises ScaffoldError where one is not there, ArgumentsError for a mixture.

    What a patch on stdin makes is kept in the folder `scratch`.
    """
    if not _is_there(folder):
        raise ScaffoldError(f"Folder {folder} does not exist.")
    git = Git(folder)
    if base is not None and head is not None:
        folders = [_is_folder(git, folder, name) for name in (base, head)]
        if all(folders):
            return _folder(folder, base), _folder(folder, head)
        if any(folders):
            raise ArgumentsError("Pass two revisions or two folders, not one of each.")
        refuse_unusable(folder)
        return GitTree(git, base, git.needed(base)), GitTree(git, head, git.needed(head))
    if base == _STDIN:
        refuse_unusable(folder)
        commit = git.needed("HEAD")
        with_patch, tree = patched(git, commit, _patch(), scratch)
        return GitTree(git, "HEAD", commit), GitTree(with_patch, "the patch", tree)
    if base is not None and _is_folder(git, folder, base):
        if git_folder_above(folder) is not None:
            # Without it, what git ignores would count.
            refuse_unusable(folder)
        return _folder(folder, base), FolderTree(folder, _WORKING_TREE, git if git.exists() else None)
    refuse_unusable(folder)
    name = base if base is not None else git.default_branch()
    return GitTree(git, name, git.merge_base(name, "HEAD")), WorkingTree(folder, _WORKING_TREE, git)


def _patch() -> bytes:
    return read_stdin(_LARGEST_PATCH)


def _is_folder(git: Git, folder: Path, name: str) -> bool:
    """Whether the name is a folder and no revision; `./main` is a folder whatever branches there are."""
    return bool(name.strip()) and _is_there(folder / name) and not (git.exists() and git.commit(name))


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # no disk has such a name
        return False


def _folder(folder: Path, name: str) -> FolderTree:
    return FolderTree(folder / name, name)


def ids_of(text: str) -> tuple[str, ...]:
    """Return the ids by which the lock can know a text: of all of it, and of the block that is generated."""
    block = split_block(text)
    return (content_id(text), *([content_id(block[1])] if block else []))
