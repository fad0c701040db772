"""Terraform's functions, as Terraform defines them: the table of all that are computed here, and how one is called.

https://developer.hashicorp.com/terraform/language/functions
"""

from collections.abc import Callable, Mapping

from escscaffold.terraform.collection_functions import COLLECTION_FUNCTIONS, STRUCTURAL, sliced_unknown
from escscaffold.terraform.subnets import cidrhost, cidrnetmask, cidrsubnet, cidrsubnets
from escscaffold.terraform.text_functions import TEXT_FUNCTIONS
from escscaffold.terraform.values import LONGEST, Unknown, Value, derived, is_known, number_of, unknown_in

FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    **COLLECTION_FUNCTIONS,
    **TEXT_FUNCTIONS,
    "cidrhost": cidrhost,
    "cidrnetmask": cidrnetmask,
    "cidrsubnet": cidrsubnet,
    "cidrsubnets": cidrsubnets,
}
_CHANGING = {"timestamp", "plantimestamp", "uuid", "bcrypt"}
"""What returns something else each time that it is called."""


def call(name: str, arguments: list[Value]) -> Value:
    """Return what Terraform's function returns, Unknown where it is not one of these or its arguments are not right."""
    name = name.removeprefix("core::")
    if name in _LAZY:
        return _LAZY[name](*arguments)
    if name in _CHANGING:
        return Unknown(f"{name}() returns another value each time")
    if name not in FUNCTIONS:
        return derived(name, *arguments)
    if name == "slice" and len(arguments) == 3 and isinstance(arguments[0], Unknown):
        return sliced_unknown(*arguments)  # type: ignore[arg-type]
    if unknown_in(*arguments):
        return derived(name, *arguments, among=tuple(arguments) if name in STRUCTURAL else ())
    if name not in STRUCTURAL and not is_known(list(arguments)):
        return derived(name, *arguments)
    try:
        result = FUNCTIONS[name](*arguments)
    except NotImplementedError:
        return derived(name, *arguments)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
        if not is_known(list(arguments)):
            return derived(name, *arguments)
        return Unknown(f"{name}() cannot take these arguments", absent=True, symbol=f"{name}() of other arguments")
    if isinstance(result, (list, dict, str)) and len(result) > LONGEST:
        return derived(f"{name}, which is long,", *arguments)
    return result


def _try(*values: Value) -> Value:
    """Return what `try` returns: the first that is there, known or not."""
    there = (v for v in values if not (isinstance(v, Unknown) and v.absent))
    return next(there, values[-1] if values else Unknown("try() of nothing", absent=True))


def _can(*values: Value) -> Value:
    if len(values) != 1:
        return Unknown("can() takes one argument", absent=True)
    if isinstance(values[0], Unknown):
        return False if values[0].absent else derived("can", *values)
    return True


def _coalesce(*values: Value) -> Value:
    for number, value in enumerate(values):
        if unknown_in(value):
            return value if number == len(values) - 1 else derived("coalesce", *values[number:])
        if value is not None and value != "":
            return value
    return Unknown("coalesce() of nothing", absent=True, symbol="coalesce() of nothing")


def _with_default(mapping: Value, key: Value, *default: Value) -> Value:
    """Return what `lookup` returns; a key that is there with null has null."""
    if unknown_in(mapping, key):
        return derived("lookup", mapping, key, *default)
    if isinstance(mapping, dict) and isinstance(key, str):
        if key in mapping:
            return mapping[key]
        if default:
            return default[0]
    return Unknown("lookup() finds no such key", absent=True, symbol="lookup() of another key")


def _unchanged(*values: Value) -> Value:
    return values[0] if len(values) == 1 else Unknown("it takes one argument", absent=True)


def _number(*values: Value) -> Value:
    if unknown_in(*values):
        return derived("tonumber", *values)
    try:
        return None if values == (None,) else number_of(*values)
    except (ValueError, TypeError):
        return Unknown("tonumber() cannot take this", absent=True, symbol="tonumber() of another thing")


_LAZY: Mapping[str, Callable[..., Value]] = {
    "try": _try,
    "can": _can,
    "coalesce": _coalesce,
    "lookup": _with_default,
    "nonsensitive": _unchanged,
    "sensitive": _unchanged,
    "ephemeralasnull": _unchanged,
    "tonumber": _number,
}
"""What may return before it has looked at every argument, or returns what it is given."""
