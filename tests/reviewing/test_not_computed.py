"""What a review says where a value goes through something that it does not compute, or where only its type changes."""

import pytest

from escscaffold.reviewing.quoting import as_text
from tests.reviewing.sides import actions, report_of

GROUP = 'resource "aws_cloudwatch_log_group" "x" {\n  name = %s\n}\n'
TRIGGER = 'resource "terraform_data" "x" {\n  triggers_replace = %s\n}\n'


@pytest.mark.parametrize(
    "name",
    [
        'format("%%[2]s-%%[1]s", local.n, "x")',
        'try(format("%%[1]s", local.n), "none")',
        'format("%%05s", local.n)',
        'replace(local.n, "/-.*/", "")',
        'try(replace(local.n, "/-.*/", ""), "none")',
        'can(regex("1$", local.n)) ? "one" : "two"',
        'join("-", range(0, local.n == "team-1" ? 1 : 2, 0.5))',
        'try(yamldecode("a: !mine ${local.n}").a, "none")',
        "base64gzip(local.n)",
        'uuidv5("dns", local.n)',
        "provider::x::f(local.n)",
        'templatefile("${aws_vpc.m.id}.tpl", { n = local.n })',
        'keys({ for k in ["${aws_vpc.m.id}-${local.n}"] : k => 1... })[0]',
        'try(provider::x::f(local.n), "none")',
        'coalesce(local.n == "team-1" ? null : "", provider::x::f(local.n))',
    ],
)
def test_a_value_inside_of_what_is_not_computed_may_change_the_result(name: str) -> None:
    text = 'locals {\n  n = "team-%d"\n}\n' + GROUP % name

    found = actions(text % 1, text % 2)

    assert found["aws_cloudwatch_log_group.x"] in ("unknown", "replace"), found


def test_what_is_not_computed_stays_where_nothing_in_it_changes() -> None:
    text = 'locals {\n  n = "team-1"\n  other = %d\n}\n' + GROUP % 'format("%%[1]s", local.n)'

    assert actions(text % 1, text % 2) == {}


VARIABLE = (
    'variable "v" {\n  type    = %s\n  default = ["a", "b"]\n}\n' + TRIGGER % "{ ids = var.v, id = aws_vpc.m.id }"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TRIGGER % "{ a = 1 }", TRIGGER % "{ a = 1, b = null }"),
        (TRIGGER % "{ a = aws_vpc.m.id }", TRIGGER % "{ a = aws_vpc.m.id, b = null }"),
        (TRIGGER % '["a"]', TRIGGER % 'tolist(["a"])'),
        (TRIGGER % '["a"]', TRIGGER % 'toset(["a"])'),
        (TRIGGER % "{ a = 1 }", TRIGGER % "tomap({ a = 1 })"),
        (TRIGGER % "[1]", TRIGGER % '["1"]'),
        (TRIGGER % '["a", "b"]', TRIGGER % '["b", "a"]'),
        (TRIGGER % "{ a = [1, 2] }", TRIGGER % "{ a = [2, 1] }"),
        (TRIGGER % "null", TRIGGER % "false"),
        (TRIGGER % "[]", TRIGGER % "null"),
        (VARIABLE % "list(string)", VARIABLE % "set(string)"),
    ],
)
def test_a_value_of_another_type_replaces_where_an_argument_takes_any(before: str, after: str) -> None:
    assert actions(before, after)["terraform_data.x"] == "replace"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TRIGGER % "{ a = 1, b = 2 }", TRIGGER % "{ b = 2.0, a = 1 }"),
        (TRIGGER % "[for x in [1] : x]", TRIGGER % "[1]"),
        (TRIGGER % 'toset(["a", "b"])', TRIGGER % 'toset(["b", "a"])'),
    ],
)
def test_a_value_of_the_same_type_stays(before: str, after: str) -> None:
    assert actions(before, after) == {}


def test_another_input_is_in_place_and_its_output_is_known_later() -> None:
    text = 'resource "terraform_data" "x" {\n  input = "%d"\n}\n' + GROUP % "terraform_data.x.output"

    assert actions(text % 1, text % 2) == {"terraform_data.x": "update", "aws_cloudwatch_log_group.x": "replace"}


def test_the_key_of_a_nested_block_of_a_list_is_its_place() -> None:
    text = (
        'locals {\n  names = ["%s"]\n}\n'
        'resource "aws_autoscaling_group" "x" {\n  name = "n"\n'
        '  dynamic "tag" {\n    for_each = local.names\n    content {\n      key = tag.key\n    }\n  }\n}\n'
    )

    assert actions(text % "a", text % "b") == {}


ALIAS = """provider "aws" {{
  alias  = "{alias}"
  region = "{region}"
}}
resource "aws_cloudwatch_log_group" "x" {{
  provider = aws.{alias}
  name     = "x"
}}
"""


def test_another_alias_of_the_same_configuration_is_the_same_provider() -> None:
    old = ALIAS.format(alias="west", region="us-west-1")

    assert actions(old, ALIAS.format(alias="us", region="us-west-1")) == {}
    assert actions(old, ALIAS.format(alias="us", region="us-east-1")) == {"aws_cloudwatch_log_group.x": "unknown"}


TRIGGERED = """resource "aws_vpc" "m" {
  cidr_block = "%s"
  tags       = { a = "%s" }
}
resource "aws_cloudwatch_log_group" "x" {
  name = "x"
  lifecycle {
    replace_triggered_by = [%s]
  }
}
"""


@pytest.mark.parametrize(
    ("triggered_by", "cidr", "tag", "action"),
    [
        ("aws_vpc.m", "10.1.0.0/16", "1", "replace"),
        ("aws_vpc.m.tags", "10.1.0.0/16", "1", None),
        ("aws_vpc.m.cidr_block", "10.0.0.0/16", "2", None),
        ("aws_vpc.m.tags", "10.0.0.0/16", "2", "replace"),
        ("aws_vpc.m.arn", "10.1.0.0/16", "1", "replace"),
    ],
)
def test_an_attribute_triggers_by_its_own_value(triggered_by: str, cidr: str, tag: str, action: str | None) -> None:
    before = TRIGGERED % ("10.0.0.0/16", "1", triggered_by)

    assert actions(before, TRIGGERED % (cidr, tag, triggered_by)).get("aws_cloudwatch_log_group.x") == action


def test_a_bool_that_is_false_may_be_false_without_being_set() -> None:
    text = 'resource "aws_eks_cluster" "x" {\n  name = "x"\n  access_config {\n    %s\n  }\n}\n'
    argument = "bootstrap_cluster_creator_admin_permissions"

    assert actions(text % f"{argument} = false", text % "") == {"aws_eks_cluster.x": "unknown"}
    assert actions(text % f"{argument} = true", text % "") == {"aws_eks_cluster.x": "replace"}


REGISTRY = """resource "aws_launch_template" "x" {
  name          = "x"
  instance_type = "%s"
}
resource "aws_sqs_queue" "x" {
  name          = "x"
  delay_seconds = %d
}
data "aws_ami" "x" {
  owners     = ["self"]
  depends_on = [aws_sqs_queue.x]
}
module "x" {
  source = "terraform-aws-modules/autoscaling/aws"
  %s
}
resource "aws_cloudwatch_log_group" "x" {
  name = module.x.name
}
"""


@pytest.mark.parametrize(
    ("given", "type_", "delay"),
    [
        ("launch_template_version = aws_launch_template.x.latest_version", "t3.small", 1),
        ("image_id = data.aws_ami.x.id", "t3.micro", 2),
        ("depends_on = [aws_sqs_queue.x]", "t3.micro", 2),
    ],
)
def test_a_module_that_is_not_at_hand_may_replace_for_what_is_known_later(given: str, type_: str, delay: int) -> None:
    report = report_of({"main.tf": REGISTRY % ("t3.micro", 1, given)}, {"main.tf": REGISTRY % (type_, delay, given)})

    assert report.contents.answer == "not known"
    assert "module.x" in [str(impact.subject) for impact in report.contents.impacts]
    changes = {r.instance.was: r.action for root in report.contents.roots for r in root.changes.resources}
    assert changes["aws_cloudwatch_log_group.x"] == "unknown"


def test_a_module_that_is_not_at_hand_stays_where_nothing_reaches_it() -> None:
    given = "name = aws_launch_template.x.name"

    changes = actions(REGISTRY % ("t3.micro", 1, given), REGISTRY % ("t3.small", 1, given))

    assert changes == {"aws_launch_template.x": "update"}


@pytest.mark.parametrize(
    ("old", "new", "action"),
    [
        ("t3.micro", "t3.small", "update"),
        ("t3.micro", "m6i.large", "update"),
        ("m6g.large", "m7gd.large", "update"),
        ("g4dn.xlarge", "g5.xlarge", "update"),
        ("t3.micro", "t4g.micro", "replace"),
        ("m6g.large", "m6i.large", "replace"),
        ("g5.xlarge", "g5g.xlarge", "replace"),
        ("a1.large", "c5.large", "replace"),
    ],
)
def test_an_instance_type_of_another_architecture_replaces(old: str, new: str, action: str) -> None:
    text = 'resource "aws_instance" "x" {\n  ami           = "ami-1"\n  instance_type = "%s"\n}\n'

    assert actions(text % old, text % new) == {"aws_instance.x": action}


@pytest.mark.parametrize(
    ("kind", "argument"),
    [
        ("aws_opensearch_domain", "engine_version"),
        ("aws_elasticsearch_domain", "elasticsearch_version"),
        ("aws_dx_gateway_association_proposal", "allowed_prefixes"),
    ],
)
def test_what_the_provider_asks_aws_as_it_plans_is_not_known(kind: str, argument: str) -> None:
    text = f'resource "{kind}" "x" {{\n  {argument} = ["%s"]\n}}\n'

    assert actions(text % "1", text % "2") == {f"{kind}.x": "unknown"}


OF_A_SET = """resource "aws_db_subnet_group" "x" {
  name       = "x"
  subnet_ids = [%s]
}
resource "aws_cloudwatch_log_group" "x" {
  name = tolist(aws_db_subnet_group.x.subnet_ids)[0]
}
resource "aws_cloudwatch_log_group" "last" {
  name = reverse(sort(aws_db_subnet_group.x.subnet_ids))[0]
}
"""


def test_the_items_of_a_set_are_in_the_order_of_their_values() -> None:
    before = OF_A_SET % '"subnet-b", "subnet-c"'

    assert actions(before, OF_A_SET % '"subnet-c", "subnet-b"') == {}
    assert actions(before, OF_A_SET % '"subnet-b", "subnet-c", "subnet-a"') == {
        "aws_db_subnet_group.x": "update",
        "aws_cloudwatch_log_group.x": "replace",
    }


def test_a_set_with_items_that_have_no_order_is_compared() -> None:
    before = OF_A_SET % '"subnet-b", null'

    assert actions(before, OF_A_SET % '"subnet-b", null, "subnet-c"')["aws_db_subnet_group.x"] == "update"


def test_the_first_item_of_a_set_is_not_known_where_another_is_not() -> None:
    before = OF_A_SET % '"subnet-b", data.aws_subnet.a.id'

    found = actions(before, OF_A_SET % '"subnet-b", data.aws_subnet.a.id, "subnet-c"')

    assert found["aws_cloudwatch_log_group.x"] == "unknown"


def test_two_values_that_are_written_alike_are_not_shown() -> None:
    text = 'locals {\n  n = "team-%d"\n}\n' + GROUP % 'regex("[0-9]$", local.n)'

    report = report_of({"main.tf": text % 1}, {"main.tf": text % 2})

    (impact,) = report.contents.impacts
    assert (impact.argument, impact.old, impact.new) == ("name", "", "")
    assert "aws_cloudwatch_log_group.x (name)" in as_text(report.verdict)


READ_LATER = """resource "aws_s3_bucket" "x" {
  bucket = "name"
  %s
}
resource "aws_sqs_queue" "x" {
  count = %d
  name  = "x-${count.index}"
}
data "aws_iam_policy_document" "x" {
  statement {
    resources = ["${aws_s3_bucket.x.bucket}/*"]
  }
}
data "aws_iam_policy_document" "waits" {
  depends_on = [aws_sqs_queue.x]
}
resource "aws_cloudwatch_log_group" "x" {
  name = md5(data.aws_iam_policy_document.x.json)
}
resource "aws_cloudwatch_log_group" "waits" {
  name = md5(data.aws_iam_policy_document.waits.json)
}
"""


@pytest.mark.parametrize(
    ("tags", "count", "replaced"),
    [
        ("", 2, None),
        ('tags = { a = "b" }', 2, "aws_cloudwatch_log_group.x"),
        ("", 3, "aws_cloudwatch_log_group.waits"),
        ("", 1, "aws_cloudwatch_log_group.waits"),
    ],
)
def test_a_data_source_waits_for_a_change_of_what_it_refers_to(tags: str, count: int, replaced: str | None) -> None:
    changes = actions(READ_LATER % ("", 2), READ_LATER % (tags, count))

    assert [address for address, action in changes.items() if action == "replace"] == ([replaced] if replaced else [])


def test_a_data_source_under_another_name_may_return_the_same() -> None:
    text = 'data "aws_caller_identity" "%s" {}\n' + GROUP % "data.aws_caller_identity.%s.account_id"

    assert actions(text % ("a", "a"), text % ("b", "b"))["aws_cloudwatch_log_group.x"] == "unknown"
