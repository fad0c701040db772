"""What a Terraform file holds, as frozen objects: blocks, attributes, and expressions that are not evaluated yet."""

from msgspec import Struct


class Literal(Struct, frozen=True):
    """A number, a string without interpolation, `true`, `false` or `null`."""

    value: str | int | float | bool | None


class Template(Struct, frozen=True):
    """A string with interpolations, part by part."""

    parts: tuple["Expression", ...]


class Name(Struct, frozen=True):
    """Where a reference begins: `local`, `var`, `each`, a resource's type, or the variable of a `for`."""

    name: str


class Index(Struct, frozen=True):
    """`of.name`, `of[0]` or `of["name"]`."""

    of: "Expression"
    key: "Expression"


class Splat(Struct, frozen=True):
    """`of[*].a.b`: the same keys taken from every item."""

    of: "Expression"
    keys: tuple["Expression", ...]


class FunctionCall(Struct, frozen=True):
    """A function's call; `spread` where the last argument ends in `...`."""

    function: str
    arguments: tuple["Expression", ...]
    spread: bool


class TupleExpression(Struct, frozen=True):
    """`[a, b]`."""

    items: tuple["Expression", ...]


class ObjectExpression(Struct, frozen=True):
    """`{ a = b }`."""

    items: tuple[tuple["Expression", "Expression"], ...]


class Conditional(Struct, frozen=True):
    """`test ? yes : no`."""

    test: "Expression"
    yes: "Expression"
    no: "Expression"


class Operation(Struct, frozen=True):
    """`left operator right`; `left` is None for `-right` and `!right`."""

    operator: str
    left: "Expression | None"
    right: "Expression"


class For(Struct, frozen=True):
    """`[for key, item in over : value if test]`, or with `new_key =>` an object, grouped where it ends in `...`."""

    names: tuple[str, ...]
    over: "Expression"
    new_key: "Expression | None"
    value: "Expression"
    test: "Expression | None"
    grouped: bool


class Opaque(Struct, frozen=True):
    """What is HCL and is not looked into: a heredoc, a template's directive."""

    what: str


Expression = (
    Literal
    | Template
    | Name
    | Index
    | Splat
    | FunctionCall
    | TupleExpression
    | ObjectExpression
    | Conditional
    | Operation
    | For
    | Opaque
)


class Attribute(Struct, frozen=True):
    """`name = value`: the value, as it is written, and the line, counted from 1; None where there are no lines."""

    name: str
    value: Expression
    text: str
    line: int | None


class Block(Struct, frozen=True):
    """`type "label" "label" { ... }`."""

    type: str
    labels: tuple[str, ...]
    body: "Body"
    line: int | None


class Body(Struct, frozen=True):
    """What is between two braces, or in a file."""

    attributes: tuple[Attribute, ...] = ()
    blocks: tuple[Block, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute of this name, or None."""
        return next((a for a in self.attributes if a.name == name), None)
