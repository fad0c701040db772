"""Decides what a planned and an applied resource hold where its configuration says nothing.

A plan leaves such a value unknown; an apply makes one up, the same for the same resource every time. It
knows schemas and values, not the plugin protocol's messages, and nothing of what a value means: a made-up
id does not look like a cloud's id.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeAlias

import msgpack  # type: ignore[import-untyped]

from tests.terraform.schema import Json

UNKNOWN = msgpack.ExtType(0, b"\x00")

Value: TypeAlias = Any
Type: TypeAlias = Any
Change: TypeAlias = Callable[[Json, Value, str], Value]


def decode(packed: bytes) -> Value:
    """Unpack a value of the protocol; an unknown value stays a msgpack extension."""
    return msgpack.unpackb(packed, strict_map_key=False)


def encode(value: Value) -> bytes:
    """Pack a value for the protocol."""
    return bytes(msgpack.packb(value))


def without_write_only(block: Json, value: Value) -> Value:
    """The value as it may be kept: what is write-only is never in a plan or a state."""

    def change(attribute: Json, value: Value, path: str) -> Value:
        return None if attribute.get("write_only") else value

    return _walk(block, value, "", change)


def with_unknowns(block: Json, value: Value) -> Value:
    """The value as planned: what is computed and not set becomes unknown."""

    def change(attribute: Json, value: Value, path: str) -> Value:
        return UNKNOWN if value is None and attribute.get("computed") else value

    return _walk(block, value, "", change)


def with_made_up(block: Json, value: Value, seed: bytes) -> Value:
    """The value as applied or read: nothing is unknown. Equal seeds give equal values."""

    def change(attribute: Json, value: Value, path: str) -> Value:
        return _settle(_type_of(attribute), value, path, seed)

    return _walk(block, value, "", change)


def with_changed(block: Json, value: Value, change: Change) -> Value:
    """The value with every attribute as `change` returns it for its schema, its value and its place."""
    return _walk(block, value, "", change)


def nothing_in(block: Json) -> dict[str, Value]:
    """The value of a block in which nothing is set."""
    nested = {
        name: None if body["nesting_mode"] in ("single", "group") else {} if body["nesting_mode"] == "map" else []
        for name, body in block.get("block_types", {}).items()
    }
    return {**dict.fromkeys(block.get("attributes", {})), **nested}


def _walk(block: Json, value: Value, path: str, change: Change) -> Value:
    """Change every attribute of a block, and of the blocks and attributes nested in it."""
    result = {}
    for name, attribute in block.get("attributes", {}).items():
        place = f"{path}.{name}"
        result[name] = change(attribute, value[name], place)
        if "nested_type" in attribute:
            inner = attribute["nested_type"]
            result[name] = _walk_nested(inner["nesting_mode"], inner, result[name], place, change)
    for name, nested in block.get("block_types", {}).items():
        place = f"{path}.{name}"
        result[name] = _walk_nested(nested["nesting_mode"], nested["block"], value[name], place, change)
    return result


def _walk_nested(mode: str, block: Json, value: Value, path: str, change: Change) -> Value:
    """Change a nested block or attribute in every place where it is known to exist."""
    if value is None or is_unknown(value):
        return value
    if mode in ("list", "set"):
        return [_walk(block, item, f"{path}[{index}]", change) for index, item in enumerate(value)]
    if mode == "map":
        return {key: _walk(block, item, f"{path}.{key}", change) for key, item in value.items()}
    return _walk(block, value, path, change)


def is_unknown(value: Value) -> bool:
    """Tell whether a value is to be known after apply only."""
    return isinstance(value, msgpack.ExtType)


def _type_of(attribute: Json) -> Type:
    """The attribute's type in Terraform's JSON form, nested attributes written as an object type."""
    if "nested_type" not in attribute:
        return attribute["type"]
    nested = attribute["nested_type"]
    item = ["object", {name: _type_of(body) for name, body in nested["attributes"].items()}]
    return item if nested["nesting_mode"] == "single" else [nested["nesting_mode"], item]


def _settle(kind: Type, value: Value, path: str, seed: bytes) -> Value:
    """The value with every unknown in it, at any depth, replaced by a made-up one."""
    if is_unknown(value):
        return _made_up(kind, path, seed)
    if value is None or isinstance(kind, str):
        return value
    shape, inner = kind[0], kind[1]
    if shape == "object":
        return {key: _settle(inner[key], item, f"{path}.{key}", seed) for key, item in value.items()}
    if shape == "map":
        return {key: _settle(inner, item, f"{path}.{key}", seed) for key, item in value.items()}
    kinds = inner if shape == "tuple" else [inner] * len(value)
    return [
        _settle(item_kind, item, f"{path}[{index}]", seed)
        for index, (item_kind, item) in enumerate(zip(kinds, value, strict=True))
    ]


def _made_up(kind: Type, path: str, seed: bytes) -> Value:
    """A value of the type: text tells where it stands, a list or set has one item, a map has none."""
    digest = hashlib.sha256(seed + path.encode()).hexdigest()
    match kind:
        case "string":
            return f"{path.lstrip('.')}-{digest[:12]}"
        case "number":
            return int(digest[:4], 16)
        case "bool":
            return False
        case ["list" | "set", inner]:
            return [_made_up(inner, f"{path}[0]", seed)]
        case ["map", _]:
            return {}
        case ["object", attributes, *_]:
            return {name: _made_up(inner, f"{path}.{name}", seed) for name, inner in attributes.items()}
        case ["tuple", inner]:
            return [_made_up(item, f"{path}[{index}]", seed) for index, item in enumerate(inner)]
        case _:
            return None  # the type "dynamic": null is a value of every type
