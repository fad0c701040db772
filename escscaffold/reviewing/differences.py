"""What differs between what two sides declare, thing by thing and attribute by attribute. Pure."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from escscaffold.reviewing.items import Item, Key, Written
from escscaffold.terraform.consequences import Action

Change = Literal["added", "removed", "changed", "moved"]

_STATEMENTS = ("moved", "removed", "import")
"""What says something of other things, and is none itself."""


class AttributeChange(Struct, frozen=True, kw_only=True):
    """One attribute on both sides; None where it is not."""

    name: str
    old: Written | None
    new: Written | None


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that is not the same on both sides."""

    change: Change
    item: Item
    """As it is now, or as it was where it is gone."""
    action: Action | Literal[""] = ""
    """What Terraform does; nothing where the declaration alone says no more than that it differs."""
    was: str = ""
    """Its old address, where it has moved."""
    attributes: tuple[AttributeChange, ...] = ()
    forcing: tuple[str, ...] = ()
    """The attributes whose change is not made in place."""


def differences(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> tuple[Difference, ...]:
    """Return what differs, in the order of folders and addresses."""
    moves = _moves(before, after)
    came_from = {new: old for old, new in moves.items()}
    found = []
    for key in sorted((before.keys() | after.keys()) - moves.keys()):
        old, new = before.get(came_from.get(key, key)), after.get(key)
        difference = _difference(old, new, moved=key in came_from)
        if difference is not None and difference.item.kind not in _STATEMENTS:
            found.append(difference)
    said = {(one.item.folder, address) for one in found for address in (one.item.address, one.was)}
    return (*found, *_statements(before, after, said))


def _statements(before: Mapping[Key, Item], after: Mapping[Key, Item], said: set[Key]) -> Iterator[Difference]:
    """Yield the new `moved`, `removed` and `import` blocks that are about nothing that differs here."""
    for key, item in sorted(after.items()):
        if item.kind in _STATEMENTS and key not in before and (item.folder, _bare(item.address)) not in said:
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
    found: dict[Key, Key] = {}
    for item in after.values():
        target = item.attributes.get("to") if item.kind == "moved" else None
        if target is None:
            continue
        old, new = (item.folder, _bare(item.address)), (item.folder, _without_key(target.text))
        if old in before and old not in after and new in after and new not in before and new not in found.values():
            found[old] = new
    return found


def _bare(address: str) -> str:
    """Return the address that a `moved`, `removed` or `import` block is about."""
    return _without_key(address.partition(" ")[2])


def _without_key(address: str) -> str:
    """Return the address without the key of one instance, `[0]`, which is declared nowhere by itself."""
    return address.partition("[")[0]
