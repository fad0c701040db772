"""What escscaffold says a change replaces is what Terraform plans to replace.

Each environment is applied to stand-ins of its providers, which know what the real ones replace. Then its
escscaffold.toml is changed, and what `generate` and `review` say of it is compared with the plan of the real
terraform. For AWS the real provider plans: see test_aws_applies.py.
"""

import shutil
from pathlib import Path

import pytest

from tests.conftest import CheckGolden, Run, terraform_in
from tests.emitted.changes import CHANGES, REPLACEABLE, changed, compared_change, record_of
from tests.emitted.guide import init_flags
from tests.properties import some_of
from tests.terraform.attached import reattaching, schema_providers
from tests.terraform.root import require
from tests.terraform.schema import schema_folder
from tests.terraform.store import Store

# By default, of each cloud the mode with the most kinds of change.
MODES = some_of([mode for mode in CHANGES if not mode.startswith("eks")], "gke-standard", "aks-cni")


@pytest.mark.parametrize("mode", MODES)
def test_review_tells_what_terraform_replaces(
    mode: str, tmp_path: Path, run: Run, terraform_environment: dict[str, str], check_golden: CheckGolden
) -> None:
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    applied, rows = tmp_path / "applied", []
    assert run("init", applied, *init_flags(mode), *REPLACEABLE).exit_code == 0
    with schema_providers(schema_folder(), Store(tmp_path / "store")) as servers:
        terraform = terraform_in(terraform_environment | reattaching(servers))
        terraform(applied / "environments/prod", "init", "-input=false")
        terraform(applied / "environments/prod", "apply", "-auto-approve", "-input=false")
        for number, change in enumerate(CHANGES[mode]):
            repository = tmp_path / str(number)
            shutil.copytree(applied, repository, symlinks=True)
            words, root = changed(repository, "prod", change, run), repository / "environments/prod"
            terraform(root, "plan", "-input=false", "-refresh=false", "-out=plan.tfplan")
            plan = tmp_path / f"{number}.json"
            plan.write_text(terraform(root, "show", "-json", "plan.tfplan").stdout, encoding="utf-8")
            (root / "plan.tfplan").unlink()
            rows.append(compared_change(applied, repository, plan, change, words, run))

    check_golden(*record_of(mode, rows))
