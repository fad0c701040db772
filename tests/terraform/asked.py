"""A provider for the program that asks providers: it replaces, refuses, hangs and ends as real ones do.

It is a process of its own, started by a launcher that `write_launcher` writes. It decides what is replaced by the
resource's type; `SCHEMA` says what types there are.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path

from tests.terraform.force_new import Place
from tests.terraform.provider import handlers, new_server
from tests.terraform.resources import ResourceError, Resources
from tests.terraform.schema import REPOSITORY, ProviderSchema, SourceAddress
from tests.terraform.schema_message import schema_message
from tests.terraform.values import Value, is_unknown

TEXT, NUMBER, BOOL, TEXTS = "string", "number", "bool", ["set", "string"]
NAME = {"type": TEXT, "required": True}
ID = {"type": TEXT, "computed": True}


def optional(kind: object) -> dict[str, object]:
    return {"type": kind, "optional": True}


RULE = {"attributes": {"port": {"type": NUMBER, "required": True}, "note": optional(TEXT)}}
THING = {
    "attributes": {
        "id": ID,
        "stamp": {"type": TEXT, "computed": True},
        "name": NAME,
        "kind": optional(TEXT),
        "cidr": optional(TEXT),
        "size": optional(NUMBER),
        "protected": optional(BOOL),
        "zones": optional(TEXTS),
        "tags": optional(["map", TEXT]),
        "place": {"type": TEXT, "optional": True, "computed": True},
        "odd": optional(TEXT),
    },
    "block_types": {
        "rule": {"nesting_mode": "set", "block": RULE},
        "options": {"nesting_mode": "list", "max_items": 1, "block": {"attributes": {"fast": optional(BOOL)}}},
    },
}
BROKEN = {"attributes": {"id": ID, "name": NAME, "first": optional(TEXT), "other": optional(TEXT)}}
RESOURCES = {"asked_crashes": BROKEN, "asked_hangs": BROKEN, "asked_thing": THING}
SCHEMA = ProviderSchema(
    address=SourceAddress("example", "asked"),
    version="0.1.0",
    provider={"version": 0, "block": {"attributes": {"url": optional(TEXT), "region": optional(TEXT)}}},
    resources={name: {"version": 0, "block": block} for name, block in RESOURCES.items()},
    data_sources={},
)
KINDS = ("small", "large")


class Asked(Resources):
    """Resources of which some arguments replace them, under conditions that no schema has."""

    def problems(self, type_name: str, configured: Value) -> Iterable[ResourceError]:
        if type_name != "asked_thing":
            return
        if configured["kind"] not in (None, *KINDS):
            listed = " ".join(f'"{kind}"' for kind in KINDS)
            yield ResourceError(f"expected kind to be one of [{listed}], got {configured['kind']}", ("kind",))
        if configured["size"] is not None and not 8 <= configured["size"] <= 10:
            yield ResourceError(f"expected size to be in the range (8 - 10), got {configured['size']}", ("size",))
        if configured["odd"] is not None:
            yield ResourceError("nobody knows what odd must be", ("odd",))

    def plan(self, message: bytes) -> bytes:
        for word, harm in ((b"asked_hangs", lambda: time.sleep(60)), (b"asked_crashes", lambda: os._exit(3))):
            # What is written is the packed form: a key, and a text that is not nil.
            if word in message and b"\xa5first\xc0" not in message:
                harm()
        return super().plan(message)

    def replacing(self, type_name: str, prior: Value, planned: Value) -> Iterable[Place]:
        if type_name == "asked_thing":
            for name in ("name", "kind", "zones"):
                if prior[name] != planned[name]:
                    yield (name,)
            if prior["cidr"] != planned["cidr"] and not _widened(prior["cidr"], planned["cidr"]):
                yield ("cidr",)
            if prior["protected"] and not planned["protected"]:
                yield ("protected",)
            if [rule["port"] for rule in prior["rule"]] != [rule["port"] for rule in planned["rule"]]:
                yield ("rule",)


def _widened(old: Value, new: Value) -> bool:
    return bool(old and new and not is_unknown(new) and ip_network(old).subnet_of(ip_network(new)))


def write_launcher(folder: Path) -> Path:
    """Write the executable that is this provider, and return it."""
    launcher = folder / "terraform-provider-asked_v0.1.0"
    path = [str(REPOSITORY), *(entry for entry in sys.path if entry)]
    launcher.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:0] = {json.dumps(path)}\n"
        "from tests.terraform.asked import serve\nserve()\n",
        encoding="utf-8",
    )
    launcher.chmod(0o755)
    return launcher


def serve() -> None:
    """Serve the provider until it is ended."""
    resources = Asked(SCHEMA)
    server = new_server()
    methods = {
        "GetProviderSchema": lambda _: schema_message(SCHEMA),
        "ConfigureProvider": lambda _: b"",
        "ValidateResourceConfig": resources.validate,
        "PlanResourceChange": resources.plan,
    }
    server.add_generic_rpc_handlers((handlers("tfplugin6.Provider", methods),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"1|6|tcp|127.0.0.1:{port}|grpc", flush=True)
    threading.Event().wait()
