"""Fixtures of the schema provider's own tests."""

from pathlib import Path

import pytest

from tests.terraform.mirror import build_mirror
from tests.terraform.root import require, require_terraform
from tests.terraform.schema import schema_folder


@pytest.fixture(scope="session")
def schemas() -> Path:
    """The folder of the real providers' schemas."""
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    return schema_folder()


@pytest.fixture(scope="session")
def cli_configuration(tmp_path_factory: pytest.TempPathFactory, schemas: Path) -> Path:
    """The CLI configuration of a mirror of all the schema providers."""
    require_terraform()
    return build_mirror(tmp_path_factory.mktemp("mirror"), schemas=schemas)
