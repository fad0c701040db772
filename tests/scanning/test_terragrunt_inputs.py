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


def test_inputs_that_are_merged_are_named_as_not_resolved(scanned: Scanned) -> None:
    scan = scanned({"vpc/terragrunt.hcl": 'inputs = merge(include.root.inputs, { cidr = "10.1.0.0/16" })\n'})

    assert (scan.found, [one.argument for one in scan.unresolved]) == ([], ["inputs"])


def test_a_file_that_is_no_hcl_is_told(scanned: Scanned) -> None:
    (broken,) = scanned({"vpc/terragrunt.hcl": "inputs = {\n"}).broken

    assert "not HCL" in broken.message


def test_other_files_of_hcl_are_left_alone(scanned: Scanned) -> None:
    scan = scanned({"vpc/root.hcl": LIVE, "vpc/terragrunt.hcl": "inputs = {}\n"})

    assert (scan.files, scan.found) == (1, [])
