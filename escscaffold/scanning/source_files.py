"""The files that a scan reads: which there are, what they are, and their text.

The one module of a scan that knows the disk.
"""

import os
import posixpath
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePath
from typing import Literal

from msgspec import Struct

from escscaffold.clouds.known_facts import Facts
from escscaffold.inputs import InputError, read_file, read_stdin
from escscaffold.scanning.cloud_listings import looks_listed
from escscaffold.scanning.found import Broken
from escscaffold.scanning.lists import is_table
from escscaffold.scanning.terraform_files import STACK_FILES, UNIT_FILES, looks_like_terragrunt

Form = Literal["hcl", "json", "values", "json values", "state", "table", "list", "yaml", "terragrunt"]

STDIN = "-"
_LARGEST = 256 * 2**20
_LARGEST_DATA = 16 * 2**20
_MOST_LISTED = 20_000
_DEEPEST = 50
"""How many folders above are looked at for the repository's top."""
_HEAD = 2**16
"""Bytes that show what a file of JSON is: an entry of a cloud's command with all of its keys."""
_ENDS: dict[str, Form] = {
    ".tf.json": "json",
    ".tofu.json": "json",
    ".tfvars.json": "json values",
    ".tf": "hcl",
    ".tofu": "hcl",
    ".tfvars": "values",
    ".tfstate": "state",
    ".csv": "table",
    ".tsv": "table",
}
"""What a file is by the end of its name."""
_OF_PEOPLE: tuple[Form | None, ...] = ("table", "list", None)
"""What people and spreadsheets write, in whatever encoding; None where no name decides."""
_DATA = (".json", ".yaml", ".yml")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
MODULE_FORMS: tuple[Form, ...] = ("hcl", "json", "values", "json values")


class File(Struct, frozen=True, kw_only=True):
    """One file: `source` is what a person would call it."""

    source: str
    form: Form
    text: str


def exists(base: Path, path: str) -> bool:
    """Whether there is something of this name below `base`; standard input always is."""
    return path == STDIN or os.path.lexists(base / path)


def files_at(base: Path, path: str, facts: Facts) -> Iterator[File | Broken]:
    """Yield what there is to read at a path below `base`: a file, those of a folder, or for `-` standard input."""
    if path == STDIN:
        try:
            yield _file("standard input", None, read_stdin(_LARGEST))
        except InputError as error:
            yield Broken(source="standard input", message=f"cannot be read: {error}")
        return
    shown = PurePath(path)
    try:
        is_folder = (base / shown).is_dir()
    except OSError:
        is_folder = False
    if is_folder:
        yield from _files_below(base, shown, facts)
    else:
        yield _read(base, shown)


def module_files(base: Path, folder: str) -> Iterator[File | Broken]:
    """Yield the files of the module in this folder, and not of those below it."""
    try:
        paths = sorted((base / folder).iterdir())
    except OSError:
        return
    for path in paths:
        if _form(path.name) in MODULE_FORMS and _is_file(path):
            yield _read(base, PurePath(folder, path.name))


class FolderFiles:
    """The files that a configuration's own functions read, by paths below `base`; what was read is remembered."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.read: dict[str, str] = {}
        self.listed: dict[str, tuple[str, ...]] = {}

    def text(self, path: str) -> str | None:
        """Return what a file holds; None where there is none, or none that can be read as text."""
        if path not in self.read:
            file = _read(self.base, PurePath(path), _LARGEST_DATA) if _is_file(self.base / path) else None
            if not isinstance(file, File):
                return None
            self.read[path] = file.text
        return self.read[path]

    def why_unread(self, path: str) -> Iterator[Broken]:
        """Yield why a file cannot be read; nothing where it can, or where there is none."""
        file = _read(self.base, PurePath(path), _LARGEST_DATA) if _is_file(self.base / path) else None
        if isinstance(file, Broken):
            yield file

    def exists(self, path: str) -> bool:
        """Return True if there is such a file, readable or not."""
        return _is_file(self.base / path)

    def content_id(self, path: str) -> str:
        """Return an id of a file's content; of the one side that there is, its path."""
        return path

    def below(self, folder: str) -> tuple[str, ...]:
        """Return the paths of the files below a folder, relative to it; those of a folder with a dot are left alone."""
        if folder not in self.listed:
            self.listed[folder] = tuple(islice(_names_below(self.base / folder), _MOST_LISTED))
        return self.listed[folder]

    def differing_file(self, _begin: str, _end: str) -> str:
        """Return nothing: a scan compares no two sides."""
        return ""

    def top_of(self, folder: str) -> str | None:
        """Return the folder above this one that is a repository's, if any is."""
        above = folder
        for _ in range(_DEEPEST):
            try:
                if (self.base / above / ".git").exists():
                    return above
            except OSError:
                return None
            above = posixpath.normpath(posixpath.join(above, ".."))
        return None


def data_files(base: Path, path: str) -> Iterator[str]:
    """Yield the paths of the JSON and YAML below a folder."""
    if path != STDIN and (base / path).is_dir():
        shown = PurePath(path)
        yield from ((shown / name).as_posix() for name in _names_below(base / path) if name.endswith(_DATA))


def _names_below(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inner = PurePath(place).relative_to(folder)
        yield from ((inner / name).as_posix() for name in sorted(names))


def _files_below(base: Path, shown: PurePath, facts: Facts) -> Iterator[File | Broken]:
    """Yield a folder's files; folders that begin with a dot and links to folders are left alone."""
    refused: list[OSError] = []
    for folder, folders, names in os.walk(base / shown, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inner = PurePath(folder).relative_to(base / shown)
        for name in sorted(names):
            path = Path(folder, name)
            if (_form(name) and _is_file(path)) or _may_be_read(path, facts):
                yield _read(base, shown / inner / name)
    for error in refused:
        inner = PurePath(error.filename).relative_to(base / shown)
        yield Broken(source=(shown / inner).as_posix(), message=f"cannot be read: {error.strerror}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file() or path.is_symlink()
    except OSError:
        return True  # reading it reports why


def _may_be_read(path: Path, facts: Facts) -> bool:
    """Whether a file of JSON or HCL begins as those that are read here do; most files are of other programs."""
    if path.suffix == ".hcl":
        return looks_like_terragrunt(path.name, _head_of(path))
    if path.suffix != ".json":
        return False
    head = _head_of(path)
    return '"format_version"' in head[:200] or looks_listed(head, facts)


def _head_of(path: Path) -> str:
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return file.read(_HEAD).decode("utf-8-sig", "replace")
    except OSError:
        return ""


def _form(name: str) -> Form | None:
    if name in (*UNIT_FILES, *STACK_FILES, "root.hcl"):
        return "terragrunt"
    return next((form for end, form in _ENDS.items() if name.endswith(end)), None)


def _read(base: Path, shown: PurePath, most: int = _LARGEST) -> File | Broken:
    try:
        content = read_file(base / shown, most)
    except InputError as error:
        return Broken(source=shown.as_posix(), message=error.problem.removeprefix(f"{base / shown} ").rstrip("."))
    except OSError as error:
        return Broken(source=shown.as_posix(), message=f"cannot be read: {error.strerror}")
    return _file(shown.as_posix(), _form(shown.name), content)


def _file(source: str, form: Form | None, content: bytes) -> File | Broken:
    text = _decoded(content)
    if text is None and form in _OF_PEOPLE and not source.endswith(_DATA) and not _CONTROL.search(content):
        # What a spreadsheet saves as CSV has the code page of Windows.
        text = content.decode("cp1252", "replace")
    if text is None:
        return Broken(source=source, message="is not UTF-8 text")
    return File(source=source, form=form or _guess(source, text), text=text)


def _decoded(content: bytes) -> str | None:
    # What PowerShell's > writes begins with the mark of UTF-16.
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _guess(source: str, text: str) -> Form:
    if text.lstrip().startswith(("{", "[")):
        return "state"
    if source.endswith((".yaml", ".yml")):
        return "yaml"
    if source.endswith(".hcl"):
        return "terragrunt"
    return "table" if is_table(text) else "list"
