"""What is found in a folder of Terraform files, as what, and where."""

import json
from pathlib import Path

import pytest
from tfparse import load_from_path

from tests.scanning.conftest import Scanned, cidrs, told

PROJECT = {
    "main.tf": """\
locals {
  base  = "10.8.0.0/16"
  zones = { a = 0, b = 1 }
}
variable "size" {
  default = 4
}
resource "aws_vpc" "main" {
  cidr_block = local.base
}
resource "aws_subnet" "counted" {
  count      = 3
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index + 100)
}
resource "aws_subnet" "each" {
  for_each   = local.zones
  cidr_block = cidrsubnet(local.base, var.size, each.value)
}
resource "google_compute_subnetwork" "gke" {
  ip_cidr_range = cidrsubnets("10.64.0.0/12", 4, 8)[1]
}
module "hub" {
  source = "./modules/vnet"
  space  = ["10.20.0.0/16", "10.21.0.0/16"]
}
resource "aws_subnet" "beside" {
  cidr_block = cidrsubnet(module.hub.first, 8, 9)
}
""",
    "modules/vnet/main.tf": """\
variable "space" { type = list(string) }
resource "azurerm_virtual_network" "this" { address_space = var.space }
resource "azurerm_subnet" "this" {
  for_each         = toset(["apps", "data"])
  address_prefixes = [cidrsubnet(var.space[0], 8, each.value == "apps" ? 1 : 2)]
}
output "first" { value = azurerm_virtual_network.this.address_space[0] }
""",
}


def test_a_project_is_found_with_kinds_names_and_lines(scanned: Scanned) -> None:
    vnet, subnet = "module.hub.azurerm_virtual_network.this", "module.hub.azurerm_subnet.this"

    assert told(scanned(PROJECT)) == [
        ("10.8.0.0/16", "network", "aws_vpc.main", "main.tf:9"),
        ("10.8.100.0/24", "subnet", "aws_subnet.counted[0]", "main.tf:13"),
        ("10.8.101.0/24", "subnet", "aws_subnet.counted[1]", "main.tf:13"),
        ("10.8.102.0/24", "subnet", "aws_subnet.counted[2]", "main.tf:13"),
        ("10.8.0.0/20", "subnet", 'aws_subnet.each["a"]', "main.tf:17"),
        ("10.8.16.0/20", "subnet", 'aws_subnet.each["b"]', "main.tf:17"),
        ("10.65.0.0/20", "subnet", "google_compute_subnetwork.gke", "main.tf:20"),
        ("10.20.0.0/16", "network", vnet, "modules/vnet/main.tf:2"),
        ("10.21.0.0/16", "network", vnet, "modules/vnet/main.tf:2"),
        ("10.20.1.0/24", "subnet", f'{subnet}["apps"]', "modules/vnet/main.tf:5"),
        ("10.20.2.0/24", "subnet", f'{subnet}["data"]', "modules/vnet/main.tf:5"),
        ("10.20.9.0/24", "subnet", "aws_subnet.beside", "main.tf:27"),
    ]


def test_an_independent_evaluator_finds_the_same(scanned: Scanned, tmp_path: Path) -> None:
    ours = sorted(set(cidrs(scanned(PROJECT))))

    theirs = json.dumps({k: v for k, v in load_from_path(str(tmp_path)).items() if "_" in k})

    values = {part for part in theirs.replace('"', " ").replace(",", " ").split() if "/" in part}
    assert ours == sorted(v for v in values if v[0].isdigit())


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ('resource "aws_vpc" "x" { cidr_block = "10.0.0.0/16" }', "network"),
        ('resource "aws_vpc_ipv4_cidr_block_association" "x" { cidr_block = "10.0.0.0/16" }', "network"),
        ('resource "azurerm_virtual_network" "x" { address_space = ["10.0.0.0/16"] }', "network"),
        ('resource "azurerm_local_network_gateway" "x" { address_space = ["10.0.0.0/16"] }', "network"),
        ('module "vpc" {\n source = "x/y/aws"\n cidr = "10.0.0.0/16"\n}', "network"),
        ('module "vpc" {\n source = "x/y/aws"\n secondary_cidr_blocks = ["10.0.0.0/16"]\n}', "network"),
        ('data "aws_vpc" "x" { cidr_block = "10.0.0.0/16" }', "network"),
        ('resource "aws_subnet" "x" { cidr_block = "10.0.0.0/16" }', "subnet"),
        ('resource "azurerm_virtual_network" "x" {\n subnet {\n address_prefixes = ["10.0.0.0/16"]\n }\n}', "subnet"),
        (
            'resource "google_compute_subnetwork" "x" {\n secondary_ip_range {\n ip_cidr_range = "10.0.0.0/16"\n }\n}',
            "subnet",
        ),
        ('resource "google_container_cluster" "x" { cluster_ipv4_cidr = "10.0.0.0/16" }', "subnet"),
        (
            'resource "azurerm_kubernetes_cluster" "x" {\n network_profile {\n pod_cidr = "10.0.0.0/16"\n }\n}',
            "cluster",
        ),
        (
            'resource "aws_eks_cluster" "x" {\n kubernetes_network_config {\n service_ipv4_cidr = "10.0.0.0/16"\n }\n}',
            "cluster",
        ),
        ('module "vpc" {\n source = "x/y/aws"\n private_subnets = ["10.0.0.0/16"]\n}', "subnet"),
        ('resource "aws_security_group" "x" {\n ingress {\n cidr_blocks = ["10.0.0.0/16"]\n }\n}', "rule"),
        ('resource "aws_vpc_security_group_ingress_rule" "x" { cidr_ipv4 = "10.0.0.0/16" }', "rule"),
        ('resource "google_compute_firewall" "x" { source_ranges = ["10.0.0.0/16"] }', "rule"),
        ('resource "azurerm_network_security_rule" "x" { source_address_prefix = "10.0.0.0/16" }', "rule"),
        ('resource "aws_eks_cluster" "x" {\n vpc_config {\n public_access_cidrs = ["10.0.0.0/16"]\n }\n}', "rule"),
        ('resource "kurrentcloud_acl" "x" {\n cidr_blocks {\n address = "10.0.0.0/16"\n }\n}', "rule"),
        ('resource "aws_route" "x" { destination_cidr_block = "10.0.0.0/16" }', "route"),
        ('resource "aws_route_table" "x" {\n route {\n cidr_block = "10.0.0.0/16"\n }\n}', "route"),
        ('resource "google_compute_route" "x" { dest_range = "10.0.0.0/16" }', "route"),
        ('resource "kurrentcloud_peering" "x" { routes = ["10.0.0.0/16"] }', "route"),
        ('locals {\n a = "10.0.0.0/16"\n}', "value"),
        ('variable "a" { default = "10.0.0.0/16" }', "value"),
    ],
)
def test_a_block_is_told_by_what_it_is_for(block: str, kind: str, scanned: Scanned) -> None:
    (found,) = scanned({"main.tf": block + "\n"}).blocks

    assert (str(found.cidr), found.kind) == ("10.0.0.0/16", kind)


def test_blocks_and_objects_are_named_by_what_they_call_themselves(scanned: Scanned) -> None:
    text = """\
resource "google_compute_subnetwork" "gke" {
  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.0.0.0/16"
  }
}
resource "azurerm_virtual_network" "hub" {
  dynamic "subnet" {
    for_each = { apps = "10.1.0.0/24", data = "10.1.1.0/24" }
    content {
      name             = subnet.key
      address_prefixes = [subnet.value]
    }
  }
}
module "net" {
  source  = "x/y/z"
  subnets = [{ name = "web", cidr = "10.2.0.0/24" }]
}
"""
    assert [f.name for f in scanned({"main.tf": text}).blocks] == [
        "google_compute_subnetwork.gke pods",
        "azurerm_virtual_network.hub apps",
        "azurerm_virtual_network.hub data",
        "module.net web",
    ]


def test_what_only_speaks_of_a_network_is_none(scanned: Scanned) -> None:
    text = 'resource "aws_eip" "x" {\n  tags = { Net = "10.0.0.0/16" }\n  description = "10.1.0.0/16"\n}\n'

    assert scanned({"main.tf": text}).blocks == []


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("var.missing", "var.missing has no value"),
        ("data.aws_vpc.x.cidr_block", "data.aws_vpc.x.cidr_block is known to Terraform only"),
        ("cidrsubnet(aws_vpc.gone.cidr_block, 8, 1)", "aws_vpc.gone.cidr_block is known to Terraform only"),
        ("module.vpc.vpc_cidr_block", "module.vpc.vpc_cidr_block is known to Terraform only"),
        ('file("cidr.txt")', "there is no file cidr.txt"),
        ("local.self", "local.self refers to itself"),
        ("local.gone", "there is no local.gone"),
        ('local.map["z"]', "there is no local.map.z"),
        ('try(data.aws_vpc.x.cidr_block, "10.0.0.0/16")', "data.aws_vpc.x.cidr_block is known to Terraform only"),
        ("each.value", "each.value is known to Terraform only"),
    ],
)
def test_what_cannot_be_computed_is_told_with_the_reason(expression: str, reason: str, scanned: Scanned) -> None:
    text = (
        'variable "missing" {}\nlocals {\n  self = local.self\n  map = { a = "b" }\n}\n'
        f'resource "aws_subnet" "a" {{\n  vpc_id     = aws_vpc.gone.id\n  cidr_block = {expression}\n}}\n'
    )

    (unresolved,) = scanned({"main.tf": text}).unresolved

    assert (unresolved.name, unresolved.argument, unresolved.source, unresolved.line) == (
        "aws_subnet.a",
        "cidr_block",
        "main.tf",
        8,
    )
    assert (unresolved.expression, unresolved.reason) == (expression, reason)


def test_one_unknown_item_does_not_hide_the_others(scanned: Scanned) -> None:
    text = 'resource "azurerm_virtual_network" "x" { address_space = ["10.0.0.0/16", var.x] }\n'

    scan = scanned({"main.tf": text})

    assert cidrs(scan) == ["10.0.0.0/16"]
    assert [u.reason for u in scan.unresolved] == ["var.x is not declared"]


@pytest.mark.parametrize("what", ["count", "for_each"])
def test_instances_that_are_not_known_are_told_and_not_passed_over(what: str, scanned: Scanned) -> None:
    index = "count.index" if what == "count" else "each.value"
    text = f'resource "aws_subnet" "a" {{\n  {what} = var.x\n  cidr_block = cidrsubnet("10.0.0.0/8", 8, {index})\n}}\n'

    (unresolved,) = scanned({"main.tf": text}).unresolved

    assert unresolved.reason == "var.x is not declared"


VARIABLE = 'variable "cidr" { default = "10.0.0.0/16" }\nresource "aws_vpc" "a" { cidr_block = var.cidr }\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ["10.0.0.0/16"]),
        ({"terraform.tfvars": 'cidr = "10.1.0.0/16"'}, ["10.1.0.0/16"]),
        ({"terraform.tfvars.json": '{"cidr": "10.2.0.0/16"}'}, ["10.2.0.0/16"]),
        ({"terraform.tfvars": 'cidr = "10.1.0.0/16"', "a.auto.tfvars": 'cidr = "10.3.0.0/16"'}, ["10.3.0.0/16"]),
        ({"dev.tfvars": 'cidr = "10.4.0.0/16"', "prod.tfvars": 'cidr = "10.5.0.0/16"'}, ["10.4.0.0/16", "10.5.0.0/16"]),
    ],
    ids=["default", "tfvars", "json", "auto", "chosen"],
)
def test_variables_take_the_values_that_lie_beside_them(
    files: dict[str, str], expected: list[str], scanned: Scanned
) -> None:
    assert cidrs(scanned({"main.tf": VARIABLE, **files}), "network") == expected


def test_terraforms_json_is_read_like_hcl(scanned: Scanned) -> None:
    document = {
        "locals": {"base": "10.8.0.0/16"},
        "resource": {
            "aws_vpc": {"main": {"cidr_block": "${local.base}"}},
            "aws_subnet": {"a": [{"cidr_block": "${cidrsubnet(local.base, 8, 1)}", "tags": {"a": "10.1.0.0/16"}}]},
        },
    }

    scan = scanned({"main.tf.json": json.dumps(document)})

    assert told(scan) == [
        ("10.8.0.0/16", "network", "aws_vpc.main", "main.tf.json"),
        ("10.8.1.0/24", "subnet", "aws_subnet.a", "main.tf.json"),
    ]


def test_a_file_alone_is_read_with_what_lies_beside_it(scanned: Scanned) -> None:
    files = {"main.tf": VARIABLE, "other.tf": 'resource "aws_vpc" "b" { cidr_block = "10.9.0.0/16" }\n'}

    scan = scanned({**files, "terraform.tfvars": 'cidr = "10.1.0.0/16"'}, "main.tf")

    assert cidrs(scan) == ["10.1.0.0/16"]


def test_a_module_outside_the_folder_is_read_where_it_is_called(scanned: Scanned) -> None:
    call = 'module "net" {\n  source = "../net"\n  cidr = "10.7.0.0/16"\n}\n'

    scan = scanned({"prod/main.tf": call, "net/main.tf": VARIABLE}, "prod")

    assert told(scan) == [("10.7.0.0/16", "network", "module.net.aws_vpc.a", "net/main.tf:2")]


def test_modules_that_call_one_another_end(scanned: Scanned) -> None:
    call = 'module "x" {\n  source = "../%s"\n  cidr = var.cidr\n}\n'

    scan = scanned({"a/main.tf": VARIABLE + call % "b", "b/main.tf": VARIABLE + call % "a"})

    assert [f.name for f in scan.blocks] == ["aws_vpc.a", "module.x.aws_vpc.a", "module.x.module.x"]
    assert scan.broken == []


def test_a_row_says_root_call_and_file_of_values(scanned: Scanned) -> None:
    """Two roots call one module, one of them with a file of values for each of two environments."""
    files = {
        "net/main.tf": VARIABLE,
        "a/main.tf": 'variable "n" {}\nmodule "net" {\n  source = "../net"\n  cidr = var.n\n}\n',
        "a/dev.tfvars": 'n = "10.1.0.0/16"',
        "a/prod.tfvars": 'n = "10.2.0.0/16"',
        "b/main.tf": 'module "net" {\n  source = "../net"\n}\nresource "aws_vpc" "b" { cidr_block = "10.9.0.0/16" }\n',
    }

    rows = {(str(f.cidr), f.place, f.root, f.call, f.values) for f in scanned(files).blocks}

    assert rows == {
        ("10.1.0.0/16", "net/main.tf:2", "a", "a/main.tf:2", "dev.tfvars"),
        ("10.2.0.0/16", "net/main.tf:2", "a", "a/main.tf:2", "prod.tfvars"),
        ("10.0.0.0/16", "net/main.tf:2", "b", "b/main.tf:1", ""),
        ("10.9.0.0/16", "b/main.tf:4", "b", "", ""),
    }


def test_what_is_the_same_with_every_file_of_values_is_of_none(scanned: Scanned) -> None:
    files = {"main.tf": VARIABLE, "dev.tfvars": "x = 1", "prod.tfvars": "x = 2"}

    assert [(f.name, f.values) for f in scanned(files).blocks] == [("aws_vpc.a", "")]


ROOT = 'variable "cidr" {}\nresource "aws_vpc" "a" { cidr_block = var.cidr }\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "main.tf": ROOT,
                "env/dev/terraform.tfvars": 'cidr = "10.1.0.0/16"',
                "env/prod.tfvars": 'cidr = "10.2.0.0/16"',
            },
            [("10.1.0.0/16", "env/dev/terraform.tfvars"), ("10.2.0.0/16", "env/prod.tfvars")],
        ),
        (
            {"infra/main.tf": ROOT, "other/main.tf": 'variable "x" {}\n', "values/a.tfvars": 'cidr = "10.1.0.0/16"'},
            [("10.1.0.0/16", "../values/a.tfvars")],
        ),
    ],
    ids=["below", "beside"],
)
def test_values_in_a_folder_of_their_own_are_those_of_the_root_that_declares_them(
    files: dict[str, str], expected: list[tuple[str, str]], scanned: Scanned
) -> None:
    found = [f for f in scanned(files).blocks if f.kind == "network"]

    assert sorted((str(f.cidr), f.values) for f in found) == expected


def test_values_for_variables_that_no_root_declares_stay_values(scanned: Scanned) -> None:
    files = {"main.tf": ROOT, "env/a.tfvars": 'other = "10.1.0.0/16"'}

    assert [(str(f.cidr), f.kind) for f in scanned(files).blocks] == [("10.1.0.0/16", "value")]


AZAPI = """\
resource "azapi_resource" "vnet" {
  type = "Microsoft.Network/virtualNetworks@2023-11-01"
  body = { properties = {
    addressSpace = { addressPrefixes = ["10.8.0.0/16"] }
    subnets      = [{ name = "aks", properties = { addressPrefix = "10.8.1.0/24" } }]
  } }
}
resource "azapi_resource" "subnet" {
  type = "Microsoft.Network/virtualNetworks/subnets@2022-01-01"
  body = jsonencode({ properties = { addressPrefix = "10.8.2.0/24" } })
}
resource "azapi_resource" "aks" {
  type = "Microsoft.ContainerService/managedClusters@2024-01-01"
  body = { properties = { networkProfile = { podCidr = "10.244.0.0/16", serviceCidr = "10.0.0.0/16" } } }
}
resource "azapi_resource" "rules" {
  type = "Microsoft.Network/networkSecurityGroups@2023-11-01"
  body = { properties = { securityRules = [{ name = "a", properties = { sourceAddressPrefix = "10.9.0.0/16" } }] } }
}
"""


def test_an_azapi_resource_is_what_its_type_says(scanned: Scanned) -> None:
    assert [(str(f.cidr), f.kind, f.name) for f in scanned({"main.tf": AZAPI}).blocks] == [
        ("10.8.0.0/16", "network", "azapi_resource.vnet"),
        ("10.8.1.0/24", "subnet", "azapi_resource.vnet aks"),
        ("10.8.2.0/24", "subnet", "azapi_resource.subnet"),
        ("10.244.0.0/16", "cluster", "azapi_resource.aks podCidr"),
        ("10.0.0.0/16", "cluster", "azapi_resource.aks serviceCidr"),
        ("10.9.0.0/16", "rule", "azapi_resource.rules sourceAddressPrefix"),
    ]


def test_an_auto_mode_network_takes_its_block_without_a_word(scanned: Scanned) -> None:
    text = """\
variable "auto" {}
resource "google_compute_network" "default" {}
resource "google_compute_network" "custom" { auto_create_subnetworks = false }
resource "google_compute_network" "unknown" { auto_create_subnetworks = var.auto }
"""
    scan = scanned({"main.tf": text})

    assert [(str(f.cidr), f.kind, f.name) for f in scan.blocks] == [
        ("10.128.0.0/9", "network", "google_compute_network.default (auto mode)")
    ]
    assert [u.name for u in scan.unresolved] == ["google_compute_network.unknown"]


def test_data_that_a_module_reads_is_computed_and_what_is_not_is_listed(scanned: Scanned) -> None:
    """One file decides a network, the other two only once Terraform knows its workspace."""
    files = {
        "infra/main.tf": """\
locals {
  hub  = yamldecode(file("${path.module}/hub.yaml"))
  nets = { for f in fileset("../networks", "*.json") : f => jsondecode(file("../networks/${f}")) }
}
resource "aws_vpc" "hub" { cidr_block = local.hub.cidr }
resource "aws_vpc" "this" { cidr_block = local.nets[terraform.workspace].cidr }
""",
        "infra/hub.yaml": "cidr: 10.1.0.0/16\n",
        "networks/a.json": '{\n  "cidr": "10.2.0.0/16",\n  "rules": {"allow": ["10.9.0.0/16"]}\n}',
        "networks/b.json": '{"subnet_sets": {"general": {"cidr": "10.3.0.0/16"}}}',
        "elsewhere/c.json": '{"cidr": "10.4.0.0/16"}',
    }

    assert told(scanned(files)) == [
        ("10.1.0.0/16", "network", "aws_vpc.hub", "infra/main.tf:5"),
        ("10.2.0.0/16", "network", "a", "networks/a.json:2"),
        ("10.9.0.0/16", "rule", "a allow", "networks/a.json:3"),
        ("10.3.0.0/16", "subnet", "b general", "networks/b.json:1"),
    ]


def test_no_file_outside_of_what_was_asked_for_is_read(scanned: Scanned) -> None:
    files = {
        "a/main.tf": 'resource "aws_vpc" "v" { cidr_block = jsondecode(file("../secret.json")).cidr }\n',
        "secret.json": '{"cidr": "10.4.0.0/16"}',
    }

    assert scanned(files, "a").blocks == []


def test_a_variable_that_is_used_as_it_is_and_in_a_computation_is_found_at_both(scanned: Scanned) -> None:
    variable, vpc = 'variable "a" { default = "10.0.0.0/16" }\n', 'resource "aws_vpc" "a" { cidr_block = var.a }\n'
    subnet = 'resource "aws_subnet" "a" { cidr_block = cidrsubnet(var.a, 8, 1) }\n'

    assert told(scanned({"main.tf": variable + vpc + subnet})) == [
        ("10.0.0.0/16", "network", "aws_vpc.a", "main.tf:2"),
        ("10.0.1.0/24", "subnet", "aws_subnet.a", "main.tf:3"),
    ]
    # Where it is only computed with, nothing else says that its block is taken.
    assert told(scanned({"main.tf": variable + subnet})) == [
        ("10.0.0.0/16", "value", "var a", "main.tf:1"),
        ("10.0.1.0/24", "subnet", "aws_subnet.a", "main.tf:2"),
    ]
