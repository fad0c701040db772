"""Values of resources as Terraform's plugin protocol carries them, and what Terraform itself does to them.

It decides what an empty block holds, what Terraform proposes to a provider, and what a created resource would hold.
It does not know where the configured values come from.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import msgpack  # type: ignore[import-untyped]

from tools.provider_facts.schema import Argument, Block, Place, Type

Value: TypeAlias = Any
Row: TypeAlias = dict[str, Value]
MadeUp: TypeAlias = Callable[[str, Type], Value]
"""A value for a computed argument of this name and type."""


def encode(value: Value) -> bytes:
    """Pack a value."""
    return bytes(msgpack.packb(value))


def decode(packed: bytes) -> Value:
    """Unpack a value; an unknown one stays a msgpack extension."""
    return msgpack.unpackb(packed, strict_map_key=False)


def is_unknown(value: Value) -> bool:
    """Return whether a value is known only after apply."""
    return isinstance(value, msgpack.ExtType)


def empty(argument: Argument) -> Value:
    """Return the value of an argument that is not set."""
    if argument.is_block and argument.nesting in ("list", "set"):
        return []
    return {} if argument.is_block and argument.nesting == "map" else None


def empty_block(block: Block) -> Row:
    """Return a block in which nothing is set."""
    return {name: empty(argument) for name, argument in block.arguments.items()}


def wrapped(argument: Argument, rows: list[Row]) -> Value:
    """Return the nested blocks or objects of an argument as its value."""
    if argument.nesting in ("list", "set"):
        return rows
    return {f"key{number}": row for number, row in enumerate(rows)} if argument.nesting == "map" else rows[0]


def proposed(block: Block, prior: Row | None, config: Row) -> Row:
    """Return what Terraform proposes: the configuration, with prior values where it leaves computed arguments unset.

    https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/objchange/objchange.go
    """
    prior = prior or empty_block(block)
    return {name: _proposed(argument, prior[name], config[name]) for name, argument in block.arguments.items()}


def _proposed(argument: Argument, prior: Value, config: Value) -> Value:
    if argument.write_only:
        return None
    if argument.inside is None:
        return prior if config is None and argument.computed else config
    if config is None:
        return prior if argument.computed else None
    if is_unknown(prior):
        prior = None
    inside = argument.inside
    if argument.nesting == "list":
        before = prior or []
        return [proposed(inside, before[i] if i < len(before) else None, row) for i, row in enumerate(config)]
    if argument.nesting == "set":
        return [proposed(inside, next((o for o in prior or [] if _same_element(inside, o, row)), None), row)
                for row in config]  # fmt: skip
    if argument.nesting == "map":
        return {key: proposed(inside, (prior or {}).get(key), row) for key, row in config.items()}
    return proposed(inside, prior, config)


def _same_element(block: Block, prior: Row, config: Row) -> bool:
    """Return whether an element of a set may have become this one: what the provider computed does not count."""
    for name, argument in block.arguments.items():
        if config[name] in (None, [], {}) and (argument.computed or argument.inside):
            continue
        if argument.inside is None and config[name] != prior[name]:
            return False
    return True


def created(block: Block, planned: Row, made_up: MadeUp) -> Row:
    """Return a planned resource as it would be after apply: unknown values become made-up ones."""
    return {name: _created(argument, planned[name], made_up) for name, argument in block.arguments.items()}


def _created(argument: Argument, value: Value, made_up: MadeUp) -> Value:
    if argument.inside is None:
        return _settled(argument.type, value, argument.name, made_up)
    if is_unknown(value):
        if argument.is_block or argument.nesting == "map":
            return empty(argument)
        row = {n: None if a.inside else made_up(n, a.type) for n, a in argument.inside.arguments.items()}
        full = {n: empty(a) if a.inside else row[n] for n, a in argument.inside.arguments.items()}
        return wrapped(argument, [full])
    if value is None:
        return None
    if argument.nesting in ("list", "set"):
        return [created(argument.inside, row, made_up) for row in value]
    if argument.nesting == "map":
        return {key: created(argument.inside, row, made_up) for key, row in value.items()}
    return created(argument.inside, value, made_up)


def _settled(kind: Type, value: Value, name: str, made_up: MadeUp) -> Value:
    if is_unknown(value):
        return made_up(name, kind)
    if value is None or isinstance(kind, str):
        return value
    if kind[0] == "object":
        return {key: _settled(kind[1][key], item, key, made_up) for key, item in value.items()}
    if kind[0] == "map":
        return {key: _settled(kind[1], item, name, made_up) for key, item in value.items()}
    kinds = kind[1] if kind[0] == "tuple" else [kind[1]] * len(value)
    return [_settled(of, item, name, made_up) for of, item in zip(kinds, value, strict=True)]


def found_at(block: Block, value: Row | None, place: Place) -> Value:
    """Return what a resource holds at a place, in a form to compare: all of its nested blocks, sets in one order."""
    if value is None:
        return None
    argument, inner = block.arguments[place[0]], value[place[0]]
    if len(place) == 1:
        return _comparable(argument, inner)
    if not inner or is_unknown(inner) or argument.inside is None:
        return None
    rows = inner if isinstance(inner, list) else list(inner.values()) if argument.nesting == "map" else [inner]
    found = [found_at(argument.inside, row, place[1:]) for row in rows]
    return sorted(found, key=repr) if argument.unordered else found


def _comparable(argument: Argument, value: Value) -> Value:
    if isinstance(value, list) and argument.unordered:
        return sorted(value, key=repr)
    return value


def unknown_places(block: Block, value: Row, before: Place = ()) -> list[Place]:
    """Return where a planned resource holds a value that is known only after apply."""
    places: list[Place] = []
    for name, argument in block.arguments.items():
        held, place = value[name], (*before, name)
        if argument.inside is None:
            if _holds_unknown(held):
                places.append(place)
        elif is_unknown(held):
            places.append(place)
        elif held:
            rows = held if isinstance(held, list) else held.values() if argument.nesting == "map" else [held]
            places += [inner for row in rows for inner in unknown_places(argument.inside, row, place)]
    return places


def _holds_unknown(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_unknown, value.values()))
    return any(map(_holds_unknown, value)) if isinstance(value, list) else is_unknown(value)
