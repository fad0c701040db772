"""Plans, applies and reads resources and data sources of which only the schema is known.

It decides what each of these methods of the plugin protocol answers, from a serialised request to a
serialised response. It does not know the process that carries them. Of a real provider's behaviour it has
only what the schema tells: no replacement of a resource, no check of a value, no default. Who knows more
overrides the methods that take values.
"""

from collections.abc import Iterable
from typing import Any

from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tests.terraform.force_new import Place
from tests.terraform.schema import ProviderSchema
from tests.terraform.values import (
    Value,
    decode,
    encode,
    nothing_in,
    with_made_up,
    with_unknowns,
    without_write_only,
)


class ResourceError(Exception):
    """What is wrong with a resource, and with which of its arguments, if with one."""

    def __init__(self, summary: str, place: Place = ()) -> None:
        super().__init__(summary)
        self.summary = summary
        self.place = place


class Resources:
    """One provider's resources and data sources; it keeps no state, Terraform does."""

    def __init__(self, schema: ProviderSchema) -> None:
        self._resources = {name: body["block"] for name, body in schema.resources.items()}
        self._data_sources = {name: body["block"] for name, body in schema.data_sources.items()}

    def replacing(self, type_name: str, prior: Value, planned: Value) -> Iterable[Place]:
        """Return what of a planned change is not made in place."""
        return ()

    def problems(self, type_name: str, configured: Value) -> Iterable[ResourceError]:
        """Return what is wrong with a resource's configuration, as far as it is known."""
        return ()

    def problems_of_plan(self, type_name: str, planned: Value) -> Iterable[ResourceError]:
        """Return what is wrong with a resource as planned."""
        return ()

    def make(self, type_name: str, prior: Value, planned: Value, seed: bytes) -> Value:
        """Make the planned object real, new or in place of the prior one."""
        return with_made_up(self._resources[type_name], planned, seed)

    def unmake(self, type_name: str, prior: Value) -> None:
        """Delete an object."""

    def find(self, type_name: str, known: Value) -> Value:
        """Return a known object as it is now, or None. Here nothing ever changes an object from outside."""
        return known

    def look_up(self, type_name: str, configured: Value, seed: bytes) -> Value:
        """Answer a data source with its configuration, and made-up values for the rest."""
        block = self._data_sources[type_name]
        return with_made_up(block, with_unknowns(block, configured), seed)

    def identify(self, type_name: str, text: str) -> Value:
        """Return as much of an object that is to be imported as the id tells."""
        raise ResourceError(f"resource {type_name} doesn't support import")

    def validate(self, message: bytes) -> bytes:
        """Check a resource's configuration."""
        request = protocol.ValidateResourceConfig.Request.FromString(message)
        found = self.problems(request.type_name, decode(request.config.msgpack))
        return _serialised(protocol.ValidateResourceConfig.Response(diagnostics=map(_diagnostic, found)))

    def plan(self, message: bytes) -> bytes:
        """Plan a create, an update or a destroy; an object that does not change keeps all it has."""
        request = protocol.PlanResourceChange.Request.FromString(message)
        block = self._resources[request.type_name]
        prior, planned = decode(request.prior_state.msgpack), decode(request.proposed_new_state.msgpack)
        response = protocol.PlanResourceChange.Response()
        if planned is not None:
            planned = without_write_only(block, planned)
            if planned != prior:
                planned = with_unknowns(block, planned)
                found = self.problems_of_plan(request.type_name, planned)
                response.diagnostics.extend(map(_diagnostic, found))
            if planned != prior and prior is not None:
                response.requires_replace.extend(map(_path, self.replacing(request.type_name, prior, planned)))
        response.planned_state.CopyFrom(_packed(planned))
        return _serialised(response)

    def apply(self, message: bytes) -> bytes:
        """Make the planned object real, or gone."""
        request = protocol.ApplyResourceChange.Request.FromString(message)
        prior, new = decode(request.prior_state.msgpack), decode(request.planned_state.msgpack)
        try:
            if new is None:
                self.unmake(request.type_name, prior)
            else:
                seed = request.type_name.encode() + request.planned_state.msgpack
                new = self.make(request.type_name, prior, new, seed)
        except ResourceError as problem:
            response = protocol.ApplyResourceChange.Response(new_state=request.prior_state)
            response.diagnostics.append(_diagnostic(problem))
            return _serialised(response)
        return _serialised(protocol.ApplyResourceChange.Response(new_state=_packed(new)))

    def read(self, message: bytes) -> bytes:
        """Look again at an object in the state."""
        request = protocol.ReadResource.Request.FromString(message)
        found = self.find(request.type_name, decode(request.current_state.msgpack))
        return _serialised(protocol.ReadResource.Response(new_state=_packed(found)))

    def upgrade_state(self, message: bytes) -> bytes:
        """Take a stored object as it is; one of another schema version is for Terraform to refuse."""
        request = protocol.UpgradeResourceState.Request.FromString(message)
        state = protocol.DynamicValue(json=request.raw_state.json)
        return _serialised(protocol.UpgradeResourceState.Response(upgraded_state=state))

    def import_state(self, message: bytes) -> bytes:
        """Take over an object by its id; Terraform reads it afterwards."""
        request = protocol.ImportResourceState.Request.FromString(message)
        response = protocol.ImportResourceState.Response()
        try:
            known = nothing_in(self._resources[request.type_name]) | self.identify(request.type_name, request.id)
            response.imported_resources.add(type_name=request.type_name, state=_packed(known))
        except ResourceError as problem:
            response.diagnostics.append(_diagnostic(problem))
        return _serialised(response)

    def read_data(self, message: bytes) -> bytes:
        """Look up what a data source asks for."""
        request = protocol.ReadDataSource.Request.FromString(message)
        seed = request.type_name.encode() + request.config.msgpack
        try:
            state = self.look_up(request.type_name, decode(request.config.msgpack), seed)
        except ResourceError as problem:
            return _serialised(protocol.ReadDataSource.Response(diagnostics=[_diagnostic(problem)]))
        return _serialised(protocol.ReadDataSource.Response(state=_packed(state)))


def _packed(value: Value) -> protocol.DynamicValue:
    return protocol.DynamicValue(msgpack=encode(value))


def _diagnostic(problem: ResourceError) -> protocol.Diagnostic:
    return protocol.Diagnostic(
        severity=protocol.Diagnostic.ERROR, summary=problem.summary, attribute=_path(problem.place)
    )


def _path(place: Place) -> protocol.AttributePath:
    return protocol.AttributePath(
        steps=[
            protocol.AttributePath.Step(element_key_int=step)
            if isinstance(step, int)
            else protocol.AttributePath.Step(attribute_name=step)
            for step in place
        ]
    )


def _serialised(response: Any) -> bytes:
    return bytes(response.SerializeToString())
