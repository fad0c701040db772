"""The repository that a folder is a part of, found as git finds its own: in the folder, or in one above it."""

import os
from pathlib import Path

from escscaffold.spec.reading import SPEC_FILE


def repository_at(folder: Path) -> Path:
    """Return the nearest folder at or above this one that has a spec, and this one where there is none.

    The search ends where git's does, at another file system, and at the top of a git repository. A spec that belongs
    to another user is not taken: anybody can put one into a folder above that all share.
    """
    try:
        if (folder / SPEC_FILE).exists():
            return folder
        start = folder.resolve(strict=True)
        device = start.stat().st_dev
        for depth, (inner, outer) in enumerate(zip((start, *start.parents), start.parents, strict=False), start=1):
            if (inner / ".git").exists() or outer.stat().st_dev != device:
                break
            if (outer / SPEC_FILE).is_file() and _is_own(outer / SPEC_FILE):
                return folder.joinpath(*[".."] * depth)
    except (OSError, ValueError, RuntimeError):
        pass  # what is wrong with the folder is told by what reads it
    return folder


def _is_own(path: Path) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    user = os.geteuid()
    return user == 0 or path.stat().st_uid in (user, 0)
