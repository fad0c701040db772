"""The real terraform on ranges of a team's own: a subnet for some, and addresses that nothing else takes for others."""

import re
from pathlib import Path

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import write
from tests.emitted.judging import assert_noticed, judge

PAGE = Path(__file__).parents[2] / "docs/how-to/own-ranges.md"
SUBNET = '={ size = "/24", subnet = true }'


# Each cloud has a module of its own for it; the matrix has the other modes.
@pytest.mark.parametrize("mode", ["gke-standard", "aks-cni"])
def test_subnets_of_ones_own_stand_where_they_were_planned(
    mode: str, tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    # The name would begin an expression if it became HCL as it is.
    write(run, tmp_path / "network", mode, (), "--range", f"for{SUBNET}", "--range", "cache=/26")

    assert "Success!" in judge(terraform, tmp_path / "network", "prod", "addresses")


def test_the_custom_file_of_the_documentation_is_valid_beside_them(
    tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    flags = [part for name in ("data-1", "data-2") for part in ("--range", f"{name}{SUBNET}")]
    root = write(run, tmp_path / "network", "eks", (), *flags, "--range", "cache=/26")
    (custom,) = re.findall(r"```terraform\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (root / "custom.tf").write_text(custom)

    assert "Success!" in judge(terraform, tmp_path / "network", "prod", "addresses")


def test_a_subnet_that_is_not_made_is_noticed(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    flags = [part for name in ("data-1", "data-2") for part in ("--range", f"{name}{SUBNET}")]
    write(run, tmp_path / "network", "eks", (), *flags)

    assert_noticed(
        terraform,
        tmp_path / "network",
        "environments/prod/main.tf",
        'contains(["data-1", "data-2"], name)',
        'contains(["data-1"], name)',
        "addresses",
        "An additional subnet has another range than planned.",
    )
