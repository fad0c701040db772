"""Two runs in one folder: the second waits, and none loses the other's work."""

import subprocess
import sys
from pathlib import Path

from escscaffold import read_spec
from tests.conftest import Run

ESCSCAFFOLD = [sys.executable, "-m", "escscaffold"]


def test_no_environment_is_lost_between_runs(repository: Path, run: Run) -> None:
    names = ["one", "two", "three"]
    added = [[*ESCSCAFFOLD, "-C", repository, "add", name, "--yes", "--quiet"] for name in names]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in added]

    told = [(one.communicate()[1], one.returncode) for one in runs]

    assert told == [("", 0)] * 3
    spec = read_spec((repository / "escscaffold.toml").read_text())
    assert set(spec.environments) == {"prod", *names}
    assert run("generate", "-C", repository, "--dry-run").exit_code == 0
