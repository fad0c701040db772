"""The table of what came of many changes, by their kind."""

from collections import Counter
from collections.abc import Sequence

from tests.reviewing.truth.changing import KINDS
from tests.reviewing.truth.comparing import RESULTS
from tests.reviewing.truth.driving import Tried

_HEAD = ["change", "changes", "agree", "not known", "ours alone replaces", "instances differ", "missed", "refused"]


def table(tried: Sequence[Tried]) -> str:
    """Return the table as Markdown; `changes` are those that Terraform accepts."""
    rows = [_row(kind, [one for one in tried if one.kind == kind]) for kind in KINDS]
    rows.append(_row("all", tried))
    lines = [_HEAD, ["---", *["---:"] * (len(_HEAD) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(kind: str, tried: Sequence[Tried]) -> list[str]:
    counts = Counter(one.result for one in tried)
    accepted = sum(counts[result] for result in RESULTS)
    return [kind, str(accepted), *(str(counts[result]) for result in RESULTS), str(counts["refused"])]
