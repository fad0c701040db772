"""`terragrunt.hcl`: the CIDR blocks of its `inputs`, as far as they are literals or locals of the same file."""

import posixpath
from collections.abc import Iterator

from msgspec.structs import replace

from escscaffold.scanning.found import Broken, Found, Unresolved
from escscaffold.scanning.kinds import expects_cidr
from escscaffold.scanning.leaves import Way, leaves
from escscaffold.scanning.literal_blocks import blocks_in, line_of, lines_of_blocks
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.evaluating import Evaluator
from escscaffold.terraform.hcl_reader import read_hcl
from escscaffold.terraform.hcl_values import Unknown, Value
from escscaffold.terraform.tokens import NotHclError

_ELSEWHERE = "Terragrunt reads it from another file or module; scan the output of `terragrunt show -json`"


def scan_terragrunt(text: str, source: str) -> Iterator[Found | Unresolved | Broken]:
    """Yield the blocks of the inputs by the folder's name, and each input that only Terragrunt can compute."""
    try:
        body = read_hcl(text)
    except NotHclError as error:
        yield Broken(source=source, line=error.line, message=f"this is not HCL: {error.message}")
        return
    evaluator = Evaluator()
    locals_: dict[str, Value] = {}
    for block in body.blocks:
        if block.type == "locals":
            for attribute in block.body.attributes:
                locals_[attribute.name] = evaluator.evaluate(attribute.value, {"local": dict(locals_)})
    inputs = body.attribute("inputs")
    if inputs is None:
        return
    folder = posixpath.basename(posixpath.dirname(source)) or "terragrunt"
    value = evaluator.evaluate(inputs.value, {"local": locals_})
    if isinstance(value, Unknown):
        yield _unresolved(folder, "inputs", source, inputs)
    lines = lines_of_blocks(text, inputs.line or 1)
    for leaf, way in leaves(value, Way()) if isinstance(value, dict) else ():
        if isinstance(leaf, str):
            # What stands above the inputs, in a local, has their line.
            line = line_of(leaf, lines) or inputs.line
            yield from blocks_in(leaf, way, about="", name=folder, source=source, line=line)
        elif not way.path:
            yield replace(_unresolved(folder, "inputs", source, inputs), reason=leaf.reason, fails=True)
        elif expects_cidr(way.path):
            yield _unresolved(folder, ".".join(way.path), source, inputs)


def _unresolved(folder: str, argument: str, source: str, inputs: hcl.Attribute) -> Unresolved:
    name = argument.rpartition(".")[2]
    lines = (line.strip() for line in inputs.text.splitlines())
    expression = next((line.partition("=")[2].strip() for line in lines if line.startswith(name)), name)
    return Unresolved(
        name=folder,
        argument=argument,
        expression=expression[:200],
        reason=_ELSEWHERE,
        source=source,
        line=inputs.line,
    )
