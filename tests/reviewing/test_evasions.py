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
LOCKED = """provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.0.0"
  hashes      = ["h1:a"]
}
"""


def live(block: str, also: Files | None = None) -> Files:
    """Return a root module with its own values, and whatever else names it."""
    return {"live/main.tf": GIVEN, "live/terraform.tfvars": f'c = "{block}"\n', **(also or {})}


def repeated(argument: str, value: str) -> str:
    return f'variable "x" {{}}\nresource "aws_vpc" "m" {{\n  {argument} = {value}\n  cidr_block = "10.0.0.0/16"\n}}\n'


def called(for_each: str) -> Files:
    call = f'variable "x" {{}}\nmodule "m" {{\n  source = "./m"\n  for_each = {for_each}\n}}\n'
    return {"main.tf": call, "m/main.tf": LITERAL}


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
    "a variable that is given and not declared any more": (
        {
            "main.tf": LITERAL.replace('"10.0.0.0/16"', "var.c") + 'variable "c" {}\n',
            "terraform.tfvars": 'c = "10.0.0.0/16"',
        },
        {"main.tf": LITERAL.replace('"10.0.0.0/16"', "var.c"), "terraform.tfvars": 'c = "10.0.0.0/16"'},
    ),
}
SAFE: dict[str, tuple[Files, Files]] = {
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
    assert "unknown" not in report_of(*sides).levels
