"""What a review says becomes of each resource, where values come from elsewhere: variables, locals, modules, files."""

import json
from typing import Any

import pytest

from tests.reviewing.sides import actions, report_of, resources

VPC = 'resource "aws_vpc" "m" {\n  cidr_block = %s\n}\n'
PIN = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> %d.0"
    }
  }
}
"""
NET = {
    "modules/net/main.tf": (
        'variable "cidr" {}\nvariable "names" { default = {} }\nvariable "tags" { default = {} }\n'
        'resource "aws_vpc" "this" {\n  cidr_block = var.cidr\n  tags = var.tags\n}\n'
        'resource "aws_subnet" "this" {\n  for_each = var.names\n  vpc_id = aws_vpc.this.id\n'
        "  cidr_block = cidrsubnet(var.cidr, 8, each.value)\n}\n"
        'output "vpc_id" { value = aws_vpc.this.id }\n'
    )
}


def call(arguments: str, source: str = "../modules/net") -> dict[str, str]:
    return {**NET, "live/main.tf": f'module "net" {{\n  source = "{source}"\n  {arguments}\n}}\n'}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'variable "c" { default = "10.0.0.0/16" }\n' + VPC % "var.c",
            'variable "c" { default = "10.1.0.0/16" }\n' + VPC % "var.c",
        ),
        ('locals { c = "10.0.0.0/16" }\n' + VPC % "local.c", 'locals { c = "10.1.0.0/16" }\n' + VPC % "local.c"),
        (VPC % '"10.0.0.0/16"', VPC % 'cidrsubnet("10.0.0.0/8", 8, 1)'),
        (VPC % 'true ? "10.0.0.0/16" : "x"', VPC % 'false ? "x" : "10.1.0.0/16"'),
    ],
    ids=["a default", "a local", "a function", "a conditional"],
)
def test_a_value_is_followed_to_the_resource_that_it_reaches(before: str, after: str) -> None:
    assert actions(before, after) == {"aws_vpc.m": "replace"}


@pytest.mark.parametrize(
    "name", ["terraform.tfvars", "prod.auto.tfvars", "prod.tfvars", "envs/prod.tfvars", "envs/prod/terraform.tfvars"]
)
def test_a_file_of_values_is_read_wherever_it_may_stand(name: str) -> None:
    main = 'variable "c" { type = string }\n' + VPC % "var.c"

    found = actions({"main.tf": main, name: 'c = "10.0.0.0/16"\n'}, {"main.tf": main, name: 'c = "10.1.0.0/16"\n'})

    assert found == {"aws_vpc.m": "replace"}


def test_values_in_json_are_read_too() -> None:
    main = 'variable "c" { type = string }\n' + VPC % "var.c"
    sides = [{"main.tf": main, "x.auto.tfvars.json": json.dumps({"c": c})} for c in ("10.0.0.0/16", "10.1.0.0/16")]

    assert actions(*sides) == {"aws_vpc.m": "replace"}


def test_values_that_no_module_declares_are_not_known() -> None:
    report = report_of(
        {"main.tf": VPC % '"10.0.0.0/16"'}, {"main.tf": VPC % '"10.0.0.0/16"', "else/x.tfvars": "q = 1\n"}
    )

    assert report.level == "unknown"
    assert [unread.path for unread in report.contents.unread] == ["else/x.tfvars"]


@pytest.mark.parametrize(
    ("function", "path", "texts"),
    [
        ('yamldecode(file("${path.module}/n.yaml")).cidr', "n.yaml", ("cidr: 10.0.0.0/16\n", "cidr: 10.1.0.0/16\n")),
        ('jsondecode(file("n.json"))["cidr"]', "n.json", ('{"cidr": "10.0.0.0/16"}', '{"cidr": "10.1.0.0/16"}')),
        ('csvdecode(file("n.csv"))[0].cidr', "n.csv", ("cidr\n10.0.0.0/16\n", "cidr\n10.1.0.0/16\n")),
        ('templatefile("n.tpl", { n = 0 })', "n.tpl", ("10.${n}.0.0/16", "10.${n + 1}.0.0/16")),
        ('fileexists("n.txt") ? "10.1.0.0/16" : "10.0.0.0/16"', "n.txt", (None, "x")),
        ('length(fileset(path.module, "d/*.txt")) > 0 ? "10.1.0.0/16" : "10.0.0.0/16"', "d/n.txt", (None, "x")),
    ],
)
def test_a_file_that_is_read_counts(function: str, path: str, texts: tuple[str | None, str]) -> None:
    old, new = ({"main.tf": VPC % function} | ({path: text} if text else {}) for text in texts)

    assert actions(old, new) == {"aws_vpc.m": "replace"}


def test_an_argument_of_a_module_is_followed_at_any_depth() -> None:
    outer = {"modules/outer/main.tf": 'variable "c" {}\nmodule "net" {\n  source = "../net"\n  cidr = var.c\n}\n'}
    sides = [
        {**NET, **outer, "live/main.tf": f'module "o" {{\n  source = "../modules/outer"\n  c = "{c}"\n}}\n'}
        for c in ("10.0.0.0/16", "10.1.0.0/16")
    ]

    assert actions(*sides) == {"module.o.module.net.aws_vpc.this": "replace"}


def test_what_changes_in_place_there_is_in_place() -> None:
    assert actions(call('cidr = "10.0.0.0/16"'), call('cidr = "10.0.0.0/16"\n  tags = { a = "b" }')) == {
        "module.net.aws_vpc.this": "update"
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{ a = 0, b = 1 }", "{ a = 0 }", {'module.net.aws_subnet.this["b"]': "destroy"}),
        ("{ a = 0 }", "{ a = 0, b = 1 }", {'module.net.aws_subnet.this["b"]': "create"}),
        ("{ a = 0, b = 1 }", "{ b = 1, a = 0 }", {}),
        ("{ a = 0 }", "{ a = 3 }", {'module.net.aws_subnet.this["a"]': "replace"}),
    ],
)
def test_keys_of_for_each_are_instances(before: str, after: str, expected: dict[str, str]) -> None:
    cidr = 'cidr = "10.0.0.0/16"\n  names = '

    assert actions(call(cidr + before), call(cidr + after)) == expected


def test_what_depends_on_a_replaced_resource_is_replaced_with_it() -> None:
    names = "names = { a = 0 }\n  "

    found = resources(call(names + 'cidr = "10.0.0.0/16"'), call(names + 'cidr = "10.0.0.0/12"'))

    assert {address: one.action for address, one in found.items()} == {
        "module.net.aws_vpc.this": "replace",
        'module.net.aws_subnet.this["a"]': "replace",
    }


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", {"aws_vpc.a": "destroy", "aws_vpc.b": "create"}),
        ("moved {\n  from = aws_vpc.a\n  to = aws_vpc.b\n}\n", {"aws_vpc.b": "move"}),
        (
            "removed {\n  from = aws_vpc.a\n  lifecycle {\n    destroy = false\n  }\n}\n",
            {"aws_vpc.a": "forget", "aws_vpc.b": "create"},
        ),
        ("removed {\n  from = aws_vpc.a\n}\n", {"aws_vpc.a": "destroy", "aws_vpc.b": "create"}),
    ],
)
def test_statements_decide_what_a_new_name_means(more: str, expected: dict[str, str]) -> None:
    text = 'resource "aws_vpc" "%s" {\n  cidr_block = "10.0.0.0/16"\n}\n'

    assert actions(text % "a", text % "b" + more) == expected


def test_a_resource_moves_into_a_module() -> None:
    before = {**NET, "live/main.tf": 'resource "aws_vpc" "old" {\n  cidr_block = "10.0.0.0/16"\n}\n'}
    after = call('cidr = "10.0.0.0/16"')
    after["live/main.tf"] += "moved {\n  from = aws_vpc.old\n  to = module.net.aws_vpc.this\n}\n"

    assert actions(before, after) == {"module.net.aws_vpc.this": "move"}


@pytest.mark.parametrize(("old", "new"), [("", "count = 1"), ("count = 1", "")])
def test_count_that_comes_or_goes_moves_by_itself(old: str, new: str) -> None:
    text = 'resource "aws_vpc" "m" {\n  cidr_block = "10.0.0.0/16"\n  %s\n}\n'

    assert set(actions(text % old, text % new).values()) == {"move"}


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        ("ignore_changes = [cidr_block]", {}),
        ("ignore_changes = all", {}),
        ("ignore_changes = [tags]", {"aws_vpc.m": "replace"}),
    ],
)
def test_what_terraform_ignores_changes_nothing(lifecycle: str, expected: dict[str, str]) -> None:
    text = 'resource "aws_vpc" "m" {\n  cidr_block = "10.%d.0.0/16"\n  lifecycle {\n    ' + lifecycle + "\n  }\n}\n"

    assert actions(text % 0, text % 1) == expected


def test_a_trigger_replaces_what_names_it() -> None:
    text = (
        'resource "aws_vpc" "m" {\n  cidr_block = "10.0.0.0/16"\n  tags = { a = "%s" }\n}\n'
        'resource "aws_subnet" "s" {\n  vpc_id = "vpc-1"\n  cidr_block = "10.0.0.0/24"\n'
        "  lifecycle {\n    replace_triggered_by = [aws_vpc.m]\n  }\n}\n"
    )

    assert actions(text % "a", text % "b") == {"aws_vpc.m": "update", "aws_subnet.s": "replace"}


REGIONS = (
    'provider "aws" {\n  alias = "one"\n  region = "eu-west-1"\n}\n'
    'provider "aws" {\n  alias = "two"\n  region = "us-east-1"\n}\n'
)
CALLED = 'module "v" {\n  source = "a/b/aws"\n%s}\n'
NOT_KNOWN: dict[str, tuple[str, str]] = {
    "a registry module": (
        'module "v" {\n  source = "a/b/aws"\n  cidr = "10.0.0.0/16"\n}\n',
        'module "v" {\n  source = "a/b/aws"\n  cidr = "10.1.0.0/16"\n}\n',
    ),
    "another version of a module": (
        'module "v" {\n  source = "a/b/aws"\n  version = "1.0.0"\n}\n',
        'module "v" {\n  source = "a/b/aws"\n  version = "2.0.0"\n}\n',
    ),
    "another data source": (
        'data "aws_vpc" "d" {\n  id = "vpc-1"\n}\nresource "aws_subnet" "s" {\n  vpc_id = data.aws_vpc.d.arn\n}\n',
        'data "aws_vpc" "d" {\n  id = "vpc-2"\n}\nresource "aws_subnet" "s" {\n  vpc_id = data.aws_vpc.d.arn\n}\n',
    ),
    "a variable that nothing sets": (VPC % '"10.0.0.0/16"', 'variable "c" {}\n' + VPC % "var.c"),
    "a type that no facts are known of": (
        'resource "acme_thing" "t" {\n  size = 1\n}\n',
        'resource "acme_thing" "t" {\n  size = 2\n}\n',
    ),
    "a module that is taken from a registry": (
        'module "v" {\n  source = "./v"\n}\n',
        'module "v" {\n  source = "a/b/aws"\n}\n',
    ),
    "a module of a registry that is not called any more": (
        'module "v" {\n  source = "a/b/aws"\n}\n' + VPC % '"10.0.0.0/16"',
        VPC % '"10.0.0.0/16"',
    ),
    "a region where none was written": (
        VPC % '"10.0.0.0/16"',
        'provider "aws" {\n  region = "eu-west-1"\n}\n' + VPC % '"10.0.0.0/16"',
    ),
    "a version where none was required": (VPC % '"10.0.0.0/16"', PIN % 5 + VPC % '"10.0.0.0/16"'),
    "another provider's configuration that a module is passed": (
        REGIONS + 'module "v" {\n  source = "./v"\n  providers = { aws = aws.one }\n}\n',
        REGIONS + 'module "v" {\n  source = "./v"\n  providers = { aws = aws.two }\n}\n',
    ),
    "a region where none was written, beside a module of a registry": (
        CALLED % "",
        'provider "aws" {\n  region = "eu-west-1"\n}\n' + CALLED % "",
    ),
    "a region that is not written any more, beside a module of a registry": (
        'provider "aws" {\n  region = "eu-west-1"\n}\n' + CALLED % "",
        CALLED % "",
    ),
    "another provider's configuration that a module of a registry is passed": (
        REGIONS + CALLED % "  providers = { aws = aws.one }\n",
        REGIONS + CALLED % "  providers = { aws = aws.two }\n",
    ),
    "a provider's region": (
        'provider "aws" {\n  region = "eu-central-1"\n}\n' + VPC % '"10.0.0.0/16"',
        'provider "aws" {\n  region = "eu-west-1"\n}\n' + VPC % '"10.0.0.0/16"',
    ),
    "a provider's version": (PIN % 5 + VPC % '"10.0.0.0/16"', PIN % 6 + VPC % '"10.0.0.0/16"'),
    "another place of the state": (
        'terraform {\n  backend "s3" {\n    key = "a"\n  }\n}\n' + VPC % '"10.0.0.0/16"',
        'terraform {\n  backend "s3" {\n    key = "b"\n  }\n}\n' + VPC % '"10.0.0.0/16"',
    ),
    "a number of instances that is computed": (
        'resource "aws_vpc" "m" {\n  count = 2\n  cidr_block = "10.0.0.0/16"\n}\n',
        'variable "n" {}\nresource "aws_vpc" "m" {\n  count = var.n\n  cidr_block = "10.0.0.0/16"\n}\n',
    ),
}


@pytest.mark.parametrize("case", NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_what_cannot_be_followed_is_not_known(case: tuple[str, str]) -> None:
    module = {"v/main.tf": VPC % '"10.0.0.0/16"'}
    report = report_of({"main.tf": case[0], **module}, {"main.tf": case[1], **module})

    assert (report.level, report.contents.answer) == ("unknown", "not known")


def test_a_configuration_that_no_module_is_passed_changes_nothing() -> None:
    report = report_of({"main.tf": CALLED % ""}, {"main.tf": REGIONS + CALLED % ""})

    assert report.level not in ("unknown", "replace")


def test_a_trigger_of_one_instance_replaces_what_names_it() -> None:
    text = (
        'resource "aws_vpc" "m" {\n  for_each = { blue = "%s", red = "r" }\n  cidr_block = "10.0.0.0/16"\n'
        "  tags = { a = each.value }\n}\n"
        'resource "aws_subnet" "s" {\n  vpc_id = "vpc-1"\n  cidr_block = "10.0.0.0/24"\n'
        '  lifecycle {\n    replace_triggered_by = [aws_vpc.m["blue"]]\n  }\n}\n'
    )

    assert actions(text % "a", text % "b") == {'aws_vpc.m["blue"]': "update", "aws_subnet.s": "replace"}


def test_no_argument_hides_another() -> None:
    text = 'resource "aws_security_group" "g" {\n  tags = { for n in range(6000) : n => "%s" }\n  vpc_id = "%s"\n}\n'

    assert actions(text % ("a", "vpc-1"), text % ("b", "vpc-2")) == {"aws_security_group.g": "replace"}


def test_a_chain_that_is_too_long_is_not_called_known() -> None:
    chain = "".join(
        f'resource "aws_security_group" "g{n}" {{\n  name = aws_security_group.g{n + 1}.id\n}}\n' for n in range(260)
    )
    last = 'resource "aws_security_group" "g260" {\n  name = "%s"\n}\n'

    report = report_of({"main.tf": chain + last % "a"}, {"main.tf": chain + last % "b"})

    assert report.contents.counts["to replace"] == 261 or any(
        impact.effect == "not known" and "It exceeds the limits of the analysis." in "".join(map(str, impact.reason))
        for impact in report.contents.impacts
    )


@pytest.mark.parametrize(
    ("kind", "block", "number", "expected"),
    [
        ("aws_launch_template", "block_device_mappings", 0, "update"),
        ("aws_launch_template", "block_device_mappings", 1, None),
        # The items of a set have no index.
        ("aws_instance", "ebs_block_device", 0, "replace"),
        ("aws_instance", "ebs_block_device", 1, "replace"),
    ],
)
def test_one_block_that_terraform_ignores_is_no_other(kind: str, block: str, number: int, expected: str | None) -> None:
    text = (
        f'resource "{kind}" "x" {{\n  {block} {{\n    device_name = "a"\n  }}\n'
        f'  {block} {{\n    device_name = "%s"\n  }}\n'
        f"  lifecycle {{\n    ignore_changes = [{block}[{number}]]\n  }}\n}}\n"
    )

    assert actions(text % "b", text % "c").get(f"{kind}.x") == expected


@pytest.mark.parametrize("place", ['source_file = "${path.module}/a.py"', 'source_dir = "${path.module}/files"'])
def test_what_a_data_source_packs_may_change_what_is_named_by_its_digest(place: str) -> None:
    text = (
        f'data "archive_file" "z" {{\n  type = "zip"\n  output_path = "z.zip"\n  {place}\n}}\n'
        'resource "aws_lambda_layer_version" "l" {\n  layer_name = "l"\n'
        "  source_code_hash = data.archive_file.z.output_base64sha256\n}\n"
    )
    sides = [{"main.tf": text, "a.py": f"a = {n}\n", "files/b.py": f"b = {n}\n"} for n in (1, 2)]

    assert actions(*sides)["aws_lambda_layer_version.l"] in ("unknown", "replace")


def test_a_root_module_of_registry_modules_leaves_behind_what_they_made() -> None:
    report = report_of({"live/main.tf": 'module "v" {\n  source = "a/b/aws"\n}\n', "x.md": "x"}, {"x.md": "x"})

    (impact,) = report.contents.impacts
    assert (report.level, impact.effect) == ("replace", "leave behind")


def test_a_file_of_terragrunt_is_named_as_not_read() -> None:
    report = report_of({"live/terragrunt.hcl": "inputs = { a = 1 }\n"}, {"live/terragrunt.hcl": "inputs = { a = 2 }\n"})

    assert report.level == "unknown"
    assert report.contents.others == ()
    assert [unread.path for unread in report.contents.unread] == ["live/terragrunt.hcl"]


def test_like_instances_are_one_row_with_their_count() -> None:
    text = (
        'resource "aws_subnet" "s" {\n  count = 20\n  vpc_id = "%s"\n'
        '  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)\n}\n'
    )
    report = report_of({"main.tf": text % "a"}, {"main.tf": text % "b"})

    (impact,) = report.contents.impacts
    assert (impact.effect, len(impact.addresses)) == ("replace", 20)
    assert report.contents.counts["to replace"] == 20


def test_a_root_module_that_is_deleted_leaves_behind_what_it_made() -> None:
    report = report_of({"live/main.tf": VPC % '"10.0.0.0/16"', "x.md": "x"}, {"x.md": "x"})

    (impact,) = report.contents.impacts
    assert (report.level, impact.effect, impact.things) == ("replace", "leave behind", ("the VPC",))


@pytest.mark.parametrize(
    ("kind", "old", "new", "opened"),
    [
        (
            "aws_security_group",
            'ingress {\n cidr_blocks = ["10.0.0.0/8"]\n}',
            'ingress {\n cidr_blocks = ["0.0.0.0/0"]\n}',
            True,
        ),
        (
            "aws_security_group",
            'egress {\n cidr_blocks = ["10.0.0.0/8"]\n}',
            'egress {\n cidr_blocks = ["0.0.0.0/0"]\n}',
            False,
        ),
        ("aws_security_group_rule", 'type = "egress"', 'type = "egress"\ncidr_blocks = ["0.0.0.0/0"]', False),
        ("aws_security_group_rule", 'type = "ingress"', 'type = "ingress"\ncidr_blocks = ["0.0.0.0/0"]', True),
        ("aws_eks_cluster", 'vpc_config {\n public_access_cidrs = ["10.0.0.0/8"]\n}', "vpc_config {}", True),
        (
            "aws_eks_cluster",
            'vpc_config {\n public_access_cidrs = ["10.0.0.0/8"]\n}',
            "vpc_config {\n endpoint_public_access = false\n}",
            False,
        ),
        ("google_compute_firewall", 'source_ranges = ["10.0.0.0/8"]', 'source_ranges = ["::/0"]', True),
    ],
)
def test_what_is_opened_to_the_internet_is_a_warning(kind: str, old: str, new: str, opened: bool) -> None:
    text = f'resource "{kind}" "x" {{\n%s\n}}\n'

    found: list[Any] = [f.code for f in report_of({"main.tf": text % old}, {"main.tf": text % new}).contents.new]

    assert found == (["ESC015"] if opened else [])


def test_a_range_that_loses_its_route_is_named() -> None:
    text = (
        'resource "kurrentcloud_peering" "p" {\n  routes = ["%s"]\n}\n'
        'resource "aws_subnet" "a" {\n  cidr_block = "10.0.0.0/18"\n}\n'
        'resource "aws_subnet" "b" {\n  cidr_block = "10.0.64.0/18"\n}\n'
    )
    report = report_of({"main.tf": text % "10.0.0.0/16"}, {"main.tf": text % "10.0.0.0/18"})

    cut = [impact for impact in report.contents.impacts if impact.effect == "unreachable"]
    assert [(str(one.subject), one.old, one.new) for one in cut] == [("aws_subnet.b", "10.0.0.0/16", "10.0.0.0/18")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"${terraform.workspace}-db"', '"${terraform.workspace}-db-2"'),
        ('"a-${var.name}-${terraform.workspace}"', '"b-${var.name}-${terraform.workspace}"'),
    ],
)
def test_a_name_of_which_only_the_known_part_differs_is_another_name(before: str, after: str) -> None:
    group = 'variable "name" {}\nresource "aws_cloudwatch_log_group" "m" {\n  name = %s\n}\n'

    # As `terraform plan` does, whatever the workspace is.
    assert actions(group % before, group % after) == {"aws_cloudwatch_log_group.m": "replace"}


def test_a_name_of_which_another_unknown_part_is_used_is_not_known() -> None:
    group = 'variable "one" {}\nvariable "two" {}\nresource "aws_cloudwatch_log_group" "m" {\n  name = %s\n}\n'

    assert actions(group % '"${var.one}-a"', group % '"${var.two}-b"') == {"aws_cloudwatch_log_group.m": "unknown"}


def test_another_order_of_a_list_is_not_overlooked_where_an_item_is_not_known() -> None:
    data = 'resource "terraform_data" "m" {\n  triggers_replace = [%s]\n}\n'

    # `terraform plan` replaces it.
    assert actions(data % 'terraform.workspace, "a"', data % '"a", terraform.workspace') != {}


@pytest.mark.parametrize(
    ("test", "is_there"),
    [("false && %s", False), ("%s && false", None), ("true || %s", True), ("true && %s", None), ("false || %s", None)],
)
def test_the_known_left_side_of_a_condition_decides_where_it_can(test: str, is_there: bool | None) -> None:
    """`false && x` is false whatever x comes to, which Terraform knows at plan where the data source can be read."""
    unknown = 'data.aws_region.here.name == "eu-central-1"'
    text = (
        f'data "aws_region" "here" {{}}\nresource "aws_vpc" "m" {{\n  count = {test % unknown} ? 1 : 0\n'
        '  cidr_block = "%s"\n}\n'
    )

    found = actions(text % "10.0.0.0/16", text % "10.1.0.0/16")

    if is_there is False:
        assert found == {}
    elif is_there:
        assert found == {"aws_vpc.m[0]": "replace"}
    else:
        assert found and "aws_vpc.m[0]" not in found, found


@pytest.mark.parametrize("test", ["false && %s", "%s && false", "!(true || %s)"])
def test_what_a_new_resource_decides_is_not_known_beside_a_known_side(test: str) -> None:
    """Terraform 1.11 plans to replace m, of which it says "(known after apply)": it computes both sides until 1.12."""
    asked = test % 'terraform_data.a.id == "x"'
    text = (
        'resource "terraform_data" "a" {\n  triggers_replace = %s\n}\n'
        f'resource "terraform_data" "m" {{\n  triggers_replace = {asked} ? "yes" : "no"\n}}\n'
    )

    assert actions(text % 1, text % 1) == {}
    assert actions(text % 1, text % 2).keys() == {"terraform_data.a", "terraform_data.m"}


def test_a_variable_that_is_used_as_it_is_and_in_a_computation_is_followed_to_both() -> None:
    text = (
        'variable "c" { default = "10.%d.0.0/16" }\nresource "aws_vpc" "m" {\n  cidr_block = var.c\n}\n'
        'resource "aws_vpc" "other" {\n  cidr_block = "10.9.0.0/16"\n}\n'
        'resource "aws_subnet" "m" {\n  vpc_id = aws_vpc.other.id\n  cidr_block = cidrsubnet(var.c, 8, 1)\n}\n'
    )

    assert actions(text % 0, text % 1) == {"aws_vpc.m": "replace", "aws_subnet.m": "replace"}


@pytest.mark.parametrize(
    ("value", "is_suggested"), [("aws_eip.e.public_ip", True), ('"192.0.2.1"', False), ("aws_eip.f.public_ip", True)]
)
def test_a_moved_block_is_suggested_for_a_resource_with_the_same_arguments(value: str, is_suggested: bool) -> None:
    text = 'resource "aws_eip" "%s" {}\nresource "aws_route53_record" "%s" {\n  records = [%s]\n}\n'

    change = resources(
        {"main.tf": text % ("e", "a", "aws_eip.e.public_ip")},
        {"main.tf": text % ("f" if "aws_eip.f" in value else "e", "b", value)},
    )["aws_route53_record.a"]

    assert (change.action, bool(change.why)) == ("destroy", is_suggested)
