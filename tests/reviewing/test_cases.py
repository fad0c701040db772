"""Every kind of change has a case: a folder with both sides, the exit code, and the comment that says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CheckGolden, Run
from tests.reviewing.conftest import CASES, Sides


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, prepared: Callable[[Path], Sides], run: Run, check_golden: CheckGolden) -> None:
    sides = prepared(case)

    result = run("review", "-C", sides.folder, "before", "after", "--format", "markdown")

    assert result.exit_code == sides.exit_code, result.output
    check_golden(case / "comment.md", result.stdout)
