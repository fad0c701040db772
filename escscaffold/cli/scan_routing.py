"""What the peerings that a scan found route to, in words."""

from collections.abc import Sequence

from escscaffold.cli.output import hanging, paragraphs
from escscaffold.scanning.peerings import Peering, Unrouted, routes_of
from escscaffold.scanning.reserving import some

_SHOWN = 20
"""How many of the ranges that no peering routes to are named."""


def routing_text(peerings: Sequence[Peering], left: Sequence[Unrouted] | None, *, quiet: bool) -> str:
    """Return what the peerings route to, and what they leave out; nothing where that cannot be said."""
    if left is None or (quiet and not left):
        return ""
    routes = some([str(route) for route in routes_of(peerings)])
    who = f"{peerings[0].name} routes" if len(peerings) == 1 else "The peerings route"
    if not left:
        summary = f"{who} to {routes}, which covers all subnets found."
        return paragraphs(f"{summary} Ranges chosen by the cloud appear only in Terraform state.")
    lines = [paragraphs(f"{who} to {routes}, which does not cover:"), *map(_line, left[:_SHOWN])]
    lines += [f"  and {len(left) - _SHOWN} more, see --json"] if len(left) > _SHOWN else []
    why = "Connections from these ranges time out, unless SNATed to the node's address."
    return "\n".join([*lines, paragraphs(why), "Next: escscaffold explain ESC201"])


def _line(unrouted: Unrouted) -> str:
    partly = f" except {some(unrouted.partly)}" if unrouted.partly else ""
    return hanging(f"{unrouted.found.name}, {unrouted.found.place}", f"  {unrouted.found.cidr}{partly}  ")
