"""An environment that only got another name is not one that goes and one that comes."""

import json
import shutil
from pathlib import Path

from tests.conftest import Run
from tests.reviewing.conftest import CASES, generated


def test_a_renamed_environment_replaces_nothing(tmp_path: Path, run: Run) -> None:
    generated(run, tmp_path / "before", CASES / "a_wider_pod_range_on_google/before.toml")
    shutil.copytree(tmp_path / "before", tmp_path / "after")
    assert run("rename", "prod", "live", "-C", tmp_path / "after").exit_code == 0

    result = run("review", "before", "after", "-C", tmp_path, "--json")

    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert document["renamed"] == {"prod": "live"}
    assert document["impact"] == document["resources"] == document["addresses"]["ranges"] == []
