"""What is known of one environment says nothing of another, though both have the same addresses."""

import json
import re
from pathlib import Path

import pytest

from escscaffold.reviewing.impact import Impact
from escscaffold.reviewing.real_plan import Comparison, settled
from escscaffold.spec.model import Reference
from tests.conftest import Run
from tests.git import git


@pytest.fixture
def repository(tmp_path: Path, run: Run) -> Path:
    made = tmp_path / "net"
    wanted = ["--mode", "eks", "--region", "eu-central-1", "--environment", "prod", "--yes", "--quiet"]
    assert run("init", made, *wanted).exit_code == 0
    assert run("add", "staging", "-C", made, "--mode", "eks", "--region", "eu-central-1", "--yes").exit_code == 0
    git(made, "init", "--quiet", "--initial-branch", "main")
    git(made, "add", "--all")
    git(made, "commit", "--quiet", "-m", "a")
    return made


def addresses_of(repository: Path, run: Run) -> set[str]:
    done = run("review", "-C", repository, "--json", "--fail-on", "")
    assert done.exit_code == 0, done.output
    return {
        address
        for impact in json.loads(done.stdout)["impact"]
        if impact["environment"] == "staging" and impact["effect"] == "replace"
        for address in impact["addresses"]
    }


def test_what_the_spec_changes_in_one_hides_no_hand_edit_in_another(repository: Path, run: Run) -> None:
    values = repository / "environments/staging/terraform.tfvars"
    text, number = re.subn(r'(\n  network +=) "[^"]+"', r'\1 "172.20.0.0/16"', values.read_text(encoding="utf-8"))
    assert number == 1
    values.write_text(text, encoding="utf-8")
    alone = addresses_of(repository, run)
    assert "module.network.aws_vpc.this" in alone

    changed = ["ranges.network=172.24.0.0/16", "ranges.nodes-1=172.24.0.0/18", "ranges.nodes-2=172.24.64.0/18"]
    changed = [f"prod.{one}" for one in changed]
    assert run("set", *changed, "-C", repository, "--accept-replace", "prod").exit_code == 0

    assert addresses_of(repository, run) == alone


def test_a_plan_of_one_settles_nothing_of_another() -> None:
    plan = Comparison(
        environment="prod",
        terraform="1.11.4",
        is_complete=True,
        is_known=True,
        other_ranges=(),
        actions=(),
        only_terraform=(),
        only_here=(),
        refused=(),
        settled=("aws_vpc.main",),
    )
    told = [
        Impact(
            effect="not known",
            affected=(),
            environment=name,
            subject=Reference("", "aws_vpc.main"),
            addresses=("aws_vpc.main",),
        )
        for name in ("prod", "staging")
    ]

    assert [impact.environment for impact in settled(told, [plan])] == ["staging"]


def test_each_format_names_the_environment_of_a_resource(repository: Path, run: Run) -> None:
    """Both environments have a VPC of the same address."""
    values = repository / "environments/staging/terraform.tfvars"
    values.write_text(re.sub(r'network( *)= "10\.\d+\.', r'network\1= "10.99.', values.read_text()))

    for form in ("text", "markdown", "json", "github", "sarif"):
        output = run("review", "-C", repository, "--format", form).output

        assert "module.network.aws_vpc.this" in output
        assert "environments/staging" in output.partition("terraform.tfvars")[0], form
        assert "environments/prod" not in output, form
