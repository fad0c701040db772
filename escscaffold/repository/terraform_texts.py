"""The repository's Terraform as it is once `generate` has run: whether it parses and every reference resolves.

Terraform is not run. A folder that stands as it was generated is skipped: its templates are tried with Terraform.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import ENVIRONMENTS, folder_of
from escscaffold.rendering.generated import has_header
from escscaffold.repository.disk import read_spec_text, read_text, with_unix_ends
from escscaffold.repository.file_states import FileState
from escscaffold.repository.terraform_cli import Complaint, terraform_reads
from escscaffold.repository.updating import Update
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.toml_text import key_places, place_of
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_reader import json_configuration, json_values, read_hcl
from escscaffold.terraform.references import (
    CONFIGURATION,
    VALUES,
    Missing,
    ModuleCall,
    ModuleFiles,
    folders_named,
    is_configuration,
    leads_out,
    local_calls,
    lost_declarations,
    lost_values,
    missing_in,
    missing_modules,
)
from escscaffold.terraform.tokens import NotHclError

SUFFIXES = (".tf", ".tf.json")
_MODULES = "modules"
# What may be declared in these blocks of JSON is not read from them.
_NOT_READ = {"ephemeral", "check"}
_FOLDERS = (f"{ENVIRONMENTS}/*", f"{_MODULES}/*")
_NOWHERE = "is not declared in this folder."


class TerraformFolders:
    """Files by folder; each folder is listed once and read when it is asked for, and each text is parsed once."""

    def __init__(self, folder: Path, update: Update) -> None:
        self.folder = folder
        self.as_generated = frozenset(file.path for file in update.with_state("new", "unchanged", "regenerated"))
        self._texts = {file.path: _text(file) for file in update.files if file.path.endswith((*SUFFIXES, *VALUES))}
        self._generated: dict[str, set[str]] = {}
        for path, text in self._texts.items():
            if text is not None:
                self._generated.setdefault(path.rpartition("/")[0], set()).add(path)
        self._paths: dict[str, frozenset[str]] = {}
        self._bodies: dict[str, hcl.Body] = {}

    def folders(self) -> list[str]:
        """Return every root and module that has a file of Terraform."""
        folders = {where for where in self._generated if _is_root_or_module(where)}
        for above in (ENVIRONMENTS, _MODULES):
            folders |= {f"{above}/{name}" for name in _names_in(self.folder / above)}
        return sorted(where for where in folders if self.paths(where))

    def paths(self, where: str) -> frozenset[str]:
        """Return the files of Terraform in a folder."""
        if where not in self._paths:
            self._paths[where] = frozenset(self._with(where, SUFFIXES))
        return self._paths[where]

    def values(self, where: str) -> set[str]:
        """Return the files of values in a folder."""
        return {p for p in self._with(where, VALUES) if p in self._texts or (self.folder / p).is_file()}

    def _with(self, where: str, ends: tuple[str, ...]) -> set[str]:
        names = (name for name in _names_in(self.folder / where) if name.endswith(ends))
        listed = (f"{where}/{name}" for name in names if is_configuration(name) or name.endswith(VALUES))
        generated = {path for path in self._generated.get(where, ()) if path.endswith(ends)}
        return generated.union(path for path in listed if path not in self._texts)

    def own_files(self, where: str) -> frozenset[str]:
        """Return the files of a folder that are not as they are generated."""
        return self.paths(where) - self.as_generated

    def exists(self, where: str) -> bool:
        """Return whether there is such a folder, with or without Terraform in it."""
        return bool(self.paths(where)) or bool(_names_in(self.folder / where))

    def text(self, path: str) -> str:
        """Return a file's text, with LF line ends."""
        cached = self._texts.get(path)
        text = cached if cached is not None else read_text(self.folder / path) or ""
        return with_unix_ends(text)

    def body(self, path: str) -> hcl.Body:
        """Read a file; raises NotHclError."""
        text = self.text(path)
        if path.endswith(".json"):
            return _body_of_json(path, text)
        # Most files of an environment have the same text in each other one.
        if text not in self._bodies:
            self._bodies[text] = read_hcl(text)
        return self._bodies[text]

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

    Of a person's own files those are in it that are in a root module of which something changes.
    """
    ends = (*SUFFIXES, *VALUES)
    files = [file for file in update.files if file.path.endswith(ends)]
    before = {file.path: with_unix_ends(file.old) for file in files if file.old is not None}
    after = {file.path: with_unix_ends(text) for file in files if (text := _text(file)) is not None}
    changed = {path.rpartition("/")[0] for path in before if before[path] != after.get(path)}
    if not changed:
        return {}, {}
    roots = {path.rpartition("/")[0] for path in before if path.startswith(f"{ENVIRONMENTS}/")}
    for where in sorted(roots):
        for name in _names_in(folder / where):
            path = f"{where}/{name}"
            if name.endswith(ends) and path not in before and path not in after:
                before[path] = after[path] = with_unix_ends(read_text(folder / path) or "")
    return before, after


def _body_of_json(path: str, text: str) -> hcl.Body:
    """Read the text of a `.tf.json` or `.tfvars.json` file; raises NotHclError, with the line where it is known."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotHclError(f"this is not JSON: {error.msg}", error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise NotHclError(f"this JSON is not readable: {error}") from None
    if path.endswith(VALUES):
        return json_values(document)
    if isinstance(document, dict) and (unread := sorted(document.keys() & _NOT_READ)):
        raise UnreadBlockError(f"{unread[0]} blocks of JSON are not read")
    return json_configuration(document)


class UnreadBlockError(NotHclError):
    """The file is right, and has a block that is not read here."""


def _text(file: FileState) -> str | None:
    """Return what is in a file once `generate` has run, None where there is none."""
    return file.old if file.state in ("beside", "obsolete-edited") else file.new


def _is_root_or_module(where: str) -> bool:
    return where.count("/") == 1 and where.startswith((f"{ENVIRONMENTS}/", f"{_MODULES}/"))


def _names_in(folder: Path) -> list[str]:
    with suppress(OSError, ValueError):  # a module's source can have a null character
        return os.listdir(folder)  # noqa: PTH208  # of thousands of folders, paths take longer than names
    return []


def unreadable_files(folder: Path, as_generated: frozenset[str] | None) -> Iterator[Complaint]:
    """Yield each `.tf.json` and `.tfvars.json` file that is not JSON, and each `.tf` and `.tfvars` that is not HCL.

    Of those that are as they were generated none is read.
    Where that is not known (None), those with our header are taken to be as they were.
    """
    # Values of modules are never read.
    patterns = [f"{where}/*{end}" for where in _FOLDERS for end in SUFFIXES]
    patterns += [f"{ENVIRONMENTS}/*/*{end}" for end in VALUES]
    for path in (path for pattern in patterns for path in sorted(folder.glob(pattern))):
        name = path.relative_to(folder).as_posix()
        if as_generated is not None and name in as_generated:
            continue
        text = read_text(path)
        if text is None or (as_generated is None and has_header(text)):
            continue
        # `terraform fmt` reads no JSON.
        is_json = name.endswith(".json")
        complaint = _json_complaint(name, text) if is_json else _complaint(name, text)
        if complaint and (is_json or not terraform_reads(path)):
            yield complaint


def opentofu_files(folder: Path) -> tuple[str, ...]:
    """Return the files that only OpenTofu reads: where `x.tofu` exists, it reads that instead of `x.tf`."""
    ends = set(CONFIGURATION) - set(SUFFIXES)
    files = (path for pattern in _FOLDERS for end in ends for path in folder.glob(f"{pattern}/*{end}"))
    return tuple(sorted(path.relative_to(folder).as_posix() for path in files))


def _json_complaint(name: str, text: str) -> Complaint | None:
    try:
        _body_of_json(name, text)
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


def unresolved(
    standing: TerraformFolders, plan: AddressPlan, update: Update, *, references: bool = True
) -> Iterator[Complaint]:
    """Yield what is used and does not exist, in the repository as it is once `generate` has run.

    Looked at are the folders where a person has had a hand; without `references`, only for folders that are called.
    """
    # While all that is generated stands, what is generated calls only what stands.
    is_complete = not any(file.state in ("deleted", "released") and file.new is None for file in update.files)
    missing_parts = [*_missing_environments(standing, plan), *_missing_folders(standing, only_own=is_complete)]
    if references:
        missing_parts += [*_lost(standing, update), *_unresolved_references(standing, update)]
    for missing in dict.fromkeys(missing_parts):
        yield Complaint(path=missing.path, line=missing.line or 0, message=missing.message)


def _missing_environments(standing: TerraformFolders, plan: AddressPlan) -> Iterator[Missing]:
    missing = [environment.name for environment in plan.environments if not standing.paths(folder_of(environment.name))]
    places = key_places(read_spec_text(standing.folder)) if missing else {}
    for name in missing:
        message = f"{folder_of(name)} has no Terraform files, but the spec has environment {name}."
        yield Missing(SPEC_FILE, place_of(places, ("environments", name))[0], message)


def _missing_folders(standing: TerraformFolders, *, only_own: bool) -> Iterator[Missing]:
    """Yield the calls of folders without Terraform, also in the folders that are called themselves."""
    waiting, reached = standing.folders(), set(standing.folders())
    while waiting:
        where = waiting.pop(0)
        for path in sorted(standing.own_files(where) if only_own else standing.paths(where)):
            named = folders_named(path, standing.text(path))
            if lacking := {folder for folder in named if not standing.paths(folder)}:
                calls = [call for call in _calls(standing, path) if call.folder in lacking]
                yield from _missing_targets(standing, calls)
            further = sorted(folder for folder in named - reached if not leads_out(folder))
            reached |= named
            waiting += further


def _missing_targets(standing: TerraformFolders, calls: list[ModuleCall]) -> Iterator[Missing]:
    folders = [f"{call.folder}/" for call in calls if standing.exists(call.folder)]
    yield from missing_modules(folders, (call for call in calls if not leads_out(call.folder)))
    for call in calls:
        if leads_out(call.folder):
            message = f"{call.name}: the source folder, outside this repository, has no Terraform files."
            yield Missing(call.path, call.line, message)


def _calls(standing: TerraformFolders, path: str) -> list[ModuleCall]:
    try:
        return list(local_calls(path, standing.body(path)))
    except NotHclError:
        return []  # which is reported for the file itself


def _lost(standing: TerraformFolders, update: Update) -> Iterator[Missing]:
    """Yield what was declared in deleted files alone."""
    deleted: dict[str, dict[str, hcl.Body]] = {}
    for file in update.with_state("deleted"):
        where = file.path.rpartition("/")[0]
        if file.path.endswith(".tf") and standing.paths(where):
            deleted.setdefault(where, {})[file.path] = read_hcl(file.generated)
        elif file.path.endswith("/terraform.tfvars") and (bodies := standing.bodies(where)) is not None:
            values = _automatic_values(standing, where)
            yield from lost_values(file.path, read_hcl(file.generated), bodies, values)
    for where, files in deleted.items():
        if (remaining_files := standing.bodies(where)) is not None:
            yield from lost_declarations(files, remaining_files)


def _automatic_values(standing: TerraformFolders, where: str) -> Iterator[hcl.Body]:
    """Yield the values that Terraform reads in a root by itself."""
    for path in sorted((standing.folder / where).glob("*.tfvars*")):
        if path.name != "terraform.tfvars" and (".auto.tfvars" in path.name or path.name == "terraform.tfvars.json"):
            body = _values(path.name, read_text(path) or "")
            if body is not None:
                yield body


def _values(name: str, text: str) -> hcl.Body | None:
    import json

    try:
        return json_values(json.loads(text)) if name.endswith(".json") else read_hcl(text)
    except ValueError:
        return None


def _unresolved_references(standing: TerraformFolders, update: Update) -> Iterator[Missing]:
    generated = _by_folder(update.files)
    terraform = standing.folders()
    changed = {
        where
        for where in terraform
        if standing.own_files(where) or standing.paths(where) != generated.get(where, set())
    }
    modules_changed = any(where.startswith("modules/") for where in changed)
    reader = _Reader(standing)
    for where in terraform:
        # A module that changed may not fit those who call it.
        if where in changed or modules_changed:
            yield from reader.missing(where)


def differing_values(path: str, generated: str, text: str) -> Iterator[Complaint]:
    """Yield each address in edited values that is not the plan's: Terraform would build another one."""
    try:
        planned, written = (_addresses(read_hcl(values)) for values in (generated, text))
    except NotHclError:
        return
    for name, value in planned.items():
        if name in written and written[name] != value:
            message = f"{name} is {written[name]}, but the plan has {value}: change escscaffold.toml instead."
            yield Complaint(path=path, message=message)


def _addresses(body: hcl.Body) -> dict[str, str]:
    addresses: dict[str, str] = {}
    for attribute in body.attributes:
        match attribute.name, attribute.value:
            case "ranges", hcl.ObjectExpression(items):
                for key, value in items:
                    if isinstance(key, hcl.Literal) and isinstance(value, hcl.Literal):
                        addresses[f"ranges.{key.value}"] = str(value.value)
            case "remote", hcl.TupleExpression(parts):
                addresses["remote"] = ", ".join(str(part.value) for part in parts if isinstance(part, hcl.Literal))
    return addresses


def _by_folder(files: tuple[FileState, ...]) -> Mapping[str, set[str]]:
    """Return the Terraform files that are generated now, of each root and module."""
    by_folder: dict[str, set[str]] = {}
    for file in files:
        if (
            file.state not in ("obsolete", "obsolete-edited")
            and file.path.endswith(".tf")
            and file.path.count("/") == 2
        ):
            by_folder.setdefault(file.path.rpartition("/")[0], set()).add(file.path)
    return by_folder


class _Reader:
    """Reads each folder once."""

    def __init__(self, standing: TerraformFolders) -> None:
        self._standing = standing
        self._read: dict[str, ModuleFiles | None] = {}

    def missing(self, where: str) -> Iterator[Missing]:
        """Yield what is missing in a folder; nothing where one of its files cannot be read, reported elsewhere."""
        module = self._module(where)
        if module is None:
            return
        calls = [call for path, body in module.files.items() for call in local_calls(path, body)]
        called = {call.name.partition(".")[2]: self._called(call.folder) for call in calls}
        for missing in missing_in(module, {name: call for name, call in called.items() if call is not None}):
            if not (
                missing.path.endswith(".json") and missing.message.endswith(_NOWHERE) and self._is_dynamic(missing)
            ):
                yield missing

    def _is_dynamic(self, missing: Missing) -> bool:
        # The names that a dynamic block of JSON brings along look like references.
        return '"dynamic"' in self._standing.text(missing.path)

    def _module(self, where: str) -> ModuleFiles | None:
        if where not in self._read:
            bodies = self._standing.bodies(where)
            self._read[where] = ModuleFiles(files=bodies) if bodies else None
        return self._read[where]

    def _called(self, folder: str) -> ModuleFiles | None:
        return self._module(folder)
