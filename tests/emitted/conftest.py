"""The programs that judge what is emitted: terraform, and OpenTofu where it is."""

import shutil
from collections.abc import Iterator

import pytest

from tests.conftest import Terraform, terraform_in
from tests.emitted.formatting import check_formatted

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
