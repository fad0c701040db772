"""`generate --defaults` in words: which defaults become today's, and which do not by themselves."""

from escscaffold.cli.output import hanging
from escscaffold.jobs.current_defaults import TakenDefaults
from escscaffold.rules.newer_defaults import how_to_change


def taken_text(defaults: TakenDefaults) -> str:
    """Return both in words, a line each."""
    lines = [f"  {name}.{default.text}" for name, default in defaults.taken]
    lines = ["Defaults that become today's:", *lines] if lines else ["No default changes."]
    left = [hanging(f"{name}.{default.text}: {how_to_change(name, default)}", "  ") for name, default in defaults.left]
    return "\n".join([*lines, *(["These do not change by themselves:", *left] if left else [])])
