"""What differs between staging and prod is said in the spec, and Terraform plans it for that environment alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import said
from tests.conftest import Run, Terraform
from tests.emitted.guide import init_flags

KEY = "projects/acme/locations/europe-west2/keyRings/gke/cryptoKeys/secrets"
ARM = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/platform/providers"
WORKSPACE = f"{ARM}/Microsoft.OperationalInsights/workspaces/platform"
DISKS = f"{ARM}/Microsoft.Compute/diskEncryptionSets/aks"
ETCD = "https://acme-keys.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef"
VAULT = f"{ARM}/Microsoft.KeyVault/vaults/acme-keys"
WINDOW = ["maintenance_day=Sunday", "maintenance_start=03:30"]
RANGES = '["198.51.100.0/24"]'

# By the mode: what is set of prod, what Terraform then plans of its cluster, and what it plans of staging's.
SETTINGS: dict[str, tuple[list[str], dict[str, Any], dict[str, Any]]] = {
    "gke-standard": (
        [
            *[*WINDOW, "release_channel=STABLE", 'control_plane_logs=["APISERVER"]', f"secrets_key={KEY}"],
            f"endpoint_access_ranges={RANGES}",
        ],
        {
            # 7 January 2024 was a Sunday.
            "maintenance_policy.0.recurring_window.0.start_time": "2024-01-07T03:30:00Z",
            "maintenance_policy.0.recurring_window.0.end_time": "2024-01-07T15:30:00Z",
            "maintenance_policy.0.recurring_window.0.recurrence": "FREQ=WEEKLY;BYDAY=SU",
            "release_channel.0.channel": "STABLE",
            "logging_config.0.enable_components": ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"],
            "database_encryption.0": {"key_name": KEY, "state": "ENCRYPTED"},
            "master_authorized_networks_config.0.cidr_blocks.0.cidr_block": "198.51.100.0/24",
        },
        {
            "maintenance_policy": [],
            "release_channel.0.channel": "REGULAR",
            "logging_config.0.enable_components": ["SYSTEM_COMPONENTS", "WORKLOADS"],
            "master_authorized_networks_config.0.cidr_blocks": [],
        },
    ),
    "gke-autopilot": (
        [*WINDOW, "maintenance_hours=24", 'control_plane_logs=["SCHEDULER"]', f"secrets_key={KEY}", f"disk_key={KEY}"],
        {
            "maintenance_policy.0.recurring_window.0.end_time": "2024-01-08T03:30:00Z",
            "logging_config.0.enable_components": ["SYSTEM_COMPONENTS", "WORKLOADS", "SCHEDULER"],
            "database_encryption.0.key_name": KEY,
            "cluster_autoscaling.0.auto_provisioning_defaults.0.boot_disk_kms_key": KEY,
        },
        {"maintenance_policy": []},
    ),
    "aks-overlay": (
        [
            *[*WINDOW, "upgrade_channel=stable", f"log_workspace_id={WORKSPACE}", f"disk_encryption_set_id={DISKS}"],
            *[f"secrets_key_id={ETCD}", f"secrets_key_vault_id={VAULT}"],
            f"endpoint_access_ranges={RANGES}",
        ],
        {
            **{
                f"maintenance_window_{what}.0.{key}": value
                for what in ("auto_upgrade", "node_os")
                for key, value in (("day_of_week", "Sunday"), ("start_time", "03:30"), ("duration", 4))
            },
            "automatic_upgrade_channel": "stable",
            "oms_agent.0.log_analytics_workspace_id": WORKSPACE,
            "disk_encryption_set_id": DISKS,
            "key_management_service.0": {"key_vault_key_id": ETCD, "key_vault_network_access": "Public"},
            "api_server_access_profile.0.authorized_ip_ranges": ["198.51.100.0/24"],
        },
        {
            "maintenance_window_auto_upgrade": [],
            "maintenance_window_node_os": [],
            "oms_agent": [],
            "key_management_service": [],
            "disk_encryption_set_id": None,
            "automatic_upgrade_channel": "patch",
        },
    ),
}


def test_control_plane_logs_of_aks_go_to_the_workspace(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    logs = 'control_plane_logs=["kube-audit-admin", "guard"]'
    refused = run("init", tmp_path / "net", *init_flags("aks-overlay"), "--set", f"kubernetes.{logs}")
    assert "control_plane_logs needs log_workspace_id" in said(refused)
    given = ["--set", f"kubernetes.{logs}", "--set", f"kubernetes.log_workspace_id={WORKSPACE}"]
    made = run("init", tmp_path / "net", *init_flags("aks-overlay"), *given)
    assert made.exit_code == 0, made.output

    root = tmp_path / "net/environments/prod"
    terraform(root, "init", "-input=false")
    terraform(root, "plan", "-input=false", "-out=plan.tfplan")
    planned = json.loads(terraform(root, "show", "-json", "plan.tfplan").stdout)

    kind = "azurerm_monitor_diagnostic_setting"
    (setting,) = (one["change"]["after"] for one in planned["resource_changes"] if one["type"] == kind)
    assert sorted(log["category"] for log in setting["enabled_log"]) == ["guard", "kube-audit-admin"]
    assert (setting["log_analytics_workspace_id"], setting["log_analytics_destination_type"]) == (
        WORKSPACE,
        "Dedicated",
    )


def cluster_of(terraform: Terraform, root: Path) -> dict[str, Any]:
    """Return the cluster as Terraform plans it."""
    terraform(root, "init", "-input=false")
    terraform(root, "plan", "-input=false", "-out=plan.tfplan")
    planned = json.loads(terraform(root, "show", "-json", "plan.tfplan").stdout)
    kinds = ("google_container_cluster", "azurerm_kubernetes_cluster")
    (found,) = (one["change"]["after"] for one in planned["resource_changes"] if one["type"] in kinds)
    cluster: dict[str, Any] = found
    return cluster


def at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[int(part)] if part.isdigit() else value.get(part)
    return value


@pytest.mark.parametrize("mode", SETTINGS)
def test_a_setting_of_one_environment_is_not_the_others(
    mode: str, tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    given, in_prod, in_staging = SETTINGS[mode]
    repository = tmp_path / "net"
    settings = [part for one in given for part in ("--set", f"kubernetes.{one}")]
    made = run("init", repository, *init_flags(mode), *settings)
    assert made.exit_code == 0, made.output
    added = run("add", "staging", "-C", repository, "--mode", mode, "--yes")
    assert added.exit_code == 0, added.output

    prod, staging = (cluster_of(terraform, repository / "environments" / name) for name in ("prod", "staging"))

    assert {path: at(prod, path) for path in in_prod} == in_prod
    assert {path: at(staging, path) for path in in_staging} == in_staging


@pytest.mark.parametrize(
    ("mode", "setting", "words"),
    [
        ("gke-standard", "maintenance_day=Caturday", "Caturday"),
        ("gke-standard", "maintenance_hours=8", "maintenance_hours = 8 is outside 12 to 24"),
        ("gke-standard", "maintenance_start=03:00", "maintenance_day"),
        ("gke-standard", "maintenance_start=24:00", "Invalid maintenance_start '24:00'"),
        ("gke-autopilot", "secrets_key=alias/mine", "Invalid secrets_key 'alias/mine'"),
        ("aks-overlay", "maintenance_hours=3", "maintenance_hours = 3 is outside 4 to 24"),
        ("aks-overlay", "log_workspace_id=platform", "Invalid log_workspace_id 'platform'"),
        ("aks-overlay", f"secrets_key_vault_id={VAULT}", "secrets_key_vault_id needs secrets_key_id"),
        # The key follows its version, or AKS would not know which one to read with.
        ("aks-overlay", f"secrets_key_id={ETCD[:-33]}", "Invalid secrets_key_id"),
        ("aks-overlay", "disk_encryption_set_id=aks", "Invalid disk_encryption_set_id 'aks'"),
    ],
)
def test_what_the_cloud_refuses_is_refused(mode: str, setting: str, words: str, tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "net", *init_flags(mode), "--set", f"kubernetes.{setting}")

    assert result.exit_code == 2
    assert words in said(result)
