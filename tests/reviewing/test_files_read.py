"""Files that functions and data sources read: known, perhaps read, not text, and those that nothing reads."""

import pytest

from tests.reviewing.sides import actions, report_of

VPC = 'variable "env" {}\nresource "aws_vpc" "m" {\n  cidr_block = %s\n}\n'
BYTES = "PK\udcff\udcfe%s"
"""What is no UTF-8 text."""
FUNCTION = (
    'resource "aws_lambda_function" "f" {\n  source_code_hash = filebase64sha256("f.zip")\n  memory_size = %d\n}\n'
)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ('file("nets/${terraform.workspace}.txt")', "nets/prod.txt"),
        ('file("${path.module}/nets/${var.env}.txt")', "nets/prod.txt"),
        ('yamldecode(file("nets/${var.env}/net.yaml")).cidr', "nets/prod/net.yaml"),
        ("file(var.env)", "nets/prod.txt"),
        ('templatefile("nets/${var.env}.tpl", {})', "nets/prod.tpl"),
        ('templatefile("nets/n.tpl", var.env)', "nets/n.tpl"),
        ('join("", fileset("nets/${var.env}", "*.txt"))', "nets/prod/a.txt"),
        ('join("", fileset("nets", "${var.env}/*.txt"))', "nets/prod/a.txt"),
    ],
)
def test_a_file_that_may_be_read_leaves_the_value_unknown(value: str, path: str) -> None:
    new = {"main.tf": VPC % value, path: "10.1.0.0/16"}
    old = {"main.tf": VPC % value} if "fileset" in value else {**new, path: "10.0.0.0/16"}

    assert actions(old, new) == {"aws_vpc.m": "unknown"}
    assert report_of(old, new).level == "unknown"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ('file("nets/${var.env}.txt")', "nets/prod.json"),
        ('file("nets/${var.env}.txt")', "docs/prod.txt"),
        ('file("/etc/${var.env}.txt")', "etc/prod.txt"),
        ('file("../${var.env}")', "main.txt"),
        ('join("", fileset(var.env, "*.txt"))', "nets/prod.json"),
        ("timestamp()", "README.md"),
        ("file(var.env)", "README.md"),
        ("local.absent", "README.md"),
    ],
)
def test_another_file_does_not(value: str, path: str) -> None:
    sides = [{"main.tf": VPC % value + 'locals {\n  a = file("a")\n}\n', path: text} for text in "ab"]

    assert actions(*sides) == {}
    assert report_of(*sides).level == "change"


@pytest.mark.parametrize("call", ['file("n.txt")', 'core::file("n.txt")', 'core::templatefile("n.txt", {})'])
def test_a_file_that_is_read_changes_the_value(call: str) -> None:
    sides = [{"main.tf": VPC % call, "n.txt": cidr} for cidr in ("10.0.0.0/16", "10.1.0.0/16")]

    assert actions(*sides) == {"aws_vpc.m": "replace"}


def test_the_reason_names_the_file() -> None:
    sides = [{"main.tf": VPC % 'file("nets/${var.env}.txt")', "nets/prod.txt": text} for text in "ab"]

    (impact,) = report_of(*sides).contents.impacts

    assert "file() may read nets/prod.txt, which changes" in str(impact.reason)


def test_a_file_that_is_no_text_is_compared_by_its_content() -> None:
    before = {"main.tf": FUNCTION % 128, "f.zip": BYTES % "a"}

    more_memory = report_of(before, {**before, "main.tf": FUNCTION % 256}).contents.roots[0].changes.resources
    other_file = report_of(before, {**before, "f.zip": BYTES % "b"}).contents.roots[0].changes.resources

    assert [cause.leaf.path for resource in more_memory for cause in resource.causes] == ["memory_size"]
    assert [cause.leaf.path for resource in other_file for cause in resource.causes] == ["source_code_hash"]


@pytest.mark.parametrize(
    "data",
    [
        'data "archive_file" "d" {\n  type = "zip"\n  source_dir = "files"\n}\n',
        'data "archive_file" "d" {\n  type = "zip"\n  source_dir = "${var.env}iles"\n}\n',
        'data "local_file" "d" {\n  filename = "files/${var.env}"\n}\n',
        'data "external" "d" {\n  program = ["python3", "${path.module}/files/x"]\n}\n',
    ],
)
@pytest.mark.parametrize("content", ["%s", BYTES])
def test_what_a_data_source_reads_may_change_what_needs_it(data: str, content: str) -> None:
    text = VPC % "data.%s.d.result" % data.split('"')[1] + data
    sides = [{"main.tf": text, "files/x": content % n} for n in "ab"]

    assert actions(*sides)["aws_vpc.m"] == "unknown"


@pytest.mark.parametrize("unread", ["m/main.tf", "calls.tf"])
def test_what_an_unread_file_declares_is_neither_destroyed_nor_created(unread: str) -> None:
    readable = {
        "calls.tf": 'module "m" {\n  source = "./m"\n}\nmodule "far" {\n  source = "a/b/aws"\n}\n',
        "own.tf": 'resource "aws_vpc" "own" {\n  cidr_block = "10.1.0.0/16"\n}\n',
        "m/main.tf": 'resource "aws_vpc" "a" {\n  cidr_block = "10.0.0.0/16"\n}\n',
    }
    broken = {**readable, unread: "var.x ? {\n" + readable[unread] + "}\n"}

    assert actions(readable, broken) == actions(broken, readable) == {"module.m.aws_vpc.a": "unknown"}
    assert report_of(readable, broken).level == report_of(broken, readable).level == "unknown"
    assert actions(readable, {**broken, "own.tf": ""})["aws_vpc.own"] == "destroy"


RESOURCE = 'resource "%s" "r" {\n  %s = %s\n}\n'


@pytest.mark.parametrize(
    "path",
    ['"files/x"', '"${path.module}/files/x"', "var.file", '"files/${var.tgz}.tgz"', 'format("files/%s.tgz", "x")'],
)
@pytest.mark.parametrize(
    ("kind", "argument", "expected"),
    [
        ("google_storage_bucket_object", "source", "unknown"),  # compares hashes when it plans, and has no facts here
        ("aws_lambda_function", "filename", None),  # only source_code_hash is compared
        ("helm_release", "chart", "unknown"),  # a provider without facts
    ],
)
def test_a_file_that_a_resource_names_is_compared_where_its_provider_may_read_it(
    kind: str, argument: str, expected: str | None, path: str
) -> None:
    text = RESOURCE % (kind, argument, path)
    text += 'variable "file" {}\nvariable "tgz" {\n  default = "x"\n}\n'
    read = "files/x.tgz" if "tgz" in path else "files/x"
    files = {"main.tf": text, "terraform.tfvars": 'file = "files/x"\n', read: "1"}

    changed = actions(files, {**files, read: "2"})
    other_file = actions({**files, "files/y": "1"}, {**files, "files/y": "2"})

    assert changed.get(f"{kind}.r") == expected
    assert other_file == {}
