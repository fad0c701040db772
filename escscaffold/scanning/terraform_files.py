"""What is in Terraform's modules, with those that they call, and in Terragrunt's files, as far as it is computed.

What comes from another file, a dependency or a function of Terragrunt is named.
"""

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.known_facts import Facts
from escscaffold.scanning.found import (
    Broken,
    Found,
    Network,
    Unresolved,
    blocks_in,
    kind_of_resource,
    kind_of_value,
    line_of,
    lines_of_blocks,
    networks_in,
)
from escscaffold.scanning.kinds import (
    Kind,
    ValuePath,
    body_of,
    expects_cidr,
    implied_ranges,
    is_prose,
    kind_of,
    label_of,
    leaves,
    type_of,
)
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.configuration import COST_OF_BLOCK, Configuration
from escscaffold.terraform.evaluating import Evaluator, Names, items_of
from escscaffold.terraform.hcl_reader import json_configuration, read_hcl
from escscaffold.terraform.hcl_values import Unknown, Value
from escscaffold.terraform.modules import Module, Part
from escscaffold.terraform.tokens import NotHclError

Piece = Found | Unresolved

_META = {"count", "for_each", "provider", "providers", "depends_on", "source", "version"}
_NOT_A_NETWORKS = {"lifecycle", "provisioner", "connection", "timeouts"}
_LONGEST_EXPRESSION = 200
UNIT_FILES = ("terragrunt.hcl", "terragrunt.hcl.json")
"""What makes a folder a unit; its name is that of the folder."""
STACK_FILES = ("terragrunt.stack.hcl", "terragrunt.values.hcl")
# root.hcl, env.hcl and those in _envcommon have any name, and one of these at their top.
_TOP = re.compile(r"^(locals|inputs|include|dependency|remote_state|generate|terraform|unit|stack)\b", re.MULTILINE)
_ELSEWHERE = "Terragrunt reads it from another file or module; scan the output of `terragrunt show -json`"
_GENERATED = "Terragrunt generates a file from it; scan the output of `terragrunt show -json`"
_NESTED = 20


def scan_module(
    module: Module, modules: dict[str, Module], facts: Facts, new_evaluator: Callable[[], Evaluator] = Evaluator
) -> Iterator[Piece]:
    """Yield what a module holds that no other one calls, for each set of values that it may be given."""
    for variant in module.variants():
        evaluator = new_evaluator()
        values = {name: partial(evaluator.evaluate, value, {}) for name, value in variant.values.items()}
        for piece in _Walk(Configuration(module, modules, values, evaluator), facts).everything():
            yield replace(piece, root=module.folder, values=variant.name) if isinstance(piece, Found) else piece
    for part in module.values:
        yield from _values_in(part, facts)


class _Place(Struct, frozen=True, kw_only=True):
    """Whose arguments are looked at, and where that stands."""

    type: str
    address: str
    source: str
    names: Names
    values_only: bool = False
    written_type: str = ""
    """The type as the configuration has it, where `type` is the value of an argument."""


class _Walk:
    """Goes over one configuration."""

    def __init__(self, configuration: Configuration, facts: Facts) -> None:
        self.at = configuration
        self.facts = facts

    def everything(self) -> Iterator[Piece]:
        """Yield what is in each file, in their order."""
        for part in self.at.module.parts:
            for block in part.body.blocks:
                yield from self._block(block, part.source)

    def _block(self, block: hcl.Block, source: str) -> Iterator[Piece]:
        match block.type, block.labels:
            case "resource" | "data", (kind, name):
                prefix = "data." if block.type == "data" else ""
                yield from self._instances(block, kind, f"{prefix}{kind}.{name}", source)
            case "module", (name,):
                children = self.at.child(name)
                yield from self._instances(block, "module", f"module.{name}", source, values_only=bool(children))
                call = source if block.line is None else f"{source}:{block.line}"
                for _, child in children:
                    for piece in _Walk(child, self.facts).everything():
                        yield replace(piece, call=call) if isinstance(piece, Found) else piece
            case "locals", ():
                for attribute in block.body.attributes:
                    place = _Place(type="", address="local", source=source, names={}, values_only=True)
                    yield from self._attribute(attribute, place, ValuePath())
            case "variable", (name,) if name not in self.at.arguments:
                place = _Place(type="", address="var", source=source, names={}, values_only=True)
                yield from _pieces(self.at.variable(name), ValuePath().into(name), place, "", block.line, self.facts)

    def _instances(
        self, block: hcl.Block, kind: str, address: str, source: str, *, values_only: bool = False
    ) -> Iterator[Piece]:
        for key, names in self.at.instances(block):
            is_last = self.at.evaluator.steps < 0
            typed = block.body.attribute("type")
            place = _Place(
                type=type_of(kind, self.at.evaluate(typed.value, names) if typed else None),
                address=f"{self.at.address}{address}{key}",
                source=source,
                names=names,
                values_only=values_only,
                written_type=kind,
            )
            outer = hcl.Body(tuple(a for a in block.body.attributes if a.name not in _META), block.body.blocks)
            yield from self._body(outer, place, ValuePath())
            if block.type == "resource":
                yield from self._implied(block, place)
            if is_last:
                return  # computing was given up: this one was reported as unknown for all that follow

    def _implied(self, block: hcl.Block, place: _Place) -> Iterator[Piece]:
        """Yield what a resource takes without an argument, unless an argument excludes it."""
        for implied in implied_ranges(place.type, self.facts):
            attribute = block.body.attribute(implied.unset)
            value = self.at.evaluate(attribute.value, place.names) if attribute else True
            if attribute and isinstance(value, Unknown):
                yield Unresolved(
                    name=place.address,
                    argument=implied.unset,
                    expression=" ".join(attribute.text.split())[:_LONGEST_EXPRESSION],
                    reason=f"{value.reason}, so its use of {implied.cidr} is unknown",
                    source=place.source,
                    line=attribute.line,
                )
            elif value not in (False, "false") and implied.cidr is not None:
                kind = cast(Kind, implied.kind)
                name = f"{place.address} {implied.label}"
                yield Found(cidr=implied.cidr, kind=kind, name=name, source=place.source, line=block.line)

    def _body(self, body: hcl.Body, place: _Place, value_path: ValuePath) -> Iterator[Piece]:
        for attribute in body.attributes:
            yield from self._attribute(attribute, place, value_path)
        self.at.evaluator.steps -= COST_OF_BLOCK * len(body.blocks)
        for block in body.blocks:
            if block.type == "dynamic" and block.labels:
                yield from self._dynamic(block, place, value_path)
            elif block.type not in _NOT_A_NETWORKS:
                yield from self._body(block.body, place, value_path.into(block.type, self._label(block.body, place)))

    def _attribute(self, attribute: hcl.Attribute, place: _Place, value_path: ValuePath) -> Iterator[Piece]:
        if not is_prose(attribute.name):
            value = body_of(place.written_type, attribute.name, self.at.evaluate(attribute.value, place.names))
            yield from _pieces(
                value, value_path.into(attribute.name), place, attribute.text, attribute.line, self.facts
            )

    def _dynamic(self, block: hcl.Block, place: _Place, value_path: ValuePath) -> Iterator[Piece]:
        for_each = block.body.attribute("for_each")
        over = self.at.evaluate(for_each.value, place.names) if for_each else None
        variable = hcl.item_name(block)
        unknown = over if isinstance(over, Unknown) else Unknown("for_each is not a list or map")
        pairs = items_of(over)
        for key, value in [(unknown, unknown)] if pairs is None else pairs:
            is_last = self.at.evaluator.steps < 0
            self.at.evaluator.steps -= COST_OF_BLOCK
            inner = replace(place, names={**place.names, variable: {"key": key, "value": value}})
            for content in block.body.blocks:
                below = value_path.into(block.labels[0], self._label(content.body, inner))
                yield from self._body(content.body, inner, below)
            if is_last:
                return

    def _label(self, body: hcl.Body, place: _Place) -> str | None:
        naming = {a.name: a.value for a in body.attributes if a.name in ("range_name", "name")}
        return label_of({name: self.at.evaluate(value, place.names) for name, value in naming.items()})


def _pieces(
    value: Value, value_path: ValuePath, place: _Place, text: str, line: int | None, facts: Facts
) -> Iterator[Piece]:
    """Yield the CIDR blocks of one argument, and what is not known where one is expected."""
    for leaf, leaf_path in leaves(value, value_path):
        name = leaf_path.name_after(place.address)
        if isinstance(leaf, str):
            kind = "value" if place.values_only else kind_of(place.type, leaf_path.path, facts)
            for network in networks_in(leaf):
                of_network = _kind_of_network(kind, network, place, leaf_path, facts)
                yield Found(cidr=network, kind=of_network, name=name, source=place.source, line=line)
        elif expects_cidr(leaf_path.path) and not place.values_only:
            yield Unresolved(
                name=place.address,
                argument=".".join(leaf_path.path),
                expression=" ".join(text.split())[:_LONGEST_EXPRESSION],
                reason=leaf.reason,
                source=place.source,
                line=line,
            )


def _kind_of_network(kind: Kind, network: Network, place: _Place, leaf_path: ValuePath, facts: Facts) -> Kind:
    if place.type == "module":
        return kind_of_value(kind, network, leaf_path.path, facts)
    return kind_of_resource(kind, network, place.type, facts)


def _values_in(part: Part, facts: Facts) -> Iterator[Found]:
    evaluator = Evaluator()
    for attribute in part.body.attributes:
        place = _Place(type="", address="var", source=part.source, names={}, values_only=True)
        value = evaluator.evaluate(attribute.value, {})
        for piece in _pieces(value, ValuePath().into(attribute.name), place, "", attribute.line, facts):
            if isinstance(piece, Found):
                yield piece


def looks_like_terragrunt(name: str, head: str) -> bool:
    """Whether a file of HCL that begins so is one that units include or read: Packer's and others have longer ends."""
    return name.endswith(".hcl") and name.count(".") == 1 and bool(_TOP.search(head))


def scan_terragrunt(text: str, source: str, facts: Facts) -> Iterator[Found | Unresolved | Broken]:
    """Yield the blocks of a file by its folder's name, and each argument that only Terragrunt can compute."""
    try:
        body = _json_body(text) if source.endswith(".json") else read_hcl(text)
    except NotHclError as error:
        yield Broken(source=source, line=error.line, message=f"this is not HCL: {error.message}")
        return
    except (ValueError, RecursionError) as error:
        yield Broken(source=source, line=getattr(error, "lineno", None), message="this is not JSON")
        return
    file = _TerragruntFile(source=source, text=text, body=body, facts=facts)
    seen = set()
    for piece in file.inputs():
        if isinstance(piece, Found):
            seen.add(piece.cidr)
        yield piece
    # Blocks of a local that an input uses were yielded with the input.
    yield from (block for block in file.of_locals() if block.cidr not in seen)


def _json_body(text: str) -> hcl.Body:
    """Return the arguments of a file of JSON, whose texts are templates as those of locals are."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise NotHclError("it is not a JSON object")
    (block,) = json_configuration({"locals": document}).blocks
    return block.body


class _TerragruntFile(Struct, frozen=True):
    """One file of Terragrunt's."""

    source: str
    text: str
    body: hcl.Body
    facts: Facts

    @property
    def name(self) -> str:
        folder, file = posixpath.split(self.source)
        of_folder = posixpath.basename(folder) or "terragrunt"
        return of_folder if file in (*UNIT_FILES, *STACK_FILES) else f"{of_folder} {file.removesuffix('.hcl')}"

    def inputs(self) -> Iterator[Found | Unresolved]:
        """Yield what units and stacks are given."""
        evaluator, locals_ = Evaluator(), self.locals_values()
        if self.source.endswith("terragrunt.values.hcl"):
            for attribute in self.body.attributes:
                yield from self._given(self.name, attribute, ValuePath().into(attribute.name), evaluator, locals_)
        for attribute in self.body.attributes:
            if attribute.name == "inputs":
                yield from self._given(self.name, attribute, ValuePath(), evaluator, locals_)
        for block in self.body.blocks:
            values = block.body.attribute("values")
            contents = block.body.attribute("contents")
            if block.type in ("unit", "stack") and values:
                name = " ".join([self.name, *block.labels[:1]])
                yield from self._given(name, values, ValuePath(), evaluator, locals_)
            elif block.type == "generate" and contents and lines_of_blocks(contents.text):
                yield replace(self._unresolved(self.name, "contents", contents), reason=_GENERATED)

    def locals_values(self) -> dict[str, Value]:
        """Return the locals of the file, in their order."""
        evaluator, values = Evaluator(), dict[str, Value]()
        for block in self.body.blocks:
            if block.type == "locals":
                for attribute in block.body.attributes:
                    values[attribute.name] = evaluator.evaluate(attribute.value, {"local": values})
        return values

    def of_locals(self) -> Iterator[Found]:
        """Yield the blocks of locals, which other files read: by their names, or as values."""
        lines = lines_of_blocks(self.text)
        for name, value in self.locals_values().items():
            for leaf, value_path in leaves(value, ValuePath().into(name)):
                if isinstance(leaf, str):
                    line = line_of(leaf, lines)
                    is_value = kind_of("", value_path.path, self.facts) == "value"
                    for block in self._blocks(leaf, value_path, self.name, line):
                        yield replace(block, kind="value") if is_value else block

    def _given(
        self,
        name: str,
        attribute: hcl.Attribute,
        value_path: ValuePath,
        evaluator: Evaluator,
        locals_: dict[str, Value],
    ) -> Iterator[Found | Unresolved]:
        # JSON has no lines of arguments.
        first, text = (attribute.line, attribute.text) if attribute.line else (1, self.text)
        lines = {block: first + line - 1 for block, line in lines_of_blocks(text).items()}
        values = list(_parts(attribute.value, evaluator, locals_))
        computed = [value for value in values if not isinstance(value, Unknown)]
        if len(computed) < len(values):
            yield self._unresolved(name, attribute.name, attribute)
        for value in computed:
            for leaf, leaf_path in leaves(value, value_path):
                if isinstance(leaf, str):
                    # What is above the inputs, in a local, has their line.
                    line = line_of(leaf, lines) or attribute.line
                    yield from self._blocks(leaf, leaf_path, name, line)
                elif leaf_path.path == value_path.path:
                    reason = leaf.reason
                    yield replace(self._unresolved(name, attribute.name, attribute), reason=reason, fails=True)
                elif expects_cidr(leaf_path.path):
                    yield self._unresolved(name, ".".join(leaf_path.path), attribute)

    def _blocks(self, leaf: str, value_path: ValuePath, name: str, line: int | None) -> Iterator[Found]:
        return blocks_in(leaf, value_path, self.facts, about="", name=name, source=self.source, line=line)

    def _unresolved(self, name: str, argument: str, attribute: hcl.Attribute) -> Unresolved:
        last = argument.rpartition(".")[2]
        lines = (line.strip() for line in attribute.text.splitlines())
        expression = next((line.partition("=")[2].strip() for line in lines if line.startswith(last)), "")
        return Unresolved(
            name=name,
            argument=argument,
            expression=(expression or " ".join(attribute.text.split()) or last)[:200],
            reason=_ELSEWHERE,
            source=self.source,
            line=attribute.line,
        )


def _parts(
    expression: hcl.Expression, evaluator: Evaluator, locals_: dict[str, Value], depth: int = 0
) -> Iterator[Value]:
    """Yield the value, or where it is not known each of what is merged: of some it is."""
    value = evaluator.evaluate(expression, {"local": locals_})
    if isinstance(value, Unknown) and depth < _NESTED:
        match expression:
            case hcl.FunctionCall("merge", arguments) if arguments:
                for argument in arguments:
                    yield from _parts(argument, evaluator, locals_, depth + 1)
                return
            case hcl.Conditional(_, yes, no):
                yield from _parts(yes, evaluator, locals_, depth + 1)
                yield from _parts(no, evaluator, locals_, depth + 1)
                return
    yield value
