"""Whatever a person and `generate` do by turns: no line is lost, no conflict is silent, and nothing is done twice."""

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from escscaffold.cli import cli
from escscaffold.rendering import generated as header
from tests.cli.conftest import GKE, tree
from tests.git import commit, git
from tests.properties import examples

FILES = ["terraform.tfvars", "main.tf", "variables.tf", "outputs.tf"]
MARKS = ("<<<<<<< ", "||||||| ", "=======", ">>>>>>> ")
BESIDE = ".escscaffold-new"


class Repository(RuleBasedStateMachine):
    """A repository of one environment, and every line that a person has put into a generated file."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")
        self.place = Path(mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
        self.folder = self.place / "network"
        self.mine: dict[str, str] = {}
        """The file of each line."""
        self.name, self.count, self.plain, self.in_git = "prod", 0, True, False
        self.words = header._WORDS
        self.answers = {"region": "europe-west2", "nodes": "/20"}
        result = self.run("init", "--environment", "prod", *GKE, "--range", "nodes=/20", "--yes", folder=self.folder)
        assert result.exit_code == 0, result.output

    def teardown(self) -> None:
        header._WORDS = self.words
        shutil.rmtree(self.place)

    def run(self, command: str, *arguments: str, folder: Path | None = None) -> Result:
        where = [str(folder)] if folder else ["-C", str(self.folder)]
        return CliRunner().invoke(cli, [command, *where, *arguments])

    def path(self, name: str) -> Path:
        return self.folder / "environments" / self.name / name

    @initialize(in_git=st.booleans())
    def begin(self, in_git: bool) -> None:
        self.in_git = in_git
        if in_git:
            git(self.folder, "init", "--quiet")
            git(self.folder, "config", "gc.auto", "0")
            self.commit()

    @precondition(lambda self: self.in_git)
    @rule()
    def commit(self) -> None:
        commit(self.folder, "So far")

    @rule(name=st.sampled_from(FILES), place=st.floats(0, 1), instead=st.booleans())
    def edit(self, name: str, place: float, instead: bool) -> None:
        if not self.path(name).exists():
            return
        self.count += 1
        line = f"# mine {self.count}\n"
        lines = self.path(name).read_text().splitlines(keepends=True)
        at = int(place * len(lines))
        if instead and at < len(lines):
            self.mine.pop(lines[at], None)
            self.plain = False
            lines[at] = line
        else:
            lines.insert(at, line)
        self.mine[line] = name
        self.path(name).write_text("".join(lines))

    @rule(name=st.sampled_from(FILES))
    def delete(self, name: str) -> None:
        self.plain = False
        self.path(name).unlink(missing_ok=True)
        self.mine = {line: home for line, home in self.mine.items() if home != name}

    @rule(name=st.sampled_from(FILES))
    def restore(self, name: str) -> None:
        if not self.path(name).exists() and not self.path(name + BESIDE).exists():
            self.generate("--restore", f"environments/{self.name}/{name}")
            assert self.path(name).exists()

    @rule(key=st.sampled_from(["region", "nodes"]), number=st.integers(1, 3))
    def answer(self, key: str, number: int) -> None:
        new = {"region": f"europe-west{number}", "nodes": f"/{19 + number}"}[key]
        spec = self.folder / "escscaffold.toml"
        spec.write_text(spec.read_text().replace(f'"{self.answers[key]}"', f'"{new}"'))
        self.answers[key] = new

    @rule()
    def upgrade(self) -> None:
        """Another version says something else in the first line of each file."""
        self.count += 1
        header._WORDS = f"{self.words} As of {self.count}."

    @rule()
    def rename(self) -> None:
        new = {"prod": "live", "live": "prod"}[self.name]
        result = self.run("rename", self.name, new, "--accept-replace", new)
        assert result.exit_code in (0, 4), result.output
        self.name = new
        self.hold_to(result)

    @rule()
    def solve(self) -> None:
        """Keep the lines of both sides, and a person's text where two are beside each other."""
        for path in self.folder.rglob("*"):
            if path.name.endswith(BESIDE):
                path.unlink()
            elif path.parent == self.path("") and path.suffix in (".tf", ".tfvars"):
                lines = path.read_text().splitlines(keepends=True)
                if any(line.startswith(MARKS) for line in lines):
                    self.plain = False
                    path.write_text("".join(line for line in lines if not line.startswith(MARKS)))

    @rule()
    def generate(self, *arguments: str) -> None:
        result = self.run("generate", "--accept-replace", self.name, *arguments)
        assert result.exit_code in (0, 4), result.output
        self.hold_to(result)

    def hold_to(self, first: Result) -> None:
        """What holds after each write."""
        before = tree(self.folder)
        again = self.run("generate")
        assert again.exit_code == first.exit_code, again.output
        assert tree(self.folder) == before, "the second run changes something"
        marked = [name for name in FILES if self.path(name).exists() and has_marks(self.path(name).read_text())]
        beside = list(self.folder.rglob(f"*{BESIDE}"))
        assert (first.exit_code == 4) == bool(marked or beside)
        checked = self.run("check")
        if first.exit_code == 4:
            assert checked.exit_code == 4
        elif self.plain:
            assert checked.exit_code == 0, checked.output
        else:
            assert checked.exit_code in (0, 1), checked.output

    @invariant()
    def no_line_is_lost(self) -> None:
        for line, name in self.mine.items():
            assert line in self.path(name).read_text().splitlines(keepends=True), line


def has_marks(text: str) -> bool:
    return any(line.startswith(MARKS) for line in text.splitlines())


def test_a_repository_that_people_and_generate_change_by_turns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Without terraform, whose fmt has views about where comments belong.
    (tmp_path / "git").symlink_to(shutil.which("git") or "/nowhere")
    monkeypatch.setenv("PATH", str(tmp_path))

    run_state_machine_as_test(Repository, settings=settings(examples(12), stateful_step_count=12))
