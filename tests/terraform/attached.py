"""Serves providers for longer than one Terraform command, so that no command has to start them.

Terraform calls the servers that TF_REATTACH_PROVIDERS names instead of installing and starting providers of
its own; it does not look at their versions. It decides where the servers listen and when they end. It does
not know what they answer.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias

from tests.terraform.provider import provider_server
from tests.terraform.schema import HOSTS, ProviderSchema, SourceAddress, schema_files
from tests.terraform.schema_message import schema_message
from tests.terraform.store import Store

VARIABLE = "TF_REATTACH_PROVIDERS"

Servers: TypeAlias = Mapping[str, Any]


def reattaching(servers: Servers) -> dict[str, str]:
    """The part of an environment that makes Terraform call these servers."""
    return {VARIABLE: json.dumps(dict(servers))}


def attached_in(environment: Mapping[str, str]) -> dict[str, Any]:
    """The servers that an environment names already."""
    return dict(json.loads(environment.get(VARIABLE, "{}")))


@contextmanager
def schema_providers(schemas: Path, store: Store | None = None) -> Iterator[Servers]:
    """Serve a schema provider for every schema file, in threads of this process, with a store if there is one."""
    started, servers = [], {}
    try:
        for file in schema_files(schemas):
            schema = ProviderSchema.read(file)
            server = provider_server(file, cache(partial(schema_message, schema)), store)
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            started.append(server)
            servers |= at_each_host(schema.address, f"127.0.0.1:{port}")
        yield servers
    finally:
        for server in started:
            server.stop(grace=None)


def at_each_host(address: SourceAddress, listens: str, protocol: int = 6) -> dict[str, Any]:
    """One server of this process under the addresses that Terraform and OpenTofu ask for."""
    server = {
        "Protocol": "grpc",
        "ProtocolVersion": protocol,
        "Pid": os.getpid(),
        "Test": True,  # else Terraform ends the process with this id when its command ends
        "Addr": {"Network": "tcp", "String": listens},
    }
    return {f"{host}/{address.namespace}/{address.name}": server for host in HOSTS}
