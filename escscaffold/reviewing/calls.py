"""What a changed argument of a module's call does to the resources in there. Pure.

An argument is followed into the module that is called, and no further: through no local, and not into what that calls.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from escscaffold.reviewing.differences import Action, AttributeChange, Difference
from escscaffold.reviewing.folders import folder_of, is_configuration
from escscaffold.reviewing.items import Item, items_of
from escscaffold.reviewing.reading import Reader
from escscaffold.reviewing.replacing import badness, resource_facts
from escscaffold.reviewing.states import State


def followed(found: Iterable[Difference], after: State, reader: Reader) -> Iterator[Difference]:
    """Yield the differences, those of calls with what they make Terraform replace in a module that stands there."""
    for one in found:
        folder = _called(one.item) if one.item.kind == "module" and one.change == "changed" else ""
        yield _through(one, _resources(folder, after, reader)) if folder else one


def _called(item: Item) -> str:
    """Return the folder of the module that is called, or nothing where it is none of this repository."""
    source = item.attributes.get("source")
    path = source.text.strip('"') if source and source.literal else ""
    return posixpath.normpath(posixpath.join(item.folder, path)) if path.startswith(("./", "../")) else ""


def _resources(folder: str, after: State, reader: Reader) -> list[Item]:
    paths = [path for path in after.calling if folder_of(path) == folder and is_configuration(path)]
    there = items_of(reader.bodies(replace(after, texts=after.calling), paths))
    return [item for item in there.values() if item.kind == "resource"]


def _through(call: Difference, resources: Iterable[Item]) -> Difference:
    forcing: dict[str, Action] = {}
    inside: set[str] = set()
    for item in resources:
        for change, sure in _forced(item, {change.name: change for change in call.attributes}):
            inside.add(item.type)
            if forcing.get(change.name) != "replace":
                forcing[change.name] = sure
    if not forcing:
        return call
    facts = resource_facts()
    worst = sorted(inside, key=lambda kind: (badness(facts[kind].replaces), kind))
    action: Action = "replace" if "replace" in forcing.values() else "replace?"
    return replace(call, action=action, forcing=tuple(forcing), inside=tuple(worst))


def _forced(item: Item, changes: Mapping[str, AttributeChange]) -> Iterator[tuple[AttributeChange, Action]]:
    """Yield the arguments of the call whose change the resource cannot take in place, and how sure that is."""
    facts = resource_facts().get(item.type)
    if facts is None or facts.follows:
        return
    for name, written in item.attributes.items():
        for change in changes.values():
            variable = f"var.{change.name}"
            if written.text == variable:
                known = all(side is None or side.literal for side in (change.old, change.new))
                if facts.forces(name, change.old, change.new):
                    yield change, "replace" if known else "replace?"
            elif re.search(rf"\b{re.escape(variable)}\b", written.text) and facts.forces(name, None, None):
                yield change, "replace?"
