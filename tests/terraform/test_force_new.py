"""The facts about what replaces a resource are what the real AWS provider says when it is asked for a plan."""

import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, TypeAlias

import grpc  # type: ignore[import-untyped]
import pytest
from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tests.terraform import real
from tests.terraform.force_new import FACTS
from tests.terraform.narrowed import ANY_SIZE
from tests.terraform.root import require
from tests.terraform.schema import Json, ProviderSchema, schema_of
from tests.terraform.values import Value, encode, nothing_in

# The type, one value and the other.
Asked: TypeAlias = Callable[[str, Value, Value], set[str]]

ALL = tomllib.loads(FACTS.read_text(encoding="utf-8"))
TYPES = [name for name in ALL if name.startswith("aws_")]
OFFLINE = {
    **{"region": "eu-central-1", "access_key": "example", "secret_key": "example", "skip_metadata_api_check": "true"},
    **dict.fromkeys(["skip_credentials_validation", "skip_requesting_account_id", "skip_region_validation"], True),
}
# What the provider reads before it compares: one value, and another.
ARN = ("arn:aws:iam::123456789012:role/one", "arn:aws:iam::123456789012:role/other")
PAIRS = {
    "arn": ARN,
    "assume_role_policy": ("{}", '{"Version":"2012-10-17"}'),
    "cidr_block": ("10.0.0.0/16", "10.1.0.0/16"),
    "destination_cidr_block": ("10.0.0.0/16", "10.1.0.0/16"),
    "node_role_arn": ARN,
    "role_arn": ARN,
    "service_ipv4_cidr": ("10.100.0.0/16", "172.20.0.0/16"),
}
# Arguments that only act together with others, or instead of them, and of which none is emitted.
NOT_ASKED = {"compute_config", "storage_config", "outpost_config", "remote_network_config", "timeouts"}
NOT_ASKED |= {"id", "ipv4_ipam_pool_id", "ipv4_netmask_length"}


@pytest.fixture
def schema() -> ProviderSchema:
    found = schema_of("hashicorp/aws")
    require(found is not None, "no schema of the AWS provider")
    assert found is not None
    return found


@pytest.fixture
def replaced(schema: ProviderSchema) -> Iterator[Asked]:
    """Ask the real provider for a plan, as Terraform does: from one value of a resource to another."""
    folder = real.find("hashicorp/aws")
    require(folder is not None, f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror that has it")
    assert folder is not None
    with real.serving(folder) as servers:
        (server,) = servers.values()
        with grpc.insecure_channel(f"unix:{server['Addr']['String']}", options=ANY_SIZE) as channel:

            def ask(method: str, request: Any) -> bytes:
                return bytes(channel.unary_unary(f"/tfplugin5.Provider/{method}")(request.SerializeToString()))

            config = nothing_in(schema.provider["block"]) | OFFLINE
            ask("GetSchema", protocol.GetProviderSchema.Request())
            ask("Configure", protocol.ConfigureProvider.Request(terraform_version="1.11.4", config=packed(config)))

            def replaced(type_name: str, prior: Value, proposed: Value) -> set[str]:
                request = protocol.PlanResourceChange.Request(
                    type_name=type_name,
                    prior_state=packed(prior),
                    proposed_new_state=packed(proposed),
                    config=packed(proposed),
                )
                answer = protocol.PlanResourceChange.Response.FromString(ask("PlanResourceChange", request))
                paths = [[step.attribute_name for step in path.steps] for path in answer.requires_replace]
                return {".".join(filter(None, path)) for path in paths}

            yield replaced


def test_the_real_provider_replaces_a_resource_for_the_same_arguments(schema: ProviderSchema, replaced: Asked) -> None:
    found: dict[str, set[str]] = {name: set() for name in TYPES}
    for name in TYPES:
        block = schema.resources[name]["block"]
        before, after = full(block, 0), full(block, 1)
        for path in arguments(block):
            changed = deepcopy(before)
            holder, source = changed, after
            for step in path[:-1]:
                holder, source = holder[step], source[step]
            holder[path[-1]] = source[path[-1]]
            found[name] |= replaced(name, before, changed) - {"id"}

    assert found == {name: set(ALL[name]["always"]) for name in TYPES}


def packed(value: Value) -> Any:
    return protocol.DynamicValue(msgpack=encode(value))


def arguments(block: Json, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where each argument stands that can be given, also in the first of each nested block."""
    for name, body in block.get("attributes", {}).items():
        if name not in NOT_ASKED and (body.get("required") or body.get("optional")):
            yield (*before, name)
    for name, nested in block.get("block_types", {}).items():
        if name not in NOT_ASKED and nested["nesting_mode"] == "list":
            yield from arguments(nested["block"], (*before, name, 0))


def full(block: Json, which: int) -> dict[str, Value]:
    """A resource with a value in every argument; of two values for each, the first or the second."""
    attributes = block.get("attributes", {}).items()
    value = {name: None if name in NOT_ASKED else of_type(body["type"], name, which) for name, body in attributes}
    for name, nested in block.get("block_types", {}).items():
        listed = nested["nesting_mode"] in ("list", "set")
        value[name] = [] if listed and name in NOT_ASKED else [full(nested["block"], which)] if listed else None
    return value


def of_type(kind: Any, name: str, which: int) -> Value:
    match kind:
        case "string":
            return PAIRS.get(name, ("one", "other"))[which]
        case "number":
            return which + 1
        case "bool":
            return bool(which)
        case ["list" | "set", str() as inner]:
            return [of_type(inner, name, which)]
        case ["map", _]:
            return {}
        case _:
            return []
