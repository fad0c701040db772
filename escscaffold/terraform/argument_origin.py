"""Where the value of an argument is written: at the resource, or in the variable, local or call that it comes from."""

from collections.abc import Mapping

from msgspec import Struct

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.instances import Instance
from escscaffold.terraform.modules import Module, called_folder

_MOST = 50
"""How many references in a row are followed."""


class Origin(Struct, frozen=True, kw_only=True):
    """An argument, a variable or a local, and where its value is written."""

    name: str
    source: str
    line: int | None
    is_literal: bool
    """Whether the value is written out there, so that another can be written in its place."""

    @property
    def place(self) -> str:
        """Return file and line."""
        return self.source if self.line is None else f"{self.source}:{self.line}"


class _At(Struct, frozen=True):
    """A module as it is called: `calls` lead to it from the root."""

    module: Module
    calls: tuple[tuple[Module, hcl.Block, str], ...]


def origin_of(
    instance: Instance, argument: str, root: Module, modules: Mapping[str, Module], values: Mapping[str, hcl.Expression]
) -> Origin | None:
    """Return where an argument's value is written, None where the resource does not set it.

    `values` are those that files give to the variables of the root module.
    """
    at = _module_of(instance.was, root, modules)
    if at is None:
        return None
    declared = (block for block in at.module.declared.get("data" if instance.is_data else "resource", ()))
    for block in declared:
        if block.block.labels == tuple(instance.declared.removeprefix("data.").split(".", 1)):
            attribute = block.block.body.attribute(argument)
            return _follow(at, attribute, block.source, values) if attribute else None
    return None


def _module_of(address: str, root: Module, modules: Mapping[str, Module]) -> _At | None:
    at = _At(root, ())
    rest = address
    while rest.startswith("module."):
        name, _, rest = _without_key(rest.removeprefix("module."))
        for block in at.module.declared.get("module", ()):
            if block.block.labels == (name,):
                folder = called_folder(at.module.folder, block.block)
                if folder is None or folder not in modules:
                    return None
                at = _At(modules[folder], (*at.calls, (at.module, block.block, block.source)))
                break
        else:
            return None
    return at


def _without_key(text: str) -> tuple[str, str, str]:
    """Return a module's name, its key, and what follows the dot.

    >>> _without_key('a["x.y"].kind.name')
    ('a', '["x.y"]', 'kind.name')
    """
    end = min((place for place in (text.find("."), text.find("[")) if place >= 0), default=len(text))
    name, rest = text[:end], text[end:]
    key = ""
    if rest.startswith("["):
        close = rest.find('"]') + 2 if rest.startswith('["') else rest.find("]") + 1
        key, rest = rest[:close], rest[close:]
    return name, key, rest.removeprefix(".")


def _follow(at: _At, attribute: hcl.Attribute, source: str, values: Mapping[str, hcl.Expression]) -> Origin:
    for _ in range(_MOST):
        own_origin = Origin(
            name=attribute.name, source=source, line=attribute.line, is_literal=_is_written_out(attribute.value)
        )
        match attribute.value:
            case hcl.Index(hcl.Name("var"), hcl.Literal(str(name))) if at.calls:
                caller, block, called_in = at.calls[-1]
                argument = block.body.attribute(name)
                if argument is None:
                    return _default_of(at.module, name) or own_origin
                attribute, source, at = argument, called_in, _At(caller, at.calls[:-1])
            case hcl.Index(hcl.Name("var"), hcl.Literal(str(name))):
                return _given_in_file(at.module, name, values) or _default_of(at.module, name) or own_origin
            case hcl.Index(hcl.Name("local"), hcl.Literal(str(name))):
                local = next(
                    (
                        (inner, block.source)
                        for block in at.module.declared.get("locals", ())
                        for inner in block.block.body.attributes
                        if inner.name == name
                    ),
                    None,
                )
                if local is None:
                    return own_origin
                attribute, source = local
            case _:
                return own_origin
    return own_origin


def _given_in_file(module: Module, name: str, values: Mapping[str, hcl.Expression]) -> Origin | None:
    for part in module.values:
        for attribute in part.body.attributes:
            if attribute.name == name and values.get(name) == attribute.value:
                return Origin(
                    name=name,
                    source=part.source,
                    line=attribute.line,
                    is_literal=_is_written_out(attribute.value),
                )
    return None


def _default_of(module: Module, name: str) -> Origin | None:
    for block in module.declared.get("variable", ()):
        default = block.block.body.attribute("default") if block.block.labels == (name,) else None
        if default is not None:
            line, literal = default.line, _is_written_out(default.value)
            return Origin(name=f"default of variable {name}", source=block.source, line=line, is_literal=literal)
    return None


def _is_written_out(value: hcl.Expression) -> bool:
    match value:
        case hcl.Literal():
            return True
        case hcl.TupleExpression(items):
            return all(isinstance(item, hcl.Literal) for item in items)
        case hcl.FunctionCall("toset" | "tolist" | "sort" | "distinct", (argument,)):
            return _is_written_out(argument)
    return False
