"""The rows of what Terraform does to each resource: like ones as one row with their count. Pure."""

from collections.abc import Iterator

from escscaffold.reviewing.report import ACTION_WORDS, Contents
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.value_text import is_secret, sides_of
from escscaffold.reviewing.words import Quoted, Sentence, place
from escscaffold.terraform.consequences import Consequence
from escscaffold.terraform.value_changes import Leaf

_ORDER = ("destroy", "replace", "unknown", "update", "forget", "import", "create", "move", "read")
_SHOWN = 6
"""How many arguments of one resource are shown."""


def resource_rows(contents: Contents) -> tuple[tuple[Sentence, ...], ...]:
    """Return address, place, what becomes of it, and the arguments with their values."""
    return tuple(row for root in contents.roots if root.fate == "kept" for row in _rows(root))


def _rows(root: Root) -> Iterator[tuple[Sentence, ...]]:
    groups: dict[tuple[object, ...], list[Consequence]] = {}
    for one in root.consequences.resources:
        groups.setdefault(_like(one), []).append(one)
    for group in sorted(groups.values(), key=lambda group: _ORDER.index(group[0].action)):
        first = group[0]
        address: Sentence = (Quoted(first.instance.was),)
        if first.was:
            address = (Quoted(first.was), " -> ", *address)
        if len(group) > 1:
            address = (*address, f" and {len(group) - 1:,} more like it")
        if root.folder != ".":
            address = (*address, " in ", Quoted(root.name))
        where = place(first.instance.path, first.instance.line)
        yield address, (where,), (ACTION_WORDS[first.action],), _arguments(first)


def _like(one: Consequence) -> tuple[object, ...]:
    arguments = tuple((leaf.path, *sides_of(leaf)) for leaf in _leaves(one))
    decisive = tuple((cause.leaf.path, cause.answer) for cause in one.causes[:_SHOWN])
    alone = one.was if one.action == "move" else ""
    return one.action, one.instance.path, one.instance.declared, arguments, decisive, one.why, alone


def _leaves(one: Consequence) -> list[Leaf]:
    """Return the arguments to show, those that decide first."""
    if one.action in ("destroy", "forget", "move", "read"):
        return []
    decisive = [cause.leaf for cause in one.causes]
    known = {leaf.shown for leaf in decisive}
    return [*decisive, *(leaf for leaf in one.leaves if leaf.shown not in known)]


def _arguments(one: Consequence) -> Sentence:
    leaves = _leaves(one)
    forcing = {cause.leaf.shown for cause in one.causes if cause.answer == "replaces"}
    found: list[str | Quoted] = []
    for number, leaf in enumerate(leaves[:_SHOWN]):
        old, new = sides_of(leaf)
        found += ["; " if number else "", Quoted(leaf.shown), " "]
        if one.action in ("create", "import") and not is_secret(leaf):
            found.append(Quoted(new))
        elif leaf.is_known or is_secret(leaf):
            found += _change(old, new)
        else:
            found.append("computed")
        if leaf.shown in forcing:
            found.append(" (replaces)")
    rest = len(leaves) - _SHOWN
    return (*found, f"; {rest} more") if rest > 0 else tuple(found) or ("-",)


def _change(old: str, new: str) -> list[str | Quoted]:
    if old.startswith("- ") or new.startswith("+ ") or not old or not new:
        parts = [Quoted(side) for side in (old, new) if side]
        return [parts[0], *(part for more in parts[1:] for part in (", ", more))]
    return [Quoted(old), " -> ", Quoted(new)]
