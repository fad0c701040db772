"""Whether OpenTofu judges what is emitted as well, also where its mocks do not do.

Every other test here that asks for a `program` runs with it, too.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.conftest import PROGRAMS
from tests.emitted.looked_up import changes_in, exists
from tests.emitted.test_matrix import flags_of, is_beyond_opentofu, rows
from tests.terraform.store import Store

BEYOND_MOCKS = [row for row in rows() if is_beyond_opentofu(row)]


def test_opentofu_judges_it_too() -> None:
    if "tofu" not in PROGRAMS:
        # Terraform is the judge: also a build server may do without the other.
        pytest.skip("tofu is not on the PATH, so what is emitted was tried with terraform alone: see CONTRIBUTING.md")


@pytest.mark.skipif("tofu" not in PROGRAMS, reason="tofu is not on the PATH")
@pytest.mark.parametrize("row", BEYOND_MOCKS, ids=", ".join)
def test_both_programs_plan_the_same_for_what_exists(
    row: tuple[str, ...], tmp_path: Path, run: Run, store: Store, stood_in: dict[str, str]
) -> None:
    repository = tmp_path / "network"
    written = run("init", repository, *flags_of(row))
    assert written.exit_code == 0, written.output
    root = repository / "environments/prod"
    exists(root, store, kurrent=row[4])
    terraform, tofu = (terraform_in(stood_in, program) for program in ("terraform", "tofu"))

    of_terraform, of_tofu = (planned(program, root) for program in (terraform, tofu))

    assert of_tofu == of_terraform
    addresses = json.loads(run("plan", "-C", repository, "--json").stdout)["environments"]["prod"]
    assert (
        of_tofu["outputs"]["ranges"]["after"].items()
        <= {name: range_["cidr"] for name, range_ in addresses["ranges"].items()}.items()
    )
    assert set(of_tofu["outputs"]["remote"]["after"]) == set(addresses["remote"])
    tofu(root, "apply", "-auto-approve", "-input=false")
    tofu(root, "plan", "-input=false", "-detailed-exitcode")
    terraform(root, "plan", "-input=false", "-detailed-exitcode")


def planned(program: Terraform, root: Path) -> dict[str, Any]:
    program(root, "init", "-input=false", "-reconfigure")
    printed = program(root, "plan", "-input=false", "-out=plan.out").stdout
    assert "deprecated" not in printed
    return changes_in(program(root, "show", "-json", "plan.out").stdout)
