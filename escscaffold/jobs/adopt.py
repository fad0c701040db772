"""The job `adopt`: an environment for a peering that exists, from what is read of it."""

import posixpath
import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from msgspec import Struct

from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import ArgumentsError, ScaffoldError, UnknownNameError, printable
from escscaffold.jobs.add import planned_addition
from escscaffold.jobs.generate import Generated, Terms, write_files
from escscaffold.jobs.init import planned_repository, refuse_in_use
from escscaffold.jobs.reporter import SILENT, Reporter, holding_folder, settle_folder
from escscaffold.jobs.repository_plan import PlannedText, refuse_unreadable
from escscaffold.planning.address_plan import EnvironmentPlan
from escscaffold.rendering.repository_files import ImportBlock, TakeoverSteps, takeover_files
from escscaffold.repository.disk import Basis, read_basis
from escscaffold.repository.transaction import refuse_changed
from escscaffold.scanning.adoptable import Adoptable, adoptable
from escscaffold.scanning.peering_evidence import PeeringEvidence, peerings_of
from escscaffold.scanning.scan_paths import scan_paths
from escscaffold.scanning.seen_resources import SeenResource
from escscaffold.scanning.source_files import exists
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import DEFAULT_PROVIDER, SPEC_FILE, parse_toml
from escscaffold.spec.toml_text import KeyPath

READ = "what was read"
"""The place of a value whose own place is not known."""


class NoPeeringError(ScaffoldError):
    """Nothing that was read is a peering with Kurrent Cloud."""


class AdoptingRepository(Struct, frozen=True, kw_only=True):
    """The repository that an environment is adopted into, as it is before."""

    text: str | None = None
    """The text of its spec; None where the repository is new."""
    spec: Spec | None = None
    basis: Basis


class Adopted(Struct, frozen=True, kw_only=True):
    """What was read of a peering, and what was written of it, or would be."""

    read: Adoptable
    generated: Generated


def adopt(
    folder: Path | str,
    paths: Iterable[str],
    document: Mapping[str, Any],
    *,
    to: Path | str = ".",
    peering: str | None = None,
    dry_run: bool = False,
    reporter: Reporter = SILENT,
) -> Adopted:
    """Adopt the peering in files and folders, named relative to `folder`, into the repository `to`, new or existing.

    `document` has the shape of the spec, with one environment; what it gives counts more than what is read.
    `peering` names one of several. With `dry_run` nothing is written. Raises NoPeeringError, ArgumentsError,
    UnknownNameError, FolderInUseError, SpecError.
    """
    folder, repository = Path(folder), Path(folder) / to
    if len(document.get("environments", {})) != 1:
        raise ArgumentsError("One environment is adopted at a time.")
    if not dry_run:
        settle_folder(repository, reporter)
    present = read_repository(repository)
    read = read_peering(folder, paths, provider_of(present, document), peering=peering, reporter=reporter)
    (name, table), *_ = document["environments"].items()
    environment_table: dict[str, Any] = {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in table.items()
    }
    for path, value, _ in values_read(read, table, name):
        below = environment_table
        for part in path[:-1]:
            below = below.setdefault(part, {})
        below[path[-1]] = value
    whole = {**document, "environments": {name: environment_table}}
    spec_document = parse_toml(present.text, SPEC_FILE) if present.text is not None else {}
    refuse_unreadable(whole, spec_document, present.basis.facts)
    planned = planned_adoption(present, whole)
    generated = write_adoption(repository, present, read, planned, name, dry_run=dry_run, reporter=reporter)
    return Adopted(read=read, generated=generated)


def read_repository(repository: Path) -> AdoptingRepository:
    """Return what is in the folder to write into; raises FolderInUseError where a new one would mix with it."""
    if not (repository / SPEC_FILE).is_file():
        refuse_in_use(repository)
        return AdoptingRepository(basis=Basis(facts=load_facts()))
    on_disk, basis = read_basis(repository, load_facts())
    return AdoptingRepository(text=on_disk.text, spec=basis.read_spec(on_disk.text), basis=basis)


def provider_of(present: AdoptingRepository, document: Mapping[str, Any]) -> str:
    """Return the Terraform provider for Kurrent Cloud: that of the repository, or of the document for a new one."""
    return present.spec.provider if present.spec else str(document.get("provider", DEFAULT_PROVIDER))


def read_peering(
    folder: Path, paths: Iterable[str], provider: str, *, peering: str | None = None, reporter: Reporter = SILENT
) -> Adoptable:
    """Return what the files have of a peering; raises NoPeeringError, ArgumentsError, UnknownNameError."""
    paths = tuple(paths)
    refuse_missing(folder, paths)
    with reporter.working("Reading"):
        seen = peerings_of(scan_paths(folder, paths, load_facts()))
    return adoptable(_chosen(seen, peering), provider)


def refuse_missing(folder: Path, paths: Iterable[str]) -> None:
    """Raise UnknownNameError for a path that does not exist."""
    for path in paths:
        if not exists(folder, path):
            raise UnknownNameError(f"{printable(path)} does not exist.", flag="PATH")


def _chosen(seen: list[PeeringEvidence], name: str | None) -> PeeringEvidence:
    if not seen:
        raise NoPeeringError(
            "No peering with Kurrent Cloud was found.",
            hint="Pass its state, its Terraform files or the JSON of `esc --json infra peerings list`. Without a "
            "peering, use `escscaffold init --mode CLOUD-existing`.",
        )
    named = [evidence for evidence in seen if name in (None, evidence.name)]
    names = ", ".join(printable(evidence.name) for evidence in seen)
    if not named:
        raise UnknownNameError(f"Peering {printable(name or '')} not found; known: {names}.", flag="--peering")
    if len({evidence.name for evidence in named}) > 1 or (name is None and len(named) > 1):
        raise ArgumentsError(f"Several peerings were found: {names}.\nChoose one with --peering NAME.")
    return named[0]


def values_read(
    read: Adoptable, table: Mapping[str, Any], environment: str | None
) -> Iterator[tuple[KeyPath, Any, str]]:
    """Yield what was read where an environment's table has no value: the key, the value and the place."""
    ranges = table.get("ranges", {})
    gives_ranges = isinstance(ranges, Mapping) and bool(ranges.keys() - {*RANGES_OF_EVERY_MODE})
    for path, value in read.answers.items():
        below: Any = table
        for part in path[:-1]:
            below = below.get(part, {}) if isinstance(below, Mapping) else {}
        is_range = path[0] == "ranges" and path[-1] != "kurrent"
        if (isinstance(below, Mapping) and path[-1] in below) or (is_range and gives_ranges):
            continue
        yield path, value, read.places[path] or READ
    if read.name and "name" not in table and environment not in (None, read.name):
        yield ("name",), read.name, READ


def planned_adoption(present: AdoptingRepository, document: Mapping[str, Any]) -> PlannedText:
    """Return the text of the spec with the environment, and its plan; raises SpecError and what `add` raises."""
    if present.text is None:
        return planned_repository(document)
    return planned_addition(present.text, present.basis, document)


def write_adoption(
    repository: Path,
    present: AdoptingRepository,
    read: Adoptable,
    planned: PlannedText,
    environment: str,
    *,
    dry_run: bool = False,
    reporter: Reporter = SILENT,
) -> Generated:
    """Write the environment, import blocks for what exists, and the steps to take it over.

    Raises MeanwhileError where the repository is another one than that which was read.
    """
    basis = present.basis
    with nullcontext() if dry_run else holding_folder(repository, reporter):
        if not dry_run:
            refuse_changed(repository, basis.ids)
        return write_files(
            repository,
            planned.plan,
            basis.lock,
            basis,
            Terms(dry_run=dry_run),
            spec_text=planned.text,
            appended=_takeover_files(read, planned.plan.environment(environment)),
            reporter=reporter,
        )


def _takeover_files(read: Adoptable, environment: EnvironmentPlan) -> dict[str, str]:
    """Return the text of import blocks and of the steps, by the file to whose end it is added."""
    evidence = read.evidence
    before = None if evidence.routes is None else [str(route) for route in evidence.routes]
    after = [str(route) for route in environment.remote]
    managed = [missing for missing in read.not_found if missing.is_managed and not missing.is_data]
    moved = [takeover.resource for takeover in read.takeovers if takeover.resource.is_managed]
    imports = [
        ImportBlock(to=takeover.to, key=takeover.key, id=takeover.id, was=printable(takeover.resource.address))
        for takeover in read.takeovers
    ]
    steps = TakeoverSteps(
        environment=environment.name,
        peering=printable(evidence.name),
        before=before,
        after=after,
        replaced=before is not None and set(after) != set(before),
        removed=_commands(managed, "destroy", "-target="),
        forgotten=_commands(moved, "state rm", ""),
        imports=len(imports),
        renamed=[printable(takeover.resource.address) for takeover in read.takeovers if takeover.is_renamed],
    )
    return dict(takeover_files(imports, steps))


def _commands(resources: list[SeenResource], verb: str, flag: str) -> list[str]:
    """Return one Terraform command for each folder that the resources are in."""
    folders: dict[str, list[str]] = {}
    for resource in resources:
        folders.setdefault(posixpath.dirname(resource.source) or ".", []).append(resource.address)
    return [
        printable(f"terraform -chdir={shlex.quote(folder)} {verb} ")
        + " ".join(f"{flag}{shlex.quote(printable(address))}" for address in addresses)
        for folder, addresses in folders.items()
    ]
