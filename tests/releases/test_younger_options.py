"""An option or a setting that is younger than an environment is for it what it was before there was a choice."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import EKS
from tests.conftest import Run

LOCK = "escscaffold.lock"
YOUNGER = ("kubernetes.addons", "options.cluster_name", "options.flow_logs", "options.scaling")
"""What locks of November 2026 do not have of EKS."""


def forget_younger(folder: Path) -> None:
    """Make the lock one of a version that had none of these."""
    text = (folder / LOCK).read_text()
    for key in YOUNGER:
        text, count = re.subn(rf'"{re.escape(key)}":(\[[^\]]*\]|"[^"]*"|[^,}}]*),', "", text)
        assert count, key
        text = re.sub(rf'^"prod\.{key.partition(".")[2]}" = .*\n', "", text, flags=re.MULTILINE)
    (folder / LOCK).write_text(text)


@pytest.fixture
def older(tmp_path: Path, run: Run) -> Path:
    """A repository whose environment prod is older than the options."""
    folder = tmp_path / "network"
    assert run("init", folder, *EKS, "--environment", "prod", "--yes").exit_code == 0
    forget_younger(folder)
    # What the options brought goes again.
    assert run("generate", "-C", folder, "--accept-replace", "prod").exit_code == 0
    return folder


def main_of(folder: Path, environment: str) -> str:
    return (folder / "environments" / environment / "main.tf").read_text()


def test_a_node_group_keeps_its_name_and_moves_in_the_state_alone(older: Path, run: Run) -> None:
    main = main_of(older, "prod")

    assert 'source = "../../modules/eks-nodes-fixed-name"' in main
    assert "from = module.kubernetes.aws_eks_node_group.this\n  to   = module.nodes.aws_eks_node_group.this" in main
    assert '"options.scaling":"fixed-name"' in (older / LOCK).read_text()
    assert run("check", "-C", older).exit_code == 0


def test_a_cluster_keeps_its_name_and_a_new_one_is_named_as_on_other_clouds(older: Path, run: Run) -> None:
    assert run("add", "staging", "-C", older, *EKS, "--yes").exit_code == 0

    assert "cluster_name = var.environment\n" in main_of(older, "prod")
    assert 'cluster_name = "eks-${var.environment}"\n' in main_of(older, "staging")
    refused = run("set", "prod.options.cluster_name=prefixed", "-C", older, "--json")
    assert refused.exit_code == 5
    words = {word for one in json.loads(refused.stdout)["replaces"] for word in one["replaces"]}
    assert {"the cluster", "the node group"} <= words


def test_a_new_environment_of_the_repository_has_the_new_default(older: Path, run: Run) -> None:
    assert run("add", "staging", "-C", older, *EKS, "--yes").exit_code == 0

    assert 'source = "../../modules/eks-nodes"' in main_of(older, "staging")
    assert 'source = "../../modules/eks-nodes-fixed-name"' in main_of(older, "prod")


def test_the_new_default_is_taken_on_request_and_replaces_the_node_group(older: Path, run: Run) -> None:
    refused = run("generate", "-C", older, "--defaults", "prod.options.scaling", "--json")
    taken = run("generate", "-C", older, "--defaults", "prod.options.scaling", "--accept-replace", "prod.scaling")

    assert refused.exit_code == 5
    assert [one["replaces"] for one in json.loads(refused.stdout)["replaces"]] == [["the node group"]]
    assert taken.exit_code == 0
    assert 'source = "../../modules/eks-nodes"' in main_of(older, "prod")


def test_who_sets_the_number_of_nodes_changes_in_place(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "network"
    assert run("init", folder, *EKS, "--environment", "prod", "--yes").exit_code == 0

    assert run("set", "prod.options.scaling=external", "-C", folder).exit_code == 0

    assert 'source = "../../modules/eks-nodes-autoscaled"' in main_of(folder, "prod")


def test_a_number_of_nodes_that_an_autoscaler_sets_is_refused(tmp_path: Path, run: Run) -> None:
    flags = ["--set", "options.scaling=external", "--set", "kubernetes.nodes=4"]

    done = run("init", tmp_path / "network", *EKS, "--environment", "prod", "--yes", *flags)

    assert done.exit_code == 2
    assert 'nodes has no effect with options.scaling = "external"' in done.output


def test_policies_by_partition_are_those_that_are_attached(older: Path, run: Run) -> None:
    before = older.with_name("before")
    shutil.copytree(older, before)
    roles = before / "modules/eks/roles.tf"
    assert "arn:${local.partition}:iam" in roles.read_text()
    roles.write_text(roles.read_text().replace("arn:${local.partition}:iam", "arn:aws:iam"))

    reviewed = json.loads(run("review", before, older, "--json").stdout)

    assert [one for one in reviewed["impact"] if one["effect"] != "in place"] == []
