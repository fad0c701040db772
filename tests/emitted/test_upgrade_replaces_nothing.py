"""An environment that an earlier escscaffold wrote and Terraform applied is brought up to date: nothing is replaced.

`generate` accepts nothing, Terraform plans over the state of before, and `review` says the same of both sides.
For AWS the real provider plans: see test_aws_applies.py.
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Run, terraform_in
from tests.terraform.attached import reattaching, schema_providers
from tests.terraform.root import require
from tests.terraform.schema import schema_folder
from tests.terraform.store import Store

UPGRADES = Path(__file__).with_name("upgrades")
MODES = sorted(folder.name for folder in UPGRADES.iterdir() if folder.is_dir() and folder.name != "eks")


@pytest.mark.parametrize("mode", MODES)
def test_an_upgrade_replaces_nothing_that_exists(
    mode: str, tmp_path: Path, run: Run, terraform_environment: dict[str, str]
) -> None:
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    earlier, upgraded = tmp_path / "earlier", tmp_path / "upgraded"
    shutil.copytree(UPGRADES / mode, earlier)
    with schema_providers(schema_folder(), Store(tmp_path / "store")) as servers:
        terraform = terraform_in(terraform_environment | reattaching(servers))
        root = earlier / "environments/prod"
        terraform(root, "init", "-input=false")
        terraform(root, "apply", "-auto-approve", "-input=false")
        shutil.copytree(earlier, upgraded, symlinks=True)
        generated = run("generate", "-C", upgraded)
        assert generated.exit_code == 0, generated.output
        root = upgraded / "environments/prod"
        terraform(root, "init", "-input=false")
        terraform(root, "plan", "-input=false", "-refresh=false", "-out=plan.tfplan")
        plan = json.loads(terraform(root, "show", "-json", "plan.tfplan").stdout)

    planned = {one["address"]: one["change"]["actions"] for one in plan["resource_changes"]}
    assert planned
    assert {address: actions for address, actions in planned.items() if "delete" in actions} == {}
    for state in upgraded.rglob("*.tfstate*"):  # local, and ignored by git
        state.unlink()
    reviewed = run("review", UPGRADES / mode, upgraded, "--json", "--fail-on", "unknown")
    assert reviewed.exit_code == 0, reviewed.output
