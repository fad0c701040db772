"""What commands take in one repository of a hundred, three hundred and a thousand environments.

Processor time counts, of the command and of what it starts: the wait for a disk or a neighbour is no growth.
"""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import fleets
from tests.benchmarks.measuring import Row, ours, row, seconds
from tests.git import commit, git

SIZES = (100, 300, 1_000)
GROWTH = 13.0
"""How much more a thousand may take than a hundred: starting Python is a part of either."""


def rows(folder: Path) -> Iterator[Row]:
    """Yield each command at each size, beside the same at the smallest."""
    smallest: dict[str, float] = {}
    for size in SIZES:
        for what, taken in _taken(folder / f"{size}", size):
            least = smallest.setdefault(what, taken)
            at_most = GROWTH if size == SIZES[-1] else None
            yield row(f"{what}, {size:,}", [(taken, least)], f"{SIZES[0]} environments", at_most)


def _taken(network: Path, size: int) -> Iterator[tuple[str, float]]:
    spec = network / "escscaffold.toml"
    network.mkdir()
    spec.write_text(fleets.toml_of(fleets.bare(size)), encoding="utf-8")
    yield "generate, from nothing", processor(lambda: _run(network, "generate", "--quiet"))
    yield "generate, nothing to do", processor(lambda: _run(network, "generate", "--quiet"))
    yield "check", processor(lambda: _run(network, "check", "--quiet"))
    yield "plan", processor(lambda: _run(network, "plan", "--quiet"))
    yield "plan, as a page", processor(lambda: _run(network, "plan", "--format", "html"))
    git(network, "init", "--quiet", "--initial-branch=main")
    commit(network, "As it was")
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace('kurrent = "/24"', 'kurrent = "/23"', 1), encoding="utf-8")
    yield (
        "generate, one changed",
        processor(lambda: _run(network, "generate", "--quiet", "--accept-replace", "e00000")),
    )
    yield "review, one changed", processor(lambda: _run(network, "review", "HEAD", "--fail-on", ""))


def _run(network: Path, *arguments: object) -> None:
    seconds(ours("-C", network, *arguments))


def processor(work: Callable[[], None]) -> float:
    """Return the processor seconds of the processes that the work starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
