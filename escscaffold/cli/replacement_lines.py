"""What a change moves, replaces or drops, and how it is done: lines of text, and JSON-ready data."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from escscaffold.cli.hints import command_line, runnable
from escscaffold.cli.output import hanging, named_source, paragraphs
from escscaffold.clouds.replacing import Work
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock, folder_of
from escscaffold.planning.replacements import (
    DestroyedResource,
    Replacement,
    Unlearned,
    moves,
    newly_moving,
    order_of_work,
    replacements,
)
from escscaffold.repository.dropped_resources import DroppedResource, StateLeft, StrandedFile
from escscaffold.spec.reading import SPEC_FILE


def replaced_lines(replaced: Sequence[Replacement], *, would: bool = False) -> list[str]:
    """Return what Terraform replaces, a line each, under a heading; then what is not possible.

    `would` where nothing is written.
    """
    lines = [hanging(f"{r.name}: {r.old} -> {r.new} replaces {', '.join(r.replaces)}", "  ") for r in replaced]
    lines += [f"  see: {named_source(r.see)}" for r in replaced if r.see]
    failing = [_bullet(f"{r.name}: {r.impossible}") for r in replaced if r.impossible]
    head = [f"Terraform {'would' if would else 'will'} replace:", *lines] if lines else []
    return [*head, *(["Not possible with the existing cluster:", *failing] if failing else [])]


def destroyed_lines(destroyed: Sequence[DestroyedResource], *, would: bool = False) -> list[str]:
    """Return what Terraform destroys as the spec no longer asks for it, a line each, under a heading.

    `would` where nothing is written.
    """
    lines = [hanging(f"{resource.name}{_times(resource.number)}{_with(resource.lost)}", "  ") for resource in destroyed]
    return [f"Terraform {'would' if would else 'will'} destroy:", *lines] if lines else []


def _times(number: int) -> str:
    return f" ({number} instances)" if number > 1 else ""


def _with(lost: str) -> str:
    return f", with {lost}" if lost else ""


def unlearned_lines(changes: Sequence[Unlearned]) -> list[str]:
    """Return which changes in place the peering does not learn, and what makes it learn them."""
    lines = []
    for change in changes:
        lines += [
            paragraphs(f"{change.name}: {change.old} -> {change.new} changes in place. {change.text}"),
            *(_bullet(step, f"{n}. ") for n, step in enumerate(change.steps, start=1)),
            f"  see: {change.source}",
        ]
    return lines


def removed_lines(removed: Mapping[str, tuple[StateLeft, ...]], *, would: bool = False) -> list[str]:
    """Return what becomes of environments that are removed from the spec, and of the states that they leave."""
    be = "would no longer be" if would else "is no longer"
    go = "would be deleted" if would else "are deleted"
    lines = []
    for name, states in removed.items():
        lines.append(
            paragraphs(
                f"{name} {be} in {SPEC_FILE}: its files {go}, existing cloud resources are not destroyed. To destroy "
                f"them, first restore the files from version control."
            )
        )
        lines += [paragraphs(f"{state.text}.", "  ") for state in states]
    return lines


def moving_lines(lock: Lock, plan: AddressPlan, *, would: bool = False) -> list[str]:
    """Return what becomes of what another Terraform provider made."""
    move = "would move" if would else "moves"
    return [
        paragraphs(
            f"{name} {move} from {plan.moving[name]} to {plan.spec.provider} with the next apply; no resource is "
            f"replaced. For the steps, see README.md."
        )
        for name in newly_moving(lock, plan)
    ]


def refusal(
    refused: Sequence[Replacement],
    destroyed: Sequence[DestroyedResource],
    refused_to_destroy: Sequence[DestroyedResource],
    lost: Sequence[DroppedResource],
    stranded: Sequence[StrandedFile],
    again: Sequence[str],
    work: Sequence[Work],
) -> str:
    """Return the replaced, destroyed and dropped resources, the alternatives, and how to proceed."""
    names = dict.fromkeys(
        [
            *(replacement.name for replacement in refused),
            *(resource.name for resource in refused_to_destroy),
            *(f"{resource.environment}.upgrade" for resource in lost),
            *(file.name for file in stranded),
        ]
    )
    instead = [
        "Alternatives without replacement:",
        *(_bullet(f"{r.name}: {r.instead}") for r in refused if r.instead),
        _bullet(f"add a new environment: {command_line('add', 'ENVIRONMENT')}"),
    ]
    return "\n".join(
        [
            *replaced_lines(refused),
            *(instead if any(r.impossible for r in refused) else ()),
            *work_lines(refused, work),
            *(instead if refused and not any(r.impossible for r in refused) else ()),
            *destroyed_lines(destroyed),
            *dropped_resource_lines(lost),
            *_moved_lines(lost),
            *stranded_lines(stranded),
            "Nothing was written.",
            f"To proceed: {command_line(*again, *(word for name in names for word in ('--accept-replace', name)))}",
        ]
    )


def work_lines(replaced: Sequence[Replacement], work: Sequence[Work]) -> list[str]:
    """Return what has to be done, in its order."""
    steps = [_bullet(step, f"{n}. ") for n, step in enumerate(order_of_work(replaced, work), start=1)]
    return ["Steps:", *steps] if steps else []


def _bullet(text: str, mark: str = "- ") -> str:
    return hanging(runnable(text), f"  {mark}")


def repack_text(lock: Lock, plan: AddressPlan) -> str:
    """Return what moves and what is replaced, in words."""
    replaced = [f"  {r.name} replaces {', '.join(r.replaces)}" for r in replacements(lock, plan)]
    price = ["Terraform would replace:", *replaced] if replaced else ["No resource would be replaced."]
    return "\n".join([moves_text(lock, plan), *(price if moves(lock, plan) else [])])


def moves_text(lock: Lock, plan: AddressPlan) -> str:
    """Return what moves, in words."""
    lines = [f"  {move.name}: {move.old} -> {move.new}" for move in moves(lock, plan)]
    return "\n".join(["These ranges move:", *lines]) if lines else "No range moves."


def changed_places(lock: Lock, plan: AddressPlan) -> str:
    """Return which addresses change, in words; nothing where none does."""
    replaced = {replacement.reference for replacement in replacements(lock, plan)}
    # In another mode or place, the network of a range can be replaced, although the range itself is not.
    elsewhere = {reference.environment for reference in replaced if reference.name in ("mode", "place")}
    lines = []
    for move in moves(lock, plan):
        in_place = move.reference not in replaced and move.reference.environment not in elsewhere
        lines.append(f"  {move.name}: {move.old} -> {move.new}{', in place' if in_place else ''}")
    return "\n".join(["Addresses:", *lines]) if lines else ""


def repack_document(lock: Lock, plan: AddressPlan) -> dict[str, Any]:
    """Return the same as JSON-ready data."""
    return {
        "moves": [move.row for move in moves(lock, plan)],
        "replaces": [replacement.row for replacement in replacements(lock, plan)],
    }


def stranded_lines(stranded: Sequence[StrandedFile]) -> list[str]:
    """Return which files of your own would have no effect, and what keeps each."""
    return [_bullet(file.sentence) for file in stranded]


def dropped_resource_lines(lost: Sequence[DroppedResource]) -> list[str]:
    """Return what Terraform will destroy, a line each, under a heading."""
    lines = [f"  {resource.environment}: {resource.address}" for resource in lost]
    return ["No longer generated; Terraform will destroy:", *lines] if lines else []


def dropped_resource_row(resource: DroppedResource) -> dict[str, object]:
    """Return it as JSON-ready data, in the form of a replacement."""
    instead = f"a moved block from {resource.address} to {resource.successor}" if resource.successor else ""
    name = f"{resource.environment}.{resource.address}"
    return {"name": name, "old": "declared", "new": "dropped", "replaces": [resource.address], "instead": instead}


def _moved_lines(lost: Sequence[DroppedResource]) -> list[str]:
    """Return the Terraform that keeps what has another address now, for a file of one's own."""
    lines = []
    for name in dict.fromkeys(resource.environment for resource in lost):
        moved = [resource for resource in lost if resource.environment == name and resource.successor]
        if moved:
            lines += [f"To keep it, add this to {folder_of(name)}/moved.tf and run again:", *_blocks(moved)]
    return lines


def _blocks(moved: Iterable[DroppedResource]) -> list[str]:
    return [
        line
        for resource in moved
        for line in ("moved {", f"  from = {resource.address}", f"  to   = {resource.successor}", "}")
    ]
