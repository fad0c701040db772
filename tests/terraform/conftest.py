"""Fixtures of the schema provider's own tests."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.terraform import attached
from tests.terraform.mirror import build_mirror, mirrored
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


@pytest.fixture(scope="session")
def from_mirror(cli_configuration: Path) -> Mapping[str, str]:
    """What makes Terraform install and start the schema providers of a mirror."""
    return mirrored(cli_configuration)


@pytest.fixture(scope="session")
def from_servers(schemas: Path) -> Iterator[Mapping[str, str]]:
    """What makes Terraform call schema providers that are there already; each of its commands is a lot faster."""
    require_terraform()
    with attached.schema_providers(schemas) as servers:
        yield attached.reattaching(servers)
