"""`terragrunt.hcl`: the CIDR blocks of its `inputs`, as far as they are literals or locals of the same file."""

import posixpath
from collections.abc import Iterator

from escscaffold.scanning.found import Broken, Found, Unresolved, networks_in
from escscaffold.scanning.kinds import expects_cidr, kind_of
from escscaffold.scanning.leaves import Way, leaves
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.evaluating import Evaluator
from escscaffold.terraform.reading import read_hcl
from escscaffold.terraform.tokens import NotHclError
from escscaffold.terraform.values import Unknown, Value

_ELSEWHERE = "Terragrunt takes it from another file or module; scan the output of `terragrunt show -json`"


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
    for leaf, way in leaves(value, Way()) if isinstance(value, dict) else ():
        if isinstance(leaf, str):
            kind = kind_of("", way.path)
            for network in networks_in(leaf):
                yield Found(
                    cidr=network,
                    kind="list" if kind == "value" else kind,
                    name=way.name_after(folder),
                    source=source,
                    line=_line_of(leaf, text, inputs),
                )
        elif expects_cidr(way.path):
            yield _unresolved(folder, ".".join(way.path), source, inputs)


def _line_of(leaf: str, text: str, inputs: hcl.Attribute) -> int | None:
    """Return the line of a literal below the inputs; that of the inputs where it stands above, in a local."""
    lines = text.splitlines()
    first = (inputs.line or 1) - 1
    found = (number for number, line in enumerate(lines[first:], first + 1) if f'"{leaf}"' in line)
    return next(found, inputs.line)


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
