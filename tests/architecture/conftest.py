"""What the tests of releases share."""

from pathlib import Path

import pytest

from tests.architecture.building import Built, built

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The files of a release, as this checkout is."""
    return built(REPOSITORY, tmp_path_factory.mktemp("release"))
