"""Which names the files of a Terraform module declare and use, and which of those used are declared nowhere. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.modules import is_override

# Names that Terraform gives a meaning, and whose members nobody declares.
_GIVEN = {"each", "count", "self", "path", "terraform"}
# Blocks that name what is there no more or is not there yet, or whose words are no references.
_SKIPPED_BLOCKS = {"terraform", "moved", "import", "removed", "provider_meta"}
_SKIPPED_ATTRIBUTES = {"type", "provider", "providers", "ignore_changes", "source", "version"}
_OF_A_CALL = {"source", "version", "providers", "count", "for_each", "depends_on"}


class Missing(Struct, frozen=True):
    """Something that is used and not there, or given and not known."""

    path: str
    line: int | None
    message: str


class ModuleFiles(Struct, frozen=True, kw_only=True):
    """One folder of Terraform: its files by path, each as it was read."""

    files: Mapping[str, hcl.Body] = field(default_factory=dict)

    def blocks(self, kind: str) -> Iterator[hcl.Block]:
        """Yield the blocks of a kind."""
        return (block for body in self.files.values() for block in body.blocks if block.type == kind)

    def labels(self, kind: str) -> set[tuple[str, ...]]:
        """Return the labels of all blocks of a kind."""
        return {block.labels for block in self.blocks(kind)}

    @property
    def declared(self) -> set[str]:
        """What can be referred to: `var.x`, `local.x`, `module.x`, `data.type.name`, `type.name`."""
        names = {f"var.{'.'.join(labels)}" for labels in self.labels("variable")}
        names |= {f"module.{'.'.join(labels)}" for labels in self.labels("module")}
        names |= {f"data.{'.'.join(labels)}" for labels in self.labels("data")}
        # A check has data sources of its own.
        inner = (b for check in self.blocks("check") for b in check.body.blocks if b.type == "data")
        names |= {f"data.{'.'.join(block.labels)}" for block in inner}
        names |= {".".join(labels) for kind in ("resource", "ephemeral") for labels in self.labels(kind)}
        names |= {f"ephemeral.{'.'.join(labels)}" for labels in self.labels("ephemeral")}
        return names | {f"local.{a.name}" for block in self.blocks("locals") for a in block.body.attributes}


def missing_in(module: ModuleFiles, called: Mapping[str, ModuleFiles | None]) -> Iterator[Missing]:
    """Yield what a module's files use and nothing declares.

    `called` has the modules that it calls from folders, by the names of the calls; None where there
    is no such folder.
    """
    declared = module.declared
    outputs = {name: {labels[0] for labels in one.labels("output")} for name, one in called.items() if one}
    for path, body in module.files.items():
        for name, line in dict.fromkeys(_references(body, None, frozenset())):
            parts = name.split(".")
            if parts[0] == "module" and name.count(".") == 2:
                known = outputs.get(parts[1])
                if known is not None and parts[2] not in known:
                    yield Missing(path, line, f"module.{parts[1]} has no output {parts[2]}.")
            elif name not in declared:
                yield Missing(path, line, f"{name} is declared nowhere in this folder.")
        for block in body.blocks:
            if block.type == "module" and block.labels and block.labels[0] in called:
                yield from _inputs(path, block, called[block.labels[0]])


def _inputs(path: str, block: hcl.Block, module: ModuleFiles | None) -> Iterator[Missing]:
    """Yield what is wrong with the arguments of a module's call."""
    name = f"module.{block.labels[0]}"
    if module is None:
        yield Missing(path, block.line, f"The folder that {name} is called from is not there.")
        return
    if is_override(path):
        # An override says only what differs.
        return
    variables = {one.labels[0]: one.body.attribute("default") for one in module.blocks("variable") if one.labels}
    given = {attribute.name: attribute for attribute in block.body.attributes}
    for argument in [name for name in given if name not in variables and name not in _OF_A_CALL]:
        yield Missing(path, given[argument].line, f"{name} has no variable {argument}.")
    for variable, default in variables.items():
        if default is None and variable not in given:
            yield Missing(path, block.line, f"{name} is not given {variable}.")


def _references(body: hcl.Body, block: hcl.Block | None, known: frozenset[str]) -> Iterator[tuple[str, int | None]]:
    """Yield each reference in a body with its line, as far as something has to declare it."""
    if block is not None and block.type in _SKIPPED_BLOCKS:
        return
    for attribute in body.attributes:
        if attribute.name not in _SKIPPED_ATTRIBUTES or (block is not None and block.type == "locals"):
            for name in _names(attribute.value, known):
                yield name, attribute.line
    for inner in body.blocks:
        names = known
        if inner.type == "dynamic" and inner.labels:
            iterator = inner.body.attribute("iterator")
            own = iterator.value.name if iterator and isinstance(iterator.value, hcl.Name) else inner.labels[0]
            names = known | {own}
        yield from _references(inner.body, inner, names)


def _names(expression: hcl.Expression, known: frozenset[str]) -> Iterator[str]:
    """Yield the references in an expression: `var.x`, `module.x.output`, `data.type.name`, `type.name`."""
    match expression:
        case hcl.Index():
            yield from _path(expression, known)
        case hcl.Splat(of, keys):
            yield from _names(of, known)
            yield from _all(keys, known)
        case hcl.Template(parts) | hcl.Sequence(parts):
            yield from _all(parts, known)
        case hcl.Call(_, arguments, _):
            yield from _all(arguments, known)
        case hcl.Mapping(items):
            yield from _all((part for pair in items for part in pair), known)
        case hcl.Conditional(test, yes, no):
            yield from _all((test, yes, no), known)
        case hcl.Operation(_, left, right):
            yield from _all((left, right) if left else (right,), known)
        case hcl.For(names, over, new_key, value, test, _):
            yield from _names(over, known)
            inner = (part for part in (new_key, value, test) if part is not None)
            yield from _all(inner, known | set(names))


def _all(expressions: Iterable[hcl.Expression], known: frozenset[str]) -> Iterator[str]:
    for expression in expressions:
        yield from _names(expression, known)


def _path(expression: hcl.Index, known: frozenset[str]) -> Iterator[str]:
    """Yield what a chain such as `module.x.output[0].a` refers to, and what stands in its brackets."""
    keys: list[hcl.Expression] = []
    at: hcl.Expression = expression
    while isinstance(at, hcl.Index):
        keys.insert(0, at.key)
        at = at.of
    yield from _all((key for key in keys if not isinstance(key, hcl.Literal)), known)
    if not isinstance(at, hcl.Name):
        yield from _names(at, known)
        return
    if at.name in known or at.name in _GIVEN:
        return
    wanted = {"data": 2, "module": 2, "ephemeral": 2}.get(at.name, 1)
    words: list[str] = [at.name]
    for key in keys[:wanted]:
        if not (isinstance(key, hcl.Literal) and isinstance(key.value, str)):
            break
        words.append(key.value)
    if at.name == "module" and len(words) > 1:
        yield ".".join(words[:2])
    yield ".".join(words)
