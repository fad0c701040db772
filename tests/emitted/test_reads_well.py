"""What is written keeps to the usual linters, and a reader meets what a resource is before what is said about it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from escscaffold import plan, read_spec, render
from escscaffold.clouds.fact_files import mode_names
from tests.conftest import Run
from tests.emitted.guide import init_flags
from tests.emitted.test_checkov import spec
from tests.git import git
from tests.terraform.schema import REPOSITORY

MODES = {"eks": "s3", "gke-standard": "gcs", "aks-podsubnet": "azurerm"}
STATE = {
    "s3": ["bucket=acme-state", "region=eu-central-1"],
    "gcs": ["bucket=acme-state"],
    "azurerm": ["storage_account_name=acmestate", "container_name=tfstate"],
}


@pytest.fixture(params=MODES)
def repository(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Path:
    """A repository with all that can be written for people and for CI."""
    state = [f"backend.{one}" for one in (f"type={MODES[request.param]}", *STATE[MODES[request.param]])]
    settings = [part for one in ("pipeline.deploy=true", *state) for part in ("--set", one)]
    made = run("init", tmp_path / "net", *init_flags(request.param), "--ci", "github,gitlab", *settings)
    assert made.exit_code == 0, made.output
    return tmp_path / "net"


def test_yamllint_has_nothing_to_say(repository: Path) -> None:
    pytest.importorskip("yamllint")
    files = [".github", ".gitlab", ".gitlab-ci.yml", ".markdownlint.yaml", ".yamllint.yaml"]

    done = subprocess.run(
        [sys.executable, "-m", "yamllint", "--strict", "--format", "parsable", *files],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_markdownlint_has_nothing_to_say(repository: Path) -> None:
    beside = REPOSITORY / ".venv/markdownlint/node_modules/.bin"
    program = shutil.which("markdownlint-cli2", path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip("no markdownlint-cli2 in .venv/markdownlint or on the PATH")

    done = subprocess.run([program, "**/*.md"], cwd=repository, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_what_nobody_reviews_is_folded_and_what_is_yours_is_not(repository: Path) -> None:
    git(repository, "init", "--quiet")
    folded = ["modules/kurrent-network/network.tf", ".escscaffold/schema.json", "docs/network-prod.svg"]
    shown = ["modules/kurrent-network/custom.tf", "environments/prod/terraform.tfvars", "escscaffold.toml", "docs/a.md"]

    said = git(repository, "check-attr", "linguist-generated", "--", *folded, *shown).splitlines()

    assert [line.rpartition(": ")[2] for line in said] == ["set"] * 3 + ["unset"] + ["unspecified"] * 3


# Terraform reads it again in each apply, so that no plan is without changes and CI finds drift where there is none:
# https://github.com/hashicorp/terraform/blob/main/internal/terraform/node_resource_abstract_instance.go (nested)
@pytest.mark.parametrize("mode", mode_names())
def test_no_check_reads_data_by_itself(mode: str) -> None:
    files = render(plan(read_spec(spec("prod", mode_names()[mode], mode, {}, ""))))

    checks = [
        block for file in files.values() for block in re.findall(r"^check .*?^}", file.text, re.MULTILINE | re.DOTALL)
    ]

    assert checks or mode_names()[mode] == "aws"
    assert [block for block in checks if re.search(r"^  data ", block, re.MULTILINE)] == []


@pytest.mark.parametrize("mode", mode_names())
def test_what_checkov_is_told_stands_at_the_end_of_a_resource(mode: str) -> None:
    files = render(
        plan(read_spec("version = 1\n" + spec("prod", mode_names()[mode], mode, {}, "").partition("1\n")[2]))
    )

    for path, text in files.items():
        if not path.endswith(".tf"):
            continue
        lines = text.text.splitlines()
        for number, line in enumerate(lines):
            if "#checkov:skip=" in line:
                after = next(one for one in lines[number:] if "#checkov:skip=" not in one)
                assert after == "}", f"{path}:{number + 1}"
