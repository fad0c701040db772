"""Carrying a journal out, or taking it back; each can be done again from wherever it was broken off."""

import shutil
from contextlib import suppress
from pathlib import Path

from escscaffold.errors import MeanwhileError, ScaffoldError
from escscaffold.repository.content import BESIDE
from escscaffold.repository.disk import LinkError, id_of, refuse_ways_out
from escscaffold.repository.exchanging import exchange, give_back_taken, put, take_away
from escscaffold.repository.journal import Journal, Step, kept, staged, taken, withdraw
from escscaffold.repository.lasting import outlast_power_cut


def carry_out(folder: Path, staging: Path, journal: Journal) -> None:
    """Take every step, each only where its file is still what was decided on.

    Raises MeanwhileError at the first that is another one; the steps before it can be taken back.
    """
    for number, step in enumerate(journal.steps):
        if not _taken_step(folder, staging, number, step):
            raise MeanwhileError(folder / step.path)
    for number, step in enumerate(journal.steps):
        # A program that had the old file open may have written to it after it was looked at.
        if step.old is not None and id_of(kept(staging, number)) != step.old:
            raise MeanwhileError(folder / step.path)
    _end(folder, journal)


def finish(folder: Path, staging: Path, journal: Journal) -> tuple[str, ...]:
    """Take every step of a write that broke off, as far as it was not taken yet.

    Returns the files that somebody has changed since: they stay, and the new text is beside them.
    """
    overtaken = []
    for number, step in enumerate(journal.steps):
        _give_back_edits(folder, staging, number, step)
        new = staged(staging, number)
        if step.moved_from or step.new is None:
            _taken_step(folder, staging, number, step)
        elif new.exists() and id_of(folder / step.path) == step.new:
            new.unlink()
        elif new.exists() and not _taken_step(folder, staging, number, step):
            beside = folder / (step.path + BESIDE)
            refuse_ways_out(folder, step.path + BESIDE)
            put(new, beside, None, step.new)
            overtaken.append(step.path)
    _end(folder, journal)
    return tuple(overtaken)


def _taken_step(folder: Path, staging: Path, number: int, step: Step) -> bool:
    """Take one step, and return whether its file was what was decided on."""
    target = folder / step.path
    refuse_ways_out(folder, step.path)
    if step.moved_from:
        refuse_ways_out(folder, step.moved_from)
        return _move(folder / step.moved_from, target)
    if step.new is None:
        return step.old is None or take_away(target, taken(staging, number), step.old)
    target.parent.mkdir(parents=True, exist_ok=True)
    return put(staged(staging, number), target, step.old, step.new)


def _give_back_edits(folder: Path, staging: Path, number: int, step: Step) -> None:
    """Put back what was taken out of its place, and had been edited, when the run broke off."""
    out, new, target = taken(staging, number), staged(staging, number), folder / step.path
    refuse_ways_out(folder, step.path)
    if out.exists() and id_of(out) != step.old:
        give_back_taken(out, target)
    if new.exists() and id_of(new) not in (step.new, step.old) and id_of(target) == step.new:
        exchange(new, target)


def _end(folder: Path, journal: Journal) -> None:
    _remove_empty(folder, [step for step in journal.steps if step.new is None])
    _outlast_power_cut(folder, journal)


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
        if not step.moved_from and (folder / step.path).is_symlink():
            continue  # somebody has put it there since
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
        with suppress(OSError, LinkError):
            refuse_ways_out(folder, made)
            (folder / made).rmdir()


def _undo(target: Path, step: Step, staging: Path, number: int, folder: Path) -> None:
    refuse_ways_out(folder, step.path)
    if step.moved_from:
        refuse_ways_out(folder, step.moved_from)
        _move(target, folder / step.moved_from)
        return
    _give_back_edits(folder, staging, number, step)
    old, new, now = kept(staging, number), staged(staging, number), id_of(target)
    if old.exists():
        # Where the new text still waits, an empty place is somebody's wish.
        if now != step.old and (now == step.new or (now is None and not new.exists())):
            target.parent.mkdir(parents=True, exist_ok=True)
            put(old, target, now, id_of(old))
    elif step.old is None and step.new is not None and now == step.new and (not new.exists() or new.samefile(target)):
        take_away(target, taken(staging, number), step.new)


def is_whole(folder: Path, staging: Path, journal: Journal) -> bool:
    """Return True if every new text that still waits is the one that was promised."""
    return all(
        id_of(staged(staging, number)) in (None, step.new) or id_of(folder / step.path) == step.new
        for number, step in enumerate(journal.steps)
    )


def clear(staging: Path) -> None:
    """Remove the folder of a write that is through, the promise first."""
    with suppress(OSError):
        withdraw(staging)
    shutil.rmtree(staging, ignore_errors=True)


def _move(source: Path, target: Path) -> bool:
    """Rename a folder, and return whether it was there and its new name free."""
    if not source.exists() or target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    return True


def _remove_empty(folder: Path, removed: list[Step]) -> None:
    """Remove the folders that removed files leave empty."""
    for step in removed:
        for parent in (folder / step.path).parents:
            if parent == folder:
                break
            with suppress(OSError):
                parent.rmdir()
