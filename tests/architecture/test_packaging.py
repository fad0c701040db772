"""The wheel carries the templates, and what it installs works from anywhere."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import escscaffold

REPOSITORY = Path(__file__).parents[2]


def run(*command: object, cwd: Path | None = None) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `build` makes of this repository."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=REPOSITORY)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_installs_and_writes_a_repository(wheel: Path, tmp_path: Path) -> None:
    # The pip that is here already installs into it as well as one of its own, which takes longer than all the rest.
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", wheel)

    assert run(tmp_path / "venv/bin/escscaffold", "--version").strip() == f"escscaffold {escscaffold.__version__}"
    assert (tmp_path / "venv/share/man/man1/escscaffold.1").is_file()
    run(python, "-m", "escscaffold", "init", "net", "--mode", "gke-standard", "--yes", cwd=tmp_path)
    assert "Everything holds." in run(tmp_path / "venv/bin/escscaffold", "check", "-C", "net", cwd=tmp_path)


def test_the_wheel_holds_every_template_once(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("escscaffold/templates/")}

    there = (file.relative_to(REPOSITORY) for file in (REPOSITORY / "templates").rglob("*") if file.is_file())
    assert inside == {f"escscaffold/{file.as_posix()}" for file in there}
    assert {"escscaffold/py.typed", "escscaffold/rules/examples.toml"} <= set(zipfile.ZipFile(wheel).namelist())
