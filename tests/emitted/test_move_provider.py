"""What the older Kurrent provider made moves to the newer one, by the real terraform: nothing is made anew."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.guide import write
from tests.emitted.test_parts import PROJECT
from tests.properties import in_full
from tests.terraform.store import Store

INTEGRATIONS = [
    'integrations.alerts={ sink = "slack", channel = "#kurrent" }',
    'integrations.logs={ sink = "cloudwatch-logs", group = "kurrent", region = "eu-central-1" }',
]
SECRETS = {"alerts": {"token": "t"}, "logs": {"access_key_id": "a", "secret_access_key": "s"}}
ALL = ["acl.office=203.0.113.0/24", "backup.keep=3", *INTEGRATIONS]
OF_INTEGRATIONS = ["integration", "integration_awscloudwatch_logs"]
KINDS = ["acl", *OF_INTEGRATIONS, "managed_cluster", "network", "peering", "project", "scheduled_backup"]


@pytest.fixture
def kurrent_cloud(stood_in: dict[str, str]) -> dict[str, str]:
    """An environment in which both Kurrent providers see what is kept in the store."""
    return stood_in | {"TF_VAR_integration_secrets": json.dumps(SECRETS)}


def written(run: Run, folder: Path, *settings: str) -> Path:
    return write(run, folder, "gke-standard", ["provider=eventstorecloud", *settings])


def move(repository: Path, run: Run, provider: str = "kurrentcloud") -> None:
    spec = repository / "escscaffold.toml"
    before = "eventstorecloud" if provider == "kurrentcloud" else "kurrentcloud"
    spec.write_text(spec.read_text().replace(f'provider = "{before}"', f'provider = "{provider}"'))
    done = run("generate", "-C", repository)
    assert done.exit_code == 0, done.output
    assert f"prod moves from {before} to {provider}" in done.output


def read_ids(repository: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = repository / "scripts/read-kurrent-ids.sh"
    return subprocess.run([script, "prod"], env=environment, capture_output=True, text=True, check=False)


def planned(terraform: Terraform, root: Path) -> dict[str, tuple[list[str], bool]]:
    """What a plan does to each resource that it does not leave alone, and whether it imports it."""
    terraform(root, "plan", "-input=false", "-out=plan.tfplan")
    plan = json.loads(terraform(root, "show", "-json", "plan.tfplan").stdout)
    changes = {one["address"]: one["change"] for one in plan["resource_changes"]}
    told = {address: (change["actions"], "importing" in change) for address, change in changes.items()}
    return {address: one for address, one in told.items() if one != (["no-op"], False)}


def test_the_readme_has_the_ids_read_by_the_program_of_the_state(tmp_path: Path, run: Run) -> None:
    repository = tmp_path / "net"
    written(run, repository, "pipeline.program=tofu")

    move(repository, run)

    assert "\nTERRAFORM=tofu scripts/read-kurrent-ids.sh prod\n" in (repository / "README.md").read_text()


def test_everything_moves_and_nothing_is_made_anew(
    tmp_path: Path, run: Run, store: Store, kurrent_cloud: dict[str, str]
) -> None:
    terraform, repository = terraform_in(kurrent_cloud), tmp_path / "net"
    root = written(run, repository, *ALL)
    terraform(root, "init")
    terraform(root, "apply", "-auto-approve", "-input=false")
    made = {kind: store.all(kind) for kind in KINDS}
    assert [len(of_kind) for of_kind in made.values()] == [1] * len(KINDS)

    move(repository, run)
    assert "No changes" in run("generate", "-C", repository).output
    terraform(root, "init")
    refused = terraform(root, "plan", "-input=false", "-no-color", expect=1)
    assert "No value for required variable" in refused.stderr

    told = read_ids(repository, kurrent_cloud)
    assert told.returncode == 0, told.stderr
    terraform(repository, "fmt", "-check", "-recursive", "-diff")
    changes = planned(terraform, root)
    assert sorted(changes.values()) == sorted([(["forget"], False), (["no-op"], True)] * len(KINDS))
    assert {address.rpartition(".")[0].rpartition(".")[2] for address, (_, imports) in changes.items() if imports} == {
        f"kurrentcloud_{kind}" for kind in KINDS
    }

    terraform(root, "apply", "-auto-approve", "-input=false")
    assert {kind: store.all(kind) for kind in KINDS} == made
    assert planned(terraform, root) == {}

    done = run("generate", "-C", repository, "--forget", "prod.provider")
    assert done.exit_code == 0, done.output
    (root / "kurrent_ids.auto.tfvars").unlink()
    assert not (root / "move_provider.tf").exists()
    assert not (repository / "scripts/read-kurrent-ids.sh").exists()
    terraform(root, "init")
    assert planned(terraform, root) == {}
    assert "eventstorecloud" not in terraform(root, "providers").stdout


@in_full
def test_the_emitted_tests_have_nothing_to_move(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    root = written(run, tmp_path / "net", *ALL)
    move(tmp_path / "net", run)
    (root / "kurrent_ids.auto.tfvars").write_text("kurrent_ids = {\n" + "".join(f'{k} = "c0"\n' for k in KINDS) + "}\n")
    terraform(root, "init", "-backend=false")
    terraform(root, "validate")

    assert "Success!" in terraform(root, "test", "-filter=tests/addresses.tftest.hcl").stdout


def test_what_is_looked_up_is_not_moved(tmp_path: Path, run: Run) -> None:
    root = written(run, tmp_path / "net", *PROJECT, "parts.database=absent")
    move(tmp_path / "net", run)
    text = (root / "move_provider.tf").read_text()

    assert [line for line in text.splitlines() if "  to = " in line] == [
        "  to = module.kurrent_network.kurrentcloud_network.this",
        "  to = module.kurrent_peering.kurrentcloud_peering.this",
    ]


def test_an_environment_that_comes_later_has_nothing_to_move(tmp_path: Path, run: Run) -> None:
    written(run, tmp_path / "net")
    move(tmp_path / "net", run)
    assert run("add", "next", "-C", tmp_path / "net", "--mode", "gke-autopilot", "--yes").exit_code == 0

    assert (tmp_path / "net/environments/prod/move_provider.tf").exists()
    assert not (tmp_path / "net/environments/next/move_provider.tf").exists()


def test_a_move_can_be_taken_back(tmp_path: Path, run: Run) -> None:
    root = written(run, tmp_path / "net")
    move(tmp_path / "net", run)
    move(tmp_path / "net", run, "eventstorecloud")

    text = (root / "move_provider.tf").read_text()
    assert "from = module.kurrent_network.kurrentcloud_network.this" in text
    assert "to = module.kurrent_network.eventstorecloud_network.this" in text


@pytest.mark.parametrize(("name", "code"), [("prod.provider", 0), ("provider", 0), ("next.provider", 2)])
def test_only_a_move_that_is_there_is_forgotten(name: str, code: int, tmp_path: Path, run: Run) -> None:
    written(run, tmp_path / "net")
    move(tmp_path / "net", run)

    assert run("generate", "-C", tmp_path / "net", "--forget", name).exit_code == code
    assert (tmp_path / "net/environments/prod/move_provider.tf").exists() == (code != 0)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ('{"resources": []}', "holds nothing of Kurrent Cloud"),
        ("{", "is none that this script reads"),
    ],
)
def test_the_script_says_what_is_wrong_with_a_state(state: str, words: str, tmp_path: Path, run: Run) -> None:
    written(run, tmp_path / "net")
    move(tmp_path / "net", run)
    stand_in = tmp_path / "stand-in"
    stand_in.write_text(f"#!/bin/sh\necho '{state}'\n")
    stand_in.chmod(0o755)

    done = read_ids(tmp_path / "net", os.environ | {"TERRAFORM": str(stand_in)})

    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "net/environments/prod/kurrent_ids.auto.tfvars").exists()
