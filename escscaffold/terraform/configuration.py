"""A module with its variables' values: the values of `local.x`, `var.x`, resources and other modules' outputs."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.addresses import dotted, without_keys
from escscaffold.terraform.collection_functions import in_order_of_a_set, text
from escscaffold.terraform.evaluating import Evaluator, Names, items_of
from escscaffold.terraform.hcl_values import (
    LONGEST,
    Members,
    TypedList,
    TypedMap,
    TypedSet,
    Unknown,
    Value,
    bool_of,
    derived,
    is_known,
    known_to_terraform,
    number_of,
    plain,
    text_of,
)
from escscaffold.terraform.modules import Module, called_folder

Arguments = Mapping[str, Callable[[], Value]]
"""The values of a module's variables, each computed when it is asked for."""
Rename = Callable[[str], str]
"""From an address to the one that the same thing is compared by."""

_COST = 100
"""The steps that a module's call is taken to cost, so that modules that call many do not go on for ever."""
_COST_OF_INSTANCE = 20
"""The steps that an instance is taken to cost: a file of a thousand resources can ask for ten thousand of each."""
COST_OF_BLOCK = 20
"""The steps that a nested block of an instance is taken to cost: each of ten thousand instances has all of them."""
ANY = "[*]"
"""The key of an instance that stands for all, where how many there are is not known."""
REPETITION = ("count", "for_each")
Evaluate = Callable[[hcl.Expression], Value]
_SCALARS: dict[str, Callable[[Value], Value]] = {"string": text, "number": number_of, "bool": bool_of}


class Lazy(Members):
    """Members that are computed once, and that may need one another but not themselves."""

    def __init__(self, reference: str, compute: Callable[[str], Value]) -> None:
        self.reference = reference
        self.compute = compute
        self.computed: dict[str, Value] = {}

    def member(self, name: str) -> Value:
        """Return the member's value, computed when it is asked for first."""
        if name not in self.computed:
            self.computed[name] = Unknown(f"{self.reference}.{name} refers to itself")
            self.computed[name] = self.compute(name)
        return self.computed[name]


class Configuration:
    """One module, called once.

    `address` is the prefix of what it holds (`module.network.`), `callers` are the folders of the modules above it,
    `depends_on` what their calls depend on, `providers` which of the root's provider configurations each name means,
    `repeated` has the `count` or `for_each` of the calls that make an unknown number of modules, and `rename` gives an
    address the name that the other side of a comparison knows it by.
    """

    def __init__(
        self,
        module: Module,
        modules: Mapping[str, Module],
        arguments: Arguments,
        evaluator: Evaluator,
        *,
        address: str = "",
        callers: frozenset[str] = frozenset(),
        depends_on: frozenset[str] = frozenset(),
        providers: Mapping[str, str] | None = None,
        repeated: Mapping[str, Value] | None = None,
        rename: Rename = str,
    ) -> None:
        self.module = module
        self.modules = modules
        self.arguments = arguments
        self.evaluator = evaluator
        self.address = address
        self.callers = callers | {module.folder}
        self.depends_on = depends_on
        own_providers = map(configuration_name, module.blocks("provider")) if address else ()
        # A configuration of a module itself goes before the one that it is passed.
        self.providers = {**(providers or {}), **{name: f"{address}provider.{name}" for name in own_providers}}
        self.repeated = repeated or {}
        self.rename = rename
        self.locals = {a.name: a for block in module.blocks("locals") for a in block.body.attributes}
        self.variables = {block.labels[0]: block for block in module.blocks("variable") if block.labels}
        self.outputs = {block.labels[0]: block for block in module.blocks("output") if block.labels}
        self.calls = {block.labels[0]: block for block in module.blocks("module") if block.labels}
        self.children: dict[str, list[tuple[str, Configuration]]] = {}
        self.names: dict[str, Value] = self._names()

    def _names(self) -> dict[str, Value]:
        resources = _by_type(self.module.blocks("resource"))
        data = _by_type(self._data())
        return {kind: self._resources(kind, blocks) for kind, blocks in resources.items()} | {
            "local": Lazy("local", self._local),
            "var": Lazy("var", self.variable),
            "module": Lazy("module", self._outputs),
            "data": Lazy("data", lambda kind: self._resources(f"data.{kind}", data.get(kind, {}))),
            "path": Lazy("path", self._path),
        }

    def _data(self) -> Iterator[hcl.Block]:
        yield from self.module.blocks("data")
        for check in self.module.blocks("check"):
            yield from (block for block in check.body.blocks if block.type == "data")

    def _path(self, name: str) -> Value:
        if name == "module":
            return posixpath.relpath(self.module.folder, self.evaluator.folder)
        return "." if name == "root" else known_to_terraform(f"path.{name}")

    def evaluate(self, expression: hcl.Expression, names: Names) -> Value:
        """Return the expression's value in this module, with these names in addition to the module's own."""
        return self.evaluator.evaluate(expression, {**self.names, **names} if names else self.names)

    def _local(self, name: str) -> Value:
        if name not in self.locals:
            return Unknown(f"there is no local.{name}", symbol=f"no {self.address}local.{name}")
        return self.evaluate(self.locals[name].value, {})

    def variable(self, name: str) -> Value:
        """Return the value that a variable is given, or its default."""
        block = self.variables.get(name)
        if block is None:
            return Unknown(f"var.{name} is not declared", symbol=f"{self.address}var.{name} without declaration")
        default, constraint = (block.body.attribute(argument) for argument in ("default", "type"))
        nullable = block.body.attribute("nullable")
        value: Value = None
        if name in self.arguments:
            value = self.arguments[name]()
        if value is None and (name not in self.arguments or (nullable and nullable.value == hcl.Literal(value=False))):
            value = self.evaluate(default.value, {}) if default else self._not_given(name)
        return _converted(value, constraint.value, lambda e: self.evaluate(e, {})) if constraint else value

    def _not_given(self, name: str) -> Unknown:
        reference = f"{self.address}var.{name}"
        return Unknown(f"var.{name} has no value", symbol=reference, sources=frozenset([(reference, "")]))

    def _resources(self, kind: str, blocks: Mapping[str, hcl.Block]) -> Value:
        def resource(name: str) -> Value:
            block = blocks.get(name)
            if block is None:
                return known_to_terraform(f"{kind}.{name}")
            return self._each(block, f"{kind}.{name}", lambda key, names: self._resource(block, names, kind, name, key))

        return Lazy(kind, resource)

    def _resource(self, block: hcl.Block, names: Names, kind: str, name: str, key: str) -> Value:
        reference = f"{kind}.{name}{key}"
        address = self.rename(f"{self.address}{reference}")
        inner = Lazy(reference, lambda attribute: self._member(block.body, names, attribute, reference, address))
        inner.reference = address
        return inner

    def _member(self, body: hcl.Body, names: Names, name: str, reference: str, address: str) -> Value:
        """Return what a resource's attribute is set to, or that only Terraform knows it."""
        written, inner_address = f"{reference}.{name}", f"{address}.{name}"
        unknown = Unknown(
            known_to_terraform(written).reason, symbol=inner_address, sources=frozenset([(address, name)])
        )
        if attribute := body.attribute(name):
            value = self.evaluate(attribute.value, names)
            # What is set to null may be computed.
            return unknown if value is None else self._as_declared(value, written)
        blocks: list[Value] = []
        for block in body.blocks:
            if block.type == name:
                blocks.append(self._inside(block.body, names, f"{written}[{len(blocks)}]", inner_address))
            elif block.type == "dynamic" and block.labels == (name,):
                expanded = expand(block, names, self.evaluate)
                if expanded is None:
                    return unknown
                blocks += [
                    self._inside(*call, f"{written}[{n}]", inner_address)
                    for n, call in enumerate(expanded, len(blocks))
                ]
        return blocks or unknown

    def _as_declared(self, value: Value, reference: str) -> Value:
        """Return a list that is set to a resource's argument as a set, where the argument is one."""
        if not isinstance(value, list) or isinstance(value, TypedSet):
            return value
        kind, _, *path = without_keys(reference).split(".")
        if ".".join(path) not in self.evaluator.sets_of(kind):
            return value
        return _set_of(value)

    def _inside(self, body: hcl.Body, names: Names, reference: str, address: str) -> Value:
        return Lazy(address, lambda name: self._member(body, names, name, reference, address))

    def _each(self, block: hcl.Block, reference: str, value: Callable[[str, Names], Value]) -> Value:
        """Return one value, or a list of them for `count`, or a map of them for `for_each`."""
        instances = self.instances(block)
        if any(key == ANY for key, _ in instances):
            address = self.rename(f"{self.address}{reference}")
            whole = known_to_terraform(address, (f"{address}{ANY}", ""))
            return Unknown(whole.reason, symbol=address, sources=whole.sources, among=(value(*instances[0]),))
        if block.body.attribute("count"):
            return [value(key, names) for key, names in instances]
        if block.body.attribute("for_each"):
            return {str(_each_key(names)): value(key, names) for key, names in instances}
        return value(*instances[0])

    def instances(self, block: hcl.Block) -> list[tuple[str, Names]]:
        """Return what a resource or module becomes: a key as it is in addresses, and `count` or `each`."""
        instances: list[tuple[str, Names]] = [("", {})]
        if count := block.body.attribute("count"):
            instances = self._counted(self.evaluate(count.value, {}))
        elif for_each := block.body.attribute("for_each"):
            instances = _keyed(self.evaluate(for_each.value, {}))
        self.evaluator.steps -= _COST_OF_INSTANCE * len(instances)
        if self.evaluator.steps < 0 and len(instances) > 1:
            too_many = Unknown("there are more instances than the limit of the evaluation")
            return [(ANY, {"count": {"index": too_many}, "each": {"key": too_many, "value": too_many}})]
        return instances

    def repetition(self, block: hcl.Block, key: str) -> dict[str, Value]:
        """Return `count` or `for_each` by its name where it is not known how many instances it makes."""
        arguments = (block.body.attribute(name) for name in REPETITION if key == ANY)
        return {argument.name: plain(self.evaluate(argument.value, {})) for argument in arguments if argument}

    def _counted(self, count: Value) -> list[tuple[str, Names]]:
        if isinstance(count, Unknown):
            return [(ANY, {"count": {"index": derived("count.index", count)}})]
        try:
            number = int(number_of(count))
        except (ValueError, OverflowError):
            number = LONGEST + 1
        if not 0 <= number <= LONGEST:
            return [(ANY, {"count": {"index": Unknown(f"count is not a number from 0 to {LONGEST}")}})]
        return [(f"[{index}]", {"count": {"index": index}}) for index in range(number)]

    def dependencies(self, body: hcl.Body) -> frozenset[str]:
        """Return the addresses that a block's `depends_on` names, and those of the calls that lead here."""
        attribute = body.attribute("depends_on")
        items = attribute.value.items if attribute and isinstance(attribute.value, hcl.TupleExpression) else ()
        named = (address for item in items if (address := dotted(item)))
        return self.depends_on | {self.rename(f"{self.address}{address}") for address in named}

    def passed_providers(self, body: hcl.Body) -> Mapping[str, str]:
        """Return the provider configurations that a call passes; without `providers`, the caller's own."""
        providers = body.attribute("providers")
        if providers is None or not isinstance(providers.value, hcl.ObjectExpression):
            return self.providers
        pairs = ((dotted(name), dotted(configuration)) for name, configuration in providers.value.items)
        return {name: self.providers.get(passed, passed) for name, passed in pairs if name and passed}

    def child(self, name: str) -> list[tuple[str, "Configuration"]]:
        """Return what a call of a module becomes, each with its address; empty where the module is not at hand."""
        if name not in self.children:
            self.children[name] = []
            self.children[name] = list(self._called(self.calls[name]))
        return self.children[name]

    def is_followed(self, name: str) -> bool:
        """Return True if the module that is called is at hand, and not one of those that lead here."""
        module = self.modules.get(called_folder(self.module.folder, self.calls[name]) or "")
        return module is not None and module.folder not in self.callers

    def _called(self, block: hcl.Block) -> Iterator[tuple[str, "Configuration"]]:
        if not self.is_followed(block.labels[0]):
            return
        module = self.modules[called_folder(self.module.folder, block) or ""]
        cost = _COST + sum(map(len, module.declared.values()))
        for key, names in self.instances(block):
            self.evaluator.steps -= cost
            if self.evaluator.steps < 0:
                return
            variables = {a.name: partial(self.evaluate, a.value, names) for a in block.body.attributes}
            yield (
                key,
                Configuration(
                    module,
                    self.modules,
                    variables,
                    self.evaluator,
                    address=f"{self.address}module.{block.labels[0]}{key}.",
                    callers=self.callers,
                    depends_on=self.dependencies(block.body),
                    providers=self.passed_providers(block.body),
                    repeated={
                        **self.repeated,
                        **{
                            f"{name} of {self.address}module.{block.labels[0]}": value
                            for name, value in self.repetition(block, key).items()
                        },
                    },
                    rename=self.rename,
                ),
            )

    def _outputs(self, name: str) -> Value:
        if name not in self.calls or not self.is_followed(name):
            address = self.rename(f"{self.address}module.{name}")

            def looked_up(output: str) -> Value:
                reference = f"module.{name}.{output}"
                return Unknown(
                    known_to_terraform(reference).reason,
                    symbol=f"{address}.{output}",
                    sources=frozenset([(address, output)]),
                )

            return Lazy(address, looked_up)
        children = dict(self.child(name))

        def outputs(key: str, _: Names) -> Value:
            if key not in children:
                return Unknown("the configuration takes too long to compute")
            return children[key].as_output(f"module.{name}{key}")

        return self._each(self.calls[name], f"module.{name}", outputs)

    def as_output(self, reference: str) -> Lazy:
        """Return the module's outputs, as its caller sees them."""

        def output(name: str) -> Value:
            block = self.outputs.get(name)
            value = block.body.attribute("value") if block else None
            if value is None:
                return Unknown(f"there is no {reference}.{name}", absent=True, symbol=f"no {reference}.{name}")
            return self.evaluate(value.value, {})

        return Lazy(reference, output)


def configuration_name(block: hcl.Block) -> str:
    """Return how resources name a provider block: `aws`, or `aws.west` with an alias."""
    alias = block.body.attribute("alias")
    name = block.labels[0] if block.labels else ""
    return f"{name}.{alias.value.value}" if alias and isinstance(alias.value, hcl.Literal) else name


def _by_type(blocks: Iterator[hcl.Block]) -> dict[str, dict[str, hcl.Block]]:
    blocks_of: dict[str, dict[str, hcl.Block]] = {}
    for block in blocks:
        if len(block.labels) == 2:
            blocks_of.setdefault(block.labels[0], {})[block.labels[1]] = block
    return blocks_of


def _keyed(over: Value) -> list[tuple[str, Names]]:
    pairs = items_of(over)
    if pairs is None or len(pairs) > LONGEST:
        reason = over if isinstance(over, Unknown) else Unknown("for_each is not a known map or set")
        return [(ANY, {"each": {"key": derived("each.key", reason), "value": derived("each.value", reason)}})]
    # In a set of strings, each one is its own key.
    keyed = [(key if isinstance(over, dict) else text_of(value), value) for key, value in pairs]
    if any(key is None for key, _ in keyed):
        unknown = derived("for_each", over)
        return [(ANY, {"each": {"key": unknown, "value": unknown}})]
    return [(f'["{key}"]', {"each": {"key": key, "value": value}}) for key, value in keyed]


def expand(
    block: hcl.Block, names: Names, evaluate: Callable[[hcl.Expression, Names], Value]
) -> list[tuple[hcl.Body, Names]] | None:
    """Return the nested blocks that a `dynamic` block stands for, each with its names; None where that is not known."""
    for_each = block.body.attribute("for_each")
    over = evaluate(for_each.value, names) if for_each else None
    pairs = items_of(over)
    if pairs is None:
        return None
    variable = hcl.item_name(block)
    contents = [inner.body for inner in block.body.blocks if inner.type == "content"]
    return [
        (content, {**names, variable: {"key": key, "value": value}}) for key, value in pairs for content in contents
    ]


def _each_key(names: Names) -> Value:
    """Return `each.key` of an instance."""
    each = names.get("each")
    return each.get("key") if isinstance(each, dict) else None


def _converted(value: Value, constraint: hcl.Expression, evaluate: Evaluate) -> Value:
    """Return the value as its type has it: "5" of a number is 5, and an optional attribute that is not given is null.

    What the type would refuse stays as it is: Terraform reports that.
    https://developer.hashicorp.com/terraform/language/expressions/type-constraints
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
            return TypedMap({key: _converted(item, inner, evaluate) for key, item in value.items()})
        case hcl.FunctionCall("list", (inner,)), list():
            return TypedList(_converted(item, inner, evaluate) for item in value)
        case hcl.FunctionCall("set", (inner,)), list():
            items = [_converted(item, inner, evaluate) for item in value]
            return _set_of(items)
        case hcl.FunctionCall("tuple", (hcl.TupleExpression(kinds),)), list() if len(kinds) == len(value):
            return [_converted(item, kind, evaluate) for item, kind in zip(value, kinds, strict=True)]
    return value


def _set_of(items: list[Value]) -> Value:
    if not is_known(list(items)):
        return TypedSet(items)
    try:
        return in_order_of_a_set(items)
    except ValueError:
        return TypedSet(items)


def _attribute(value: Value, kind: hcl.Expression, evaluate: Evaluate) -> Value:
    match kind:
        case hcl.FunctionCall("optional", (inner,)):
            return _converted(value, inner, evaluate)
        case hcl.FunctionCall("optional", (inner, default)):
            return _converted(evaluate(default) if value is None else value, inner, evaluate)
    return _converted(value, kind, evaluate)


def _is_optional(kind: hcl.Expression) -> bool:
    return isinstance(kind, hcl.FunctionCall) and kind.function == "optional"
