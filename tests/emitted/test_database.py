"""The real terraform where the database exists already, or has something that hangs on it."""

from pathlib import Path

import pytest

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.guide import write
from tests.emitted.judging import judge
from tests.emitted.test_parts import NETWORK
from tests.terraform.store import Store

ASKED_FOR = ["acl.office=203.0.113.0/24", "backup.schedule=30 2 * * 0"]
INTEGRATIONS = [
    'integrations.alerts={ sink = "slack", channel = "#kurrent" }',
    'integrations.on-call={ sink = "opsgenie" }',
]
CLOUDWATCH = [
    'integrations.logs={ sink = "cloudwatch-logs", group = "/kurrent/prod", region = "eu-central-1" }',
    'integrations.metrics={ sink = "cloudwatch-metrics", namespace = "Kurrent", region = "eu-central-1" }',
]
DATABASE = "-target=module.kurrent_database"
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
    # The only one whose tests apply the database, and so read its outputs.
    "a database without protection": (
        "gcp-existing",
        [*ASKED_FOR, "database.protected=false"],
        {"addresses", "access_list", "connection_string"},
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


def test_a_protected_database_is_destroyed_after_its_protection_only(
    tmp_path: Path, run: Run, store: Store, stood_in: dict[str, str]
) -> None:
    folder, terraform = tmp_path / "network", terraform_in(stood_in)
    root = write(run, folder, "gke-standard")
    terraform(root, "init", "-input=false")
    terraform(root, "apply", "-auto-approve", "-input=false", DATABASE)

    refused = terraform(root, "destroy", "-auto-approve", "-input=false", "-no-color", expect=1)
    assert "Error: Instance cannot be destroyed" in refused.stderr
    assert len(store.all("managed_cluster")) == 1

    assert run("set", "-C", folder, "database.protected=false").exit_code == 0
    terraform(root, "get")
    applied = terraform(root, "apply", "-auto-approve", "-input=false", "-no-color", DATABASE)
    assert "0 added, 1 changed, 0 destroyed" in applied.stdout
    terraform(root, "destroy", "-auto-approve", "-input=false")
    assert store.all("managed_cluster") == []
