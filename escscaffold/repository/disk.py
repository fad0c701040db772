"""Reads a repository's files and identifies their content; nothing here changes one. Hidden files are refused.

A content id is git's blob id of the text, with LF line ends whatever a checkout made of them. A sparse checkout hides
files, and so do names that differ in case or form alone.
"""

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from functools import cached_property
from hashlib import sha1
from pathlib import Path

from msgspec import Struct

from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import ScaffoldError
from escscaffold.git import GitError, ask_git, git_folder_above
from escscaffold.inputs import LARGEST, LARGEST_SPEC, read_file
from escscaffold.planning.lock import LOCK_FILE, Lock, kept_in
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.snapshot import IPAM_FILE, Snapshot, read_snapshot
from escscaffold.rendering.generated import BEGIN, END
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, read_spec

GENERATED_SUFFIX = ".escscaffold-new"
"""The end of the name of a file with generated text, next to an edited file."""
_MARK = "\ufeff"


def content_id(text: str) -> str:
    r"""Return git's blob id of the text with LF line ends, as 40 hexadecimal digits.

    >>> content_id("hello\n")
    'ce013625030ba8dba906f756967f9e9ca394464a'
    """
    return _exact_id(with_unix_ends(text))


def _exact_id(text: str | bytes) -> str:
    r"""Return git's blob id of the text as it is: another line end is another text.

    >>> _exact_id("hello\n") == _exact_id("hello\r\n")
    False
    """
    body = text.encode("utf-8", errors="surrogateescape") if isinstance(text, str) else text
    return sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()


def split_block(text: str) -> tuple[str, str, str] | None:
    """Return what stands before, between (markers included) and after the markers, or None without both."""
    before, begin, rest = text.partition(BEGIN)
    between, end, after = rest.partition(END)
    if not begin or not end:
        return None
    return before, begin + between + end, after


def with_unix_ends(text: str) -> str:
    """Return the text with LF line ends."""
    return text.replace("\r\n", "\n") if "\r" in text else text


def with_ends_of(model: str, text: str) -> str:
    r"""Return the text with the line ends of a model that has CRLF throughout, or with LF.

    >>> with_ends_of("a\r\nb\r\n", "c\nd\n")
    'c\r\nd\r\n'
    """
    windows = 0 < model.count("\n") == model.count("\r\n")
    return with_unix_ends(text).replace("\n", "\r\n") if windows else text


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
        pass  # whatever reads the folder reports what is wrong with it
    return folder


def _is_own(path: Path) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    user = os.geteuid()
    return user == 0 or path.stat().st_uid in (user, 0)


class NoRepositoryError(ScaffoldError):
    """The folder holds no escscaffold.toml."""


class LinkError(ScaffoldError):
    """What is generated would be written through a link."""


class SpecOnDisk(Struct, frozen=True):
    """The text of a spec, and how it is on disk: some editors put a byte order mark before it."""

    text: str
    mark: str = ""

    @property
    def whole(self) -> str:
        """All that the file holds."""
        return self.mark + self.text


class Basis(Struct, frozen=True, kw_only=True, dict=True):
    """What a run has read of the spec, the lock and the IPAM, and decides on; None where there is no such file."""

    facts: Facts
    """The facts by which the texts are read."""
    spec: SpecOnDisk | None = None
    lock_text: str | None = None
    ipam_text: str | None = None

    @cached_property
    def lock(self) -> Lock:
        """The lock, an empty one where none was written yet; raises LockError."""
        return read_lock(self.lock_text, self.facts) if self.lock_text is not None else Lock()

    def read_spec(self, text: str, *, renewed: Set[str] = frozenset()) -> Spec:
        """Read a text of the spec, with the defaults that the lock keeps, but for those `renewed`; raises SpecError.

        The names of `renewed` are as `kept_in` takes them.
        """
        return read_spec(text, self.facts, SPEC_FILE, kept_in(self.lock, without=renewed))

    def snapshot_for(self, spec: Spec) -> Snapshot | None:
        """Return what was read of the IPAM's prefixes, if the spec names an IPAM; raises SpecError."""
        return self.snapshot if spec.ipam is not None else None

    @cached_property
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


def read_basis(folder: Path, facts: Facts) -> tuple[SpecOnDisk, Basis]:
    """Return the folder's spec, and what to decide on; raises NoRepositoryError where there is no spec.

    Raises SparseCheckoutError where the lock is not checked out.
    """
    spec = read_spec_file(folder)
    return spec, Basis(facts=facts, spec=spec, lock_text=_lock_text(folder), ipam_text=read_text(folder / IPAM_FILE))


def read_spec_text(folder: Path, name: str = SPEC_FILE) -> str:
    """Return the text of the folder's spec; raises NoRepositoryError if there is none."""
    return read_spec_file(folder, name).text


def read_spec_file(folder: Path, name: str = SPEC_FILE) -> SpecOnDisk:
    """Return the folder's spec as it is; raises NoRepositoryError if there is none."""
    path = folder / name
    try:
        text = content(path, LARGEST_SPEC).decode("utf-8")
        return SpecOnDisk(text.removeprefix(_MARK), _MARK if text.startswith(_MARK) else "")
    except (FileNotFoundError, NotADirectoryError):
        refuse_sparse(folder, [name])
        raise NoRepositoryError(
            f"{path} does not exist.", hint="Start with `escscaffold init`, or set the folder with -C."
        ) from None
    except UnicodeDecodeError:
        raise ScaffoldError(f"{path} is not UTF-8 text.", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise ScaffoldError(f"Cannot read {path}: {error.strerror}.") from None


def load_lock(folder: Path, facts: Facts) -> Lock:
    """Return the folder's lock, an empty one where none was written yet; raises LockError, SparseCheckoutError."""
    text = _lock_text(folder)
    return read_lock(text, facts) if text is not None else Lock()


def _lock_text(folder: Path) -> str | None:
    text = read_text(folder / LOCK_FILE)
    if text is None:
        # Planned without it, ranges that were placed would move.
        refuse_sparse(folder, [LOCK_FILE])
    return text


def refuse_ways_out(folder: Path, *paths: str) -> None:
    """Raise LinkError where a file of the folder would be reached through a link: it may lead anywhere."""
    # Asked of each file that is written: of strings this takes a tenth of what it takes of paths.
    seen: set[str] = set()
    for path in paths:
        part = str(folder)
        for name in path.split("/"):
            part = f"{part}/{name}"
            if part not in seen:
                seen.add(part)
                if os.path.islink(part):  # noqa: PTH114
                    raise LinkError(f"{part} is a symbolic link.", hint="Replace it by a real file or folder.")


def read_text(path: Path | str) -> str | None:
    """Return the file's text, bytes that are not UTF-8 kept as they are; None if there is no such file."""
    body = _bytes_of(path)
    return None if body is None else body.decode("utf-8", errors="surrogateescape")


def id_of(path: Path) -> str | None:
    """Return the exact content id of a file, or None where there is none."""
    body = _bytes_of(path)
    return None if body is None else _exact_id(body)


def text_id(text: str | bytes | None) -> str | None:
    """Return the exact content id of what a file holds, or None where there is no file."""
    return None if text is None else _exact_id(text)


def _bytes_of(path: Path | str) -> bytes | None:
    try:
        return content(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ScaffoldError(f"Cannot read {path}: {error.strerror}.") from None


def content(path: Path | str, most: int = LARGEST) -> bytes:
    """Return what a file holds; raises ScaffoldError for a device or a pipe, and for more than `most` bytes."""
    return read_file(path, most)


class SparseCheckoutError(ScaffoldError):
    """A sparse checkout lacks files that are needed."""


def refuse_sparse(folder: Path, missing: Iterable[str]) -> None:
    """Raise SparseCheckoutError where a file is missing because git did not check it out.

    Raises OwnerError where git does not trust the repository's owner. Where git is not installed, nothing is known, and
    a missing file counts as deleted.
    """
    paths = sorted(missing)
    if not paths or git_folder_above(folder) is None:
        return
    try:
        listed = ask_git(folder, "ls-files", "-v", "-z") or b""
    except GitError:
        return
    # S: skip-worktree, s: assume-unchanged as well.
    sparse = {os.fsdecode(line[2:]) for line in listed.split(b"\0") if line[:1] in (b"S", b"s")}
    excluded = [path for path in paths if path in sparse]
    if excluded:
        more = f" and {len(excluded) - 1} more" if len(excluded) > 1 else ""
        raise SparseCheckoutError(
            f"The sparse checkout excludes {excluded[0]}{more}.",
            hint="Check out all files first: git sparse-checkout disable. Without sparse checkout: git update-index "
            "--no-skip-worktree FILE, then git checkout FILE",
        )


class SpellingError(ScaffoldError):
    """A new file would be written where another one stands that is spelled differently."""


class Lookalike(Struct, frozen=True, kw_only=True):
    """A file or folder that is spelled almost as one that is generated."""

    path: str
    generated_path: str
    """What is generated."""
    also_generated: bool
    """Whether that exists, too: then this disk distinguishes the two names."""


def lookalikes(folder: Path, paths: Iterable[str]) -> Iterator[Lookalike]:
    """Yield each file or folder that is there and spelled almost as one of the paths, or as a folder above them."""
    seen: dict[str, Mapping[str, list[str]]] = {}
    done: set[str] = set()
    for path in paths:
        above = ""
        for part in path.split("/"):
            if above + part not in done:
                done.add(above + part)
                if above not in seen:
                    seen[above] = _names_in(folder / above)
                names = seen[above].get(_folded(part), [])
                others = [name for name in names if name != part]
                yield from (
                    Lookalike(path=above + n, generated_path=above + part, also_generated=part in names) for n in others
                )
            above += f"{part}/"


def _folded(name: str) -> str:
    r"""Return what two names have in common where a disk may take them for one.

    >>> _folded("R\u00e9gion.TF") == _folded("re\u0301gion.tf")
    True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def refuse_another_spelling(folder: Path, paths: Iterable[str]) -> None:
    """Raise SpellingError where one of these new files exists in another spelling."""
    for lookalike in lookalikes(folder, paths):
        if not lookalike.also_generated:
            raise SpellingError(
                f"{folder / lookalike.path} blocks {lookalike.generated_path}: this disk does not distinguish the two "
                "names.",
                hint=f"Rename it, to {lookalike.generated_path.rpartition('/')[2]} if it is the same file.",
            )


def _names_in(folder: Path) -> dict[str, list[str]]:
    by_folded: dict[str, list[str]] = {}
    with suppress(OSError):
        for name in sorted(file.name for file in folder.iterdir()):
            by_folded.setdefault(_folded(name), []).append(name)
    return by_folded
