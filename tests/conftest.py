"""Fixtures that more than one folder of tests uses."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from escscaffold.cli import cli
from tests.properties import register_profiles
from tests.terraform.mirror import build_mirror
from tests.terraform.root import require_terraform
from tests.terraform.schema import schema_folder

CheckGolden = Callable[[Path, str], None]
Run = Callable[..., Result]
Terraform = Callable[..., subprocess.CompletedProcess[str]]

register_profiles()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="Rewrite goldens, and fail all the same.")


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> CheckGolden:
    """Compare text with a file; with --update-goldens rewrite the file, and fail so that the diff is read."""

    def check(path: Path, actual: str) -> None:
        expected = path.read_text(encoding="utf-8") if path.is_file() else ""
        if actual != expected and request.config.getoption("--update-goldens"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8")
        assert actual == expected, f"{path.name} differs: pytest --update-goldens, then read the diff"

    return check


@pytest.fixture
def run() -> Run:
    """Run escscaffold in this process with these arguments."""

    def invoke(*arguments: object, **options: object) -> Result:
        return CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="escscaffold", **options)

    return invoke


@pytest.fixture(scope="session")
def terraform_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which plain `terraform` finds its providers.

    Where the CLI configuration that the environment names is there, it is used as it is. Else the
    schema providers are served from a filesystem mirror, and where there are no schemas either,
    Terraform asks its registry.
    """
    require_terraform()
    environment = os.environ | {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", "TF_CLI_ARGS_test": "-no-color"}
    if Path(environment.pop("TF_CLI_CONFIG_FILE", "/nowhere")).is_file():
        return environment | {"TF_CLI_CONFIG_FILE": os.environ["TF_CLI_CONFIG_FILE"]}
    if schema_folder().is_dir():
        mirror = build_mirror(tmp_path_factory.mktemp("mirror"), schemas=schema_folder())
        environment["TF_CLI_CONFIG_FILE"] = str(mirror)
    return environment


@pytest.fixture
def terraform(terraform_environment: dict[str, str]) -> Terraform:
    """Run the real terraform in a folder; the test fails unless it exits as expected."""
    return terraform_in(terraform_environment)


def terraform_in(environment: dict[str, str]) -> Terraform:
    """Return a function that runs terraform in a folder with this environment."""
    program = shutil.which("terraform") or "terraform"

    def run(folder: Path, *arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        if expect is not None:
            assert done.returncode == expect, f"terraform {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done

    return run
