"""A lock that cannot be trusted is refused, and nothing is touched."""

from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

HEAD = "version = 1\n"
ID = "0" * 40

BROKEN = {
    "torn": 'version = 1\n[granted]\n"prod.net',
    "empty": "",
    "other version": "version = 2\n",
    "version is text": 'version = "1"\n',
    "parent path": f'{HEAD}[written]\n"../../x" = "{ID}"\n',
    "parent inside": f'{HEAD}[written]\n"a/../../x" = "{ID}"\n',
    "absolute path": f'{HEAD}[written]\n"/etc/x" = "{ID}"\n',
    "the folder": f'{HEAD}[written]\n"." = "{ID}"\n',
    "backslashes": f"{HEAD}[written]\n'..\\..\\x' = \"{ID}\"\n",
    "nul": f'{HEAD}[written]\n"a\\u0000b" = "{ID}"\n',
    "no block": f'{HEAD}[granted]\n"prod.network" = "10.0.0.0/99"\n',
    "host bits": f'{HEAD}[granted]\n"prod.network" = "10.0.0.1/16"\n',
    "no name": f'{HEAD}[granted]\n"prod" = "10.0.0.0/16"\n',
    "a number": f'{HEAD}[granted]\n"prod.network" = 5\n',
    "no table": f"{HEAD}granted = 5\n",
    "nested": f'{HEAD}[granted]\nprod.network = "10.0.0.0/16"\n',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("command", ["generate", "check", "plan", "add"])
def test_a_broken_lock_is_told_and_nothing_is_touched(
    command: str, text: str, repository: Path, tmp_path: Path, run: Run
) -> None:
    (repository / "escscaffold.lock").write_text(text)
    (tmp_path / "x").write_text("mine")
    before = tree(tmp_path)

    result = run(command, "-C", repository, *(["test", *EKS, "--yes"] if command == "add" else []))

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "ESC601" in result.output
    assert "cannot be read" in result.output
    assert "version control" in result.output
    assert tree(tmp_path) == before


def test_a_lock_that_claims_a_file_of_yours_removes_it_only_unchanged(repository: Path, run: Run) -> None:
    mine = repository / "notes.txt"
    mine.write_text("hello\n")
    lock = repository / "escscaffold.lock"
    lock.write_text(lock.read_text() + f'"notes.txt" = "{ID}"\n')

    result = run("generate", "-C", repository)

    assert result.exit_code == 4
    assert mine.read_text() == "hello\n"
