"""Makes up what AWS would have answered for a resource that was never created.

It decides what a value that only AWS can know looks like: an ARN where a name ends in `arn`, an account where one is
meant. It does not know which resource it is for.
"""

import hashlib
from typing import Any

from tests.terraform.schema import Json
from tests.terraform.values import Value, encode, is_unknown, with_changed, with_made_up

ACCOUNT = "123456789012"
REGION = "eu-central-1"
ZONES = [f"{REGION}{letter}" for letter in "abc"]

_AS_IT_IS = {"owner_id": ACCOUNT, "account_id": ACCOUNT, "region": REGION, "availability_zone": ZONES[0]}
_OF_TYPES: dict[tuple[str, str], Value] = {
    ("aws_dynamodb_table", "read_capacity"): 0,
    ("aws_dynamodb_table", "write_capacity"): 0,
    ("aws_dynamodb_table", "stream_view_type"): "",
    ("aws_eks_cluster", "identity"): [{"oidc": [{"issuer": f"https://oidc.eks.{REGION}.amazonaws.com/id/EXAMPLE"}]}],
    ("aws_launch_template", "id"): "lt-0123456789abcdef0",
    ("aws_lb_target_group", "ip_address_type"): "ipv4",
    ("aws_lb_target_group", "protocol_version"): "HTTP1",
    ("aws_vpc_peering_connection_accepter", "accept_status"): "active",
    ("aws_sns_topic", "fifo_throughput_scope"): "",
}
"""What the provider, or a postcondition, looks at when a change is planned."""
_LOOKED_UP: dict[str, dict[str, Value]] = {
    "aws_availability_zones": {"names": ZONES, "zone_ids": ["euc1-az2", "euc1-az3", "euc1-az1"]},
    "aws_caller_identity": {"account_id": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/example"},
    "aws_eks_addon_version": {"version": "v1.19.0-eksbuild.1"},
}
ANSWERED_BY_THE_PROVIDER = {"aws_iam_policy_document", "aws_partition", "aws_region", "aws_service_principal"}
"""Data sources for which the provider asks nobody."""


def created(type_name: str, block: Json, planned: Value) -> Value:
    """Return a planned resource as it would be after the apply, the same each time."""
    seed = type_name.encode() + encode(planned)
    return with_made_up(block, _likely(type_name, block, _with_known_blocks(block, planned), seed), seed)


def looked_up(type_name: str, block: Json, unknown: Value, configured: Value) -> Value:
    """Return what a data source finds; `unknown` is its configuration with what is computed left unknown."""
    seed = type_name.encode() + encode(configured)
    return with_made_up(block, _likely(type_name, block, unknown, seed), seed) | _LOOKED_UP.get(type_name, {})


def _likely(type_name: str, block: Json, value: Value, seed: bytes) -> Value:
    """Return the value with those unknowns made up whose names say what they hold."""

    def likely(attribute: Json, value: Value, path: str) -> Value:
        kind: Any = attribute["type"]
        name = path.rpartition(".")[2]
        if not is_unknown(value):
            return value
        if (type_name, name) in _OF_TYPES:
            return _OF_TYPES[type_name, name]
        if kind == "string":
            return text(name, path, value)
        if kind[0] in ("list", "set") and attribute.get("optional"):
            return []
        return 1 if kind == "number" else value

    def text(name: str, path: str, value: Value) -> Value:
        if name.endswith("arn"):
            digest = hashlib.sha256(seed + path.encode()).hexdigest()[:12]
            return f"arn:aws:{type_name.split('_')[1]}:{REGION}:{ACCOUNT}:{name}/{digest}"
        return "10.99.0.0/16" if "cidr" in name else _AS_IT_IS.get(name, value)

    return with_changed(block, value, likely)


def _with_known_blocks(block: Json, value: Value) -> Value:
    """Return the value without the nested blocks of which it is not known how many there are."""
    known = dict(value)
    for name, nested in block["block_types"].items():
        if is_unknown(value[name]):
            known[name] = []
        elif isinstance(value[name], list):
            known[name] = [_with_known_blocks(nested["block"], one) for one in value[name]]
        elif value[name]:
            known[name] = _with_known_blocks(nested["block"], value[name])
    return known
