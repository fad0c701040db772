"""Resources that an upgrade leaves out, in words, and what keeps them."""

from collections.abc import Iterable, Sequence

from escscaffold.planning.lock import folder_of
from escscaffold.repository.dropped_resources import DroppedResource


def dropped_resource_lines(lost: Sequence[DroppedResource]) -> list[str]:
    """Return what Terraform will destroy, a line each, under a line that says so."""
    lines = [f"  {resource.environment}: {resource.address}" for resource in lost]
    return ["This escscaffold writes it no more, and Terraform will destroy it:", *lines] if lines else []


def dropped_resource_row(resource: DroppedResource) -> dict[str, object]:
    """Return it as JSON-ready data, as what a changed answer replaces stands there."""
    instead = f"a moved block from {resource.address} to {resource.successor}" if resource.successor else ""
    name = f"{resource.environment}.{resource.address}"
    return {"name": name, "old": "declared", "new": "left out", "replaces": [resource.address], "instead": instead}


def moved_lines(lost: Sequence[DroppedResource]) -> list[str]:
    """Return the Terraform that keeps what has another address now, for a file of one's own."""
    lines = []
    for name in dict.fromkeys(resource.environment for resource in lost):
        moved = [resource for resource in lost if resource.environment == name and resource.successor]
        if moved:
            lines += [f"To keep it, put this into {folder_of(name)}/moved.tf, and run it again:", *_blocks(moved)]
    return lines


def _blocks(moved: Iterable[DroppedResource]) -> list[str]:
    return [
        line
        for resource in moved
        for line in ("moved {", f"  from = {resource.address}", f"  to   = {resource.successor}", "}")
    ]
