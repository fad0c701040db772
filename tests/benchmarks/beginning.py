"""A new repository, beside those who write one from a template: of as many files of the same sizes, in the same run."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.measuring import Row, in_turn, ours, program, row
from tests.git import commit as commit_all
from tests.git import git

INIT = ("--mode", "gke-standard", "--region", "europe-west2", "--yes", "--quiet")
_OPENING = ("{{", "{%", "{#")


def rows(folder: Path) -> Iterator[Row]:
    """Yield `init` beside cookiecutter, cruft and copier, as far as they are installed."""
    model = folder / "model"
    subprocess.run(ours("init", model, *INIT), check=True)
    cookie, copy = cookiecutter_template(model, folder / "cookie"), copier_template(model, folder / "copy")
    peers: dict[str, tuple[Callable[[str, Path], list[str]], float | None]] = {
        "cookiecutter": (lambda name, out: [name, "--no-input", "--output-dir", f"{out}/peer", f"{cookie}"], 0.35),
        "cruft": (lambda name, out: [name, "create", "--no-input", "--output-dir", f"{out}/peer", f"{cookie}"], None),
        "copier": (lambda name, out: [name, "copy", "--defaults", "--quiet", f"{copy}", f"{out}/peer"], 0.15),
    }
    for name, (command, aim) in peers.items():
        if found := program(name):
            times = in_turn(folder, lambda out: ours("init", out / "ours", *INIT), lambda out: command(found, out))  # noqa: B023
            yield row("init, one environment", times, f"{name}, the same files", aim)


def cookiecutter_template(model: Path, template: Path) -> Path:
    """Make a template of the model's files, each with one value in it, as a git repository, which cruft wants."""
    inner = template / "{{ cookiecutter.name }}"
    for file in _files(model):
        target = inner / file.relative_to(model)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("{# a value #}{{ cookiecutter.name }}\n" + _plain(file), encoding="utf-8")
    (template / "cookiecutter.json").write_text('{"name": "prod"}\n', encoding="utf-8")
    commit(template)
    return template


def copier_template(model: Path, template: Path) -> Path:
    """Make the same for copier, with a version, so that it can update."""
    shutil.copytree(model, template / "files")
    for file in _files(template / "files"):
        text = "{{ name }}\n" + _plain(file)
        file.with_name(f"{file.name}.jinja").write_text(text, encoding="utf-8")
        file.unlink()
    (template / "copier.yml").write_text("_subdirectory: files\nname:\n  type: str\n  default: prod\n")
    answers = template / "files/{{ _copier_conf.answers_file }}.jinja"
    answers.write_text("{{ _copier_answers|to_nice_yaml }}")
    commit(template)
    git(template, "tag", "v1")
    return template


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and ".git" not in path.parts]


def _plain(file: Path) -> str:
    text = file.read_text(encoding="utf-8").replace("}}", "}")
    for mark in _OPENING:
        text = text.replace(mark, mark[0])
    return text


def commit(folder: Path) -> None:
    """Keep all that a folder has in a git repository of its own."""
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit_all(folder, "Begin")
