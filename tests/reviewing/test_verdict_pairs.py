"""Small changes whose cause is not in the resource, as two folders and as two revisions of a repository."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.git import commit, git

Side = dict[str, str]
COUNTED = """variable "n" {{
  default = {0}
}}
resource "aws_subnet" "s" {{
  count = var.n
  vpc_id = "v"
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}}
"""
NET = """variable "subnets" {}
locals {
  subnets = { for s in var.subnets : s.name => s }
}
resource "google_compute_subnetwork" "s" {
  for_each = local.subnets
  name = each.key
  network = "n"
  ip_cidr_range = each.value.ip_cidr_range
}
"""
CALL = """module "net" {{
  source = "./net"
  subnets = [{{ name = "a", ip_cidr_range = "{0}" }}]
}}
"""
REGISTRY = """module "vpc" {{
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
  name = "x"
  cidr    = "{0}.0.0/16"
  private_subnets = ["{0}.1.0/24"]
}}
"""
GIVEN = """variable "vpc_cidr" { type = string }
resource "aws_vpc" "m" {
  cidr_block = var.vpc_cidr
}
resource "aws_subnet" "s" {
  vpc_id = aws_vpc.m.id
  cidr_block = cidrsubnet(var.vpc_cidr, 4, 0)
}
"""
DATA = """locals {
  s = yamldecode(file("${path.module}/s.yaml"))
}
resource "google_compute_subnetwork" "s" {
  name = "x"
  network = "n"
  ip_cidr_range = local.s.cidr
}
"""
PAIRS: dict[str, tuple[Side, Side, str, int]] = {
    "fewer by a variable's default": (
        {"main.tf": COUNTED.format(3)},
        {"main.tf": COUNTED.format(2)},
        "Terraform would destroy the subnet (aws_subnet.s[2]). Resources: 1 to destroy.",
        5,
    ),
    "an argument of a local module": (
        {"main.tf": CALL.format("10.4.0.0/24"), "net/main.tf": NET},
        {"main.tf": CALL.format("10.5.0.0/24"), "net/main.tf": NET},
        'the subnet (module.net.google_compute_subnetwork.s["a"]: ip_cidr_range "10.4.0.0/24" -> "10.5.0.0/24"). '
        "Resources: 1 to replace.",
        5,
    ),
    "an argument of a registry module": (
        {"main.tf": REGISTRY.format("10.0")},
        {"main.tf": REGISTRY.format("10.1")},
        'the impact on module.vpc (cidr "10.0.0.0/16" -> "10.1.0.0/16") is unknown.',
        0,
    ),
    "a value in tfvars": (
        {"main.tf": GIVEN, "terraform.tfvars": 'vpc_cidr = "10.0.0.0/16"\n'},
        {"main.tf": GIVEN, "terraform.tfvars": 'vpc_cidr = "10.1.0.0/16"\n'},
        'the VPC and the subnet (aws_vpc.m for var.vpc_cidr: cidr_block "10.0.0.0/16" -> "10.1.0.0/16"; '
        'aws_subnet.s: cidr_block "10.0.0.0/20" -> "10.1.0.0/20"). Resources: 2 to replace.',
        5,
    ),
    "a file that a function reads": (
        {"main.tf": DATA, "s.yaml": "cidr: 10.4.0.0/24\n"},
        {"main.tf": DATA, "s.yaml": "cidr: 10.5.0.0/24\n"},
        'the subnet (google_compute_subnetwork.s: ip_cidr_range "10.4.0.0/24" -> "10.5.0.0/24"). '
        "Resources: 1 to replace.",
        5,
    ),
}


def write(folder: Path, side: Side) -> None:
    for path, text in side.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@pytest.mark.parametrize("is_repository", [False, True], ids=["two folders", "two revisions"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_pair(pair: tuple[Side, Side, str, int], is_repository: bool, tmp_path: Path, run: Run) -> None:
    before, after, expected, code = pair
    if is_repository:
        git(tmp_path, "init", "--quiet", "--initial-branch", "main")
        for side in (before, after):
            write(tmp_path, side)
            commit(tmp_path, "side")
        names = ("HEAD~1", "HEAD")
    else:
        write(tmp_path / "before", before)
        write(tmp_path / "after", after)
        names = ("before", "after")

    result = run("review", *names, "-C", tmp_path, "--quiet")

    assert expected in " ".join(result.output.split())
    assert result.exit_code == code
    assert run("review", *names, "-C", tmp_path, "--quiet", "--fail-on", "replace,unknown").exit_code == 5
