"""What a write has promised: its steps, in a file beside the staged texts, so that the next run can keep the promise.

A write without a journal has changed nothing yet. One with a journal is carried out to its end, or
taken back if the journal says so, by whoever finds it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

from escscaffold.errors import ScaffoldError
from escscaffold.planning.lock_text import is_inside
from escscaffold.repository.alone import LOCK_FOLDER
from escscaffold.repository.disk import content
from escscaffold.repository.lasting import outlast_power_cut

STAGING_PREFIX = ".escscaffold-"
"""How the folder begins in which files are staged; a write that was killed leaves it behind."""

_FORWARD, _BACK, _PART = "journal", "taken-back", "journal.part"


class Step(Struct, frozen=True, kw_only=True):
    """One file to put in its place or to remove, with its exact content ids; or one folder to rename."""

    path: str
    old: str | None = None
    new: str | None = None
    moved_from: str = ""
    """The folder that becomes `path`; nothing for a file."""


class Journal(Struct, frozen=True, kw_only=True):
    """All steps, in their order, and the folders that they make."""

    steps: tuple[Step, ...]
    made: tuple[str, ...]
    """The outermost first."""


def staged(staging: Path, number: int) -> Path:
    """Return where the new text of a step waits."""
    return staging / f"{number}.new"


def kept(staging: Path, number: int) -> Path:
    """Return where the old text of a step is kept."""
    return staging / f"{number}.old"


def taken(staging: Path, number: int) -> Path:
    """Return where the file of a step is, between being taken away and being looked at."""
    return staging / f"{number}.out"


def promise(staging: Path, journal: Journal) -> None:
    """Write the journal, whole or not at all."""
    part = staging / _PART
    part.write_text(json.dumps(to_builtins(journal)), encoding="utf-8")
    outlast_power_cut([part], [])
    part.replace(staging / _FORWARD)
    outlast_power_cut([], [staging])


def promise_to_take_back(staging: Path) -> None:
    """Turn the promise round."""
    if (staging / _FORWARD).exists():
        (staging / _FORWARD).replace(staging / _BACK)
        outlast_power_cut([], [staging])


def withdraw(staging: Path) -> None:
    """Remove the promise: it is kept."""
    for name in (_FORWARD, _BACK):
        (staging / name).unlink(missing_ok=True)


def leads_back(staging: Path) -> bool:
    """Return True if what was promised is to take everything back."""
    return (staging / _BACK).exists()


def read_journal(staging: Path) -> Journal | None:
    """Return what was promised, or None where nothing was; raises ScaffoldError where it cannot be read."""
    for name in (_FORWARD, _BACK):
        path = staging / name
        try:
            return _journal(json.loads(content(path).decode("utf-8")))
        except FileNotFoundError:
            continue
        except (ScaffoldError, OSError, ValueError, TypeError, KeyError, RecursionError):
            raise ScaffoldError(
                f"A write broke off, and {path} cannot be read.",
                hint=f"Restore the repository from version control, then delete {staging}.",
            ) from None
    return None


def _journal(found: Any) -> Journal:
    """Return what was read as a journal; raises ValueError, TypeError or KeyError for what we never write."""
    journal = Journal(steps=tuple(Step(**step) for step in found["steps"]), made=tuple(found["made"]))
    ids = [one for step in journal.steps for one in (step.old, step.new) if one is not None]
    paths = [path for step in journal.steps for path in (step.path, *([step.moved_from] if step.moved_from else []))]
    if not all(isinstance(one, str) for one in ids) or not all(map(_may_be_named, (*paths, *journal.made))):
        raise ValueError
    return journal


def _may_be_named(path: object) -> bool:
    """Return True for a path as we write it: what a journal names lies in its repository, and is none of git's files.

    Nobody knows who made a journal that is found: it can come with a clone.
    """
    return isinstance(path, str) and is_inside(path) and ".git" not in path.lower().split("/")


def staging_folders(folder: Path) -> Iterator[Path]:
    """Yield what writes have left behind in a folder: only what nobody else can have put there."""
    try:
        named = (path for path in folder.glob(f"{STAGING_PREFIX}*") if path.name != LOCK_FOLDER)
        found = sorted(path for path in named if path.is_dir() and not path.is_symlink())
    except OSError:
        return
    yield from (path for path in found if all(map(_is_ours, path.iterdir())))


def _is_ours(path: Path) -> bool:
    number, dot, kind = path.name.partition(".")
    if path.is_symlink():
        return False
    return path.name in (_FORWARD, _BACK, _PART) or (
        number.isdecimal() and dot == "." and kind in ("new", "old", "out")
    )
