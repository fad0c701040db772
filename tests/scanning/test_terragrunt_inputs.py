"""Terragrunt's folders: inputs that are literals are read, those of other files are named."""

from tests.scanning.conftest import Scanned, told

LIVE = """\
include "root" {
  path = find_in_parent_folders("root.hcl")
}

dependency "hub" {
  config_path = "../hub"
}

locals {
  region = "eu-central-1"
  cidr   = "10.40.0.0/16"
}

terraform {
  source = "tfr:///terraform-aws-modules/vpc/aws?version=5.8.1"
}

inputs = {
  name            = "live-${local.region}"
  cidr            = local.cidr
  private_subnets = ["10.40.0.0/20", "10.40.16.0/20"]
  peer_cidr_block = dependency.hub.outputs.vpc_cidr_block
}
"""


def test_literal_inputs_are_read_with_their_place(scanned: Scanned) -> None:
    scan = scanned({"live/vpc/terragrunt.hcl": LIVE})

    assert [(cidr, place) for cidr, _, _, place in told(scan)] == [
        ("10.40.0.0/16", "live/vpc/terragrunt.hcl:18"),
        ("10.40.0.0/20", "live/vpc/terragrunt.hcl:21"),
        ("10.40.16.0/20", "live/vpc/terragrunt.hcl:21"),
    ]
    assert all(name.startswith("vpc ") or name == "vpc" for _, _, name, _ in told(scan))


def test_an_input_of_another_folder_is_named_as_not_resolved(scanned: Scanned) -> None:
    (unresolved,) = scanned({"live/vpc/terragrunt.hcl": LIVE}).unresolved

    assert (unresolved.argument, unresolved.expression) == (
        "peer_cidr_block",
        "dependency.hub.outputs.vpc_cidr_block",
    )
    assert "terragrunt show -json" in unresolved.reason


def test_of_inputs_that_are_merged_the_literals_are_read_and_the_rest_is_named(scanned: Scanned) -> None:
    text = 'inputs = merge(\n  include.root.inputs,\n  { cidr = "10.1.0.0/16" },\n)\n'

    scan = scanned({"vpc/terragrunt.hcl": text})

    assert told(scan) == [("10.1.0.0/16", "network", "vpc", "vpc/terragrunt.hcl:3")]
    assert [one.argument for one in scan.unresolved] == ["inputs"]


STACK = """\
locals {
  block = "10.50.0.0/16"
}

unit "vpc" {
  source = "git::git@github.com:acme/catalog.git//units/vpc"
  path   = "vpc"
  values = {
    vpc_cidr        = local.block
    private_subnets = ["10.50.0.0/20"]
  }
}

stack "shop" {
  source = "../stacks/shop"
  path   = "shop"
  values = {
    vpc_cidr      = "10.51.0.0/16"
    vpn_cidr      = unit.vpc.outputs.cidr
    allowed_cidrs = ["10.0.0.0/8"]
  }
}
"""


def test_a_stack_has_the_values_of_its_units(scanned: Scanned) -> None:
    scan = scanned({"live/prod/terragrunt.stack.hcl": STACK})

    assert told(scan) == [
        ("10.50.0.0/16", "network", "prod vpc vpc_cidr", "live/prod/terragrunt.stack.hcl:8"),
        ("10.50.0.0/20", "subnet", "prod vpc private_subnets", "live/prod/terragrunt.stack.hcl:10"),
        ("10.51.0.0/16", "network", "prod shop vpc_cidr", "live/prod/terragrunt.stack.hcl:18"),
        ("10.0.0.0/8", "rule", "prod shop allowed_cidrs", "live/prod/terragrunt.stack.hcl:20"),
    ]
    assert [(u.argument, u.expression) for u in scan.unresolved] == [("vpn_cidr", "unit.vpc.outputs.cidr")]


def test_files_that_units_include_are_read_and_those_of_packer_are_not(scanned: Scanned) -> None:
    """The files of a live repository: https://github.com/gruntwork-io/terragrunt-infrastructure-live-example."""
    scan = scanned(
        {
            "root.hcl": 'locals {\n  office_cidr = "10.60.0.0/16"\n}\ninputs = { vpn_cidr = "10.61.0.0/16" }\n',
            "prod/env.hcl": 'locals {\n  vpc_cidr = "10.62.0.0/16"\n  marker = "10.63.0.0/16"\n}\n',
            "_envcommon/vpc.hcl": 'inputs = {\n  cidr = "10.64.0.0/16"\n}\n',
            "prod/vpc/terragrunt.hcl": 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n',
            "packer/image.pkr.hcl": 'locals {\n  cidr = "10.65.0.0/16"\n}\n',
            ".terraform.lock.hcl": 'locals {\n  cidr = "10.66.0.0/16"\n}\n',
        }
    )

    assert told(scan) == [
        ("10.61.0.0/16", "network", "terragrunt root vpn_cidr", "root.hcl:4"),
        ("10.60.0.0/16", "network", "terragrunt root office_cidr", "root.hcl:2"),
        ("10.64.0.0/16", "network", "_envcommon vpc", "_envcommon/vpc.hcl:2"),
        ("10.62.0.0/16", "network", "prod env vpc_cidr", "prod/env.hcl:2"),
        ("10.63.0.0/16", "value", "prod env marker", "prod/env.hcl:3"),
    ]


def test_what_terragrunt_generates_is_named(scanned: Scanned) -> None:
    text = 'generate "vpc" {\n  path = "vpc.tf"\n  contents = "resource aws_vpc { cidr_block = 10.70.0.0/16 }"\n}\n'

    (unresolved,) = scanned({"vpc/terragrunt.hcl": text}).unresolved

    assert (unresolved.argument, unresolved.line) == ("contents", 3)
    assert "generates a file" in unresolved.reason


def test_a_unit_may_be_json(scanned: Scanned) -> None:
    text = '{\n  "inputs": {"vpc_cidr": "10.80.0.0/16", "peer_cidr": "${dependency.hub.outputs.cidr}"}\n}\n'

    scan = scanned({"vpc/terragrunt.hcl.json": text})

    assert told(scan) == [("10.80.0.0/16", "network", "vpc vpc_cidr", "vpc/terragrunt.hcl.json:2")]
    assert [one.argument for one in scan.unresolved] == ["peer_cidr"]


def test_a_file_that_is_no_hcl_is_told(scanned: Scanned) -> None:
    (broken,) = scanned({"vpc/terragrunt.hcl": "inputs = {\n"}).broken

    assert "not HCL" in broken.message
