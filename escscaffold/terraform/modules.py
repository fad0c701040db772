"""A folder of Terraform files as one module: what it declares and protects, and what files give its variables."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from escscaffold.terraform import expressions as hcl

# The last value of a local counts, wherever the block is.
_NOT_OVERRIDDEN = {"moved", "removed", "import", "terraform", "locals"}
_MOST = 10_000
"""The addresses that are looked at: modules may call many that call many."""
_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")
_SUFFIX = re.compile(r"\.(?:tf|tofu)(?:\.json)?$")


class Part(Struct, frozen=True, kw_only=True):
    """One file of a module."""

    source: str
    body: hcl.Body


class Declared(Struct, frozen=True, kw_only=True):
    """A block, and the file that it is in."""

    block: hcl.Block
    source: str


class Variant(Struct, frozen=True, kw_only=True):
    """The values that variables are given in files, in one of the ways in which Terraform may be run."""

    name: str
    """The file that a person chooses with -var-file; nothing where only those are read that always hold."""
    values: dict[str, hcl.Expression]


class Module(Struct, frozen=True, kw_only=True, dict=True):
    """The Terraform files of a folder, and the files of values that are for it."""

    folder: str
    parts: tuple[Part, ...] = ()
    values: tuple[Part, ...] = ()

    @cached_property
    def declared(self) -> dict[str, list[Declared]]:
        """What is declared, by the type of block; an override is merged into what it overrides.

        https://developer.hashicorp.com/terraform/language/files/override
        """
        blocks_of: dict[str, list[Declared]] = {}
        places: dict[tuple[str, object], int] = {}
        overrides: dict[tuple[str, int], list[hcl.Block]] = {}
        for part in sorted(self.parts, key=lambda part: (is_override(part.source), part.source)):
            for block in part.body.blocks:
                declared = blocks_of.setdefault(block.type, [])
                name = block.type, _name(block)
                if is_override(part.source) and block.type not in _NOT_OVERRIDDEN and name in places:
                    overrides.setdefault((block.type, places[name]), []).append(block)
                else:
                    places.setdefault(name, len(declared))
                    declared.append(Declared(block=block, source=part.source))
        for (kind, place), blocks in overrides.items():
            declared = blocks_of[kind]
            declared[place] = Declared(block=_merged(declared[place].block, blocks), source=declared[place].source)
        return blocks_of

    @cached_property
    def resources(self) -> frozenset[str]:
        """The addresses of its resources, without keys."""
        return frozenset(".".join(block.labels) for block in self.blocks("resource"))

    def blocks(self, kind: str) -> Iterator[hcl.Block]:
        """Yield the module's blocks of a type."""
        return (block.block for block in self.declared.get(kind, ()))

    def called_folders(self) -> Iterator[str]:
        """Yield the folders of the modules that it calls by a relative path."""
        for block in self.blocks("module"):
            if folder := called_folder(self.folder, block):
                yield folder

    def variants(self) -> Iterator[Variant]:
        """Yield the values that variables are given, once for each file that a person may choose with -var-file.

        `terraform.tfvars` and `*.auto.tfvars` hold always; `prod.tfvars` and `dev.tfvars` are two
        environments of the same module, and so are `prod/terraform.tfvars` and `dev/terraform.tfvars` below it.
        """
        always = self.automatic_values
        chosen = [part for part in self.values if not self._is_automatic(part)]
        for part in chosen:
            yield Variant(name=posixpath.relpath(part.source, self.folder), values=always | _values(part))
        if not chosen:
            yield Variant(name="", values=always)

    @property
    def automatic_values(self) -> dict[str, hcl.Expression]:
        """The values that Terraform reads by itself."""
        values: dict[str, hcl.Expression] = {}
        for part in sorted(filter(self._is_automatic, self.values), key=lambda p: (".auto." in p.source, p.source)):
            values |= _values(part)
        return values

    def _is_automatic(self, part: Part) -> bool:
        name = posixpath.basename(part.source)
        is_in_folder = posixpath.normpath(posixpath.dirname(part.source) or ".") == posixpath.normpath(self.folder)
        return is_in_folder and (name in ("terraform.tfvars", "terraform.tfvars.json") or ".auto.tfvars" in name)


def called_folder(folder: str, block: hcl.Block) -> str | None:
    """Return the folder of the module that a block in `folder` calls, or None where it is not a local one."""
    source = block.body.attribute("source")
    match source and source.value:
        case hcl.Literal(str(path)) if path.startswith(("./", "../")) or path in (".", ".."):
            return posixpath.normpath(posixpath.join(folder, path))
    return None


def _merged(block: hcl.Block, overrides: Sequence[hcl.Block]) -> hcl.Block:
    """Return a block with the values of its overrides, in their order: an argument, or all nested blocks of a type."""
    bodies = [override.body for override in overrides]
    named = {attribute.name: attribute for body in (block.body, *bodies) for attribute in body.attributes}
    last = {_nested_type(inner): body for body in bodies for inner in body.blocks if inner.type != "lifecycle"}
    merged = [inner for inner in block.body.blocks if inner.type == "lifecycle" or _nested_type(inner) not in last]
    for body in bodies:
        merged += [i for i in body.blocks if i.type != "lifecycle" and last[_nested_type(i)] is body]
    lifecycles = [blocks for body in bodies if (blocks := [i for i in body.blocks if i.type == "lifecycle"])]
    if lifecycles and not any(inner.type == "lifecycle" for inner in merged):
        merged += lifecycles.pop(0)
    if lifecycles:
        added = [blocks[0] for blocks in lifecycles]
        merged = [_merged(inner, added) if inner.type == "lifecycle" else inner for inner in merged]
    return hcl.Block(block.type, block.labels, hcl.Body(tuple(named.values()), tuple(merged)), block.line)


def _name(block: hcl.Block) -> tuple[tuple[str, ...], object]:
    """Return what a block and its override have in common."""
    alias = block.body.attribute("alias") if block.type == "provider" else None
    return block.labels, repr(alias.value) if alias else None


def _nested_type(block: hcl.Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _values(part: Part) -> dict[str, hcl.Expression]:
    return {attribute.name: attribute.value for attribute in part.body.attributes}


def source_of(address: str) -> str:
    """Return a provider's source, without the host where that is a public registry.

    >>> source_of("registry.terraform.io/hashicorp/aws"), source_of("example.com/hashicorp/aws")
    ('hashicorp/aws', 'example.com/hashicorp/aws')
    """
    host, _, source = address.partition("/")
    return source if host in _REGISTRIES else address


def is_override(source: str) -> bool:
    """Return True for a file that only changes what others declare."""
    stem = _SUFFIX.sub("", posixpath.basename(source))
    return stem == "override" or stem.endswith("_override")


def protected_blocks(root: Module, modules: Mapping[str, Module]) -> frozenset[str]:
    """Return the addresses, without keys, of the resources in a tree of modules that have `prevent_destroy`.

    It stops a plan that destroys an instance as long as its block is declared: with another `count`, without its key in
    `for_each`, and in a module whose call has `count = 0`. Source: plans of Terraform 1.11 for each of them.
    """
    addresses: set[str] = set()
    waiting: list[tuple[str, Module, frozenset[str]]] = [("", root, frozenset())]
    for _ in range(_MOST):
        if not waiting:
            break
        address, module, callers = waiting.pop()
        for block in module.blocks("resource"):
            if len(block.labels) == 2 and is_protected(block):
                addresses.add(f"{address}{'.'.join(block.labels)}")
        for block in module.blocks("module"):
            called = modules.get(called_folder(module.folder, block) or "")
            if block.labels and called is not None and called.folder not in callers | {module.folder}:
                waiting.append((f"{address}module.{block.labels[0]}.", called, callers | {module.folder}))
    return frozenset(addresses)


def is_protected(block: hcl.Block) -> bool:
    """Return True if a resource's block has `prevent_destroy = true`."""
    lifecycles = [inner.body for inner in block.body.blocks if inner.type == "lifecycle"]
    values = [attribute.value for body in lifecycles if (attribute := body.attribute("prevent_destroy"))]
    return any(value in (hcl.Literal(value=True), hcl.Literal("true")) for value in values)
