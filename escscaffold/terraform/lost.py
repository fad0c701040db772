"""What the files of a folder no longer declare since one of them was deleted, and cannot go without. Pure.

Terraform itself misses only what is referred to. Without the rest it goes on, with other results: without the backend
with an empty state, without a module's call with a plan to destroy what it made.
"""

from collections.abc import Iterable, Iterator, Mapping

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.references import Missing

_NAMED = 3


def lost_declarations(deleted: Mapping[str, hcl.Body], left: Mapping[str, hcl.Body]) -> Iterator[Missing]:
    """Yield each deleted file of a folder with what it declared and nothing else declares, of what is needed.

    `deleted` has the files as they were, `left` those that the folder still has.
    """
    declared = set(_needed(left.values()))
    for path, body in deleted.items():
        lost = [name for name in dict.fromkeys(_needed([body])) if name not in declared]
        if lost:
            more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
            yield Missing(path, None, f"Deleted, and nothing else declares {', '.join(lost[:_NAMED])}{more}.")


def lost_values(
    path: str, deleted: hcl.Body, left: Mapping[str, hcl.Body], values: Iterable[hcl.Body]
) -> Iterator[Missing]:
    """Yield each variable without a default that only the deleted file of values at this path had a value for.

    `left` are the files of the folder, `values` the other files of values that Terraform reads without being told to.
    """
    given = {attribute.name for body in values for attribute in body.attributes}
    lost = {attribute.name for attribute in deleted.attributes} - given
    for file, body in left.items():
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
