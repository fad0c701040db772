"""Terraform on environments whose account is pinned: the providers' own configuration, in every mode."""

from pathlib import Path

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import init_flags
from tests.emitted.judging import accept, judge
from tests.properties import some_of

AWS = ['account.account_id="123456789012"', "account.role_arn=arn:aws:iam::123456789012:role/terraform"]
GCP = ["account.project=acme-prod"]
AZURE = ["account.subscription_id=0b1f6471-1bf0-4dda-aec3-cb9272f09590"]
TENANT = ["account.tenant_id=72f988bf-86f1-41af-91ab-2d7cd011db47"]
# Each argument alone and with the others, over modes that make a cluster and that look it up.
PINNED = {
    "eks": [*AWS, "account.external_id=platform"],
    "eks-custom": AWS[1:],
    "aws-existing": AWS[:1],
    "gke-standard": [*GCP, "account.impersonate_service_account=terraform@acme-prod.iam.gserviceaccount.com"],
    "gcp-existing": ["account.impersonate_service_account=terraform@acme-prod.iam.gserviceaccount.com"],
    "gke-autopilot": GCP,
    "aks-cni": [*AZURE, *TENANT],
    "aks-kubenet": TENANT,
    "azure-existing": AZURE,
}
REFUSED = {
    "eks": {
        'account_id = "1234"': "account_id must be like",
        'role_arn = "terraform"': "role_arn must be like",
        'account_id = "210987654321", role_arn = "arn:aws:iam::123456789012:role/t"': "one of the account_id",
        'external_id = "platform"': "external_id goes with a role_arn",
    },
    "gke-standard": {'project = "ACME"': "project must be like"},
    "aks-cni": {'subscription_id = "prod"': "subscription_id must be like"},
}


def written(tmp_path: Path, run: Run, mode: str, keys: list[str]) -> Path:
    flags = [flag for key in keys for flag in ("--set", key)]
    result = run("init", tmp_path / mode, *init_flags(mode), *flags)
    assert result.exit_code == 0, result.output
    return tmp_path / mode


@pytest.mark.parametrize("mode", some_of(list(PINNED), "eks-custom", "gke-standard", "aks-cni", "azure-existing"))
def test_terraform_takes_a_pinned_account(mode: str, tmp_path: Path, run: Run, terraform: Terraform) -> None:
    accept(terraform, written(tmp_path, run, mode, PINNED[mode]))


@pytest.mark.parametrize("mode", REFUSED)
def test_the_variable_refuses_what_the_spec_refuses(mode: str, tmp_path: Path, run: Run, terraform: Terraform) -> None:
    repository = written(tmp_path, run, mode, PINNED[mode])
    runs = "".join(
        f'run "refused_{number}" {{\n  command = plan\n\n  variables {{\n    account = {{ {line} }}\n  }}\n\n'
        "  expect_failures = [var.account]\n}\n\n"
        for number, line in enumerate(REFUSED[mode])
    )
    (repository / "environments/prod/tests/refused.tftest.hcl").write_text(runs.rstrip() + "\n")

    told = judge(terraform, repository, "prod", "refused")

    assert f"{len(REFUSED[mode])} passed, 0 failed" in told
