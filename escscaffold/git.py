"""Git, run for what it has and nothing else: the one way in which it is called.

The folder may hold what strangers wrote, so git runs no hook, filter, pager or difference program of
it, fetches nothing, and looks nowhere else than from the folder upwards.
"""

import os
import re
import shlex
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from escscaffold.errors import ScaffoldError
from escscaffold.tracing import trace_program

_SECONDS = 60
_OLDEST = (2, 31)
"""The first version with `rev-parse --path-format` "
"(https://github.com/git/git/blob/master/Documentation/RelNotes/2.31.0.txt)."""
_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "diff.external=",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
)
_ENVIRONMENT = {
    # A fetch of missing objects, which a partial clone would begin, needs a protocol, and none is allowed.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# Where a person's own settings are, safe.directory among them; what a hook sets is none of these.
_KEPT = {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"}
_KINDS = (b"blob", b"tree", b"commit", b"tag")

# From the beginning of a line only: the rest of it is read once, wherever it repeats these words.
_ANOTHER_OWNER = re.compile(
    r"^fatal: detected dubious ownership in repository at '(?P<new>[^\n]*)'"
    r"|^fatal: unsafe repository \('(?P<old>[^\n]*)' is owned by someone else\)",
    re.MULTILINE,
)
_BARE = re.compile(r"^fatal: cannot use bare repository '([^\n]*)' \(safe", re.MULTILINE)
_NOWHERE = re.compile(r"not a git repository: (?!\(NULL\))([^\n]+)")
_BAD_FILE = re.compile(r"invalid gitfile format: ([^\n]+)")


class GitError(ScaffoldError):
    """Git is not installed, is too old, or does not answer."""


class RepositoryError(ScaffoldError):
    """The folder is in no git repository that can be used; the message names the cause."""


class OwnerError(RepositoryError):
    """Git refuses the repository because another user owns it."""


class Answer(Struct, frozen=True, kw_only=True):
    """What git printed, and whether it succeeded."""

    succeeded: bool
    output: bytes
    errors: str


def run_git(folder: Path, *arguments: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None) -> Answer:
    """Return git's answer; raises GitError where it cannot be run, OwnerError where it refuses the owner.

    `stdin` is its input. `variables` are of git's own, to have it write outside of the repository.
    """
    import subprocess  # slow to import, and most runs have nothing to ask

    program = shutil.which("git")
    if program is None:
        raise GitError("git is not installed, or not on the PATH.", hint="To compare two folders, git is not needed.")
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    # What a hook or a shell has set of git's own would have it look elsewhere, or run what they name.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    trace_program("git", arguments, folder)
    try:
        done = subprocess.run(
            [program, "--no-pager", "--literal-pathspecs", *settings, *arguments],
            cwd=folder,
            env=environment | _ENVIRONMENT | dict(variables or {}),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"Cannot run git: {error}.") from None
    errors = os.fsdecode(done.stderr)
    if done.returncode != 0 and (refused := _ANOTHER_OWNER.search(errors)):
        raise _another_owner(refused["new"] or refused["old"])
    return Answer(succeeded=done.returncode == 0, output=done.stdout, errors=errors)


def ask_git(
    folder: Path, *arguments: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None
) -> bytes | None:
    """Return what git prints, or None where it fails; raises as `run_git` does."""
    answer = run_git(folder, *arguments, stdin=stdin, variables=variables)
    return answer.output if answer.succeeded else None


def refuse_unusable(folder: Path) -> None:
    """Raise GitError or RepositoryError unless the folder is in the working tree of a git repository."""
    version = re.search(r"(\d{1,9})\.(\d{1,9})", os.fsdecode(ask_git(folder, "version") or b""))
    if version and (int(version[1]), int(version[2])) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise GitError(f"git {version[0]} is too old.", hint=f"Install git {oldest} or newer.")
    answer = run_git(folder, "rev-parse", "--is-inside-work-tree")
    if not answer.succeeded:
        raise _trouble(folder, answer.errors)
    if answer.output.strip() != b"true":
        raise _inside_of_git(folder.resolve())


def git_folder_above(folder: Path) -> Path | None:
    """Return the nearest `.git` in the folder or above it, whether git can use it or not."""
    at = Path(os.path.abspath(folder))  # noqa: PTH100  # as git looks: through no link of the folder itself
    return next((folder / ".git" for folder in (at, *at.parents) if os.path.lexists(folder / ".git")), None)


def _another_owner(repository: str) -> OwnerError:
    return OwnerError(
        f"git does not trust {repository}: another user owns it.",
        hint=f"If you trust it, run: git config --global --add safe.directory {shlex.quote(repository)}",
    )


def _inside_of_git(folder: Path) -> RepositoryError:
    return RepositoryError(
        f"{folder} is inside a .git folder, which has no working tree.",
        hint="Set the folder with the files: escscaffold review -C DIR",
    )


def _trouble(folder: Path, errors: str) -> RepositoryError:
    """Return what keeps git from using the repository around a folder, by what git printed."""
    if (bare := _BARE.search(errors)) and Path(bare[1]).name == ".git":
        return _inside_of_git(folder.resolve())
    if bare:
        return RepositoryError(
            f"{bare[1]} is a bare git repository, which has no working tree.",
            hint=f"Clone it, and review the clone: git clone {shlex.quote(bare[1])} DIR",
        )
    repository = git_folder_above(folder)
    if (
        repository is not None
        and repository.is_file()
        and (leads := _NOWHERE.search(errors) or _BAD_FILE.search(errors))
    ):
        where = f"leads to {leads[1]}, which does not exist" if leads.re is _NOWHERE else "is not readable by git"
        return RepositoryError(
            f"{repository} {where}.",
            hint="In the main working tree: git worktree repair. For a submodule: git submodule update --init",
        )
    if repository is not None:
        reason = errors.strip().splitlines()[0].removeprefix("fatal: ") if errors.strip() else "no reason given"
        return RepositoryError(
            f"git cannot use {repository}: {reason}.", hint=f"See: git -C {shlex.quote(str(repository.parent))} status"
        )
    return RepositoryError(
        f"{folder.resolve()} is not in a git repository.",
        hint="To compare two folders: escscaffold review BEFORE AFTER",
    )


def name_of(folder: Path) -> str:
    """Return what the remote `origin` calls the folder: the path of its address, and the way from there to the folder.

    Nothing where there is no such remote, or no git. The folder need not exist yet.
    """
    existing = folder.resolve()
    while not existing.is_dir():
        existing = existing.parent
    try:
        address = ask_git(existing, "config", "--get", "remote.origin.url")
        top = ask_git(existing, "rev-parse", "--show-toplevel")
    except GitError:
        return ""
    if not address or not top:
        return ""
    path = _path_of(address.decode("utf-8", errors="replace").strip())
    below = folder.resolve().relative_to(Path(top.decode("utf-8", errors="surrogateescape").rstrip("\n")).resolve())
    return "/".join(part for part in (path, below.as_posix().strip(".")) if part)


def _path_of(address: str) -> str:
    """Return the path of a remote's address, without its host and who signs in there.

    >>> _path_of("git@github.com:platform/network.git"), _path_of("https://me:secret@git.example.com/platform/network")
    ('platform/network', 'platform/network')
    """
    if "://" in address:
        path = address.partition("://")[2].partition("/")[2]
    elif ":" in address and "/" not in address.partition(":")[0]:
        path = address.partition(":")[2]
    else:
        path = address.rstrip("/").rpartition("/")[2]
    return path.strip("/").removesuffix(".git").strip("/")


def read_objects(
    folder: Path, names: Iterable[str], variables: Mapping[str, str] | None = None
) -> Mapping[str, bytes] | None:
    """Return the contents of the blobs with these names, all from one process; None where git fails.

    A name that git does not know, or knows as something else than a file, is not among them.
    """
    distinct = list(dict.fromkeys(names))
    if not distinct:
        return {}
    lines = "".join(f"{name}\n" for name in distinct).encode()
    answer = ask_git(folder, "cat-file", "--batch", stdin=lines, variables=variables)
    if answer is None:
        return None
    contents: dict[str, bytes] = {}
    at = 0
    for name in distinct:
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        at = end + 1
        if len(words) == 3 and words[1] in _KINDS:
            size = int(words[2])
            if words[1] == b"blob":
                contents[name] = answer[at : at + size]
            at += size + 1
    return contents
