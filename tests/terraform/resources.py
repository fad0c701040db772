"""Plans, applies and reads resources and data sources of which only the schema is known.

It decides what each of these methods of the plugin protocol answers, from a serialised request to a
serialised response. It does not know the process that carries them. Of a real provider's behaviour it has
only what the schema tells: no replacement of a resource, no check of a value, no default.
"""

from pathlib import Path
from typing import Any

from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tests.terraform.schema import ProviderSchema
from tests.terraform.values import Value, decode, encode, with_made_up, with_unknowns, without_write_only


class Resources:
    """One provider's resources and data sources; it keeps no state, Terraform does."""

    def __init__(self, schema_file: Path) -> None:
        schema = ProviderSchema.read(schema_file)
        self._resources = {name: body["block"] for name, body in schema.resources.items()}
        self._data_sources = {name: body["block"] for name, body in schema.data_sources.items()}

    def plan(self, message: bytes) -> bytes:
        """Plan a create, an update or a destroy; an object that does not change keeps all it has."""
        request = protocol.PlanResourceChange.Request.FromString(message)
        block = self._resources[request.type_name]
        planned = decode(request.proposed_new_state.msgpack)
        if planned is not None:
            planned = without_write_only(block, planned)
            if planned != decode(request.prior_state.msgpack):
                planned = with_unknowns(block, planned)
        return _serialised(protocol.PlanResourceChange.Response(planned_state=_packed(planned)))

    def apply(self, message: bytes) -> bytes:
        """Make the planned object real, or gone."""
        request = protocol.ApplyResourceChange.Request.FromString(message)
        new = decode(request.planned_state.msgpack)
        if new is not None:
            seed = request.type_name.encode() + request.planned_state.msgpack
            new = with_made_up(self._resources[request.type_name], new, seed)
        return _serialised(protocol.ApplyResourceChange.Response(new_state=_packed(new)))

    def read(self, message: bytes) -> bytes:
        """Nothing ever changes an object from outside."""
        request = protocol.ReadResource.Request.FromString(message)
        return _serialised(protocol.ReadResource.Response(new_state=request.current_state))

    def upgrade_state(self, message: bytes) -> bytes:
        """Take a stored object as it is; one of another schema version is for Terraform to refuse."""
        request = protocol.UpgradeResourceState.Request.FromString(message)
        state = protocol.DynamicValue(json=request.raw_state.json)
        return _serialised(protocol.UpgradeResourceState.Response(upgraded_state=state))

    def read_data(self, message: bytes) -> bytes:
        """Answer with the configuration, and made-up values for the rest."""
        request = protocol.ReadDataSource.Request.FromString(message)
        block = self._data_sources[request.type_name]
        seed = request.type_name.encode() + request.config.msgpack
        state = with_made_up(block, with_unknowns(block, decode(request.config.msgpack)), seed)
        return _serialised(protocol.ReadDataSource.Response(state=_packed(state)))


def _packed(value: Value) -> protocol.DynamicValue:
    return protocol.DynamicValue(msgpack=encode(value))


def _serialised(response: Any) -> bytes:
    return bytes(response.SerializeToString())
