"""Builds the filesystem mirror from which Terraform and OpenTofu take their providers without a network.

It decides the mirror's layout and the CLI configuration that points at it: a schema provider for every
schema file, a real provider where the caller has one. It does not know what the providers answer.
"""

import json
import platform
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.terraform.certificate import self_signed
from tests.terraform.provider import Service
from tests.terraform.schema import HOSTS, REPOSITORY, ProviderSchema, SourceAddress, schema_files
from tests.terraform.schema_message import schema_message

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def build_mirror(folder: Path, *, schemas: Path, real: Mapping[str, Path] | None = None) -> Path:
    """Write a mirror below the folder and return the CLI configuration file, for TF_CLI_CONFIG_FILE.

    `real` maps a source address, such as `hashicorp/aws`, to the unpacked version folder of the real
    provider; it stands in for the schema provider of that address. A mirror built there before is replaced.
    """
    folder = folder.resolve()
    linked = {SourceAddress.parse(address): path.resolve() for address, path in (real or {}).items()}
    mirror, served, configuration = folder / "mirror", folder / "served", folder / "terraform.rc"
    for old in (mirror, served):
        _remove_built_before(old, configuration)
    served.mkdir(parents=True)
    configuration.write_text(_cli_configuration(mirror), encoding="utf-8")
    _write_certificate(served)
    for file in schema_files(schemas.resolve()):
        schema = ProviderSchema.read(file)
        if schema.address not in linked:
            _add_schema_provider(mirror, served, file, schema)
    for address, version_folder in linked.items():
        _add_real_provider(mirror, address, version_folder)
    return configuration


def mirrored(configuration: Path) -> dict[str, str]:
    """The part of an environment that makes Terraform use the mirror with this CLI configuration."""
    return {"TF_CLI_CONFIG_FILE": str(configuration)}


def empty_mirror(folder: Path) -> Path:
    """Write a mirror without any provider, and return the CLI configuration file."""
    (folder / "mirror").mkdir()
    configuration = folder / "terraform.rc"
    configuration.write_text(_cli_configuration(folder / "mirror"), encoding="utf-8")
    return configuration


def _remove_built_before(old: Path, configuration: Path) -> None:
    """Remove a folder of an earlier mirror; the configuration beside it tells it from somebody's work."""
    if old.exists():
        if not configuration.exists():
            raise FileExistsError(f"{old} is there already, and is not part of a mirror")
        shutil.rmtree(old)


def _write_certificate(served: Path) -> None:
    made = self_signed()
    (served / "certificate.pem").write_bytes(made.certificate)
    key = served / "key.pem"
    key.touch(mode=0o600)
    key.write_bytes(made.key)


def _add_schema_provider(mirror: Path, served: Path, file: Path, schema: ProviderSchema) -> None:
    message = served / f"{file.stem}.bin"
    message.write_bytes(schema_message(schema))
    service = Service(file, message, served / "certificate.pem", served / "key.pem")
    for package in _packages(mirror, schema.address, schema.version):
        package.mkdir(parents=True)
        executable = package / f"terraform-provider-{schema.address.name}_v{schema.version}"
        executable.write_text(_launcher(service), encoding="utf-8")
        executable.chmod(0o755)


def _add_real_provider(mirror: Path, address: SourceAddress, version_folder: Path) -> None:
    unpacked = version_folder / _platform()
    if not unpacked.is_dir():
        raise FileNotFoundError(f"no provider for this platform at {unpacked}")
    for package in _packages(mirror, address, version_folder.name):
        package.parent.mkdir(parents=True)
        package.symlink_to(unpacked, target_is_directory=True)


def _packages(mirror: Path, address: SourceAddress, version: str) -> list[Path]:
    """The package folder of a provider's version below each registry's host."""
    return [mirror / host / address.namespace / address.name / version / _platform() for host in HOSTS]


def _platform() -> str:
    return f"{sys.platform}_{ARCHITECTURES[platform.machine()]}"


def _launcher(service: Service) -> str:
    paths = (service.schema, service.schema_message, service.certificate, service.key)
    return f"""#!{sys.executable}
import sys
from pathlib import Path

sys.path.insert(0, {str(REPOSITORY)!r})

from tests.terraform.provider import Service, serve

serve(Service({", ".join(f"Path({str(path)!r})" for path in paths)}))
"""


def _cli_configuration(mirror: Path) -> str:
    return f"""disable_checkpoint = true

provider_installation {{
  filesystem_mirror {{
    path = {json.dumps(str(mirror))}
  }}
}}
"""
