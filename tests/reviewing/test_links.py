"""Links inside of a repository, as they share files of Terraform between environments: what they lead to counts."""

from pathlib import Path

import pytest

from escscaffold.reviewing.links import followed_links
from escscaffold.reviewing.trees import Entry
from tests.conftest import Run
from tests.git import git

VPC = 'variable "block" {\n  type = string\n}\nresource "aws_vpc" "m" {\n  cidr_block = var.block\n}\n'
FIRST, SECOND = 'block = "10.0.0.0/16"\n', 'block = "10.1.0.0/16"\n'
CASES: dict[str, tuple[dict[str, str], dict[str, str], tuple[str, str]]] = {
    "values next to a link": (
        {"shared/main.tf": VPC, "prod/own.tf": "locals {}\n", "prod/terraform.tfvars": FIRST},
        {"prod/main.tf": "../shared/main.tf"},
        ("prod/terraform.tfvars", SECOND),
    ),
    "the file that a link leads to": (
        {"shared/values": FIRST, "prod/main.tf": VPC},
        {"prod/terraform.tfvars": "../shared/values"},
        ("shared/values", SECOND),
    ),
    "a module in the folder that a link leads to": (
        {
            "real/net/main.tf": VPC,
            "prod/main.tf": 'module "net" {\n  source = "./modules/net"\n  block = "10.0.0.0/16"\n}\n',
        },
        {"prod/modules": "../real"},
        ("real/net/main.tf", VPC.replace("var.block", '"10.1.0.0/16"')),
    ),
    "data through two links": (
        {"prod/main.tf": VPC.replace("var.block", 'trimspace(file("block.txt"))'), "data/real": "10.0.0.0/16\n"},
        {"prod/block.txt": "../data/other", "data/other": "real"},
        ("data/real", "10.1.0.0/16\n"),
    ),
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A repository with two commits, the second with another text of one file."""
    files, links, (path, text) = request.param
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    git(tmp_path, "init", "-q", "-b", "main")
    for message in ("first", "second"):
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", message)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.mark.parametrize("sides", [("HEAD~1", "HEAD"), ("HEAD~1",)], ids=["two commits", "the working tree"])
def test_what_a_link_leads_to_is_part_of_the_change(repository: Path, run: Run, sides: tuple[str, ...]) -> None:
    result = run("review", *sides, "-C", repository)

    assert result.exit_code == 5, result.output
    assert "10.0.0.0/16" in result.output.partition("\n\n")[0]
    assert "1 to replace." in result.output


def test_a_link_that_leads_nowhere_makes_its_root_module_not_known(tmp_path: Path, run: Run) -> None:
    for side, tag in (("before", "a"), ("after", "b")):
        (tmp_path / side).mkdir()
        (tmp_path / side / "main.tf").write_text(f'resource "aws_vpc" "m" {{\n  tags = {{ a = "{tag}" }}\n}}\n')
        (tmp_path / side / "more.tf").symlink_to("/nowhere/more.tf")

    result = run("review", "before", "after", "-C", tmp_path, "--fail-on", "unknown")

    assert result.exit_code == 5
    assert "more.tf" in result.output


def test_links_lead_only_to_what_is_inside() -> None:
    entries = {path: Entry("1", 1) for path in ("a/b.tf", "a/c/d.tf", "e.tf")}
    links = {
        "file": "e.tf",
        "folder": "a",
        "f/up": "../../e.tf",
        "round": "about",
        "about": "round",
        "a/self": "..",
        "absolute": "/e.tf",
        "nothing": "x",
        "past": "f/../e.tf",
    }

    assert followed_links(links, entries) == {
        "file": "e.tf",
        "folder/b.tf": "a/b.tf",
        "folder/c/d.tf": "a/c/d.tf",
        "past": "e.tf",
    }
