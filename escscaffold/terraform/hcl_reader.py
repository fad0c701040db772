"""Reads HCL and Terraform's JSON syntax (`.tf.json`, `.tfvars.json`) as the same blocks and expressions."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.parsing import Parser
from escscaffold.terraform.tokens import NotHclError

_ReadJson = Callable[[str], hcl.Expression]

_LABELS = {
    "action": 2,
    "check": 1,
    "data": 2,
    "ephemeral": 2,
    "import": 0,
    "locals": 0,
    "module": 1,
    "moved": 0,
    "output": 1,
    "provider": 1,
    "removed": 0,
    "resource": 2,
    "terraform": 0,
    "variable": 1,
}
"""The blocks of a file, and how many labels they have."""

_CONDITIONS = {"precondition": 0, "postcondition": 0}
_RESOURCE = {"connection": 0, "dynamic": 1, "lifecycle": 0, "provisioner": 1}
_INNER: Mapping[str, Mapping[str, int]] = {
    "action": {"config": 0},
    "check": {"assert": 0, "data": 2},
    "content": {"dynamic": 1},
    "data": _RESOURCE,
    "dynamic": {"content": 0},
    "ephemeral": _RESOURCE,
    "lifecycle": _CONDITIONS,
    "output": _CONDITIONS,
    "provisioner": {"connection": 0},
    "removed": {"lifecycle": 0, "connection": 0, "provisioner": 1},
    "resource": _RESOURCE,
    "terraform": {"backend": 1, "cloud": 0, "provider_meta": 1, "required_providers": 0},
    "cloud": {"workspaces": 0},
    "variable": {"validation": 0},
}
"""The blocks within blocks that Terraform itself knows."""

_REFERENCES = {
    "data": {"depends_on", "provider"},
    "ephemeral": {"depends_on", "provider"},
    "import": {"provider", "to"},
    "lifecycle": {"ignore_changes", "replace_triggered_by"},
    "module": {"depends_on", "providers"},
    "moved": {"from", "to"},
    "output": {"depends_on"},
    "removed": {"from"},
    "resource": {"depends_on", "provider"},
    "variable": {"type"},
    "dynamic": {"iterator"},
    "provisioner": {"on_failure", "when"},
}
"""Arguments whose strings are references, types or words, and no templates."""

_TEXTS = {
    "backend": None,
    "module": {"source", "version"},
    "output": {"description"},
    "required_providers": None,
    "terraform": {"required_version"},
    "variable": {"default", "description"},
}
"""Arguments whose strings are only strings; None where all are."""
_Read = TypeVar("_Read")


def json_configuration(document: object) -> hcl.Body:
    """Return what a parsed `.tf.json` declares; raises NotHclError."""
    try:
        return hcl.Body(blocks=tuple(_file(document)))
    except RecursionError:
        raise NotHclError("it is nested too deeply") from None


def json_values(document: object) -> hcl.Body:
    """Return what a parsed `.tfvars.json` assigns, in which a string is only a string; raises NotHclError."""
    if not isinstance(document, dict):
        raise NotHclError("it is not a JSON object")
    try:
        return hcl.Body(tuple(_attribute(name, value, hcl.Literal) for name, value in document.items() if name != "//"))
    except RecursionError:
        raise NotHclError("it is nested too deeply") from None


def _file(document: object) -> Iterator[hcl.Block]:
    for part in document if isinstance(document, list) else [document]:
        if not isinstance(part, dict):
            raise NotHclError("it is not a JSON object")
        for kind, value in part.items():
            if kind in _LABELS:
                yield from _blocks(kind, (), _LABELS[kind], value)
            elif kind != "//":
                raise NotHclError(f"{kind} is not a block type of Terraform")


def _blocks(kind: str, labels: tuple[str, ...], missing: int, value: object) -> Iterator[hcl.Block]:
    for part in value if isinstance(value, list) else [value]:
        if part is None:
            continue
        if not isinstance(part, dict):
            raise NotHclError(f"{'.'.join((kind, *labels))} is not a JSON object")
        if missing:
            for label, inner in part.items():
                if label != "//":
                    yield from _blocks(kind, (*labels, label), missing - 1, inner)
        else:
            yield hcl.Block(kind, labels, _body(kind, part), None)


def _body(kind: str, document: dict[str, Any]) -> hcl.Body:
    inner = _INNER.get(kind, {})
    attributes: list[hcl.Attribute] = []
    blocks: list[hcl.Block] = []
    for name, value in document.items():
        if name == "//":
            continue
        if name in inner:
            blocks += _blocks(name, (), inner[name], value)
        else:
            attributes.append(_attribute(name, value, _reader(kind, name)))
    return hcl.Body(tuple(attributes), tuple(blocks))


def _reader(kind: str, name: str) -> _ReadJson:
    if name in _REFERENCES.get(kind, ()):
        return _reference
    texts = _TEXTS.get(kind, ())
    return hcl.Literal if texts is None or name in texts else read_template


def _attribute(name: str, value: object, read: _ReadJson) -> hcl.Attribute:
    try:
        return hcl.Attribute(name, _expression(value, read), value if isinstance(value, str) else name, None)
    except NotHclError as error:
        raise NotHclError(f"in {name}, {error.message}") from None


def _expression(value: object, read: _ReadJson) -> hcl.Expression:
    match value:
        case str():
            return read(value)
        case list():
            return hcl.TupleExpression(tuple(_expression(item, read) for item in value))
        case dict():
            return hcl.ObjectExpression(
                tuple((_key(key, read), _expression(item, read)) for key, item in value.items())
            )
        case int() | float() | None:
            return hcl.Literal(value)
    raise NotHclError(f"{value!r} is not a JSON value")


def _key(key: str, read: _ReadJson) -> hcl.Expression:
    # The names of a module's `providers` are no references of this module.
    return hcl.Literal(key) if read is _reference else read(key)


def _reference(text: str) -> hcl.Expression:
    return read_template(text) if text.startswith("${") else read_expression(text)


def read_hcl(text: str) -> hcl.Body:
    """Read the text of a `.tf` or `.tfvars` file; raises NotHclError where Terraform would refuse its syntax."""
    return _within_bounds(Parser(text).file)


def read_expression(text: str) -> hcl.Expression:
    """Read a text that is one expression, as Terraform's JSON has them for types and references; raises NotHclError."""
    return _within_bounds(Parser(text).only)


def read_template(text: str) -> hcl.Expression:
    """Read a text that is a template, as a file for `templatefile` or a string of Terraform's JSON; raises NotHclError.

    A text that is one interpolation and nothing else is what is in it.
    """
    if "${" not in text and "%{" not in text and text.isascii():
        return hcl.Literal(text)
    return _within_bounds(Parser(text).template)


def _within_bounds(read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except RecursionError:
        # Operators of every power in each of a hundred brackets.
        raise NotHclError("it is nested too deeply") from None
