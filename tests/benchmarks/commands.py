"""Single runs, each beside the floor: bare Python, or what has to be imported in any case."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import Row, in_turn, ours, row


def rows(folder: Path) -> Iterator[Row]:
    """Yield `--version` and `plan`."""
    python = [sys.executable, "-c"]
    times = in_turn(folder, lambda _: ours("--version"), lambda _: [*python, "pass"])
    yield row("--version", times, "python -c pass", 4.0)
    times = in_turn(folder, lambda _: ours("plan", "--mode", "gke-standard"), lambda _: [*python, "import click"])
    yield row("plan --mode gke-standard", times, "import click", 2.0)
