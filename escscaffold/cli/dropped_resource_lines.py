"""Resources that an upgrade leaves out, in words, and what keeps them."""

from collections.abc import Iterable, Sequence

from escscaffold.planning.lock import folder_of
from escscaffold.repository.dropped_resources import LeftOut


def left_out_lines(lost: Sequence[LeftOut]) -> list[str]:
    """Return what Terraform will destroy, a line each, under a line that says so."""
    lines = [f"  {one.environment}: {one.address}" for one in lost]
    return ["This escscaffold writes it no more, and Terraform will destroy it:", *lines] if lines else []


def left_out_row(one: LeftOut) -> dict[str, object]:
    """Return it as JSON-ready data, as what a changed answer replaces stands there."""
    instead = f"a moved block from {one.address} to {one.successor}" if one.successor else ""
    name = f"{one.environment}.{one.address}"
    return {"name": name, "old": "declared", "new": "left out", "replaces": [one.address], "instead": instead}


def moved_lines(lost: Sequence[LeftOut]) -> list[str]:
    """Return the Terraform that keeps what has another address now, for a file of one's own."""
    lines = []
    for name in dict.fromkeys(one.environment for one in lost):
        moved = [one for one in lost if one.environment == name and one.successor]
        if moved:
            lines += [f"To keep it, put this into {folder_of(name)}/moved.tf, and run it again:", *_blocks(moved)]
    return lines


def _blocks(moved: Iterable[LeftOut]) -> list[str]:
    return [line for one in moved for line in ("moved {", f"  from = {one.address}", f"  to   = {one.successor}", "}")]
