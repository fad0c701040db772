"""`check` says which references lead nowhere, where Terraform itself is not asked."""

import json
from pathlib import Path

import pytest

from escscaffold.clouds.fact_files import cloud_names, load_cloud
from tests.cli.conftest import said
from tests.conftest import Run


@pytest.fixture(autouse=True)
def no_terraform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))


@pytest.fixture
def custom(repository: Path) -> Path:
    return repository / "environments/prod/custom.tf"


GOOD = """\
variable "mine" { type = map(object({ size = optional(number, 1) })) }
locals {
  one   = { for name, each_one in var.mine : name => each_one.size if each_one.size > 0 }
  two   = [for k, v in local.one : "${k}-${v}-${path.module}-${terraform.workspace}"]
  three = module.network.vpc_id
}
data "aws_caller_identity" "me" {}
resource "aws_security_group" "mine" {
  for_each = local.one
  name     = "${each.key}-${data.aws_caller_identity.me.account_id}"
  provider = aws.other
  dynamic "ingress" {
    for_each = local.two
    iterator = rule
    content { description = rule.value }
  }
  lifecycle {
    ignore_changes       = [tags, ingress]
    replace_triggered_by = [aws_security_group.other]
  }
}
resource "aws_security_group" "other" {
  count = length(aws_security_group.mine["a"].id)
  name  = count.index
  dynamic "egress" {
    for_each = [1]
    content { description = egress.value }
  }
}
provider "aws" {
  alias  = "other"
  region = var.region
}
ephemeral "random_password" "mine" { length = 20 }
locals { secret = ephemeral.random_password.mine.result }
check "up" {
  data "http" "it" { url = "https://example.org" }
  assert {
    condition     = data.http.it.status_code == 200
    error_message = "Down."
  }
}
moved {
  from = aws_security_group.old
  to   = aws_security_group.mine
}
output "mine" { value = aws_security_group.mine[*].id }
"""


def test_what_is_declared_is_found(repository: Path, custom: Path, run: Run) -> None:
    custom.write_text(GOOD)

    result = run("check", "-C", repository)

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("locals { a = var.nope }", "custom.tf:1: var.nope is not declared"),
        ("locals {\n  a = upper(local.nope)\n}", "custom.tf:2: local.nope is not declared"),
        ('locals { a = "x ${module.nope.id}" }', "module.nope is not declared"),
        ("locals { a = module.network.nope }", "module.network has no output nope"),
        ("locals { a = aws_vpc.nope.id }", "aws_vpc.nope is not declared"),
        ("locals { a = [for x in [1] : data.aws_vpc.nope[x].id] }", "data.aws_vpc.nope is not declared"),
        ("locals { a = ephemeral.random_password.nope.result }", "ephemeral.random_password.nope is not declared"),
        ("locals { a = [for x in [1] : x if y.z] }", "y.z is not declared"),
        ('module "x" { source = "../../modules/nope" }', "module.x: the source folder does not exist"),
        ('module "x" {\n  source = "../../modules/eks"\n  nope = 1\n}', "custom.tf:3: module.x has no variable nope"),
        ('module "x" { source = "../../modules/eks" }', "module.x needs a value for subnet_ids"),
    ],
)
def test_what_is_not_is_told_with_its_line(text: str, told: str, repository: Path, custom: Path, run: Run) -> None:
    custom.write_text(text + "\n")

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert told in result.output


def test_a_deleted_file_is_missed_where_it_is_used(repository: Path, run: Run) -> None:
    (repository / "modules/eks/variables.tf").unlink()
    run("generate", "-C", repository)

    output = run("check", "-C", repository).output

    assert "modules/eks/cluster.tf" in output
    assert "module.kubernetes has no variable subnet_ids" in output


def test_an_edited_file_is_parsed_and_resolved(repository: Path, run: Run) -> None:
    main = repository / "environments/prod/main.tf"
    main.write_text(main.read_text().replace("var.ranges", "var.range"))
    assert "var.range is not declared" in run("check", "-C", repository).output

    main.write_text(main.read_text() + "}\n")
    assert "main.tf:" in (told := run("check", "-C", repository).output)
    assert "this is not HCL" in told


def test_an_override_that_calls_another_module_is_held_against_what_is_generated(repository: Path, run: Run) -> None:
    override = repository / "environments/prod/main_override.tf"
    override.write_text('module "network" {\n  source = "../../modules/kurrent-peering"\n}\n')

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "module.network has no output" in result.output


def test_an_address_that_was_edited_in_the_values_is_told(repository: Path, run: Run) -> None:
    """Terraform would build what the plan and its checks know nothing of."""
    values = repository / "environments/prod/terraform.tfvars"
    values.write_text(values.read_text().replace('"10.0.64.0/18"', '"10.0.192.0/18"').replace("3000", "6000"))

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "ranges.nodes-2 is 10.0.192.0/18, but the plan has 10.0.64.0/18" in result.output
    assert "disk_iops" not in result.output


def test_annotations_name_file_and_line(repository: Path, custom: Path, run: Run) -> None:
    custom.write_text("\nlocals { a = var.nope }\n")
    (repository / "docs/network-prod.svg").unlink()

    result = run("check", "-C", repository, "--format", "github")

    assert result.exit_code == 1
    assert {line for line in result.output.splitlines() if not line.startswith("::notice")} == {
        "::error file=docs/network-prod.svg::Deleted by hand. Run: escscaffold generate",
        "::error file=escscaffold.lock::Stale. Run: escscaffold generate",
        "::error file=environments/prod/custom.tf,line=2::var.nope is not declared in this folder.",
    }


def test_annotations_tell_findings_on_one_line(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.ranges]\nnetwork = "10.0.0.0/8"\n')

    result = run("check", "-C", repository, "--format", "github")

    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert {line.partition(" file=")[0] for line in lines} == {"::error", "::notice"}
    assert any(line.startswith("::error file=escscaffold.toml::ESC") for line in lines)


MODES = [(cloud, mode) for cloud in cloud_names() for mode in load_cloud(cloud).modes]


@pytest.mark.parametrize(("cloud", "mode"), MODES)
def test_all_that_is_generated_resolves(cloud: str, mode: str, tmp_path: Path, run: Run) -> None:
    ranges = ["--range", "kurrent=10.9.0.0/24"]
    facts = load_cloud(cloud).modes[mode]
    if facts.others is not None:
        ranges += ["--range", "nodes=10.20.0.0/16"]
        ranges += [p for name, one in facts.existing.items() for p in ("--set", f"existing.{name}={one.example}")]
    made = run("init", tmp_path / "net", "--mode", mode, *ranges, "--yes")
    assert made.exit_code == 0, made.output
    for folder in [*(tmp_path / "net/environments").glob("*/"), *(tmp_path / "net/modules").glob("*/")]:
        # A file of one's own in each, so that all are looked at.
        (folder / "custom.tf").write_text("locals {}\n")

    result = run("check", "-C", tmp_path / "net")

    assert result.exit_code == 0, result.output


def narrowed(repository: Path, file: str, old: str) -> None:
    """Lead the peering to a part of what it has to reach, by hand."""
    path = repository / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, old.replace(old.strip(), '["10.0.0.0/18"]'), 1))


@pytest.mark.parametrize(
    ("file", "old", "told"),
    [
        ("environments/prod/terraform.tfvars", '["10.0.0.0/16"]', "remote is 10.0.0.0/18"),
        ("environments/prod/main.tf", "var.remote", "the peering routes to 10.0.0.0/18"),
        ("modules/kurrent-peering/peering.tf", "var.routes\n", "the peering routes to 10.0.0.0/18"),
    ],
)
def test_a_peering_that_was_narrowed_by_hand_is_told_by_generate_and_check(
    file: str, old: str, told: str, repository: Path, run: Run
) -> None:
    narrowed(repository, file, old)
    message = f"{file}: {told}, but the plan has 10.0.0.0/16: change escscaffold.toml instead."

    generated = run("generate", "-C", repository)
    checked = run("check", "-C", repository)
    document = json.loads(run("generate", "-C", repository, "--json").stdout)

    assert (generated.exit_code, checked.exit_code) == (0, 1)
    assert f"warning {message} Next: escscaffold check" in said(generated)
    assert message in said(run("generate", "-C", repository, "--dry-run"))
    assert message in said(run("generate", "-C", repository, "--quiet"))
    assert message in said(checked)
    assert [f"{one['path']}: {one['message']}" for one in document["complaints"]] == [message]


def test_an_edit_that_leaves_the_routes_alone_is_no_complaint(repository: Path, run: Run) -> None:
    main = repository / "environments/prod/main.tf"
    main.write_text(main.read_text().replace("var.remote", "toset(var.remote)") + "# Ours.\n")

    assert "warning" not in run("generate", "-C", repository).output
    assert run("check", "-C", repository).exit_code == 0


def test_a_range_that_a_new_answer_changes_is_not_called_an_edit(repository: Path, run: Run) -> None:
    values = repository / "environments/prod/terraform.tfvars"
    values.write_text(values.read_text().replace("3000", "6000"))
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.ranges]\nnodes-2 = "/19"\n')

    result = run("check", "-C", repository)

    assert result.exit_code == 3
    assert "change escscaffold.toml instead." not in result.output
