"""The programs that judge what is emitted: terraform, and OpenTofu where it is."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Terraform, terraform_in
from tests.emitted.formatting import check_formatted
from tests.terraform.attached import reattaching, schema_providers
from tests.terraform.root import require
from tests.terraform.schema import schema_folder
from tests.terraform.store import Store

# What the integrations of the tests sign in with.
SECRETS = {"logs": {"access_key_id": "AKIA", "secret_access_key": "secret"}}
PROGRAMS = ["terraform", *(["tofu"] if shutil.which("tofu") else [])]


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> str:
    """One of the programs; a test that asks for it runs with each."""
    return str(request.param)


@pytest.fixture(scope="session", autouse=True)
def formatting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """When all is written, have terraform say whether it is formatted, of each text once.

    It is of every session: a test that runs another terraform than the one below has its files looked at, too.
    """
    yield
    check_formatted(tmp_path_factory.mktemp("formatted"))


@pytest.fixture
def terraform(program: str, terraform_environment: dict[str, str]) -> Terraform:
    """Run the program in a folder; the test fails unless it exits as expected."""
    return terraform_in(terraform_environment, program)


@pytest.fixture
def terraform_itself(terraform_environment: dict[str, str]) -> Terraform:
    """Run terraform in a folder, where OpenTofu's mocks do not do: they are alike in each instance of a resource.

    So a test that tells one instance from another passes there whatever is written.
    """
    return terraform_in(terraform_environment)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    return Store(tmp_path / "store")


@pytest.fixture
def stood_in(store: Store, terraform_environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment with providers that find what is in the store."""
    with schema_providers(schema_folder(), store) as servers:
        yield terraform_environment | reattaching(dict(servers)) | {"TF_VAR_integration_secrets": json.dumps(SECRETS)}
