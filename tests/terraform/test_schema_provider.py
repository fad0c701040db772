"""The schema providers behind the real terraform: right roots pass, and each kind of mistake is named."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.root import RIGHT_ROOTS, Diagnostic, Root
from tests.terraform.schema import MORE


@dataclass(frozen=True)
class Mistake:
    """A text of a right root, what it is changed into, and what terraform then says."""

    root: str
    right: str
    wrong: str
    summary: str
    detail: str


MISTAKES = {
    "misspelt argument": Mistake(
        "aws",
        'cidr_block = "10.0.0.0/16"',
        'cidr_blok = "10.0.0.0/16"',
        "Unsupported argument",
        'An argument named "cidr_blok" is not expected here. Did you mean "cidr_block"?',
    ),
    "argument removed from a nested block": Mistake(
        "azurerm",
        'network_plugin = "azure"',
        'network_plugin     = "azure"\n    docker_bridge_cidr = "172.17.0.1/16"',
        "Unsupported argument",
        'An argument named "docker_bridge_cidr" is not expected here.',
    ),
    "argument removed": Mistake(
        "google",
        'ip_cidr_range = "10.0.0.0/20"',
        'ip_cidr_range = "10.0.0.0/20"\n  enable_flow_logs = true',
        "Unsupported argument",
        'An argument named "enable_flow_logs" is not expected here.',
    ),
    "argument renamed": Mistake(
        "azuread",
        "client_id",
        "application_id",
        "Unsupported argument",
        'An argument named "application_id" is not expected here.',
    ),
    "argument of the provider": Mistake(
        "azurerm",
        "features {}",
        "features {}\n  skip_provider_registration = true",
        "Unsupported argument",
        'An argument named "skip_provider_registration" is not expected here.',
    ),
    "argument of a data source": Mistake(
        "aws",
        'state = "available"',
        'status = "available"',
        "Unsupported argument",
        'An argument named "status" is not expected here.',
    ),
    "missing argument": Mistake(
        "aws",
        "  vpc_id            = aws_vpc.this.id\n",
        "",
        "Missing required argument",
        'The argument "vpc_id" is required, but no definition was found.',
    ),
    "unknown block": Mistake(
        "google",
        "secondary_ip_range {",
        "secondary_range {",
        "Unsupported block type",
        'Blocks of type "secondary_range" are not expected here.',
    ),
    "missing block": Mistake(
        "azurerm",
        'node_provisioning_profile {\n    mode = "Manual"\n  }\n',
        "",
        "Insufficient node_provisioning_profile blocks",
        'At least 1 "node_provisioning_profile" blocks are required.',
    ),
    "block too many": Mistake(
        "azurerm",
        'identity {\n    type = "SystemAssigned"\n  }\n',
        'identity {\n    type = "SystemAssigned"\n  }\n  identity {\n    type = "SystemAssigned"\n  }\n',
        "Too many identity blocks",
        'No more than 1 "identity" blocks are allowed',
    ),
    "wrong type": Mistake(
        "kurrentcloud",
        'routes                 = ["10.0.0.0/16"]',
        'routes                 = "10.0.0.0/16"',
        "Incorrect attribute value type",
        'Inappropriate value for attribute "routes": set of string required.',
    ),
    "wrong type inside an object": Mistake(
        "aws",
        'cidr_block = "0.0.0.0/0"',
        'cidr_block = ["0.0.0.0/0"]',
        "Incorrect attribute value type",
        'Inappropriate value for attribute "cidr_block": string required.',
    ),
    "attribute that does not exist": Mistake(
        "eventstorecloud",
        "eventstorecloud_project.this.id",
        "eventstorecloud_project.this.identifier",
        "Unsupported attribute",
        'This object has no argument, nested block, or exported attribute named "identifier".',
    ),
    "unknown resource": Mistake(
        "eventstorecloud",
        'resource "eventstorecloud_project"',
        'resource "eventstorecloud_projekt"',
        "Invalid resource type",
        'The provider eventstore/eventstorecloud does not support resource type "eventstorecloud_projekt".',
    ),
}


@pytest.mark.parametrize("name", RIGHT_ROOTS)
def test_right_root_is_valid(name: str, tmp_path: Path, from_mirror: Mapping[str, str]) -> None:
    assert Root.copy(name, tmp_path, from_mirror).validate() == []


@pytest.mark.parametrize("name", RIGHT_ROOTS)
def test_schema_is_served_whole(name: str, tmp_path: Path, schemas: Path, from_servers: Mapping[str, str]) -> None:
    root = Root.copy(name, tmp_path, from_servers)
    root.succeed("init")
    (file,) = schemas.glob(f"*__{name}__*.json")

    served = without_descriptions(json.loads(root.succeed("providers", "schema", "-json")))

    recorded = json.loads(file.read_text(encoding="utf-8"))
    if (more := MORE / file.name).is_file():
        for address, schemas_of in json.loads(more.read_text(encoding="utf-8"))["provider_schemas"].items():
            for kind, by_type in schemas_of.items():
                recorded["provider_schemas"][address][kind].update(by_type)
    assert served == recorded


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_named(mistake: Mistake, tmp_path: Path, from_servers: Mapping[str, str]) -> None:
    root = Root.copy(mistake.root, tmp_path, from_servers)
    root.replace(mistake.right, mistake.wrong)

    found = root.validate()

    assert any(is_about(mistake, diagnostic) for diagnostic in found), found


def without_descriptions(schema: Any) -> Any:
    """The printed schema as the schema files keep it: they leave out what is only there to be read."""
    if isinstance(schema, dict):
        return {key: without_descriptions(item) for key, item in schema.items() if key != "description_kind"}
    return [without_descriptions(item) for item in schema] if isinstance(schema, list) else schema


def is_about(mistake: Mistake, found: Diagnostic) -> bool:
    return (found.severity, found.summary) == ("error", mistake.summary) and mistake.detail in found.detail
