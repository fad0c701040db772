"""The files of a repository as they stand on disk; nothing here changes one."""

import os
from pathlib import Path

from msgspec import Struct

from escscaffold.errors import ScaffoldError
from escscaffold.inputs import LARGEST, LARGEST_SPEC, read_file
from escscaffold.planning.lock import LOCK_FILE, Lock
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.snapshot import IPAM_FILE, Snapshot, read_snapshot
from escscaffold.repository.content import exact_id
from escscaffold.repository.sparse import refuse_sparse
from escscaffold.spec.reading import SPEC_FILE as SPEC_FILE

_MARK = "\ufeff"


class NoRepositoryError(ScaffoldError):
    """The folder holds no escscaffold.toml."""


class LinkError(ScaffoldError):
    """What is generated would be written through a link."""


class SpecOnDisk(Struct, frozen=True):
    """The text of a spec, and how it stands on disk: some editors put a byte order mark before it."""

    text: str
    mark: str = ""

    @property
    def whole(self) -> str:
        """All that the file holds."""
        return self.mark + self.text


class Basis(Struct, frozen=True, kw_only=True):
    """What a run has read of the spec, the lock and the IPAM, and decides on; None where there is no such file."""

    spec: SpecOnDisk | None = None
    lock_text: str | None = None
    ipam_text: str | None = None

    @property
    def lock(self) -> Lock:
        """The lock, an empty one where none was written yet; raises LockError."""
        return read_lock(self.lock_text) if self.lock_text is not None else Lock()

    @property
    def snapshot(self) -> Snapshot | None:
        """What the IPAM had, None where it was not pulled; raises SpecError."""
        return read_snapshot(self.ipam_text) if self.ipam_text is not None else None

    @property
    def sound_lock(self) -> Lock:
        """The lock, in which `check` finds nothing; raises LockError, ScaffoldError."""
        lock = self.lock
        if lock.notes:
            raise ScaffoldError("Fix the lock first.", hint="Run: escscaffold check")
        return lock

    @property
    def ids(self) -> dict[str, str | None]:
        """The exact content ids of the files, by path."""
        spec = self.spec.whole if self.spec is not None else None
        texts = {SPEC_FILE: spec, LOCK_FILE: self.lock_text, IPAM_FILE: self.ipam_text}
        return {path: text_id(text) for path, text in texts.items()}


NOTHING = Basis()


def read_basis(folder: Path) -> tuple[SpecOnDisk, Basis]:
    """Return the folder's spec, and what to decide on; raises NoRepositoryError where there is no spec.

    Raises SparseCheckoutError where the lock is left out.
    """
    spec = read_spec_file(folder)
    return spec, Basis(spec=spec, lock_text=_lock_text(folder), ipam_text=read_text(folder / IPAM_FILE))


def read_spec_text(folder: Path, name: str = SPEC_FILE) -> str:
    """Return the text of the folder's spec; raises NoRepositoryError if there is none."""
    return read_spec_file(folder, name).text


def read_spec_file(folder: Path, name: str = SPEC_FILE) -> SpecOnDisk:
    """Return the folder's spec as it stands; raises NoRepositoryError if there is none."""
    path = folder / name
    try:
        text = content(path, LARGEST_SPEC).decode("utf-8")
        return SpecOnDisk(text.removeprefix(_MARK), _MARK if text.startswith(_MARK) else "")
    except (FileNotFoundError, NotADirectoryError):
        refuse_sparse(folder, [name])
        raise NoRepositoryError(
            f"There is no {path}.", hint="Begin with `escscaffold init`, or name the folder with -C."
        ) from None
    except UnicodeDecodeError:
        raise ScaffoldError(f"{path} is not UTF-8 text.", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise ScaffoldError(f"Cannot read {path}: {error.strerror}.") from None


def load_lock(folder: Path) -> Lock:
    """Return the folder's lock, an empty one where none was written yet; raises LockError, SparseCheckoutError."""
    text = _lock_text(folder)
    return read_lock(text) if text is not None else Lock()


def _lock_text(folder: Path) -> str | None:
    text = read_text(folder / LOCK_FILE)
    if text is None:
        # Planned without it, ranges that were placed would move.
        refuse_sparse(folder, [LOCK_FILE])
    return text


def refuse_ways_out(folder: Path, path: str) -> None:
    """Raise LinkError where a file of the folder would be reached through a link: it may lead anywhere."""
    # Asked of each file that is written: of strings this takes a tenth of what it takes of paths.
    part = str(folder)
    for name in path.split("/"):
        part = f"{part}/{name}"
        if os.path.islink(part):  # noqa: PTH114
            raise LinkError(f"{part} is a symbolic link.", hint="Replace it by a real file or folder.")


def read_text(path: Path) -> str | None:
    """Return the file's text, bytes that are not UTF-8 kept as they are; None if there is no such file."""
    body = _bytes_of(path)
    return None if body is None else body.decode("utf-8", errors="surrogateescape")


def id_of(path: Path) -> str | None:
    """Return the exact content id of a file, or None where there is none."""
    body = _bytes_of(path)
    return None if body is None else exact_id(body)


def text_id(text: str | None) -> str | None:
    """Return the exact content id of what a file holds, or None where there is no file."""
    return None if text is None else exact_id(text)


def _bytes_of(path: Path) -> bytes | None:
    try:
        return content(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ScaffoldError(f"Cannot read {path}: {error.strerror}.") from None


def content(path: Path, most: int = LARGEST) -> bytes:
    """Return what a file holds; raises ScaffoldError for a device or a pipe, and for more than `most` bytes."""
    return read_file(path, most)
