"""Which resources Terraform keeps from being destroyed, however many instances they have. Pure.

`prevent_destroy` stops a plan that destroys an instance as long as its block is declared: with another `count`, without
its key in `for_each`, and in a module whose call has `count = 0`. Terraform 1.11 was asked each of them.
"""

import re
from collections.abc import Mapping

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.modules import Module, called_folder

_MOST = 10_000
"""The addresses that are looked at: modules may call many that call many."""
# A key of an address, which may hold anything.
_KEYS = re.compile(r'\["(?:[^"\\]|\\.)*+"\]|\[[^\[\]"]*+\]')


def protected_blocks(root: Module, modules: Mapping[str, Module]) -> frozenset[str]:
    """Return the addresses, without keys, of the resources in a tree of modules that have `prevent_destroy`."""
    found: set[str] = set()
    waiting: list[tuple[str, Module, frozenset[str]]] = [("", root, frozenset())]
    for _ in range(_MOST):
        if not waiting:
            break
        address, module, callers = waiting.pop()
        for block in module.blocks("resource"):
            if len(block.labels) == 2 and is_protected(block):
                found.add(f"{address}{'.'.join(block.labels)}")
        for block in module.blocks("module"):
            called = modules.get(called_folder(module.folder, block) or "")
            if block.labels and called is not None and called.folder not in callers | {module.folder}:
                waiting.append((f"{address}module.{block.labels[0]}.", called, callers | {module.folder}))
    return frozenset(found)


def is_protected(block: hcl.Block) -> bool:
    """Return True if a resource's block has `prevent_destroy = true`."""
    lifecycles = [inner.body for inner in block.body.blocks if inner.type == "lifecycle"]
    values = [attribute.value for body in lifecycles if (attribute := body.attribute("prevent_destroy"))]
    return any(value in (hcl.Literal(value=True), hcl.Literal("true")) for value in values)


def without_keys(address: str) -> str:
    """Return the address of a resource without the keys of its instance and of the modules around it.

    >>> without_keys('module.m[0].aws_vpc.this["a.b"]')
    'module.m.aws_vpc.this'
    """
    return _KEYS.sub("", address)
