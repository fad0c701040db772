"""A peering that exists is adopted, and the first plan creates nothing that exists: said by the real terraform.

On AWS the real provider asks an emulated AWS; Google and Kurrent Cloud are stood in for.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run, Terraform, terraform_in
from tests.properties import in_full
from tests.terraform import real
from tests.terraform.attached import reattaching, schema_providers
from tests.terraform.emulated_aws import EmulatedAws, emulated_aws, instead_of_aws
from tests.terraform.narrowed import narrowed_to_schema
from tests.terraform.root import require
from tests.terraform.schema import schema_folder, schema_of
from tests.terraform.store import Store

REGION = "eu-central-1"

# As somebody wrote it by hand: the peering routes to the first subnet alone.
OLD_AWS = """\
terraform {{
  required_providers {{
    aws          = {{ source = "hashicorp/aws" }}
    kurrentcloud = {{ source = "kurrent-io/kurrentcloud" }}
  }}
}}

provider "aws" {{
  region = "eu-central-1"
}}

data "aws_vpc" "main" {{
  id = "{vpc}"
}}

data "aws_subnet" "a" {{
  id = "{first}"
}}

data "aws_subnet" "b" {{
  id = "{second}"
}}

resource "kurrentcloud_project" "main" {{
  name = "shop"
}}

resource "kurrentcloud_network" "main" {{
  name              = "events"
  project_id        = kurrentcloud_project.main.id
  resource_provider = "aws"
  region            = "eu-central-1"
  cidr_block        = "172.29.98.0/24"
}}

resource "kurrentcloud_peering" "main" {{
  name                   = "prod"
  project_id             = kurrentcloud_project.main.id
  network_id             = kurrentcloud_network.main.id
  peer_resource_provider = kurrentcloud_network.main.resource_provider
  peer_network_region    = "eu-central-1"
  peer_account_id        = data.aws_vpc.main.owner_id
  peer_network_id        = data.aws_vpc.main.id
  routes                 = {routes}
}}

resource "aws_vpc_peering_connection_accepter" "kurrent" {{
  vpc_peering_connection_id = kurrentcloud_peering.main.provider_metadata["aws_peering_link_id"]
  auto_accept               = true
}}

resource "aws_route" "kurrent" {{
  route_table_id            = "{table}"
  destination_cidr_block    = "172.29.98.0/24"
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.kurrent.id
}}

resource "aws_route" "main" {{
  route_table_id            = "{main}"
  destination_cidr_block    = "172.29.98.0/24"
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.kurrent.id
}}
"""


@pytest.fixture(scope="module")
def aws() -> Iterator[EmulatedAws]:
    require(real.find("hashicorp/aws") is not None, f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror")
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    with emulated_aws() as aws:
        yield aws


@pytest.fixture
def at_aws(aws: EmulatedAws, tmp_path: Path, terraform_environment: dict[str, str]) -> Iterator[Terraform]:
    """Run terraform with the real AWS provider and a Kurrent Cloud that opens its peerings at the emulated AWS."""
    folder, schema = real.find("hashicorp/aws"), schema_of("hashicorp/aws")
    assert folder is not None
    assert schema is not None
    with ExitStack() as servers:
        provider = servers.enter_context(real.serving(folder, aws.environment))
        front = servers.enter_context(narrowed_to_schema(provider, schema, instead_of_aws(aws, REGION, schema)))
        store = Store(tmp_path / "store", aws.endpoint)
        stood_in = servers.enter_context(schema_providers(schema_folder(), store))
        yield terraform_in(terraform_environment | reattaching(dict(stood_in) | front))


def network_at(aws: EmulatedAws) -> dict[str, str]:
    """Make a VPC with two subnets and a route table besides its main one; return their ids."""
    ec2 = aws.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    first, second = (
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"] for cidr in ("10.40.0.0/18", "10.40.64.0/18")
    )
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    (main,) = (one["RouteTableId"] for one in tables if one["RouteTableId"] != table)
    return {"vpc": vpc, "first": first, "second": second, "table": table, "main": main}


def peered(aws: EmulatedAws, at_aws: Terraform, folder: Path, routes: str) -> dict[str, str]:
    """Make a network and apply a configuration that peers it with these routes; return the network's ids."""
    given = network_at(aws)
    folder.mkdir()
    (folder / "main.tf").write_text(OLD_AWS.format(**given, routes=routes))
    at_aws(folder, "init", "-input=false")
    at_aws(folder, "apply", "-auto-approve", "-input=false")
    return given


def planned(terraform: Terraform, root: Path) -> dict[str, tuple[list[str], bool]]:
    """What a plan does to each resource, and whether it imports it."""
    terraform(root, "init", "-input=false")
    terraform(root, "plan", "-input=false", "-out=plan.tfplan")
    plan = json.loads(terraform(root, "show", "-json", "plan.tfplan").stdout)
    changes = {one["address"]: one["change"] for one in plan["resource_changes"] if one["mode"] == "managed"}
    return {address: (change["actions"], "importing" in change) for address, change in changes.items()}


def adopted(run: Run, folder: Path, *more: str) -> Path:
    result = run("adopt", "-C", folder, "old", "--to", "net", "--environment", "prod", "--yes", *more)
    assert result.exit_code == 0, result.output
    return folder / "net/environments/prod"


def test_at_aws_a_peering_with_the_right_routes_is_taken_over_as_it_is(
    aws: EmulatedAws, at_aws: Terraform, tmp_path: Path, run: Run
) -> None:
    routes = "[data.aws_subnet.a.cidr_block, data.aws_subnet.b.cidr_block]"
    given = peered(aws, at_aws, tmp_path / "old", routes)

    root = adopted(run, tmp_path)
    assert run("check", "-C", tmp_path / "net").exit_code == 0

    changes = planned(at_aws, root)
    assert {actions for actions, _ in changes.values() for actions in [tuple(actions)]} <= {("no-op",), ("update",)}
    assert all(imports for _, imports in changes.values())
    assert sorted(changes) == sorted(
        [
            "module.kurrent_peering.kurrentcloud_peering.this",
            "module.peering.aws_vpc_peering_connection_accepter.this",
            f'module.peering.aws_route.kurrent["{given["table"]}"]',
            f'module.peering.aws_route.kurrent["{given["main"]}"]',
        ]
    )
    at_aws(tmp_path / "net", "fmt", "-check", "-recursive", "-diff")


def test_at_aws_a_peering_with_too_few_routes_is_replaced_and_nothing_is_made_twice(
    aws: EmulatedAws, at_aws: Terraform, tmp_path: Path, run: Run
) -> None:
    given = peered(aws, at_aws, tmp_path / "old", '["10.40.0.0/18"]')

    root = adopted(run, tmp_path)

    changes = planned(at_aws, root)
    assert all(imports for _, imports in changes.values()), changes
    assert changes["module.kurrent_peering.kurrentcloud_peering.this"][0] == ["delete", "create"]
    assert 'remote = ["10.40.0.0/18", "10.40.64.0/18"]' in (tmp_path / "net/escscaffold.toml").read_text()
    # As its README says: the old state forgets, then the new one is applied.
    readme = (tmp_path / "net/README.md").read_text().partition("escscaffold:end")[2]
    assert "terraform -chdir=old state rm kurrentcloud_peering.main" in readme
    assert "Its routes change from 10.40.0.0/18 to 10.40.0.0/18, 10.40.64.0/18" in readme
    wanted = ["aws_vpc_peering_connection_accepter.kurrent", "aws_route.kurrent", "aws_route.main"]
    at_aws(tmp_path / "old", "state", "rm", "kurrentcloud_peering.main", *wanted)
    at_aws(root, "apply", "-auto-approve", "-input=false", "plan.tfplan")
    (root / "imports.tf").unlink()
    again = planned(at_aws, root)
    assert {tuple(actions) for actions, _ in again.values()} == {("no-op",)}
    ec2 = aws.client("ec2", REGION)
    links = ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    active = [one for one in links if given["vpc"] == one["AccepterVpcInfo"]["VpcId"] and _is_active(one)]
    assert len(active) == 1


@in_full
def test_the_emitted_tests_hold_with_import_blocks(
    aws: EmulatedAws, at_aws: Terraform, terraform: Terraform, tmp_path: Path, run: Run
) -> None:
    peered(aws, at_aws, tmp_path / "old", '["10.40.0.0/18"]')
    root = adopted(run, tmp_path)
    terraform(root, "init", "-backend=false")

    assert "Success!" in terraform(root, "test", "-filter=tests/addresses.tftest.hcl").stdout


def _is_active(link: dict[str, Any]) -> bool:
    return bool(link["Status"]["Code"] == "active")
