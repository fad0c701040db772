"""The programs that judge what is emitted: terraform, and OpenTofu where it is."""

import shutil

import pytest

from tests.conftest import Terraform, terraform_in

PROGRAMS = ["terraform", *(["tofu"] if shutil.which("tofu") else [])]


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> str:
    """One of the programs; a test that asks for it runs with each."""
    return str(request.param)


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
