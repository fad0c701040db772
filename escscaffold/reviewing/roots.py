"""The root modules of which something differs, evaluated on either side.

A root is a folder with Terraform that no other folder calls: where `terraform plan` is run. Only those are computed
that a differing file belongs to: its own files, those of the modules that it calls, its values, and what it reads.
"""

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.resource_facts import ResourceFacts
from escscaffold.reviewing.differences import LOCK_NAME
from escscaffold.reviewing.side_files import Reader, ReadFiles, SideFiles, Unread
from escscaffold.reviewing.undeclared_names import undeclared_uses
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.addresses import effective, follow, without_keys
from escscaffold.terraform.instances import Evaluated, adopted, evaluate_root
from escscaffold.terraform.modules import Module, Part, Variant, source_of
from escscaffold.terraform.references import (
    CONFIGURATION,
    VALUES,
    closure,
    folders_named,
    is_configuration,
    parent_folder,
    twin_of,
    variables_named,
)
from escscaffold.terraform.resource_changes import ResourceChange, RootChanges, root_changes

# Functions, and data sources that are given the path of a file or folder.
_READS_FILES = re.compile(
    r"\b(?:file(?:base64|exists|set|md5|sha1|sha256|sha512|base64sha256)?|templatefile)\s{0,5}\("
    r"|\bpath\.(?:module|root)\b|\barchive_file\b|\blocal_(?:sensitive_)?file\b|\"external\""
)
_MORE = re.compile(r'^[ \t]{0,100}"?(?:resource|module|data|output|locals|terraform|provider)\b', re.MULTILINE)
_BACKEND = re.compile(r'\b"?(?:backend"?[ \t:{]{1,50}"|cloud"?[ \t:]{0,50}\{)')
_MOST_ROOTS = 2_000
_MOST_TEXTS = 4_096
_MOST_ENDS = 200
"""Ends of files' names that are searched for in each text."""
_ANY_VERSION = "any version"

Fate = Literal["kept", "added", "removed"]
_ASSIGNED = re.compile(r'^[ \t]{0,100}"?([A-Za-z_][\w-]{0,200})"?[ \t]{0,100}[=:]', re.MULTILINE)


class Root(Struct, frozen=True, kw_only=True):
    """One root module with the values of one file, on both sides."""

    folder: str
    variant: str
    """The file that is chosen with -var-file; nothing where there is none to choose."""
    fate: Fate
    """Whether it is on both sides."""
    old: Evaluated
    new: Evaluated
    changes: RootChanges
    incomplete: tuple[str, ...] = ()
    """Files of it that could not be read."""
    folders: frozenset[str] = frozenset()
    """Its folder and those of the modules that it calls, on either side."""
    locked: tuple[tuple[str, str, str], ...] = ()
    """The providers of which `.terraform.lock.hcl` has another version: the source, before, after."""

    @property
    def name(self) -> str:
        """The folder, with the file of values where there is one to choose."""
        return f"{self.folder} ({self.variant})" if self.variant else self.folder


class Layout(Struct, kw_only=True):
    """Which folders of one side have Terraform, what they call, and which values are theirs."""

    files: dict[str, list[str]]
    """Files of configuration, by folder."""
    values: dict[str, list[str]]
    """Files of values, by the folder whose variables they are for."""
    calls: dict[str, set[str]]
    """The folders that each folder calls."""
    run: set[str]
    """The folders with values or a backend: Terraform is run there, even where another folder calls them."""
    shared: set[str]
    """The folders of nothing but files that links of other folders lead to: Terraform is not run there."""
    readers: set[str]
    """The folders in which files are read by a function."""
    unbound: list[str]
    """Files of values for which no folder declares the variables."""

    def closure(self, folder: str) -> set[str]:
        """Return the folder with all that it calls, directly or through others."""
        return closure(folder, lambda where: self.calls.get(where, ()))

    def roots(self) -> set[str]:
        """Return the folders that no other calls, and one of each ring of folders that call each other."""
        called = {inner for folder, inners in self.calls.items() for inner in inners if inner != folder}
        roots = {folder for folder in self.files if folder not in called | self.shared or folder in self.run}
        reached = {inner for root in roots for inner in self.closure(root)}
        for folder in sorted(self.files):
            if folder not in reached | self.shared:
                roots.add(folder)
                reached |= self.closure(folder)
        return roots


class _RootsSide(Struct, frozen=True):
    """One side, with what its root modules are evaluated by."""

    files: SideFiles
    layout: Layout
    read_files: Callable[[], ReadFiles]
    """The files that functions read, for one evaluation."""


def roots_between(
    before: SideFiles, after: SideFiles, differing: Collection[str], reader: Reader, resources: ResourceFacts
) -> tuple[list[Root], list[str]]:
    """Return the roots of which something differs, and the files of values that are for none."""
    # Listed in this order, and looked up for each file that a function reads.
    differing = dict.fromkeys(differing)
    others = [path for path in differing if not path.endswith((*CONFIGURATION, *VALUES))]
    named = _ends_of(others)
    old, new = _layout_of(before, named), _layout_of(after, named)
    old_roots, new_roots = old.roots(), new.roots()
    reader.unread += list(undeclared_uses(new.files, (before, after), differing, reader))
    roots: list[Root] = []
    one_sided = {path for path in differing if not (before.exists(path) and after.exists(path))}
    sides = (
        _RootsSide(before, old, partial(ReadFiles, before, differing, one_sided)),
        _RootsSide(after, new, partial(ReadFiles, after, differing, one_sided)),
    )
    folders = {parent_folder(path) for path in differing if is_configuration(path)}
    concerned: list[str] = []
    for folder in sorted(old_roots | new_roots):
        if any(_differs(layout, folder, folders, differing) for layout in (old, new)) or (
            others and any(_may_read(layout, folder) for layout in (old, new)) and _reads(folder, sides[1], reader)
        ):
            concerned.append(folder)
    too_many = "too many root modules differ"
    reader.unread += (Unread(path=folder, reason=too_many) for folder in concerned[_MOST_ROOTS:])
    for folder in concerned[:_MOST_ROOTS]:
        roots += _root(folder, *sides, reader, resources)
    # What looks like a call may be a comment, and a module that nothing calls is run by itself.
    reached = {folder for root in roots for folder in root.folders}
    for folder in sorted(folders - reached):
        if any(folder in layout.files and folder not in layout.shared for layout in (old, new)):
            roots += _root(folder, *sides, reader, resources)
    return roots, sorted({*old.unbound, *new.unbound} & set(differing))


def _ends_of(paths: Collection[str]) -> re.Pattern[str] | None:
    """Return what finds a string that may end in the name of one of these files in a text; None where there is none.

    What comes before an extension may be computed. Of many files, each text counts as one with such a string.
    """
    names = map(PurePosixPath, paths)
    ends = {re.escape(name.suffix) if name.suffix else rf"[\"/]{re.escape(name.name)}" for name in names}
    if not ends or len(ends) > _MOST_ENDS:
        return re.compile("") if ends else None
    return re.compile(rf"(?:{'|'.join(ends)})\"")


def _layout_of(side: SideFiles, named: re.Pattern[str] | None) -> Layout:
    """Return which folders of a side have Terraform; those with a string that `named` finds may read its file."""
    files: dict[str, list[str]] = {}
    values: list[str] = []
    for path, entry in side.entries.items():
        if "/.terraform/" in f"/{path}":
            continue
        if is_configuration(path) and entry.kind == "file":
            files.setdefault(parent_folder(path), []).append(path)
        elif path.endswith(VALUES) and entry.kind == "file" and not _is_of_tests(path, side):
            values.append(path)
    side.read_ahead(path for paths in files.values() for path in paths)
    calls: dict[str, set[str]] = {}
    readers: set[str] = set()
    run: set[str] = set()
    for folder, paths in files.items():
        for path in paths:
            text = side.text(path) or ""
            mentions = _mentions_of(text)
            if inner := folders_named(path, text) & files.keys():
                calls.setdefault(folder, set()).update(inner)
            if mentions.reads_files or (named and named.search(text)):
                readers.add(folder)
            if mentions.has_backend:
                run.add(folder)
    shared = {folder for folder, paths in files.items() if side.linked.issuperset(paths)}
    called = {inner for inners in calls.values() for inner in inners}
    unshared = {folder: paths for folder, paths in files.items() if folder not in shared}
    bound, unbound = _bound(values, unshared, called, side)
    if named:
        side.read_ahead(values)
        readers.update(f for f, paths in bound.items() if any(named.search(side.text(path) or "") for path in paths))
    return Layout(
        files=files,
        values=bound,
        calls=calls,
        run=run | bound.keys(),
        shared=shared,
        readers=readers,
        unbound=unbound,
    )


class _Mentions(Struct, frozen=True):
    """Whether a text of Terraform may read files and have a backend, by its words alone."""

    reads_files: bool
    has_backend: bool


@lru_cache(maxsize=_MOST_TEXTS)
def _mentions_of(text: str) -> _Mentions:
    """Return what a text mentions. Most texts are on both sides, and many environments have the same."""
    return _Mentions(
        reads_files=bool(_READS_FILES.search(text)),
        has_backend=bool(_BACKEND.search(text)),
    )


def _is_of_tests(path: str, side: SideFiles) -> bool:
    """Return True for values that `terraform test` alone reads: those next to its files."""
    folder = parent_folder(path)
    return posixpath.basename(folder) == "tests" and any(
        name.endswith((".tftest.hcl", ".tftest.json", ".tofutest.hcl")) for name in side.names_in(folder)
    )


def _bound(
    values: Iterable[str], files: Mapping[str, list[str]], called: Collection[str], side: SideFiles
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the files of values by the folder that declares their variables: their own, or another one."""
    bound: dict[str, list[str]] = {}
    unbound: list[str] = []
    declared: dict[str, frozenset[str]] = {}

    def variables(folder: str) -> frozenset[str]:
        if folder not in declared:
            named = (variables_named(path, side.text(path) or "") for path in files[folder])
            declared[folder] = frozenset().union(*named)
        return declared[folder]

    # A pipeline copies a folder of variables alone next to what uses them.
    complete = {folder for folder, paths in files.items() if any(_MORE.search(side.text(path) or "") for path in paths)}
    for path in sorted(values):
        folder = parent_folder(path)
        if folder in files:
            bound.setdefault(folder, []).append(path)
            continue
        if path in side.linked:
            continue  # It is read where a link leads to it.
        names = frozenset(_ASSIGNED.findall(side.text(path) or ""))
        above = [_parent for _parent in (str(p) for p in PurePosixPath(path).parents) if _parent in complete]
        choice = next((folder for folder in above if names & variables(folder)), None)
        if choice is None and names:
            # Another root module that declares one of them may be run with the file as well.
            fitting = [folder for folder in sorted(complete.difference(called)) if names & variables(folder)]
            choice = fitting[0] if len(fitting) == 1 and names <= variables(fitting[0]) else None
        if choice is None:
            unbound.append(path)
        else:
            bound.setdefault(choice, []).append(path)
    return bound, unbound


def _differs(layout: Layout, folder: str, folders: Collection[str], differing: Collection[str]) -> bool:
    """Return whether a root module's own Terraform differs, or that of a module that it calls, or its values.

    `folders` have a differing file of configuration.
    """
    if folder not in layout.files:
        return False
    files = (*layout.values.get(folder, ()), posixpath.normpath(posixpath.join(folder, LOCK_NAME)))
    return not layout.closure(folder).isdisjoint(folders) or any(path in differing for path in files)


def _may_read(layout: Layout, folder: str) -> bool:
    return folder in layout.files and not layout.closure(folder).isdisjoint(layout.readers)


def _reads(folder: str, side: _RootsSide, reader: Reader) -> bool:
    """Return whether a function of a root module reads, or may read, a file that differs.

    If none does, the other side is computed from the same Terraform and the same files.
    """
    modules = _modules(folder, side.files, side.layout, reader, "")
    if folder not in modules or any(parent_folder(path) in modules for path in reader.hidden):
        return True
    for variant in modules[folder].variants():
        read = side.read_files()
        if not evaluate_root(modules[folder], modules, variant, read).is_complete or read.has_read_differing:
            return True
    return False


def _root(
    folder: str,
    before: _RootsSide,
    after: _RootsSide,
    reader: Reader,
    resources: ResourceFacts,
) -> Iterator[Root]:
    old = _modules(folder, before.files, before.layout, reader, "before this change, ")
    new = _modules(folder, after.files, after.layout, reader, "")
    incomplete = tuple(
        sorted(
            {
                *(path for path in reader.hidden if parent_folder(path) in {*old, *new}),
                *_unread_links(before.files, old),
                *_unread_links(after.files, new),
            }
        )
    )
    old_variants = {v.name: v for v in old[folder].variants()} if folder in old else {}
    new_variants = {v.name: v for v in new[folder].variants()} if folder in new else {}
    folders = {*_reached(folder, old), *_reached(folder, new)}
    unread_calls = frozenset(_calls_in(incomplete, (*old.values(), *new.values())))
    locked = tuple(_relocked(*(_locked(side, folder, reader) for side in (before.files, after.files))))
    sets = resources.sets_of
    reader.unread += _no_longer_automatic(old.get(folder), new.get(folder), old_variants, new_variants)
    for name, first, second in _ways(old_variants, new_variants):
        old_side = evaluate_root(old[folder], old, first, before.read_files(), sets_of=sets) if first else Evaluated()
        new_side = evaluate_root(new[folder], new, second, after.read_files(), sets_of=sets) if second else Evaluated()
        changes = RootChanges()
        if first and second:
            moves = effective(new_side.moves, old_side.instances.keys(), new_side.instances.keys())
            moves += adopted(old_side, new_side)
            if moves:
                old_side = evaluate_root(old[folder], old, first, before.read_files(), partial(follow, moves), sets)
            changes = root_changes(old_side, new_side, resources.provider, resources.conditions)
            changes = _as_far_as_read(changes, incomplete, unread_calls)
        yield Root(
            folder=folder,
            variant=name,
            fate="kept" if first and second else "added" if second else "removed",
            old=old_side,
            new=new_side,
            changes=changes,
            incomplete=incomplete,
            folders=frozenset(folders),
            locked=locked,
        )


def _calls_in(paths: Collection[str], modules: Iterable[Module]) -> Iterator[str]:
    """Yield the names of the modules that these files call, where a side of them was read."""
    for module in modules:
        for part in module.parts if paths else ():
            if part.source in paths:
                yield from (block.labels[0] for block in part.body.blocks if block.type == "module" and block.labels)


def _as_far_as_read(changes: RootChanges, unread: Collection[str], unread_calls: Collection[str]) -> RootChanges:
    """Return the changes in which what only one side of an unread file declares is neither destroyed nor created."""

    def as_read(change: ResourceChange) -> ResourceChange:
        instance = change.instance
        names = without_keys(instance.was).split(".")
        is_called = any(pair[0] == "module" and pair[1] in unread_calls for pair in pairwise(names))
        if change.action not in ("create", "destroy") or not (is_called or instance.path in unread):
            return change
        return replace(change, action="unknown", why=f"a side of {', '.join(unread)} cannot be read")

    if not unread:
        return changes
    ended = [call for call in changes.ended_calls if call.address.rpartition("module.")[2] not in unread_calls]
    return replace(changes, resources=[as_read(change) for change in changes.resources], ended_calls=ended)


def _unread_links(side: SideFiles, modules: Collection[str]) -> Iterator[str]:
    """Yield the links among the files of these modules that lead to nothing here."""
    for folder in modules:
        for path in side.names_in(folder):
            if side.entries[path].kind == "link" and (is_configuration(path) or path.endswith(VALUES)):
                yield path


def _reached(folder: str, modules: Mapping[str, Module]) -> set[str]:
    return closure(folder, lambda where: modules[where].called_folders() if where in modules else ())


def _locked(side: SideFiles, folder: str, reader: Reader) -> dict[str, str]:
    """Return the version of each provider in a root module's lock file, by its source."""
    path = posixpath.normpath(posixpath.join(folder, LOCK_NAME))
    versions: dict[str, str] = {}
    for body in reader.bodies(side, [path]).values():
        for block in body.blocks:
            version = block.body.attribute("version")
            if block.labels and version and isinstance(version.value, hcl.Literal):
                versions[source_of(block.labels[0])] = str(version.value.value)
    return versions


def _relocked(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the providers with another version; a first lock file only keeps what `terraform init` would take."""
    for source, version in old.items():
        if version != new.get(source, _ANY_VERSION):
            yield source, version, new.get(source, _ANY_VERSION)


def _no_longer_automatic(
    old: Module | None, new: Module | None, before: Mapping[str, Variant], after: Mapping[str, Variant]
) -> Iterator[Unread]:
    """Yield the files of values that must be passed from now on, where Terraform read the same values by itself."""
    if old is None or new is None or "" in after or "" not in before:
        return
    lost = before[""].values.keys() - new.automatic_values.keys()
    for variant in after.values():
        if lost & variant.values.keys():
            path = posixpath.normpath(posixpath.join(new.folder, variant.name))
            yield Unread(path=path, reason="it must be passed with -var-file, which its values did not need before")


def _ways(
    old: Mapping[str, Variant], new: Mapping[str, Variant]
) -> Iterator[tuple[str, Variant | None, Variant | None]]:
    """Yield the ways in which a root module is run on both sides, each with its name; None where a side has it not."""
    if not old or not new or old.keys() & new.keys():
        for name in dict.fromkeys((*new, *old)):
            yield name, old.get(name), new.get(name)
        return
    # Every file of values came or went: what was run without one is run with it now, or the other way round.
    for name, variant in (new if "" in old else old).items():
        yield name, *((old[""], variant) if "" in old else (variant, new.get("", next(iter(new.values())))))


def _modules(folder: str, side: SideFiles, layout: Layout, reader: Reader, when: str) -> dict[str, Module]:
    modules: dict[str, Module] = {}
    if folder not in layout.files:
        return modules
    for inner in sorted(layout.closure(folder)):
        parts = _parts(side, layout.files.get(inner, ()), reader, when)
        values = _parts(side, layout.values.get(inner, ()) if inner == folder else (), reader, when)
        modules[inner] = Module(folder=inner, parts=parts, values=values)
    return modules


def _parts(side: SideFiles, paths: Iterable[str], reader: Reader, when: str) -> tuple[Part, ...]:
    # As OpenTofu does, which falls back on what Terraform reads.
    paths = [path for path in paths if not twin_of(path, side.entries)]
    bodies: dict[str, hcl.Body] = reader.bodies(side, sorted(paths), when)
    return tuple(Part(source=path, body=body) for path, body in bodies.items())
