"""What a review fails on, and each of its formats."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.reviewing.test_hostile import OURS

VPC = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
SECRET = 'variable "password" {\n  default = "hunter2"\n}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two folders: a VPC is replaced, and something looks like a secret."""
    for side, text in (("before", VPC), ("after", VPC.replace("/16", "/15") + SECRET)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "main.tf").write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "asked, code",
    [
        ("replace", 5),
        ("unknown", 0),
        ("error", 0),
        ("none", 0),
        ("", 0),
        ("warning", 1),
        ("error,warning,replace", 5),
        ("change", 3),
        ("nonsense", 2),
    ],
)
def test_the_gate_fails_on_what_it_is_asked_to(folder: Path, run: Run, asked: str, code: int) -> None:
    assert run("review", "before", "after", "-C", folder, "--fail-on", asked).exit_code == code


def test_nothing_changed_is_clean_whatever_it_shall_fail_on(folder: Path, run: Run) -> None:
    everything = "error,conflict,replace,unknown,stale,warning,edit,change"

    result = run("review", "before", "before", "-C", folder, "--fail-on", everything)

    assert result.exit_code == 0
    assert result.output.startswith("No impact: addresses and Terraform do not change.")


def test_annotations_stand_at_their_lines(folder: Path, run: Run) -> None:
    lines = run("review", "before", "after", "-C", folder, "--format", "github").stdout.splitlines()

    assert lines[0].startswith("::notice title=escscaffold review::Stop and ask: ")
    assert any(line.startswith("::error file=main.tf,line=2,title=") and "Replace the VPC" in line for line in lines)
    assert any(line.startswith("::warning file=main.tf,line=5,title=Possible secret::") for line in lines)


def test_sarif_has_a_result_for_each_notice(folder: Path, run: Run) -> None:
    log = json.loads(run("review", "before", "after", "-C", folder, "--format", "sarif").stdout)

    (analysis,) = log["runs"]
    rules = [rule["id"] for rule in analysis["tool"]["driver"]["rules"]]
    assert {
        (r["ruleId"], r["level"], r["locations"][0]["physicalLocation"]["region"]["startLine"])
        for r in analysis["results"]
    } == {
        ("replace", "error", 2),
        ("secret", "warning", 5),
    }
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in analysis["results"])


def test_a_secret_is_never_repeated(folder: Path, run: Run) -> None:
    for form in ("text", "markdown", "json", "github", "sarif"):
        output = run("review", "before", "after", "-C", folder, "--format", form).output

        assert "hunter2" not in output
        assert "main.tf" in output


def test_quiet_says_what_to_do_and_no_more(folder: Path, run: Run) -> None:
    output = run("review", "before", "after", "-C", folder, "--quiet").output

    assert output.startswith("Stop and ask:")
    assert "main.tf" not in output


def test_a_real_plan_is_set_beside(folder: Path, run: Run) -> None:
    plan = {
        "format_version": "1.2",
        "resource_changes": [
            {"address": "aws_vpc.main", "type": "aws_vpc", "change": {"actions": ["update"]}},
            {"address": "aws_eks_cluster.a", "type": "aws_eks_cluster", "change": {"actions": ["delete", "create"]}},
            {"address": "x.y", "type": "x", "change": {"actions": ["no-op"]}},
        ],
    }
    (folder / "plan.json").write_text(json.dumps(plan))

    result = run("review", "before", "after", "-C", folder, "--plan", folder / "plan.json", "--json")

    (comparison,) = json.loads(result.stdout)["plans"]
    assert [action["address"] for action in comparison["actions"]] == ["aws_eks_cluster.a", "aws_vpc.main"]
    assert comparison["only_terraform"] == ["aws_eks_cluster.a"]
    assert comparison["only_here"] == ["aws_vpc.main (cidr_block)"]


def test_each_format_names_what_only_the_plan_replaces(folder: Path, run: Run) -> None:
    change = {"actions": ["delete", "create"]}
    actions = [{"address": "aws_eks_cluster.a", "type": "aws_eks_cluster", "change": change}]
    (folder / "plan.json").write_text(json.dumps({"format_version": "1.2", "resource_changes": actions}))

    outputs = {
        form: run("review", "before", "after", "-C", folder, "--plan", folder / "plan.json", "--format", form).stdout
        for form in ("text", "markdown", "json", "github", "sarif")
    }

    assert [form for form, output in outputs.items() if "aws_eks_cluster.a" not in output] == []
    (analysis,) = json.loads(outputs["sarif"])["runs"]
    assert analysis["properties"]["counts"] == json.loads(outputs["json"])["verdict"]["counts"]


def test_what_is_not_known_can_fail_the_gate(tmp_path: Path, run: Run) -> None:
    for side, cidr in (("before", "10.0.0.0/16"), ("after", "10.1.0.0/16")):
        (tmp_path / side).mkdir()
        call = f'module "vpc" {{\n  source = "terraform-aws-modules/vpc/aws"\n  cidr = "{cidr}"\n}}\n'
        (tmp_path / side / "main.tf").write_text(call)

    codes = {
        on: run("review", "before", "after", "-C", tmp_path, "--fail-on", on).exit_code for on in ("unknown", "replace")
    }

    assert codes == {"unknown": 5, "replace": 0}


@pytest.mark.parametrize("name", ["aws_vpc.main", "other"])
def test_a_replacement_that_is_meant_can_be_accepted(folder: Path, run: Run, name: str) -> None:
    result = run("review", "before", "after", "-C", folder, "--accept-replace", name)

    assert result.exit_code == (0 if name == "aws_vpc.main" else 5)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format_version": 1, "resource_changes": 3}', "[" * 100_000])
def test_what_is_no_plan_is_refused(folder: Path, run: Run, text: str) -> None:
    (folder / "plan.json").write_text(text)

    result = run("review", "before", "after", "-C", folder, "--plan", folder / "plan.json")

    assert result.exit_code == 1
    assert "is not a JSON plan." in result.output


def test_a_failure_is_told_in_the_same_form(tmp_path: Path, run: Run) -> None:
    result = run("review", "-C", tmp_path, "--json")

    document = json.loads(result.stdout)
    assert result.exit_code == 1
    OURS.validate(document)
    assert "is not in a git repository." in document["error"]["message"]


def test_a_change_of_the_spec_is_annotated_at_the_line_of_its_range(tmp_path: Path, run: Run) -> None:
    for name, pods in (("before", "172.31.128.0/17"), ("after", "172.31.0.0/16")):
        blocks = ("kurrent=172.22.110.0/24", "nodes=172.30.0.0/16", f"pods={pods}")
        flags = [part for block in blocks for part in ("--range", block)]
        run("init", tmp_path / name, "--mode", "gke-standard", *flags, "--yes")
    spec = (tmp_path / "after/escscaffold.toml").read_text().splitlines()

    lines = run("review", "before", "after", "-C", tmp_path, "--format", "github").stdout.splitlines()

    (change,) = [line for line in lines if line.startswith("::error")]
    said = re.match(r"::error file=escscaffold\.toml,line=(\d+),title=", change)
    assert said is not None, change
    assert spec[int(said[1]) - 1] == 'pods = "172.31.0.0/16"'
