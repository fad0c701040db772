"""What has to change: each generated file beside what stands on disk and what was written last. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from escscaffold.rendering.generated import GeneratedFile
from escscaffold.repository.content import content_id, split_block

State = Literal["new", "unchanged", "regenerated", "edited", "obsolete", "obsolete-edited", "yours"]
"""What a file is:

- new: generated, and not on disk;
- unchanged: on disk as it is generated now;
- regenerated: on disk as it was written last, and generated differently now;
- edited: on disk with another text than was written last, or never written by us;
- obsolete: written earlier, no longer generated, and as it was written;
- obsolete-edited: the same with a hand edit;
- yours: a file whose markers are gone, so nothing in it is ours.
"""

CHANGING: tuple[State, ...] = ("new", "regenerated", "obsolete")
IN_CONFLICT: tuple[State, ...] = ("edited", "obsolete-edited")


@dataclass(frozen=True, kw_only=True)
class FileState:
    """One file: its state, what is on disk and what shall be there (None where nothing is)."""

    path: str
    state: State
    old: str | None
    new: str | None
    executable: bool = False


def compare(
    generated: Mapping[str, GeneratedFile], on_disk: Mapping[str, str], written: Mapping[str, str]
) -> tuple[FileState, ...]:
    """Return the state of every file that is generated now or was written last, by path.

    `on_disk` has the texts of those of them that exist, `written` the content ids of the last write.
    """
    paths = sorted(generated.keys() | (written.keys() & on_disk.keys()))
    return tuple(_state(p, generated.get(p), on_disk.get(p), written.get(p)) for p in paths)


def content_ids(generated: Mapping[str, GeneratedFile]) -> dict[str, str]:
    """Return what to remember of the files once they are written."""
    return {path: content_id(_owned(file.text, file)) for path, file in generated.items()}


def _state(path: str, file: GeneratedFile | None, old: str | None, last_id: str | None) -> FileState:
    if file is None:
        return FileState(path=path, state=_obsolete(old, last_id), old=old, new=None)
    if old is None:
        return FileState(path=path, state="new", old=None, new=file.text, executable=file.executable)
    new = _merged(old, file)
    if new is None:
        return FileState(path=path, state="yours", old=old, new=old)
    state: State = "edited"
    if content_id(new) == content_id(old):
        state = "unchanged"
    elif content_id(_owned(old, file)) == last_id:
        state = "regenerated"
    return FileState(path=path, state=state, old=old, new=new, executable=file.executable)


def _obsolete(old: str | None, last_id: str | None) -> State:
    block = split_block(old or "")
    as_written = last_id in (content_id(old or ""), content_id(block[1]) if block else "")
    return "obsolete" if as_written else "obsolete-edited"


def _merged(old: str, file: GeneratedFile) -> str | None:
    """Return the text that shall stand on disk: a block keeps what is around it; None if its markers are gone."""
    if not file.is_block:
        return file.text
    around, ours = split_block(old), split_block(file.text)
    if around is None or ours is None:
        return None
    return around[0] + ours[1] + around[2]


def _owned(text: str, file: GeneratedFile) -> str:
    block = split_block(text) if file.is_block else None
    return block[1] if block else text
