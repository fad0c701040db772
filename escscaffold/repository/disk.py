"""The files of a repository as they stand on disk; nothing here changes one."""

import os
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.planning.lock import LOCK_FILE, Lock
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.snapshot import IPAM_FILE, Snapshot, read_snapshot
from escscaffold.spec.reading import SPEC_FILE as SPEC_FILE


class NoRepositoryError(ScaffoldError):
    """The folder holds no escscaffold.toml."""


class LinkError(ScaffoldError):
    """What is generated would be written through a link."""


def read_spec_text(folder: Path, name: str = SPEC_FILE) -> str:
    """Return the text of the folder's spec; raises NoRepositoryError if there is none."""
    path = folder / name
    try:
        return content(path).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise NoRepositoryError(
            f"There is no {path}.", hint="Begin with `escscaffold init`, or name the folder with -C."
        ) from None
    except UnicodeDecodeError:
        raise ScaffoldError(f"{path} is not UTF-8 text.", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise ScaffoldError(f"Cannot read {path}: {error.strerror}.") from None


def load_lock(folder: Path) -> Lock:
    """Return the folder's lock, an empty one where none was written yet; raises LockError."""
    text = read_text(folder / LOCK_FILE)
    return read_lock(text) if text is not None else Lock()


def load_snapshot(folder: Path) -> Snapshot | None:
    """Return what the folder has of the IPAM's prefixes, None where it has nothing; raises SpecError."""
    text = read_text(folder / IPAM_FILE)
    return read_snapshot(text) if text is not None else None


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
    try:
        return content(path).decode("utf-8", errors="surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ScaffoldError(f"Cannot read {path}: {error.strerror}.") from None


def content(path: Path) -> bytes:
    """Return what a file holds; raises ScaffoldError for a device or a pipe, which would never end."""
    if path.exists() and not path.is_file():
        raise ScaffoldError(f"{path} is not a file.", hint="Move it out of the way.")
    return path.read_bytes()
