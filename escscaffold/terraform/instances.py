"""A root module evaluated: each resource by its address, with the value of every argument. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from msgspec import Struct, field

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.addresses import Move, address_in, dotted
from escscaffold.terraform.configuration import ANY, COST_OF_BLOCK, Configuration, Rename, configuration_name, expand
from escscaffold.terraform.evaluating import Evaluator, Names, SetsOf
from escscaffold.terraform.functions import Files, place_of, read_unknown
from escscaffold.terraform.hcl_values import LONGEST, Source, Unknown, Value, derived, plain
from escscaffold.terraform.modules import Declared, Module, Variant, is_protected, protected_blocks, source_of
from escscaffold.terraform.provider_facts import FILES_OF
from escscaffold.terraform.references import references_in

_OF_FILES = re.compile(r"file|external")
"""Data sources whose arguments are paths of files that they read."""
_NOT_SET = {"count", "for_each", "provider", "depends_on"}
_NOT_SETTINGS = {"lifecycle", "provisioner", "connection", "timeouts"}
_EACH: dict[str, Value] = {key: Unknown(f"each.{key} differs", symbol=f"each.{key}") for key in ("key", "value")}
_COUNT: dict[str, Value] = {"index": Unknown("count.index differs", symbol="count.index")}


class Instance(Struct, frozen=True, kw_only=True):
    """One resource, or one data source, as a plan would list it."""

    address: str
    """Absolute, as the other side of a comparison calls it."""
    was: str
    """Absolute, as it is called on its own side."""
    type: str
    is_data: bool
    provider: str
    """The provider's source address: `hashicorp/aws`."""
    configuration: str
    """Which configuration of the provider it uses, `aws.west`."""
    attributes: Mapping[str, Value]
    lines: Mapping[str, int | None]
    """The line of each argument and nested block."""
    path: str
    line: int | None
    declared: str
    """Its address inside the module, without a key."""
    ignored: tuple[str, ...] = ()
    """Arguments whose changes Terraform ignores, or `all`."""
    triggers: frozenset[Source] = frozenset()
    """What replaces it by changing (`replace_triggered_by`)."""
    depends_on: frozenset[str] = frozenset()
    prevent_destroy: bool = False

    @property
    def is_all(self) -> bool:
        """Whether it stands for any number of instances."""
        return ANY in self.was


class UnreadCall(Struct, frozen=True, kw_only=True):
    """A call of a module that is not at hand, or a provider's configuration: arguments that nothing here follows."""

    address: str
    attributes: Mapping[str, Value]
    path: str
    line: int | None
    depends_on: frozenset[str] = frozenset()


class Removal(Struct, frozen=True, kw_only=True):
    """A `removed` block for an address."""

    address: str
    destroys: bool


class Import(Struct, frozen=True, kw_only=True):
    """An `import` block."""

    address: str
    id: Value


class Evaluated(Struct, kw_only=True):
    """A root module evaluated."""

    instances: dict[str, Instance] = field(default_factory=dict)
    calls: dict[str, UnreadCall] = field(default_factory=dict)
    providers: dict[str, UnreadCall] = field(default_factory=dict)
    backends: dict[str, UnreadCall] = field(default_factory=dict)
    required: dict[str, str] = field(default_factory=dict)
    """The versions that the modules require of each provider, by its source."""
    moves: list[Move] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    variables: dict[str, Value] = field(default_factory=dict)
    outputs: dict[str, Value] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    """Resources with `prevent_destroy`, by their addresses without keys, whether they have instances or not."""
    is_complete: bool = True
    """False where computing it was given up."""


def passed_on(old: Evaluated, new: Evaluated) -> Iterator[str]:
    """Yield the provider configurations on one side only that modules which are not at hand inherit or are passed."""
    both_sides = [
        side.calls[address].attributes for address in old.calls.keys() & new.calls.keys() for side in (old, new)
    ]
    arguments = [attributes.get("providers") for attributes in both_sides]
    passed = {name for providers in arguments if isinstance(providers, dict) for name in providers.values()}
    for address in sorted(old.providers.keys() ^ new.providers.keys()):
        name = address.removeprefix("provider.")
        if both_sides and ("." not in name or name in passed):
            yield address


def evaluate_root(
    module: Module,
    modules: Mapping[str, Module],
    variant: Variant,
    files: Files | None,
    rename: Rename = str,
    sets_of: SetsOf | None = None,
) -> Evaluated:
    """Return what Terraform would have of this root module; `modules` are all modules by their folders."""
    evaluator = Evaluator(files, module.folder, sets_of=sets_of)
    variables = {name: partial(evaluator.evaluate, value, {}) for name, value in variant.values.items()}
    root = Configuration(module, modules, variables, evaluator, rename=rename)
    evaluated = Evaluated(variables={name: plain(root.variable(name)) for name in root.variables})
    outputs = root.as_output("output")
    evaluated.outputs = {name: plain(outputs.member(name)) for name in root.outputs}
    _walk(root, evaluated)
    evaluated.protected = frozenset(map(rename, protected_blocks(module, modules)))
    evaluated.is_complete = evaluator.steps >= 0
    return evaluated


def _walk(at: Configuration, evaluated: Evaluated) -> None:
    sources = _required(at.module, evaluated)
    for kind in ("resource", "data"):
        for declared in at.module.declared.get(kind, ()):
            if len(declared.block.labels) == 2:
                for instance in _instances(at, declared, sources):
                    evaluated.instances[instance.address] = instance
    for declared in at.module.declared.get("provider", ()):
        call = _provider(at, declared)
        evaluated.providers[call.address] = call
    for declared in at.module.declared.get("terraform", ()) if not at.address else ():
        for inner in declared.block.body.blocks:
            if inner.type in ("backend", "cloud"):
                address = " ".join((inner.type, *inner.labels))
                attributes = _block_values(at, inner.body, {})
                evaluated.backends[address] = UnreadCall(
                    address=address, attributes=attributes, path=declared.source, line=inner.line
                )
    for declared in at.module.declared.get("moved", ()):
        evaluated.moves += _moved(at, declared.block)
    for declared in at.module.declared.get("removed", ()):
        evaluated.removals += _removed(at, declared.block)
    for declared in at.module.declared.get("import", ()):
        evaluated.imports += _imported(at, declared.block)
    for declared in at.module.declared.get("module", ()):
        if declared.block.labels:
            _call(at, declared, evaluated)


def _call(at: Configuration, declared: Declared, evaluated: Evaluated) -> None:
    name = declared.block.labels[0]
    if at.is_followed(name):
        for _, child in at.child(name):
            _walk(child, evaluated)
        return
    attributes = {
        a.name: plain(at.evaluate(a.value, {"each": _EACH, "count": _COUNT}))
        for a in declared.block.body.attributes
        if a.name not in {"providers", "depends_on"}
    }
    if declared.block.body.attribute("providers"):
        attributes["providers"] = dict(at.passed_providers(declared.block.body))
    address = at.rename(f"{at.address}module.{name}")
    evaluated.calls[address] = UnreadCall(
        address=address,
        attributes=attributes,
        path=declared.source,
        line=declared.block.line,
        depends_on=at.dependencies(declared.block.body),
    )


def _instances(at: Configuration, declared: Declared, sources: Mapping[str, str]) -> Iterator[Instance]:
    block = declared.block
    kind, name = block.labels
    is_data = block.type == "data"
    inside = f"{'data.' if is_data else ''}{kind}.{name}"
    local = _provider_name(block) or kind.partition("_")[0]
    lifecycle = next((inner.body for inner in block.body.blocks if inner.type == "lifecycle"), hcl.Body())
    lines = {inner.labels[0] if inner.labels else inner.type: inner.line for inner in block.body.blocks}
    lines |= {attribute.name: attribute.line for attribute in block.body.attributes}
    ignored, protects = _ignored(lifecycle), is_protected(block)
    depends_on = at.dependencies(block.body) | (_resources_in(at, block) if is_data else frozenset())
    for key, names in at.instances(block):
        was = f"{at.address}{inside}{key}"
        values = _block_values(at, block.body, names, is_resource=True)
        values |= {**at.repeated, **at.repetition(block, key)}
        yield Instance(
            address=at.rename(was),
            was=was,
            type=kind,
            is_data=is_data,
            provider=sources.get(local.partition(".")[0]) or _default_source(local.partition(".")[0]),
            configuration=at.providers.get(local, local),
            attributes={**values, **_files_read(at, kind, values, is_data=is_data)},
            lines=lines,
            path=declared.source,
            line=block.line,
            declared=inside,
            ignored=ignored,
            triggers=frozenset(_triggers(at, lifecycle, names)),
            depends_on=depends_on,
            prevent_destroy=protects,
        )


def _resources_in(at: Configuration, block: hcl.Block) -> frozenset[str]:
    """Return the addresses of the resources that a data source refers to: Terraform waits for a change of each.

    https://developer.hashicorp.com/terraform/language/data-sources#data-resource-dependencies
    """
    named = {name for name, _ in references_in(block.body, block, frozenset())}
    return frozenset(at.rename(f"{at.address}{name}") for name in named & at.module.resources)


def _files_read(at: Configuration, kind: str, values: Mapping[str, Value], *, is_data: bool) -> dict[str, Value]:
    """Return the contents of files of the repository that arguments lead to; of a data source also those of folders."""
    files, folder, contents_of = at.evaluator.files, at.evaluator.folder, dict[str, list[Value]]()
    if files is None:
        return {}
    for name, value in values.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Unknown) and is_data and _OF_FILES.search(kind):
                unknown = read_unknown(kind, [item, ""], files, folder)
                contents_of.setdefault(f"{FILES_OF}{name}", []).extend([] if unknown.symbol else [unknown])
            place = place_of(item, folder) if isinstance(item, str) else None
            if place is None or place == ".":
                continue
            inside = files.below(place) if is_data else ()
            paths = [place] if files.exists(place) else sorted(f"{place}/{path}" for path in inside)
            contents: list[Value] = [f"{path} ({files.content_id(path)[:12]})" for path in paths[:LONGEST]]
            contents_of.setdefault(f"{FILES_OF}{name}", []).extend(contents)
    return {name: c[0] if len(c) == 1 else [*c] for name, c in contents_of.items() if c}


def _block_values(at: Configuration, body: hcl.Body, names: Names, *, is_resource: bool = False) -> dict[str, Value]:
    """Return the value of each argument, and of nested blocks a list for each type; nothing once it takes too long."""
    at.evaluator.steps -= COST_OF_BLOCK * len(body.blocks)
    if at.evaluator.steps < 0:
        return {}
    values: dict[str, Value] = {
        a.name: plain(at.evaluate(a.value, names)) for a in body.attributes if not (is_resource and a.name in _NOT_SET)
    }
    nested: dict[str, list[Value]] = {}
    for block in body.blocks:
        if is_resource and block.type in _NOT_SETTINGS:
            continue
        if block.type == "dynamic" and block.labels:
            nested.setdefault(block.labels[0], []).extend(_expanded(at, block, names))
        else:
            nested.setdefault(block.type, []).append(_block_values(at, block.body, names))
    return {**values, **nested}


def _expanded(at: Configuration, block: hcl.Block, names: Names) -> Iterator[Value]:
    expanded = expand(block, names, at.evaluate)
    if expanded is None:
        for_each = block.body.attribute("for_each")
        unknown = derived("for_each", at.evaluate(for_each.value, names) if for_each else None)
        inside: Names = {**names, hcl.item_name(block): {"key": unknown, "value": unknown}}
        contents = [inner.body for inner in block.body.blocks if inner.type == "content"]
        yield derived("dynamic", unknown, *(dict(_block_values(at, content, inside)) for content in contents))
        return
    at.evaluator.steps -= COST_OF_BLOCK * len(expanded)
    for content, inside in expanded:
        yield _block_values(at, content, inside)


def _ignored(lifecycle: hcl.Body) -> tuple[str, ...]:
    attribute = lifecycle.attribute("ignore_changes")
    match attribute and attribute.value:
        case hcl.Name("all") | hcl.Literal("all"):
            return ("all",)
        case hcl.TupleExpression(items):
            return tuple(place for item in items if (place := _place_in(item)))
    return ()


def _place_in(expression: hcl.Expression) -> str | None:
    """Return what a reference means inside of a resource, as a leaf is shown: `ebs_block_device[0].iops`."""
    match expression:
        case hcl.Index(of, hcl.Literal(int(number))):
            prefix = _place_in(of)
            return f"{prefix}[{number}]" if prefix else None
        case hcl.Index(of, hcl.Literal(str(name))):
            prefix = _place_in(of)
            return f"{prefix}.{name}" if prefix else None
    return dotted(expression)


def _triggers(at: Configuration, lifecycle: hcl.Body, names: Names) -> Iterator[Source]:
    attribute = lifecycle.attribute("replace_triggered_by")
    if attribute is None or not isinstance(attribute.value, hcl.TupleExpression):
        return
    at.evaluator.steps -= len(attribute.value.items)
    for item in attribute.value.items if at.evaluator.steps >= 0 else ():
        parts = (dotted(item) or "").split(".")
        if len(parts) >= 2:
            key = _key_in(item, partial(at.evaluate, names=names))
            yield at.rename(f"{at.address}{parts[0]}.{parts[1]}{key}"), ".".join(parts[2:3])


def _key_in(reference: hcl.Expression, evaluate: Callable[[hcl.Expression], Value]) -> str:
    """Return the key of the one instance that is meant, nothing where it is all of them or not known."""
    keys: list[hcl.Expression] = []
    while isinstance(reference, hcl.Index):
        keys.insert(0, reference.key)
        reference = reference.of
    key = keys[1] if len(keys) > 1 else None
    # Of `a.b["c"]`, as it is read, "c" could be an attribute as well.
    if key is None or (isinstance(key, hcl.Literal) and isinstance(key.value, str)):
        return ""
    value = evaluate(key)
    if isinstance(value, int):
        return f"[{value}]"
    return f'["{value}"]' if isinstance(value, str) else ""


def _provider_name(block: hcl.Block) -> str:
    attribute = block.body.attribute("provider")
    return (dotted(attribute.value) or "") if attribute else ""


def _required(module: Module, evaluated: Evaluated) -> dict[str, str]:
    """Return the source of each provider by its name in the module, and note which versions it requires."""
    sources: dict[str, str] = {}
    for block in module.blocks("terraform"):
        for inner in block.body.blocks:
            for attribute in inner.body.attributes if inner.type == "required_providers" else ():
                literals = _literals(attribute.value)
                source = literals.get("source", f"hashicorp/{attribute.name}").lower()
                source = source_of(source)
                sources[attribute.name] = source
                if version := literals.get("version"):
                    versions = evaluated.required.get(source, "").split(" and ") if source in evaluated.required else []
                    evaluated.required[source] = " and ".join(dict.fromkeys([*versions, version]))
    return sources


def _default_source(name: str) -> str:
    """Return the source of a provider that no module names; `terraform_data` is of Terraform itself."""
    return "builtin/terraform" if name == "terraform" else f"hashicorp/{name}"


def _literals(value: hcl.Expression) -> dict[str, str]:
    match value:
        case hcl.Literal(str(version)):
            return {"version": version}
        case hcl.ObjectExpression(items):
            return {
                str(k.value): str(v.value)
                for k, v in items
                if isinstance(k, hcl.Literal) and isinstance(v, hcl.Literal)
            }
    return {}


def _provider(at: Configuration, declared: Declared) -> UnreadCall:
    block = declared.block
    attributes = {k: v for k, v in _block_values(at, block.body, {}).items() if k not in ("alias", "version")}
    return UnreadCall(
        address=f"{at.address}provider.{configuration_name(block)}",
        attributes=attributes,
        path=declared.source,
        line=block.line,
    )


def _moved(at: Configuration, block: hcl.Block) -> Iterator[Move]:
    old, new = (_target(block, name) for name in ("from", "to"))
    if old and new:
        yield Move(old=f"{at.address}{old}", new=f"{at.address}{new}")


def _removed(at: Configuration, block: hcl.Block) -> Iterator[Removal]:
    lifecycle = next((inner.body for inner in block.body.blocks if inner.type == "lifecycle"), hcl.Body())
    destroy = lifecycle.attribute("destroy")
    if address := _target(block, "from"):
        destroys = destroy is None or destroy.value != hcl.Literal(value=False)
        yield Removal(address=f"{at.address}{address}", destroys=destroys)


def _imported(at: Configuration, block: hcl.Block) -> Iterator[Import]:
    to, id_ = block.body.attribute("to"), block.body.attribute("id")
    for _, names in at.instances(hcl.Block(block.type, (), block.body, block.line)):
        if to is not None:
            address = address_in(to, partial(at.evaluate, names=names))
            if address:
                value = plain(at.evaluate(id_.value, names)) if id_ else None
                yield Import(address=f"{at.address}{address}", id=value)


def _target(block: hcl.Block, name: str) -> str | None:
    attribute = block.body.attribute(name)
    return address_in(attribute) if attribute else None


def adopted(old: Evaluated, new: Evaluated) -> list[Move]:
    """Return what is forgotten and imported at the same place as a type of another provider, as moves.

    So it is where a provider is renamed: `eventstorecloud_network.this` becomes `kurrentcloud_network.this`.
    """
    imported = {import_.address for import_ in new.imports}
    twins = {
        _without_provider(instance): instance.was for instance in new.instances.values() if instance.was in imported
    }
    return [
        Move(old=instance.was, new=twins[_without_provider(instance)])
        for instance in old.instances.values()
        if _without_provider(instance) in twins and removal(new, instance) is False
    ]


def removal(new: Evaluated, instance: Instance) -> bool | None:
    """Return whether a `removed` block destroys a resource of the old side; None where there is none for it."""
    for removal_block in new.removals:
        if instance.was == removal_block.address or instance.was.startswith(
            (f"{removal_block.address}.", f"{removal_block.address}[")
        ):
            return removal_block.destroys
    return None


def _without_provider(instance: Instance) -> str:
    return instance.was.replace(f"{instance.type}.", f"{instance.type.partition('_')[2]}.", 1)
