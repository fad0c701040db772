"""The repository's Terraform as it stands once `generate` has run, with hand-written files, and whether each parses."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from escscaffold.rendering.generated import has_header
from escscaffold.repository.disk import read_text, with_unix_ends
from escscaffold.repository.file_states import FileState
from escscaffold.repository.terraform_cli import Complaint, terraform_reads
from escscaffold.repository.updating import Update
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_reader import json_configuration, read_hcl
from escscaffold.terraform.references import leads_out
from escscaffold.terraform.tokens import NotHclError

SUFFIXES = (".tf", ".tf.json")
_ROOTS, _MODULES = "environments", "modules"
# What may be declared in these blocks of JSON is not read from them.
_NOT_READ = {"ephemeral", "check"}
_FOLDERS = ("environments/*", "modules/*")


class TerraformFolders:
    """Files by folder; each folder is listed once, and read when it is asked for."""

    def __init__(self, folder: Path, update: Update) -> None:
        self.folder = folder
        self.as_generated = frozenset(file.path for file in update.with_state("new", "unchanged", "regenerated"))
        self._texts = {file.path: _text(file) for file in update.files if file.path.endswith(SUFFIXES)}
        self._generated: dict[str, set[str]] = {}
        for path, text in self._texts.items():
            if text is not None:
                self._generated.setdefault(path.rpartition("/")[0], set()).add(path)
        self._paths: dict[str, frozenset[str]] = {}

    def folders(self) -> list[str]:
        """Return every root and module that has a file of Terraform."""
        found = {where for where in self._generated if _is_root_or_module(where)}
        for above in (_ROOTS, _MODULES):
            found |= {f"{above}/{name}" for name in _names_in(self.folder / above)}
        return sorted(where for where in found if self.paths(where))

    def paths(self, where: str) -> frozenset[str]:
        """Return the files of Terraform in a folder."""
        if where not in self._paths:
            listed = (f"{where}/{name}" for name in _names_in(self.folder / where) if name.endswith(SUFFIXES))
            on_disk = {path for path in listed if path not in self._texts}
            self._paths[where] = frozenset(on_disk | self._generated.get(where, set()))
        return self._paths[where]

    def own(self, where: str) -> frozenset[str]:
        """Return the files of a folder that are not as they are generated."""
        return self.paths(where) - self.as_generated

    def exists(self, where: str) -> bool:
        """Return whether there is such a folder, with or without Terraform in it."""
        return bool(self.paths(where)) or bool(_names_in(self.folder / where))

    def text(self, path: str) -> str:
        """Return a file's text, with LF line ends."""
        known = self._texts.get(path)
        text = known if known is not None else read_text(self.folder / path) or ""
        return with_unix_ends(text)

    def body(self, path: str) -> hcl.Body:
        """Read a file; raises NotHclError."""
        text = self.text(path)
        return body_of_json(text) if path.endswith(".json") else read_hcl(text)

    def bodies(self, where: str) -> Mapping[str, hcl.Body] | None:
        """Return what the files of a folder hold; None where one of them cannot be read, or none is to be."""
        if leads_out(where):
            return None
        try:
            return {path: self.body(path) for path in sorted(self.paths(where))}
        except NotHclError:
            return None


def terraform_texts(folder: Path, update: Update) -> tuple[dict[str, str], dict[str, str]]:
    """Return the repository's Terraform before and after the update, by path, where it changes something that exists.

    Of a person's own files those are in it that stand in a root module of which something changes.
    """
    ends = (*SUFFIXES, ".tfvars", ".tfvars.json")
    files = [file for file in update.files if file.path.endswith(ends)]
    before = {file.path: with_unix_ends(file.old) for file in files if file.old is not None}
    after = {file.path: with_unix_ends(text) for file in files if (text := _text(file)) is not None}
    changed = {path.rpartition("/")[0] for path in before if before[path] != after.get(path)}
    if not changed:
        return {}, {}
    roots = {path.rpartition("/")[0] for path in before if path.startswith(f"{_ROOTS}/")}
    for where in sorted(roots):
        for name in _names_in(folder / where):
            path = f"{where}/{name}"
            if name.endswith(ends) and path not in before and path not in after:
                before[path] = after[path] = with_unix_ends(read_text(folder / path) or "")
    return before, after


def body_of_json(text: str) -> hcl.Body:
    """Read the text of a `.tf.json` file; raises NotHclError, with the line where it is known."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotHclError(f"this is not JSON: {error.msg}", error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise NotHclError(f"this JSON is not readable: {error}") from None
    if isinstance(document, dict) and (unread := sorted(document.keys() & _NOT_READ)):
        raise UnreadBlockError(f"{unread[0]} blocks of JSON are not read")
    return json_configuration(document)


class UnreadBlockError(NotHclError):
    """The file is right, and has a block that is not read here."""


def _text(file: FileState) -> str | None:
    """Return what stands in a file once `generate` has run, None where there is none."""
    return file.old if file.state in ("beside", "obsolete-edited") else file.new


def _is_root_or_module(where: str) -> bool:
    return where.count("/") == 1 and where.startswith((f"{_ROOTS}/", f"{_MODULES}/"))


def _names_in(folder: Path) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)  # noqa: PTH208  # of thousands of folders, paths take longer than names
    return []


def unreadable_files(folder: Path, as_generated: frozenset[str] | None) -> Iterator[Complaint]:
    """Yield each `.tf.json` file that is not JSON, and each `.tf` file that is not HCL.

    Of those that stand as they were generated none is read.
    Where that is not known (None), those with our header are taken to be as they were.
    """
    for pattern in _FOLDERS:
        for path in sorted(folder.glob(f"{pattern}/*.tf.json")):
            if complaint := _json_complaint(path.relative_to(folder).as_posix(), read_text(path) or ""):
                yield complaint
        for path in sorted(folder.glob(f"{pattern}/*.tf")):
            name = path.relative_to(folder).as_posix()
            if as_generated is not None and name in as_generated:
                continue
            text = read_text(path)
            if text is not None and not (as_generated is None and has_header(text)):
                complaint = _complaint(name, text)
                if complaint and not terraform_reads(path):
                    yield complaint


def _json_complaint(name: str, text: str) -> Complaint | None:
    from escscaffold.terraform.tokens import NotHclError

    try:
        body_of_json(text)
    except UnreadBlockError:
        return None
    except NotHclError as error:
        return Complaint(path=name, message=error.message, line=error.line or 0)
    return None


def _complaint(name: str, text: str) -> Complaint | None:
    try:
        text.encode("utf-8")
        read_hcl(text)
    except UnicodeEncodeError:
        return Complaint(path=name, message="this is not UTF-8 text.")
    except NotHclError as error:
        return Complaint(path=name, message=f"this is not HCL: {error.message}", line=error.line or 0)
    return None
