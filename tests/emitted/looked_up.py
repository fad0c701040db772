"""What an environment looks up, for stand-ins to find it: what its own tests make of it, and what Kurrent Cloud has."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hcl2
from hcl2.utils import SerializationOptions

from tests.terraform.store import Store

_SUBNET = "azurerm_subnet"


def exists(root: Path, store: Store, kurrent: str) -> None:
    """Put into the store what the data sources of a root module find; `kurrent` is the name of Kurrent's provider."""
    text = (root / "tests/addresses.tftest.hcl").read_text(encoding="utf-8")
    mocks = hcl2.loads(text, serialization_options=SerializationOptions(strip_string_quotes=True))
    project = {"id": "c0project", "name": "shared"}
    store.keep("project", project["id"], project)
    found = list(_found(mocks))
    for number, (type_name, values) in enumerate(found):
        if type_name == _SUBNET:
            # A mock answers for all of a module's subnets; what is stood in for, by name.
            values["name"] = f"subnet-{number}"
        if "subnets" in values:
            values["subnets"] = [f"subnet-{index}" for index, (kind, _) in enumerate(found) if kind == _SUBNET]
        if type_name == f"{kurrent}_network":
            store.keep(
                "network", "c0network", {**values, "id": "c0network", "name": "shared", "project_id": "c0project"}
            )
        else:
            store.keep(f"data.{type_name}", str(number), values)


def _found(mocks: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what data sources of a type find, by the mocks and overrides of a file of tests."""
    for named in mocks.get("mock_provider", []):
        (provider,) = (value for name, value in named.items() if not name.startswith("__"))
        for mock in provider.get("mock_data", []):
            ((type_name, body),) = ((name, body) for name, body in mock.items() if not name.startswith("__"))
            yield type_name, body["defaults"]
    for override in mocks.get("override_data", []):
        yield override["target"].strip("${}").split(".")[-2], override["values"]


def changes_in(shown: str) -> dict[str, Any]:
    """Return what a plan's JSON has of each resource and output, without the program and the providers' addresses."""
    document = json.loads(shown)
    resources = {
        change["address"]: {key: change["change"].get(key) for key in ("actions", "after", "after_unknown")}
        for change in document["resource_changes"]
    }
    return {"resources": resources, "outputs": document["output_changes"]}
