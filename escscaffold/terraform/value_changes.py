"""How two values differ and what follows from that; and what differs of providers, backends and versions. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.terraform.hcl_values import (
    Unknown,
    Value,
    fingerprint,
    is_known,
    is_of_other_type,
    same,
    text_of,
    values_at,
)
from escscaffold.terraform.instances import Instance, UnreadCall
from escscaffold.terraform.provider_facts import Answer, Change

_VERSION = re.compile(r"v?\d{1,9}(?:\.\d{1,9}){0,3}")
_MOST = 5_000
"""How many leaves of one argument are compared one by one."""
_ANY = "any version"


class Leaf(Struct, frozen=True, kw_only=True):
    """One place in a resource's arguments where a value differs, or hangs on something that may."""

    path: str
    """With dots and without indices, as providers' facts have it."""
    shown: str
    """With indices and keys, for a person."""
    old: Value
    new: Value
    change: Change = "other"
    """What kind of change it is, where both are known."""
    is_order: bool = False
    """Whether only the order of a list differs, which is no change of a set."""

    @property
    def is_known(self) -> bool:
        """Whether both values are known, so that they certainly differ."""
        return is_known(self.old) and is_known(self.new)


def value_changes(
    old: Mapping[str, Value],
    new: Mapping[str, Value],
    sets: Collection[str],
    ignored: Collection[str] = (),
    typed: Collection[str] = (),
) -> list[Leaf]:
    """Return the leaves that differ, and those that are not known on either side, whether they look alike or not.

    `sets` are the paths whose order does not matter, `ignored` those that Terraform does not look at, `typed` the
    arguments of which a value of another type is another value.
    """
    changes: list[Leaf] = []
    if "all" in ignored:
        return changes
    for name in sorted(old.keys() | new.keys()):
        compare = _of_typed if name in typed else _of_values
        leaves = islice(compare(old.get(name), new.get(name), name, name, sets), _MOST)
        changes += (leaf for leaf in leaves if not any(_is_below(leaf, place, sets) for place in ignored))
    return changes


def no_longer_ignored(
    attributes: Mapping[str, Value], sets: Collection[str], before: Collection[str], after: Collection[str]
) -> Iterator[Leaf]:
    """Yield the arguments, also those inside of blocks, that `ignore_changes` had and does not have any more.

    Both sides are as in an instance. The real values may differ from the declaration by now, and Terraform changes them
    to it.
    """

    def is_ignored(leaf: Leaf, places: Collection[str]) -> bool:
        return any(place == "all" or _is_below(leaf, place, sets) for place in places)

    for name, value in attributes.items() if before else ():
        if value is not None:
            whole = Leaf(path=name, shown=name, old=None, new=value)
            for leaf in (whole, *islice(_of_values(None, value, name, name, sets), _MOST)):
                if is_ignored(leaf, before) and not is_ignored(leaf, after):
                    yield replace(leaf, old=Unknown("it was ignored"), change="other")


def _is_below(leaf: Leaf, place: str, sets: Collection[str]) -> bool:
    """Return True if a leaf is at a place, or inside of it; a place without an index is that of every block."""
    if "[" not in place:
        return leaf.path == place or leaf.path.startswith(f"{place}.")
    if place.partition("[")[0] in sets:
        # The items of a set have no index: Terraform finds nothing there to ignore.
        return False
    # The only block of its type is shown without an index.
    shown = place if "[" in leaf.shown else place.replace("[0]", "")
    return leaf.shown == shown or leaf.shown.startswith((f"{shown}.", f"{shown}["))


def _of_typed(old: Value, new: Value, path: str, shown: str, sets: Collection[str]) -> Iterator[Leaf]:
    """Yield how values of any type differ: null is not the same as nothing, and "1" not the same as 1."""
    if is_of_other_type(old, new) or (is_known(old) and is_known(new) and isinstance(new, list) and not same(old, new)):
        yield Leaf(path=path, shown=shown, old=old, new=new, change=_kind(old, new))
        return
    yield from (replace(leaf, is_order=False) for leaf in _of_values(old, new, path, shown, sets))


def _of_values(old: Value, new: Value, path: str, shown: str, sets: Collection[str]) -> Iterator[Leaf]:
    if is_known(old) and is_known(new) and (same(old, new) or _mean_the_same(old, new)):
        return
    match old, new:
        case dict(), dict():
            yield from _of_maps(old, new, path, shown, sets)
        case list() | None, list() | None if _has_blocks(old) or _has_blocks(new):
            yield from _of_blocks(old or [], new or [], path, shown, sets)
        case list(), list() if is_known(old) and is_known(new):
            is_order = sorted(map(fingerprint, old)) == sorted(map(fingerprint, new))
            if not (is_order and path in sets):
                yield Leaf(path=path, shown=shown, old=old, new=new, change=_kind(old, new), is_order=is_order)
        case _ if is_known(old) and is_known(new):
            yield Leaf(path=path, shown=shown, old=old, new=new, change=_kind(old, new))
        case _:
            yield Leaf(path=path, shown=shown, old=old, new=new)


def _of_maps(
    old: Mapping[str, Value], new: Mapping[str, Value], path: str, shown: str, sets: Collection[str]
) -> Iterator[Leaf]:
    for name in sorted(old.keys() | new.keys()):
        inner = f"{path}.{name}" if path else name
        inner_shown = f"{shown}.{name}" if shown else name
        yield from _of_values(old.get(name), new.get(name), inner, inner_shown, sets)


def _of_blocks(old: list[Value], new: list[Value], path: str, shown: str, sets: Collection[str]) -> Iterator[Leaf]:
    """Yield how two lists of nested blocks differ: of a set, what is on both sides is no difference."""
    if path in sets:
        old, new = without_common(old, new)
    for place in range(max(len(old), len(new))):
        block_shown = f"{shown}[{place}]" if len(old) > 1 or len(new) > 1 else shown
        before = old[place] if place < len(old) else None
        after = new[place] if place < len(new) else None
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _of_maps(before, after, path, block_shown, sets)
        elif before is None or after is None:
            # A block that is added or removed is reported as a whole and by each of its arguments.
            yield Leaf(path=path, shown=block_shown, old=before, new=after, change="set" if before is None else "unset")
            if isinstance(before, dict) or isinstance(after, dict):
                first, second = (side if isinstance(side, dict) else {} for side in (before, after))
                yield from _of_maps(first, second, path, block_shown, sets)
        else:
            yield Leaf(path=path, shown=block_shown, old=before, new=after)


def _has_blocks(values: list[Value] | None) -> bool:
    return values is not None and any(isinstance(value, dict) for value in values)


def _mean_the_same(old: Value, new: Value) -> bool:
    """Return True if Terraform converts both to the same value, or both mean that nothing is set."""
    if all(value is None or (isinstance(value, (list, dict)) and not value) for value in (old, new)):
        return True
    first, second = text_of(old), text_of(new)
    return first is not None and first == second


def _kind(old: Value, new: Value) -> Change:
    if _is_unset(old):
        return "set"
    if _is_unset(new):
        return "unset"
    if isinstance(old, bool) or isinstance(new, bool):
        return "to true" if text_of(new) == "true" else "to false"
    first, second = _network(old), _network(new)
    if first and second and first.version == second.version:
        if first.subnet_of(second):  # type: ignore[arg-type]
            return "widened"
        return "narrowed" if second.subnet_of(first) else "other"  # type: ignore[arg-type]
    before, after = _number(old), _number(new)
    if before and after:
        return "raised" if after > before else "lowered"
    return "other"


def _is_unset(value: Value) -> bool:
    return value is None or (isinstance(value, (str, list, dict)) and not value)


def _network(value: Value) -> IPv4Network | IPv6Network | None:
    if not isinstance(value, str) or "/" not in value or len(value) > 50:
        return None
    try:
        return ip_network(value, strict=False)
    except ValueError:
        return None


def _number(value: Value) -> tuple[int, ...] | None:
    text = text_of(value)
    if text is None or not _VERSION.fullmatch(text):
        return None
    return tuple(map(int, text.removeprefix("v").split(".")))


def is_empty(value: Value) -> bool:
    """Return True for what most arguments are without a value: false, 0, nothing, and blocks of no more than that.

    >>> is_empty({"enabled": False, "count": 0}), is_empty([{"enabled": True}])
    (True, False)
    """
    match value:
        case dict():
            return all(map(is_empty, value.values()))
        case list():
            return all(map(is_empty, value))
        case None | bool() | int() | float() | str():
            return not value
    return False


def is_same_unknown(old: Value, new: Value) -> bool:
    """Return True if two values that are not known are computed alike."""
    symbol = fingerprint(old)
    return bool(symbol) and symbol == fingerprint(new)


def sources_of(value: Value) -> frozenset[tuple[str, str]]:
    """Return what decides a value, as far as it is not known."""
    match value:
        case Unknown():
            return value.sources
        case list():
            return frozenset(source for item in value for source in sources_of(item))
        case dict():
            return frozenset(source for item in value.values() for source in sources_of(item))
    return frozenset()


def flipped(leaf: Leaf, change: Change) -> Change | None:
    """Return which way a bool goes that is set or unset, if what is not set means the other value."""
    if change == "set" and isinstance(leaf.new, bool):
        return "to true" if leaf.new else "to false"
    if change == "unset" and isinstance(leaf.old, bool):
        return "to false" if leaf.old else "to true"
    return None


def names_another(old: Value, new: Value) -> bool:
    """Return True if both are an attribute that identifies a resource, and of two different ones."""
    if not isinstance(old, Unknown) or not isinstance(new, Unknown):
        return False
    before, after = list(old.sources), list(new.sources)
    if len(before) != 1 or len(after) != 1:
        return False
    (first, name), (second, other) = before[0], after[0]
    plain = old.symbol == f"{first}.{name}" and new.symbol == f"{second}.{other}"
    return plain and name == other and name in ("id", "arn", "self_link") and first != second


def joined_of(value: Value) -> list[Value]:
    """Return the parts that a string is joined of; of any other value, itself."""
    return list(value.parts) if isinstance(value, Unknown) and value.parts else [value]


def without_common(old: list[Value], new: list[Value]) -> tuple[list[Value], list[Value]]:
    """Return the items of either list without those that are in both, which are computed alike."""
    return _without(old, new), _without(new, old)


def _without(items: list[Value], others: list[Value]) -> list[Value]:
    remaining = Counter(map(fingerprint, others))
    unmatched: list[Value] = []
    for item in items:
        text = fingerprint(item)
        if text and remaining[text]:
            remaining[text] -= 1
        else:
            unmatched.append(item)
    return unmatched


class Otherwise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of change, with an answer of its own."""

    answer: Answer
    change: Change | None = None
    old: str | None = None
    new: str | None = None
    matches_one: str | None = None
    """A regular expression that one of the two values matches, and the other does not."""
    where: Mapping[str, str] = {}
    """Other arguments of the resource after the change, by path, with the values that they must have; "" for none."""
    where_before: Mapping[str, str] = {}
    """The same before the change."""

    def fits(self, leaf: Leaf, before: Mapping[str, Value], after: Mapping[str, Value]) -> bool | None:
        """Return whether a change is of this kind; None where that hangs on an argument that is not known."""
        if (
            self.change not in (None, leaf.change)
            or self.old not in (None, text_of(leaf.old))
            or self.new not in (None, text_of(leaf.new))
            or (self.matches_one is not None and self._is_of_both(self.matches_one, leaf))
        ):
            return False
        return self.holds(before, after)

    @staticmethod
    def _is_of_both(pattern: str, leaf: Leaf) -> bool:
        old, new = (re.match(pattern, text_of(value) or "") for value in (leaf.old, leaf.new))
        return bool(old) == bool(new)

    def holds(self, before: Mapping[str, Value], after: Mapping[str, Value]) -> bool | None:
        """Return whether the other arguments have the required values; None where one of them is not known."""
        sides = ((before, self.where_before), (after, self.where))
        arguments = [
            (list(values_at(dict(attributes), path)) or [None], required)
            for attributes, where in sides
            for path, required in where.items()
        ]
        if any(
            is_known(values) and required not in [text_of(v) or "" for v in values] for values, required in arguments
        ):
            return False
        return True if is_known([values for values, _ in arguments]) else None


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a resource when one of its arguments changes."""

    answer: Answer
    source: str
    otherwise: tuple[Otherwise, ...] = ()

    def answer_to(self, leaf: Leaf, before: Mapping[str, Value], after: Mapping[str, Value]) -> Answer:
        """Return what becomes of the resource for this change, given all its arguments before and after."""
        if not leaf.is_known:
            possible = [condition for condition in self.otherwise if condition.holds(before, after) is not False]
            return "unknown" if possible and self.answer == "in place" else self.answer
        for condition in self.otherwise:
            fits = condition.fits(leaf, before, after)
            if fits is None:
                return "unknown"
            if fits:
                return condition.answer
        return self.answer


Conditions = Mapping[str, Mapping[str, Condition]]
"""By the resource's type and the argument's path."""


def is_twin(instance: Instance, other: Instance) -> bool:
    """Return True for two resources of one type with the same arguments, as far as neither side knows them."""
    if (instance.type, instance.provider) != (other.type, other.provider):
        return False
    leaves = value_changes(instance.attributes, other.attributes, frozenset())
    return not any(is_known(leaf.old) or is_known(leaf.new) for leaf in leaves)


class Configured(Struct, frozen=True, kw_only=True):
    """A provider's configuration, a backend, or a module that is not at hand, of which arguments differ."""

    address: str
    leaves: tuple[Leaf, ...]
    path: str
    line: int | None


def configured_between(
    old: Mapping[str, UnreadCall], new: Mapping[str, UnreadCall], used: Collection[str] = ()
) -> Iterator[tuple[str, Configured]]:
    """Yield what is on both sides and is given other arguments, by its address.

    Of what is `used` on both sides, one that is not written counts as one without arguments.
    """
    for address in sorted((old.keys() & new.keys()) | ((old.keys() ^ new.keys()) & set(used))):
        block = new.get(address) or old[address]
        before, after = (side[address].attributes if address in side else {} for side in (old, new))
        leaves = [
            leaf
            for leaf in value_changes(before, after, frozenset())
            if leaf.is_known or not is_same_unknown(leaf.old, leaf.new)
        ]
        if leaves:
            yield address, Configured(address=address, leaves=tuple(leaves), path=block.path, line=block.line)


def on_one_side(old: Mapping[str, UnreadCall], new: Mapping[str, UnreadCall]) -> Iterator[Configured]:
    """Yield what is on one side only."""
    for address in sorted(old.keys() ^ new.keys()):
        call = new.get(address) or old[address]
        yield Configured(address=address, leaves=(), path=call.path, line=call.line)


def required_between(
    old: Mapping[str, str], new: Mapping[str, str], used: Collection[str]
) -> list[tuple[str, str, str]]:
    """Return the providers whose required versions differ: the source, before, after.

    `used` are the providers of what exists: for another one, the first version that is required changes nothing.
    """
    sources = (old.keys() & new.keys()) | ((old.keys() ^ new.keys()) & set(used))
    sides = [(source, old.get(source, _ANY), new.get(source, _ANY)) for source in sorted(sources)]
    return [side for side in sides if side[1] != side[2]]
