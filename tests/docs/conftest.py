"""Fixtures of the documentation's tests."""

import os
from collections.abc import Mapping

import pytest


@pytest.fixture(scope="session")
def plain_environment() -> Mapping[str, str]:
    """The environment of pages that do not run terraform by name; what escscaffold runs must ask no registry."""
    return os.environ
