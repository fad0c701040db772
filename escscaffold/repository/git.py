"""What git remembers of a file. It only reads, and nothing of the repository's configuration is run."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_SECONDS = 30
_COMMITS = 50
"""How far back a file's versions are looked at."""

# A fetch of missing objects, which a partial clone would begin, needs a protocol, and none is allowed.
_SAFE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
_CONFIG = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")


def texts_by_id(folder: Path, ids: Iterable[str]) -> Mapping[str, str]:
    """Return the texts of the blobs that the folder's git repository has, by their ids.

    Empty where there is no git, no repository, or one that git does not trust.
    """
    return _blobs(folder, dict.fromkeys(ids))


def versions_of(folder: Path, path: str) -> Iterator[str]:
    """Yield the texts that a file had in the last commits, the newest first."""
    commits = _git(folder, "rev-list", f"--max-count={_COMMITS}", "HEAD", "--", path) or b""
    yield from _blobs(folder, {f"{commit}:./{path}": None for commit in commits.decode("ascii").split()}).values()


def _blobs(folder: Path, names: Mapping[str, None]) -> dict[str, str]:
    if not names:
        return {}
    answer = _git(folder, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode()) or b""
    found: dict[str, str] = {}
    for name in names:
        head, _, answer = answer.partition(b"\n")
        words = head.split()
        if len(words) == 3 and words[1] in (b"blob", b"tree", b"commit", b"tag"):
            size = int(words[2])
            if words[1] == b"blob":
                found[name] = answer[:size].decode("utf-8", errors="surrogateescape")
            answer = answer[size + 1 :]
    return found


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """Return what git prints, or None where it fails or is not there."""
    program = shutil.which("git")
    if program is None:
        return None
    # What a hook or a person has set to lead git elsewhere would not lead to the folder's repository.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            [program, *_CONFIG, *arguments],
            cwd=folder,
            env=kept | _SAFE,
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
