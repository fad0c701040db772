"""What it costs to place ranges anew: what moves, and what Terraform replaces for it."""

from typing import Any

from msgspec import to_builtins

from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock
from escscaffold.planning.replacements import moves, replacements


def price_text(lock: Lock, plan: AddressPlan) -> str:
    """Return what moves and what is replaced, in words."""
    replaced = [f"  {r.name} replaces {', '.join(r.replaces)}" for r in replacements(lock, plan)]
    price = ["Terraform would replace what exists:", *replaced] if replaced else ["Terraform would replace nothing."]
    return "\n".join([moves_text(lock, plan), *(price if moves(lock, plan) else [])])


def moves_text(lock: Lock, plan: AddressPlan) -> str:
    """Return what moves, in words."""
    lines = [f"  {move.name}: {move.old} -> {move.new}" for move in moves(lock, plan)]
    return "\n".join(["Placed anew, these move:", *lines]) if lines else "Placed anew, everything lies where it did."


def changed_places(lock: Lock, plan: AddressPlan) -> str:
    """Return which addresses change, in words; nothing where none does."""
    replaced = {replacement.name for replacement in replacements(lock, plan)}
    # What holds a range may be another network in another mode, though nothing is said of the range itself.
    elsewhere = {name.partition(".")[0] for name in replaced if name.endswith((".mode", ".place"))}
    lines = []
    for move in moves(lock, plan):
        in_place = move.name not in replaced and move.name.partition(".")[0] not in elsewhere
        lines.append(f"  {move.name}: {move.old} -> {move.new}{', in place' if in_place else ''}")
    return "\n".join(["Addresses:", *lines]) if lines else ""


def price_document(lock: Lock, plan: AddressPlan) -> dict[str, Any]:
    """Return the same as JSON-ready data."""
    return {
        "moves": [to_builtins(move) for move in moves(lock, plan)],
        "replaces": [to_builtins(replacement) for replacement in replacements(lock, plan)],
    }
