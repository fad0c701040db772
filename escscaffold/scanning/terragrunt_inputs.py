"""Terragrunt's files: the CIDR blocks of `inputs`, of a stack's `values` and of `locals`, as far as they are literals.

What comes from another file, a dependency or a function of Terragrunt is named.
"""

import json
import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.scanning.found import Broken, Found, Unresolved, blocks_in, line_of, lines_of_blocks
from escscaffold.scanning.kinds import Way, expects_cidr, kind_of, leaves
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.evaluating import Evaluator
from escscaffold.terraform.hcl_reader import json_configuration, read_hcl
from escscaffold.terraform.hcl_values import Unknown, Value
from escscaffold.terraform.tokens import NotHclError

UNIT_FILES = ("terragrunt.hcl", "terragrunt.hcl.json")
"""What makes a folder a unit; its name is that of the folder."""
STACK_FILES = ("terragrunt.stack.hcl", "terragrunt.values.hcl")
# root.hcl, env.hcl and those in _envcommon have any name, and one of these at their top.
_TOP = re.compile(r"^(locals|inputs|include|dependency|remote_state|generate|terraform|unit|stack)\b", re.MULTILINE)
_ELSEWHERE = "Terragrunt reads it from another file or module; scan the output of `terragrunt show -json`"
_GENERATED = "Terragrunt writes a file of it; scan the output of `terragrunt show -json`"
_NESTED = 20


def looks_like_terragrunt(name: str, head: str) -> bool:
    """Whether a file of HCL that begins so is one that units include or read: Packer's and others have longer ends."""
    return name.endswith(".hcl") and name.count(".") == 1 and bool(_TOP.search(head))


def scan_terragrunt(text: str, source: str) -> Iterator[Found | Unresolved | Broken]:
    """Yield the blocks of a file by its folder's name, and each argument that only Terragrunt can compute."""
    try:
        body = _json_body(text) if source.endswith(".json") else read_hcl(text)
    except NotHclError as error:
        yield Broken(source=source, line=error.line, message=f"this is not HCL: {error.message}")
        return
    except (ValueError, RecursionError) as error:
        yield Broken(source=source, line=getattr(error, "lineno", None), message="this is not JSON")
        return
    file = _TerragruntFile(source=source, text=text, body=body)
    seen = set()
    for piece in file.given():
        if isinstance(piece, Found):
            seen.add(piece.cidr)
        yield piece
    # Blocks of a local that an input uses were yielded with the input.
    yield from (found for found in file.of_locals() if found.cidr not in seen)


def _json_body(text: str) -> hcl.Body:
    """Return the arguments of a file of JSON, whose texts are templates as those of locals are."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise NotHclError("it is no JSON object")
    (block,) = json_configuration({"locals": document}).blocks
    return block.body


class _TerragruntFile(Struct, frozen=True):
    """One file of Terragrunt's."""

    source: str
    text: str
    body: hcl.Body

    @property
    def name(self) -> str:
        folder, file = posixpath.split(self.source)
        of_folder = posixpath.basename(folder) or "terragrunt"
        return of_folder if file in (*UNIT_FILES, *STACK_FILES) else f"{of_folder} {file.removesuffix('.hcl')}"

    def given(self) -> Iterator[Found | Unresolved]:
        """Yield what units and stacks are given."""
        evaluator, locals_ = Evaluator(), self.locals_values()
        if self.source.endswith("terragrunt.values.hcl"):
            for attribute in self.body.attributes:
                yield from self._given(self.name, attribute, Way().into(attribute.name), evaluator, locals_)
        for attribute in self.body.attributes:
            if attribute.name == "inputs":
                yield from self._given(self.name, attribute, Way(), evaluator, locals_)
        for block in self.body.blocks:
            values = block.body.attribute("values")
            contents = block.body.attribute("contents")
            if block.type in ("unit", "stack") and values:
                name = " ".join([self.name, *block.labels[:1]])
                yield from self._given(name, values, Way(), evaluator, locals_)
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
            for leaf, way in leaves(value, Way().into(name)):
                if isinstance(leaf, str):
                    line = line_of(leaf, lines)
                    for found in blocks_in(leaf, way, about="", name=self.name, source=self.source, line=line):
                        yield replace(found, kind="value") if kind_of("", way.path) == "value" else found

    def _given(
        self, name: str, attribute: hcl.Attribute, way: Way, evaluator: Evaluator, locals_: dict[str, Value]
    ) -> Iterator[Found | Unresolved]:
        # JSON has no lines of arguments.
        first, text = (attribute.line, attribute.text) if attribute.line else (1, self.text)
        lines = {block: first + line - 1 for block, line in lines_of_blocks(text).items()}
        values = list(_parts(attribute.value, evaluator, locals_))
        known = [value for value in values if not isinstance(value, Unknown)]
        if len(known) < len(values):
            yield self._unresolved(name, attribute.name, attribute)
        for value in known:
            for leaf, there in leaves(value, way):
                if isinstance(leaf, str):
                    # What stands above the inputs, in a local, has their line.
                    line = line_of(leaf, lines) or attribute.line
                    yield from blocks_in(leaf, there, about="", name=name, source=self.source, line=line)
                elif there.path == way.path:
                    reason = leaf.reason
                    yield replace(self._unresolved(name, attribute.name, attribute), reason=reason, fails=True)
                elif expects_cidr(there.path):
                    yield self._unresolved(name, ".".join(there.path), attribute)

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
