"""Whole private ranges: named by firewalls, routes and lists, they are nobody's network and are not reserved."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.scanning.conftest import Scanned, cidrs

RFC_1918 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
LISTED = json.dumps(RFC_1918)
OWNED = ("network", "subnet", "list")
# The lists of public repositories: of modules for firewalls, VPNs, routers, DNS and NAT.
NAMED = [
    f"locals {{ rfc1918 = {LISTED} }}",
    f'variable "private_cidrs" {{ default = {LISTED} }}',
    f'module "sg" {{\n  source = "terraform-aws-modules/security-group/aws"\n  ingress_cidr_blocks = {LISTED}\n}}',
    'module "sg" {\n  source = "x/y/z"\n  ingress_with_cidr_blocks = [{ cidr_blocks = "10.0.0.0/8" }]\n}',
    f'module "dns" {{\n  source = "x/y/z"\n  internal_cidrs = {LISTED}\n}}',
    'module "dns" {\n  source = "x/y/z"\n  internal_cidrs = ["10.0.0.0/8"]\n}',
    f'resource "azurerm_local_network_gateway" "office" {{ address_space = {LISTED} }}',
    'resource "azurerm_local_network_gateway" "office" { address_space = ["10.0.0.0/8"] }',
    f'resource "google_compute_subnetwork" "n" {{ ip_cidr_range = {LISTED} }}',
    f'resource "google_access_context_manager_access_level" "l" {{ conditions {{ ip_subnetworks = {LISTED} }} }}',
]


@pytest.mark.parametrize("text", NAMED)
def test_a_list_of_private_space_is_no_network(scanned: Scanned, text: str) -> None:
    assert cidrs(scanned({"main.tf": text}), *OWNED) == []


@pytest.mark.parametrize(
    "text",
    [
        'resource "azurerm_virtual_network" "n" { address_space = ["10.0.0.0/8"] }',
        'resource "aws_vpc" "n" { cidr_block = "192.168.0.0/16" }',
        'resource "hcloud_network" "n" { ip_range = "10.0.0.0/8" }',
        'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  cidr = "192.168.0.0/16"\n}',
        'module "vnet" {\n  source = "Azure/vnet/azurerm"\n  address_space = ["10.0.0.0/8"]\n}',
        'module "hub" {\n  source = "x/y/z"\n  vpc_cidr_block = "172.16.0.0/12"\n}',
    ],
)
def test_a_network_that_is_as_wide_is_one(scanned: Scanned, text: str) -> None:
    assert len(cidrs(scanned({"main.tf": text}), *OWNED)) == 1


def test_a_state_with_a_list_of_private_space(scanned: Scanned) -> None:
    resources = [
        {"type": kind, "name": "n", "instances": [{"attributes": {"address_space": RFC_1918[:1]}}]}
        for kind in ("azurerm_local_network_gateway", "azurerm_virtual_network")
    ]
    state = json.dumps({"version": 4, "terraform_version": "1.11.0", "resources": resources})

    scan = scanned({"terraform.tfstate": state})

    assert [(f.kind, f.name) for f in scan.blocks] == [
        ("container", "azurerm_local_network_gateway.n"),
        ("network", "azurerm_virtual_network.n"),
    ]


def test_data_with_a_set_of_private_space(scanned: Scanned) -> None:
    ranges = "".join(f"      - {block}\n" for block in [*RFC_1918, "10.71.0.0/24"])
    sets = "context:\n  cidr_ranges_sets:\n    internal:\n" + ranges
    scan = scanned({"main.tf": 'locals { d = yamldecode(file("x.yaml")) }\n', "data/defaults.yaml": sets})

    assert (cidrs(scan, *OWNED), cidrs(scan, "container")) == (["10.71.0.0/24"], RFC_1918)


def test_reserving_leaves_private_space_alone_and_names_it(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "net", "--environment", "prod", "--mode", "eks", "--range", "network=10.40.0.0/16", "--yes")
    lines = [*RFC_1918, "10.60.0.0/16 office"]
    (tmp_path / "list.txt").write_text("\n".join(lines) + "\n")

    result = run("scan", "-C", tmp_path / "net", tmp_path / "list.txt", "--reserve")

    assert result.exit_code == 0
    spec = (tmp_path / "net/escscaffold.toml").read_text()
    assert "10.60.0.0/16" in spec
    assert not any(f'"{block}"' in spec for block in RFC_1918)
    told = " ".join(result.stdout.split())
    places = (f"{block} ({tmp_path}/list.txt:{line})" for line, block in enumerate(RFC_1918, 1))
    assert f"Whole private ranges that no network has, so they are not reserved: {', '.join(places)}." in told


def test_a_whole_private_range_is_reserved_where_its_kind_is_asked_for(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "net", "--environment", "prod", "--mode", "eks", "--range", "network=10.40.0.0/16", "--yes")
    (tmp_path / "list.txt").write_text("192.168.0.0/16 office\n")

    run("scan", "-C", tmp_path / "net", tmp_path / "list.txt", "--reserve", "--kind", "container")

    assert 'office = "192.168.0.0/16"' in (tmp_path / "net/escscaffold.toml").read_text()
