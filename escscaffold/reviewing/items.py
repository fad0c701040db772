"""What a Terraform file declares: each thing with its address and its attributes, whatever their order. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from escscaffold.reviewing.showing import has_opaque, is_literal, leaves, shown
from escscaffold.terraform import expressions as hcl

_LABELLED = {"variable": "var", "output": "output", "module": "module"}
LOCK_NAME = ".terraform.lock.hcl"


class Written(Struct, frozen=True, kw_only=True):
    """One attribute's value as text."""

    text: str
    literal: bool
    """Whether it is the value itself, and nothing that Terraform computes."""
    line: int | None


class Item(Struct, frozen=True, kw_only=True):
    """One thing that is declared: a resource, a variable, a provider's version, a value in `terraform.tfvars`."""

    kind: str
    address: str
    """As Terraform writes it within the module."""
    attributes: Mapping[str, Written]
    path: str
    line: int | None

    @property
    def folder(self) -> str:
        """The module's folder; a file of values, or of pinned providers, stands for itself."""
        return self.path if self.kind in ("value", "pin") else PurePosixPath(self.path).parent.as_posix()

    @property
    def type(self) -> str:
        """A resource's type."""
        return self.address.removeprefix("data.").partition(".")[0]


Key = tuple[str, str]
"""Folder and address."""


def items_of(bodies: Mapping[str, hcl.Body]) -> dict[Key, Item]:
    """Return everything that the files declare; what is declared again in a folder gets a number."""
    found: dict[Key, Item] = {}
    for path, body in sorted(bodies.items()):
        for item in _items(path, body):
            key, number = (item.folder, item.address), 1
            while key in found:
                number += 1
                key = (item.folder, f"{item.address} #{number}")
            found[key] = item
    return found


def _items(path: str, body: hcl.Body) -> Iterator[Item]:
    name = PurePosixPath(path).name
    if name.endswith((".tfvars", ".tfvars.json")):
        for attribute in body.attributes:
            yield Item(kind="value", address=attribute.name, attributes=_of(attribute), path=path, line=attribute.line)
        return
    # An override says again what another file says: Terraform merges the two.
    override = " (override)" if name.split(".")[0].endswith("override") else ""
    for block in body.blocks:
        if block.type == "locals":
            yield from (
                Item(kind="local", address=f"local.{a.name}{override}", attributes=_of(a), path=path, line=a.line)
                for a in block.body.attributes
            )
        elif block.type == "terraform":
            yield from _settings(block, path, override)
        else:
            kind, address = ("pin", _label(block)) if name == LOCK_NAME else _address(block)
            attributes = attributes_of(block.body)
            yield Item(kind=kind, address=address + override, attributes=attributes, path=path, line=block.line)


def _address(block: hcl.Block) -> tuple[str, str]:
    if block.type == "resource":
        return "resource", ".".join(block.labels)
    if block.type in ("data", "ephemeral"):
        return block.type, ".".join((block.type, *block.labels))
    if block.type in _LABELLED:
        return block.type, f"{_LABELLED[block.type]}.{_label(block)}"
    if block.type == "provider":
        alias = block.body.attribute("alias")
        return "provider", f"provider.{_label(block)}" + (f".{_bare(shown(alias.value))}" if alias else "")
    if block.type in ("moved", "removed", "import"):
        target = block.body.attribute("from" if block.type != "import" else "to")
        return block.type, f"{block.type} {shown(target.value) if target else ''}".strip()
    return block.type, ".".join((block.type, *block.labels))


def _label(block: hcl.Block) -> str:
    return ".".join(block.labels)


def _settings(block: hcl.Block, path: str, override: str) -> Iterator[Item]:
    """Yield what a `terraform` block sets: a provider's pin is a thing of its own, and so is the backend."""
    for attribute in block.body.attributes:
        address = f"terraform.{attribute.name}{override}"
        yield Item(kind="terraform", address=address, attributes=_of(attribute), path=path, line=attribute.line)
    for inner in block.body.blocks:
        if inner.type == "required_providers":
            for attribute in inner.body.attributes:
                address = f"required_providers.{attribute.name}{override}"
                attributes = _of(attribute)
                yield Item(
                    kind="required provider", address=address, attributes=attributes, path=path, line=attribute.line
                )
        else:
            kind = "backend" if inner.type in ("backend", "cloud") else "terraform"
            address = ".".join((inner.type, *inner.labels)) + override
            yield Item(kind=kind, address=address, attributes=attributes_of(inner.body), path=path, line=inner.line)


def _of(attribute: hcl.Attribute) -> dict[str, Written]:
    """Return one attribute as the only content of a thing: an object's keys, or the value under an empty name."""
    return _written(attribute, "")


def attributes_of(body: hcl.Body) -> dict[str, Written]:
    """Return a block's attributes by their paths; blocks of one type count by what they say and not by their order."""
    found: dict[str, Written] = {}
    for attribute in body.attributes:
        found |= _written(attribute, attribute.name)
    times = Counter((block.type, block.labels) for block in body.blocks)
    for block in body.blocks:
        inner = attributes_of(block.body)
        name = ".".join((block.type, *block.labels))
        if times[block.type, block.labels] > 1:
            said = "; ".join(f"{path} = {written.text}" for path, written in sorted(inner.items()))
            name = _free(f"{name}[{said}]", found)
            found[name] = Written(text="", literal=True, line=block.line)
            continue
        found |= {f"{name}.{path}": written for path, written in inner.items()}
        if not inner:
            found[_free(name, found)] = Written(text="", literal=True, line=block.line)
    return found


def _free(name: str, taken: Mapping[str, Written]) -> str:
    number = 1
    while (name if number == 1 else f"{name} #{number}") in taken:
        number += 1
    return name if number == 1 else f"{name} #{number}"


def _written(attribute: hcl.Attribute, name: str) -> dict[str, Written]:
    if has_opaque(attribute.value):
        return {name: Written(text=attribute.text, literal=False, line=attribute.line)}
    return {
        path: Written(text=shown(value), literal=is_literal(value), line=attribute.line)
        for path, value in leaves(name, attribute.value)
    }


def _bare(text: str) -> str:
    return text.strip('"')
