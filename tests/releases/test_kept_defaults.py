"""A release with other defaults changes nothing that exists, says so, and gives new environments its own."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.lock_text import read_lock
from tests.cli.conftest import EKS, GKE, said, tree
from tests.conftest import Run
from tests.releases.facts import Release

NEWER = {
    "kurrent/database.toml": {"server_version.default": '"27.0"', "instance_type.default": '"m32"'},
    "gcp/kubernetes.toml": {"machine_type.default": '"n4-standard-4"'},
}
OLDER = {
    "kurrent/database.toml": {
        "server_version.default": '"24.10"',
        "instance_type.default": '"c4"',
        "prevent_destroy.default": "false",
    }
}
"""What defaults were while locks recorded none."""
VARIABLES = "environments/{}/variables.tf"
LOCK = "escscaffold.lock"


@pytest.fixture
def network(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "network"
    assert run("init", folder, *GKE, "--environment", "prod", "--yes").exit_code == 0
    return folder


def default(folder: Path, environment: str, name: str) -> str:
    """Return the default that Terraform has for an argument of the environment's variables."""
    text = (folder / VARIABLES.format(environment)).read_text()
    found = re.findall(rf"^    {name} += optional\((?:\w+|\w+\(\w+\)), (.+)\)$", text, re.MULTILINE)
    assert len(found) == 1, (name, found)
    return str(found[0])


def without_record(folder: Path) -> str:
    """Make the lock one of the versions that recorded no defaults, and return its text."""
    path = folder / LOCK
    text, count = re.subn(r"\n\[defaults\]\n(?:\".+\n)+", "", path.read_text())
    assert count == 1
    path.write_text(text)
    return text


def findings(folder: Path, run: Run) -> list[dict[str, str]]:
    document: dict[str, Any] = json.loads(run("check", "-C", folder, "--json").stdout)
    return [finding for finding in document["findings"] if finding["code"] == "ESC604"]


def test_nothing_changes_for_an_environment_that_exists(network: Path, run: Run, release: Release) -> None:
    before = tree(network)
    release(NEWER)

    result = run("generate", "-C", network)

    assert (result.exit_code, tree(network) == before) == (0, True), result.output
    assert "No changes" in result.output
    assert default(network, "prod", "machine_type") == '"e2-standard-4"'


def test_a_lock_that_recorded_no_default_stands_for_those_of_its_time(
    tmp_path: Path, run: Run, release: Release
) -> None:
    network = tmp_path / "network"
    release(OLDER)
    assert run("init", network, *GKE, "--environment", "prod", "--yes").exit_code == 0
    without_record(network)
    before = tree(network)
    release(NEWER)

    result = run("generate", "-C", network)

    assert result.exit_code == 0, result.output
    assert "replace" not in result.output
    assert {path for path, content in tree(network).items() if content != before.get(path)} == {LOCK}
    assert '"kubernetes.machine_type":"e2-standard-4"' in (network / LOCK).read_text()
    assert run("check", "-C", network).exit_code == 0


def test_a_new_environment_gets_the_new_defaults(network: Path, run: Run, release: Release) -> None:
    before = (network / VARIABLES.format("prod")).read_text()
    release(NEWER)

    assert run("add", "staging", "-C", network, *GKE, "--yes").exit_code == 0

    got = [default(network, "staging", name) for name in ("server_version", "instance_type", "machine_type")]
    assert got == ['"27.0"', '"m32"', '"n4-standard-4"']
    assert (network / VARIABLES.format("prod")).read_text() == before
    assert [finding["environment"] for finding in findings(network, run)] == ["prod"]


def test_a_dry_run_of_add_changes_nothing_for_an_environment_that_exists(
    network: Path, run: Run, release: Release
) -> None:
    release(NEWER)

    result = run("add", "staging", "-C", network, *GKE, "--yes", "--dry-run")

    assert result.exit_code == 3
    assert "environments/staging/variables.tf" in result.output
    assert "environments/prod/variables.tf" not in result.output


def test_check_names_newer_defaults_and_stays_green(network: Path, run: Run, release: Release) -> None:
    release(NEWER)

    result = run("check", "-C", network)

    assert result.exit_code == 0
    assert "notice ESC604 prod defaults" in result.output
    assert "kubernetes.machine_type e2-standard-4 -> n4-standard-4" in said(result)
    assert "database.instance_type m16 -> m32" in said(result)
    (finding,) = findings(network, run)
    assert finding["severity"] == "notice"
    # The provider upgrades a server by its tag: the version alone would change nothing, for ever.
    assert "set prod.database.server_version=27.0 prod.database.server_version_tag=" in finding["fix"]


def test_at_most_five_environments_of_a_notice_are_named(network: Path, run: Run, release: Release) -> None:
    for name in ("a", "b", "c", "d", "e", "f"):
        assert run("add", name, "-C", network, *GKE, "--yes", "--quiet").exit_code == 0
    release(NEWER)

    assert "notice ESC604 a, b, c, d, e and 2 more: defaults" in run("check", "-C", network).stdout


def test_equal_notices_of_environments_are_one(network: Path, run: Run, release: Release) -> None:
    for name in ("a", "eu-1", "eu-2", "us-1", "us-2"):
        assert run("add", name, "-C", network, *GKE, "--yes", "--quiet").exit_code == 0
    # Its notice names one default less.
    assert run("set", "us-1.kubernetes.machine_type=n2-standard-8", "-C", network).exit_code == 0
    release(NEWER)

    texts = [run("check", "-C", network).stdout, run("generate", "-C", network).output]

    for text in texts:
        assert re.findall(r"ESC604 .*", text) == ["ESC604 a, eu-1, eu-2, prod, us-2: defaults", "ESC604 us-1 defaults"]
        assert "--defaults=ENVIRONMENT --dry-run" in text
        assert "--defaults=us-1 --dry-run" in text
    assert {finding["environment"] for finding in findings(network, run)} == {
        "prod",
        "a",
        "eu-1",
        "eu-2",
        "us-1",
        "us-2",
    }


def test_a_plan_lists_what_is_decided_by_default(network: Path, run: Run, release: Release) -> None:
    assert run("set", "kubernetes.disk_size=50", "-C", network).exit_code == 0
    release(NEWER)

    prod = json.loads(run("plan", "-C", network, "--explain", "--json").stdout)["environments"]["prod"]

    assert prod["defaults"]["kubernetes.machine_type"] == "e2-standard-4"
    assert prod["defaults"]["routes"] == "supernet"
    assert "kubernetes.disk_size" not in prod["defaults"]


def test_a_notice_can_be_accepted(network: Path, run: Run, release: Release) -> None:
    release(NEWER)
    spec = network / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.accept]\nESC604 = "we move in May"\n')

    assert run("generate", "-C", network, "--quiet").output == ""
    assert "ESC604 prod defaults: we move in May" in said(run("check", "-C", network))


def test_they_are_taken_on_request_and_the_price_is_shown_first(network: Path, run: Run, release: Release) -> None:
    facts = {
        **NEWER,
        "gcp/kubernetes.toml": {"machine_type.default": '"n4-standard-4"', "max_pods_per_node.default": "64"},
    }
    before = tree(network)
    release(facts)

    refused = run("generate", "-C", network, "--defaults")

    assert refused.exit_code == 5
    assert "prod.max_pods_per_node: 110 -> 64 replaces the cluster" in said(refused)
    assert f"escscaffold generate -C {network} --defaults --accept-replace prod.max_pods_per_node" in said(refused)
    assert tree(network) == before
    assert run("generate", "-C", network, "--defaults", "--accept-replace", "prod.max_pods_per_node").exit_code == 0
    assert default(network, "prod", "max_pods_per_node") == "64"
    assert default(network, "prod", "machine_type") == '"n4-standard-4"'
    assert default(network, "prod", "instance_type") == '"m32"'
    assert default(network, "prod", "server_version") == '"26.0"'
    assert [finding["subject"] for finding in findings(network, run)] == ["database.server_version"]


def test_one_of_them_is_taken_by_name(network: Path, run: Run, release: Release) -> None:
    release(NEWER)

    result = run("generate", "-C", network, "--defaults=prod.database.instance_type", "--json")

    assert result.exit_code == 0, result.output
    taken = {"environment": "prod", "key": "database.instance_type", "old": "m16", "new": "m32"}
    assert json.loads(result.stdout)["defaults"] == [taken]
    assert default(network, "prod", "instance_type") == '"m32"'
    assert default(network, "prod", "machine_type") == '"e2-standard-4"'


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("live", "not an environment"),
        ("prod.kubernetes.disk_size", "or a setting with a newer default"),
        ("prod.database.server_version", "_tag="),
    ],
)
def test_what_cannot_be_taken_is_refused(name: str, told: str, network: Path, run: Run, release: Release) -> None:
    release(NEWER)

    result = run("generate", "-C", network, f"--defaults={name}")

    assert result.exit_code == 2
    assert told in said(result)


def test_what_a_person_gave_is_no_default_and_gone_it_is_the_kept_one(
    network: Path, run: Run, release: Release
) -> None:
    assert run("set", "kubernetes.machine_type=c3-standard-4", "-C", network).exit_code == 0
    release(NEWER)

    assert "machine_type" not in findings(network, run)[0]["message"]
    assert run("set", "kubernetes.machine_type=", "-C", network).exit_code == 0
    assert default(network, "prod", "machine_type") == '"e2-standard-4"'


def test_they_follow_an_environment_that_is_renamed(network: Path, run: Run, release: Release) -> None:
    release(NEWER)

    assert run("rename", "prod", "live", "-C", network).exit_code == 0

    assert default(network, "live", "machine_type") == '"e2-standard-4"'
    assert run("check", "-C", network).exit_code == 0


def test_one_that_was_removed_and_comes_back_is_new(network: Path, run: Run, release: Release) -> None:
    assert run("add", "staging", "-C", network, *GKE, "--yes").exit_code == 0
    assert run("remove", "staging", "-C", network).exit_code == 0
    release(NEWER)

    assert run("add", "staging", "-C", network, *GKE, "--yes").exit_code == 0

    assert default(network, "staging", "machine_type") == '"n4-standard-4"'


def test_options_and_parts_are_kept_as_well(network: Path, run: Run, release: Release) -> None:
    assert run("set", "backup.keep=3", "-C", network).exit_code == 0
    before = tree(network)
    release(
        {
            "gcp/modes/gke-standard.toml": {
                "options.nodes.default": '"public"',
                "parts.network": '["existing", "create"]',
                "ranges.pods.default_prefix_length": "14",
            },
            "kurrent/kurrent.toml": {"parts.database": '["absent", "create", "existing"]'},
            "kurrent/backup.toml": {"schedule.default": '"0 4 * * *"'},
        }
    )

    result = run("generate", "-C", network)

    assert (result.exit_code, tree(network) == before) == (0, True), result.output


def test_a_size_by_default_is_kept(tmp_path: Path, run: Run, release: Release) -> None:
    folder = tmp_path / "network"
    assert run("init", folder, *GKE, "--range", "pods={ nodes = 100 }", "--yes").exit_code == 0
    before = tree(folder)
    release(
        {
            "gcp/kubernetes.toml": {"max_pods_per_node.default": "256", "nodes_surge.default": "20"},
            "gcp/modes/gke-standard.toml": {
                "ranges.pods.sizing.default_pods_per_node": "256",
                "ranges.pods.sizing.default_surge": "20",
            },
        }
    )

    result = run("generate", "-C", folder)

    assert (result.exit_code, tree(folder) == before) == (0, True), result.output


def test_what_was_left_to_the_cloud_stays_there(tmp_path: Path, run: Run, release: Release) -> None:
    folder = tmp_path / "network"
    assert run("init", folder, *EKS, "--yes").exit_code == 0
    before = tree(folder)
    release({"aws/kubernetes.toml": {"version.kind": '"text"\ndefault = "1.40"'}})

    assert run("generate", "-C", folder).exit_code == 0

    assert tree(folder) == before
    assert "kubernetes.version none -> 1.40" in findings(folder, run)[0]["message"]


def test_another_mode_brings_what_differs_by_the_mode_and_nothing_else(
    tmp_path: Path, run: Run, release: Release
) -> None:
    folder = tmp_path / "network"
    azure = ("--mode", "aks-kubenet-vnet", "--region", "westeurope")
    assert run("init", folder, *azure, "--environment", "prod", "--yes").exit_code == 0
    release({"azure/kubernetes.toml": {"node_size.default": '"Standard_D4ds_v9"'}})

    assert run("set", "mode=aks-overlay", "-C", folder, "--accept-replace", "prod").exit_code == 0

    assert default(folder, "prod", "node_size") == '"Standard_D4ds_v5"'
    assert default(folder, "prod", "pods_per_node") == "250"
    assert run("check", "-C", folder).exit_code == 0


def test_a_part_that_is_made_later_is_made_as_today(tmp_path: Path, run: Run, release: Release) -> None:
    folder = tmp_path / "network"
    assert run("init", folder, *GKE, "--set", "parts.kubernetes=absent", "--yes").exit_code == 0
    release(NEWER)

    assert run("set", "parts.kubernetes=create", "-C", folder).exit_code == 0

    assert default(folder, "prod", "machine_type") == '"n4-standard-4"'
    assert default(folder, "prod", "instance_type") == '"m16"'


def test_a_default_that_is_possible_no_more_is_told_with_what_is(network: Path, run: Run, release: Release) -> None:
    release({"kurrent/database.toml": {"instance_type.default": '"m8"', "instance_type.choices": '["m8", "m32"]'}})

    result = run("check", "-C", network)

    assert result.exit_code == 1
    assert "The lock keeps the earlier default instance_type = 'm16'" in said(result)
    assert run("set", "database.instance_type=m8", "-C", network).exit_code == 0
    assert run("check", "-C", network).exit_code == 0


@pytest.mark.parametrize("line", ["'[1]'", "'{'", '"none"', "'{\"kubernetes.machine_type\":7}'"])
def test_a_record_that_was_never_written_is_refused(line: str, network: Path, run: Run) -> None:
    lock = network / LOCK
    lock.write_text(re.sub(r'(\[defaults\]\n"prod" = )\'.+\'', lambda found: found[1] + line, lock.read_text()))

    result = run("generate", "-C", network)

    assert result.exit_code == 1
    assert "ESC601" in result.output or "ESC004" in result.output


def merged(lock: str, ours: str, theirs: str) -> str:
    """Return the lock with a conflict of its lines on defaults."""
    conflict = f"[defaults]\n<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> theirs\n"
    return re.sub(r"\[defaults\]\n(?:\".+\n)+", lambda found: conflict, lock)


def test_the_records_of_both_branches_hold_after_a_merge(network: Path) -> None:
    text = (network / LOCK).read_text()
    blue, green = '"blue" = \'{"kubernetes.zones":[]}\'\n', '"green" = \'{"routes":"exact"}\'\n'

    lock = read_lock(merged(text, blue, green), load_facts())

    assert lock.defaults == {"blue": '{"kubernetes.zones":[]}', "green": '{"routes":"exact"}'}
    assert [note.code for note in lock.notes] == ["ESC603"]


def test_where_two_branches_took_other_defaults_the_upper_ones_hold_and_it_is_told(network: Path) -> None:
    text = (network / LOCK).read_text()
    ours, theirs = (
        f'"prod" = \'{{"kubernetes.machine_type":"{name}"}}\'\n' for name in ("n2-standard-4", "c3-standard-4")
    )

    lock = read_lock(merged(text, ours, theirs), load_facts())

    assert lock.defaults == {"prod": '{"kubernetes.machine_type":"n2-standard-4"}'}
    (note,) = lock.notes
    assert note.message == (
        'The merge left two values of prod.kubernetes.machine_type: "n2-standard-4" is used, '
        '"c3-standard-4" is ignored.'
    )
