"""The hooks for pre-commit, tried for real: it clones this repository, and installs it from there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.git import git
from tests.properties import in_full

OURS = Path(__file__).parents[2]
CONFIG = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: escscaffold-fmt
      - id: escscaffold-check
"""


def published(folder: Path) -> tuple[Path, str]:
    """Put what pre-commit would clone into a repository of its own, as it stands here; returns its commit, too."""
    shutil.copytree(OURS / "escscaffold", folder / "escscaffold", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(OURS / "templates", folder / "templates")
    shutil.copytree(OURS / "release", folder / "release")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(OURS / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Publish")
    return folder, git(folder, "rev-parse", "HEAD")


@in_full
def test_the_hooks_lay_out_the_spec_and_stop_what_is_stale(repository: Path, tmp_path: Path) -> None:
    ours, revision = published(tmp_path / "ours")
    (repository / ".pre-commit-config.yaml").write_text(CONFIG.format(repository=ours, revision=revision))
    git(repository, "add", "--all")

    def hooks() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"],
            cwd=repository,
            env=os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )

    fine = hooks()
    assert fine.returncode == 0, fine.stdout + fine.stderr
    told = [line for line in fine.stdout.splitlines() if line.startswith("escscaffold ")]
    assert [(line.split(".")[0], line.rpartition(".")[2]) for line in told] == [
        ("escscaffold fmt", "Passed"),
        ("escscaffold check", "Passed"),
    ]

    spec = repository / "escscaffold.toml"
    neat = spec.read_text()
    spec.write_text(neat.replace("version = 1", "version=1"))
    (repository / "environments/prod/outputs.tf").unlink()
    git(repository, "add", "--all")

    stopped = hooks()

    assert stopped.returncode == 1
    assert "files were modified by this hook" in stopped.stdout
    assert "  environments/prod/outputs.tf" in stopped.stdout
    assert spec.read_text() == neat
