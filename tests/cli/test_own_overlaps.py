"""Networks and subnets of a person's own Terraform over allocated ranges: `check` and `review` find them.

The repository's ranges are network 10.0.0.0/16 with nodes-1 10.0.0.0/18 and nodes-2 10.0.64.0/18, kurrent
10.255.255.0/24 and services 172.20.0.0/16; 10.0.128.0/17 is free.
"""

import json
from functools import partial
from pathlib import Path

import pytest

from escscaffold.reviewing.side_files import Reader
from tests.conftest import Run
from tests.reviewing.sides import report_of

CUSTOM = "environments/prod/custom.tf"
SUBNET = 'resource "aws_subnet" "mine" {{\n  vpc_id     = module.network.vpc_id\n  cidr_block = {}\n}}\n'
GKE = 'version = 1\n\n[environments.{}]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
SPEC = "escscaffold.toml"


def overlaps(run: Run, repository: Path, *, alone: bool = True) -> list[str]:
    """Return the overlaps that `check` finds; alone, they decide its exit code."""
    result = run("check", "--json", "-C", repository)
    found = [f["message"] for f in json.loads(result.stdout)["findings"] if f["code"] == "ESC308"]
    assert not alone or result.exit_code == (1 if found else 0), result.output
    return found


@pytest.mark.parametrize(
    ("block", "overlapped"),
    [
        ('"10.0.16.0/20"', "10.0.16.0/20 overlaps nodes-1 10.0.0.0/18."),
        ('"10.0.0.0/18"', "10.0.0.0/18 overlaps nodes-1 10.0.0.0/18."),
        ('cidrsubnet(var.ranges["network"], 4, 7)', "10.0.112.0/20 overlaps nodes-2 10.0.64.0/18."),
        ('"10.255.255.0/26"', "10.255.255.0/26 overlaps kurrent 10.255.255.0/24."),
        ('"172.20.1.0/24"', "172.20.1.0/24 overlaps services 172.20.0.0/16."),
        ('"10.0.128.0/20"', ""),
        ('cidrsubnet(var.ranges["network"], 4, 8)', ""),
        ('"10.1.0.0/20"', ""),
    ],
)
def test_check_finds_a_subnet_of_ones_own_over_an_allocated_range(
    block: str, overlapped: str, repository: Path, run: Run
) -> None:
    (repository / CUSTOM).write_text(SUBNET.format(block))

    assert overlaps(run, repository) == ([f"{CUSTOM}:3: aws_subnet.mine {overlapped}"] if overlapped else [])


def test_the_fix_is_a_free_block_and_works(repository: Path, run: Run) -> None:
    (repository / CUSTOM).write_text(SUBNET.format('"10.0.16.0/20"'))

    said = " ".join(run("check", "-C", repository).output.split())

    fix = 'Use 10.0.128.0/20 (no overlaps), and keep it free: custom = "10.0.128.0/20" in [environments.prod.ranges].'
    assert fix in said
    (repository / CUSTOM).write_text(SUBNET.format('"10.0.128.0/20"'))
    assert run("set", "ranges.custom=10.0.128.0/20", "-C", repository).exit_code == 0
    assert overlaps(run, repository) == []


def test_a_kept_range_is_for_the_subnet_and_one_with_a_subnet_is_not(repository: Path, run: Run) -> None:
    run("set", "ranges.cache=10.0.128.0/20", "-C", repository)
    for inside in ('var.ranges["cache"]', '"10.0.132.0/24"'):
        (repository / CUSTOM).write_text(SUBNET.format(inside))
        assert overlaps(run, repository) == []

    (repository / CUSTOM).write_text(SUBNET.format('"10.0.128.0/17"'))
    assert overlaps(run, repository) == [f"{CUSTOM}:3: aws_subnet.mine 10.0.128.0/17 overlaps cache 10.0.128.0/20."]

    run("set", 'ranges.cache={ cidr = "10.0.128.0/20", subnet = true }', "-C", repository)
    (repository / CUSTOM).write_text(SUBNET.format('"10.0.132.0/24"'))
    assert overlaps(run, repository) == [f"{CUSTOM}:3: aws_subnet.mine 10.0.132.0/24 overlaps cache 10.0.128.0/20."]


def test_modules_of_ones_own_and_own_files_in_a_generated_module(repository: Path, run: Run) -> None:
    own = repository / "modules/own/main.tf"
    own.parent.mkdir()
    own.write_text(
        'variable "block" {\n  type = string\n}\n' + SUBNET.format("var.block").replace("module.network", "var")
    )
    (repository / CUSTOM).write_text('module "own" {\n  source = "../../modules/own"\n  block  = "10.0.64.0/20"\n}\n')
    extra = repository / "modules/aws-network/extra.tf"
    extra.write_text(SUBNET.format('"10.0.32.0/20"').replace("module.network.vpc_id", "aws_vpc.this.id"))

    assert sorted(overlaps(run, repository, alone=False)) == [
        "modules/aws-network/extra.tf:3: module.network.aws_subnet.mine 10.0.32.0/20 overlaps nodes-1 10.0.0.0/18.",
        "modules/own/main.tf:6: module.own.aws_subnet.mine 10.0.64.0/20 overlaps nodes-2 10.0.64.0/18.",
    ]


def test_what_only_speaks_of_a_range_does_not_overlap_it(repository: Path, run: Run) -> None:
    (repository / CUSTOM).write_text(
        """data "aws_subnet" "nodes" {
  cidr_block = "10.0.0.0/18"
}

resource "aws_vpc_security_group_ingress_rule" "nodes" {
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/18"
  ip_protocol       = "-1"
}

resource "kubernetes_network_policy" "nodes" {
  metadata {
    name = "nodes"
  }

  spec {
    pod_selector {}
    policy_types = ["Ingress"]

    ingress {
      from {
        ip_block {
          cidr = "10.0.0.0/18"
        }
      }
    }
  }
}

"""
        # A file without a network is not looked at.
        + SUBNET.format('"10.0.128.0/20"')
    )

    assert overlaps(run, repository) == []


def test_a_generated_file_by_another_name_declares_the_plans_ranges_once(repository: Path, run: Run) -> None:
    subnets = repository / "modules/aws-network/subnets.tf"
    subnets.rename(subnets.with_name("our_subnets.tf"))

    assert overlaps(run, repository, alone=False) == []


def test_ranges_of_an_existing_network_may_be_of_the_subnet_and_kurrents_is_not(tmp_path: Path, run: Run) -> None:
    flags = ("--mode", "aws-existing", "--region", "eu-central-1", "--set", "existing.network=vpc-0a1b2c3d4e5f60718")
    ranges = ("--range", "kurrent=172.29.98.0/24", "--range", "nodes=172.16.0.0/18")
    assert run("init", tmp_path / "r", *flags, *ranges, "--yes", "--quiet").exit_code == 0

    for block, found in (("172.16.0.0/18", 0), ("172.16.16.0/20", 0), ("172.16.0.0/16", 0), ("172.29.98.0/28", 1)):
        (tmp_path / "r" / CUSTOM).write_text(f'resource "aws_subnet" "mine" {{\n  cidr_block = "{block}"\n}}\n')
        assert len(overlaps(run, tmp_path / "r")) == found


def test_a_network_of_ones_own_may_have_the_range_that_another_type_takes_by_itself(tmp_path: Path, run: Run) -> None:
    flags = ("--mode", "aks-overlay", "--region", "westeurope", "--range", "network=10.130.0.0/16")
    assert run("init", tmp_path / "r", *flags, "--yes", "--quiet").exit_code == 0
    (tmp_path / "r" / CUSTOM).write_text(
        'resource "azurerm_virtual_network" "mine" {\n  address_space = ["10.128.0.0/9"]\n}\n'
    )

    assert f"{CUSTOM}:2: azurerm_virtual_network.mine 10.128.0.0/9 overlaps network 10.130.0.0/16." in overlaps(
        run, tmp_path / "r"
    )


def test_the_range_that_an_auto_mode_network_takes_by_itself_is_no_finding(tmp_path: Path, run: Run) -> None:
    flags = ("--mode", "gke-standard", "--region", "europe-west2", "--range", "nodes=10.130.0.0/20")
    assert run("init", tmp_path / "r", *flags, "--yes", "--quiet").exit_code == 0
    (tmp_path / "r" / CUSTOM).write_text('resource "google_compute_network" "mine" {\n  name = "mine"\n}\n')

    assert overlaps(run, tmp_path / "r", alone=False) == []


def test_a_range_that_is_not_known_is_said(repository: Path, run: Run) -> None:
    (repository / CUSTOM).write_text(
        'data "aws_vpc" "other" {\n  id = "vpc-1"\n}\n\n' + SUBNET.format("data.aws_vpc.other.cidr_block")
    )

    said = " ".join(run("check", "-C", repository).output.split())

    assert f"Overlaps not checked: the range of aws_subnet.mine ({CUSTOM}:7) is not known." in said


def test_ranges_that_generate_has_not_written_yet_are_judged(repository: Path, run: Run) -> None:
    (repository / CUSTOM).write_text(SUBNET.format('"10.0.128.0/20"'))
    spec = repository / SPEC
    spec.write_text(
        spec.read_text() + '\n[environments.prod.ranges]\ndata = { cidr = "10.0.128.0/24", subnet = true }\n'
    )

    assert overlaps(run, repository, alone=False) == [
        f"{CUSTOM}:3: aws_subnet.mine 10.0.128.0/20 overlaps data 10.0.128.0/24."
    ]


def test_values_that_generate_keeps_are_judged(repository: Path, run: Run) -> None:
    (repository / CUSTOM).write_text(SUBNET.format('cidrsubnet(var.ranges["network"], 4, 7)'))
    values = repository / "environments/prod/terraform.tfvars"
    values.write_text(values.read_text().replace("10.0.0.0/16", "10.9.0.0/16"))
    (repository / "escscaffold.lock").unlink()

    result = run("check", "--json", "-C", repository)

    states = {file["path"]: file["state"] for file in json.loads(result.stdout)["files"]}
    assert states["environments/prod/terraform.tfvars"] == "beside"
    assert overlaps(run, repository, alone=False) == []


GCP_SUBNET = """resource "google_compute_subnetwork" "mine" {
  name          = "mine"
  network       = module.network.network_id
  ip_cidr_range = "10.1.128.0/20"
}
"""


def test_review_finds_a_subnet_that_pods_are_moved_over() -> None:
    ranges = '\n[environments.prod.ranges]\nnodes = "10.0.0.0/20"\npods = "{}"\n'
    old, new = (GKE.format("prod") + ranges.format(pods) for pods in ("10.2.0.0/16", "10.1.0.0/16"))

    def by_kind(before: dict[str, str], after: dict[str, str]) -> tuple[list[str], list[str], list[str]]:
        contents = report_of(before, after).contents
        kinds = (contents.new, contents.existing, contents.fixed)
        new, known, fixed = ([f.message for f in found if f.code == "ESC308"] for found in kinds)
        return new, known, fixed

    overlap = [f"{CUSTOM}:4: google_compute_subnetwork.mine 10.1.128.0/20 overlaps pods 10.1.0.0/16."]
    right, wrong = {SPEC: old, CUSTOM: GCP_SUBNET}, {SPEC: new, CUSTOM: GCP_SUBNET}
    assert by_kind({SPEC: old}, wrong) == (overlap, [], [])
    assert by_kind(right, wrong) == (overlap, [], [])
    assert by_kind({SPEC: old}, right) == ([], [], [])
    assert by_kind(wrong, {**wrong, "environments/prod/other.tf": "locals {}\n"}) == ([], overlap, [])
    assert by_kind(wrong, right) == ([], [], overlap)


def test_another_environment_that_comes_over_a_subnet_is_found() -> None:
    other = GKE.format("next").removeprefix("version = 1\n") + '\n[environments.next.ranges]\npods = "10.1.0.0/16"\n'
    spec = GKE.format("prod") + '\n[environments.prod.ranges]\nnodes = "10.0.0.0/20"\npods = "10.2.0.0/16"\n'

    report = report_of({SPEC: spec, CUSTOM: GCP_SUBNET}, {SPEC: spec + other, CUSTOM: GCP_SUBNET})

    assert [f.message for f in report.contents.new if f.code == "ESC308"] == [
        f"{CUSTOM}:4: google_compute_subnetwork.mine 10.1.128.0/20 overlaps pods 10.1.0.0/16 of next."
    ]


def test_a_kurrent_network_that_environments_share_is_found_once() -> None:
    kurrent = '\n[environments.{}.ranges]\nkurrent = "10.1.128.0/24"\n'
    existing = """
[environments.next.parts]
kurrent-project = "existing"
kurrent-network = "existing"
database = "absent"

[environments.next.existing]
kurrent-project = "prod"
kurrent-network = "prod"
"""
    spec = GKE.format("prod") + kurrent.format("prod")
    spec += GKE.format("next").removeprefix("version = 1\n") + existing + kurrent.format("next")

    contents = report_of({}, {SPEC: spec, CUSTOM: GCP_SUBNET}).contents

    assert [f.message.partition("overlaps ")[2] for f in contents.new if f.code == "ESC308"] == [
        "kurrent 10.1.128.0/24."
    ]


def test_review_says_which_changed_files_declare_what_is_not_known() -> None:
    spec = GKE.format("prod")
    unknown = GCP_SUBNET.replace('"10.1.128.0/20"', "data.http.block.response_body")

    contents = report_of({SPEC: spec}, {SPEC: spec, CUSTOM: unknown}).contents

    reason = "the range of google_compute_subnetwork.mine is not known"
    assert [(u.path, u.line, u.reason) for u in contents.unread] == [(CUSTOM, 4, reason)]
    assert report_of({SPEC: spec, CUSTOM: unknown}, {SPEC: spec + "# a\n", CUSTOM: unknown}).contents.unread == ()


def test_review_names_the_files_over_the_limit_of_what_is_read_for_overlaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escscaffold.jobs.review.Reader", partial(Reader, budget=len(GCP_SUBNET) - 1))
    spec = GKE.format("prod") + '\n[environments.prod.ranges]\nnodes = "10.0.0.0/20"\npods = "{}"\n'

    contents = report_of(
        {SPEC: spec.format("10.2.0.0/16"), CUSTOM: GCP_SUBNET}, {SPEC: spec.format("10.1.0.0/16"), CUSTOM: GCP_SUBNET}
    ).contents

    assert [(u.path, u.reason) for u in contents.unread] == [(CUSTOM, "too many files to check all for overlaps")]
