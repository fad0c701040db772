"""A module with its variables' values: what `local.x`, `var.x`, a resource or another module's output comes to."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.evaluating import Evaluator, Names, items_of, known_to_terraform
from escscaffold.terraform.modules import Module, called_folder
from escscaffold.terraform.type_constraints import completed
from escscaffold.terraform.values import LONGEST, Members, Unknown, Value, number_of

Given = Mapping[str, Callable[[], Value]]
"""The values of a module's variables, each computed when it is asked for."""

_COST = 100
"""The steps that a module's call is taken to cost, so that modules that call many do not go on for ever."""


class Lazy(Members):
    """Members that are computed once, and that may need one another but not themselves."""

    def __init__(self, what: str, compute: Callable[[str], Value]) -> None:
        self.what = what
        self.compute = compute
        self.known: dict[str, Value] = {}

    def member(self, name: str) -> Value:
        """Return the member's value, computed when it is asked for first."""
        if name not in self.known:
            self.known[name] = Unknown(f"{self.what}.{name} refers to itself")
            self.known[name] = self.compute(name)
        return self.known[name]


class Configuration:
    """One module, called once."""

    def __init__(
        self,
        module: Module,
        modules: Mapping[str, Module],
        given: Given,
        evaluator: Evaluator,
        *,
        address: str = "",
        callers: frozenset[str] = frozenset(),
    ) -> None:
        self.module = module
        self.modules = modules
        self.given = given
        self.evaluator = evaluator
        self.address = address
        self.callers = callers | {module.folder}
        self.locals = {a.name: a for block in module.blocks("locals") for a in block.body.attributes}
        self.variables = {block.labels[0]: block for block in module.blocks("variable") if block.labels}
        self.outputs = {block.labels[0]: block for block in module.blocks("output") if block.labels}
        self.calls = {block.labels[0]: block for block in module.blocks("module") if block.labels}
        self.children: dict[str, list[tuple[str, Configuration]]] = {}
        self.names: dict[str, Value] = self._names()

    def _names(self) -> dict[str, Value]:
        resources = _by_type(self.module.blocks("resource"))
        data = _by_type(self.module.blocks("data"))
        return {kind: self._resources(kind, blocks) for kind, blocks in resources.items()} | {
            "local": Lazy("local", self._local),
            "var": Lazy("var", self.variable),
            "module": Lazy("module", self._outputs),
            "data": Lazy("data", lambda kind: self._resources(f"data.{kind}", data.get(kind, {}))),
        }

    def evaluate(self, expression: hcl.Expression, names: Names) -> Value:
        """Return the expression's value in this module, with these names besides the module's own."""
        return self.evaluator.evaluate(expression, {**self.names, **names})

    def _local(self, name: str) -> Value:
        if name not in self.locals:
            return Unknown(f"there is no local.{name}")
        return self.evaluate(self.locals[name].value, {})

    def variable(self, name: str) -> Value:
        """Return the value that a variable is given, or its default."""
        block = self.variables.get(name)
        default = block.body.attribute("default") if block else None
        constraint = block.body.attribute("type") if block else None
        if name in self.given:
            value = self.given[name]()
        else:
            value = self.evaluate(default.value, {}) if default else Unknown(f"var.{name} has no value")
        return completed(value, constraint.value, lambda e: self.evaluate(e, {})) if constraint else value

    def _resources(self, kind: str, blocks: Mapping[str, hcl.Block]) -> Value:
        def resource(name: str) -> Value:
            block = blocks.get(name)
            if block is None:
                return known_to_terraform(f"{kind}.{name}")
            return self._each(block, lambda key, names: self._members(block.body, names, f"{kind}.{name}{key}"))

        return Lazy(kind, resource)

    def _each(self, block: hcl.Block, value: Callable[[str, Names], Value]) -> Value:
        """Return one value, or a list of them for `count`, or a map of them for `for_each`."""
        instances = self.instances(block)
        if block.body.attribute("count"):
            return [value(key, names) for key, names in instances]
        if block.body.attribute("for_each"):
            return {str(each_key(names)): value(key, names) for key, names in instances}
        return value(*instances[0])

    def _members(self, body: hcl.Body, names: Names, reference: str) -> Value:
        def member(name: str) -> Value:
            if attribute := body.attribute(name):
                return self.evaluate(attribute.value, names)
            blocks = [block for block in body.blocks if block.type == name]
            if not blocks:
                return known_to_terraform(f"{reference}.{name}")
            return [self._members(block.body, names, f"{reference}.{name}") for block in blocks]

        return Lazy(reference, member)

    def instances(self, block: hcl.Block) -> list[tuple[str, Names]]:
        """Return what a resource or module becomes: a key as it stands in addresses, and `count` or `each`."""
        if count := block.body.attribute("count"):
            return self._counted(self.evaluate(count.value, {}))
        if for_each := block.body.attribute("for_each"):
            return _keyed(self.evaluate(for_each.value, {}))
        return [("", {})]

    def _counted(self, count: Value) -> list[tuple[str, Names]]:
        if isinstance(count, Unknown):
            return [("[*]", {"count": {"index": count}})]
        try:
            number = int(number_of(count))
        except (ValueError, OverflowError):
            number = LONGEST + 1
        if number > LONGEST:
            return [("[*]", {"count": {"index": Unknown("count is no number that is counted to here")}})]
        return [(f"[{index}]", {"count": {"index": index}}) for index in range(number)]

    def child(self, name: str) -> list[tuple[str, "Configuration"]]:
        """Return what a call of a module becomes, each with its address; empty where the module is not at hand."""
        if name not in self.children:
            self.children[name] = []
            self.children[name] = list(self._called(self.calls[name]))
        return self.children[name]

    def _called(self, block: hcl.Block) -> Iterator[tuple[str, "Configuration"]]:
        module = self.modules.get(called_folder(self.module.folder, block) or "")
        if module is None or module.folder in self.callers:
            return
        for key, names in self.instances(block):
            self.evaluator.steps -= _COST
            if self.evaluator.steps < 0:
                return
            given = {a.name: partial(self.evaluate, a.value, names) for a in block.body.attributes}
            address = f"{self.address}module.{block.labels[0]}{key}."
            child = Configuration(module, self.modules, given, self.evaluator, address=address, callers=self.callers)
            yield key, child

    def _outputs(self, name: str) -> Value:
        if name not in self.calls or not self.child(name):
            return Lazy(f"module.{name}", lambda output: known_to_terraform(f"module.{name}.{output}"))
        children = dict(self.child(name))
        return self._each(self.calls[name], lambda key, _: children[key].as_output(f"module.{name}{key}"))

    def as_output(self, reference: str) -> Value:
        """Return the module's outputs, as its caller sees them."""

        def output(name: str) -> Value:
            block = self.outputs.get(name)
            value = block.body.attribute("value") if block else None
            return self.evaluate(value.value, {}) if value else Unknown(f"there is no {reference}.{name}", absent=True)

        return Lazy(reference, output)


def _by_type(blocks: Iterator[hcl.Block]) -> dict[str, dict[str, hcl.Block]]:
    found: dict[str, dict[str, hcl.Block]] = {}
    for block in blocks:
        if len(block.labels) == 2:
            found.setdefault(block.labels[0], {})[block.labels[1]] = block
    return found


def _keyed(over: Value) -> list[tuple[str, Names]]:
    pairs = items_of(over)
    if pairs is None or len(pairs) > LONGEST:
        reason = over if isinstance(over, Unknown) else Unknown("for_each is no map or set that is computed here")
        return [("[*]", {"each": {"key": reason, "value": reason}})]
    # In a set of strings, each one is its own key.
    keyed = [(key if isinstance(over, dict) else value, value) for key, value in pairs]
    return [
        (f'["{key}"]' if isinstance(key, str) else "[*]", {"each": {"key": key, "value": value}})
        for key, value in keyed
    ]


def each_key(names: Names) -> Value:
    """Return `each.key` of an instance."""
    each = names.get("each")
    return each.get("key") if isinstance(each, dict) else None
