"""What is found in the JSON of the clouds' own commands.

`listings/` has a file as each command writes it, by hand after the documented form. What is in there is told by
JMESPath, the query language of two of these commands, and by moto, which answers as AWS does.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.scanning.scan_paths import scan_paths
from tests.scanning.conftest import Scanned, cidrs, told

LISTINGS = Path(__file__).with_name("listings")
OWNED = ("network", "subnet", "list")

# By file: what a query finds of each kind.
TRUTH = {
    "gcloud-networks.json": {"network": "[].IPv4Range"},
    "gcloud-subnets.json": {"subnet": "[[].ipCidrRange, [].secondaryIpRanges[].ipCidrRange][]"},
    "gcloud-clusters.json": {
        "subnet": "[[].clusterIpv4Cidr, [].servicesIpv4Cidr, [].privateClusterConfig.masterIpv4CidrBlock, "
        "[].nodePools[].networkConfig.podIpv4CidrBlock][]",
        "rule": "[].masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock",
    },
    "gcloud-internal-ranges.json": {"list": "[].ipCidrRange"},
    "az-vnets.json": {
        "network": "[[].addressSpace.addressPrefixes[], "
        "[].virtualNetworkPeerings[].remoteAddressSpace.addressPrefixes[]][]",
        "subnet": "[[].subnets[].addressPrefix, [].subnets[].addressPrefixes[]][]",
    },
    "az-peerings.json": {"network": "[].remoteVirtualNetworkAddressSpace.addressPrefixes[]"},
    "az-aks.json": {
        "cluster": "[[].networkProfile.podCidr, [].networkProfile.serviceCidr][]",
        "rule": "[].apiServerAccessProfile.authorizedIpRanges[]",
    },
    "esc-networks.json": {"network": "[?status=='available'].cidrBlock"},
    "esc-peerings.json": {"network": "peerings[].networkCidrBlock", "route": "peerings[].routes[]"},
    "aws-ipam-pool-cidrs.json": {"container": "IpamPoolCidrs[?State=='provisioned'].Cidr"},
    "aws-ipam-allocations.json": {
        "container": "IpamPoolAllocations[?ResourceType=='ipam-pool'].Cidr",
        "list": "IpamPoolAllocations[?ResourceType!='ipam-pool'].Cidr",
    },
    "aws-peerings.json": {
        "network": "VpcPeeringConnections[?Status.Code=='active']"
        ".[AccepterVpcInfo,RequesterVpcInfo][].CidrBlockSet[].CidrBlock"
    },
}


@pytest.mark.parametrize("name", TRUTH)
def test_a_query_finds_the_same_ranges(name: str) -> None:
    import jmespath  # type: ignore[import-untyped]

    document = json.loads((LISTINGS / name).read_text())
    # An auto-mode network prints no range, and is the one thing that no query can find.
    ours = [f for f in scan_paths(LISTINGS, [name], load_facts()).blocks if not f.name.endswith("(auto mode)")]

    assert {kind: sorted({str(f.cidr) for f in ours if f.kind == kind}) for kind in {f.kind for f in ours}} == {
        kind: sorted(set(jmespath.search(query, document))) for kind, query in TRUTH[name].items()
    }


def test_every_row_has_name_account_region_and_network() -> None:
    names = ["gcloud-networks.json", "gcloud-subnets.json", "gcloud-clusters.json"]

    rows = [
        (str(f.cidr), f.name, f.account, f.region, f.network) for f in scan_paths(LISTINGS, names, load_facts()).blocks
    ]

    project, london, iowa = "shop-prod", "europe-west2", "us-central1"
    assert sorted(rows) == sorted(
        [
            ("10.128.0.0/9", "default (auto mode)", project, "", ""),
            ("10.240.0.0/16", "legacy", project, "", ""),
            ("10.128.0.0/20", f"default {iowa}", project, iowa, "default"),
            ("10.154.0.0/20", f"default {london}", project, london, "default"),
            ("10.24.0.0/14", f"default {london} gke-shop-pods-0a1b2c3d", project, london, "default"),
            ("10.28.0.0/20", f"default {london} gke-shop-services-0a1b2c3d", project, london, "default"),
            ("10.2.0.0/22", "vpc-shared apps", project, london, "vpc-shared"),
            ("10.24.0.0/14", "default shop pods", project, london, "default"),
            ("10.28.0.0/20", "default shop services", project, london, "default"),
            ("172.16.0.32/28", "default shop control plane", project, london, "default"),
            ("10.8.0.0/16", "default shop office", project, london, "default"),
            ("10.120.0.0/14", "default legacy-routes pods", project, iowa, "default"),
            ("10.123.240.0/20", "default legacy-routes services", project, iowa, "default"),
        ]
    )


def test_what_else_a_command_printed_is_kept() -> None:
    peerings = [r for r in scan_paths(LISTINGS, ["."], load_facts()).resources if "peering" in r.what]

    assert [(r.what, r.name, r.network, r.source) for r in peerings] == [
        ("peering", "kurrent", "vpc-0aaa", "aws-peerings.json"),
        ("peering", "to-kurrent", "vnet-spoke", "az-peerings.json"),
        ("peering", "to-spoke", "vnet-hub", "az-vnets.json"),
        ("Kurrent peering", "shop to default", "shop", "esc-peerings.json"),
        ("peering", "kurrent", "default", "gcloud-networks.json"),
    ]
    assert peerings[-1].document["exportCustomRoutes"] is False
    assert peerings[-2].document["peerNetworkId"] == "default"


def test_answers_that_stand_one_behind_the_other_are_read() -> None:
    scan = scan_paths(LISTINGS, ["aws-eks-clusters.json"], load_facts())

    assert {(str(f.cidr), f.kind, f.name, f.account, f.region) for f in scan.blocks if f.kind != "rule"} == {
        ("172.20.0.0/16", "cluster", "vpc-0aaa shop services", "111122223333", "eu-central-1"),
        ("10.201.0.0/16", "network", "vpc-0aaa shop remote nodes", "111122223333", "eu-central-1"),
        ("10.202.0.0/16", "network", "vpc-0aaa shop remote pods", "111122223333", "eu-central-1"),
        ("10.100.0.0/16", "cluster", "vpc-0bbb lab services", "111122223333", "eu-west-1"),
    }


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What five commands print of an account with two networks, a peering and a cluster."""
    # They take a second to import, which each worker would need to find the tests.
    import boto3  # type: ignore[import-untyped]
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        ec2 = boto3.client("ec2", "eu-central-1")
        eks = boto3.client("eks", "eu-central-1")
        hub = ec2.create_vpc(
            CidrBlock="10.20.0.0/16",
            TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "hub"}]}],
        )["Vpc"]["VpcId"]
        further = ec2.associate_vpc_cidr_block(VpcId=hub, CidrBlock="10.21.0.0/16")
        gone = ec2.associate_vpc_cidr_block(VpcId=hub, CidrBlock="10.22.0.0/16")["CidrBlockAssociation"]
        ec2.disassociate_vpc_cidr_block(AssociationId=gone["AssociationId"])
        spoke = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
        assert further["VpcId"] == hub
        subnets = [
            ec2.create_subnet(VpcId=hub, CidrBlock=f"10.20.{n}.0/24", AvailabilityZone=f"eu-central-1{zone}")["Subnet"]
            for n, zone in enumerate("ab")
        ]
        ec2.create_tags(Resources=[subnets[0]["SubnetId"]], Tags=[{"Key": "Name", "Value": "private a"}])
        peering = ec2.create_vpc_peering_connection(VpcId=hub, PeerVpcId=spoke)["VpcPeeringConnection"]
        peering_id = peering["VpcPeeringConnectionId"]
        ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering_id)
        table = ec2.create_route_table(VpcId=hub)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.30.0.0/16", VpcPeeringConnectionId=peering_id)
        eks.create_cluster(
            name="shop",
            roleArn="arn:aws:iam::123456789012:role/eks",
            resourcesVpcConfig={"subnetIds": [s["SubnetId"] for s in subnets]},
            kubernetesNetworkConfig={"serviceIpv4Cidr": "172.20.0.0/16"},
        )
        answers = {
            "vpcs": ec2.describe_vpcs(VpcIds=[hub, spoke]),
            "subnets": ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [hub]}]),
            "tables": ec2.describe_route_tables(RouteTableIds=[table]),
            "peerings": ec2.describe_vpc_peering_connections(),
            "cluster": eks.describe_cluster(name="shop"),
        }
    for answer in answers.values():
        answer.pop("ResponseMetadata")
    return {"hub": hub, "spoke": spoke, "subnet": subnets[1]["SubnetId"], "table": table, **answers}


def test_an_account_at_aws_is_read_whole(account: dict[str, Any], scanned: Scanned) -> None:
    commands = ("vpcs", "subnets", "tables", "peerings", "cluster")

    scan = scanned({f"{name}.json": json.dumps(account[name], default=str, indent=4) for name in commands})

    spoke, subnet, table = account["spoke"], account["subnet"], account["table"]
    routes = account["tables"]["RouteTables"][0]["Routes"]
    assert "10.30.0.0/16" in {route["DestinationCidrBlock"] for route in routes}
    assert scan.broken == []
    assert sorted(told(scan)) == sorted(
        [
            ("10.20.0.0/16", "network", "hub", "vpcs.json"),
            ("10.21.0.0/16", "network", "hub", "vpcs.json"),
            ("10.30.0.0/16", "network", spoke, "vpcs.json"),
            ("10.20.0.0/24", "subnet", "hub private a", "subnets.json"),
            ("10.20.1.0/24", "subnet", f"hub {subnet}", "subnets.json"),
            *((route["DestinationCidrBlock"], "route", f"hub {table}", "tables.json") for route in routes),
            ("172.20.0.0/16", "cluster", "shop services", "cluster.json"),
        ]
    )
    regions = {f.name: (f.account, f.region) for f in scan.blocks if f.kind in OWNED}
    assert regions["hub"] == regions["hub private a"] == ("123456789012", "eu-central-1")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (
            "name: apps\nregion: europe-west2\nipCidrRange: 10.2.0.0/22\nnetwork: x\n",
            "gcloud compute networks subnets list",
        ),
        ("addressSpace:\n  addressPrefixes: [10.1.0.0/16]\nname: vnet-hub\n", "az network vnet list --output json"),
        ("ip_cidr_range: 10.55.0.0/24\n", "aws ec2 describe-vpcs --output json"),
        ("a: [\n", "az network vnet list"),
    ],
    ids=["gcloud", "az", "something", "broken"],
)
def test_yaml_is_refused_with_the_command_that_prints_json(text: str, command: str, scanned: Scanned) -> None:
    (broken,) = scanned({"x.yaml": text}, "x.yaml").broken

    assert broken.message.startswith("YAML is not read here.")
    assert command in broken.message


@pytest.mark.parametrize("document", [{"vpcs": [{"name": "x", "ip_range": "10.10.10.0/24"}]}, {}, [1], [[]]])
def test_other_json_is_refused_with_commands_that_would_do(document: object, scanned: Scanned) -> None:
    (broken,) = scanned({"x.json": json.dumps(document)}, "x.json").broken

    assert "unknown JSON: not from `terraform show -json` or a cloud's command. For supported JSON" in broken.message
    assert "aws ec2 describe-vpcs --output json" in broken.message
    assert "terraform show -json" in broken.message


@pytest.mark.parametrize("text", ["[]", '{"Vpcs": []}', '{"networks": []}'])
def test_a_command_that_had_nothing_to_print_is_no_error(text: str, scanned: Scanned) -> None:
    scan = scanned({"x.json": text}, "x.json")

    assert (scan.blocks, scan.broken) == ([], [])


def test_entries_of_another_form_are_told(scanned: Scanned) -> None:
    good = {"VpcId": "vpc-1", "CidrBlock": "10.8.0.0/16"}

    scan = scanned({"x.json": json.dumps({"Vpcs": [good, {"Id": 1}]})}, "x.json")

    assert cidrs(scan) == ["10.8.0.0/16"]
    assert [b.message for b in scan.broken] == ["1 of 2 entries lack the keys that a cloud's command prints"]


@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, [None], [[]], [{}], {"a": 1}, "10.0.0.0/8", True])
def test_a_listing_of_another_shape_is_no_crash(odd: object, scanned: Scanned) -> None:
    for document in (
        {"Vpcs": odd},
        [{"VpcId": odd, "CidrBlock": odd, "Tags": odd, "CidrBlockAssociationSet": odd}],
        [{"addressSpace": {"addressPrefixes": odd}, "subnets": odd, "name": odd, "properties": odd}],
        [{"kind": "compute#network", "selfLink": odd, "peerings": odd, "autoCreateSubnetworks": odd}],
        [{"agentPoolProfiles": odd, "networkProfile": odd}],
        {"peerings": [{"routes": odd, "networkId": odd, "peerNetworkRegion": odd, "description": odd}]},
    ):
        scan = scanned({"a.json": json.dumps(document)}, "a.json")
        assert all(f.name for f in scan.blocks)


def test_a_folder_of_answers_is_read_and_other_json_is_left_alone(scanned: Scanned) -> None:
    files = {f"aws/{name}": (LISTINGS / name).read_text() for name in ("gcloud-subnets.json", "az-vnets.json")}

    scan = scanned({**files, "package.json": '{"name": "x", "version": "1.0.0"}'})

    assert (scan.files, scan.broken) == (2, [])
    assert "10.1.0.0/16" in cidrs(scan)
