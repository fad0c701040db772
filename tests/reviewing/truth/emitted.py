"""The configurations that escscaffold itself writes, with a stand-in for Kurrent Cloud."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner

from escscaffold.cli import cli
from tests.emitted.guide import init_flags
from tests.reviewing.truth.driving import Configuration
from tests.terraform.attached import Servers, schema_providers
from tests.terraform.schema import schema_folder
from tests.terraform.store import Store

MODES = ("eks", "eks-custom")


def emitted(folder: Path, modes: Sequence[str] = MODES) -> list[Configuration]:
    """Write a repository for each mode below the folder."""
    found = []
    for mode in modes:
        done = CliRunner().invoke(cli, ["init", str(folder / mode), *init_flags(mode)], prog_name="escscaffold")
        assert done.exit_code == 0, done.output
        found.append(Configuration(mode, folder / mode, "environments/prod"))
    return found


@contextmanager
def kurrent_cloud(folder: Path) -> Iterator[Servers]:
    """Serve what stands in for the other providers; what it makes lies in the folder."""
    with schema_providers(schema_folder(), Store(folder)) as servers:
        yield {address: server for address, server in servers.items() if not address.endswith("hashicorp/aws")}
