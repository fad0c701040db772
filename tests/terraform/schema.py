"""Finds and reads provider schemas, one `terraform providers schema -json` file for each provider.

It decides where the files are and what their names mean. It does not know Terraform's plugin protocol.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

FOLDER_VARIABLE = "ESCSCAFFOLD_PROVIDER_SCHEMAS"
# The registries of Terraform and of OpenTofu.
HOSTS = ("registry.terraform.io", "registry.opentofu.org")
REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).with_name("schemas")
# Types that are emitted and that the files of the folder lack, taken from the same versions of the providers.
# hashicorp/time is written after its source (internal/provider/resource_time_sleep.go, read 2026-11-29), and not asked.
MORE = Path(__file__).with_name("more_schemas")

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class SourceAddress:
    """A provider's place in a registry; the registry's host is left out, for it differs between tools."""

    namespace: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "SourceAddress":
        """Read `namespace/name`, with or without a host before it, in any case."""
        *_, namespace, name = text.lower().split("/")
        return cls(namespace, name)


@dataclass(frozen=True)
class ProviderSchema:
    """All that one version of a provider says about its configuration, resources and data sources."""

    address: SourceAddress
    version: str
    provider: Json
    resources: Mapping[str, Json]
    data_sources: Mapping[str, Json]

    @classmethod
    def read(cls, file: Path) -> "ProviderSchema":
        """Read one file named `<namespace>__<name>__<version>.json`; only its name tells the version."""
        address, schema = _read(file)
        more = _read(MORE / file.name)[1] if (MORE / file.name).is_file() else {}
        return cls(
            address=SourceAddress.parse(address),
            version=file.stem.rpartition("__")[2],
            provider=schema["provider"],
            resources=more.get("resource_schemas", {}) | schema.get("resource_schemas", {}),
            data_sources=more.get("data_source_schemas", {}) | schema.get("data_source_schemas", {}),
        )


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    """Return a provider's address and its schema."""
    ((address, schema),) = json.loads(file.read_text(encoding="utf-8"))["provider_schemas"].items()
    return address, schema


def schema_folder() -> Path:
    """The folder of schema files: the one the environment names, else the one beside this file."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else FOLDER


def schema_of(address: str) -> ProviderSchema | None:
    """The schema of the provider with this source address, where there is one."""
    found = [file for file in schema_files(schema_folder()) if file.stem.startswith(address.replace("/", "__"))]
    return ProviderSchema.read(found[-1]) if found else None


def schema_files(folder: Path) -> list[Path]:
    """Every schema file in the folder. None at all is an error, not an empty mirror."""
    files = sorted(folder.glob("*__*__*.json"))
    if not files:
        raise FileNotFoundError(f"no provider schemas in {folder}; {FOLDER_VARIABLE} can name another folder")
    here = {file.name for file in files}
    return files + [
        file for file in sorted(MORE.glob("*.json")) if file.name not in here and "provider" in _read(file)[1]
    ]
