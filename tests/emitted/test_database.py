"""The real terraform where the database exists already, or has something that hangs on it."""

from pathlib import Path

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import write
from tests.emitted.judging import judge
from tests.emitted.test_parts import NETWORK

ASKED_FOR = ["acl.office=203.0.113.0/24", "backup.schedule=30 2 * * 0"]
INTEGRATIONS = [
    'integrations.alerts={ sink = "slack", channel = "#kurrent" }',
    'integrations.on-call={ sink = "opsgenie" }',
]
CLOUDWATCH = [
    'integrations.logs={ sink = "cloudwatch-logs", group = "/kurrent/prod", region = "eu-central-1" }',
    'integrations.metrics={ sink = "cloudwatch-metrics", namespace = "Kurrent", region = "eu-central-1" }',
]
EXISTING = [*NETWORK, "parts.database=existing", "existing.database=c0brj8.mesdb.eventstore.cloud"]
ROWS = {
    "all that can hang on a database": (
        "gke-standard",
        [*ASKED_FOR, *INTEGRATIONS, *CLOUDWATCH, "database.read_only_replicas=2"],
        {"addresses", "access_list", "backup", "connection_string", "integrations", "read_only_replicas"},
    ),
    "the same with the older provider": (
        "aws-existing",
        ["provider=eventstorecloud", "kurrent_region=eu-west-1", *ASKED_FOR, *CLOUDWATCH],
        {"addresses", "access_list", "backup", "connection_string", "integrations"},
    ),
    "a database that exists": (
        "azure-existing",
        [*EXISTING, *INTEGRATIONS, "kurrent_region=northeurope"],
        {"addresses", "connection_string", "integrations", "kurrent_network"},
    ),
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
