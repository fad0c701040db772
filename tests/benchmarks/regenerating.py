"""Bringing a repository up to date, beside what the same takes elsewhere.

- `generate` with nothing to do, beside importing click and Jinja and reading the files;
- `check` without terraform, beside importing click, Jinja and python-hcl2;
- one changed range among a hundred environments, beside `copier update` on one, a hundred times.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.commands import INIT, ROUNDS, SCRIPTS, seconds

ENVIRONMENTS = 100
NOTHING_TO_DO, CHECK, ONE_CHANGE = 2.0, 2.0, 0.3

_READ = """\
import click, jinja2, pathlib
[path.read_bytes() for path in pathlib.Path({folder!r}).rglob("*") if path.is_file()]
"""


def main() -> None:
    """Run both, and print one table."""
    print(f"{'what':<34}{'seconds':>9}  {'peer':<34}{'seconds':>9}{'ratio':>8}{'aim':>8}")
    with tempfile.TemporaryDirectory() as name:
        _nothing_to_do(Path(name) / "one")
        _check(Path(name) / "one")
        _one_change(Path(name))


def _nothing_to_do(folder: Path) -> None:
    subprocess.run([SCRIPTS / "escscaffold", "init", folder, *INIT], check=True)
    ours = [str(SCRIPTS / "escscaffold"), "-C", str(folder), "generate"]
    peer = [sys.executable, "-c", _READ.format(folder=str(folder))]
    times = [(seconds(ours), seconds(peer)) for _ in range(ROUNDS + 1)][1:]
    ratio = statistics.median(a / b for a, b in times)
    _print("generate, nothing to do", times, "import click, jinja2; read files", ratio, NOTHING_TO_DO)


def _check(folder: Path) -> None:
    # An empty PATH: what terraform itself takes is not ours.
    ours = ["/usr/bin/env", "PATH=", str(SCRIPTS / "escscaffold"), "-C", str(folder), "check"]
    peer = [sys.executable, "-c", "import click, jinja2, hcl2"]
    times = [(seconds(ours), seconds(peer)) for _ in range(ROUNDS + 1)][1:]
    _print("check", times, "import click, jinja2, hcl2", statistics.median(a / b for a, b in times), CHECK)


def _one_change(folder: Path) -> None:
    if not (SCRIPTS / "copier").exists():
        print("one range of a hundred environments: copier is not installed (pip install 'copier>=9,<10')")
        return
    fleet = _fleet(folder / "fleet")
    project = _copier_project(folder)
    spec = fleet / "escscaffold.toml"
    texts = [spec.read_text(encoding="utf-8"), spec.read_text(encoding="utf-8").replace('"/23"', '"/22"', 1)]
    times: list[tuple[float, float]] = []
    for number in range(ROUNDS // 2 + 2):
        spec.write_text(texts[number % 2], encoding="utf-8")
        ours = seconds([str(SCRIPTS / "escscaffold"), "-C", str(fleet), "generate", "--accept-replace", "e000"])
        _git(project, "checkout", "--quiet", "--force", "main")
        update = ["update", "--defaults", "--quiet", "--data", f"name=other{number}", str(project)]
        times.append((ours, seconds([str(SCRIPTS / "copier"), *update])))
        _git(project, "reset", "--quiet", "--hard")
    ratio = statistics.median(a / (b * ENVIRONMENTS) for a, b in times[1:])
    _print(f"one range of {ENVIRONMENTS} environments", times[1:], "copier update, one environment", ratio, ONE_CHANGE)


def _print(what: str, times: list[tuple[float, float]], peer_name: str, ratio: float, aim: float) -> None:
    ours, peer = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{what:<34}{ours:>9.3f}  {peer_name:<34}{peer:>9.3f}{ratio:>8.2f}{aim:>8.2f}", flush=True)


def _fleet(folder: Path) -> Path:
    environment = (
        '[environments.{name}]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
        '[environments.{name}.ranges]\nnodes = "/23"\npods = "/20"\n'
    )
    folder.mkdir()
    tables = (environment.format(name=f"e{number:03}") for number in range(ENVIRONMENTS))
    (folder / "escscaffold.toml").write_text("version = 1\n" + "".join(tables), encoding="utf-8")
    subprocess.run([SCRIPTS / "escscaffold", "-C", folder, "generate", "--quiet"], check=True)
    return folder


def _copier_project(folder: Path) -> Path:
    """Make a copier project of as many files as an environment of ours has, with modules and all."""
    template = folder / "template"
    shutil.copytree(folder / "one", template / "files")
    for file in (path for path in (template / "files").rglob("*") if path.is_file()):
        text = file.read_text(encoding="utf-8").replace("{", "[").replace("}", "]")
        file.with_name(f"{file.name}.jinja").write_text("[[ name ]]\n".replace("[[", "{{").replace("]]", "}}") + text)
        file.unlink()
    (template / "copier.yml").write_text("_subdirectory: files\nname:\n  type: str\n  default: prod\n")
    answers = template / "files/{{ _copier_conf.answers_file }}.jinja"
    answers.write_text("{{ _copier_answers|to_nice_yaml }}")
    project = folder / "project"
    _commit(template)
    _git(template, "tag", "v1")
    command = [SCRIPTS / "copier", "copy", "--defaults", "--quiet", template, project]
    subprocess.run(command, check=True)
    _commit(project)
    return project


def _commit(folder: Path) -> None:
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "-m", "Begin")


def _git(folder: Path, *arguments: str) -> None:
    user = ["-c", "user.name=Me", "-c", "user.email=me@example.org"]
    subprocess.run(["git", *user, *arguments], cwd=folder, check=True)
