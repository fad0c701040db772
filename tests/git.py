"""Runs git as somebody, wherever the tests run: no settings of the person who runs them have a say."""

import os
import subprocess
from pathlib import Path

_WHO = {f"GIT_{role}_{what}": "t@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(folder: Path, *arguments: str, expect: int | None = 0) -> str:
    """Return what git prints, without the end of its last line; it must exit as expected, if that is said."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=os.environ | _WHO | _ALONE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert expect is None or done.returncode == expect, done.stdout + done.stderr
    return done.stdout.strip()


def commit(folder: Path, message: str) -> None:
    """Commit all that is there."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
