"""An expression as text, the same for every way to write it: what two sides are compared by, and what is shown."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import astuple

from escscaffold.terraform import expressions as hcl


def shown(expression: hcl.Expression) -> str:
    """Return the expression on one line, with parentheses wherever one operation stands in another."""
    match expression:
        case hcl.Literal(value):
            return _literal(value)
        case hcl.Template(parts):
            return '"' + "".join(_part(part) for part in parts) + '"'
        case hcl.Name(name):
            return name
        case hcl.Index(of, key):
            return shown(of) + _key(key)
        case hcl.Splat(of, keys):
            return f"{shown(of)}[*]" + "".join(map(_key, keys))
        case hcl.Call(function, arguments, spread):
            return f"{function}({_list(arguments)}{'...' if spread else ''})"
        case hcl.Sequence(items):
            return f"[{_list(items)}]"
        case hcl.Mapping(items):
            pairs = sorted((_object_key(key), shown(value)) for key, value in items)
            return "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
        case hcl.Conditional(test, yes, no):
            return f"{_inner(test)} ? {_inner(yes)} : {_inner(no)}"
        case hcl.Operation(operator, left, right):
            return f"{operator}{_inner(right)}" if left is None else f"{_inner(left)} {operator} {_inner(right)}"
        case hcl.For():
            return _for(expression)
        case hcl.Opaque(what):
            return f"({what})"


def is_literal(expression: hcl.Expression) -> bool:
    """Return True if the expression is the value itself, and nothing that Terraform computes."""
    match expression:
        case hcl.Literal():
            return True
        case hcl.Sequence(items):
            return all(map(is_literal, items))
        case hcl.Mapping(items):
            return all(is_literal(key) and is_literal(value) for key, value in items)
    return False


def has_opaque(expression: object) -> bool:
    """Return True if a part of the expression was not looked into, so that only its text can be compared."""
    if isinstance(expression, hcl.Opaque):
        return True
    if isinstance(expression, tuple):
        return any(map(has_opaque, expression))
    return isinstance(expression, Struct) and any(map(has_opaque, astuple(expression)))


def leaves(name: str, expression: hcl.Expression) -> Iterator[tuple[str, hcl.Expression]]:
    """Yield the parts of an object with their paths, or the expression itself: the order of keys says nothing."""
    keys = _plain_keys(expression) if isinstance(expression, hcl.Mapping) else None
    if not keys:
        yield name, expression
        return
    for key, value in keys:
        yield from leaves(f"{name}.{key}" if name else key, value)


def _plain_keys(mapping: hcl.Mapping) -> list[tuple[str, hcl.Expression]] | None:
    """Return the object's items if every key is a text, each of them once."""
    keys = [(key.value, value) for key, value in mapping.items if isinstance(key, hcl.Literal)]
    named = [(str(key), value) for key, value in keys if isinstance(key, str)]
    return named if len({key for key, _ in named}) == len(mapping.items) else None


def _literal(value: str | int | float | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{escaped(value)}"'
    # 1.0 is 1 in HCL; beyond that, floats are told apart by what Python makes of them.
    return str(int(value)) if isinstance(value, float) and abs(value) < 1e15 and value == int(value) else str(value)


def escaped(text: str) -> str:
    """Return a text as it stands between the quotes of HCL."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return plain.replace("${", "$${").replace("%{", "%%{")


def _part(part: hcl.Expression) -> str:
    if isinstance(part, hcl.Literal) and isinstance(part.value, str):
        return escaped(part.value)
    return f"${{{shown(part)}}}"


def _inner(expression: hcl.Expression) -> str:
    text = shown(expression)
    return f"({text})" if isinstance(expression, hcl.Operation | hcl.Conditional) else text


def _list(items: Iterable[hcl.Expression]) -> str:
    return ", ".join(map(shown, items))


def _key(key: hcl.Expression) -> str:
    word = key.value if isinstance(key, hcl.Literal) else None
    return f".{word}" if isinstance(word, str) and word.isidentifier() else f"[{shown(key)}]"


def _object_key(key: hcl.Expression) -> str:
    if isinstance(key, hcl.Literal) and isinstance(key.value, str):
        return key.value if key.value.isidentifier() else shown(key)
    return f"({shown(key)})"


def _for(loop: hcl.For) -> str:
    value = shown(loop.value) if loop.new_key is None else f"{shown(loop.new_key)} => {shown(loop.value)}"
    test = f" if {shown(loop.test)}" if loop.test is not None else ""
    text = f"for {', '.join(loop.names)} in {shown(loop.over)} : {value}{'...' if loop.grouped else ''}{test}"
    return f"[{text}]" if loop.new_key is None else f"{{{text}}}"
