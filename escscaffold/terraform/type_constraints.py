"""What a variable's type makes of its value: conversions, and attributes that are optional and not given.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from collections.abc import Callable

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.collection_functions import in_order_of_a_set, text
from escscaffold.terraform.hcl_values import Unknown, Value, bool_of, is_known, number_of

Evaluate = Callable[[hcl.Expression], Value]


def converted(value: Value, constraint: hcl.Expression, evaluate: Evaluate) -> Value:
    """Return the value as its type has it: "5" of a number is 5, and an optional attribute that is not given is null.

    What the type would refuse stays as it is: that is told by Terraform.
    """
    match constraint, value:
        case _, Unknown() | None:
            return value
        case hcl.Name(kind) | hcl.Literal(str(kind)), _ if kind in _SCALARS:
            try:
                return _SCALARS[kind](value)
            except (ValueError, TypeError):
                return value
        case hcl.FunctionCall("object", (hcl.ObjectExpression(attributes),)), dict():
            named = [(str(key.value), kind) for key, kind in attributes if isinstance(key, hcl.Literal)]
            return {
                name: _attribute(value.get(name), kind, evaluate)
                for name, kind in named
                if name in value or _is_optional(kind)
            }
        case hcl.FunctionCall("map", (inner,)), dict():
            return {key: converted(item, inner, evaluate) for key, item in value.items()}
        case hcl.FunctionCall("list", (inner,)), list():
            return [converted(item, inner, evaluate) for item in value]
        case hcl.FunctionCall("set", (inner,)), list():
            items = [converted(item, inner, evaluate) for item in value]
            return in_order_of_a_set(items) if is_known(items) else items
        case hcl.FunctionCall("tuple", (hcl.TupleExpression(kinds),)), list() if len(kinds) == len(value):
            return [converted(item, kind, evaluate) for item, kind in zip(value, kinds, strict=True)]
    return value


_SCALARS: dict[str, Callable[[Value], Value]] = {"string": text, "number": number_of, "bool": bool_of}


def _attribute(value: Value, kind: hcl.Expression, evaluate: Evaluate) -> Value:
    match kind:
        case hcl.FunctionCall("optional", (inner,)):
            return converted(value, inner, evaluate)
        case hcl.FunctionCall("optional", (inner, default)):
            return converted(evaluate(default) if value is None else value, inner, evaluate)
    return converted(value, kind, evaluate)


def _is_optional(kind: hcl.Expression) -> bool:
    return isinstance(kind, hcl.FunctionCall) and kind.function == "optional"
