"""The account of an environment: its forms, what contradicts it, and what another account replaces."""

import re
from pathlib import Path

import pytest
from click.testing import Result

from escscaffold import plan, read_spec, render
from escscaffold.clouds.fact_files import cloud_names, load_cloud
from escscaffold.errors import SpecError
from escscaffold.spec.accounts import credentials_needed
from tests.conftest import Run
from tests.spec.test_settings import problems, spec_text

ACCOUNT = "[environments.prod.account]\n"
AWS = 'account_id = "123456789012"\nrole_arn = "arn:aws:iam::123456789012:role/ci/terraform"\n'
# The forms that each cloud documents, written out here and not taken from the facts.
TAKEN = {
    "eks": [
        'account_id = "000000000012"',
        'role_arn = "arn:aws-us-gov:iam::123456789012:role/service-role/Terraform+ci=a,b.c@d_e"',
        'role_arn = "arn:aws-cn:iam::123456789012:role/t"\nexternal_id = "a/b:c-1"',
    ],
    "gke-standard": [
        'project = "acme-1"',
        'project = "acme-1"\nhost_project = "acme-network"',
        'project = "example.com:acme-prod"',
        'impersonate_service_account = "123456789012-compute@developer.gserviceaccount.com"',
    ],
    "aks-cni": [
        'subscription_id = "00000000-0000-0000-0000-00000000000a"',
        'tenant_id = "0B1F6471-1BF0-4DDA-AEC3-CB9272F09590"',
    ],
}
REFUSED = {
    'account_id = "12345678901"': "eks",
    'account_id = "1234-5678-9012"': "eks",
    'role_arn = "arn:aws:iam::123456789012:user/me"': "eks",
    'role_arn = "arn:aws:sts::123456789012:assumed-role/a/b"': "eks",
    'role_arn = "terraform"': "eks",
    'project = "Acme-prod"': "gke-standard",
    'project = "acme-"': "gke-standard",
    'project = "123456789012"': "gke-standard",
    'host_project = "projects/acme"': "gke-standard",
    'impersonate_service_account = "me@example.com"': "gke-standard",
    'subscription_id = "prod"': "aks-cni",
    'subscription_id = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590"': "aks-cni",
    'tenant_id = "example.onmicrosoft.com"': "aks-cni",
}


@pytest.mark.parametrize(("mode", "lines"), [(mode, lines) for mode, all_ in TAKEN.items() for lines in all_])
def test_an_account_by_its_clouds_form_is_taken(mode: str, lines: str) -> None:
    read_spec(spec_text(mode, f"{ACCOUNT}{lines}\n"))


@pytest.mark.parametrize("line", REFUSED)
def test_another_form_is_refused_with_one_that_works(line: str) -> None:
    mode = REFUSED[line]
    name = line.partition(" ")[0]

    (problem,) = problems(mode, f"{ACCOUNT}{line}\n")

    assert (problem.code, problem.path[-1]) == ("ESC004", name)
    example = problem.fix.removeprefix('Use a value like "').removesuffix('".')
    # The fix is one that the same reader takes.
    read_spec(spec_text(mode, f'{ACCOUNT}{name} = "{example}"\n'))


def test_the_account_of_another_cloud_is_unknown() -> None:
    (problem,) = problems("gke-standard", f'{ACCOUNT}account_id = "123456789012"\n')

    assert (problem.code, problem.fix) == ("ESC002", "Known: host_project, impersonate_service_account, project.")


def test_a_role_in_another_account_is_refused() -> None:
    (problem,) = problems("eks", ACCOUNT + AWS.replace('= "123456789012"', '= "210987654321"'))

    assert problem.code == "ESC010"
    assert problem.message == "role_arn is in 123456789012, and account_id is '210987654321'."
    assert 'account_id = "123456789012"' in problem.fix


def test_an_external_id_goes_with_a_role() -> None:
    (problem,) = problems("eks", f'{ACCOUNT}external_id = "platform"\n')

    assert problem.message == "external_id needs role_arn, which is not set."


@pytest.mark.parametrize("mode", ["gke-standard", "eks"])
def test_an_account_that_is_no_table_is_reported_once(mode: str) -> None:
    (problem,) = problems(mode, "account = 5\n")

    assert (problem.code, problem.message) == ("ESC002", "`account` is not a table.")


@pytest.mark.parametrize("cloud", cloud_names())
def test_facts_name_settings_of_the_account_that_the_cloud_has(cloud: str) -> None:
    facts = load_cloud(cloud)
    ids = [existing.id for mode in facts.modes.values() for existing in mode.existing.values() if existing.id]
    of_ids = {setting for id_ in ids for setting in re.compile(id_).groupindex}
    of_modes = {name for mode in facts.modes.values() for name in mode.account_refused}
    of_options = {option.goes_with_account for mode in facts.modes.values() for option in mode.options.values()}
    of_settings = {setting.instead_of for setting in facts.account.values()}

    assert of_ids
    assert (of_ids | of_modes | of_options | of_settings) - {""} <= facts.account.keys()
    assert {part for setting in facts.account.values() for part in setting.parts} <= {
        part for mode in facts.modes.values() for part in mode.parts
    }


HOST = 'host_project = "acme-network"\n'


@pytest.mark.parametrize(
    ("mode", "lines", "message", "fix"),
    [
        ("gke-routes", HOST, "gke-routes cannot have host_project.", "Remove host_project."),
        ("gke-standard", f'{HOST}project = "acme-network"\n', "host_project is the same as project", "another one"),
        (
            "gke-standard",
            '[environments.prod.options]\nshared_vpc = "create"\n',
            "shared_vpc applies only with account.host_project.",
            "Set account.host_project, or remove shared_vpc.",
        ),
    ],
)
def test_a_host_project_that_cannot_be_one_is_refused(mode: str, lines: str, message: str, fix: str) -> None:
    (problem,) = problems(mode, lines if lines.startswith("[") else ACCOUNT + lines)

    assert problem.code == "ESC010"
    assert message in problem.message
    assert fix in problem.fix


NETWORK_EXISTS = """[environments.prod.parts]
network = "existing"
[environments.prod.existing]
network = "projects/acme-network/global/networks/vpc-shared"
[environments.prod.account]
project = "acme-prod"
"""


def test_a_network_in_another_project_is_that_of_the_host_project() -> None:
    ranges = '[environments.prod.ranges]\nnodes = "10.20.0.0/20"\npods = "10.24.0.0/17"\n'

    (problem,) = problems("gke-standard", ranges + NETWORK_EXISTS)

    assert problem.fix.startswith('Set account.project or account.host_project = "acme-network"')
    read_spec(spec_text("gke-standard", ranges + NETWORK_EXISTS + HOST))
    (other,) = problems("gke-standard", ranges + NETWORK_EXISTS + 'host_project = "acme-other"\n')
    assert other.message == "network is in acme-network, but account.host_project is 'acme-other'."


def test_nothing_is_written_of_an_account_that_is_not_pinned() -> None:
    files = render(plan(read_spec(spec_text("eks", ""))))

    assert not any("account_id" in files[f"environments/prod/{name}.tf"].text for name in ("providers", "variables"))


@pytest.mark.parametrize("cloud", cloud_names())
def test_what_is_pinned_is_not_asked_of_the_credentials(cloud: str) -> None:
    needed = {"gcp": ("GOOGLE_PROJECT",), "azure": ("ARM_SUBSCRIPTION_ID",), "aws": ()}
    mode, lines = {
        "aws": ("eks", AWS),
        "gcp": ("gke-standard", 'project = "acme-prod"\n'),
        "azure": ("aks-cni", 'subscription_id = "00000000-0000-0000-0000-00000000000a"\n'),
    }[cloud]
    free, pinned = (read_spec(spec_text(mode, text)).environments["prod"] for text in ("", ACCOUNT + lines))

    assert credentials_needed(load_cloud(cloud), [free]).needed == needed[cloud]
    assert credentials_needed(load_cloud(cloud), [pinned]).needed == ()
    assert credentials_needed(load_cloud(cloud), [free, pinned]).needed == needed[cloud]


def test_to_pin_an_account_replaces_nothing_and_another_one_has_to_be_accepted(repository: Path, run: Run) -> None:
    def set_(value: str, *flags: str) -> Result:
        return run("set", "-C", repository, value, *flags)

    pinned = set_('prod.account.account_id="123456789012"')
    assert run("generate", "-C", repository).exit_code == 0
    stopped = set_('prod.account.account_id="210987654321"')
    accepted = set_('prod.account.account_id="210987654321"', "--accept-replace", "prod.account.account_id")
    assert run("generate", "-C", repository).exit_code == 0
    unpinned = set_("prod.account=")
    assert run("generate", "-C", repository).exit_code == 0

    assert [one.exit_code for one in (pinned, stopped, accepted, unpinned)] == [0, 5, 0, 0]
    assert "prod.account.account_id" in stopped.output
    assert "everything in the environment" in " ".join(stopped.output.split())
    assert "account" not in (repository / "environments/prod/terraform.tfvars").read_text()


def test_a_host_project_moves_the_network_also_where_there_was_none(tmp_path: Path, run: Run) -> None:
    def set_(value: str, *flags: str) -> Result:
        return run("set", "-C", tmp_path / "network", value, *flags)

    made = run("init", tmp_path / "network", "--environment", "prod", "--mode", "gke-standard", "--yes")
    host = "prod.account.host_project=acme-network"
    stopped, accepted = set_(host), set_(host, "--accept-replace", "prod.account.host_project")
    unset = set_("prod.account=")
    # A new environment moves nothing.
    flags = ("--mode", "gke-autopilot", "--set", "account.host_project=acme-network", "--yes")
    added = run("add", "staging", "-C", tmp_path / "network", *flags)

    assert [one.exit_code for one in (made, stopped, accepted, unset, added)] == [0, 5, 0, 5, 0], added.output
    told = " ".join(stopped.output.split())
    assert "none -> acme-network replaces the VPC, the subnet, the cluster, the peering" in told
    assert "acme-network -> none replaces the VPC" in " ".join(unset.output.split())


def test_an_account_that_is_broken_writes_nothing(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "x", "--mode", "eks", "--yes", "--set", "account.account_id=prod")

    assert result.exit_code == 2
    assert not (tmp_path / "x").exists()


def test_a_spec_error_names_every_problem_of_an_account() -> None:
    with pytest.raises(SpecError) as caught:
        read_spec(spec_text("aks-cni", f'{ACCOUNT}subscription_id = "a"\ntenant_id = "b"\n'))

    assert [problem.path[-1] for problem in caught.value.problems] == ["subscription_id", "tenant_id"]
