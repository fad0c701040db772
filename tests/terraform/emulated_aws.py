"""An AWS that is nowhere: moto's server, for as long as a run of tests.

It decides how the server is started, what makes others call it, and what stands in for what it lacks. It
does not know what is made there.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tests.terraform.force_new import Place, replacing
from tests.terraform.narrowed import Instead
from tests.terraform.resources import Resources
from tests.terraform.schema import ProviderSchema
from tests.terraform.values import Value, decode

SECONDS_TO_START = 180
# Without them the policies of EKS do not exist; the list of images is not asked for, and long.
SETTINGS = {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}


@dataclass(frozen=True)
class EmulatedAws:
    """Where the server listens."""

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """What makes a program call it instead of AWS."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "example",
            "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            # A bundle of certificates is for AWS itself.
            "AWS_CA_BUNDLE": "",
        }

    def client(self, service: str, region: str) -> Any:
        """Return a client of one of its services."""
        import boto3  # type: ignore[import-untyped]

        keys = {"aws_access_key_id": "example", "aws_secret_access_key": "example"}
        return boto3.client(service, region_name=region, endpoint_url=self.endpoint, **keys)


@contextmanager
def emulated_aws() -> Iterator[EmulatedAws]:
    """Start the server, and end it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env=os.environ | SETTINGS,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        aws = EmulatedAws(f"http://127.0.0.1:{port}")
        _wait_until_ready(aws, process)
        yield aws
    finally:
        process.kill()
        process.wait()


class _AddOns(Resources):
    """Resources that are replaced where the real provider answered so, also where a value becomes unknown."""

    def replacing(self, type_name: str, prior: Value, planned: Value) -> Iterable[Place]:
        return replacing("hashicorp/aws", type_name, prior, planned)


NOT_AT_MOTO = ("aws_eks_addon", "aws_eks_addon_version", "aws_eks_pod_identity_association")


def instead_of_aws(aws: EmulatedAws, region: str, schema: ProviderSchema) -> Instead:
    """Answer for add-ons and Pod Identity of EKS, which moto does not have, and delete a cluster at once.

    The real provider waits at random, up to a minute, before it deletes a cluster.
    """
    addons = _AddOns(schema)
    methods = {
        "ValidateResourceTypeConfig": (protocol.ValidateResourceConfig, addons.validate),
        "UpgradeResourceState": (protocol.UpgradeResourceState, addons.upgrade_state),
        "ReadResource": (protocol.ReadResource, addons.read),
        "PlanResourceChange": (protocol.PlanResourceChange, addons.plan),
        "ApplyResourceChange": (protocol.ApplyResourceChange, addons.apply),
        "ReadDataSource": (protocol.ReadDataSource, addons.read_data),
    }

    def answer(method: str, request: bytes) -> bytes | None:
        if method not in methods:
            return None
        kind, addon = methods[method]
        asked = kind.Request.FromString(request)
        if asked.type_name in NOT_AT_MOTO:
            return addon(request)
        deletes = method == "ApplyResourceChange" and decode(asked.planned_state.msgpack) is None
        if deletes and asked.type_name == "aws_eks_cluster":
            aws.client("eks", region).delete_cluster(name=decode(asked.prior_state.msgpack)["name"])
            return bytes(protocol.ApplyResourceChange.Response(new_state=asked.planned_state).SerializeToString())
        return None

    return answer


def _wait_until_ready(aws: EmulatedAws, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < end:
        try:
            _answer(urllib.request.Request(f"{aws.endpoint}/moto-api/data.json"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the emulated AWS did not start")


def _answer(request: urllib.request.Request) -> None:
    # A proxy for the rest of the world has nothing to do with this.
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).close()
