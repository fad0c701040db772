"""Terraform's JSON syntax (`.tf.json`, `.tfvars.json`), as the same blocks and expressions as HCL.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from collections.abc import Callable, Iterator
from typing import Any

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.reading import NotHclError, read_template

_LABELS = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "locals": 0}
"""How many labels the blocks have that anything here is looked for in."""


def json_configuration(document: object) -> hcl.Body:
    """Return what a parsed `.tf.json` declares; raises NotHclError."""
    if not isinstance(document, dict):
        raise NotHclError("it is no JSON object")
    try:
        return hcl.Body(
            blocks=tuple(
                block for kind, count in _LABELS.items() for block in _blocks(kind, (), count, document.get(kind))
            )
        )
    except RecursionError:
        raise NotHclError("it is nested too deeply") from None


def json_values(document: object) -> hcl.Body:
    """Return what a parsed `.tfvars.json` assigns, in which a string is only a string; raises NotHclError."""
    if not isinstance(document, dict):
        raise NotHclError("it is no JSON object")
    try:
        return _body(document, hcl.Literal)
    except RecursionError:
        raise NotHclError("it is nested too deeply") from None


def _blocks(kind: str, labels: tuple[str, ...], missing: int, value: object) -> Iterator[hcl.Block]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and missing:
            for label, inner in one.items():
                yield from _blocks(kind, (*labels, label), missing - 1, inner)
        elif isinstance(one, dict):
            yield hcl.Block(kind, labels, _body(one, _template), None)


def _body(document: dict[str, Any], read: Callable[[str], hcl.Expression]) -> hcl.Body:
    return hcl.Body(
        tuple(
            hcl.Attribute(name, _expression(value, read), value if isinstance(value, str) else name, None)
            for name, value in document.items()
            if name != "//"
        )
    )


def _expression(value: object, read: Callable[[str], hcl.Expression]) -> hcl.Expression:
    match value:
        case str():
            return read(value)
        case list():
            return hcl.Sequence(tuple(_expression(item, read) for item in value))
        case dict():
            return hcl.Mapping(tuple((hcl.Literal(k), _expression(v, read)) for k, v in value.items()))
        case int() | float() | None:
            return hcl.Literal(value)
    raise NotHclError(f"{value!r} is no JSON value")


def _template(text: str) -> hcl.Expression:
    try:
        return read_template(text)
    except NotHclError:
        return hcl.Opaque("a template")
