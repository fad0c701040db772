"""Fixtures that more than one folder of tests uses."""

import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import tests.environment  # noqa: F401 - before what reads it is imported
from escscaffold.cli import cli
from tests import memory
from tests.parsed import parse_each_text_once
from tests.properties import register_profiles, run_in_full, tries_more
from tests.releases.facts import release  # noqa: F401 - a fixture
from tests.terraform import attached, real
from tests.terraform.mirror import empty_mirror
from tests.terraform.narrowed import narrowed_to_schema
from tests.terraform.root import require, require_terraform
from tests.terraform.schema import schema_folder, schema_of

CheckGolden = Callable[[Path, str], None]
Run = Callable[..., Result]
Terraform = Callable[..., subprocess.CompletedProcess[str]]

# Below which folder pytest makes its own.
TEMPORARY = "PYTEST_DEBUG_TEMPROOT"
# How many objects more than are freed make Python look for garbage; without a word it is 700.
OBJECTS_BETWEEN_COLLECTIONS = 20_000

register_profiles()
parse_each_text_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="Rewrite goldens, and fail all the same.")
    parser.addoption("--full", action="store_true", help="Run what a default run leaves out, too.")


def pytest_configure(config: pytest.Config) -> None:
    """Run in full if asked; write temporary files to memory, where nothing waits for a disk, unless told where."""
    if config.option.full:
        run_in_full()
    asked = config.option.basetemp or any(name in os.environ for name in (TEMPORARY, "TMPDIR"))
    if not asked and memory.is_large_enough():
        os.environ[TEMPORARY] = str(memory.FOLDER)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what runs in full only."""
    if not tries_more():
        deselected = [item for item in items if item.get_closest_marker("full")]
        if deselected:
            config.hook.pytest_deselected(items=deselected)
            items[:] = [item for item in items if not item.get_closest_marker("full")]


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests that wait for a terminal, a disk or a server leave theirs idle."""
    return len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let a worker that has nothing to do take tests of another: a few take a minute, and others would wait behind."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep modules and tests, 300,000 objects that stay, out of every search for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        gc.enable()


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
def terraform_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment in which plain `terraform` finds its providers.

    The schema providers are served from this process; where there are no schemas, Terraform asks its
    registry.
    """
    require_terraform()
    environment = os.environ | {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", "TF_CLI_ARGS_test": "-no-color"}
    if not schema_folder().is_dir():
        yield environment
        return
    # A provider that nobody serves is asked of a folder, so that its lack is told at once and without a network.
    environment["TF_CLI_CONFIG_FILE"] = str(empty_mirror(tmp_path_factory.mktemp("mirror")))
    with attached.schema_providers(schema_folder()) as servers:
        yield environment | attached.reattaching(servers)


@pytest.fixture(scope="session")
def real_aws_environment(terraform_environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same with the real AWS provider, wherever it comes from."""
    folder = real.find("hashicorp/aws")
    if folder is None:
        lacking = f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror that has it"
        require(not schema_folder().is_dir(), lacking)
        yield terraform_environment
        return
    with real.serving(folder) as served, narrowed_to_schema(served, schema_of("hashicorp/aws")) as servers:
        yield terraform_environment | attached.reattaching(attached.attached_in(terraform_environment) | servers)


@pytest.fixture
def terraform(terraform_environment: dict[str, str]) -> Terraform:
    """Run the real terraform in a folder; the test fails unless it exits as expected."""
    return terraform_in(terraform_environment)


def terraform_in(environment: dict[str, str], program: str = "terraform") -> Terraform:
    """Return a function that runs terraform, or tofu, in a folder; the test fails unless it exits as expected."""
    found = shutil.which(program) or program

    def run(folder: Path, *arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [found, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        if expect is not None:
            assert done.returncode == expect, f"{program} {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done

    return run
