"""Defaults of the real AWS provider that the emitted modules write against: asked by a plan, without an account.

It starts the provider once, which takes seconds: what a default is, its schema does not say.
"""

import json
import os
import subprocess
from pathlib import Path

from escscaffold.clouds.fact_files import template_root
from tests.properties import in_full
from tests.terraform import real
from tests.terraform.root import require, require_terraform

MODULES = Path(str(template_root())) / "aws/modules"
ASKED = """\
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
}

resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_eks_cluster" "a" {
  name     = "a"
  role_arn = "arn:aws:iam::123456789012:role/a"

  vpc_config {
    subnet_ids = [aws_subnet.a.id]
  }
}
"""


@in_full
def test_the_real_aws_provider_has_the_defaults_that_modules_write_against(tmp_path: Path) -> None:
    require_terraform()
    found = real.find("hashicorp/aws")
    require(found is not None, f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror that has it")
    assert found is not None
    (tmp_path / "main.tf").write_text(ASKED)
    (tmp_path / "empty.tfrc").write_text("")
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(tmp_path / "empty.tfrc")}

    def terraform(*arguments: str) -> str:
        command = ["terraform", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    terraform("init", "-input=false", f"-plugin-dir={found.parents[3]}")
    terraform("plan", "-input=false", "-out=plan.tfplan")
    resources = json.loads(terraform("show", "-json", "plan.tfplan"))["planned_values"]["root_module"]["resources"]
    values = {one["type"]: one["values"] for one in resources}

    # EKS needs names of nodes: without the argument they are unknown, and are off at AWS.
    assert values["aws_vpc"]["enable_dns_support"] is True
    assert values["aws_vpc"].get("enable_dns_hostnames") is not True
    assert "enable_dns_hostnames = true" in (MODULES / "_network/vpc.tf").read_text()
    # Nodes with a public address are what a person chooses.
    assert values["aws_subnet"]["map_public_ip_on_launch"] is False
    # The API is open to all addresses unless something is said.
    (access,) = values["aws_eks_cluster"]["vpc_config"]
    assert (access["endpoint_public_access"], access["endpoint_private_access"]) == (True, False)
    assert values["aws_eks_cluster"]["bootstrap_self_managed_addons"] is True
