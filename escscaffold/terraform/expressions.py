"""What a Terraform file holds, as frozen objects: blocks, attributes, and expressions that are not evaluated yet.

`as_text` writes an expression on one line, alike for all layouts.
"""

from collections.abc import Iterable

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


def item_name(dynamic: Block) -> str:
    """Return the name by which the content of a `dynamic` block refers to its item."""
    iterator = dynamic.body.attribute("iterator")
    return iterator.value.name if iterator and isinstance(iterator.value, Name) else dynamic.labels[0]


def as_text(expression: Expression) -> str:
    """Return the expression on one line, with parentheses wherever one operation is in another."""
    match expression:
        case Literal(value):
            return _literal(value)
        case Template(parts):
            return '"' + "".join(_part(part) for part in parts) + '"'
        case Name(name):
            return name
        case Index(of, key):
            return as_text(of) + _key(key)
        case Splat(of, keys):
            return f"{as_text(of)}[*]" + "".join(map(_key, keys))
        case FunctionCall(function, arguments, spread):
            return f"{function}({_list(arguments)}{'...' if spread else ''})"
        case TupleExpression(items):
            return f"[{_list(items)}]"
        case ObjectExpression(items):
            pairs = sorted((_object_key(key), as_text(value)) for key, value in items)
            return "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
        case Conditional(test, yes, no):
            return f"{_inner(test)} ? {_inner(yes)} : {_inner(no)}"
        case Operation(operator, left, right):
            return f"{operator}{_inner(right)}" if left is None else f"{_inner(left)} {operator} {_inner(right)}"
        case For():
            return _for(expression)
        case Opaque(what):
            return f"({what})"


def _literal(value: str | int | float | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{escaped(value)}"'
    # 1.0 is 1 in HCL; beyond that, floats are compared as Python prints them.
    return str(int(value)) if isinstance(value, float) and abs(value) < 1e15 and value == int(value) else str(value)


def escaped(text: str) -> str:
    """Return a text as it is between the quotes of HCL."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return plain.replace("${", "$${").replace("%{", "%%{")


def _part(part: Expression) -> str:
    if isinstance(part, Literal) and isinstance(part.value, str):
        return escaped(part.value)
    return f"${{{as_text(part)}}}"


def _inner(expression: Expression) -> str:
    text = as_text(expression)
    return f"({text})" if isinstance(expression, Operation | Conditional) else text


def _list(items: Iterable[Expression]) -> str:
    return ", ".join(map(as_text, items))


def _key(key: Expression) -> str:
    word = key.value if isinstance(key, Literal) else None
    return f".{word}" if isinstance(word, str) and word.isidentifier() else f"[{as_text(key)}]"


def _object_key(key: Expression) -> str:
    if isinstance(key, Literal) and isinstance(key.value, str):
        return key.value if key.value.isidentifier() else as_text(key)
    return f"({as_text(key)})"


def _for(loop: For) -> str:
    value = as_text(loop.value) if loop.new_key is None else f"{as_text(loop.new_key)} => {as_text(loop.value)}"
    test = f" if {as_text(loop.test)}" if loop.test is not None else ""
    text = f"for {', '.join(loop.names)} in {as_text(loop.over)} : {value}{'...' if loop.grouped else ''}{test}"
    return f"[{text}]" if loop.new_key is None else f"{{{text}}}"
