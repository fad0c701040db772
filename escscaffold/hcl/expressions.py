"""What a Terraform file holds, as frozen objects: blocks, attributes, and expressions that nobody has computed yet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Literal:
    """A number, a string without interpolation, `true`, `false` or `null`."""

    value: str | int | float | bool | None


@dataclass(frozen=True)
class Template:
    """A string with interpolations, part by part."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Name:
    """Where a reference begins: `local`, `var`, `each`, a resource's type, or the variable of a `for`."""

    name: str


@dataclass(frozen=True)
class Index:
    """`of.name`, `of[0]` or `of["name"]`."""

    of: "Expression"
    key: "Expression"


@dataclass(frozen=True)
class Splat:
    """`of[*].a.b`: the same keys taken from every item."""

    of: "Expression"
    keys: tuple["Expression", ...]


@dataclass(frozen=True)
class Call:
    """A function's call; `spread` where the last argument ends in `...`."""

    function: str
    arguments: tuple["Expression", ...]
    spread: bool


@dataclass(frozen=True)
class Sequence:
    """`[a, b]`."""

    items: tuple["Expression", ...]


@dataclass(frozen=True)
class Mapping:
    """`{ a = b }`."""

    items: tuple[tuple["Expression", "Expression"], ...]


@dataclass(frozen=True)
class Conditional:
    """`test ? yes : no`."""

    test: "Expression"
    yes: "Expression"
    no: "Expression"


@dataclass(frozen=True)
class Operation:
    """`left operator right`; `left` is None for `-right` and `!right`."""

    operator: str
    left: "Expression | None"
    right: "Expression"


@dataclass(frozen=True)
class For:
    """`[for key, item in over : value if test]`, or with `new_key =>` an object, grouped where it ends in `...`."""

    names: tuple[str, ...]
    over: "Expression"
    new_key: "Expression | None"
    value: "Expression"
    test: "Expression | None"
    grouped: bool


@dataclass(frozen=True)
class Opaque:
    """What is HCL and is not looked into: a heredoc, a template's directive."""

    what: str


Expression = (
    Literal | Template | Name | Index | Splat | Call | Sequence | Mapping | Conditional | Operation | For | Opaque
)


@dataclass(frozen=True)
class Attribute:
    """`name = value`: the value, as it is written, and the line, counted from 1; None where there are no lines."""

    name: str
    value: Expression
    text: str
    line: int | None


@dataclass(frozen=True)
class Block:
    """`type "label" "label" { ... }`."""

    type: str
    labels: tuple[str, ...]
    body: "Body"
    line: int | None


@dataclass(frozen=True)
class Body:
    """What stands between two braces, or in a file."""

    attributes: tuple[Attribute, ...] = ()
    blocks: tuple[Block, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute of this name, or None."""
        return next((a for a in self.attributes if a.name == name), None)
