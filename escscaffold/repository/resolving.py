"""Whether every reference in the repository's Terraform leads somewhere, without running Terraform.

A folder that stands as it was generated needs no look: the templates are tried with Terraform itself.
"""

from collections.abc import Iterator, Mapping

from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import folder_of
from escscaffold.repository.disk import read_spec_text, read_text
from escscaffold.repository.file_states import FileState
from escscaffold.repository.terraform_cli import Complaint
from escscaffold.repository.terraform_texts import TerraformFolders
from escscaffold.repository.updating import Update
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.toml_text import key_places, place_of
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_reader import json_values, read_hcl
from escscaffold.terraform.references import (
    Missing,
    ModuleCall,
    ModuleFiles,
    folders_named,
    leads_out,
    local_calls,
    lost_declarations,
    lost_values,
    missing_in,
    missing_modules,
)
from escscaffold.terraform.tokens import NotHclError

_NOWHERE = "is not declared in this folder."


def unresolved(
    standing: TerraformFolders, plan: AddressPlan, update: Update, *, references: bool = True
) -> Iterator[Complaint]:
    """Yield what is used and does not exist, in the repository as it stands once `generate` has run.

    Looked at are the folders where a person has had a hand; without `references`, only for folders that are called.
    """
    # While all that is generated stands, what is generated calls only what stands.
    all_stands = not any(file.state in ("deleted", "released") and file.new is None for file in update.files)
    missing_parts = [*_missing_environments(standing, plan), *_missing_folders(standing, only_own=all_stands)]
    if references:
        missing_parts += [*_lost(standing, update), *_unresolved_references(standing, update)]
    for missing in dict.fromkeys(missing_parts):
        yield Complaint(path=missing.path, line=missing.line or 0, message=missing.message)


def _missing_environments(standing: TerraformFolders, plan: AddressPlan) -> Iterator[Missing]:
    gone = [environment.name for environment in plan.environments if not standing.paths(folder_of(environment.name))]
    places = key_places(read_spec_text(standing.folder)) if gone else {}
    for name in gone:
        message = f"environments/{name} has no Terraform files, but the spec has environment {name}."
        yield Missing(SPEC_FILE, place_of(places, ("environments", name))[0], message)


def _missing_folders(standing: TerraformFolders, *, only_own: bool) -> Iterator[Missing]:
    """Yield the calls of folders without Terraform, also in the folders that are called themselves."""
    waiting, known = standing.folders(), set(standing.folders())
    while waiting:
        where = waiting.pop(0)
        for path in sorted(standing.own(where) if only_own else standing.paths(where)):
            named = folders_named(path, standing.text(path))
            if lacking := {folder for folder in named if not standing.paths(folder)}:
                calls = [call for call in _calls(standing, path) if call.folder in lacking]
                yield from _not_there(standing, calls)
            further = sorted(folder for folder in named - known if not leads_out(folder))
            known |= named
            waiting += further


def _not_there(standing: TerraformFolders, calls: list[ModuleCall]) -> Iterator[Missing]:
    there = [f"{call.folder}/" for call in calls if standing.exists(call.folder)]
    yield from missing_modules(there, (call for call in calls if not leads_out(call.folder)))
    for call in calls:
        if leads_out(call.folder):
            message = f"{call.name}: the source folder, outside this repository, has no Terraform files."
            yield Missing(call.path, call.line, message)


def _calls(standing: TerraformFolders, path: str) -> list[ModuleCall]:
    try:
        return list(local_calls(path, standing.body(path)))
    except NotHclError:
        return []  # which is told of the file itself


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
        if (left := standing.bodies(where)) is not None:
            yield from lost_declarations(files, left)


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
        where for where in terraform if standing.own(where) or standing.paths(where) != generated.get(where, set())
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
        planned, found = (_addresses(read_hcl(values)) for values in (generated, text))
    except NotHclError:
        return
    for name, value in planned.items():
        if name in found and found[name] != value:
            message = f"{name} is {found[name]}, but the plan has {value}: change escscaffold.toml instead."
            yield Complaint(path=path, message=message)


def _addresses(body: hcl.Body) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute in body.attributes:
        match attribute.name, attribute.value:
            case "ranges", hcl.ObjectExpression(items):
                for key, value in items:
                    if isinstance(key, hcl.Literal) and isinstance(value, hcl.Literal):
                        found[f"ranges.{key.value}"] = str(value.value)
            case "remote", hcl.TupleExpression(parts):
                found["remote"] = ", ".join(str(part.value) for part in parts if isinstance(part, hcl.Literal))
    return found


def _by_folder(files: tuple[FileState, ...]) -> Mapping[str, set[str]]:
    """Return the Terraform files that are generated now, of each root and module."""
    found: dict[str, set[str]] = {}
    for file in files:
        if (
            file.state not in ("obsolete", "obsolete-edited")
            and file.path.endswith(".tf")
            and file.path.count("/") == 2
        ):
            found.setdefault(file.path.rpartition("/")[0], set()).add(file.path)
    return found


class _Reader:
    """Reads each folder once."""

    def __init__(self, standing: TerraformFolders) -> None:
        self._standing = standing
        self._read: dict[str, ModuleFiles | None] = {}

    def missing(self, where: str) -> Iterator[Missing]:
        """Yield what is missing in a folder; nothing where one of its files cannot be read, which others tell."""
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
