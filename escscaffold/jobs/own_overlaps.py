"""Networks and subnets of a person's own Terraform that overlap allocated ranges, for `check` and `review`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock, folder_of
from escscaffold.repository.terraform_texts import TerraformFolders
from escscaffold.repository.updating import Update
from escscaffold.rules.finding import Finding
from escscaffold.scanning.found import Unresolved
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.modules import Module, Part
from escscaffold.terraform.references import VALUES, closure, folders_named, folders_with_terraform, is_configuration

if TYPE_CHECKING:  # slow to import; `check` needs them for own files only, or not at all
    from escscaffold.reviewing.side_files import Reader, SideFiles
    from escscaffold.reviewing.sides import Side
    from escscaffold.terraform.functions import Files


class OwnOverlaps(Struct, frozen=True, kw_only=True):
    """What of a person's own Terraform overlaps, and of which files that is not known."""

    findings: tuple[Finding, ...] = ()
    unknown: tuple[Unresolved, ...] = ()
    """Networks and subnets whose range cannot be computed, one for each file."""


class _Side(Struct, frozen=True, kw_only=True):
    """One state of a repository's files."""

    names_in: Callable[[str], Iterable[str]]
    """The paths of the Terraform files in a folder; there may be others among them."""
    values_in: Callable[[str], Iterable[str]]
    """Those of the files of values in a root module."""
    text: Callable[[str], str]
    bodies: Callable[[Iterable[str]], Mapping[str, hcl.Body]]
    """Those of the files that can be read; the others are reported by those who read all of them."""
    files: Callable[[], "Files"]
    """What functions of the configuration read."""
    generated: Collection[str]
    folders: Iterable[str]
    """The folders with Terraform."""

    def own_files(self, folder: str) -> list[str]:
        """Return the files of a folder that are a person's own."""
        return [path for path in self.names_in(folder) if is_configuration(path) and path not in self.generated]


def overlaps_on_disk(standing: TerraformFolders, plan: AddressPlan, lock: Lock, update: Update) -> OwnOverlaps:
    """Return what overlaps in the repository as it is once `generate` has run; folders without own files cost nothing.

    A file that cannot be read is reported with the Terraform that does not parse.
    """

    def bodies(paths: Iterable[str]) -> Mapping[str, hcl.Body]:
        return {path: body for path in paths if (body := _body(standing, path)) is not None}

    return _overlaps(
        _Side(
            names_in=standing.paths,
            values_in=standing.values,
            folders=standing.folders(),
            text=standing.text,
            bodies=bodies,
            files=partial(_files_in, standing.folder),
            generated={file.path for file in update.files} | _generated(lock),
        ),
        plan,
    )


def _files_in(folder: Path) -> "Files":
    from escscaffold.scanning.source_files import FolderFiles

    return FolderFiles(folder)


def _body(standing: TerraformFolders, path: str) -> hcl.Body | None:
    try:
        return standing.body(path)
    except (ValueError, RecursionError):
        return None


def overlaps_on_side(files: "SideFiles", side: "Side", reader: "Reader") -> OwnOverlaps:
    """Return what overlaps on one side of a review."""
    if side.plan is None:
        return OwnOverlaps()
    return _overlaps(
        _Side(
            names_in=files.names_in,
            values_in=files.names_in,
            folders=folders_with_terraform(files.entries),
            text=lambda path: files.text(path) or "",
            bodies=lambda paths: reader.bodies(files, paths),
            files=lambda: files,
            generated=_generated(side.lock),
        ),
        side.plan,
    )


def _generated(lock: Lock) -> set[str]:
    manifest = lock.manifest
    return {*manifest.written, *manifest.deleted, *manifest.released}


def _overlaps(side: _Side, plan: AddressPlan) -> OwnOverlaps:
    roots = tuple(_concerned(side, plan))
    if not roots:
        return OwnOverlaps()
    # Slow to import, and most repositories have nothing to evaluate.
    from escscaffold.scanning.own_declarations import OwnDeclarations, overlap_findings, own_declarations
    from escscaffold.terraform.evaluating import Evaluator

    modules: dict[str, Module] = {}
    declared = []
    for name in roots:
        where = folder_of(name)
        folders = _load(side, where, modules)
        own_files = {path for folder in folders for path in side.own_files(folder)}
        evaluator = partial(Evaluator, side.files(), where, ".")
        root = modules.pop(where)
        try:
            declared.append(own_declarations(name, root, modules, own_files, plan.spec.facts, evaluator))
        except RecursionError:
            declared.append(OwnDeclarations(environment=name, unknown=(_nested_too_deeply(where, own_files),)))
    unknown = {unresolved.source: unresolved for declarations in declared for unresolved in declarations.unknown}
    return OwnOverlaps(findings=tuple(overlap_findings(plan, declared)), unknown=tuple(unknown.values()))


def _nested_too_deeply(where: str, files: Iterable[str]) -> Unresolved:
    reason = "it is nested too deeply"
    return Unresolved(
        name="a network or subnet", argument="", expression="", reason=reason, source=min(files, default=where)
    )


def _load(side: _Side, root: str, modules: dict[str, Module]) -> set[str]:
    """Read a root module and what it calls, once each; return their folders."""

    def calls(where: str) -> set[str]:
        if where not in modules:
            value_files = side.values_in(where) if where == root else ()
            bodies = side.bodies(sorted({*side.names_in(where), *value_files}))
            files = [Part(source=path, body=body) for path, body in bodies.items()]
            modules[where] = Module(
                folder=where,
                parts=tuple(file for file in files if is_configuration(file.source)),
                values=tuple(file for file in files if file.source.endswith(VALUES) and where == root),
            )
        return set(modules[where].called_folders())

    return closure(root, calls)


def _concerned(side: _Side, plan: AddressPlan) -> Iterator[str]:
    """Yield the environments in which an own file may declare a network: in the root module, or in what it calls.

    Of the others nothing is read, unless a module has such a file.
    """
    declaring: dict[str, bool] = {}
    called: dict[str, set[str]] = {}

    def declares(where: str) -> bool:
        if where not in declaring:
            files = side.own_files(where)
            declaring[where] = bool(files) and _any_may_declare(map(side.text, files))
        return declaring[where]

    def calls(where: str) -> set[str]:
        if where not in called:
            paths = [path for path in side.names_in(where) if is_configuration(path)]
            called[where] = {folder for path in paths for folder in folders_named(path, side.text(path))}
        return called[where]

    roots = {folder_of(environment.name): environment.name for environment in plan.environments}
    in_modules = any(declares(where) for where in side.folders if where not in roots)
    for where, name in roots.items():
        if declares(where) or (in_modules and any(map(declares, closure(where, calls)))):
            yield name


def _any_may_declare(texts: Iterable[str]) -> bool:
    from escscaffold.scanning.own_declarations import may_declare  # slow to import, and most folders have no own file

    return any(map(may_declare, texts))
