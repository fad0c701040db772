"""Git, asked for what it has and nothing else: the one way in which it is called.

The folder may hold what strangers wrote, so git runs no hook, filter, pager or difference program of
it, fetches nothing, and looks nowhere else than from the folder upwards.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from escscaffold.errors import ScaffoldError

_SECONDS = 60
_SETTINGS = (
    "core.attributesFile=/dev/null",
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
_KINDS = (b"blob", b"tree", b"commit", b"tag")


class GitError(ScaffoldError):
    """Git is not there, or does not answer."""


def ask_git(
    folder: Path, *arguments: str, given: bytes = b"", variables: Mapping[str, str] | None = None
) -> bytes | None:
    """Return what git prints, or None where it fails; raises GitError where it cannot be run.

    `given` is its input. `variables` are of git's own, to have it write beside the repository.
    """
    import subprocess  # slow to import, and most runs have nothing to ask

    program = shutil.which("git")
    if program is None:
        raise GitError("There is no git here.", hint="Install it; two folders can be compared without it.")
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    # What a hook or a shell has set of git's own would have it look elsewhere, or run what they name.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            [program, "--no-pager", "--literal-pathspecs", *settings, *arguments],
            cwd=folder,
            env=environment | _ENVIRONMENT | dict(variables or {}),
            input=given,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"Cannot run git: {error}.") from None
    return done.stdout if done.returncode == 0 else None


def name_of(folder: Path) -> str:
    """Return what the remote `origin` calls the folder: the path of its address, and the way from there to the folder.

    Nothing where there is no such remote, or no git. The folder need not exist yet.
    """
    there = folder.resolve()
    while not there.is_dir():
        there = there.parent
    try:
        address = ask_git(there, "config", "--get", "remote.origin.url")
        top = ask_git(there, "rev-parse", "--show-toplevel")
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
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    lines = "".join(f"{name}\n" for name in wanted).encode()
    answer = ask_git(folder, "cat-file", "--batch", given=lines, variables=variables)
    if answer is None:
        return None
    found: dict[str, bytes] = {}
    at = 0
    for name in wanted:
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        at = end + 1
        if len(words) == 3 and words[1] in _KINDS:
            size = int(words[2])
            if words[1] == b"blob":
                found[name] = answer[at : at + size]
            at += size + 1
    return found
