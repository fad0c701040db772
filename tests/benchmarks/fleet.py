"""Ten thousand environments with a hundred thousand reserved blocks, in one process.

What is measured: the time beside netaddr's IPSet, and how time grows with the size.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from escscaffold import check_plan, plan, read_spec
from escscaffold.cli.tables import plan_text
from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import format_lock, grants_for, lock_of
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.replacements import replacements
from escscaffold.rendering.document import plan_document, plan_markdown
from escscaffold.spec.model import Spec
from tests.benchmarks import fleets, peer
from tests.benchmarks.measuring import Row, row

SMALL, LARGE = 1_000, 10_000
SMALL_SHAPE, LARGE_SHAPE = 300, 3_000
BESIDE_NETADDR = 200
"""netaddr takes minutes for more; its time grows with the square, so a larger fleet would flatter us."""
NETADDR, GROWTH = 0.02, 13.0
ROUNDS = 3

T = TypeVar("T")
Work = Callable[[], object]


def rows(_: Path) -> Iterator[Row]:
    """Yield how it goes beside netaddr, and how time grows with the size."""
    gc.set_threshold(50_000, 20, 20)  # as the command line has it
    yield _beside_netaddr()
    yield from _growth(_work, SMALL, LARGE, ROUNDS)
    yield from _growth(_shapes, SMALL_SHAPE, LARGE_SHAPE, 1)


def _beside_netaddr() -> Row:
    """Return the line of both, whose results are swept: no address is taken twice."""
    spec = fleets.usual(BESIDE_NETADDR)
    ours, planned = _timed(lambda: plan(spec))
    theirs, places = _timed(lambda: peer.allocate(spec))
    ours = statistics.median([ours, *(_timed(lambda: plan(spec))[0] for _ in range(ROUNDS - 1))])
    for found in (peer.places_of(planned), places):
        peer.assert_disjoint(spec, found)
    what = f"plan: {BESIDE_NETADDR:,} environments, {len(spec.reserved):,} blocks"
    return row(what, [(ours, theirs)], "netaddr's IPSet, the same", NETADDR)


def _work(count: int) -> Iterator[tuple[str, Work]]:
    """Yield what is measured at a size; what a piece of work needs is made before it is measured."""
    spec = fleets.usual(count)
    text = fleets.toml_of(spec)
    yield "read the spec", lambda: read_spec(text)
    yield "plan", partial(plan, spec)
    done = plan(spec)
    peer.assert_disjoint(spec, peer.places_of(done))
    yield "check, nothing wrong", partial(check_plan, done)
    wrong = plan(fleets.wrong(count))
    yield "check, an error in each", partial(check_plan, wrong)
    yield from _around_the_lock(spec, done)
    yield "JSON document", lambda: plan_document(done, ())
    yield "Markdown", lambda: plan_markdown(done, ())
    yield "table", lambda: plan_text(done, done.environments)


def _shapes(count: int) -> Iterator[tuple[str, Work]]:
    """Yield what could take time with the square of the size."""
    for name, shape in fleets.SHAPES.items():
        spec = shape(count)
        yield f"plan: {name}", partial(plan, spec)
        yield f"check: {name}", partial(check_plan, plan(spec))


def _around_the_lock(spec: Spec, done: AddressPlan) -> Iterator[tuple[str, Work]]:
    lock = lock_of(done)
    text = format_lock(lock)
    first = next(iter(spec.environments.values()))
    more = replace(spec, environments={**spec.environments, "one-more": replace(first, name="one-more")})
    again = plan_addresses(more, grants_for(lock, more))
    peer.assert_disjoint(more, peer.places_of(again))
    yield "write the lock", lambda: format_lock(lock_of(done))
    yield "read the lock", lambda: read_lock(text, load_facts())
    yield "plan one more beside the locked", lambda: plan_addresses(more, grants_for(lock, more))
    yield "what it replaces", lambda: replacements(lock, again)


def _growth(work: Callable[[int], Iterator[tuple[str, Work]]], small: int, large: int, rounds: int) -> Iterator[Row]:
    """Run both sizes in turn, the small one before and after, so that a drift of the machine's speed hits both."""
    for (name, at_small), (_, at_large) in zip(work(small), work(large), strict=True):
        times: list[tuple[float, float]] = []
        for _ in range(rounds):
            before, at_ten_times, after = (_timed(one)[0] for one in (at_small, at_large, at_small))
            times.append((at_ten_times, (before + after) / 2))
        yield row(f"{name}, {large:,} environments", times, f"{small:,} of them", GROWTH)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done
