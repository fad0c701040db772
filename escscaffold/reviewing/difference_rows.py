"""The rows of what Terraform files declare differently: a row for each thing, or for a whole folder. Pure."""

import posixpath
from collections import Counter
from collections.abc import Iterator

from escscaffold.reviewing.differences import Difference
from escscaffold.reviewing.folders import folder_of
from escscaffold.reviewing.items import Written
from escscaffold.reviewing.report import ACTION_WORDS, Contents
from escscaffold.reviewing.words import Quoted, Sentence, counted, listed, place

_LONG = 60
_CONTEXT = 20
"""Signs of what two long values have in common that are shown before they differ."""
_WORTH_COUNTING = ("resource", "data", "module")
_ATTRIBUTES = 6
"""How many attributes of one thing are shown."""


def difference_rows(contents: Contents) -> tuple[tuple[Sentence, ...], ...]:
    """Return address, place, what becomes of it, and the attributes."""
    return (*_whole(contents), *map(_difference, contents.single))


def _difference(difference: Difference) -> tuple[Sentence, ...]:
    item = difference.item
    address: Sentence = (Quoted(item.address),)
    if difference.was:
        address = (Quoted(difference.was), " -> ", *address)
    what = ACTION_WORDS[difference.action] if difference.action else difference.change
    return address, (place(item.path, item.line),), (what,), tuple(_attributes(difference))


def _whole(contents: Contents) -> Iterator[tuple[Sentence, ...]]:
    """Yield a row for each folder that comes or goes as a whole."""
    for folder, fate in sorted(contents.whole.items()):
        kinds = Counter(one.item.kind for one in contents.differences if folder_of(one.item.path) == folder)
        told = listed([counted(number, kind) for kind, number in sorted(kinds.items()) if kind in _WORTH_COUNTING])
        yield (Quoted(folder),), ("-",), (f"the whole folder is {fate}",), (told or "-",)


def _attributes(difference: Difference) -> Iterator[str | Quoted]:
    if difference.change == "added":
        yield counted(len(difference.attributes), "attribute") if difference.attributes else "-"
        return
    for number, change in enumerate(difference.attributes[:_ATTRIBUTES]):
        old, new = _beside(change.old, change.new)
        yield from ("; " if number else "", Quoted(change.name or "value"), " ", old, " -> ", new)
    rest = len(difference.attributes) - _ATTRIBUTES
    yield f"; {rest} more" if rest > 0 else ("" if difference.attributes else "-")


def _beside(old: Written | None, new: Written | None) -> tuple[str | Quoted, str | Quoted]:
    """Return both values; of long ones, that with which they begin alike is left out."""
    before, after = (side.text if side else "" for side in (old, new))
    alike = len(posixpath.commonprefix([before, after]))
    cut = alike - _CONTEXT if min(len(before), len(after)) > _LONG and alike > _CONTEXT else 0
    first, second = (
        Quoted(f"...{text[cut:]}" if cut else text) if text else ("there" if side else "none")
        for side, text in ((old, before), (new, after))
    )
    return first, second
