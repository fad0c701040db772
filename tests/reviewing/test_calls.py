"""What a changed argument of a module's call makes Terraform replace in the module."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

MODULE = """\
variable "cidr" {}
variable "names" {}
variable "tags" {}
resource "aws_vpc" "this" {
  cidr_block = var.cidr
  tags       = var.tags
}
resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.names.base, 4, 1)
}
"""


@pytest.fixture
def reviewed(tmp_path: Path, run: Run) -> Any:
    """Write a call twice, and return the verdict and what becomes of what exists."""

    def review(before: str, after: str) -> tuple[str, list[tuple[str, list[str], str]]]:
        for side, arguments in (("before", before), ("after", after)):
            for path, text in (
                ("modules/net/main.tf", MODULE),
                ("live/main.tf", f'module "net" {{\n  source = "../modules/net"\n  {arguments}\n}}\n'),
            ):
                (tmp_path / side / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / side / path).write_text(text)
        document = json.loads(run("review", "-C", tmp_path, "before", "after", "--json").stdout)
        impact = [(one["effect"], one["things"], one["subject"]) for one in document["impact"]]
        return document["verdict"]["level"], impact

    return review


def test_a_value_that_cannot_change_in_place_replaces_what_it_is_given_to(reviewed: Any) -> None:
    level, impact = reviewed('cidr = "10.0.0.0/16"', 'cidr = "10.1.0.0/16"')

    assert level == "replace"
    assert impact == [("replace", ["the VPC"], "module.net")]


def test_a_computed_value_may_replace_it(reviewed: Any) -> None:
    level, impact = reviewed("cidr = var.cidr", 'cidr = "10.1.0.0/16"')

    assert level == "warning"
    assert impact == [("perhaps replace", ["the VPC"], "module.net")]


def test_a_key_of_an_object_is_followed_to_where_it_is_computed_with(reviewed: Any) -> None:
    level, impact = reviewed('names = { base = "10.0.0.0/16" }', 'names = { base = "10.1.0.0/16" }')

    assert level == "warning"
    assert impact == [("perhaps replace", ["the subnet"], "module.net")]


def test_what_changes_in_place_there_is_a_change(reviewed: Any) -> None:
    assert reviewed("tags = {}", 'tags = { team = "a" }') == ("change", [])
