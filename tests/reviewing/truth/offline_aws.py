"""The real AWS provider without an AWS: it plans, and what it planned is taken as created.

It decides what is asked of the provider, and what is answered in place of AWS. It does not know what is planned.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tests.reviewing.truth.made_up import ANSWERED_BY_THE_PROVIDER, created, looked_up
from tests.terraform import real
from tests.terraform.attached import Servers
from tests.terraform.narrowed import ANY_SIZE, PURE_METHODS, Instead, narrowed_to_schema
from tests.terraform.schema import Json, ProviderSchema, SourceAddress
from tests.terraform.values import decode, encode, with_unknowns

NOWHERE = "http://127.0.0.1:1"
ENVIRONMENT = {
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_ACCESS_KEY_ID": "example",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_EC2_METADATA_DISABLED": "true",
    "HTTP_PROXY": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
    "NO_PROXY": "127.0.0.1",
    # A bundle of certificates is for AWS itself.
    "AWS_CA_BUNDLE": "",
}
CONFIGURATION = """provider "aws" {
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  max_retries                 = 1
}
"""
"""What an override says to the provider, so that it asks nobody before it plans."""

PURE_OFFLINE = (*PURE_METHODS, "PlanResourceChange")
"""Without an AWS, a plan of a resource depends on the request alone, and most resources are those of the last plan."""


@contextmanager
def offline_aws(types: Collection[str]) -> Iterator[tuple[Servers, ProviderSchema]]:
    """Serve the real provider with these types of resources and data sources only; yield its schema of them, too."""
    folder = real.find("hashicorp/aws")
    assert folder is not None
    with real.serving(folder, ENVIRONMENT) as served:
        schema = _schema(served, folder, types)
        with narrowed_to_schema(served, schema, _in_place_of_aws(schema), PURE_OFFLINE) as servers:
            yield servers, schema


def _in_place_of_aws(schema: ProviderSchema) -> Instead:
    def answer(method: str, request: bytes) -> bytes | None:
        if method == "ApplyResourceChange":
            return _applied(schema, request)
        return _found(schema, request) if method == "ReadDataSource" else None

    return answer


def _applied(schema: ProviderSchema, message: bytes) -> bytes:
    request = protocol.ApplyResourceChange.Request.FromString(message)
    planned = decode(request.planned_state.msgpack)
    response = protocol.ApplyResourceChange.Response(private=request.planned_private, legacy_type_system=True)
    if planned is not None:
        planned = created(request.type_name, schema.resources[request.type_name]["block"], planned)
    response.new_state.msgpack = encode(planned)
    return bytes(response.SerializeToString())


def _found(schema: ProviderSchema, message: bytes) -> bytes | None:
    request = protocol.ReadDataSource.Request.FromString(message)
    if request.type_name in ANSWERED_BY_THE_PROVIDER:
        return None
    block, configured = schema.data_sources[request.type_name]["block"], decode(request.config.msgpack)
    answer = looked_up(request.type_name, block, with_unknowns(block, configured), configured)
    response = protocol.ReadDataSource.Response()
    response.state.msgpack = encode(answer)
    return bytes(response.SerializeToString())


def _schema(served: Servers, folder: Path, types: Collection[str]) -> ProviderSchema:
    """Return the schema of these types, as `terraform providers schema -json` writes it."""
    ((address, server),) = served.items()
    with grpc.insecure_channel(f"unix:{server['Addr']['String']}", options=ANY_SIZE) as channel:
        answer = channel.unary_unary("/tfplugin5.Provider/GetSchema")(b"")
    # Protocol 5 and 6 number these fields alike.
    response = protocol.GetProviderSchema.Response.FromString(answer)
    resources, data_sources = (
        {name: {"block": _block(found[name].block)} for name in sorted(types & set(found))}
        for found in (response.resource_schemas, response.data_source_schemas)
    )
    return ProviderSchema(
        address=SourceAddress.parse(address),
        version=folder.name,
        provider={},
        resources=resources,
        data_sources=data_sources,
    )


def _block(block: Any) -> Json:
    modes = protocol.Schema.NestedBlock.NestingMode
    return {
        "attributes": {one.name: _attribute(one) for one in block.attributes},
        "block_types": {
            one.type_name: {
                "nesting_mode": modes.Name(one.nesting).lower(),
                "block": _block(one.block),
                "min_items": one.min_items,
                "max_items": one.max_items,
            }
            for one in block.block_types
        },
    }


def _attribute(attribute: Any) -> Json:
    return {
        "type": _type(attribute.type),
        "required": attribute.required,
        "optional": attribute.optional,
        "computed": attribute.computed,
        "deprecated": attribute.deprecated,
    }


@cache
def _type(text: bytes) -> Any:
    return json.loads(text)
