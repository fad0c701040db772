"""A provider as Terraform calls it: the methods of plugin protocol 6 over gRPC, in a process of its own or in this one.

It decides which methods of the protocol there are and when the server ends. What a method with values
answers is for `resources`; the answer about the schema is made or read elsewhere. All others are
UNIMPLEMENTED, as gRPC answers by itself. Terraform starts a provider's process several times in every
command, so nothing is imported or read before it is asked for.
"""

import base64
import os
import signal
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import grpc  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from tests.terraform.resources import Resources
    from tests.terraform.store import Store

# Names the folder of a store, with which a provider stands in for the real one in more than its schema.
STORE_VARIABLE = "ESCSCAFFOLD_STAND_IN_STORE"

Method = Callable[[bytes], bytes]

# Seconds between looks at whether Terraform is still there; it ends the process itself when it ends well.
PARENT_CHECK = 5.0


@dataclass(frozen=True)
class Service:
    """The files that one provider process needs."""

    schema: Path
    schema_message: Path
    certificate: Path
    key: Path


def serve(service: Service) -> None:
    """Serve one provider until Terraform says that it is done, or is gone."""
    # An interrupt reaches the whole process group; Terraform alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent, done = os.getppid(), threading.Event()
    server = provider_server(service.schema, service.schema_message.read_bytes, store_of(os.environ))
    server.add_generic_rpc_handlers((handlers("plugin.GRPCController", {"Shutdown": lambda _: _shut_down(done)}),))
    certificate = service.certificate.read_text(encoding="ascii")
    pair = (service.key.read_bytes(), certificate.encode("ascii"))
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
    server.start()
    print(_handshake(port, certificate), flush=True)
    while not done.wait(PARENT_CHECK) and os.getppid() == parent:
        pass
    server.stop(grace=1.0).wait()
    # All is answered; an orderly end of the interpreter would take a fifth of the process's whole time.
    os._exit(0)


def provider_server(schema: Path, schema_message: Callable[[], bytes], store: "Store | None") -> grpc.Server:
    """Return a server, not started and without a port, of the provider with this schema.

    With a store it stands in for the real provider in more than its schema.
    """
    server = new_server()
    methods = _provider_methods(schema, schema_message, store)
    server.add_generic_rpc_handlers((handlers("tfplugin6.Provider", methods),))
    return server


def store_of(environment: Mapping[str, str]) -> "Store | None":
    """The store that an environment names, if it names one."""
    folder = environment.get(STORE_VARIABLE)
    if not folder:
        return None
    from tests.terraform.store import Store

    return Store(Path(folder), aws_endpoint=environment.get("AWS_ENDPOINT_URL"))


def new_server(options: Sequence[tuple[str, int]] = ()) -> grpc.Server:
    """Return a server that answers nothing yet."""
    return grpc.server(ThreadPoolExecutor(max_workers=4), options=options)


def _handshake(port: int, certificate: str) -> str:
    """The line that go-plugin reads: its version, the protocol's version, where to call, whom to trust."""
    encoded = base64.b64encode(ssl.PEM_cert_to_DER_cert(certificate)).decode("ascii")
    return f"1|6|tcp|127.0.0.1:{port}|grpc|{encoded.rstrip('=')}"


def _provider_methods(
    schema_file: Path, schema_message: Callable[[], bytes], store: "Store | None"
) -> dict[str, Method]:
    @cache
    def resources() -> "Resources":
        from tests.terraform.resources import Resources
        from tests.terraform.schema import ProviderSchema
        from tests.terraform.stand_in import stand_in

        schema = ProviderSchema.read(schema_file)
        return Resources(schema) if store is None else stand_in(schema, store)

    return {
        "GetProviderSchema": lambda _: schema_message(),
        "ValidateProviderConfig": _nothing_to_say,
        "ValidateResourceConfig": _nothing_to_say if store is None else lambda request: resources().validate(request),
        "ValidateDataResourceConfig": _nothing_to_say,
        "ConfigureProvider": _nothing_to_say,
        "StopProvider": _nothing_to_say,
        "PlanResourceChange": lambda request: resources().plan(request),
        "ApplyResourceChange": lambda request: resources().apply(request),
        "ReadResource": lambda request: resources().read(request),
        "UpgradeResourceState": lambda request: resources().upgrade_state(request),
        "ImportResourceState": lambda request: resources().import_state(request),
        "ReadDataSource": lambda request: resources().read_data(request),
    }


def _nothing_to_say(_: bytes) -> bytes:
    """The serialised form of a response without a field, that is without diagnostics."""
    return b""


def _shut_down(done: threading.Event) -> bytes:
    done.set()
    return b""


def handlers(service: str, methods: dict[str, Method]) -> grpc.GenericRpcHandler:
    """Return what a server needs to answer these methods of a service."""
    return grpc.method_handlers_generic_handler(service, {name: _handler(method) for name, method in methods.items()})


def _handler(method: Method) -> grpc.RpcMethodHandler:
    """Bytes in, bytes out: without serialisers gRPC leaves the messages alone."""
    return grpc.unary_unary_rpc_method_handler(lambda request, _: method(request))
