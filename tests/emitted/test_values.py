"""Somebody else's reading of each root module: every range and route in a resource is the plan's.

The reader is tfparse, which follows variables, modules and `for_each` without Terraform or a provider.
"""

import json
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from tfparse import load_from_path

from tests.conftest import Run
from tests.emitted.guide import GUIDE, KURRENT_PROVIDERS, init_flags

# Where a resource says a range, and which of the plan's ranges that may be, by the beginning of their names.
MEANS = {
    "network.cidr_block": ("kurrent",),
    "peering.routes": ("remote",),
    "aws_vpc.cidr_block": ("network",),
    "aws_subnet.cidr_block": ("nodes-", "pods-"),
    "aws_vpc_ipv4_cidr_block_association.cidr_block": ("pods-",),
    "aws_route.destination_cidr_block": ("kurrent", "anywhere"),
    "aws_eks_cluster.kubernetes_network_config.service_ipv4_cidr": ("services",),
    "aws_eks_cluster.vpc_config.public_access_cidrs": ("anywhere",),
    "google_compute_subnetwork.ip_cidr_range": ("nodes",),
    "google_compute_subnetwork.secondary_ip_range.ip_cidr_range": ("pods", "services"),
    "google_container_cluster.cluster_ipv4_cidr": ("pods",),
    "azurerm_virtual_network.address_space": ("network",),
    "azurerm_subnet.address_prefixes": ("nodes", "pods"),
    "azurerm_kubernetes_cluster.network_profile.pod_cidr": ("pods",),
    "azurerm_kubernetes_cluster.network_profile.service_cidr": ("services",),
}
NO_RESOURCES = {"locals", "module", "moved", "output", "provider", "terraform", "variable"}
# What `for_each` goes through is found again in the resources that it makes.
NO_ARGUMENTS = {"depends_on", "for_each"}


@pytest.mark.parametrize("mode", GUIDE)
def test_every_range_in_a_resource_is_the_plans(mode: str, tmp_path: Path, run: Run) -> None:
    asked = ["--range", "services=10.96.0.0/20"] if mode in ("gke-standard", "gke-autopilot") else []
    run("init", tmp_path / "network", *init_flags(mode), *asked)
    plan = json.loads(run("plan", "-C", tmp_path / "network", "--json").stdout)["environments"]["prod"]
    ranges = {name: {planned["cidr"]} for name, planned in plan["ranges"].items()}
    ranges |= {"remote": set(plan["remote"]), "anywhere": {"0.0.0.0/0"}}

    found: dict[str, set[str]] = {}
    for place, cidr in said(tmp_path / "network/environments/prod"):
        found.setdefault(place, set()).add(cidr)

    for place, cidrs in found.items():
        meant = set().union(*(blocks for name, blocks in ranges.items() if name.startswith(MEANS[place])))
        assert cidrs <= meant, f"{place} is {cidrs - meant}, but the plan has {meant}"
    # What exists is looked up, and what the cloud takes by itself is not asked for.
    made = {name for name, planned in plan["ranges"].items() if planned["origin"] != "implied"}
    needed = {"remote", "kurrent"} | (set() if mode.endswith("-existing") else made)
    everywhere = set().union(*found.values())
    assert {name for name in needed if not ranges[name] <= everywhere} == set()


def said(root: Path) -> Iterator[tuple[str, str]]:
    """Yield where a resource says a CIDR block, and the block."""
    for type_name, blocks in load_from_path(str(root), vars_paths=["terraform.tfvars"]).items():
        if type_name not in NO_RESOURCES:
            kind = type_name
            for provider in KURRENT_PROVIDERS:
                kind = kind.removeprefix(f"{provider}_")
            yield from cidrs_in(blocks, kind)


def cidrs_in(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if not name.startswith("__") and name not in NO_ARGUMENTS:
                yield from cidrs_in(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from cidrs_in(inner, place)
    elif isinstance(value, str) and is_cidr(value):
        yield place, value


def is_cidr(text: str) -> bool:
    try:
        return "/" in text and ip_network(text) is not None
    except ValueError:
        return False
