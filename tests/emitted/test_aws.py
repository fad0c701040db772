"""The real terraform on EKS behind NAT gateways, in a VPC that exists, and with a cluster that exists or none."""

import re
from pathlib import Path

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import init_flags, sets, write
from tests.emitted.judging import assert_noticed

VPC = ["parts.network=existing", "existing.network=vpc-0a1b2c3d4e5f60718"]
CLUSTER = ["parts.kubernetes=existing", "existing.kubernetes=shared"]
OWN_ADDRESS = ["options.snat=false", "routes=exact"]


# What is done: what is chosen, the file, what it says, what it says instead, the tests that notice, and their word.
TESTS_NOTICE = {
    "a zone of private nodes without the route to the database": (
        *(["options.nat=per-zone"], "modules/aws-network-private/outputs.tf"),
        *("name => table.id }", 'name => table.id if name != "nodes-2" }'),
        *("addresses", "A route table has no route to the Kurrent network"),
    ),
    "zones that go out by each other": (
        *(["options.nat=per-zone"], "modules/aws-network-private/routes.tf"),
        *("[var.nat_subnets[each.key]]", '[var.nat_subnets[each.key == "nodes-1" ? "nodes-2" : "nodes-1"]]'),
        *("routes", "The nodes of a zone use the wrong NAT gateway"),
    ),
    "a NAT gateway in a private subnet": (
        *(["options.nat=single"], "modules/aws-network-private/nat_gateways.tf"),
        *("aws_subnet.public[each.key].id", 'aws_subnet.nodes[replace(each.key, "public-", "nodes-")].id'),
        *("routes", "A NAT gateway is not in the public subnet of its name"),
    ),
    "private nodes with public addresses": (
        *(["options.nat=single"], "modules/aws-network-private/subnets.tf"),
        *("\n  tags = {", "\n  map_public_ip_on_launch = true\n\n  tags = {"),
        *("routes", "A node gets a public address"),
    ),
    "an existing VPC of any range": (
        *(VPC, "modules/aws-subnets-existing/outputs.tf"),
        *("contains(local.vpc_cidr_blocks, var.cidr_block)", "length(local.vpc_cidr_blocks) > 0"),
        *("routes", "a_vpc_with_another_range_is_refused"),
    ),
    "an existing cluster in any VPC": (
        *([*VPC, *CLUSTER], "modules/eks-existing/outputs.tf"),
        *(".vpc_config[0].vpc_id == var.vpc_id", '.vpc_config[0].vpc_id != ""'),
        *("routes", "a_cluster_in_another_vpc_is_refused"),
    ),
    "services anywhere": (
        *([], "environments/prod/variables.tf"),
        *('["kurrent", "network", "services"],', '["kurrent", "network"],'),
        *("ranges", "services_over_the_vpc_are_refused"),
    ),
}


@pytest.mark.parametrize("what", TESTS_NOTICE)
def test_the_emitted_tests_notice(what: str, tmp_path: Path, run: Run, terraform_itself: Terraform) -> None:
    settings, *change = TESTS_NOTICE[what]
    services = ["--range", "services=172.20.0.0/16"] if CLUSTER[0] in settings else []
    write(run, tmp_path / "network", "eks", settings, *services)

    assert_noticed(terraform_itself, tmp_path / "network", *change)


def test_pods_of_private_nodes_have_no_nat_gateways_of_their_own(tmp_path: Path, run: Run) -> None:
    write(run, tmp_path / "network", "eks-custom", [*OWN_ADDRESS, "options.nat=single"])

    written = {folder.name for folder in (tmp_path / "network/modules").iterdir() if folder.is_dir()}

    assert {"aws-network-private", "aws-pod-routes"} <= written
    assert not {"aws-network", "aws-pod-nat"} & written


def test_a_way_out_of_a_network_that_exists_is_refused(tmp_path: Path, run: Run) -> None:
    done = run("init", tmp_path / "network", *init_flags("eks"), *sets([*VPC, "options.nat=single"]))

    assert done.exit_code == 2
    assert "nat applies only to a network created here" in done.output


def test_a_third_zone_has_a_public_subnet_as_well(run: Run) -> None:
    flags = ["--range", "nodes-3=/20", "--set", "options.nat=per-zone"]

    shown = run("plan", *init_flags("eks")[:-1], *flags).output

    assert re.findall(r"^(public-\d)", shown, re.MULTILINE) == ["public-1", "public-2", "public-3"]


def test_a_cluster_that_is_made_no_more_is_told(tmp_path: Path, run: Run) -> None:
    write(run, tmp_path, "eks", [])

    spec = tmp_path / "escscaffold.toml"
    spec.write_text(f'{spec.read_text()}\n[environments.prod.parts]\nkubernetes = "absent"\n')
    told = run("generate", "-C", tmp_path)

    assert told.exit_code == 5
    assert "the cluster" in told.output


def test_a_key_for_secrets_can_be_set_but_not_taken_off(tmp_path: Path, run: Run) -> None:
    key = 'secrets_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"\n'
    write(run, tmp_path, "eks", [])
    spec = tmp_path / "escscaffold.toml"
    before = spec.read_text()

    spec.write_text(f"{before}\n[environments.prod.kubernetes]\n{key}")
    assert run("generate", "-C", tmp_path).exit_code == 0

    spec.write_text(before)
    assert run("generate", "-C", tmp_path).exit_code == 5


# Written here and not with the environment: OpenTofu makes up what a mock answers in the plan already, where a failure
# that is expected of the apply is none.
PENDING = """
mock_provider "aws" {
  mock_resource "aws_vpc_peering_connection_accepter" {
    defaults = {
      accept_status = "pending-acceptance"
    }
  }
}

run "a_peering_that_is_not_active_is_refused" {
  module {
    source = "../../modules/aws-peering"
  }

  variables {
    kurrent_cidr    = "172.29.98.0/24"
    name            = "prod"
    peering_link_id = "pcx-0123456789abcdef0"
    route_table_ids = { main = "rtb-0123456789abcdef0" }
  }

  expect_failures = [aws_vpc_peering_connection_accepter.this]
}
"""


def test_a_peering_that_is_not_active_stops_the_apply(tmp_path: Path, run: Run, terraform_itself: Terraform) -> None:
    root = write(run, tmp_path / "network", "aws-existing", [])
    (root / "tests/pending.tftest.hcl").write_text(PENDING)
    terraform_itself(root, "init", "-backend=false")

    assert "1 passed, 0 failed" in terraform_itself(root, "test", "-filter=tests/pending.tftest.hcl").stdout
