"""A folder of Terraform files as one module: what it declares, and which values its variables are given in files."""

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from escscaffold.terraform import expressions as hcl


class Part(Struct, frozen=True, kw_only=True):
    """One file of a module."""

    source: str
    body: hcl.Body


class Module(Struct, frozen=True, kw_only=True):
    """The `.tf` files of a folder, and the `.tfvars` files beside them."""

    folder: str
    parts: tuple[Part, ...] = ()
    values: tuple[Part, ...] = ()

    def blocks(self, kind: str) -> Iterator[hcl.Block]:
        """Yield the module's blocks of a type; what overrides comes last, as in Terraform."""
        for part in sorted(self.parts, key=lambda part: _overrides(part.source)):
            yield from (block for block in part.body.blocks if block.type == kind)

    def called_folders(self) -> Iterator[str]:
        """Yield the folders of the modules that it calls by a relative path."""
        for block in self.blocks("module"):
            if folder := called_folder(self.folder, block):
                yield folder

    def variants(self) -> Iterator[dict[str, hcl.Expression]]:
        """Yield the values that variables are given, once for each file that a person may choose with -var-file.

        `terraform.tfvars` and `*.auto.tfvars` hold always; `prod.tfvars` beside `dev.tfvars` are two
        environments of the same module.
        """
        always: dict[str, hcl.Expression] = {}
        for part in sorted(filter(_is_automatic, self.values), key=lambda p: (".auto." in p.source, p.source)):
            always |= {a.name: a.value for a in part.body.attributes}
        chosen = [part for part in self.values if not _is_automatic(part)]
        for part in chosen:
            yield always | {a.name: a.value for a in part.body.attributes}
        if not chosen:
            yield always


def called_folder(folder: str, block: hcl.Block) -> str | None:
    """Return the folder of the module that a block in `folder` calls, or None where it is not a local one."""
    source = block.body.attribute("source")
    match source and source.value:
        case hcl.Literal(str(path)) if path.startswith(("./", "../")):
            return posixpath.normpath(posixpath.join(folder, path))
    return None


def _overrides(source: str) -> bool:
    stem = posixpath.basename(source).partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def _is_automatic(part: Part) -> bool:
    name = posixpath.basename(part.source)
    return name.startswith("terraform.tfvars") or ".auto.tfvars" in name
