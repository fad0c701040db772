"""The value of an expression, or an unknown with what decides it.

An unknown is compared like a value: two of them are the same where their symbols are, which spell out the computation
(`cidrsubnet(aws_vpc.main.cidr, 8, 1)`), and both stay what they are as long as their sources do.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from decimal import Decimal
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

LONGEST = 10_000
"""How many items a computed list, or characters a computed string, may have: a file must not fill the memory."""
_LONGEST_SYMBOL = 200
_MOST_PARTS = 1_000
DIGEST = "#"
"""How a symbol begins that stands for a computation which is too long to be spelled out."""
_NAMES_OF_A_RESOURCE = 3
"""`data.aws_vpc.main` has three names before its attributes."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]{1,3})?+")
"""A number in a string, which is shorter than 40 characters."""
_EXACT_DIGITS = 15
"""Decimal digits that a Python float keeps; Terraform's numbers keep about 150."""

Source = tuple[str, str]
"""What decides an unknown value: an address (`aws_vpc.main`, `var.region`), and which attribute of it, or nothing."""


class Unknown(Struct, frozen=True):
    """A value that only Terraform, or the cloud, can know."""

    reason: str
    absent: bool = False
    """Whether Terraform does not have it either, so that `try` takes the next value."""
    symbol: str = ""
    """The computation as text, equal for equal computations; nothing where it is equal to none."""
    sources: frozenset[Source] = frozenset()
    among: tuple["Value", ...] = ()
    """What is known to be inside, where it is a collection of which only a part is known."""
    parts: tuple["Value", ...] = ()
    """What it is joined of, where it is a string of which only a part is known."""


class NotComputedError(ValueError):
    """Terraform computes a value here that this project does not compute: it is not known, and no mistake."""


class RoundedNumber(float):
    """A number of which Terraform keeps more digits: good enough to compare, and not known as text."""

    __slots__ = ()


class Members(ABC):
    """What is computed when it is asked for: `local`, `var`, a resource."""

    reference: str
    """Its address, absolute where it is a resource's."""

    @abstractmethod
    def member(self, name: str) -> "Value":
        """Return the member's value, Unknown where there is none."""


class TypedList(list["Value"]):
    """A list whose items have one type: a tuple `[1, 2]` with the same items is not equal to it."""


class TypedSet(TypedList):
    """A set, its items in order."""


class TypedMap(dict[str, "Value"]):
    """A map whose values have one type: an object `{ a = 1 }` with the same values is not equal to it."""


Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"] | Members | Unknown


def known_to_terraform(reference: str, source: Source | None = None) -> Unknown:
    """Return the value of what only Terraform can look up: `aws_vpc.main.id`."""
    return Unknown(
        f"{reference} is known to Terraform only", symbol=reference, sources=frozenset([source or (reference, "")])
    )


def derived(what: str, *values: Value, among: tuple["Value", ...] = ()) -> Unknown:
    """Return what is computed by `what` from values of which one at least is not known.

    >>> derived("upper", known_to_terraform("var.a")).symbol
    'upper(var.a)'
    """
    unknowns = list(unknowns_in(list(values)))
    reason = unknowns[0].reason if unknowns else f"{what}() is not evaluated"
    symbols = [fingerprint(value) for value in values]
    symbol = _short(f"{what}({', '.join(symbols)})") if all(symbols) else ""
    sources = frozenset(source for unknown in unknowns for source in unknown.sources)
    return Unknown(reason, symbol=symbol, sources=sources, among=among)


def joined(parts: list[Value]) -> Unknown:
    """Return the string that is joined of these parts, of which one at least is not known."""
    inner = [part.parts if isinstance(part, Unknown) and part.parts else (part,) for part in parts]
    whole = derived("template", *parts)
    # A string that is put twice into the next one, and so on, would have more parts than there is memory.
    if sum(map(len, inner)) > _MOST_PARTS:
        return whole
    return replace(whole, parts=tuple(part for some in inner for part in some))


def item_of(unknown: Unknown, key: "str | int") -> Unknown:
    """Return an item, or an attribute, of what is not known."""
    if unknown.absent or not unknown.symbol:
        return unknown
    symbol = f"{unknown.symbol}.{key}" if isinstance(key, str) else f"{unknown.symbol}[{key}]"
    if unknown.sources == {(unknown.symbol, "")} and unknown.symbol.count(".") < _NAMES_OF_A_RESOURCE:
        # Nothing declares it, so its name ends where the reference does.
        return known_to_terraform(symbol)
    is_reference = unknown.reason == known_to_terraform(unknown.symbol).reason
    reason = known_to_terraform(symbol).reason if is_reference else unknown.reason
    return Unknown(reason, symbol=_short(symbol), sources=unknown.sources)


def fingerprint(value: Value) -> str:
    """Return a text that is equal for equal values; nothing where a part of the value is equal to none."""
    match value:
        case Unknown():
            return value.symbol
        case Members():
            return f"<{value.reference}>"
        case list():
            items = [fingerprint(item) for item in value]
            return _short(f"[{', '.join(items)}]") if all(items) else ""
        case dict():
            pairs = [(key, fingerprint(value[key])) for key in sorted(value)]
            return _short(f"{{{', '.join(f'{k!r} = {v}' for k, v in pairs)}}}") if all(v for _, v in pairs) else ""
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case float() if value.is_integer():
            return _digits(int(value))
        case int():
            return _digits(value)
    return _short(repr(value))


def unknowns_in(value: Value) -> Iterator[Unknown]:
    """Yield each unknown inside a value; a whole resource is one, for not all of it is known."""
    match value:
        case Unknown():
            yield value
        case Members():
            yield _as_unknown(value)
        case list():
            for item in value:
                yield from unknowns_in(item)
        case dict():
            for item in value.values():
                yield from unknowns_in(item)


def _as_unknown(members: Members) -> Unknown:
    """Return a whole resource, or module, as the value that it is to a function."""
    return known_to_terraform(members.reference)


def plain(value: Value) -> Value:
    """Return the value with every whole resource in it as an unknown."""
    match value:
        case Members():
            return _as_unknown(value)
        case list():
            return _like(value, [plain(item) for item in value])
        case dict():
            return _like(value, {key: plain(item) for key, item in value.items()})
    return value


def _like(first: Value, value: Value) -> Value:
    """Return a list or map as the kind that another one is: a set, a list, a tuple, a map, or an object."""
    if isinstance(first, (TypedList, TypedMap)) and isinstance(value, (list, dict)):
        return type(first)(value)  # type: ignore[arg-type]
    return value


def is_of_other_type(first: Value, second: Value) -> bool:
    """Return True if two values differ in their types for certain, whatever is unknown in them.

    >>> is_of_other_type(TypedSet(["a"]), ["a"]), is_of_other_type({"a": 1}, {"a": 1, "b": None})
    (True, True)
    """
    match first, second:
        case (Unknown() | Members(), _) | (_, Unknown() | Members()):
            return False
        case list(), list():
            if type(first) is not type(second):
                return True
            is_tuple = not isinstance(first, TypedList)
            return (is_tuple and len(first) != len(second)) or any(map(is_of_other_type, first, second))
        case dict(), dict():
            if type(first) is not type(second):
                return True
            is_object = not isinstance(first, TypedMap)
            return (is_object and first.keys() != second.keys()) or any(
                is_of_other_type(first[key], second[key]) for key in first.keys() & second.keys()
            )
    kinds = [
        float if isinstance(value, int) and not isinstance(value, bool) else type(value) for value in (first, second)
    ]
    return kinds[0] is not kinds[1]


def is_known(value: Value) -> bool:
    """Return True if no part of the value is unknown."""
    return next(unknowns_in(value), None) is None


def same(first: Value, second: Value) -> bool:
    """Return True if two known values are equal to Terraform, which distinguishes 1, true and "1".

    >>> same(1, True), same([1.0], [1]), same({"a": "1"}, {"a": 1})
    (False, True, False)
    """
    return fingerprint(first) == fingerprint(second)


def values_at(value: Value, argument: str) -> Iterator[Value]:
    """Yield what is at a dotted path; lists on the way are followed, and an unknown ends it.

    >>> list(values_at({"a": [{"b": ["x"]}, {"b": ["y", None]}]}, "a.b"))
    ['x', 'y']
    """
    if isinstance(value, list):
        for item in value:
            yield from values_at(item, argument)
    elif isinstance(value, Unknown) or not argument:
        if value is not None:
            yield value
    elif isinstance(value, dict):
        name, _, rest = argument.partition(".")
        if name in value:
            yield from values_at(value[name], rest)


def text_of(value: Value) -> str | None:
    """Return a value as Terraform writes it into a string, or None where it cannot or its digits are not known.

    >>> text_of(1e-7), text_of(True), text_of([])
    ('0.0000001', 'true', None)
    """
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return _digits(int(value))
        case int():
            return _digits(value)
        case RoundedNumber():
            return None
        case float():
            return f"{Decimal(repr(value)):f}"
        case str():
            return value
    return None


def number_of(value: Value) -> int | float:
    """Return a value as a number; raises ValueError where Terraform would refuse it.

    >>> number_of("8"), number_of("2.50")
    (8, 2.5)
    """
    match value:
        case bool():
            raise ValueError(value)
        case float() if value.is_integer():
            return int(value)
        case int() | float():
            return value
        case str() if len(value) < 40 and _NUMBER.fullmatch(value):
            return _decimal(Decimal(value))
    raise ValueError(value)


def _decimal(number: Decimal) -> int | float:
    if number == number.to_integral_value():
        return int(number)
    digits = len(number.normalize().as_tuple().digits)
    return float(number) if digits <= _EXACT_DIGITS else RoundedNumber(number)


def whole(value: Value) -> int:
    """Return a whole number; raises ValueError for anything else."""
    number = number_of(value)
    if not isinstance(number, int):
        raise ValueError(value)
    return number


def bool_of(value: Value) -> bool:
    """Return a value as a bool; raises ValueError where Terraform would refuse it."""
    if value is True or value in ("true", "1"):
        return True
    if value is False or value in ("false", "0"):
        return False
    raise ValueError(value)


def unknown_in(*values: Value) -> Unknown | None:
    """Return the first of them that is unknown, as a whole."""
    for value in values:
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Members):
            return _as_unknown(value)
    return None


def _short(text: str) -> str:
    """Return the text, or a digest of one that would grow with each computation that it is put into."""
    if len(text) <= _LONGEST_SYMBOL:
        return text
    return DIGEST + blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _digits(number: int) -> str:
    """Return the number in digits; Python refuses more than 4,300 of them, and nothing here needs them."""
    return str(number) if number.bit_length() < 10_000 else f"0x{number:x}"
