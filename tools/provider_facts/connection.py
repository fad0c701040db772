"""Starts a provider's binary and calls it over Terraform's plugin protocol, version 5 or 6.

It decides how the process is started and how long an answer may take. It does not know what is asked.
"""

import base64
import os
import selectors
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import grpc  # type: ignore[import-untyped]
from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

# https://github.com/hashicorp/terraform-plugin-go/blob/v0.25.0/tfprotov5/tf5server/server.go#L262
COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
# The methods that have another name in protocol 5; the messages' fields have the same numbers in both.
NAMES_IN_5 = {
    "GetProviderSchema": "GetSchema",
    "ConfigureProvider": "Configure",
    "ValidateResourceConfig": "ValidateResourceTypeConfig",
}
SECONDS_TO_START = 60.0
SECONDS_FOR_SCHEMA = 120.0
ANY_SIZE = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class BrokeOffError(Exception):
    """The provider ended or gave no answer in time; the next question starts it again."""


class StartError(Exception):
    """The provider cannot be started, or cannot be configured."""


class ClosedPort:
    """A loopback port that refuses every connection, for as long as this object lives."""

    def __init__(self) -> None:
        # Bound and not listening: connections are refused, and no other process can listen there.
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


class Provider:
    """One provider's process, started again after it broke off.

    `configuration` is the request with which it is configured before the first question; None to leave that out.
    `seconds` is the longest time that one answer may take, `home` a folder for the process, removed at the end.
    """

    def __init__(self, binary: Path, *, seconds: float, environment: Mapping[str, str]) -> None:
        self._binary = binary.resolve()
        self._seconds = seconds
        self.home = Path(tempfile.mkdtemp(prefix="provider-"))
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            # A Go provider collects garbage for a tenth of its time otherwise.
            "GOGC": "400",
            **dict.fromkeys(("HOME", "TMPDIR", "XDG_CONFIG_HOME"), str(self.home)),
            **environment,
            **COOKIE,
            "PLUGIN_PROTOCOL_VERSIONS": "5,6",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Any = None
        self._configured = False
        self._closed = False
        self.configuration: Any = None
        self.protocol = 0
        self.times_started = 0

    def __enter__(self) -> "Provider":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closed = True
        self._end()
        shutil.rmtree(self.home, ignore_errors=True)

    def schema(self) -> Any:
        """Return the answer to GetProviderSchema."""
        self._ready(configured=False)
        response = self._ask("GetProviderSchema", protocol.GetProviderSchema.Request(), SECONDS_FOR_SCHEMA)
        return protocol.GetProviderSchema.Response.FromString(response)

    def validate(self, type_name: str, config: bytes) -> Any:
        """Return what the provider says of a resource's configuration.

        Raises BrokeOffError where there is no answer.
        """
        self._ready()
        request = protocol.ValidateResourceConfig.Request(type_name=type_name, config=_packed(config))
        response = self._ask("ValidateResourceConfig", request, self._seconds)
        return protocol.ValidateResourceConfig.Response.FromString(response)

    def plan(self, type_name: str, prior: bytes, proposed: bytes, config: bytes, private: bytes) -> Any:
        """Return the provider's plan from the prior state to the proposed one.

        Raises BrokeOffError where there is no answer.
        """
        self._ready()
        request = protocol.PlanResourceChange.Request(
            type_name=type_name,
            prior_state=_packed(prior),
            proposed_new_state=_packed(proposed),
            config=_packed(config),
            prior_private=private,
        )
        response = self._ask("PlanResourceChange", request, self._seconds)
        return protocol.PlanResourceChange.Response.FromString(response)

    def _ready(self, *, configured: bool = True) -> None:
        if self._process is None:
            self._start()
        if configured and self.configuration is not None and not self._configured:
            self._ask("GetProviderSchema", protocol.GetProviderSchema.Request(), SECONDS_FOR_SCHEMA)
            response = protocol.ConfigureProvider.Response.FromString(
                self._ask("ConfigureProvider", self.configuration, SECONDS_TO_START)
            )
            errors = [d.summary for d in response.diagnostics if d.severity == protocol.Diagnostic.ERROR]
            if errors:
                raise StartError(f"{self._binary.name} cannot be configured: {'; '.join(errors)}")
            self._configured = True

    def _ask(self, method: str, request: Any, seconds: float) -> bytes:
        name = NAMES_IN_5.get(method, method) if self.protocol == 5 else method
        call = self._channel.unary_unary(f"/tfplugin{self.protocol}.Provider/{name}")
        try:
            return bytes(call(request.SerializeToString(), timeout=seconds))
        except grpc.RpcError as error:
            self._end()
            raise BrokeOffError(f"{method}: {error.code().name}") from error

    def _start(self) -> None:
        if self._closed:
            raise StartError(f"{self._binary.name} was ended")
        self._process = subprocess.Popen(
            [self._binary], env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.home
        )
        self._configured = False
        self.times_started += 1
        # https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md: versions, network, address, certificate.
        fields = self._first_line().split("|")
        if len(fields) < 5 or fields[4] != "grpc":
            self._end()
            raise StartError(f"{self._binary} does not start as a Terraform provider of protocol 5 or 6")
        self.protocol = int(fields[1])
        target = f"unix:{fields[3]}" if fields[2] == "unix" else fields[3]
        if len(fields) > 5 and fields[5]:
            certificate = base64.b64decode(fields[5] + "=" * (-len(fields[5]) % 4))
            trusted = grpc.ssl_channel_credentials(ssl.DER_cert_to_PEM_cert(certificate).encode("ascii"))
            options = [*ANY_SIZE, ("grpc.ssl_target_name_override", "localhost")]
            self._channel = grpc.secure_channel(target, trusted, options)
        else:
            self._channel = grpc.insecure_channel(target, ANY_SIZE)

    def _first_line(self) -> str:
        assert self._process is not None and self._process.stdout is not None
        deadline, line = time.monotonic() + SECONDS_TO_START, b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n") and selector.select(max(0.0, deadline - time.monotonic())):
                read = os.read(self._process.stdout.fileno(), 4096)
                if not read:
                    break
                line += read
        return line.decode("ascii", "replace").strip()

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None


def _packed(value: bytes) -> Any:
    return protocol.DynamicValue(msgpack=value)
