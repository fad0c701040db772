"""Inputs that nobody should write, through every door: `python -m tests.fuzzing --inputs 100000 --seed 1`.

Each is known by its door, the seed and its number, so what broke is seen again with
`python -m tests.fuzzing --door spec --seed 1 --number 4711`.
"""

import argparse
import faulthandler
import gc
import multiprocessing
import multiprocessing.connection
import re
import resource
import sys
import time
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from tests.fuzzing.doors import DOORS, feed
from tests.fuzzing.sandbox import SECONDS, Broken, sandbox

MEMORY = 1 << 30
"""What a worker may take beyond what it begins with, in bytes."""
COLLECTED = 200
"""After how many inputs a worker frees what it can.

Each run freezes what it leaves, as a process that ends may, so that Python by itself would never come to free it.
"""

Share = list[tuple[str, int]]


@dataclass
class Result:
    """What came of many inputs."""

    inputs: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    broken: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    slowest: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def main() -> None:
    """Feed as many inputs as asked for, and print a table of what came of them."""
    asked = _arguments()
    if asked.number is not None:
        with sandbox() as box:
            print("taken" if feed(box, asked.door[0], asked.seed, asked.number) else "refused")
        return
    share = shares(asked.inputs, asked.door or list(DOORS), asked.first)
    begun = time.monotonic()
    result = run(share, asked.seed, asked.processes, asked.seconds)
    print(table(result, asked.seed, time.monotonic() - begun))
    for door, found in result.broken.items():
        for numbers, what in _alike(found):
            print(
                f"\n--door {door} --seed {asked.seed} --number {numbers[0]} and {len(numbers) - 1} more\n{what[-3000:]}"
            )
    sys.exit(1 if result.broken else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=3000, help="How many, over all doors.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="How many of that seed to leave out, over all doors.")
    parser.add_argument("--door", action="append", choices=DOORS, help="This door only.")
    parser.add_argument("--number", type=int, help="This input of the door only, with its traceback.")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--seconds", type=float, default=float("inf"), help="Begin no input after so long.")
    return parser.parse_args()


def shares(inputs: int, doors: list[str], first: int = 0) -> Share:
    """Return doors and numbers, as the doors share them, in an order that has all doors all the time."""
    whole = sum(DOORS[door].share for door in doors)
    share: Share = []
    for door in doors:
        low, high = (count * DOORS[door].share // whole for count in (first, first + inputs))
        share += [(door, number) for number in range(low, high)]
    return sorted(share, key=lambda one: (one[1] * 1000 // DOORS[one[0]].share, one[0]))


def run(share: Share, seed: int, processes: int, seconds: float) -> Result:
    """Feed all of it to processes; one that dies or hangs is an input that broke something, and another goes on."""
    result = Result()
    until = time.monotonic() + seconds
    waiting = [share[part::processes] for part in range(processes)]
    workers = [_Worker(part, seed, until) for part in waiting if part]
    while workers:
        ready = multiprocessing.connection.wait([worker.pipe for worker in workers], timeout=1)
        for worker in list(workers):
            if worker.pipe in ready or worker.is_stuck():
                worker.listen(result)
            if worker.is_done():
                workers.remove(worker)
    return result


def _alike(found: list[tuple[int, str]]) -> list[tuple[list[int], str]]:
    """Return what broke once for each place that it broke at, with the numbers of its inputs."""
    kinds: dict[str, tuple[list[int], str]] = {}
    for number, what in found:
        places = re.findall(r'File "[^"]*/(?:escscaffold|tests)/[^"]*", line \d+', what)
        kind = places[-1] if places else re.sub(r"[\d'\"].*", "", what)[:60]
        kinds.setdefault(kind, ([], what))[0].append(number)
    return sorted(kinds.values(), key=lambda one: -len(one[0]))


class _Worker:
    """A process that is fed, and begun anew where an input ends it."""

    def __init__(self, share: Share, seed: int, until: float) -> None:
        self.share, self.seed, self.until = share, seed, until
        self.begin()

    def begin(self) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=_work, args=(self.share, self.seed, self.until, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.heard = time.monotonic()

    def is_stuck(self) -> bool:
        return time.monotonic() - self.heard > 3 * SECONDS

    def is_done(self) -> bool:
        return not self.share

    def listen(self, result: Result) -> None:
        """Take what the process says; where it ended before its time, say so of the input that it was at."""
        try:
            if self.is_stuck():
                self.process.kill()
                raise EOFError
            answers = self.pipe.recv()
        except EOFError:
            self.process.join()
            if self.share:
                door, number = self.share.pop(0)
                result.inputs[door] += 1
                result.broken[door].append((number, f"the process ended with {self.process.exitcode}"))
                self.begin()
            return
        self.heard = time.monotonic()
        if answers is None:
            self.share = []
            self.process.join()
            return
        door, number, was_taken, broke, seconds = answers
        assert self.share.pop(0) == (door, number)
        result.inputs[door] += 1
        result.taken[door] += was_taken
        result.slowest[door] = max(result.slowest[door], seconds)
        if broke:
            result.broken[door].append((number, broke))


def _work(share: Share, seed: int, until: float, pipe: Connection) -> None:
    faulthandler.enable()
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        pages = int(file.read().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with sandbox() as box:
        for at, (door, number) in enumerate(share):
            if time.monotonic() > until:
                break
            if at % COLLECTED == 0:
                gc.collect()
            begun, was_taken, broke = time.process_time(), False, ""
            try:
                was_taken = feed(box, door, seed, number)
            except Broken as error:
                broke = str(error)
            except Exception:  # any other is a traceback that a person would see
                broke = traceback.format_exc()
            pipe.send((door, number, was_taken, broke, time.process_time() - begun))
    pipe.send(None)


def table(result: Result, seed: int, seconds: float) -> str:
    """Return what came of the inputs, a door a line, as Markdown."""
    lines = ["| door | inputs | taken | broke a promise | slowest |", "| --- | ---: | ---: | ---: | ---: |"]
    for door in DOORS:
        if count := result.inputs[door]:
            row = (
                f"{count:,}",
                f"{result.taken[door]:,}",
                f"{len(result.broken[door])}",
                f"{result.slowest[door]:.1f} s",
            )
            lines.append(f"| {door} | {' | '.join(row)} |")
    broken = sum(map(len, result.broken.values()))
    result.broken = {door: found for door, found in result.broken.items() if found}
    lines.append(f"| all | {sum(result.inputs.values()):,} | {sum(result.taken.values()):,} | {broken} | |")
    return "\n".join([*lines, "", f"Seed {seed}, {seconds:,.0f} seconds."])


if __name__ == "__main__":
    main()
