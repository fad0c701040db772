"""The configurations that escscaffold itself writes, with stand-ins for all providers but that of AWS."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner

from escscaffold.cli import cli
from escscaffold.clouds.fact_files import load_cloud, mode_names
from tests.emitted.guide import init_flags
from tests.reviewing.truth.changing import Schemas
from tests.reviewing.truth.driving import Configuration
from tests.terraform.attached import Servers, schema_providers
from tests.terraform.schema import Json, ProviderSchema, schema_files, schema_folder
from tests.terraform.store import Store

MODES = tuple(
    name
    for name, cloud in sorted(mode_names().items())
    if load_cloud(cloud).modes[name].parts.get("network") != ("existing",)
)
"""Modes in which nothing is looked up that somebody else created."""
REAL = "hashicorp/aws"


def emitted(folder: Path, modes: Sequence[str] = MODES) -> list[Configuration]:
    """Write a repository for each mode below the folder."""
    found = []
    for mode in modes:
        done = CliRunner().invoke(cli, ["init", str(folder / mode), *init_flags(mode)], prog_name="escscaffold")
        assert done.exit_code == 0, done.output
        found.append(Configuration(mode, folder / mode, "environments/prod"))
    return found


@contextmanager
def stand_ins(folder: Path) -> Iterator[tuple[Servers, Schemas]]:
    """Serve stand-ins for all providers but the real one, and return their schemas; resources lie in the folder."""
    found = [ProviderSchema.read(file) for file in schema_files(schema_folder())]
    kept = [schema for schema in found if f"{schema.address.namespace}/{schema.address.name}" != REAL]
    schemas = {name: {"block": _in_full(schema["block"])} for one in kept for name, schema in one.resources.items()}
    with schema_providers(schema_folder(), Store(folder)) as servers:
        yield {address: server for address, server in servers.items() if not address.endswith(REAL)}, schemas


def _in_full(block: Json) -> Json:
    """Return a block of a schema with all that a file leaves out: what is false, zero or empty."""
    usual = {"type": "dynamic", "required": False, "optional": False, "computed": False}
    nested = block.get("block_types", {})
    return {
        "attributes": {name: {**usual, **attribute} for name, attribute in block.get("attributes", {}).items()},
        "block_types": {
            name: {"min_items": 0, "max_items": 0, **one, "block": _in_full(one["block"])}
            for name, one in nested.items()
        },
    }
