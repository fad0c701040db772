"""A scan of some paths: every file is read as what it is, and one that is broken does not stop the others."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from escscaffold.scanning.cloud_listings import joined_resources
from escscaffold.scanning.documents import scan_document, scan_yaml
from escscaffold.scanning.found import Broken, CloudResource, Found, Scan, Unresolved
from escscaffold.scanning.kinds import OWNED
from escscaffold.scanning.lists import scan_lines, scan_table
from escscaffold.scanning.loading import Loader
from escscaffold.scanning.private_space import without_lists_of_space
from escscaffold.scanning.source_files import MODULE_FORMS, File, files_at
from escscaffold.scanning.terragrunt_inputs import scan_terragrunt

_NOTHING_READ = (
    "no supported files in the folder: Terraform files, terragrunt.hcl, a state, JSON of "
    "`terraform show -json` or of `aws ec2 describe-vpcs --output json`, "
    "`gcloud compute networks subnets list --format=json` or `az network vnet list --output json`, or *.csv"
)

Piece = Found | Unresolved | Broken | CloudResource


def scan_paths(base: Path, paths: Iterable[str]) -> Scan:
    """Scan files and folders below `base`."""
    paths = list(paths)
    scan, loader = Scan(), Loader(base, paths)
    files: dict[str, File | Broken] = {}
    for path in paths:
        found = {file.source: file for file in files_at(base, path)}
        files |= found or {path: Broken(source=path, message=_NOTHING_READ)}
    for file in files.values():
        if isinstance(file, File) and file.form in MODULE_FORMS:
            loader.ask(file.source)
        else:
            _sort_in(scan, _pieces(file))
    _sort_in(scan, loader.pieces())
    _sort_in(scan, loader.data(paths, {found.cidr for found in scan.found if found.kind in OWNED}))
    # What a cloud lists is what it has.
    scan.found = without_lists_of_space(scan.found)
    scan.resources = joined_resources(scan.resources)
    scan.found += (found for resource in scan.resources for found in resource.found)
    scan.found = without_repetition(scan.found)
    scan.unresolved = list(dict.fromkeys(scan.unresolved))
    scan.broken = sorted(set(scan.broken), key=lambda broken: (broken.source, broken.line or 0))
    scan.files = sum(isinstance(file, File) or file.message != _NOTHING_READ for file in files.values())
    scan.modules = loader.modules
    scan.texts = [
        (file.source, file.text) for file in files.values() if isinstance(file, File) and file.form == "state"
    ]
    return scan


def without_repetition(found: Iterable[Found]) -> list[Found]:
    """Return each block once for each place where it stands.

    A state only repeats what the configuration says, and a variable what is in use elsewhere.
    """
    distinct = list(_whatever_the_values(found))
    with_lines = {(f.cidr, f.name) for f in distinct if f.line is not None}
    in_use = {f.cidr for f in distinct if f.kind != "value"}
    kept: dict[object, Found] = {}
    for f in distinct:
        if f.kind == "value" and f.cidr in in_use:
            continue
        if f.line is not None:
            kept[f] = f
        elif (f.cidr, f.name) not in with_lines:
            kept.setdefault((f.cidr, f.kind, f.name), f)
    return list(kept.values())


def _whatever_the_values(found: Iterable[Found]) -> Iterable[Found]:
    """Return each block once, without a file of values where it is the same with another one."""
    kept: dict[Found, Found] = {}
    for f in found:
        same = replace(f, values="") if f.values else f
        kept[same] = same if same in kept and kept[same] != f else f
    return kept.values()


def _sort_in(scan: Scan, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        match piece:
            case Found():
                scan.found.append(piece)
            case Unresolved():
                scan.unresolved.append(piece)
            case Broken():
                scan.broken.append(piece)
            case CloudResource():
                scan.resources.append(piece)


def _pieces(file: File | Broken) -> Iterator[Piece]:
    if isinstance(file, Broken):
        yield file
    elif file.form == "table":
        yield from scan_table(file.text, file.source)
    elif file.form == "list":
        yield from scan_lines(file.text, file.source)
    elif file.form == "terragrunt":
        yield from scan_terragrunt(file.text, file.source)
    elif file.form == "yaml":
        yield from scan_yaml(file.text, file.source)
    else:
        yield from scan_document(file.text, file.source)
