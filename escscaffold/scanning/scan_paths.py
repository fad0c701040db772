"""A scan of some paths: files become modules or lists, and one that is broken does not stop the others.

A file of values is for the root module that declares its variables: `environments/prod/terraform.tfvars` next to the
root's `main.tf` is what `terraform -var-file` is given.
"""

import posixpath
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from escscaffold.clouds.known_facts import Facts
from escscaffold.scanning.cloud_listings import fitting_command, joined_resources
from escscaffold.scanning.documents import NotJsonError, blocks_of_data, parse_json, scan_document, scan_yaml
from escscaffold.scanning.found import Broken, CloudResource, Found, Scan, Unresolved, without_lists_of_space
from escscaffold.scanning.kinds import OWNED
from escscaffold.scanning.lists import scan_lines, scan_table
from escscaffold.scanning.source_files import MODULE_FORMS, File, FolderFiles, data_files, files_at, module_files
from escscaffold.scanning.terraform_files import Piece, scan_module, scan_terragrunt
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.evaluating import Evaluator
from escscaffold.terraform.functions import is_below
from escscaffold.terraform.hcl_reader import json_configuration, json_values, read_hcl
from escscaffold.terraform.modules import Module, Part
from escscaffold.terraform.tokens import NotHclError

_NOTHING_READ = "no supported files in the folder"
ScanPiece = Found | Unresolved | Broken | CloudResource
_MORE_FOR_DATA = 8
_READS_DATA = re.compile(r"\b(?:json|yaml)decode\(|\bfileset\(")


def scan_paths(base: Path, paths: Iterable[str], facts: Facts) -> Scan:
    """Scan files and folders below `base`."""
    paths = list(paths)
    scan, loader = Scan(facts=facts), Loader(base, facts, paths)
    files: dict[str, File | Broken] = {}
    for path in paths:
        files |= {file.source: file for file in files_at(base, path, facts)} or {path: _nothing_at(path, facts)}
    for file in files.values():
        if isinstance(file, File) and file.form in MODULE_FORMS:
            loader.ask(file.source)
        else:
            _sort_in(scan, _pieces(file, facts))
    _sort_in(scan, loader.pieces())
    _sort_in(scan, loader.data(paths, {block.cidr for block in scan.blocks if block.kind in OWNED}))
    # What a cloud lists is what it has.
    scan.blocks = without_lists_of_space(scan.blocks, facts)
    scan.resources = joined_resources(scan.resources)
    scan.blocks += (block for resource in scan.resources for block in resource.blocks)
    scan.blocks = _without_repetition(scan.blocks)
    scan.unresolved = list(dict.fromkeys(scan.unresolved))
    scan.broken = sorted(set(scan.broken), key=lambda broken: (broken.source, broken.line or 0))
    scan.files = sum(isinstance(file, File) or not file.message.startswith(_NOTHING_READ) for file in files.values())
    scan.modules = loader.modules
    scan.texts = [
        (file.source, file.text) for file in files.values() if isinstance(file, File) and file.form == "state"
    ]
    return scan


def _nothing_at(path: str, facts: Facts) -> Broken:
    message = (
        f"{_NOTHING_READ}: Terraform files, terragrunt.hcl, a state, JSON of `terraform show -json`, "
        f"JSON of {fitting_command(None, facts)}, or *.csv"
    )
    return Broken(source=path, message=message)


def _without_repetition(blocks: Iterable[Found]) -> list[Found]:
    """Return each block once for each place where it is.

    A state only repeats the configuration, and a variable what is in use elsewhere.
    """
    distinct = list(_same_for_all_values(blocks))
    with_lines = {(f.cidr, f.name) for f in distinct if f.line is not None}
    in_use = {f.cidr for f in distinct if f.kind != "value"}
    first: dict[object, Found] = {}
    for f in distinct:
        if f.kind == "value" and f.cidr in in_use:
            continue
        if f.line is not None:
            first[f] = f
        elif (f.cidr, f.name) not in with_lines:
            first.setdefault((f.cidr, f.kind, f.name), f)
    return list(first.values())


def _same_for_all_values(blocks: Iterable[Found]) -> Iterable[Found]:
    """Return each block once, without a file of values where it is the same with another one."""
    first: dict[Found, Found] = {}
    for f in blocks:
        same = replace(f, values="") if f.values else f
        first[same] = same if same in first and first[same] != f else f
    return first.values()


def _sort_in(scan: Scan, pieces: Iterable[ScanPiece]) -> None:
    for piece in pieces:
        match piece:
            case Found():
                scan.blocks.append(piece)
            case Unresolved():
                scan.unresolved.append(piece)
            case Broken():
                scan.broken.append(piece)
            case CloudResource():
                scan.resources.append(piece)


def _pieces(file: File | Broken, facts: Facts) -> Iterator[ScanPiece]:
    if isinstance(file, Broken):
        yield file
    elif file.form == "table":
        yield from scan_table(file.text, file.source)
    elif file.form == "list":
        yield from scan_lines(file.text, file.source, facts)
    elif file.form == "terragrunt":
        yield from scan_terragrunt(file.text, file.source, facts)
    elif file.form == "yaml":
        yield from scan_yaml(file.text, file.source, facts)
    else:
        yield from scan_document(file.text, file.source, facts)


class Loader:
    """Gathers the files of modules; `pieces` then reads and computes all of them."""

    def __init__(self, base: Path, facts: Facts, tops: Iterable[str] = ()) -> None:
        self.base = base
        self.facts = facts
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
        """Yield what is in the modules, and which of their files are broken."""
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
        self.modules = _bind_values(self.modules, roots)
        for folder in roots:
            yield from self._scan(folder)

    def data(self, paths: Iterable[str], cidrs: Container[object]) -> Iterator[Found | Unresolved | Broken]:
        """Yield the blocks of the data that the modules read, or that is in their folders, except the known ones."""
        data = [path for top in paths for path in data_files(self.base, top) if self._is_data_of_reader(path)]
        for path in dict.fromkeys([*sorted(self.files.read), *data]):
            if not path.endswith((".json", ".yaml", ".yml")):
                continue
            text = self.files.text(path)
            if text is None:
                yield from self.files.why_unread(path)
            else:
                for block in blocks_of_data(text, path, self.facts):
                    if not isinstance(block, Found) or block.cidr not in cidrs:
                        yield block

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
            top = self.files.top_of(folder) or self._top_of_paths(folder)

            def new_evaluator(top: str = top) -> Evaluator:
                evaluator = Evaluator(self.files, folder, top)
                # Text of data counts letter by letter, and costs less than expressions do.
                evaluator.steps *= _MORE_FOR_DATA if self.readers else 1
                return evaluator

            for piece in scan_module(self.modules[folder], self.modules, self.facts, new_evaluator):
                if piece.source in self.asked:
                    yield piece
        except RecursionError:
            yield Broken(source=folder, message="it is nested too deeply")

    def _top_of_paths(self, folder: str) -> str:
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


def _bind_values(modules: Mapping[str, Module], roots: Iterable[str]) -> dict[str, Module]:
    """Return the modules, with the values of folders that have nothing else given to the roots that they are for."""
    candidates = [folder for folder in roots if modules[folder].parts]
    by_root: dict[str, list[Part]] = {}
    taken: dict[str, list[Part]] = {}
    for folder, module in modules.items():
        for part in () if module.parts else module.values:
            for root in _roots_for(part, folder, candidates, modules):
                by_root.setdefault(root, []).append(part)
                taken.setdefault(folder, []).append(part)
    bound = {
        folder: replace(module, values=tuple(part for part in module.values if part not in taken.get(folder, ())))
        for folder, module in modules.items()
    }
    for root, parts in by_root.items():
        bound[root] = replace(bound[root], values=(*bound[root].values, *parts))
    return bound


def _roots_for(part: Part, folder: str, candidates: list[str], modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield the roots that declare what a file gives: the nearest above it, or else those that declare all of it."""
    names = {attribute.name for attribute in part.body.attributes}
    if not names:
        return
    above = [root for root in candidates if _is_above(root, folder) and names & _variables(modules[root])]
    if above:
        yield max(above, key=len)
        return
    fitting = [root for root in candidates if names <= _variables(modules[root])]
    nearest = max((_shared(root, folder) for root in fitting), default=0)
    yield from (root for root in fitting if _shared(root, folder) == nearest)


def _variables(module: Module) -> set[str]:
    return {block.labels[0] for block in module.blocks("variable") if block.labels}


def _is_above(root: str, folder: str) -> bool:
    return root == "." or folder.startswith(f"{root}/")


def _shared(first: str, second: str) -> int:
    """Return how many folders two paths have in common."""
    return len(posixpath.commonprefix([first.split("/"), second.split("/")]))
