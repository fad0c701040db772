"""Stands before a real provider and passes on all that Terraform asks, but tells it of the types it is to know only.

A large provider's schema is read by each command anew, and takes longer than all the rest. It decides which
types Terraform hears of, and whom else it asks first. What is said of the types, and everything else, is the
real provider's answer.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeAlias

import grpc  # type: ignore[import-untyped]
from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tests.terraform.attached import Servers, at_each_host
from tests.terraform.provider import new_server
from tests.terraform.schema import ProviderSchema, SourceAddress

# A provider's schema is larger than what gRPC takes by default.
ANY_SIZE = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
# As protocol 5 and 6 call it.
SCHEMA_METHODS = ("GetSchema", "GetProviderSchema")
# What they answer hangs on the request alone, and each command asks the same again of all that did not change.
PURE_METHODS = (
    *("ValidateResourceTypeConfig", "ValidateResourceConfig", "ValidateDataSourceConfig", "ValidateDataResourceConfig"),
    "UpgradeResourceState",
)
CONFIGURING_METHODS = ("PrepareProviderConfig", "ValidateProviderConfig", "Configure", "ConfigureProvider")

# Answers a request to a method itself, or leaves it to the real provider: None.
Instead: TypeAlias = Callable[[str, bytes], bytes | None]


@contextmanager
def narrowed_to_schema(
    real: Servers, schema: ProviderSchema | None, instead: Instead | None = None, pure: Collection[str] = PURE_METHODS
) -> Iterator[Servers]:
    """Serve in front of one real provider, which is served already, what a schema file has; without a file, all.

    The same request to a pure method is passed on once.
    """
    if schema is None:
        yield real
        return
    ((address, server),) = real.items()
    target = server["Addr"]["String"]
    listens = f"unix:{target}" if server["Addr"]["Network"] == "unix" else target
    with grpc.insecure_channel(listens, options=ANY_SIZE) as channel:
        front = new_server(ANY_SIZE)
        front.add_generic_rpc_handlers((_Passing(channel, schema, instead or _nothing_instead, pure),))
        port = front.add_insecure_port("127.0.0.1:0")
        front.start()
        try:
            yield at_each_host(SourceAddress.parse(address), f"127.0.0.1:{port}", server["ProtocolVersion"])
        finally:
            front.stop(grace=None)


class _Passing(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Every method with one answer, as bytes."""

    def __init__(self, channel: Any, schema: ProviderSchema, instead: Instead, pure: Collection[str]) -> None:
        self._channel = channel
        self._kept = {"resource_schemas": set(schema.resources), "data_source_schemas": set(schema.data_sources)}
        self._instead, self._pure = instead, pure
        self._configured: dict[str, tuple[bytes, bytes]] = {}
        self._answered: dict[tuple[str, bytes], bytes] = {}

    def service(self, call: Any) -> Any:
        if not call.method.startswith("/tfplugin"):
            return None
        name = call.method.rpartition("/")[2]
        passed = self._channel.unary_unary(call.method)

        def answer(request: bytes, context: Any) -> bytes:
            if name in SCHEMA_METHODS:
                return self._schema(call.method, request)
            told = self._instead(name, request)
            if told is not None:
                return told
            try:
                if name in CONFIGURING_METHODS:
                    return self._configure(name, passed, request)
                if name in self._pure:
                    if (name, request) not in self._answered:
                        self._answered[name, request] = bytes(passed(request))
                    return self._answered[name, request]
                return bytes(passed(request))
            except grpc.RpcError as error:
                # Terraform does without a method that a provider does not have, if it is told so.
                context.abort(error.code(), error.details())
                raise

        return grpc.unary_unary_rpc_method_handler(answer)

    def _configure(self, name: str, passed: Any, request: bytes) -> bytes:
        """Have the provider configured, unless it was so by the last command: that takes longer than most plans."""
        last = self._configured.pop(name, None)
        if last and last[0] != request:
            self._answered.clear()
        self._configured[name] = last if last and last[0] == request else (request, bytes(passed(request)))
        return self._configured[name][1]

    @cache  # noqa: B019 - it lives as long as the provider does
    def _schema(self, method: str, request: bytes) -> bytes:
        # Protocol 5 and 6 number these fields alike, and what this one does not know it keeps.
        response = protocol.GetProviderSchema.Response.FromString(self._channel.unary_unary(method)(request))
        for field, kept in self._kept.items():
            schemas = getattr(response, field)
            for name in set(schemas) - kept:
                del schemas[name]
        return bytes(response.SerializeToString())


def _nothing_instead(_: str, __: bytes) -> None:
    return None
