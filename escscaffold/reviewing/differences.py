"""What Terraform files declare, and what differs between two sides, whatever the order and layout. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct
from msgspec.structs import astuple

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.references import VALUES, folders_with_terraform
from escscaffold.terraform.resource_changes import Action

_LABELLED = {"variable": "var", "output": "output", "module": "module"}
LOCK_NAME = ".terraform.lock.hcl"
Key = tuple[str, str]
"""Folder and address."""
Change = Literal["added", "removed", "changed", "moved"]
Fate = Literal["added", "removed"]
_STATEMENTS = ("moved", "removed", "import")
"""Blocks about other declarations, which declare nothing themselves."""


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


def items_of(bodies: Mapping[str, hcl.Body]) -> dict[Key, Item]:
    """Return everything that the files declare; what is declared again in a folder gets a number."""
    items: dict[Key, Item] = {}
    counts: dict[Key, int] = {}
    for path, body in sorted(bodies.items()):
        for item in _items(path, body):
            plain = (item.folder, item.address)
            number = counts[plain] = counts.get(plain, 0) + 1
            key = plain if number == 1 else (item.folder, f"{item.address} #{number}")
            items[key] = item
    return items


def _items(path: str, body: hcl.Body) -> Iterator[Item]:
    name = PurePosixPath(path).name
    if name.endswith(VALUES):
        for attribute in body.attributes:
            yield Item(kind="value", address=attribute.name, attributes=_of(attribute), path=path, line=attribute.line)
        return
    # An override declares again what another file declares: Terraform merges the two.
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
            attributes = _attributes_of(block.body)
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
        return "provider", f"provider.{_label(block)}" + (f".{_bare(hcl.as_text(alias.value))}" if alias else "")
    if block.type in ("moved", "removed", "import"):
        target = block.body.attribute("from" if block.type != "import" else "to")
        return block.type, f"{block.type} {hcl.as_text(target.value) if target else ''}".strip()
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
            yield Item(kind=kind, address=address, attributes=_attributes_of(inner.body), path=path, line=inner.line)


def _of(attribute: hcl.Attribute) -> dict[str, Written]:
    """Return one attribute as the only content of a thing: an object's keys, or the value under an empty name."""
    return _written(attribute, "")


def _attributes_of(body: hcl.Body) -> dict[str, Written]:
    """Return a block's attributes by their paths; blocks of one type count by what they say and not by their order."""
    by_path: dict[str, Written] = {}
    for attribute in body.attributes:
        by_path |= _written(attribute, attribute.name)
    times = Counter((block.type, block.labels) for block in body.blocks)
    numbers: dict[str, int] = {}
    for block in body.blocks:
        inner = _attributes_of(block.body)
        name = ".".join((block.type, *block.labels))
        if times[block.type, block.labels] > 1:
            mentioned = "; ".join(f"{path} = {written.text}" for path, written in sorted(inner.items()))
            name = _free(f"{name}[{mentioned}]", by_path, numbers)
            by_path[name] = Written(text="", literal=True, line=block.line)
            continue
        by_path |= {f"{name}.{path}": written for path, written in inner.items()}
        if not inner:
            by_path[_free(name, by_path, numbers)] = Written(text="", literal=True, line=block.line)
    return by_path


def _free(name: str, taken: Mapping[str, Written], numbers: dict[str, int]) -> str:
    """Return the name with a number, unless it is free; `numbers` has the last one of each name."""
    number = numbers.get(name, 0) + 1
    while (name if number == 1 else f"{name} #{number}") in taken:
        number += 1
    numbers[name] = number
    return name if number == 1 else f"{name} #{number}"


def _written(attribute: hcl.Attribute, name: str) -> dict[str, Written]:
    if _has_opaque(attribute.value):
        return {name: Written(text=attribute.text, literal=False, line=attribute.line)}
    return {
        path: Written(text=hcl.as_text(value), literal=_is_literal(value), line=attribute.line)
        for path, value in _leaves(name, attribute.value)
    }


def _is_literal(expression: hcl.Expression) -> bool:
    """Return True if the expression is the value itself, and nothing that Terraform computes."""
    match expression:
        case hcl.Literal():
            return True
        case hcl.TupleExpression(items):
            return all(map(_is_literal, items))
        case hcl.ObjectExpression(items):
            return all(_is_literal(key) and _is_literal(value) for key, value in items)
    return False


def _leaves(name: str, expression: hcl.Expression) -> Iterator[tuple[str, hcl.Expression]]:
    """Yield the parts of an object with their paths, or the expression itself: the order of keys has no meaning."""
    keys = _plain_keys(expression) if isinstance(expression, hcl.ObjectExpression) else None
    if not keys:
        yield name, expression
        return
    for key, value in keys:
        yield from _leaves(f"{name}.{key}" if name else key, value)


def _plain_keys(mapping: hcl.ObjectExpression) -> list[tuple[str, hcl.Expression]] | None:
    """Return the object's items if every key is a text, each of them once."""
    keys = [(key.value, value) for key, value in mapping.items if isinstance(key, hcl.Literal)]
    named = [(str(key), value) for key, value in keys if isinstance(key, str)]
    return named if len({key for key, _ in named}) == len(mapping.items) else None


def _has_opaque(expression: object) -> bool:
    """Return True if a part of the expression was not looked into, so that only its text can be compared."""
    if isinstance(expression, hcl.Opaque):
        return True
    if isinstance(expression, tuple):
        return any(map(_has_opaque, expression))
    return isinstance(expression, Struct) and any(map(_has_opaque, astuple(expression)))


def _bare(text: str) -> str:
    return text.strip('"')


class AttributeChange(Struct, frozen=True, kw_only=True):
    """One attribute on both sides; None where it is not."""

    name: str
    old: Written | None
    new: Written | None


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that is not the same on both sides."""

    change: Change
    item: Item
    """As it is now, or as it was where it is removed."""
    action: Action | Literal[""] = ""
    """What Terraform does; nothing where only the declaration is known to differ."""
    was: str = ""
    """Its old address, where it has moved."""
    attributes: tuple[AttributeChange, ...] = ()
    forcing: tuple[str, ...] = ()
    """The attributes whose change is not made in place."""


def whole_folders(before: Iterable[str], after: Iterable[str]) -> Mapping[str, Fate]:
    """Return the folders that have Terraform on one side only."""
    old, new = folders_with_terraform(before), folders_with_terraform(after)
    fates: dict[str, Fate] = dict.fromkeys(new - old, "added")
    return {**fates, **dict.fromkeys(old - new, "removed")}


def differences(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> tuple[Difference, ...]:
    """Return what differs, in the order of folders and addresses."""
    moves = _moves(before, after)
    came_from = {new: old for old, new in moves.items()}
    differing = []
    for key in sorted((before.keys() | after.keys()) - moves.keys()):
        old, new = before.get(came_from.get(key, key)), after.get(key)
        difference = _difference(old, new, moved=key in came_from)
        if difference is not None and difference.item.kind not in _STATEMENTS:
            differing.append(difference)
    mentioned = {
        (difference.item.folder, address)
        for difference in differing
        for address in (difference.item.address, difference.was)
    }
    return (*differing, *_statements(before, after, mentioned))


def _statements(before: Mapping[Key, Item], after: Mapping[Key, Item], mentioned: set[Key]) -> Iterator[Difference]:
    """Yield the new `moved`, `removed` and `import` blocks that are about nothing that differs here."""
    for key, item in sorted(after.items()):
        if (
            item.kind in _STATEMENTS
            and key not in before
            and (item.folder, _bare_address(item.address)) not in mentioned
        ):
            yield Difference(change="added", item=item)


def _difference(old: Item | None, new: Item | None, *, moved: bool) -> Difference | None:
    if new is None and old is not None:
        return Difference(change="removed", item=old)
    if old is None and new is not None:
        attributes = tuple(AttributeChange(name=n, old=None, new=w) for n, w in sorted(new.attributes.items()))
        return Difference(change="added", item=new, attributes=attributes)
    if old is None or new is None:
        return None
    changes = tuple(_changes(old, new))
    if not changes and not moved:
        return None
    return Difference(
        change="moved" if moved else "changed",
        action="move" if moved and new.kind in ("resource", "module") else "",
        item=new,
        was=old.address if moved else "",
        attributes=changes,
    )


def _changes(old: Item, new: Item) -> Iterator[AttributeChange]:
    for name in sorted(old.attributes.keys() | new.attributes.keys()):
        before, after = old.attributes.get(name), new.attributes.get(name)
        if (before and before.text) != (after and after.text):
            yield AttributeChange(name=name, old=before, new=after)


def _moves(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> dict[Key, Key]:
    """Return the things that `moved` blocks give another address, from the old key to the new one."""
    moves: dict[Key, Key] = {}
    for item in after.values():
        target = item.attributes.get("to") if item.kind == "moved" else None
        if target is None:
            continue
        old, new = (item.folder, _bare_address(item.address)), (item.folder, _without_key(target.text))
        if old in before and old not in after and new in after and new not in before and new not in moves.values():
            moves[old] = new
    return moves


def _bare_address(address: str) -> str:
    """Return the address that a `moved`, `removed` or `import` block is about."""
    return _without_key(address.partition(" ")[2])


def _without_key(address: str) -> str:
    """Return the address without the key of one instance, `[0]`, which is not declared by itself."""
    return address.partition("[")[0]
