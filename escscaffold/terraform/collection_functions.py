"""Terraform's functions of lists, sets, maps and numbers.

https://developer.hashicorp.com/terraform/language/functions
"""

from collections.abc import Callable, Mapping
from itertools import chain, product
from math import ceil, floor, log

from escscaffold.terraform.hcl_values import (
    LONGEST,
    TypedList,
    TypedMap,
    TypedSet,
    Unknown,
    Value,
    bool_of,
    derived,
    fingerprint,
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


def text(value: Value) -> str:
    """Return a value as a string; raises ValueError where Terraform would refuse it."""
    found = text_of(value)
    if found is None:
        raise ValueError(value)
    return found


def items(value: Value) -> list[Value]:
    """Return the items of a list, or the values of a map in the order of their keys; raises TypeError."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def sliced_unknown(of: Unknown, start: Value, end: Value) -> Value:
    """Return as many unknown items as the slice has: how many there are is known though none of them is."""
    try:
        first, last = whole(start), whole(end)
    except (ValueError, TypeError):
        return derived("slice", of, start, end)
    if not 0 <= first <= last <= first + _MOST_SLICED:
        return derived("slice", of, start, end)
    return [item_of(of, place) for place in range(first, last)]


def in_order_of_a_set(value: Value) -> list[Value]:
    """Return a set of the items, strings and numbers in Terraform's order."""
    distinct = list({fingerprint(item): item for item in _of_one_type(items(value))}.values())
    if all(isinstance(item, str) for item in distinct):
        return TypedSet(sorted(distinct, key=str))
    if all(isinstance(item, int | float) and not isinstance(item, bool) for item in distinct):
        return TypedSet(sorted(distinct, key=number_of))
    return TypedSet(sorted(distinct, key=fingerprint))


def _of_one_type(values: list[Value]) -> list[Value]:
    """Return the values as Terraform converts them for a list or a set: all to strings, where one is."""
    kinds = {float if type(value) is int else type(value) for value in values if value is not None}
    if len(kinds) > 1 and kinds <= {str, float, bool}:
        return [None if value is None else text(value) for value in values]
    return values


def _without_others(of: Value, without: Value) -> list[Value]:
    left, others = items(of), items(without)
    both = _of_one_type([*left, *others])
    return in_order_of_a_set([item for item in both[: len(left)] if not _contains(both[len(left) :], item)])


def _merge(*maps: Value) -> Value:
    merged: dict[str, Value] = {}
    for map_ in maps:
        if map_ is None:
            continue
        if not isinstance(map_, dict):
            raise TypeError(map_)
        merged |= map_
    return TypedMap(merged) if maps and all(isinstance(map_, TypedMap) for map_ in maps) else merged


def _listed(found: list[Value], *of: Value) -> list[Value]:
    """Return the items as a list where all that they come from are lists, else as a tuple."""
    return TypedList(found) if of and all(isinstance(value, TypedList) for value in of) else found


def _flatten(value: Value) -> list[Value]:
    flat: list[Value] = []
    for item in items(value):
        flat += _flatten(item) if isinstance(item, list) else [item]
        if len(flat) > LONGEST:
            raise NotImplementedError("too long")
    return flat


def _range(*bounds: Value) -> list[Value]:
    if not all(isinstance(number_of(bound), int) for bound in bounds):
        raise NotImplementedError("a step that is no whole number")
    first, last, *step = map(whole, bounds) if len(bounds) > 1 else (0, whole(bounds[0]))
    numbers = range(first, last, step[0] if step else (1 if last >= first else -1))
    if len(numbers) > LONGEST:
        raise NotImplementedError("too long")
    return TypedList(numbers)


def _length(value: Value) -> int:
    if isinstance(value, (list, dict, str)):
        return len(value)
    raise TypeError(value)


def _element(of: Value, index: Value) -> Value:
    return items(of)[whole(index) % len(items(of))]


def _slice(of: Value, start: Value, end: Value) -> list[Value]:
    first, last = whole(start), whole(end)
    if not 0 <= first <= last <= len(items(of)):
        raise ValueError(end)
    return _listed(items(of)[first:last], of)


def _zipmap(keys: Value, values: Value) -> dict[str, Value]:
    zipped = dict(zip(map(text, items(keys)), items(values), strict=True))
    return TypedMap(zipped) if isinstance(keys, TypedList) and isinstance(values, TypedList) else zipped


def _keys(mapping: Value) -> list[Value]:
    if not isinstance(mapping, dict):
        raise TypeError(mapping)
    return TypedList(sorted(mapping)) if isinstance(mapping, TypedMap) else [*sorted(mapping)]


def _chunks(of: Value, size: Value) -> list[Value]:
    step = whole(size)
    starts = range(0, len(items(of)), step or len(items(of)) or 1)
    return TypedList(TypedList(items(of)[start : start + step] if step else items(of)) for start in starts)


def _one(of: Value) -> Value:
    if len(items(of)) > 1:
        raise ValueError(of)
    return next(iter(items(of)), None)


def _power(base: Value, exponent: Value) -> Value:
    if abs(number_of(base)) > 1000 or abs(number_of(exponent)) > 64:
        raise NotImplementedError("large numbers")
    return number_of(float(number_of(base) ** number_of(exponent)))


def _index(of: Value, item: Value) -> int:
    for place, member in enumerate(items(of)):
        if same(member, item):
            return place
    raise ValueError(item)


def _contains(of: Value, item: Value) -> bool:
    return any(same(member, item) for member in items(of))


def _first_list(*lists: Value) -> Value:
    for list_ in lists:
        if isinstance(list_, (list, dict)) and list_:
            return list_
    raise ValueError(lists)


def _product(*sets: Value) -> list[Value]:
    sizes = [len(items(set_)) for set_ in sets]
    number = 1
    for size in sizes:
        number *= size
    if number * len(sizes) > LONGEST:
        raise NotImplementedError("too long")
    rows: list[Value] = [[*row] for row in product(*map(items, sets))]
    return TypedSet(rows) if all(isinstance(set_, TypedSet) for set_ in sets) else TypedList(rows)


def _transpose(mapping: Value) -> dict[str, Value]:
    turned: dict[str, Value] = {}
    for key in _keys(mapping):
        for value in items(mapping[key]):  # type: ignore[index]
            held = turned.setdefault(text(value), [])
            if isinstance(held, list):
                held.append(key)
    return TypedMap(turned)


def _matching(values: Value, keys: Value, searched: Value) -> list[Value]:
    pairs = zip(items(values), items(keys), strict=True)
    return TypedList(value for value, key in pairs if _contains(searched, key))


def _intersection(*sets: Value) -> list[Value]:
    first, *others = sets
    found = in_order_of_a_set(items(first))
    for other in others:
        found = _without_others(found, _without_others(found, other))
    return in_order_of_a_set(found)


def _list(value: Value) -> Value:
    return None if value is None else TypedList(_of_one_type(items(value)))


def _map(value: Value) -> Value:
    if value is not None and not isinstance(value, dict):
        raise TypeError(value)
    return None if value is None else TypedMap(zip(value, _of_one_type([*value.values()]), strict=True))


def _log(number: Value, base: Value) -> float:
    return log(number_of(number)) / log(number_of(base))


def _sum(of: Value) -> Value:
    if not items(of):
        raise ValueError(of)
    return sum(map(number_of, items(of)))


def _digits(value: Value, base: Value) -> int:
    if len(text(value)) > 100:
        raise ValueError(value)
    return int(text(value), whole(base))


COLLECTION_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "abs": lambda number: abs(number_of(number)),
    "alltrue": lambda of: all(item is not None and bool_of(item) for item in items(of)),
    "anytrue": lambda of: any(item is not None and bool_of(item) for item in items(of)),
    "ceil": lambda number: ceil(number_of(number)),
    "chunklist": _chunks,
    "coalescelist": _first_list,
    "compact": lambda of: TypedList(item for item in items(of) if item not in (None, "")),
    "concat": lambda *lists: _listed(list(chain.from_iterable(map(items, lists))), *lists),
    "contains": _contains,
    "distinct": lambda of: TypedList({fingerprint(item): item for item in _of_one_type(items(of))}.values()),
    "element": _element,
    "flatten": _flatten,
    "floor": lambda number: floor(number_of(number)),
    "index": _index,
    "keys": _keys,
    "length": _length,
    "log": _log,
    "matchkeys": _matching,
    "max": lambda *numbers: max(map(number_of, numbers)),
    "merge": _merge,
    "min": lambda *numbers: min(map(number_of, numbers)),
    "one": _one,
    "parseint": _digits,
    "pow": _power,
    "range": _range,
    "reverse": lambda of: _listed(items(of)[::-1], of),
    "setintersection": _intersection,
    "setproduct": _product,
    "setsubtract": _without_others,
    "setunion": lambda *sets: in_order_of_a_set(list(chain.from_iterable(map(items, sets)))),
    "signum": lambda number: (number_of(number) > 0) - (number_of(number) < 0),
    "slice": _slice,
    "sort": lambda of: TypedList(sorted(map(text, items(of)))),
    "sum": _sum,
    "tobool": lambda value: None if value is None else bool_of(value),
    "tolist": _list,
    "tomap": _map,
    "toset": lambda of: None if of is None else in_order_of_a_set(items(of)),
    "tostring": lambda value: None if value is None else text(value),
    "transpose": _transpose,
    "values": lambda of: TypedList(items(of)) if isinstance(of, TypedMap) else items(of),
    "zipmap": _zipmap,
}
