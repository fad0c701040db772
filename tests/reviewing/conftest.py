"""What the tests of reviews share: repositories of before and after, made as a person makes them."""

import re
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

CASES = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Sides:
    """Two folders, `before` and `after`, below one."""

    folder: Path
    exit_code: int


@pytest.fixture
def prepared(tmp_path: Path, run: Run) -> Callable[[Path], Sides]:
    """Make the two folders of a case: from two specs and hand edits, or as they are."""

    def prepare(case: Path) -> Sides:
        facts: dict[str, Any] = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
        if (case / "before").is_dir():
            for side in ("before", "after"):
                shutil.copytree(case / side, tmp_path / side)
            return Sides(tmp_path, facts["exit_code"])
        generated(run, tmp_path / "before", case / "before.toml")
        shutil.copytree(tmp_path / "before", tmp_path / "after")
        generated(run, tmp_path / "after", case / "after.toml", generate=facts.get("generate", True))
        for edit in facts.get("edits", ()):
            path = tmp_path / "after" / edit["path"]
            text, count = re.subn(edit["find"], edit["replace"], path.read_text(encoding="utf-8"))
            assert count, f"{edit['path']} has no {edit['find']}"
            path.write_text(text, encoding="utf-8")
        return Sides(tmp_path, facts["exit_code"])

    return prepare


def generated(run: Run, folder: Path, spec: Path, *, generate: bool = True) -> None:
    """Write the spec into the folder and generate its files, whatever that replaces."""
    folder.mkdir(exist_ok=True)
    text = spec.read_text(encoding="utf-8")
    (folder / "escscaffold.toml").write_text(text, encoding="utf-8")
    names = tomllib.loads(text)["environments"] if generate else ()
    accepted = [part for name in names for part in ("--accept-replace", name)]
    if generate:
        result = run("generate", "-C", folder, "--quiet", *accepted)
        assert result.exit_code == 0, result.output
