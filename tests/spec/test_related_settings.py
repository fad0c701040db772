"""Settings that Terraform's plan or a cloud would refuse together are refused in the spec, with one that works."""

import pytest

from escscaffold import check_plan, plan, read_spec
from escscaffold.planning.sizing import cluster_settings
from tests.spec.test_settings import problems, spec_text

KUBERNETES, DATABASE = "[environments.prod.kubernetes]\n", "[environments.prod.database]\n"
REFUSED = {
    ("eks", KUBERNETES + "log_retention_days = 100"): "Use 90.",
    ("eks", KUBERNETES + "log_retention_days = 2"): "Use 1.",
    ("eks", KUBERNETES + 'ami_type = "AL2023_ARM_64_STANDARD"'): 'Write instance_types = ["m7g.large"].',
    ("eks", KUBERNETES + 'instance_types = ["m6i.large", "c7gn.xlarge"]'): 'Write ami_type = "AL2023_ARM_64_STANDARD".',
    (
        "aks-cni",
        KUBERNETES + "pods_per_node = 10\nnodes_min = 1",
    ): "Set pods_per_node = 30 or more, or raise nodes_min.",
    ("eks", KUBERNETES + "nodes = 3\nnodes_min = 4"): "Set nodes_min = 3 or less, or change nodes.",
    ("eks", KUBERNETES + "nodes = 7"): "Set nodes_max = 7 or more.",
    ("aks-cni", KUBERNETES + "pods_per_node = 10\nnodes_min = 2"): "Set pods_per_node = 15 or more",
    (
        "aks-cni",
        KUBERNETES + 'private_cluster = true\nendpoint_access_ranges = ["198.51.100.0/24"]',
    ): "Leave endpoint_access_ranges out.",
    ("aks-cni", KUBERNETES + 'version = "1.33"\nupgrade_channel = "stable"'): 'Write upgrade_channel = "patch"',
    ("aks-cni", KUBERNETES + 'node_size = "Standard_D4s_v5"'): 'Write os_disk_type = "Managed"',
    ("aks-cni", KUBERNETES + 'node_size = "Standard_D2ds_v5"'): "Set os_disk_size = 75 or less",
    ("aks-cni", KUBERNETES + 'node_size = "Standard_E4-2s_v5"'): 'Write os_disk_type = "Managed"',
    # A constrained size has the disk of the size that it is made of: 4 processors, of which 2 work.
    ("aks-cni", KUBERNETES + 'node_size = "Standard_E4-2ds_v5"\nos_disk_size = 151'): "Set os_disk_size = 150 or less",
    ("aks-cni", KUBERNETES + "os_disk_size = 151"): "Set os_disk_size = 150 or less",
    ("gke-standard", KUBERNETES + 'disk_type = "hyperdisk-balanced"'): 'Write disk_type = "pd-balanced"',
    ("gke-routes", KUBERNETES + 'machine_type = "n4-standard-4"'): 'Write disk_type = "hyperdisk-balanced".',
    ("gke-standard", KUBERNETES + 'zones = ["europe-west1-b"]'): 'Use a zone like "europe-west2-b".',
    ("eks", DATABASE + "disk_iops = 16000\ndisk_size = 31"): "Set disk_iops = 15500 or less",
    ("eks", DATABASE + "disk_throughput = 751"): "Set disk_throughput = 750 or less",
    (
        "gke-standard",
        KUBERNETES + "nodes_min = 5\n[environments.prod.ranges]\nnodes = { nodes = 4 }",
    ): "Set nodes_min = 4 or fewer",
}
ACCEPTED = [
    ("eks", KUBERNETES + "log_retention_days = 90"),
    ("eks", KUBERNETES + 'ami_type = "AL2023_ARM_64_STANDARD"\ninstance_types = ["m7g.large", "c6gn.xlarge"]'),
    ("eks", KUBERNETES + 'instance_types = ["g4dn.xlarge", "i3en.large", "g6e.xlarge"]'),
    ("aks-cni", KUBERNETES + "pods_per_node = 10\nnodes_min = 3"),
    ("aks-cni", KUBERNETES + 'node_size = "Standard_D4s_v5"\nos_disk_type = "Managed"'),
    ("aks-cni", KUBERNETES + 'node_size = "Standard_E4-2ds_v5"\nos_disk_size = 150'),
    ("aks-cni", KUBERNETES + "os_disk_size = 150"),
    ("aks-cni", KUBERNETES + "private_cluster = true"),
    ("gke-standard", KUBERNETES + 'disk_type = "hyperdisk-balanced"\nmachine_type = "n4-standard-4"'),
    ("gke-standard", KUBERNETES + 'zones = ["europe-west2-b"]'),
    ("eks", DATABASE + "disk_iops = 15500\ndisk_size = 31\ndisk_throughput = 1000"),
    ("gke-standard", KUBERNETES + "nodes_min = 4\n[environments.prod.ranges]\nnodes = { nodes = 4 }"),
]


@pytest.mark.parametrize(("mode", "tables"), REFUSED)
def test_what_does_not_go_together_is_refused_with_what_does(mode: str, tables: str) -> None:
    (problem,) = problems(mode, f"{tables}\n")

    assert problem.code == "ESC004"
    assert REFUSED[mode, tables] in problem.fix


@pytest.mark.parametrize(("mode", "tables"), ACCEPTED)
def test_what_goes_together_is_accepted(mode: str, tables: str) -> None:
    findings = check_plan(plan(read_spec(spec_text(mode, f"{tables}\n"))))

    assert [finding.message for finding in findings if finding.severity == "error"] == []


def test_a_minimum_by_default_follows_a_range_for_fewer_nodes() -> None:
    spec = read_spec(spec_text("eks", "[environments.prod.ranges]\nnodes-1 = { nodes = 1 }\n"))

    settings = cluster_settings(spec.environments["prod"])

    assert (settings["nodes_min"], settings["nodes_max"]) == (1, 1)
