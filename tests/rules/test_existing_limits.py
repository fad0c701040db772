"""A range that exists is held to what its cloud has, and not to what is written for a new one.

The sizes are those of the clouds' pages: a VPC and its subnets at AWS are /16 to /28, and EKS takes /12 to /24 for
services; a subnet at Google or Azure is /29 or larger, and AKS wants services smaller than /12.
"""

from ipaddress import IPv4Network

import pytest

from escscaffold import check_plan, plan, read_spec
from escscaffold.clouds.fact_files import cloud_names, load_cloud, with_parts

SUBNET_AT_AWS, SUBNET_AT_GOOGLE, SUBNET_AT_AZURE = (16, 28), (8, 29), (8, 29)
SIZES = {
    "aws": {"services": (12, 24), "": SUBNET_AT_AWS},
    "gcp": {"pods": (9, 24), "services": (16, 27), "": SUBNET_AT_GOOGLE},
    "azure": {"services": (13, 29), "": SUBNET_AT_AZURE},
}
# A cluster range that holds its services and a block for each of three nodes, and pods of AKS: a /24 for each node.
OF_MODES = {
    ("gke-routes", "pods"): (8, 19),
    ("aks-kubenet", "pods"): (8, 24),
    ("aks-kubenet-vnet", "pods"): (8, 24),
    ("aks-overlay", "pods"): (8, 24),
}
EXISTING = [
    (cloud, mode.name, kind)
    for cloud in cloud_names()
    for mode in load_cloud(cloud).modes.values()
    for kind, facts in mode.ranges.items()
    if "existing" in mode.parts.get(facts.part, ())
]


@pytest.mark.parametrize(("cloud", "mode", "kind"), EXISTING)
def test_a_range_that_exists_has_the_sizes_of_its_cloud(cloud: str, mode: str, kind: str) -> None:
    made = load_cloud(cloud).modes[mode]
    facts = with_parts(made, {made.ranges[kind].part: "existing"}).ranges[kind]
    shortest, longest = OF_MODES.get((mode, kind)) or SIZES[cloud].get(kind, SIZES[cloud][""])

    assert facts.pinned_only
    # A range that AKS alone sets is of any size.
    if facts.settable:
        assert facts.shortest_prefix_length <= shortest
        assert facts.longest_prefix_length >= longest


def test_every_part_that_can_exist_is_walked_through() -> None:
    assert {mode for _, mode, _ in EXISTING} >= {
        "eks",
        "eks-auto",
        "eks-custom",
        "gke-routes",
        "aks-kubenet",
        "aks-cni",
    }
    assert len(EXISTING) > 30


AZURE = 'network_resource_group = "rg-esc"\nkubernetes_resource_group = "rg-esc"'
ZONES = {
    **{f"nodes-{number}": f"10.0.{number}.0/28" for number in range(1, 7)},
    **{f"pods-{number}": f"100.64.{number * 16}.0/28" for number in range(1, 7)},
}


@pytest.mark.parametrize(
    ("mode", "existing", "ranges"),
    [
        # Six blocks: AWS raises the quota of five on request, and a block of 192.168.0.0/16 could be added at first.
        ("eks-custom", "vpc-0a1b2c3d4e5f60718", {"network": "10.0.0.0/16", "services": "172.20.0.0/24", **ZONES}),
        (
            "eks-custom",
            "vpc-0a1b2c3d4e5f60718",
            {
                "network": "10.0.0.0/16",
                "services": "172.20.0.0/24",
                "nodes-1": "10.0.1.0/24",
                "nodes-2": "10.0.2.0/24",
                "pods-1": "192.168.0.0/24",
                "pods-2": "192.168.1.0/24",
            },
        ),
        # Its VNet was 10.0.0.0/8 before 2022.
        ("aks-kubenet", "", {"network": "10.0.0.0/8", "pods": "192.168.0.0/24", "services": "172.20.0.0/29"}),
        (
            "aks-podsubnet",
            "vnet-esc",
            {"network": "10.0.0.0/8", "nodes": "10.0.0.0/29", "pods": "10.64.0.0/15", "services": "172.20.0.0/16"},
        ),
        # The provider takes RFC 1918 alone for a new cluster.
        ("gke-routes", "vpc-esc", {"nodes": "10.0.0.0/20", "pods": "100.64.0.0/17"}),
    ],
)
def test_what_exists_is_no_error_of_limits(mode: str, existing: str, ranges: dict[str, str]) -> None:
    cloud = next(name for name in cloud_names() if mode in load_cloud(name).modes)
    parts = ["kubernetes", *(["network"] if existing else [])]
    names = {"network": existing, "kubernetes": "shared"}
    text = "\n".join(
        [
            "version = 1",
            "[environments.prod]",
            f'cloud = "{cloud}"\nmode = "{mode}"\nregion = "{load_cloud(cloud).default_region}"\nroutes = "exact"',
            "[environments.prod.parts]",
            *(f'{part} = "existing"' for part in parts),
            "[environments.prod.existing]",
            *(f'{part} = "{names[part]}"' for part in parts),
            "\n".join(AZURE.splitlines()[0 if existing else 1 :]) if cloud == "azure" else "",
            "[environments.prod.ranges]",
            'kurrent = "172.22.110.0/24"',
            *(f'{name} = "{IPv4Network(cidr)}"' for name, cidr in ranges.items()),
        ]
    )
    findings = check_plan(plan(read_spec(text)))

    assert [f"{f.code} {f.subject}: {f.message}" for f in findings if f.severity == "error"] == []
