"""Fixtures of the documentation's tests."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.docs.started import started_escscaffold


@pytest.fixture(scope="session")
def plain_environment() -> Mapping[str, str]:
    """The environment of pages that do not run terraform by name; what escscaffold runs must ask no registry."""
    return os.environ


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the `escscaffold` that the pages run."""
    with started_escscaffold(tmp_path_factory.mktemp("programs")) as folder:
        yield folder
