"""The real terraform where the Kurrent project or network of an environment exists already."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Run, Terraform
from tests.emitted.guide import init_flags, sets, write
from tests.emitted.judging import assert_noticed, judge

PROJECT = ["parts.kurrent-project=existing", "existing.kurrent-project=shared"]
NETWORK = [*PROJECT, "parts.kurrent-network=existing", "existing.kurrent-network=shared"]
LOOKED_UP = {"nothing": [], "the project": PROJECT, "the network": NETWORK}


def test_a_network_with_another_range_stops_the_plan(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    root = write(run, tmp_path / "network", "gke-standard", NETWORK)
    terraform(root, "init")

    # The stand-in for the provider makes up the range of whatever is looked up.
    told = terraform(root, "plan", "-no-color", "-input=false", expect=1)

    words = re.sub(r"[\s│╷╵]+", " ", told.stderr)
    assert 'The Kurrent network "shared" has the range' in words
    assert "the plan has 172.22.110.0/24" in words


def test_a_second_environment_is_peered_with_the_network_of_the_first(
    tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    repository = tmp_path / "network"
    run("init", repository, *init_flags("eks", "prod"))
    second = ["--mode", "aws-existing", "--region", "eu-central-1", "--range", "kurrent=172.29.98.0/24"]
    second += ["--range", "vpc=172.18.0.0/16", "--yes"]
    settings = ["existing.network=vpc-0a1b2c3d4e5f60718", "parts.database=absent", "existing.kurrent-project=prod"]
    settings += ["existing.kurrent-network=prod", "parts.kurrent-project=existing", "parts.kurrent-network=existing"]
    added = run("add", "jobs", "-C", repository, *second, *sets(settings))
    assert added.exit_code == 0, added.output

    for name in ("prod", "jobs"):
        assert "Success!" in judge(terraform, repository, name, "addresses")
    text = (repository / "environments/jobs/terraform.tfvars").read_text()
    assert '  kurrent-network = "prod"\n' in text
    assert 'remote = ["172.18.0.0/16"]' in text


def test_a_name_never_becomes_an_expression(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    name = 'a ${1 + 1} "b" %{if true}\\'
    flags = [*init_flags("gcp-existing"), "--range", "for=172.28.0.0/16", "--range", "null=172.29.0.0/16"]
    settings = ["parts.kurrent-project=existing", f"existing.kurrent-project={name}"]
    done = run("init", tmp_path / "network", *flags, *sets(settings))
    assert done.exit_code == 0, done.output
    root = tmp_path / "network/environments/prod"

    assert "Success!" in judge(terraform, tmp_path / "network", "prod", "addresses")
    terraform(root, "init", "-backend=false")
    asked = json.dumps(name).replace("${", "$${").replace("%{", "%%{")
    given = (root / "tests/addresses.tftest.hcl").read_text().partition("\nrun ")[0]
    (root / "tests/name.tftest.hcl").write_text(f"""{given}
run "it_is_what_was_typed" {{
  assert {{
    condition     = var.existing.kurrent-project == {asked}
    error_message = "It is not."
  }}
}}
""")
    assert "Success!" in terraform(root, "test", "-filter=tests/name.tftest.hcl").stdout


# What is done to the emitted files: the mode, what is looked up, the file, what it says, what it says instead, and
# the test file that notices, with its word.
TESTS_NOTICE = {
    "a looked-up network of any range": (
        *("aws-existing", "the network", "modules/kurrent-network-existing/outputs.tf"),
        *(".cidr_block == var.cidr_block", ".cidr_block != null"),
        *("kurrent_network", "a_network_with_another_range_is_refused"),
    ),
    "a looked-up network on any cloud": (
        *("aws-existing", "the network", "modules/kurrent-network-existing/outputs.tf"),
        *(".resource_provider == var.resource_provider", ".resource_provider != null"),
        *("kurrent_network", "a_network_on_another_cloud_is_refused"),
    ),
    "a network of another project": (
        *("aws-existing", "the project", "modules/kurrent-network-in-project/network.tf"),
        *("data.kurrentcloud_project.this.id", "var.project_name"),
        *("kurrent_project", "another project than the one that is looked up"),
    ),
    "a database in another network": (
        *("aws-existing", "nothing", "modules/kurrent-database-protected/database.tf"),
        *("var.network.network_id", "var.network.project_id"),
        *("connection_string", "is in the wrong Kurrent network"),
    ),
    "a range that the VPC does not hold": (
        *("aws-existing", "nothing", "modules/aws-network-existing/outputs.tf"),
        *("length(local.ranges_outside) == 0", "length(local.ranges_outside) >= 0"),
        *("network", "a_range_outside_the_vpc_is_refused"),
    ),
    "a block that the VPC gave up": (
        *("aws-existing", "nothing", "modules/aws-network-existing/vpc.tf"),
        *(' if block.state == "associated"', ""),
        *("network", "a_block_that_the_vpc_gave_up_holds_nothing"),
    ),
    "a route table that is forgotten": (
        *("aws-existing", "nothing", "modules/aws-network-existing/outputs.tf"),
        *("for id in local.chosen_route_tables :", "for id in slice(local.chosen_route_tables, 0, 1) :"),
        *("addresses", "A route table has no route to the Kurrent network"),
    ),
    "a range that no subnet has": (
        *("gcp-existing", "nothing", "modules/gcp-network-existing/subnetworks.tf"),
        *("length(local.ranges_outside) == 0", "length(local.ranges_outside) >= 0"),
        *("network", "a_range_of_no_subnet_is_warned_of"),
    ),
    "secondary ranges that do not count": (
        *("gcp-existing", "nothing", "modules/gcp-network-existing/subnetworks.tf"),
        *(", subnetwork.secondary_ip_range[*].ip_cidr_range", ""),
        *("network", "No subnet of vpc-shared contains pods"),
    ),
    "a range that the VNet does not hold": (
        *("azure-existing", "nothing", "modules/azure-network-existing/outputs.tf"),
        *("length(local.ranges_outside) == 0", "length(local.ranges_outside) >= 0"),
        *("network", "a_range_outside_the_vnet_is_refused"),
    ),
    "a VNet whose IPv6 ranges are taken for IPv4": (
        *("azure-existing", "nothing", "modules/azure-network-existing/virtual_network.tf"),
        *(" if can(cidrnetmask(cidr))", ""),
        *("network", "ranges_in_the_address_space_are_taken"),
    ),
    "a peering that does not wait for the role": (
        *("azure-existing", "nothing", "environments/prod/main.tf"),
        *("= module.network.virtual_network_id", '= replace(module.network.virtual_network_id, "mock", "other")'),
        *("addresses", "Kurrent Cloud's role is not assigned on the VNet"),
    ),
}


@pytest.mark.parametrize("what", TESTS_NOTICE)
def test_the_emitted_tests_notice(what: str, tmp_path: Path, run: Run, terraform_itself: Terraform) -> None:
    mode, looked_up, *change = TESTS_NOTICE[what]
    write(run, tmp_path / "network", mode, LOOKED_UP[looked_up])

    assert_noticed(terraform_itself, tmp_path / "network", *change)
