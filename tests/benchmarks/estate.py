"""A thousand files of Terraform as teams write them: many root modules that call a few modules of their own.

It measures what a review of one changed file costs, and a scan of all of them, beside parsing that text with
python-hcl2 in the same run.
"""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import Row, ours, row, seconds

ROOTS, MODULES, ROUNDS = 250, 10, 3
_MAIN = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

module "network" {
  source = "../../../modules/network@TEN@"

  cidr    = var.cidr
  subnets = { for i, zone in var.zones : zone => cidrsubnet(var.cidr, 4, i) }
  tags    = local.tags
}

resource "aws_security_group" "nodes" {
  name   = "nodes-@N@"
  vpc_id = module.network.vpc_id

  dynamic "ingress" {
    for_each = var.allowed

    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.cidrs
    }
  }
}

resource "aws_s3_bucket" "logs" {
  count  = var.logs ? 1 : 0
  bucket = "logs-@N@-${var.environment}"
  tags   = merge(local.tags, { Purpose = "logs" })
}
"""
_VARIABLES = """\
variable "cidr" {
  description = "Address space of the VPC."
  type        = string
  default     = "10.@N@.0.0/16"
}

variable "zones" {
  type    = list(string)
  default = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
}

variable "allowed" {
  type = list(object({ port = number, cidrs = list(string) }))
  default = [
    { port = 443, cidrs = ["10.0.0.0/8"] },
    { port = 2113, cidrs = ["172.16.0.0/12"] },
  ]
}

variable "logs" {
  type    = bool
  default = true
}

variable "environment" {
  type    = string
  default = "env@N@"
}
"""
_MODULE = """\
variable "cidr" { type = string }
variable "subnets" { type = map(string) }
variable "tags" { type = map(string) }

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  tags                 = var.tags
}

resource "aws_subnet" "this" {
  for_each = var.subnets

  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value
  availability_zone = each.key
  tags              = merge(var.tags, { Name = each.key })
}

output "vpc_id" { value = aws_vpc.this.id }
"""
_LOCALS = 'locals {\n  tags = {\n    Team = "team@TEAM@"\n    Env  = var.environment\n  }\n}\n'
_OUTPUTS = 'output "vpc_id" {\n  value = module.network.vpc_id\n}\n'


def write(folder: Path) -> None:
    """Write 1,010 files: four for each root module, and one for each module that they call."""
    for number in range(ROOTS):
        root = folder / f"live/team{number // 25}/env{number}"
        root.mkdir(parents=True)
        files = {"main.tf": _MAIN, "variables.tf": _VARIABLES, "outputs.tf": _OUTPUTS, "locals.tf": _LOCALS}
        for name, text in files.items():
            marks = {"@TEN@": f"{number % MODULES}", "@N@": f"{number}", "@TEAM@": f"{number // 25}"}
            for mark, value in marks.items():
                text = text.replace(mark, value)
            (root / name).write_text(text, encoding="utf-8")
    for number in range(MODULES):
        module = folder / f"modules/network{number}"
        module.mkdir(parents=True)
        (module / "main.tf").write_text(_MODULE, encoding="utf-8")


def rows(folder: Path) -> Iterator[Row]:
    """Yield a review of one changed file, and a scan of all."""
    before, after = folder / "before", folder / "after"
    write(before)
    shutil.copytree(before, after)
    changed = after / "live/team0/env7/variables.tf"
    changed.write_text(changed.read_text(encoding="utf-8").replace("10.7.", "10.207."), encoding="utf-8")
    review = ours("review", before, after, "--fail-on", "")
    scan = ours("scan", before)
    for what, command in (("review, one file of 1,010", review), ("scan, 1,010 files", scan)):
        times = [(seconds(command), _parsed(before)) for _ in range(ROUNDS)]
        yield row(what, times, "parse 50 of the files with python-hcl2")


def _parsed(folder: Path) -> float:
    import hcl2

    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("live/team0/*/*.tf"))[:50]]
    start = time.perf_counter()
    for text in texts:
        hcl2.parses_to_tree(text)
    return time.perf_counter() - start
