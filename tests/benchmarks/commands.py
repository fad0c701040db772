"""Runs of the command line, each beside a peer.

Each pair runs in turn, so that a drift of the machine's speed hits both; what counts is the
median of the pairs' ratios.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 9
SCRIPTS = Path(sys.executable).parent
INIT = ["--mode", "gke-standard", "--region", "europe-west2", "--yes", "--quiet"]


@dataclass(frozen=True)
class Pair:
    """Two commands that do comparable work, and the ratio that is aimed for."""

    name: str
    ours: Callable[[Path], list[str]]
    peer: Callable[[Path], list[str]]
    peer_name: str
    at_most: float


def main() -> None:
    """Run every pair and print one table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = _cookiecutter_template(folder)
        python = [sys.executable, "-c"]
        ours = [str(SCRIPTS / "escscaffold")]
        pairs = [
            Pair("--version", lambda _: [*ours, "--version"], lambda _: [*python, "pass"], "python -c pass", 4.0),
            Pair(
                "plan --mode gke-standard",
                lambda _: [*ours, "plan", "--mode", "gke-standard"],
                lambda _: [*python, "import click"],
                "import click",
                2.0,
            ),
            Pair(
                "init, one environment",
                lambda out: [*ours, "init", str(out / "ours"), *INIT],
                lambda out: [
                    str(SCRIPTS / "cookiecutter"),
                    *["--no-input", "--output-dir", str(out / "peer"), str(template)],
                ],
                "cookiecutter, as many files",
                0.5,
            ),
        ]
        print(f"{'what':<28}{'seconds':>9}  {'peer':<28}{'seconds':>9}{'ratio':>8}{'aim':>8}")
        for pair in pairs:
            _report(pair, folder)


def _report(pair: Pair, folder: Path) -> None:
    times: list[tuple[float, float]] = []
    for number in range(ROUNDS + 1):
        out = folder / f"{number}"
        out.mkdir()
        times.append((seconds(pair.ours(out)), seconds(pair.peer(out))))
        shutil.rmtree(out)
    counted = times[1:]  # the first round warms caches
    ours, peer = (statistics.median(column) for column in zip(*counted, strict=True))
    ratio = statistics.median(a / b for a, b in counted)
    print(f"{pair.name:<28}{ours:>9.3f}  {pair.peer_name:<28}{peer:>9.3f}{ratio:>8.2f}{pair.at_most:>8.2f}")


def seconds(command: list[str]) -> float:
    """Return how long a command takes, as a user has it."""
    # Python keeps what it has compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def _cookiecutter_template(folder: Path) -> Path:
    """Make a template of as many files of the same sizes as `init` writes, each with one value in it."""
    subprocess.run([SCRIPTS / "escscaffold", "init", str(folder / "model"), *INIT], check=True)
    template = folder / "template"
    inner = template / "{{ cookiecutter.name }}"
    for file in (f for f in (folder / "model").rglob("*") if f.is_file()):
        target = inner / file.relative_to(folder / "model")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8").replace("{{", "{").replace("}}", "}").replace("{%", "{")
        target.write_text("{# a value #}{{ cookiecutter.name }}\n" + text.replace("{#", "{"), encoding="utf-8")
    (template / "cookiecutter.json").write_text('{"name": "prod"}\n', encoding="utf-8")
    return template
