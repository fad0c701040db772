"""What a change costs and how it is done, as lines for a person."""

from collections.abc import Mapping, Sequence

from escscaffold.cli.dropped_resource_lines import dropped_resource_lines, moved_lines
from escscaffold.cli.output import hanging, named_source, paragraphs
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock
from escscaffold.planning.replacements import Replacement, Unlearned, newly_moving, order_of_work
from escscaffold.repository.dropped_resources import DroppedResource
from escscaffold.repository.local_state import StateLeft
from escscaffold.spec.reading import SPEC_FILE


def replaced_lines(replaced: Sequence[Replacement], *, would: bool = False) -> list[str]:
    """Return what Terraform replaces, a line each, under a line that says so; then what fails half way.

    `would` where nothing is written.
    """
    lines = [hanging(f"{r.name}: {r.old} -> {r.new} replaces {', '.join(r.replaces)}", "  ") for r in replaced]
    lines += [f"  see: {named_source(r.see)}" for r in replaced if r.see]
    failing = [_bullet(f"{r.name}: {r.impossible}") for r in replaced if r.impossible]
    head = [f"Terraform {'would' if would else 'will'} replace what exists:", *lines] if lines else []
    return [*head, *(["Not possible while the cluster exists:", *failing] if failing else [])]


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


def gone_lines(removed: Mapping[str, tuple[StateLeft, ...]], *, would: bool = False) -> list[str]:
    """Return what becomes of environments that are removed from the spec, and of the states that they leave."""
    be = "would no longer be" if would else "is no longer"
    go = "would be deleted" if would else "are deleted"
    lines = []
    for name, states in removed.items():
        lines.append(
            paragraphs(
                f"{name} {be} in {SPEC_FILE}: its files {go}, existing cloud resources are not destroyed. "
                "To destroy them, have the files back from version control first."
            )
        )
        lines += [paragraphs(f"{left.text}.", "  ") for left in states]
    return lines


def moving_lines(lock: Lock, plan: AddressPlan, *, would: bool = False) -> list[str]:
    """Return what becomes of what another Terraform provider made."""
    move = "would move" if would else "moves"
    return [
        paragraphs(
            f"{name} {move} from {plan.moving[name]} to {plan.spec.provider} with the next apply, and nothing is made "
            "anew: README.md says how, and when it is done."
        )
        for name in newly_moving(lock, plan)
    ]


def refusal(refused: Sequence[Replacement], lost: Sequence[DroppedResource], again: str) -> str:
    """Return what would be made anew or left out, what can be done instead, and how to let it go ahead."""
    names = [*(r.name for r in refused), *dict.fromkeys(f"{resource.environment}.upgrade" for resource in lost)]
    instead = [
        "Instead, and nothing is replaced:",
        *(_bullet(f"{r.name}: {r.instead}") for r in refused if r.instead),
        _bullet("a new environment beside the old one: escscaffold add ENVIRONMENT"),
    ]
    return "\n".join(
        [
            *replaced_lines(refused),
            *(instead if any(r.impossible for r in refused) else ()),
            *work_lines(refused),
            *(instead if refused and not any(r.impossible for r in refused) else ()),
            *dropped_resource_lines(lost),
            *moved_lines(lost),
            "Nothing was written.",
            f"If it is meant: {again} {' '.join(f'--accept-replace {name}' for name in names)}",
        ]
    )


def work_lines(replaced: Sequence[Replacement]) -> list[str]:
    """Return what has to be done, in its order."""
    steps = [_bullet(step, f"{n}. ") for n, step in enumerate(order_of_work(replaced), start=1)]
    return ["The order of the work:", *steps] if steps else []


def _bullet(text: str, mark: str = "- ") -> str:
    return hanging(text, f"  {mark}")
