"""Calls of modules by a relative path, and whether what they call exists. Pure."""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.references import Missing

CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
"""How the names of files end that declare something."""

_SOURCE = re.compile(r'\bsource"?\s*[=:]\s*"(\.{1,2}/[^"\n]*)"')


class ModuleCall(Struct, frozen=True, kw_only=True):
    """One call of a module in a folder of the same repository."""

    path: str
    line: int | None
    name: str
    """As Terraform writes it: `module.network`."""
    folder: str
    """The folder that is called, from where paths begin; with `../` in front where it leads out of there."""


def local_calls(path: str, body: hcl.Body) -> Iterator[ModuleCall]:
    """Yield the calls in a file of modules by a relative path; Terraform computes nothing in a source."""
    for block in body.blocks:
        source = block.body.attribute("source") if block.type == "module" and block.labels else None
        match source and source.value:
            case hcl.Literal(str(text)) if text.startswith(("./", "../")):
                name = f"module.{block.labels[0]}"
                yield ModuleCall(path=path, line=block.line, name=name, folder=called_from(path, text))


def folders_named(path: str, text: str) -> set[str]:
    """Return the folders that a file may call, without parsing it: what stands in a comment is among them."""
    return {called_from(path, source) for source in _SOURCE.findall(text)}


def called_from(path: str, source: str) -> str:
    """Return the folder that a source means in the file at this path.

    >>> called_from("environments/prod/main.tf", "../../modules/eks")
    'modules/eks'
    """
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), source))


def leads_out(folder: str) -> bool:
    """Return True for a folder that lies outside of where paths begin."""
    return folder == ".." or folder.startswith("../")


def folders_with_terraform(paths: Iterable[str]) -> set[str]:
    """Return the folders of those of the paths that are configuration, `.` for the top."""
    return {posixpath.dirname(path) or "." for path in paths if path.endswith(CONFIGURATION)}


def missing_modules(
    paths: Collection[str], calls: Iterable[ModuleCall], not_followed: Collection[str] = ()
) -> Iterator[Missing]:
    """Yield each call of a folder that has no Terraform among the paths.

    `not_followed` are links and submodules: what is below them is not known, and neither is what lies outside.
    """
    there = folders_with_terraform(paths)
    for call in calls:
        if call.folder in there or leads_out(call.folder) or _is_below(call.folder, not_followed):
            continue
        has_files = any(path.startswith(f"{call.folder}/") for path in paths)
        what = "has no Terraform files" if has_files else "is not there"
        yield Missing(call.path, call.line, f"The folder that {call.name} is called from {what}.")


def _is_below(folder: str, not_followed: Collection[str]) -> bool:
    parts = folder.split("/")
    return any("/".join(parts[:end]) in not_followed for end in range(1, len(parts) + 1))
