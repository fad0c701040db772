"""Values, variables and locals in a folder that several root modules share, which a pipeline copies or names."""

import json
from collections.abc import Mapping

import pytest

from tests.reviewing.sides import actions, report_of

VPC = 'resource "aws_vpc" "m" {\n  cidr_block = %s\n}\n'
VARIABLE = 'variable "cidr" {\n  default = "10.%d.0.0/16"\n}\n'
OTHER = 'variable "other" {}\nresource "aws_vpc" "n" {\n  cidr_block = var.other\n}\n'


@pytest.mark.parametrize(
    ("sides", "path"),
    [
        (
            {"live/main.tf": VPC % "var.cidr", "all/variables.tf": VARIABLE % 0, "all/p.tfvars": 'cidr = "%s"\n'},
            "all/p.tfvars",
        ),
        ({"live/main.tf": VPC % "var.cidr", "all/p.tfvars": 'cidr = "%s"\n'}, "all/p.tfvars"),
        (
            {"live/main.tf": VPC % "var.cidr", "all/variables.tf": 'variable "cidr" { default = "%s" }\n'},
            "all/variables.tf",
        ),
        ({"live/main.tf": VPC % "local.cidr", "all/locals.tf": 'locals {\n  cidr = "%s"\n}\n'}, "all/locals.tf"),
        (
            {
                "a/main.tf": 'variable "cidr" {}\n' + VPC % "var.cidr",
                "b/main.tf": OTHER + 'variable "cidr" {}\noutput "o" { value = var.cidr }\n',
                "values/p.tfvars": 'cidr = "%s"\nother = "10.8.0.0/16"\n',
            },
            "values/p.tfvars",
        ),
        ({"live/main.tf": VPC % "var.cidr", "all/p.tfvars.json": '{"a": 1, "cidr": "%s"}'}, "all/p.tfvars.json"),
        (
            {
                "live/main.tf": VPC % "var.cidr",
                "all/v.tf.json": '{"variable": {"a": {}, "cidr": {"default": "%s"}}}',
            },
            "all/v.tf.json",
        ),
    ],
    ids=["variables alone", "values", "a variable", "a local", "two root modules", "JSON values", "JSON variables"],
)
def test_what_another_folder_may_get_is_not_known(sides: Mapping[str, str], path: str) -> None:
    old, new = ({**sides, path: sides[path].replace("%s", f"10.{n}.0.0/16")} for n in range(2))

    report = report_of(old, new)

    assert report.level == "unknown"
    assert path in [unread.path for unread in report.contents.unread]


@pytest.mark.parametrize(
    "text",
    ["# var.cidr\n", 'locals {\n  a = "x-var.cidr"\n}\n', 'variable "cidr" {}\noutput "o" { value = var.cidr }\n'],
)
def test_what_no_other_folder_uses_is_its_own(text: str) -> None:
    sides = [{"live/main.tf": VARIABLE % n + VPC % "var.cidr", "else/main.tf": text} for n in range(2)]

    report = report_of(*sides)

    assert actions(*sides) == {"aws_vpc.m": "replace"}
    assert report.contents.unread == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (VARIABLE % 0, f"# The network.\n{VARIABLE % 0}"),
        (VARIABLE % 0 + OTHER, VARIABLE % 0 + OTHER.replace("{}", '{ default = "10.8.0.0/16" }')),
        ('locals {\n  cidr = "10.0.0.0/16"\n}\n', 'locals {\n  cidr   = "10.0.0.0/16"\n}\n'),
    ],
    ids=["a comment", "another variable", "the layout"],
)
def test_what_another_folder_may_get_is_the_same(old: str, new: str) -> None:
    used = {"live/main.tf": VPC % "var.cidr" + 'output "o" { value = local.cidr }\n'}

    report = report_of({**used, "all/shared.tf": old}, {**used, "all/shared.tf": new})

    assert report.contents.unread == ()


def test_a_local_of_another_folder_may_be_computed_of_what_changes() -> None:
    shared = 'locals {{\n  base = {}\n  cidr = "10.${{local.base}}.0.0/16"\n}}\n'
    sides = [{"live/main.tf": VPC % "local.cidr", "all/locals.tf": shared.format(base)} for base in range(2)]

    assert [unread.path for unread in report_of(*sides).contents.unread] == ["all/locals.tf"]


def test_every_variable_of_a_json_file_is_declared() -> None:
    variables = '"variable": {"other": {"default": "a"}, "cidr": {"default": "10.1.0.0/16"}}'
    used = {"live/main.tf.json": f'{{{variables}, "output": {{"o": {{"value": "${{var.cidr}}"}}}}}}'}
    sides = [{**used, "all/variables.tf": VARIABLE % number} for number in range(2)]

    assert report_of(*sides).contents.unread == ()


def test_values_elsewhere_are_for_the_one_root_module_that_declares_them() -> None:
    main = {"live/main.tf": 'variable "cidr" {}\n' + VPC % "var.cidr", "else/main.tf": OTHER}
    sides = [{**main, "values/p.tfvars": f'cidr = "10.{n}.0.0/16"\n'} for n in range(2)]

    assert actions(*sides) == {"aws_vpc.m": "replace"}


def test_values_below_a_root_module_are_for_any_variable_of_its_json() -> None:
    variables: dict[str, object] = {"other": {"default": "a"}, "cidr": {}}
    module = {"variable": variables, "resource": {"aws_vpc": {"m": {"cidr_block": "${var.cidr}"}}}}
    main = {"live/main.tf.json": json.dumps(module, indent=2)}
    sides = [{**main, "live/values/p.tfvars": f'cidr = "10.{n}.0.0/16"\n'} for n in range(2)]

    assert actions(*sides) == {"aws_vpc.m": "replace"}
