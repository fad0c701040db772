"""What a change costs and how it is done, as lines for a person."""

from collections.abc import Sequence

from escscaffold.cli.left_out_lines import left_out_lines, moved_lines
from escscaffold.cli.output import hanging, paragraphs
from escscaffold.planning.impact import Replacement, newly_moving, order_of_work, unlearned
from escscaffold.planning.lock import Lock
from escscaffold.planning.plan import AddressPlan
from escscaffold.repository.disk import SPEC_FILE
from escscaffold.repository.left_out import LeftOut


def replaced_lines(replaced: Sequence[Replacement]) -> list[str]:
    """Return what Terraform will replace, a line each, under a line that says so; then what fails half way."""
    lines = [hanging(f"{r.name}: {r.old} -> {r.new} replaces {', '.join(r.replaces)}", "  ") for r in replaced]
    lines += [f"  see: {r.see}" for r in replaced if r.see]
    failing = [_bullet(f"{r.name}: {r.impossible}") for r in replaced if r.impossible]
    head = ["Terraform will replace what exists:", *lines] if lines else []
    return [*head, *(["Not possible while the cluster exists:", *failing] if failing else [])]


def unlearned_lines(lock: Lock, plan: AddressPlan) -> list[str]:
    """Return which changes in place the peering does not learn, and what makes it learn them."""
    lines = []
    for one in unlearned(lock, plan):
        lines += [
            paragraphs(f"{one.name}: {one.old} -> {one.new} changes in place. {one.text}"),
            *(_bullet(step, f"{n}. ") for n, step in enumerate(one.steps, start=1)),
            f"  see: {one.source}",
        ]
    return lines


def gone_lines(names: Sequence[str]) -> list[str]:
    """Return what becomes of environments that are not in the spec any more."""
    return [
        paragraphs(
            f"{name} is no longer in {SPEC_FILE}: its files go, and what Terraform made of it stays. "
            "To destroy it, bring the files back with version control first."
        )
        for name in names
    ]


def moving_lines(lock: Lock, plan: AddressPlan) -> list[str]:
    """Return what becomes of what another Terraform provider made."""
    return [
        paragraphs(
            f"{name} moves from {plan.moving[name]} to {plan.spec.provider} with the next apply, and nothing is made "
            "anew: README.md says how, and when it is done."
        )
        for name in newly_moving(lock, plan)
    ]


def refusal(refused: Sequence[Replacement], lost: Sequence[LeftOut], again: str) -> str:
    """Return what would be made anew or left out, what can be done instead, and how to let it go ahead."""
    names = [*(r.name for r in refused), *dict.fromkeys(f"{one.environment}.upgrade" for one in lost)]
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
            *left_out_lines(lost),
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
