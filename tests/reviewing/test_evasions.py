"""Changes that destroy, or may, and that a gate once let through: each fails on `replace`, or else on `unknown`."""

import pytest

from tests.reviewing.sides import report_of

Files = dict[str, str]
LITERAL = 'resource "aws_vpc" "m" {\n  cidr_block = "10.0.0.0/16"\n}\n'
OTHER = LITERAL.replace("10.0", "10.1")
DATABASE = 'resource "aws_db_instance" "d" {\n  db_name = "a"\n}\n'
IGNORING = LITERAL.replace("}\n", "  lifecycle {\n    ignore_changes = [cidr_block]\n  }\n}\n")
LOCALS = 'locals {\n  a = 1\n}\nlocals {\n  c = "10.0.0.0/16"\n}\n' + LITERAL.replace('"10.0.0.0/16"', "local.c")
REGION = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
CALL = 'module "m" {\n  source = "./m"\n}\n'
GIVEN = LITERAL.replace('"10.0.0.0/16"', "var.c") + 'variable "c" {}\n'
DEFAULT = 'variable "c" {\n  default = "10.9.0.0/16"\n}\n'
REQUIRED = 'terraform {\n  required_providers {\n    aws = {\n      source = "%s"\n    }\n  }\n}\n'
LOCKED = """provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.0.0"
  hashes      = ["h1:a"]
}
"""


def live(block: str, also: Files | None = None) -> Files:
    """Return a root module with its own values, and whatever else names it."""
    return {"live/main.tf": GIVEN, "live/terraform.tfvars": f'c = "{block}"\n', **(also or {})}


def beside(path: str, before: str, after: str, root: str = "") -> tuple[Files, Files]:
    """Return two sides with another text of a file that is not Terraform."""
    return {"main.tf": root or GIVEN, path: before}, {"main.tf": root or GIVEN, path: after}


def stateful(folder: str, key: str, block: str = LITERAL) -> Files:
    """Return a root module with a remote state."""
    return {f"{folder}/main.tf": block + f'terraform {{\n  backend "s3" {{\n    key = "{key}"\n  }}\n}}\n'}


def reader(block: str) -> Files:
    """Return a root module that reads an output of another one from its state."""
    state = 'data "terraform_remote_state" "n" {\n  backend = "s3"\n}\n'
    used = LITERAL.replace('"10.0.0.0/16"', "data.terraform_remote_state.n.outputs.cidr")
    return {"net/main.tf": f'output "cidr" {{\n  value = "{block}"\n}}\n', "app/main.tf": state + used}


def passing_on(files: Files) -> Files:
    """Return the root modules where all outputs are given another name first."""
    renamed = files["app/main.tf"].replace("data.terraform_remote_state.n.outputs.cidr", "local.n.cidr")
    return {**files, "app/main.tf": renamed + "locals {\n  n = data.terraform_remote_state.n.outputs\n}\n"}


def repeated(argument: str, value: str) -> str:
    return f'variable "x" {{}}\nresource "aws_vpc" "m" {{\n  {argument} = {value}\n  cidr_block = "10.0.0.0/16"\n}}\n'


def called(for_each: str) -> Files:
    call = f'variable "x" {{}}\nmodule "m" {{\n  source = "./m"\n  for_each = {for_each}\n}}\n'
    return {"main.tf": call, "m/main.tf": LITERAL}


DISK = """
resource "aws_instance" "m" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  root_block_device {
    volume_size = 20
    encrypted   = true
  }

  lifecycle {
    ignore_changes = %s
  }
}
"""
REPLACED: dict[str, tuple[Files, Files]] = {
    "a file that Terraform ignores from now on": ({"main.tf": LITERAL, "b.tf": ""}, {".main.tf": LITERAL, "b.tf": ""}),
    "an override whose name has a dot": ({"main.tf": LITERAL}, {"main.tf": LITERAL, "a.b_override.tf": OTHER}),
    "an override of a local that is not in the first block": (
        {"main.tf": LOCALS},
        {"main.tf": LOCALS, "override.tf": 'locals {\n  c = "10.9.0.0/16"\n}\n'},
    ),
    "values of a root module that a test calls, too": (
        live("10.0.0.0/16", {"tests/main.tf": 'module "m" {\n  source = "../live"\n  c = "10.7.0.0/16"\n}\n'}),
        live("10.1.0.0/16", {"tests/main.tf": 'module "m" {\n  source = "../live"\n  c = "10.7.0.0/16"\n}\n'}),
    ),
    "a folder that only a comment calls": (
        {"live/main.tf": LITERAL, "other/main.tf": '# as in source = "../live"\n'},
        {"live/main.tf": OTHER, "other/main.tf": '# as in source = "../live"\n'},
    ),
    "values of a root module that only a comment calls": (
        live("10.0.0.0/16", {"other/main.tf": '# as in source = "../live"\n'}),
        live("10.1.0.0/16", {"other/main.tf": '# as in source = "../live"\n'}),
    ),
    "a folder whose only file Terraform ignores from now on": ({"main.tf": LITERAL}, {".main.tf": LITERAL}),
}
NOT_KNOWN: dict[str, tuple[Files, Files]] = {
    "a condition on a variable without value is turned round": (
        {"main.tf": repeated("count", "var.x ? 1 : 0")},
        {"main.tf": repeated("count", "var.x ? 0 : 1")},
    ),
    "fewer than a number that is not known": (
        {"main.tf": repeated("count", "var.x + 1")},
        {"main.tf": repeated("count", "var.x")},
    ),
    "a number that was not known": (
        {"main.tf": repeated("count", "var.x ? 2 : 1")},
        {"main.tf": repeated("count", "1")},
    ),
    "a key fewer than those that are not known": (
        {"main.tf": repeated("for_each", 'toset(concat(var.x, ["a"]))')},
        {"main.tf": repeated("for_each", "toset(concat(var.x, []))")},
    ),
    "a module for fewer keys": (called("var.x"), called("{ for k, v in var.x : k => v if v.on }")),
    "an argument is no longer ignored": ({"main.tf": IGNORING}, {"main.tf": LITERAL}),
    "a block with an argument that replaces is no longer ignored": (
        {"main.tf": DISK % "[root_block_device]"},
        {"main.tf": DISK % "[]"},
    ),
    "an argument that replaces in a block is no longer ignored": (
        {"main.tf": DISK % "[root_block_device[0].encrypted, root_block_device[0].volume_size]"},
        {"main.tf": DISK % "[root_block_device[0].volume_size]"},
    ),
    "nothing is ignored any more": ({"main.tf": IGNORING.replace("[cidr_block]", "all")}, {"main.tf": LITERAL}),
    "a module's own provider is gone": (
        {"main.tf": CALL, "m/main.tf": LITERAL + REGION},
        {"main.tf": CALL, "m/main.tf": LITERAL},
    ),
    "another version of the provider in the lock file": (
        {"main.tf": LITERAL, ".terraform.lock.hcl": LOCKED},
        {"main.tf": LITERAL, ".terraform.lock.hcl": LOCKED.replace("5.100.0", "6.0.0")},
    ),
    "the lock file is deleted": ({"main.tf": LITERAL, ".terraform.lock.hcl": LOCKED}, {"main.tf": LITERAL}),
    "a variable in a workflow": beside(".github/workflows/a.yml", "env:\n  TF_VAR_c: a\n", "env:\n  TF_VAR_c: b\n"),
    "a variable in a Makefile": beside(
        "Makefile", "x:\n\tterraform apply -var c=a\n", "x:\n\tterraform apply -var c=b\n"
    ),
    "a variable in the settings of a shell": beside(".envrc", "export TF_VAR_c=a\n", "export TF_VAR_c=b\n"),
    "another workspace": beside("run.sh", "tofu workspace select a\n", "tofu workspace select b\n"),
    "apply becomes destroy": beside("run.sh", "terraform apply\n", "terraform apply -destroy\n"),
    "another workspace of a service": beside("atlantis.yaml", "workspace: a\n", "workspace: b\n"),
    "another region of a job": beside(
        "a.yml", "run: terraform plan\nAWS_REGION: a\n", "run: terraform plan\nAWS_REGION: b\n"
    ),
    "values in a file of another name": beside("prod.json", '{"c": "a"}', '{"c": "b"}'),
    "settings of a backend": beside("prod.tfbackend", 'key = "a"\n', 'key = "b"\n'),
    "settings of a backend in a file of another name": beside("backend.conf", 'key = "a"\n', 'key = "b"\n'),
    "a state": beside("terraform.tfstate", '{"serial": 1}', '{"serial": 2}'),
    "what a remote run gets": beside(".terraformignore", "a\n", "*.tfvars\n"),
    "another file for Terraform next to one for OpenTofu": (
        {"main.tf": LITERAL, "main.tofu": LITERAL},
        {"main.tf": OTHER, "main.tofu": LITERAL},
    ),
    "a file for OpenTofu alone from now on": ({"main.tf": LITERAL}, {"main.tofu": LITERAL}),
    "data that Terragrunt reads": (
        {"m/main.tf": GIVEN, "terragrunt.hcl": 'locals { e = file("e.yaml") }', "e.yaml": "c: a\n"},
        {"m/main.tf": GIVEN, "terragrunt.hcl": 'locals { e = file("e.yaml") }', "e.yaml": "c: b\n"},
    ),
    "a program that a data source runs": beside(
        "gen.py",
        "print(1)\n",
        "print(2)\n",
        root='data "external" "e" {\n  program = ["python3", "gen.py"]\n}\n'
        + LITERAL.replace('"10.0.0.0/16"', "data.external.e.result.c"),
    ),
    "a file that git-lfs keeps": beside(
        "a.yaml",
        "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 20\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:2\nsize 20\n",
        root=LITERAL.replace('"10.0.0.0/16"', 'yamldecode(file("a.yaml")).c'),
    ),
    "a new root module with the state of another": (
        stateful("prod", "prod"),
        {**stateful("prod", "prod"), **stateful("copy", "prod", DATABASE)},
    ),
    "a new root module that imports": (
        stateful("prod", "prod"),
        {
            **stateful("prod", "prod"),
            **stateful("new", "new", LITERAL + 'import {\n  to = aws_vpc.m\n  id = "vpc-1"\n}\n'),
        },
    ),
    "an output that another root module reads": (reader("10.0.0.0/16"), reader("10.1.0.0/16")),
    "values that must be passed from now on": (
        {"main.tf": LITERAL.replace('"10.0.0.0/16"', "var.c") + DEFAULT, "terraform.tfvars": 'c = "10.0.0.0/16"'},
        {"main.tf": LITERAL.replace('"10.0.0.0/16"', "var.c") + DEFAULT, "prod.tfvars": 'c = "10.0.0.0/16"'},
    ),
    "a provider of the same name from another host": (
        {"main.tf": LITERAL + REQUIRED % "hashicorp/aws"},
        {"main.tf": LITERAL + REQUIRED % "example.com/hashicorp/aws"},
    ),
    "outputs of a state that are passed on as a whole": (
        passing_on(reader("10.0.0.0/16")),
        passing_on(reader("10.1.0.0/16")),
    ),
    "a variable of a script": beside(
        "run.sh", 'C=a\nterraform apply -var "c=$C"\n', 'C=b\nterraform apply -var "c=$C"\n'
    ),
    "an item of a workflow's matrix": beside(
        "a.yml",
        "c:\n  - a\nrun: terraform apply -var c=${{ matrix.c }}\n",
        "c:\n  - b\nrun: terraform apply -var c=${{ matrix.c }}\n",
    ),
    "another folder where Terraform is run": beside(
        "a.yml", "run: terraform apply\nworking-directory: a\n", "run: terraform apply\nworking-directory: b\n"
    ),
    "a variable that is given and not declared any more": (
        {
            "main.tf": LITERAL.replace('"10.0.0.0/16"', "var.c") + 'variable "c" {}\n',
            "terraform.tfvars": 'c = "10.0.0.0/16"',
        },
        {"main.tf": LITERAL.replace('"10.0.0.0/16"', "var.c"), "terraform.tfvars": 'c = "10.0.0.0/16"'},
    ),
}
SAFE: dict[str, tuple[Files, Files]] = {
    "a document that names a variable": beside("README.md", "TF_VAR_c=a\n", "TF_VAR_c=b\n"),
    "a comment that names a variable": beside("run.sh", "terraform apply\n# -var a\n", "terraform apply\n# -var b\n"),
    "another line of a script": beside(
        "run.sh", "terraform apply -var c=a\necho a\n", "terraform apply -var c=a\necho b\n"
    ),
    "a comment on values in a file of another name": beside("prod.conf", "c=a\n", "# The name.\nc=a\n"),
    "the layout of values in a file of another name": beside("prod.json", '{"c": "a"}', '{\n  "c": "a"\n}\n'),
    "a region of another program": beside("compose.yml", "AWS_REGION: a\n", "AWS_REGION: b\n"),
    "settings of another program": beside("package.json", '{"name": "a"}', '{"name": "b"}'),
    "an archive that stays": (
        {"main.tf": LITERAL + 'locals {\n  a = filebase64sha256("a.zip")\n}\n', "a.zip": "\udcff"},
        {"main.tf": LITERAL + 'locals {\n  a = filebase64sha256("a.zip")\n}\n# b\n', "a.zip": "\udcff"},
    ),
    "a new root module with a state of its own": (
        stateful("prod", "prod"),
        {**stateful("prod", "prod"), **stateful("copy", "copy", DATABASE)},
    ),
    "an output that stays": (reader("10.0.0.0/16"), {**reader("10.0.0.0/16"), "net/b.tf": "locals {}\n"}),
    "hashes for another platform": (
        {"main.tf": LITERAL, ".terraform.lock.hcl": LOCKED},
        {"main.tf": LITERAL, ".terraform.lock.hcl": LOCKED.replace('["h1:a"]', '["h1:a", "h1:b"]')},
    ),
    "the first lock file": ({"main.tf": LITERAL}, {"main.tf": LITERAL, ".terraform.lock.hcl": LOCKED}),
    "another version of a provider that nothing uses": (
        {"main.tf": LITERAL, ".terraform.lock.hcl": LOCKED.replace("hashicorp/aws", "hashicorp/google")},
        {
            "main.tf": LITERAL,
            ".terraform.lock.hcl": LOCKED.replace("hashicorp/aws", "hashicorp/google").replace("5", "6"),
        },
    ),
    "a number that is not known stays": (
        {"main.tf": repeated("count", "var.x")},
        {"main.tf": repeated("count", "var.x") + "# read\n"},
    ),
    "an argument in a block that changes in place is no longer ignored": (
        {"main.tf": DISK % "[root_block_device]"},
        {"main.tf": DISK % "[root_block_device[0].encrypted]"},
    ),
    "an argument that changes in place is no longer ignored": (
        {"main.tf": IGNORING.replace("[cidr_block]", "[tags]").replace("  life", "  tags = { a = 1 }\n  life")},
        {"main.tf": LITERAL.replace("}\n", "  tags = { a = 1 }\n}\n")},
    ),
}


@pytest.mark.parametrize("sides", REPLACED.values(), ids=REPLACED)
def test_what_is_destroyed_is_told(sides: tuple[Files, Files]) -> None:
    assert report_of(*sides).level == "replace"


@pytest.mark.parametrize("sides", NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_what_may_be_destroyed_is_not_known(sides: tuple[Files, Files]) -> None:
    assert report_of(*sides).level == "unknown"


@pytest.mark.parametrize("sides", SAFE.values(), ids=SAFE)
def test_what_stays_is_not_asked_about(sides: tuple[Files, Files]) -> None:
    assert report_of(*sides).levels <= {"change"}
