"""Sentences that several rules say."""

from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.alternatives import suggest_block
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan

PRIVATE = " or ".join(map(str, load_kurrent().private_ranges))


def another_block(
    plan: AddressPlan, environment: EnvironmentPlan, range_name: str, prefix_length: int | None = None
) -> str:
    """Return which block to use for the range instead, or what to do where there is none.

    `prefix_length` is the size that it should have, the range's own if not given.
    """
    block = suggest_block(plan, environment.name, range_name, prefix_length)
    if block is None:
        return f"No free block of that size is left for {range_name}: ask for a smaller one, or free some."
    pinned = [r.name for r in environment.held_by(range_name) if r.origin == "pinned"]
    along = f" Move {' and '.join(pinned)} into it." if pinned else ""
    return f'Use {range_name} = "{block}": it is clear of everything else.{along}'
