"""The real terraform where the database exists already, or has something that hangs on it."""

from pathlib import Path

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import write
from tests.emitted.judging import judge
from tests.emitted.test_parts import NETWORK

ASKED_FOR = ["acl.office=203.0.113.0/24", "backup.schedule=30 2 * * 0"]
EXISTING = [*NETWORK, "parts.database=existing", "existing.database=c0brj8.mesdb.eventstore.cloud"]
ROWS = {
    "all that can hang on a database": (
        "gke-standard",
        [*ASKED_FOR, "database.read_only_replicas=2"],
        {"addresses", "access_list", "backup", "connection_string", "read_only_replicas"},
    ),
    "the same with the older provider": (
        "aws-existing",
        ["provider=eventstorecloud", *ASKED_FOR],
        {"addresses", "access_list", "backup", "connection_string"},
    ),
    "a database that exists": ("azure-existing", EXISTING, {"addresses", "connection_string"}),
}


@pytest.mark.parametrize("row", ROWS)
def test_terraform_formats_validates_and_tests_it(
    row: str, tmp_path: Path, run: Run, terraform: Terraform, terraform_environment: dict[str, str]
) -> None:
    mode, settings, tests = ROWS[row]
    write(run, tmp_path / "network", mode, settings)

    told = judge(terraform, tmp_path / "network", "prod", *sorted(tests))

    assert "Success!" in told
    assert " 0 failed" in told
    assert run("check", "-C", tmp_path / "network", env=terraform_environment).exit_code == 0
