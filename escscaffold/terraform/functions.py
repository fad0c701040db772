"""Those of Terraform's functions that lead to a CIDR block, as Terraform defines them.

https://developer.hashicorp.com/terraform/language/functions
"""

from collections.abc import Callable, Mapping
from itertools import chain
from math import ceil, floor, log

from escscaffold.terraform.subnets import cidrsubnet, cidrsubnets, whole
from escscaffold.terraform.values import LONGEST, Members, Unknown, Value, number_of, text_of, unknown_in


def call(name: str, arguments: list[Value]) -> Value:
    """Return what Terraform's function returns, Unknown where it is not one of these or its arguments are not right."""
    if name in _LAZY:
        return _LAZY[name](*arguments)
    if name not in FUNCTIONS:
        return Unknown(f"{name}() is not computed here")
    if unknown := unknown_in(*arguments):
        return unknown
    try:
        result = FUNCTIONS[name](*arguments)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
        return Unknown(f"{name}() cannot take these arguments", absent=True)
    if isinstance(result, (list, dict, str)) and len(result) > LONGEST:
        return Unknown(f"{name}() returns more than is computed here")
    return result


def _text(value: Value) -> str:
    text = text_of(value)
    if text is None:
        raise ValueError(value)
    return text


def _items(value: Value) -> list[Value]:
    """Return the items of a list, or the values of a map in the order of their keys."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _distinct(value: Value) -> list[Value]:
    if unknown_in(*_items(value)):
        return _items(value)
    return list({_text(item): item for item in _items(value)}.values())


def _set(value: Value) -> list[Value]:
    """Return the items in Terraform's order of a set of strings."""
    return _items(value) if unknown_in(*_items(value)) else [*sorted({_text(item) for item in _items(value)})]


def _merge(*maps: Value) -> Value:
    merged: dict[str, Value] = {}
    for one in maps:
        merged |= one if isinstance(one, dict) else {}
    return merged


def _flatten(value: Value) -> list[Value]:
    flat: list[Value] = []
    for item in _items(value):
        flat += _flatten(item) if isinstance(item, list) else [item]
        if len(flat) > LONGEST:
            raise ValueError("too long")
    return flat


def _range(*bounds: Value) -> list[Value]:
    numbers = range(*map(whole, bounds))
    if len(numbers) > LONGEST:
        raise ValueError(bounds)
    return [*numbers]


def _length(value: Value) -> int:
    if isinstance(value, (list, dict, str)):
        return len(value)
    raise TypeError(value)


def _lookup(mapping: Value, key: Value, *default: Value) -> Value:
    found = mapping.get(_text(key), *default) if isinstance(mapping, dict) else None
    if found is None:
        raise LookupError(key)
    return found


def _element(items: Value, index: Value) -> Value:
    return _items(items)[whole(index) % len(_items(items))]


def _slice(items: Value, start: Value, end: Value) -> list[Value]:
    first, last = whole(start), whole(end)
    if not 0 <= first <= last <= len(_items(items)):
        raise ValueError(end)
    return _items(items)[first:last]


def _zipmap(keys: Value, values: Value) -> dict[str, Value]:
    return dict(zip(map(_text, _items(keys)), _items(values), strict=True))


def _keys(mapping: Value) -> list[Value]:
    if not isinstance(mapping, dict):
        raise TypeError(mapping)
    return [*sorted(mapping)]


def _format(pattern: Value, *arguments: Value) -> str:
    """Fill in `%s` and `%d`; any other verb is refused, for its rules are many."""
    pieces = _text(pattern).replace("%d", "%s").split("%s")
    if len(pieces) != len(arguments) + 1 or any("%" in piece for piece in pieces):
        raise ValueError(pattern)
    return "".join(chain.from_iterable(zip(pieces, [*map(_text, arguments), ""], strict=True)))


def _replace(text: Value, old: Value, new: Value) -> str:
    if _text(old).startswith("/") and _text(old).endswith("/"):
        raise ValueError(old)  # a regular expression, in another dialect than Python's
    return _text(text).replace(_text(old), _text(new))


def _first_known(*values: Value) -> Value:
    """Return what `try` returns: the first that is there, known or not."""
    there = (v for v in values if not (isinstance(v, Unknown) and v.absent))
    return next(there, values[-1] if values else Unknown("try() of nothing"))


def _coalesce(*values: Value) -> Value:
    for value in values:
        if value is not None and value != "":
            return value
    return Unknown("coalesce() of nothing")


def _one(items: Value) -> Value:
    if len(_items(items)) > 1:
        raise ValueError(items)
    return next(iter(_items(items)), None)


def _power(base: Value, exponent: Value) -> Value:
    if abs(number_of(base)) > 1000 or not 0 <= number_of(exponent) <= 64:
        raise ValueError(exponent)
    return number_of(float(number_of(base) ** number_of(exponent)))


def _same(value: Value) -> Value:
    if isinstance(value, Members):
        raise TypeError("a whole resource")
    return value


_LAZY: Mapping[str, Callable[..., Value]] = {"try": _first_known, "coalesce": _coalesce}
"""What may return before it has looked at every argument."""

FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "cidrsubnet": cidrsubnet,
    "cidrsubnets": cidrsubnets,
    "concat": lambda *lists: list(chain.from_iterable(map(_items, lists))),
    "ceil": lambda number: ceil(number_of(number)),
    "contains": lambda items, item: item in _items(items),
    "compact": lambda items: [item for item in _items(items) if item not in (None, "")],
    "distinct": _distinct,
    "element": _element,
    "endswith": lambda text, end: _text(text).endswith(_text(end)),
    "flatten": _flatten,
    "floor": lambda number: floor(number_of(number)),
    "format": _format,
    "index": lambda items, item: _items(items).index(item),
    "join": lambda separator, items: _text(separator).join(map(_text, _items(items))),
    "keys": _keys,
    "length": _length,
    "log": lambda number, base: log(number_of(number)) / log(number_of(base)),
    "lookup": _lookup,
    "lower": lambda text: _text(text).lower(),
    "max": lambda *numbers: max(map(number_of, numbers)),
    "merge": _merge,
    "min": lambda *numbers: min(map(number_of, numbers)),
    "range": _range,
    "one": _one,
    "pow": _power,
    "replace": _replace,
    "reverse": lambda items: _items(items)[::-1],
    "slice": _slice,
    "sort": lambda items: [*sorted(map(_text, _items(items)))],
    "sum": lambda numbers: sum(map(number_of, _items(numbers))),
    "startswith": lambda text, start: _text(text).startswith(_text(start)),
    "split": lambda separator, text: list(_text(text).split(_text(separator))),
    "tolist": _same,
    "tomap": _same,
    "tonumber": number_of,
    "toset": _set,
    "tostring": _text,
    "trimspace": lambda text: _text(text).strip(),
    "upper": lambda text: _text(text).upper(),
    "values": _items,
    "zipmap": _zipmap,
}
