"""Turns a provider's JSON schema into the plugin protocol's answer to GetProviderSchema.

It decides how each argument, nested block and nested attribute is told to Terraform. It does not know
which process gives the answer, nor when.
"""

import json

from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tests.terraform.schema import Json, ProviderSchema

# `tf` 1.2.0 was generated before the protocol had Attribute.write_only: field 11, a true boolean, as bytes.
# Protobuf keeps fields that it does not know, so the served message carries it.
WRITE_ONLY = b"\x58\x01"


def schema_message(schema: ProviderSchema) -> bytes:
    """The whole answer, serialised."""
    response = protocol.GetProviderSchema.Response(
        provider=_schema(schema.provider),
        resource_schemas={name: _schema(body) for name, body in schema.resources.items()},
        data_source_schemas={name: _schema(body) for name, body in schema.data_sources.items()},
        # Lets Terraform ask one process for the schema and leave the others alone.
        server_capabilities=protocol.ServerCapabilities(get_provider_schema_optional=True),
    )
    return bytes(response.SerializeToString(deterministic=True))


def _schema(body: Json) -> protocol.Schema:
    return protocol.Schema(version=body["version"], block=_block(body["block"]))


def _block(block: Json) -> protocol.Schema.Block:
    return protocol.Schema.Block(
        attributes=[_attribute(name, body) for name, body in block.get("attributes", {}).items()],
        block_types=[_nested_block(name, body) for name, body in block.get("block_types", {}).items()],
        deprecated=block.get("deprecated", False),
    )


def _nested_block(name: str, body: Json) -> protocol.Schema.NestedBlock:
    return protocol.Schema.NestedBlock(
        type_name=name,
        block=_block(body["block"]),
        nesting=body["nesting_mode"].upper(),
        min_items=body.get("min_items", 0),
        max_items=body.get("max_items", 0),
    )


def _attribute(name: str, body: Json) -> protocol.Schema.Attribute:
    attribute = protocol.Schema.Attribute(
        name=name,
        required=body.get("required", False),
        optional=body.get("optional", False),
        computed=body.get("computed", False),
        sensitive=body.get("sensitive", False),
        deprecated=body.get("deprecated", False),
    )
    if "nested_type" in body:
        attribute.nested_type.CopyFrom(_nested_attributes(body["nested_type"]))
    else:
        attribute.type = json.dumps(body["type"]).encode()
    if body.get("write_only"):
        attribute.MergeFromString(WRITE_ONLY)
    return attribute


def _nested_attributes(body: Json) -> protocol.Schema.Object:
    return protocol.Schema.Object(
        attributes=[_attribute(name, nested) for name, nested in body["attributes"].items()],
        nesting=body["nesting_mode"].upper(),
    )
