"""How a run is measured beside a peer, and the one table that all of it comes to."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROUNDS = 9
SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: seconds of both, and the median of their ratios."""

    what: str
    seconds: float
    peer: str
    peer_seconds: float
    ratio: float
    at_most: float | None = None
    """The ratio that is aimed for; None where the peer is there to compare and no aim."""


def row(
    what: str, times: Iterable[tuple[float, float]], peer: str, at_most: float | None = None, peer_times: int = 1
) -> Row:
    """Return the line of pairs of seconds; `peer_times` is how often the peer would have to run for the same."""
    pairs = list(times)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / (b * peer_times) for a, b in pairs)
    return Row(what=what, seconds=ours, peer=peer, peer_seconds=theirs * peer_times, ratio=ratio, at_most=at_most)


def in_turn(
    folder: Path, ours: Callable[[Path], list[str]], peer: Callable[[Path], list[str]], rounds: int = ROUNDS
) -> list[tuple[float, float]]:
    """Run both by turns, each round in a folder of its own, so that a drift of the machine's speed hits both.

    The first round warms caches and does not count.
    """
    times: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        out = folder / f"{number}"
        out.mkdir()
        commands = [ours, peer] if number % 2 else [peer, ours]
        taken = {command: seconds(command(out)) for command in commands}
        times.append((taken[ours], taken[peer]))
        shutil.rmtree(out)
    return times[1:]


def seconds(command: list[str], folder: Path | None = None) -> float:
    """Return how long a command takes, as a user has it."""
    # Python keeps what it has compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(
        command, check=True, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def ours(*arguments: object) -> list[str]:
    """Return a command of ours."""
    return [str(SCRIPTS / "escscaffold"), *map(str, arguments)]


def program(name: str) -> str | None:
    """Return where a peer is installed: beside our Python, or on the PATH; None where it is not."""
    beside = SCRIPTS / name
    return str(beside) if beside.exists() else shutil.which(name)


def as_text(one: Row) -> str:
    """Return a line for the terminal."""
    aim = "" if one.at_most is None else f"{one.at_most:g}"
    return f"{one.what:<38}{one.seconds:>9.3f}  {one.peer:<40}{one.peer_seconds:>9.3f}{_ratio(one):>8}{aim:>8}"


HEAD = f"{'what':<38}{'seconds':>9}  {'beside':<40}{'seconds':>9}{'ratio':>8}{'aim':>8}"


def as_markdown(rows: Iterable[Row]) -> str:
    """Return the table as a page has it, with the day and the kind of machine."""
    lines = ["| what | seconds | compared with | seconds | ratio | aim |", "| --- | ---: | --- | ---: | ---: | ---: |"]
    for one in rows:
        cells = (one.what, f"{one.seconds:.3f}", one.peer, f"{one.peer_seconds:.3f}", _ratio(one), _aim(one))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", f"{date.today():%Y-%m-%d}, {_machine()}."])


def _ratio(one: Row) -> str:
    return f"{one.ratio:.2f}" if one.ratio >= 0.1 else f"{one.ratio:.3f}"


def _aim(one: Row) -> str:
    if one.at_most is None:
        return ""
    return f"{one.at_most:g}" if one.ratio <= one.at_most else f"{one.at_most:g}, missed"


def _machine() -> str:
    cores = os.cpu_count()
    processor = ""
    known = Path("/proc/cpuinfo")
    if known.is_file():
        names = [line for line in known.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(":")[2].strip() if names else ""
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{cores} cores of {processor or 'an unknown processor'}, {sys.platform}, Python {python}, {load}"
