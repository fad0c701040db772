"""Findings of a review: what the new side uses and does not have, and what it opens to the internet. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from escscaffold.clouds.resource_facts import Exposure, ResourceFacts
from escscaffold.planning.lock import LOCK_FILE, environment_of, folder_of
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.side_files import Reader, SideFiles
from escscaffold.reviewing.sides import Side
from escscaffold.rules import spec_rules as rules
from escscaffold.rules.finding import Finding
from escscaffold.rules.spec_rules import exposure_finding
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.toml_text import key_places, place_of
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform import references as calls
from escscaffold.terraform.hcl_values import Unknown, Value, text_of
from escscaffold.terraform.instances import Instance
from escscaffold.terraform.references import (
    Missing,
    ModuleCall,
    ModuleFiles,
    folders_named,
    is_configuration,
    local_calls,
    lost_declarations,
    lost_values,
    missing_in,
    parent_folder,
)

_AUTOMATIC = re.compile(r"/(terraform\.tfvars\.json|[^/]+\.auto\.tfvars(\.json)?)$")
_EVERYBODY = {"0.0.0.0/0", "::/0", "*", "0.0.0.0", "Internet", "internet", "Any"}


def missing_modules(
    paths: Collection[str], called: Iterable[ModuleCall], not_followed: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return a finding for each call of a folder that has no Terraform among the paths of a side.

    `not_followed` are its links and submodules: what is below them, and what is outside, is not known.
    """
    return tuple(map(rules.missing_finding, calls.missing_modules(paths, called, not_followed)))


def missing_parts(
    before: SideFiles, after: SideFiles, state: Side, differing: Collection[str], reader: Reader
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return what is missing on the new side: of that, what was missing before, and all of it.

    `state` is the new side's spec and lock.
    """
    called = list(_suspects(after, reader))
    links = {path for path, entry in after.entries.items() if entry.kind != "file"}
    same = [call for call in called if before.entries.get(call.path) == after.entries[call.path]]
    missing_before = missing_modules(
        before.entries, same, {path for path, entry in before.entries.items() if entry.kind != "file"}
    )
    missing = [
        *_specs(before, after),
        *_environments(after, state),
        *_lost(before, after, state, differing, reader),
        *_unresolved(before, after, differing, reader),
    ]
    return missing_before, (
        *missing_modules(after.entries, called, links),
        *map(rules.missing_finding, dict.fromkeys(missing)),
    )


def _suspects(after: SideFiles, reader: Reader) -> Iterator[ModuleCall]:
    """Yield the calls in files that name a folder without Terraform: parsing all files would take too long."""
    folders = calls.folders_with_terraform(after.entries)
    paths = [path for path, text in _configurations(after) if folders_named(path, text) - folders]
    for path, body in reader.bodies(after, paths).items():
        yield from (call for call in local_calls(path, body) if call.folder not in folders)


def _configurations(side: SideFiles) -> Iterator[tuple[str, str]]:
    paths = [path for path in side.entries if is_configuration(path)]
    side.read_ahead(paths)
    return ((path, side.text(path) or "") for path in paths)


def _specs(before: SideFiles, after: SideFiles) -> Iterator[Missing]:
    """Yield the spec where it was deleted, and the lock was not."""
    if before.exists(SPEC_FILE) and not after.exists(SPEC_FILE) and after.exists(LOCK_FILE):
        yield Missing(SPEC_FILE, None, f"It was deleted, but {LOCK_FILE} was not: nothing checks the addresses.")


def _environments(after: SideFiles, state: Side) -> Iterator[Missing]:
    """Yield each environment of the spec that was generated once and has no Terraform files."""
    manifest = state.lock.manifest
    folders = calls.folders_with_terraform(after.entries)
    generated = calls.folders_with_terraform((*manifest.written, *manifest.deleted))
    for environment in state.plan.environments if state.plan else ():
        where = folder_of(environment.name)
        if where in generated - folders:
            line = place_of(key_places(state.texts.get(SPEC_FILE, "")), ("environments", environment.name))[0]
            message = f"{where} has no Terraform files, but the spec has environment {environment.name}."
            yield Missing(SPEC_FILE, line, message)


def _lost(
    before: SideFiles, after: SideFiles, state: Side, differing: Collection[str], reader: Reader
) -> Iterator[Missing]:
    """Yield what the generated files that were deleted by hand declared alone."""
    generated = {*state.lock.manifest.written, *state.lock.manifest.deleted}
    removed = [path for path in differing if path in generated and path in before.entries and path not in after.entries]
    for where in sorted(set(map(parent_folder, removed))):
        remaining = _folder(after, where, reader)
        removed_here = [path for path in removed if parent_folder(path) == where]
        if not remaining:
            continue  # which is reported for the calls of the folder, or for the spec
        deleted = reader.bodies(before, [path for path in removed_here if is_configuration(path)])
        yield from lost_declarations(deleted, remaining)
        values = f"{where}/terraform.tfvars"
        if values in removed_here:
            automatic = [path for path in after.names_in(where) if _AUTOMATIC.search(path)]
            others = reader.bodies(after, automatic)
            unread = len(others) < len(automatic)
            for body in [] if unread else reader.bodies(before, [values]).values():
                yield from lost_values(values, body, remaining, others.values())


def _unresolved(before: SideFiles, after: SideFiles, differing: Collection[str], reader: Reader) -> Iterator[Missing]:
    """Yield the references to what only removed files declared, in their folders and in those who call these."""
    removed = [path for path in differing if is_configuration(path) and path not in after.entries]
    for where in sorted(set(map(parent_folder, removed))):
        remaining = _folder(after, where, reader)
        if remaining:
            deleted = ModuleFiles(
                files=reader.bodies(before, [path for path in removed if parent_folder(path) == where])
            )
            module = ModuleFiles(files=remaining)
            lost = deleted.declared - module.declared
            yield from (missing for missing in missing_in(module, {}) if missing.message.partition(" ")[0] in lost)
            yield from _misfits(after, where, deleted, module, reader)


def _misfits(
    after: SideFiles, where: str, deleted: ModuleFiles, module: ModuleFiles, reader: Reader
) -> Iterator[Missing]:
    """Yield where callers of a folder use outputs, or give variables, that only its removed files declared."""
    lost = {
        labels[0] for kind in ("output", "variable") for labels in deleted.labels(kind) - module.labels(kind) if labels
    }
    if not lost:
        return
    callers = [path for path, text in _configurations(after) if where in folders_named(path, text)]
    for path, body in reader.bodies(after, callers).items():
        names = [call.name for call in local_calls(path, body) if call.folder == where]
        users = [
            user
            for user, text in _configurations(after)
            if parent_folder(user) == parent_folder(path) and any(name in text for name in names)
        ]
        files = {path: body, **reader.bodies(after, users)}
        for missing in missing_in(ModuleFiles(files=files), {name.partition(".")[2]: module for name in names}):
            words = missing.message.removesuffix(".").split(" ")
            if words[0] in names and words[1:2] == ["has"] and words[-1] in lost:
                yield missing


def _folder(side: SideFiles, where: str, reader: Reader) -> Mapping[str, hcl.Body]:
    """Return the files of a folder; nothing where one of them could not be read, which is reported by itself."""
    paths = [path for path in side.names_in(where) if is_configuration(path)]
    bodies = reader.bodies(side, paths)
    return bodies if len(bodies) == len(paths) else {}


def exposures(roots: Sequence[Root], resources: ResourceFacts) -> Iterator[Finding]:
    """Yield a finding for each argument that lets every address in, and did not before."""
    exposures_of = resources.exposures
    for root in roots:
        for address, new in root.new.instances.items():
            if new.is_data or new.type not in exposures_of:
                continue
            old = root.old.instances.get(address)
            for exposure in exposures_of[new.type]:
                if _is_open(new, exposure, old) and not (old and _is_open(old, exposure, old)):
                    yield exposure_finding(
                        environment_of(root.folder), new.was, exposure.argument, exposure.opens, exposure.source
                    )


def _is_open(instance: Instance, exposure: Exposure, before: Instance | None) -> bool:
    """Return True if the argument lets every address in; without a value only where there was one before."""
    attributes = instance.attributes
    if not all(_has(attributes, path, value) for path, value in exposure.when.items()):
        return False
    if any(_has(attributes, path, value) for path, value in exposure.closed_by.items()):
        return False
    values = [value for value in _at(attributes, exposure.argument.split(".")) if value is not None]
    if not values:
        return exposure.unset_is_open and before is not None
    return any(text_of(value) in _EVERYBODY for value in values if not isinstance(value, Unknown))


def _has(attributes: Mapping[str, Value], path: str, expected: str) -> bool:
    return any(text_of(value) == expected for value in _at(attributes, path.split(".")))


def _at(value: object, path: list[str]) -> Iterator[Value]:
    """Yield what is at a path, in each item of the lists on the way."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, path)
    elif not path:
        yield value  # type: ignore[misc]
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
