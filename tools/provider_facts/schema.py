"""A provider's schema as one tree of arguments: nested blocks and nested attributes look the same in it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from google.protobuf.unknown_fields import UnknownFieldSet  # type: ignore[import-untyped]
from msgspec import Struct, field

Type: TypeAlias = Any
"""Terraform's JSON form: `"string"`, `["list", "string"]`, `["object", {"name": "string"}]`."""
Nesting: TypeAlias = Literal["single", "list", "set", "map", "group"]
Place: TypeAlias = tuple[str, ...]
"""Names of arguments from the resource inwards, without indices."""

# https://github.com/hashicorp/terraform-plugin-go/blob/main/tfprotov6/internal/tfplugin6/tfplugin6.proto: both enums.
_NESTINGS: Mapping[int, Nesting] = {1: "single", 2: "list", 3: "set", 4: "map", 5: "group"}
# Schema.Attribute.write_only in protocol 5 and in 6; `tf` 1.2.0 was generated before both.
_WRITE_ONLY_FIELDS = (10, 11)


class Argument(Struct, frozen=True, kw_only=True):
    """One attribute or nested block."""

    name: str
    type: Type = None
    """None where `inside` says what it holds."""
    inside: "Block | None" = None
    nesting: Nesting = "single"
    is_block: bool = False
    required: bool = False
    optional: bool = False
    computed: bool = False
    write_only: bool = False
    min_items: int = 0
    max_items: int = 0
    description: str = ""

    @property
    def configurable(self) -> bool:
        """Whether a configuration can set it."""
        return self.required or self.optional

    @property
    def unordered(self) -> bool:
        """Whether it is a set."""
        return self.nesting == "set" if self.inside else isinstance(self.type, list) and self.type[0] == "set"


class Block(Struct, frozen=True):
    """The arguments of a resource or of what is nested in it."""

    arguments: Mapping[str, Argument] = field(default_factory=dict)

    def at(self, path: Place) -> Argument:
        """Return the argument at a path that exists."""
        argument = self.arguments[path[0]]
        for name in path[1:]:
            assert argument.inside is not None
            argument = argument.inside.arguments[name]
        return argument

    def paths(self, before: Place = ()) -> Iterator[tuple[Place, Argument]]:
        """Yield every argument with its path, outer ones first."""
        for name, argument in self.arguments.items():
            yield (*before, name), argument
            if argument.inside is not None:
                yield from argument.inside.paths((*before, name))


def block_of(message: Any) -> Block:
    """Return the tree of a `Schema.Block` of the plugin protocol."""
    arguments = {attribute.name: _attribute(attribute) for attribute in message.attributes}
    for nested in message.block_types:
        arguments[nested.type_name] = Argument(
            name=nested.type_name,
            inside=block_of(nested.block),
            nesting=_NESTINGS[nested.nesting],
            is_block=True,
            required=nested.min_items > 0,
            optional=nested.min_items == 0,
            min_items=nested.min_items,
            max_items=nested.max_items,
        )
    return Block(dict(sorted(arguments.items())))


def _attribute(message: Any) -> Argument:
    inside = None
    if message.HasField("nested_type"):
        nested = sorted(message.nested_type.attributes, key=lambda attribute: str(attribute.name))
        inside = Block({attribute.name: _attribute(attribute) for attribute in nested})
    return Argument(
        name=message.name,
        type=None if inside else json.loads(message.type),
        inside=inside,
        nesting=_NESTINGS[message.nested_type.nesting] if inside else "single",
        required=message.required,
        optional=message.optional,
        computed=message.computed,
        write_only=any(f.field_number in _WRITE_ONLY_FIELDS and f.data for f in UnknownFieldSet(message)),
        description=message.description,
    )
