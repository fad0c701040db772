"""Kurrent's half of a peering, as the cloud shows it: made-up names, or at an emulated AWS a real request.

It decides what a peering's `provider_metadata` holds. At AWS, Kurrent's network is a VPC of its own with the
range that the Kurrent network has.
"""

from typing import Any

from tests.terraform.store import Store
from tests.terraform.values import Value

# https://docs.kurrent.io/cloud/getting-started/private-access/gcp.html: Kurrent's project in Google Cloud.
GCP_PROJECT = "estenant-example"


def meet(network: Value, peering: Value, store: Store) -> dict[str, str]:
    """Ask the other network for a peering, and return what identifies it there."""
    match network["resource_provider"]:
        case "aws":
            asked = _ask_aws(network, peering, store) if store.aws_endpoint else f"pcx-0{peering['id'][:16]}"
            return {"aws_peering_link_id": asked}
        case "gcp":
            of = f"projects/{GCP_PROJECT}/global/networks/{network['id']}"
            return {"gcp_project_id": GCP_PROJECT, "gcp_network_name": network["id"], "gcp_network_id": of}
        case _:
            return {}


def part(peering: Value, store: Store) -> None:
    """Take the request back, and with it Kurrent's own VPC."""
    asked = peering["provider_metadata"].get("aws_peering_link_id")
    if not (asked and store.aws_endpoint):
        return
    ec2 = _ec2(peering["peer_network_region"], store)
    (found,) = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[asked])["VpcPeeringConnections"]
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=asked)
    ec2.delete_vpc(VpcId=found["RequesterVpcInfo"]["VpcId"])


def _ask_aws(network: Value, peering: Value, store: Store) -> str:
    ec2 = _ec2(network["region"], store)
    own = ec2.create_vpc(CidrBlock=network["cidr_block"])["Vpc"]["VpcId"]
    asked = ec2.create_vpc_peering_connection(
        VpcId=own,
        PeerVpcId=peering["peer_network_id"],
        PeerOwnerId=peering["peer_account_id"],
        PeerRegion=peering["peer_network_region"],
    )
    return str(asked["VpcPeeringConnection"]["VpcPeeringConnectionId"])


def _ec2(region: str, store: Store) -> Any:
    import boto3  # type: ignore[import-untyped]

    keys = {"aws_access_key_id": "example", "aws_secret_access_key": "example"}
    return boto3.client("ec2", region_name=region, endpoint_url=store.aws_endpoint, **keys)
