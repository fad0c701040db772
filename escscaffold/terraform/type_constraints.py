"""What a variable's type adds to its value: attributes that are optional, and not given.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from collections.abc import Callable

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.values import Value


def completed(value: Value, constraint: hcl.Expression, evaluate: Callable[[hcl.Expression], Value]) -> Value:
    """Return the value with every `optional(type, default)` that it leaves out; null where there is no default."""
    match constraint, value:
        case hcl.Call("object", (hcl.Mapping(attributes),)), dict():
            return value | {
                name: _attribute(value.get(name), kind, evaluate)
                for key, kind in attributes
                if isinstance(key, hcl.Literal) and ((name := str(key.value)) in value or _is_optional(kind))
            }
        case hcl.Call("map", (inner,)), dict():
            return {key: completed(item, inner, evaluate) for key, item in value.items()}
        case hcl.Call("list" | "set", (inner,)), list():
            return [completed(item, inner, evaluate) for item in value]
    return value


def _attribute(value: Value, kind: hcl.Expression, evaluate: Callable[[hcl.Expression], Value]) -> Value:
    match kind:
        case hcl.Call("optional", (inner,)):
            return completed(value, inner, evaluate)
        case hcl.Call("optional", (inner, default)):
            return completed(evaluate(default) if value is None else value, inner, evaluate)
    return completed(value, kind, evaluate)


def _is_optional(kind: hcl.Expression) -> bool:
    return isinstance(kind, hcl.Call) and kind.function == "optional"
