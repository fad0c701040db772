"""From the text of files to modules: those that were asked for, and those that they call by a relative path."""

import json
import posixpath
import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from escscaffold.scanning.data_files import blocks_of_data
from escscaffold.scanning.found import Broken, Found, Unresolved
from escscaffold.scanning.source_files import File, FolderFiles, data_files, module_files
from escscaffold.scanning.terraform import Piece, scan_module
from escscaffold.scanning.values_elsewhere import bind_values
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.evaluating import Evaluator
from escscaffold.terraform.functions import is_below
from escscaffold.terraform.hcl_reader import json_configuration, json_values, read_hcl
from escscaffold.terraform.modules import Module, Part
from escscaffold.terraform.tokens import NotHclError

_MORE_FOR_DATA = 8
_READS_DATA = re.compile(r"\b(?:json|yaml)decode\(|\bfileset\(")


class NotJsonError(ValueError):
    """The text is not JSON; `line` is where it stops being it, where that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def parse_json(text: str) -> Any:
    """Parse JSON; raises NotJsonError."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise NotJsonError(f"this is not JSON: {error.msg}", error.lineno) from None
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else "a number is too long"
        raise NotJsonError(f"unknown JSON: {reason}") from None


class Loader:
    """Gathers the files of modules; `pieces` then reads and computes all of them."""

    def __init__(self, base: Path, tops: Iterable[str] = ()) -> None:
        self.base = base
        self.tops = [posixpath.normpath(top) for top in tops]
        self.asked: dict[str, None] = {}
        self.modules: dict[str, Module] = {}
        self.broken: list[Broken] = []
        self.files = FolderFiles(base)
        self.readers: set[str] = set()
        """The folders whose modules read data: JSON or YAML."""

    def ask(self, source: str) -> None:
        """Note a file that was asked for; the others of its folder are read for what it refers to."""
        self.asked[source] = None

    def pieces(self) -> Iterator[Piece | Broken]:
        """Yield what stands in the modules, and which of their files are broken."""
        folders = list(dict.fromkeys(map(_folder, self.asked)))
        called: dict[str, None] = {}
        for folder in folders:
            self._load(folder)
        waiting = list(folders)
        while waiting:
            for folder in self.modules[waiting.pop()].called_folders():
                if folder not in self.modules:
                    self._load(folder)
                    self.asked |= dict.fromkeys(part.source for part in self.modules[folder].parts)
                    waiting.append(folder)
                called[folder] = None
        yield from (broken for broken in self.broken if broken.source in self.asked or _folder(broken.source) in called)
        roots = list(self._roots(folders, called))
        self.modules = bind_values(self.modules, roots)
        for folder in roots:
            yield from self._scan(folder)

    def data(self, paths: Iterable[str], known: Container[object]) -> Iterator[Found | Unresolved | Broken]:
        """Yield the blocks of the data that the modules read, or that stands beside them, but for the known ones."""
        data = [path for top in paths for path in data_files(self.base, top) if self._is_data_of_reader(path)]
        for path in dict.fromkeys([*sorted(self.files.read), *data]):
            if not path.endswith((".json", ".yaml", ".yml")):
                continue
            text = self.files.text(path)
            if text is None:
                yield from self.files.why_unread(path)
            else:
                for found in blocks_of_data(text, path):
                    if not isinstance(found, Found) or found.cidr not in known:
                        yield found

    def _is_data_of_reader(self, path: str) -> bool:
        """Whether data is in the folder of a module that reads some, or in one below it without Terraform."""
        folder = _folder(path)
        while folder not in self.readers:
            if folder in self.modules or folder in (".", "/", ".."):
                return False
            folder = _folder(folder)
        return not path.endswith(".tf.json")

    def _roots(self, folders: list[str], called: dict[str, None]) -> Iterator[str]:
        """Yield the modules that no other calls, and one of each circle of modules that call one another."""
        reached: set[str] = set()
        for folder in [*(f for f in folders if f not in called), *folders]:
            if folder not in reached:
                yield folder
                waiting = [folder]
                while waiting:
                    source = waiting.pop()
                    if source not in reached:
                        reached.add(source)
                        waiting += self.modules[source].called_folders()

    def _scan(self, folder: str) -> Iterator[Piece | Broken]:
        try:
            top = self.files.top_of(folder) or self._asked_top(folder)

            def new_evaluator(top: str = top) -> Evaluator:
                evaluator = Evaluator(self.files, folder, top)
                # Text of data counts letter by letter, and costs less than expressions do.
                evaluator.steps *= _MORE_FOR_DATA if self.readers else 1
                return evaluator

            for piece in scan_module(self.modules[folder], self.modules, new_evaluator):
                if piece.source in self.asked:
                    yield piece
        except RecursionError:
            yield Broken(source=folder, message="it is nested too deeply")

    def _asked_top(self, folder: str) -> str:
        """Return the path that was asked for and that a folder is below, without which nothing else is read."""
        return next((top for top in self.tops if is_below(folder, top)), folder)

    def _load(self, folder: str) -> None:
        parts: list[Part] = []
        values: list[Part] = []
        for file in module_files(self.base, folder):
            try:
                if isinstance(file, File):
                    if _READS_DATA.search(file.text):
                        self.readers.add(folder)
                    (values if "values" in file.form else parts).append(Part(source=file.source, body=_body(file)))
                else:
                    self.broken.append(file)
            except NotHclError as error:
                message = f"this is not HCL: {error.message}"
                self.broken.append(Broken(source=file.source, line=error.line, message=message))
            except NotJsonError as error:
                self.broken.append(Broken(source=file.source, line=error.line, message=error.message))
        self.modules[folder] = Module(folder=folder, parts=tuple(parts), values=tuple(values))


def _folder(source: str) -> str:
    return posixpath.normpath(posixpath.dirname(source) or ".")


def _body(file: File) -> hcl.Body:
    match file.form:
        case "json":
            return json_configuration(parse_json(file.text))
        case "json values":
            return json_values(parse_json(file.text))
    return read_hcl(file.text)
