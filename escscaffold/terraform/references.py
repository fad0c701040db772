"""References between files: calls of modules, declarations and their uses, and what a deleted file declared. Pure."""

import json
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct, field

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_reader import json_configuration
from escscaffold.terraform.modules import is_override

# Names that Terraform gives a meaning, and whose members are not declared.
_GIVEN = {"each", "count", "self", "path", "terraform"}
# Blocks that name what is there no more or is not there yet, or whose words are no references.
_SKIPPED_BLOCKS = {"terraform", "moved", "import", "removed", "provider_meta"}
_SKIPPED_ATTRIBUTES = {"type", "provider", "providers", "ignore_changes", "source", "version"}
_OF_A_CALL = {"source", "version", "providers", "count", "for_each", "depends_on"}
CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
"""How the names of files end that declare something."""
VALUES = (".tfvars", ".tfvars.json")
"""How the names of files end that give variables values."""
_CALLED_BY_PATH = re.compile(r'(?<![\w-])"?source"?\s{0,50}[=:]\s{0,50}"(\.{1,2}(?:/[^"\n]{0,500})?)"')
"""The path of a module in a text that is not parsed: nothing is computed in a source."""
_VARIABLE = re.compile(
    r'(?<![\w-])"?variable"?\s{0,50}:?\s{0,50}\{?\s{0,50}"?([A-Za-z_][\w-]{0,200})"?\s{0,50}:?\s{0,50}\{'
)
_MOST_TEXTS = 4_096
_NAMED = 3


def is_configuration(path: str) -> bool:
    """Return True for a file that can declare resources; Terraform ignores names that begin with a dot.

    >>> is_configuration("prod/main.tf"), is_configuration("prod/.main.tf"), is_configuration("prod/main.tf.bak")
    (True, False, False)
    """
    return path.endswith(CONFIGURATION) and not posixpath.basename(path).startswith(".")


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
    outputs = {name: {labels[0] for labels in call.labels("output")} for name, call in called.items() if call}
    for path, body in module.files.items():
        for name, line in dict.fromkeys(references_in(body, None, frozenset())):
            parts = name.split(".")
            if parts[0] == "module" and name.count(".") == 2:
                outputs_of_call = outputs.get(parts[1])
                if outputs_of_call is not None and parts[2] not in outputs_of_call:
                    yield Missing(path, line, f"module.{parts[1]} has no output {parts[2]}.")
            elif name not in declared:
                yield Missing(path, line, f"{name} is not declared in this folder.")
        for block in body.blocks:
            if block.type == "module" and block.labels and block.labels[0] in called:
                yield from _inputs(path, block, called[block.labels[0]])


def _inputs(path: str, block: hcl.Block, module: ModuleFiles | None) -> Iterator[Missing]:
    """Yield what is wrong with the arguments of a module's call."""
    name = f"module.{block.labels[0]}"
    if module is None:
        yield Missing(path, block.line, f"{name}: the source folder does not exist.")
        return
    if is_override(path):
        # An override has only what differs.
        return
    variables = {
        declared.labels[0]: declared.body.attribute("default")
        for declared in module.blocks("variable")
        if declared.labels
    }
    arguments = {attribute.name: attribute for attribute in block.body.attributes}
    for argument in [name for name in arguments if name not in variables and name not in _OF_A_CALL]:
        yield Missing(path, arguments[argument].line, f"{name} has no variable {argument}.")
    for variable, default in variables.items():
        if default is None and variable not in arguments:
            yield Missing(path, block.line, f"{name} needs a value for {variable}.")


def references_in(body: hcl.Body, block: hcl.Block | None, bound: frozenset[str]) -> Iterator[tuple[str, int | None]]:
    """Yield each reference in a body with its line, as far as something has to declare it."""
    if block is not None and block.type in _SKIPPED_BLOCKS:
        return
    for attribute in body.attributes:
        if attribute.name not in _SKIPPED_ATTRIBUTES or (block is not None and block.type == "locals"):
            for name in _names(attribute.value, bound):
                yield name, attribute.line
    for inner in body.blocks:
        names = bound
        if inner.type == "dynamic" and inner.labels:
            names = bound | {hcl.item_name(inner)}
        yield from references_in(inner.body, inner, names)


def _names(expression: hcl.Expression, bound: frozenset[str]) -> Iterator[str]:
    """Yield the references in an expression: `var.x`, `module.x.output`, `data.type.name`, `type.name`."""
    match expression:
        case hcl.Index():
            yield from _path(expression, bound)
        case hcl.Splat(of, keys):
            yield from _names(of, bound)
            yield from _all(keys, bound)
        case hcl.Template(parts) | hcl.TupleExpression(parts):
            yield from _all(parts, bound)
        case hcl.FunctionCall(_, arguments, _):
            yield from _all(arguments, bound)
        case hcl.ObjectExpression(items):
            yield from _all((part for pair in items for part in pair), bound)
        case hcl.Conditional(test, yes, no):
            yield from _all((test, yes, no), bound)
        case hcl.Operation(_, left, right):
            yield from _all((left, right) if left else (right,), bound)
        case hcl.For(names, over, new_key, value, test, _):
            yield from _names(over, bound)
            inner = (part for part in (new_key, value, test) if part is not None)
            yield from _all(inner, bound | set(names))


def _all(expressions: Iterable[hcl.Expression], bound: frozenset[str]) -> Iterator[str]:
    for expression in expressions:
        yield from _names(expression, bound)


def _path(expression: hcl.Index, bound: frozenset[str]) -> Iterator[str]:
    """Yield what a chain such as `module.x.output[0].a` refers to, and what is in its brackets."""
    keys: list[hcl.Expression] = []
    at: hcl.Expression = expression
    while isinstance(at, hcl.Index):
        keys.insert(0, at.key)
        at = at.of
    yield from _all((key for key in keys if not isinstance(key, hcl.Literal)), bound)
    if not isinstance(at, hcl.Name):
        yield from _names(at, bound)
        return
    if at.name in bound or at.name in _GIVEN:
        return
    length = {"data": 2, "module": 2, "ephemeral": 2}.get(at.name, 1)
    words: list[str] = [at.name]
    for key in keys[:length]:
        if not (isinstance(key, hcl.Literal) and isinstance(key.value, str)):
            break
        words.append(key.value)
    if at.name == "module" and len(words) > 1:
        yield ".".join(words[:2])
    yield ".".join(words)


class ModuleCall(Struct, frozen=True, kw_only=True):
    """One call of a module in a folder of the same repository."""

    path: str
    line: int | None
    name: str
    """As Terraform writes it: `module.network`."""
    folder: str
    """The folder that is called, from where paths begin; with `../` in front where it leads out of there."""


def local_calls(path: str, body: hcl.Body) -> Iterator[ModuleCall]:
    """Yield the calls in a file of modules by a relative path; Terraform computes nothing in a source."""
    for block in body.blocks:
        source = block.body.attribute("source") if block.type == "module" and block.labels else None
        match source and source.value:
            case hcl.Literal(str(text)) if text.startswith(("./", "../")):
                name = f"module.{block.labels[0]}"
                yield ModuleCall(path=path, line=block.line, name=name, folder=_called_from(path, text))


def folders_named(path: str, text: str) -> set[str]:
    """Return the folders that a file may call, without parsing it: what is in a comment is among them."""
    return {_called_from(path, source) for source in _sources_in(text)}


@lru_cache(maxsize=_MOST_TEXTS)
def _sources_in(text: str) -> tuple[str, ...]:
    """Return the paths of modules in a text. Most texts are on both sides, and many environments have the same."""
    return tuple(_CALLED_BY_PATH.findall(text))


def variables_named(path: str, text: str) -> frozenset[str]:
    """Return the variables that a file may declare; HCL is not parsed: what is in a comment is among them.

    >>> sorted(variables_named("v.tf.json", '{"variable": {"a": {}, "b": {}}}')), variables_named("v.tf", "variable")
    (['a', 'b'], frozenset())
    """
    if path.endswith(".json"):
        try:
            body = json_configuration(json.loads(text))
        except (ValueError, RecursionError):
            return frozenset(_VARIABLE.findall(text))
        return frozenset(block.labels[0] for block in body.blocks if block.type == "variable" and block.labels)
    return frozenset(_VARIABLE.findall(text))


def _called_from(path: str, source: str) -> str:
    """Return the folder that a source means in the file at this path.

    >>> _called_from("environments/prod/main.tf", "../../modules/eks")
    'modules/eks'
    """
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), source))


def leads_out(folder: str) -> bool:
    """Return True for a folder that is outside of where paths begin."""
    return folder == ".." or folder.startswith("../")


def closure(folder: str, calls: Callable[[str], Iterable[str]]) -> set[str]:
    """Return a folder with all that it calls, directly or through others, except for what leads out."""
    reached, waiting = {folder}, [folder]
    while waiting:
        further = {called for called in calls(waiting.pop()) if not leads_out(called)} - reached
        reached |= further
        waiting += further
    return reached


def twin_of(path: str, paths: Collection[str]) -> str:
    """Return the file that OpenTofu reads instead of one for Terraform; nothing where there is none among the paths.

    >>> twin_of("main.tf", ["main.tf", "main.tofu"]), twin_of("main.tf", ["main.tf"])
    ('main.tofu', '')
    """
    for end in (".tf", ".tf.json"):
        twin = path.removesuffix(end) + end.replace(".tf", ".tofu")
        if path.endswith(end) and twin in paths:
            return twin
    return ""


def parent_folder(path: str) -> str:
    """Return the folder in which a file stands, `.` for the top."""
    return posixpath.dirname(path) or "."


def folders_with_terraform(paths: Iterable[str]) -> set[str]:
    """Return the folders of those of the paths that are configuration, `.` for the top."""
    return {parent_folder(path) for path in paths if is_configuration(path)}


def missing_modules(
    paths: Collection[str], calls: Iterable[ModuleCall], not_followed: Collection[str] = ()
) -> Iterator[Missing]:
    """Yield each call of a folder that has no Terraform among the paths.

    `not_followed` are links and submodules: what is below them is not known, and neither is what is outside.
    """
    folders = folders_with_terraform(paths)
    for call in calls:
        if call.folder in folders or leads_out(call.folder) or _is_below(call.folder, not_followed):
            continue
        has_files = any(path.startswith(f"{call.folder}/") for path in paths)
        what = "has no Terraform files" if has_files else "does not exist"
        yield Missing(call.path, call.line, f"{call.name}: the source folder {what}.")


def _is_below(folder: str, not_followed: Collection[str]) -> bool:
    parts = folder.split("/")
    return any("/".join(parts[:end]) in not_followed for end in range(1, len(parts) + 1))


def lost_declarations(deleted: Mapping[str, hcl.Body], remaining: Mapping[str, hcl.Body]) -> Iterator[Missing]:
    """Yield each deleted file of a folder with what it declared and nothing else declares, of what is needed.

    `deleted` has the files as they were, `remaining` those that the folder still has.
    """
    declared = set(_needed(remaining.values()))
    for path, body in deleted.items():
        lost = [name for name in dict.fromkeys(_needed([body])) if name not in declared]
        if lost:
            more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
            yield Missing(path, None, f"Deleted, but not declared elsewhere: {', '.join(lost[:_NAMED])}{more}.")


def lost_values(
    path: str, deleted: hcl.Body, remaining: Mapping[str, hcl.Body], values: Iterable[hcl.Body]
) -> Iterator[Missing]:
    """Yield each variable without a default that only the deleted file of values at this path had a value for.

    `remaining` are the files of the folder, `values` the other files of values that Terraform reads by itself.
    """
    assigned = {attribute.name for body in values for attribute in body.attributes}
    lost = {attribute.name for attribute in deleted.attributes} - assigned
    for file, body in remaining.items():
        for block in body.blocks:
            is_lost = block.type == "variable" and block.labels and block.labels[0] in lost
            if is_lost and block.body.attribute("default") is None:
                what = f"var.{block.labels[0]} has no value"
                yield Missing(file, block.line, f"{what}: {path.rpartition('/')[2]} was deleted.")


def _needed(bodies: Iterable[hcl.Body]) -> Iterator[str]:
    for body in bodies:
        for block in body.blocks:
            if block.type == "module" and block.labels:
                yield f"module.{block.labels[0]}"
            elif block.type == "provider" and block.labels and (block.body.attributes or block.body.blocks):
                yield f"provider {block.labels[0]}"
            elif block.type == "terraform":
                yield from _settings(block.body)


def _settings(body: hcl.Body) -> Iterator[str]:
    for block in body.blocks:
        if block.type == "required_providers":
            yield from (f"required_providers.{attribute.name}" for attribute in block.body.attributes)
        # A local backend is what Terraform takes without one.
        elif block.type in ("backend", "cloud") and block.labels != ("local",):
            yield "the backend"
