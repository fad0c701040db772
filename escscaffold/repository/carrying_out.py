"""Carrying a journal out, or taking it back; each can be done again from wherever it was broken off."""

import shutil
from contextlib import suppress
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.repository.content import BESIDE, content_id
from escscaffold.repository.disk import read_text, refuse_ways_out
from escscaffold.repository.journal import Journal, Step, kept, staged, withdraw
from escscaffold.repository.lasting import outlast_power_cut


def carry_out(folder: Path, staging: Path, journal: Journal) -> tuple[str, ...]:
    """Take every step that was not taken yet.

    Returns the files that somebody has changed since: they stay, and the new text is beside them.
    """
    overtaken = []
    for number, step in enumerate(journal.steps):
        target = folder / step.path
        refuse_ways_out(folder, step.path)
        if step.moved_from:
            _move(folder / step.moved_from, target)
        elif step.new is None:
            if id_of(target) == step.old:
                target.unlink(missing_ok=True)
        elif (new := staged(staging, number)).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            if id_of(target) in (step.old, step.new):
                new.replace(target)
            else:
                new.replace(target.with_name(target.name + BESIDE))
                overtaken.append(step.path)
    _remove_empty(folder, [step for step in journal.steps if step.new is None])
    _outlast_power_cut(folder, journal)
    return tuple(overtaken)


def take_back(folder: Path, staging: Path, journal: Journal) -> bool:
    """Undo every step, the last one first, and return whether the disk let it happen."""
    done = True
    # In a folder that has its old name, or has it again, nothing was changed, or nothing is any more.
    not_moved = tuple(f"{s.path}/" for s in journal.steps if s.moved_from and (folder / s.moved_from).exists())
    for number, step in reversed(list(enumerate(journal.steps))):
        if step.path.startswith(not_moved):
            continue
        if step.moved_from:
            _remove_made(folder, journal)
        try:
            _undo(folder / step.path, step, staging, number, folder)
        except (OSError, ScaffoldError):
            done = False
    _remove_made(folder, journal)
    try:
        _outlast_power_cut(folder, journal)
    except OSError:
        done = False
    return done


def _outlast_power_cut(folder: Path, journal: Journal) -> None:
    """Have the disk keep the names that were changed, before the promise is withdrawn."""
    places = {*journal.made, *(step.path for step in journal.steps), *(step.moved_from for step in journal.steps)}
    # Where a folder is gone, the one above has its name no more.
    folders = {next(one for one in (folder / place).parents if one.is_dir()) for place in places if place}
    outlast_power_cut([], sorted(folders))


def _remove_made(folder: Path, journal: Journal) -> None:
    for made in reversed(journal.made):
        with suppress(OSError):
            (folder / made).rmdir()


def _undo(target: Path, step: Step, staging: Path, number: int, folder: Path) -> None:
    if step.moved_from:
        _move(target, folder / step.moved_from)
    elif (old := kept(staging, number)).exists():
        if id_of(target) in (None, step.old, step.new):
            target.parent.mkdir(parents=True, exist_ok=True)
            old.replace(target)
    elif step.old is None and not staged(staging, number).exists() and id_of(target) == step.new:
        target.unlink(missing_ok=True)


def is_whole(staging: Path, journal: Journal) -> bool:
    """Return True if every new text that still waits is the one that was promised."""
    waiting = ((staged(staging, number), step.new) for number, step in enumerate(journal.steps))
    return all(id_of(path) in (None, new) for path, new in waiting)


def clear(staging: Path) -> None:
    """Remove the folder of a write that is through, the promise first."""
    with suppress(OSError):
        withdraw(staging)
    shutil.rmtree(staging, ignore_errors=True)


def id_of(path: Path) -> str | None:
    """Return the content id of a file, or None where there is none."""
    text = read_text(path)
    return None if text is None else content_id(text)


def _move(source: Path, target: Path) -> None:
    if source.exists() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)


def _remove_empty(folder: Path, removed: list[Step]) -> None:
    """Remove the folders that removed files leave empty."""
    for step in removed:
        for parent in (folder / step.path).parents:
            if parent == folder:
                break
            with suppress(OSError):
                parent.rmdir()
