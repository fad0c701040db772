"""Whether OpenTofu judges what is emitted as well."""

import pytest

from tests.emitted.conftest import PROGRAMS


def test_opentofu_judges_it_too() -> None:
    if "tofu" not in PROGRAMS:
        # Terraform is the judge: also a build server may do without the other.
        pytest.skip("tofu is not on the PATH, so what is emitted was tried with terraform alone")
