"""A repository that an earlier escscaffold wrote is brought up to date, with the edits in it.

Each folder below `upgrades` was written by an earlier version, and is kept as it was.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import tree
from tests.conftest import Run

KEPT = sorted(path for path in Path(__file__).with_name("upgrades").iterdir() if path.is_dir())
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


def test_without_edits_it_becomes_what_a_new_one_is(earlier: Path, run: Run) -> None:
    assert run("check", "-C", earlier).exit_code == 3
    assert run("generate", "-C", earlier).exit_code == 0
    assert run("check", "-C", earlier).exit_code == 0

    new = earlier.with_name("new")
    run("init", new, "--mode", "gke-standard", "--region", "europe-west2", "--environment", "prod", "--yes")
    # The spec is a person's, and stays as it is: a new one names its schema for editors.
    spec = "escscaffold.toml"
    first, _, rest = (new / spec).read_text().partition("\n")
    assert (first, rest) == ("#:schema ./.escscaffold/schema.json", (earlier / spec).read_text())
    assert tree(earlier) | {spec: b""} == tree(new) | {spec: b""}


def test_with_edits_that_git_can_tell_both_are_in_it(earlier: Path, run: Run) -> None:
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "Begin"]):
        user = ("-c", "user.name=Me", "-c", "user.email=me@example.org")
        subprocess.run(["git", *user, *arguments], cwd=earlier, check=True, capture_output=True)
    edit(earlier)

    result = run("generate", "-C", earlier)

    assert result.exit_code == 0, result.output
    assert has_edits(earlier)
    assert 'module "kurrent_peering"' in (earlier / MAIN).read_text()
    assert run("check", "-C", earlier).exit_code == 0


def test_with_edits_that_nobody_can_tell_both_texts_are_kept(earlier: Path, run: Run) -> None:
    edit(earlier)

    assert run("generate", "-C", earlier).exit_code == 4

    assert has_edits(earlier)
    beside = earlier / f"{MAIN}.escscaffold-new"
    assert 'module "kurrent_peering"' in beside.read_text()
    (earlier / MAIN).write_text(beside.read_text() + "\n# mine, below\n")
    beside.unlink()
    assert run("check", "-C", earlier).exit_code == 0
    assert has_edits(earlier)
