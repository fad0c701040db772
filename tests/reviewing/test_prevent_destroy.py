"""`prevent_destroy` stops what destroys: the answers are those of Terraform 1.11.4, asked with `terraform_data`."""

import pytest

from tests.reviewing.sides import report_of, resources

KEPT = "  lifecycle {\n    prevent_destroy = true\n  }\n"
MODULE = f'variable "n" {{\n  default = 1\n}}\nresource "aws_vpc" "in" {{\n  count = var.n\n{KEPT}}}\n'


def root(body: str, call: str = "") -> dict[str, str]:
    called = f'module "m" {{\n  source = "./m"\n{call}}}\n' if call else ""
    return {"main.tf": body + called, "m/main.tf": MODULE}


def counted(number: int) -> str:
    return f'resource "aws_vpc" "this" {{\n  count = {number}\n{KEPT}}}\n'


def keyed(*keys: str) -> str:
    return f'resource "aws_vpc" "this" {{\n  for_each = toset([{", ".join(map(repr, keys))}])\n{KEPT}}}\n'.replace(
        "'", '"'
    )


@pytest.mark.parametrize(
    ("before", "after", "address"),
    [
        (root(counted(1)), root(counted(0)), "aws_vpc.this[0]"),
        (root(counted(2)), root(counted(1)), "aws_vpc.this[1]"),
        (root(keyed("a", "b.c")), root(keyed("a")), 'aws_vpc.this["b.c"]'),
        (root("", "  n = 1\n"), root("", "  n = 0\n"), "module.m.aws_vpc.in[0]"),
        (root("", "  count = 1\n"), root("", "  count = 0\n"), "module.m[0].aws_vpc.in[0]"),
    ],
    ids=["count to 0", "count to 1", "a key", "count in a module", "count of a module"],
)
def test_fewer_instances_of_what_is_declared_stop_the_plan(
    before: dict[str, str], after: dict[str, str], address: str
) -> None:
    found = resources(before, after)[address]

    assert found.action == "destroy"
    assert found.is_stopped
    (impact,) = report_of(before, after).contents.impacts
    assert "prevent_destroy stops the plan." in "".join(map(str, impact.reason))


@pytest.mark.parametrize(
    ("before", "after", "address"),
    [
        (root(counted(1)), root(""), "aws_vpc.this[0]"),
        (root("", "  n = 1\n"), root(""), "module.m.aws_vpc.in[0]"),
        (root(counted(1)), root(counted(0).replace(KEPT, "")), "aws_vpc.this[0]"),
    ],
    ids=["no block", "no call", "no lifecycle"],
)
def test_what_is_not_declared_any_more_is_destroyed(
    before: dict[str, str], after: dict[str, str], address: str
) -> None:
    found = resources(before, after)[address]

    assert found.action == "destroy"
    assert not found.is_stopped
