"""What the tests of the command line share: the guide's example, and a repository on disk."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.conftest import Run

GUIDE_RANGES = {"kurrent": "172.22.110.0/24", "nodes": "172.30.0.0/16", "pods": "172.31.128.0/17"}
GKE = ("--mode", "gke-standard", "--region", "europe-west2")
EKS = ("--mode", "eks", "--region", "eu-central-1")

Plan = Callable[..., dict[str, Any]]


def ranges(**blocks: str) -> list[str]:
    """Return the flags that give these ranges; `nodes_1` is `nodes-1`."""
    return [part for name, block in blocks.items() for part in ("--range", f"{name.replace('_', '-')}={block}")]


def tree(folder: Path) -> dict[str, str | bytes]:
    """Return all that stands below a folder, by path: a file's bytes, where a link points to, "/" for a folder."""
    found: dict[str, str | bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found[name] = f"->{path.readlink()}" if path.is_symlink() else "/" if path.is_dir() else path.read_bytes()
    return found


def said(result: Result) -> str:
    """Return what a person read, line ends and indents made single spaces."""
    return " ".join(result.output.split())


@pytest.fixture
def planned(run: Run) -> Plan:
    """Run `plan --json` and return the document."""

    def plan(*arguments: object, exit_code: int = 0, **options: Any) -> dict[str, Any]:
        result = run("plan", *arguments, "--json", **options)
        assert result.exit_code == exit_code, result.output
        document: dict[str, Any] = json.loads(result.stdout)
        return document

    return plan


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a new EKS repository."""
    from click.testing import CliRunner

    from escscaffold.cli import cli

    folder = tmp_path_factory.mktemp("pristine") / "network"
    result = CliRunner().invoke(cli, ["init", str(folder), *EKS, "--environment", "prod", "--yes"])
    assert result.exit_code == 0, result.output
    return {name: body for name, body in tree(folder).items() if isinstance(body, bytes)}


@pytest.fixture
def repository(tmp_path: Path, pristine: dict[str, bytes]) -> Path:
    """A new EKS repository with one environment, prod, where everything was placed."""
    folder = tmp_path / "network"
    for name, body in pristine.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    (folder / "scripts/check-connectivity.sh").chmod(0o755)
    return folder
