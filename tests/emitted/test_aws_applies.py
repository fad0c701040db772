"""The real AWS provider applies what escscaffold writes, to an AWS that is nowhere: it comes up, stays and goes.

Each row is applied, planned again and destroyed. Before it goes, some are planned with changes, and what
escscaffold says of each is compared with the plan. They do so at the same time, for the provider waits a lot:
after a VPC and after a subnet it looks away for ten seconds, whatever AWS says. Kurrent Cloud is stood in for,
and so are add-ons and Pod Identity of EKS, which moto does not have.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from escscaffold.clouds.fact_files import load_cloud
from tests.conftest import CheckGolden, Run, Terraform, terraform_in
from tests.emitted.changes import CHANGES, OUT_OF_PRIVATE, REPLACEABLE, changed, compared_change, record_of, take_state
from tests.emitted.guide import GUIDE_VPC, init_flags
from tests.properties import some_of, tries_more
from tests.terraform import real
from tests.terraform.attached import reattaching, schema_providers
from tests.terraform.emulated_aws import EmulatedAws, emulated_aws, instead_of_aws
from tests.terraform.narrowed import narrowed_to_schema
from tests.terraform.root import require
from tests.terraform.schema import schema_folder, schema_of
from tests.terraform.store import Store

REGION = "eu-central-1"
# The emulator's own account, and the role that it lets anybody assume.
ACCOUNT = ["--set", 'account.account_id="123456789012"']
ROLE = ["--set", "account.role_arn=arn:aws:iam::123456789012:role/terraform"]
OTHER_ACCOUNT = 'account={account_id="210987654321"}'
POOL = ["--set", 'node_pools.batch={ nodes_max = 3, pods_per_node = 20, taints = ["dedicated=batch:NoSchedule"] }']
# In one row alone: every cluster of moto has the same issuer.
AUTOSCALER = ["--set", "options.scaling=autoscaler", "--set", "options.irsa=true"]
EXACT = ["--set", "options.snat=false", "--set", "routes=exact"]

# The name of the environment, its mode, and what else is asked for.
ROWS: list[tuple[str, str, list[str]]] = [
    ("public", "eks", REPLACEABLE),
    ("private", "eks", ["--set", "options.nat=single", *ACCOUNT, *ROLE, *AUTOSCALER, *POOL, *REPLACEABLE]),
    ("own-address", "eks-custom", [*EXACT, *REPLACEABLE]),
    ("existing", "aws-existing", ACCOUNT),
    ("auto", "eks-auto", []),
]

PROTECTED = "modules/kurrent-database-protected"

# Most of what the others have is in one of these.
APPLIED = some_of(ROWS, *(row for row in ROWS if row[0] == "private"))

# An environment of an earlier escscaffold, whose files are kept as they were written, and which is brought up to date.
OLDER = "older"
WRITTEN_EARLIER = Path(__file__).with_name("upgrades") / "eks"

# The rows that are planned with changes, and the mode whose record these go into.
CHANGED = {
    name: changed
    for name, *changed in (
        ("public", "eks", CHANGES["eks"]),
        ("private", "eks", OUT_OF_PRIVATE),
        ("own-address", "eks-custom", CHANGES["eks-custom"]),
    )
    if name in [row[0] for row in APPLIED]
}

# What moto does not keep, so that the real provider would make it anew or set it again.
# The tags of a launch template come back as tags of what is launched.
NOT_KEPT = {
    ("aws_eks_cluster", "this"): ["access_config", "compute_config", "storage_config"],
    ("aws_eks_node_group", "this"): ["remote_access", "update_config"],
    ("aws_eks_node_group", "pools"): ["remote_access", "update_config"],
    ("aws_launch_template", "nodes"): ["tag_specifications"],
    ("aws_launch_template", "pools"): ["tag_specifications"],
}


@pytest.fixture
def aws() -> Iterator[EmulatedAws]:
    require(real.find("hashicorp/aws") is not None, f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror")
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    with emulated_aws() as aws:
        # It reads its lists of what there is on the first question, which takes seconds.
        aws.client("ec2", REGION).describe_availability_zones()
        yield aws


def test_every_mode_is_applied_and_destroyed() -> None:
    assert {mode for _, mode, _ in ROWS} == set(load_cloud("aws").modes)


def test_each_comes_up_stays_and_goes(
    aws: EmulatedAws, tmp_path: Path, run: Run, terraform_environment: dict[str, str], check_golden: CheckGolden
) -> None:
    given = Ec2(aws)
    vpc = given.vpc_with_a_route_table()
    before = given.left()
    for name, mode, flags in APPLIED:
        asked = [flag.replace(GUIDE_VPC, vpc) for flag in [*init_flags(mode, name), *flags]]
        written = run("init", tmp_path / name, *asked)
        assert written.exit_code == 0, written.output
        forget(tmp_path / name)
        if (tmp_path / name / PROTECTED).is_dir():
            unprotected = shutil.copytree(tmp_path / name, tmp_path / f"{name} unprotected")
            assert run("set", "-C", unprotected, "database.protected=false").exit_code == 0
    upgraded = up_to_date(tmp_path / OLDER, run)
    words = {}
    for name, (_, changes) in CHANGED.items():
        for number, change in enumerate(changes):
            repository = tmp_path / f"{name} {number}"
            shutil.copytree(tmp_path / name, repository)
            words[repository] = changed(repository, name, change, run)

    names = [*(name for name, _, _ in APPLIED), OLDER]
    with ThreadPoolExecutor(len(names)) as rows:
        told = list(rows.map(lambda name: lives(tmp_path / name, name, aws, terraform_environment), names))

    assert not any(told), "\n".join(told)
    assert given.left() == before
    nothing_is_replaced(tmp_path / OLDER, upgraded, run)
    records: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, (mode, changes) in CHANGED.items():
        for number, change in enumerate(changes):
            repository = tmp_path / f"{name} {number}"
            plan = tmp_path / f"{name} {number}.json"
            records[mode].append(compared_change(tmp_path / name, repository, plan, change, words[repository], run))
    for mode, rows_of_mode in records.items():
        path, text = record_of(mode, rows_of_mode)
        if tries_more():
            check_golden(path, text)
        else:
            assert [row for row in rows_of_mode if row not in json.loads(path.read_text(encoding="utf-8"))] == []


def up_to_date(repository: Path, run: Run) -> Path:
    """Copy the repository that was written earlier, and beside it what `generate` makes of it now."""
    upgraded = repository.with_name(f"{repository.name} 0")
    for folder in (repository, upgraded):
        shutil.copytree(WRITTEN_EARLIER, folder)
    done = run("generate", "-C", upgraded)
    assert done.exit_code == 0, done.output
    forget(repository)
    forget(upgraded)
    return upgraded


def nothing_is_replaced(repository: Path, upgraded: Path, run: Run) -> None:
    """Look into the plan of the upgrade over the state of before, and into the review of the same."""
    plan = json.loads(upgraded.with_name(f"{upgraded.name}.json").read_text(encoding="utf-8"))
    planned = {one["address"]: one["change"]["actions"] for one in plan["resource_changes"]}
    gone = {address: actions for address, actions in planned.items() if "delete" in actions}
    assert gone == {}
    # The node group went from module.kubernetes to module.nodes, in the state alone.
    moved = [(one["previous_address"], one["address"]) for one in plan["resource_changes"] if "previous_address" in one]
    assert moved == [("module.kubernetes.aws_eks_node_group.this", "module.nodes.aws_eks_node_group.this")]

    sides = [side.with_name(f"{side.name}, committed") for side in (repository, upgraded)]
    for folder, side in zip((repository, upgraded), sides, strict=True):
        shutil.copytree(folder, side, ignore=shutil.ignore_patterns("*.tfstate*"))  # local, and ignored by git
    reviewed = run("review", *sides, "--json", "--fail-on", "unknown")
    assert reviewed.exit_code == 0, reviewed.output


def lives(repository: Path, environment: str, aws: EmulatedAws, variables: dict[str, str]) -> str:
    """Apply an environment, plan it again and destroy it; return what is wrong with that."""
    root, store = repository / "environments" / environment, Store(repository / "store", aws.endpoint)
    folder, schema = real.find("hashicorp/aws"), schema_of("hashicorp/aws")
    assert folder is not None
    assert schema is not None
    with ExitStack() as servers:
        # A provider process of its own, for the tags that a provider adds are told to the process.
        provider = servers.enter_context(real.serving(folder, aws.environment))
        instead = instead_of_aws(aws, REGION, schema)
        front = servers.enter_context(narrowed_to_schema(provider, schema, instead))
        stood_in = servers.enter_context(schema_providers(schema_folder(), store))
        terraform = terraform_in(variables | reattaching(dict(stood_in) | front))
        terraform(root, "init", "-input=false")
        terraform(root, "apply", "-auto-approve", "-input=false")
        again = terraform(root, "plan", "-detailed-exitcode", "-input=false", "-no-color", expect=None)
        if environment == "existing":
            other = terraform(root, "plan", "-input=false", "-no-color", "-var", OTHER_ACCOUNT, expect=1)
            assert "AWS account ID not allowed: 123456789012" in other.stderr
        for other in sorted(repository.parent.glob(f"{repository.name} *[0-9]")):
            plan_beside(terraform, root, other / "environments" / environment, other.with_suffix(".json"))
        if (repository / PROTECTED).is_dir():
            refused = terraform(root, "plan", "-destroy", "-input=false", "-refresh=false", "-no-color", expect=1)
            assert "Error: Instance cannot be destroyed" in refused.stderr
            shutil.copytree(repository.with_name(f"{repository.name} unprotected"), repository, dirs_exist_ok=True)
            terraform(root, "get")
        # The plan has just looked at all that is there.
        terraform(root, "destroy", "-auto-approve", "-input=false", "-refresh=false")
    kept = [file.name for file in store.folder.rglob("*.json")]
    changes = again.stdout.rpartition("Refreshing state...")[2] + again.stderr if again.returncode else ""
    return f"{environment}: {changes}\nleft at Kurrent Cloud: {kept}" if changes or kept else ""


def plan_beside(terraform: Terraform, applied: Path, root: Path, told: Path) -> None:
    """Write the plan of a changed root over the state of the one that was applied, as JSON."""
    take_state(applied, root)
    # Another option can call for other modules.
    terraform(root, "get")
    terraform(root, "plan", "-input=false", "-refresh=false", "-out=plan.tfplan")
    told.write_text(terraform(root, "show", "-json", "plan.tfplan").stdout, encoding="utf-8")
    shutil.rmtree(root / ".terraform")
    for name in ("plan.tfplan", "terraform.tfstate", ".terraform.lock.hcl"):
        (root / name).unlink(missing_ok=True)


def forget(repository: Path) -> None:
    """Tell Terraform to leave alone what moto does not keep."""
    for (type_name, name), arguments in NOT_KEPT.items():
        for file in repository.rglob("*.tf"):
            if f'resource "{type_name}" "{name}"' in file.read_text(encoding="utf-8"):
                lifecycle = f"lifecycle {{\n    ignore_changes = [{', '.join(arguments)}]\n  }}"
                text = f'resource "{type_name}" "{name}" {{\n  {lifecycle}\n}}\n'
                file.with_name(f"{type_name}_override.tf").write_text(text, encoding="utf-8")


class Ec2:
    """What is in the emulated AWS, beside what a new account has."""

    def __init__(self, aws: EmulatedAws) -> None:
        self._ec2, self._eks, self._iam = (aws.client(name, REGION) for name in ("ec2", "eks", "iam"))

    def vpc_with_a_route_table(self) -> str:
        """Make the network that exists, as somebody's own Terraform would; return its id."""
        vpc = self._ec2.create_vpc(CidrBlock="172.16.0.0/16")["Vpc"]["VpcId"]
        self._ec2.create_route_table(VpcId=vpc)
        return str(vpc)

    def left(self) -> dict[str, list[str]]:
        """Return what costs money or stands in the way, by kind."""
        ec2, gone = self._ec2, ("deleted", "terminated")
        peerings = ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
        gateways = ec2.describe_nat_gateways()["NatGateways"]
        return {
            "VPCs": sorted(one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]),
            "route tables": sorted(one["RouteTableId"] for one in ec2.describe_route_tables()["RouteTables"]),
            "peerings": [one["VpcPeeringConnectionId"] for one in peerings if one["Status"]["Code"] not in gone],
            "NAT gateways": [one["NatGatewayId"] for one in gateways if one["State"] not in gone],
            "addresses": [one["PublicIp"] for one in ec2.describe_addresses()["Addresses"]],
            "clusters": self._eks.list_clusters()["clusters"],
            "roles": [one["RoleName"] for one in self._iam.list_roles()["Roles"]],
        }
