"""Terraform's functions of lists, sets and maps, and conversions to them.

https://developer.hashicorp.com/terraform/language/functions
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, product
from math import prod

from escscaffold.terraform.hcl_values import (
    LONGEST,
    Members,
    NotComputedError,
    RoundedNumber,
    TypedList,
    TypedMap,
    TypedSet,
    Unknown,
    Value,
    bool_of,
    derived,
    fingerprint,
    is_known,
    item_of,
    number_of,
    same,
    text_of,
    whole,
)

STRUCTURAL = {
    *("concat", "element", "slice", "reverse", "length", "keys", "values", "zipmap", "merge", "chunklist", "one"),
    *("range", "tolist", "tomap", "coalescelist", "setproduct"),
}
"""What puts items together, or takes some out, and looks into none of them: these can be unknown."""
_MOST_SLICED = 100
_LAST_SIMPLE = "\u02ff"
"""Up to here each character is one to a person; above are those that join others, such as accents."""
_PLAIN = {"Ll", "Lu", "Lt", "Lm", "Pd", "Po", "Ps", "Pe", "Sc", "Sm", "Zs"}
"""Categories of Unicode whose characters join no others."""


def text(value: Value) -> str:
    """Return a value as a string; raises ValueError where Terraform would refuse it."""
    written = text_of(value)
    if written is not None:
        return written
    if isinstance(value, RoundedNumber):
        raise NotComputedError("a number whose digits are not all known")
    raise ValueError(value)


def characters(of: str) -> list[str]:
    """Return the characters of a string as a person counts them; raises NotComputedError where some may be joined.

    https://unicode.org/reports/tr29/
    """
    if "\r\n" in of or any(sign > _LAST_SIMPLE and _may_join(sign) for sign in of):
        raise NotComputedError("characters that are joined")
    return list(of)


def _may_join(sign: str) -> bool:
    """Return True for all but plain letters, signs and ideographs: accents, flags, emoji of several parts."""
    category = unicodedata.category(sign)
    if category == "So":
        return "\U0001f1e6" <= sign <= "\U0001f1ff"
    is_ideograph = "\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3"
    return not is_ideograph and category not in _PLAIN


def list_items(value: Value) -> list[Value]:
    """Return the items of a list or set; raises TypeError for anything else."""
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _placed(value: Value) -> list[Value]:
    """Return the items of a list, which have places; raises TypeError for anything else, such as a set."""
    if isinstance(value, TypedSet):
        raise TypeError(value)
    return list_items(value)


def of_one_type(values: list[Value]) -> list[Value]:
    """Return values as the items of one list: with a string among them, all are strings.

    Raises ValueError where Terraform finds no type for all of them.
    https://developer.hashicorp.com/terraform/language/expressions/type-constraints#conversion-of-complex-types
    """
    typed = [value for value in values if not _is_without_type(value)]
    kinds = set(map(_kind, typed))
    if len(kinds) > 1 and ("string" not in kinds or kinds & _COLLECTIONS):
        raise ValueError(values)
    if len(kinds) > 1:
        return [value if _is_without_type(value) else text(value) for value in values]
    if not kinds & _COLLECTIONS or not _is_mixed(typed):
        return values
    if len(typed) < len(values) or any(isinstance(value, TypedSet) for value in typed):
        raise NotComputedError("values of several types inside of each other")
    return _lists_of_one_type(typed) if kinds == {"list"} else _objects_of_one_type(typed)


def _lists_of_one_type(lists: list[Value]) -> list[Value]:
    rows = [list_items(list_) for list_ in lists]
    if len(set(map(len, rows))) > 1:
        return [*_in_one_type(lists)]
    columns = [of_one_type(list(column)) for column in zip(*rows, strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _objects_of_one_type(objects: list[Value]) -> list[Value]:
    rows = [value for value in objects if isinstance(value, dict)]
    names = list(rows[0])
    if any(row.keys() != rows[0].keys() for row in rows):
        raise NotComputedError("objects of several types")
    columns = [of_one_type([row[name] for row in rows]) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _is_without_type(value: Value) -> bool:
    return value is None or isinstance(value, Unknown | Members)


_COLLECTIONS = {"list", "map"}


def _kind(value: Value) -> str:
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
    return "map"


def _is_mixed(values: list[Value]) -> bool:
    """Return True if not all simple values inside of these have the same type, or lists of them are among others."""
    kinds: set[str] = set()
    depths = {any(isinstance(item, list | dict) for item in value) for value in values if isinstance(value, list)}
    if len(depths) > 1:
        return True
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
        elif not _is_without_type(value):
            kinds.add(_kind(value))
    return len(kinds) > 1


def sliced_unknown(of: Unknown, start: Value, end: Value) -> Value:
    """Return as many unknown items as the slice has: how many there are is known though none of them is."""
    try:
        first, last = whole(start), whole(end)
    except (ValueError, TypeError):
        return derived("slice", of, start, end)
    if not 0 <= first <= last <= first + _MOST_SLICED:
        return derived("slice", of, start, end)
    return [item_of(of, place) for place in range(first, last)]


def in_order_of_a_set(value: Value) -> TypedSet:
    """Return the items each once, as one type, in Terraform's order; raises ValueError where they have none."""
    distinct = list({fingerprint(item): item for item in of_one_type(list_items(value))}.values())
    if None in distinct and len(distinct) > 1:
        raise NotComputedError("the place of null")
    if all(isinstance(item, bool) for item in distinct):
        return TypedSet(sorted(distinct, key=bool_of))
    if all(isinstance(item, str) for item in distinct):
        return TypedSet(sorted(distinct, key=str))
    if all(isinstance(item, int | float) for item in distinct):
        return TypedSet(sorted(distinct, key=number_of))
    return TypedSet(sorted(distinct, key=fingerprint))


def _merge(*maps: Value) -> Value:
    merged: dict[str, Value] = {}
    for map_ in maps:
        if map_ is None:
            continue
        if not isinstance(map_, dict):
            raise TypeError(map_)
        merged |= map_
    return TypedMap(merged) if maps and all(isinstance(map_, TypedMap) for map_ in maps) else merged


def _listed(values: list[Value], *of: Value) -> list[Value]:
    """Return the items as a list where all that they come from are lists, else as a tuple."""
    return TypedList(values) if of and all(isinstance(value, TypedList) for value in of) else values


def _flatten(value: Value) -> list[Value]:
    flat: list[Value] = []
    for item in list_items(value):
        flat += _flatten(item) if isinstance(item, list) else [item]
        if len(flat) > LONGEST:
            raise NotComputedError("too long")
    return flat


def _length(value: Value) -> int:
    if isinstance(value, str):
        return len(characters(value))
    if isinstance(value, list | dict):
        return len(value)
    raise TypeError(value)


def _element(of: Value, index: Value) -> Value:
    place = whole(index)
    if place < 0:
        # Later versions of Terraform count from the end.
        raise NotComputedError("a negative index")
    return _placed(of)[place % len(_placed(of))]


def _slice(of: Value, start: Value, end: Value) -> list[Value]:
    first, last = whole(start), whole(end)
    if not 0 <= first <= last <= len(_placed(of)):
        raise ValueError(end)
    return _listed(_placed(of)[first:last], of)


def _zipmap(keys: Value, values: Value) -> dict[str, Value]:
    zipped = dict(zip(map(text, list_items(keys)), _placed(values), strict=True))
    return TypedMap(zipped) if isinstance(keys, TypedList) and isinstance(values, TypedList) else zipped


def _keys(mapping: Value) -> list[Value]:
    if not isinstance(mapping, dict):
        raise TypeError(mapping)
    return TypedList(sorted(mapping)) if isinstance(mapping, TypedMap) else [*sorted(mapping)]


def _values(mapping: Value) -> list[Value]:
    if not isinstance(mapping, dict):
        raise TypeError(mapping)
    values = [mapping[key] for key in sorted(mapping)]
    return TypedList(values) if isinstance(mapping, TypedMap) else values


def _chunks(of: Value, size: Value) -> list[Value]:
    values, step = list_items(of), whole(size)
    if step < 0:
        raise ValueError(size)
    starts = range(0, len(values), step or len(values) or 1)
    return TypedList(TypedList(values[start : start + step] if step else values) for start in starts)


def _one(of: Value) -> Value:
    if len(list_items(of)) > 1:
        raise ValueError(of)
    return next(iter(list_items(of)), None)


def _index(of: Value, item: Value) -> int:
    for place, member in enumerate(_placed(of)):
        if same(member, item):
            return place
    raise ValueError(item)


def _contains(of: Value, item: Value) -> bool:
    if item is None:
        raise ValueError(item)
    return _has(list_items(of), item)


def _has(values: list[Value], item: Value) -> bool:
    return any(same(value, item) for value in values)


def _first_list(*lists: Value) -> Value:
    filled = [list_ for list_ in lists if _placed(list_)]
    if not filled:
        raise ValueError(lists)
    return filled[0]


def _product(*sets: Value) -> list[Value]:
    if len(sets) < 2:
        raise ValueError(sets)
    lists = [of_one_type(list_items(set_)) for set_ in sets]
    if prod(map(len, lists)) * len(lists) > LONGEST:
        raise NotComputedError("too long")
    rows: list[Value] = [[*row] for row in product(*lists)]
    return TypedSet(rows) if all(isinstance(set_, TypedSet) for set_ in sets) else TypedList(rows)


def _transpose(mapping: Value) -> dict[str, Value]:
    turned: dict[str, Value] = {}
    for key in _keys(mapping):
        for value in list_items(mapping[key]):  # type: ignore[index]
            held = turned.setdefault(text(value), [])
            if isinstance(held, list):
                held.append(key)
    return TypedMap(turned)


def _matching(values: Value, keys: Value, searched: Value) -> list[Value]:
    pairs = zip(of_one_type(_placed(values)), of_one_type(_placed(keys)), strict=True)
    among = _fingerprints(of_one_type(_placed(searched)))
    return TypedList(value for value, key in pairs if fingerprint(key) in among)


def _in_one_type(sets: Iterable[Value]) -> list[list[Value]]:
    """Return the items of each set, all of one type."""
    lists = [list_items(set_) for set_ in sets]
    values = iter(of_one_type(list(chain.from_iterable(lists))))
    return [[next(values) for _ in list_] for list_ in lists]


def _union(*sets: Value) -> TypedSet:
    return in_order_of_a_set(list(chain.from_iterable(_in_one_type(sets))))


def _intersection(*sets: Value) -> TypedSet:
    first, *others = _in_one_type(sets)
    among = [_fingerprints(other) for other in others]
    return in_order_of_a_set([item for item in first if all(fingerprint(item) in other for other in among)])


def _subtracted(of: Value, without: Value) -> TypedSet:
    values, removed = _in_one_type((of, without))
    among = _fingerprints(removed)
    return in_order_of_a_set([item for item in values if fingerprint(item) not in among])


def _fingerprints(values: Iterable[Value]) -> set[str]:
    """Return what to look for many values among these by: `same` compares the same texts."""
    return set(map(fingerprint, values))


def _list(value: Value) -> Value:
    if isinstance(value, TypedSet) and not is_known(value):
        # The order of its items is that of their values.
        return derived("tolist", value)
    return None if value is None else TypedList(of_one_type(list_items(value)))


def _set(value: Value) -> Value:
    return None if value is None else in_order_of_a_set(value)


def _map(value: Value) -> Value:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise TypeError(value)
    return TypedMap(zip(value, of_one_type(list(value.values())), strict=True))


def _bools(of: Value) -> list[bool]:
    return [item is not None and bool_of(item) for item in list_items(of)]


def _distinct(of: Value) -> list[Value]:
    return TypedList({fingerprint(item): item for item in of_one_type(list_items(of))}.values())


def _compact(of: Value) -> list[Value]:
    return TypedList(text(item) for item in list_items(of) if item not in (None, ""))


COLLECTION_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "alltrue": lambda of: all(_bools(of)),
    "anytrue": lambda of: any(_bools(of)),
    "chunklist": _chunks,
    "coalescelist": _first_list,
    "compact": _compact,
    "concat": lambda *lists: _listed(list(chain.from_iterable(map(_placed, lists))), *lists),
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "index": _index,
    "keys": _keys,
    "length": _length,
    "matchkeys": _matching,
    "merge": _merge,
    "one": _one,
    "reverse": lambda of: _listed(list_items(of)[::-1], of),
    "setintersection": _intersection,
    "setproduct": _product,
    "setsubtract": _subtracted,
    "setunion": _union,
    "slice": _slice,
    "sort": lambda of: TypedList(sorted(map(text, list_items(of)))),
    "tobool": lambda value: None if value is None else bool_of(value),
    "tolist": _list,
    "tomap": _map,
    "tonumber": lambda value: None if value is None else number_of(value),
    "toset": _set,
    "tostring": lambda value: None if value is None else text(value),
    "transpose": _transpose,
    "values": _values,
    "zipmap": _zipmap,
}
