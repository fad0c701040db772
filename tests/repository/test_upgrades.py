"""A repository that an earlier escscaffold wrote is brought up to date, with the edits in it.

Each folder below `upgrades` was written by an earlier version, and is kept as it was.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from escscaffold.clouds.fact_files import mode_names
from tests.cli.conftest import tree
from tests.conftest import Run
from tests.emitted.guide import GUIDE
from tests.releases.facts import Release, first_facts

KEPT = sorted(path for path in Path(__file__).with_name("upgrades").iterdir() if path.is_dir())
LET_GO = ["--accept-replace", "prod.upgrade"]
ADDRESSES = Path(__file__).with_name("upgrades") / "addresses.txt"
TFVARS, MAIN = "environments/prod/terraform.tfvars", "environments/prod/main.tf"


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "network"
    shutil.copytree(request.param, folder)
    return folder


def edit(folder: Path) -> None:
    """Do what people do: change a value, add to a file, write one's own, take a file away."""
    values, main = folder / TFVARS, folder / MAIN
    assert "disk_size = 100" in values.read_text()
    values.write_text(values.read_text().replace("disk_size = 100", "disk_size = 200"))
    main.write_text(main.read_text() + "\n# mine, below\n")
    (folder / "environments/prod/custom.tf").write_text("# mine\n")
    (folder / "README.md").write_text("# Ours\n" + (folder / "README.md").read_text())
    (folder / "docs/network-prod.svg").unlink()


def has_edits(folder: Path) -> bool:
    return (
        "disk_size = 200" in (folder / TFVARS).read_text()
        and (folder / MAIN).read_text().endswith("\n# mine, below\n")
        and (folder / "environments/prod/custom.tf").read_text() == "# mine\n"
        and (folder / "README.md").read_text().startswith("# Ours\n")
        and not (folder / "docs/network-prod.svg").exists()
    )


def test_without_edits_it_becomes_what_a_new_one_is(earlier: Path, run: Run, release: Release) -> None:
    assert run("check", "-C", earlier).exit_code == 3
    assert run("generate", "-C", earlier, *LET_GO).exit_code == 0
    assert run("check", "-C", earlier).exit_code == 0

    # What it was given by default it keeps.
    release(first_facts("gcp", "gke-standard"))
    new = earlier.with_name("new")
    run("init", new, "--mode", "gke-standard", "--region", "europe-west2", "--environment", "prod", "--yes")
    # The spec is a person's, and stays as it is: a new one names its schema for editors.
    spec = "escscaffold.toml"
    schema, _, *now = (new / spec).read_text().splitlines()
    _, *then = (earlier / spec).read_text().splitlines()
    assert (schema, now) == ("#:schema ./.escscaffold/schema.json", then)
    assert tree(earlier) | {spec: b""} == tree(new) | {spec: b""}


def test_with_edits_that_git_can_tell_both_are_in_it(earlier: Path, run: Run) -> None:
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "Begin"]):
        user = ("-c", "user.name=Me", "-c", "user.email=me@example.org")
        subprocess.run(["git", *user, *arguments], cwd=earlier, check=True, capture_output=True)
    edit(earlier)

    result = run("generate", "-C", earlier, *LET_GO)

    assert result.exit_code == 0, result.output
    assert has_edits(earlier)
    assert 'module "kurrent_peering"' in (earlier / MAIN).read_text()
    assert run("check", "-C", earlier).exit_code == 0


def test_with_edits_that_nobody_can_tell_both_texts_are_kept(earlier: Path, run: Run) -> None:
    edit(earlier)

    assert run("generate", "-C", earlier, *LET_GO).exit_code == 4

    assert has_edits(earlier)
    beside = earlier / f"{MAIN}.escscaffold-new"
    assert 'module "kurrent_peering"' in beside.read_text()
    (earlier / MAIN).write_text(beside.read_text() + "\n# mine, below\n")
    beside.unlink()
    assert run("check", "-C", earlier).exit_code == 0
    assert has_edits(earlier)


def test_what_it_leaves_out_is_told_before_terraform_destroys_it(earlier: Path, run: Run) -> None:
    before = tree(earlier)

    refused = run("generate", "-C", earlier)

    assert refused.exit_code == 5
    assert "No longer generated; Terraform will destroy" in refused.output
    assert "prod: module.kurrent.kurrentcloud_network.this" in refused.output
    assert tree(earlier) == before
    told = json.loads(run("generate", "-C", earlier, "--json").stdout)["replaces"]
    assert "prod.module.kurrent.kurrentcloud_network.this" in {one["name"] for one in told}


def test_moved_blocks_as_it_says_them_keep_what_exists(earlier: Path, run: Run) -> None:
    refused = run("generate", "-C", earlier).output
    blocks = re.findall(r"^moved {.*?^}\n", refused, re.MULTILINE | re.DOTALL)
    assert "  to   = module.kurrent_network.kurrentcloud_network.this\n" in blocks[1]
    (earlier / "environments/prod/moved.tf").write_text("".join(blocks))

    assert run("generate", "-C", earlier).exit_code == 0
    assert run("check", "-C", earlier).exit_code == 0


def test_an_answer_that_gives_something_up_is_no_upgrade(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "network"
    run("init", folder, "--mode", "eks", "--environment", "prod", "--set", "options.nat=single", "--yes")
    assert any("aws_nat_gateway" in path.read_text() for path in folder.rglob("*.tf"))

    result = run("set", "prod.options.nat=none", "-C", folder, "--accept-replace", "prod.nat")

    assert result.exit_code == 0
    assert not any("aws_nat_gateway" in path.read_text() for path in folder.rglob("*.tf"))


def addresses(folder: Path) -> Iterator[str]:
    """Yield the resources of an environment, by the calls that lead to them."""
    roots = "".join(path.read_text() for path in (folder / "environments/prod").glob("*.tf"))
    calls = re.findall(r'^module "(\w+)" \{\n  source = "\.\./\.\./(modules/[\w-]+)"$', roots, re.MULTILINE)
    assert calls
    for prefix, place in [("", "environments/prod"), *((f"module.{name}.", place) for name, place in calls)]:
        for path in (folder / place).glob("*.tf"):
            for kind, name in re.findall(r'^resource "(\w+)" "(\w+)" \{$', path.read_text(), re.MULTILINE):
                yield f"{prefix}{kind}.{name}"


def test_no_resource_of_the_last_release_has_gone_without_a_moved_block(
    tmp_path: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    known = set(ADDRESSES.read_text().splitlines())
    now: set[str] = set()
    kept: set[str] = set()
    for mode in mode_names():
        folder = tmp_path / mode
        assert run("init", folder, "--mode", mode, *GUIDE[mode], "--environment", "prod", "--yes").exit_code == 0
        now |= {f"{mode} {address}" for address in addresses(folder)}
        blocks = "".join(path.read_text() for path in folder.rglob("*.tf"))
        kept |= {f"{mode} {origin}" for origin in re.findall(r"^moved \{\n  from = (\S+)$", blocks, re.MULTILINE)}
    if request.config.getoption("--update-goldens"):
        ADDRESSES.write_text("".join(f"{line}\n" for line in sorted(known | now)))

    gone = {line for line in known - now if not any(line.endswith(one.split(" ")[1]) for one in kept)}
    assert not gone, "Terraform would destroy these: write a moved block beside what they have become"
    assert now <= known or not request.config.getoption("--update-goldens"), "read what was added"
