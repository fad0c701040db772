"""Bringing a repository up to date, beside what the same takes elsewhere."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.beginning import INIT, commit, copier_template
from tests.benchmarks.measuring import ROUNDS, Row, in_turn, ours, program, row, seconds
from tests.git import git

ENVIRONMENTS = 100
_READ = """\
import click, jinja2, pathlib
[path.read_bytes() for path in pathlib.Path({folder!r}).rglob("*") if path.is_file()]
"""


def rows(folder: Path) -> Iterator[Row]:
    """Yield `generate` and `check` with nothing to do, and one range changed among a hundred environments."""
    one = folder / "one"
    subprocess.run(ours("init", one, *INIT), check=True)
    peer = [sys.executable, "-c", _READ.format(folder=str(one))]
    times = in_turn(folder, lambda _: ours("-C", one, "generate"), lambda _: peer)
    yield row("generate, nothing to do", times, "import click, jinja2; read the files", 2.0)
    # An empty PATH: what terraform itself takes is not ours.
    readers = [sys.executable, "-c", "import click, jinja2"]
    times = in_turn(folder, lambda _: ["/usr/bin/env", "PATH=", *ours("-C", one, "check")], lambda _: readers)
    yield row("check, all as it should be", times, "import click, jinja2", 2.0)
    if copier := program("copier"):
        times = list(_one_change(folder, copier, copier_template(one, folder / "template")))[1:]
        what, whose = (
            f"one range of {ENVIRONMENTS} environments",
            f"copier update, {ENVIRONMENTS} times one environment",
        )
        yield row(what, times, whose, 0.3, peer_times=ENVIRONMENTS)


def _one_change(folder: Path, copier: str, template: Path) -> Iterator[tuple[float, float]]:
    """Yield the seconds of both; copier's are of one environment, whose name changes each time."""
    project = folder / "project"
    subprocess.run([copier, "copy", "--defaults", "--quiet", template, project], check=True)
    commit(project)
    fleet = _fleet(folder / "fleet")
    spec = fleet / "escscaffold.toml"
    texts = [spec.read_text(encoding="utf-8"), spec.read_text(encoding="utf-8").replace('"/23"', '"/22"', 1)]
    for number in range(ROUNDS // 2 + 2):
        spec.write_text(texts[(number + 1) % 2], encoding="utf-8")
        change = seconds(ours("-C", fleet, "generate", "--accept-replace", "e000"))
        git(project, "checkout", "--quiet", "--force", "main")
        update = ["update", "--defaults", "--quiet", "--data", f"name=other{number}", str(project)]
        yield change, seconds([copier, *update])
        git(project, "reset", "--quiet", "--hard")


def _fleet(folder: Path) -> Path:
    environment = (
        '[environments.{name}]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
        '[environments.{name}.ranges]\nnodes = "/23"\npods = "/20"\n'
    )
    folder.mkdir()
    tables = (environment.format(name=f"e{number:03}") for number in range(ENVIRONMENTS))
    (folder / "escscaffold.toml").write_text("version = 1\n" + "".join(tables), encoding="utf-8")
    subprocess.run(ours("-C", folder, "generate", "--quiet"), check=True)
    return folder
