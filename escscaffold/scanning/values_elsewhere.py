"""Which root module the files of values in a folder without Terraform are for: the one that declares their variables.

`environments/prod/terraform.tfvars` beside the root's `main.tf` is what `terraform -var-file` is given.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from escscaffold.terraform.modules import Module, Part


def bind_values(modules: Mapping[str, Module], roots: Iterable[str]) -> dict[str, Module]:
    """Return the modules, with the values of folders that have nothing else given to the roots that they are for."""
    candidates = [folder for folder in roots if modules[folder].parts]
    given: dict[str, list[Part]] = {}
    taken: dict[str, list[Part]] = {}
    for folder, module in modules.items():
        for part in () if module.parts else module.values:
            for root in _roots_for(part, folder, candidates, modules):
                given.setdefault(root, []).append(part)
                taken.setdefault(folder, []).append(part)
    bound = {
        folder: replace(module, values=tuple(part for part in module.values if part not in taken.get(folder, ())))
        for folder, module in modules.items()
    }
    for root, parts in given.items():
        bound[root] = replace(bound[root], values=(*bound[root].values, *parts))
    return bound


def _roots_for(part: Part, folder: str, candidates: list[str], modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield the roots that declare what a file gives: the nearest above it, or else those that declare all of it."""
    names = {attribute.name for attribute in part.body.attributes}
    if not names:
        return
    above = [root for root in candidates if _is_above(root, folder) and names & _variables(modules[root])]
    if above:
        yield max(above, key=len)
        return
    fitting = [root for root in candidates if names <= _variables(modules[root])]
    nearest = max((_shared(root, folder) for root in fitting), default=0)
    yield from (root for root in fitting if _shared(root, folder) == nearest)


def _variables(module: Module) -> set[str]:
    return {block.labels[0] for block in module.blocks("variable") if block.labels}


def _is_above(root: str, folder: str) -> bool:
    return root == "." or folder.startswith(f"{root}/")


def _shared(first: str, second: str) -> int:
    """Return how many folders two paths have in common."""
    return len(posixpath.commonprefix([first.split("/"), second.split("/")]))
