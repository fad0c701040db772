"""The versions that what escscaffold writes asks for: Terraform installs providers that they admit."""

from pathlib import Path

import hcl2
from hcl2.utils import SerializationOptions

from tests.conftest import Run
from tests.emitted.guide import GUIDE, KURRENT_PROVIDERS, init_flags
from tests.terraform.mirror import build_mirror, mirrored
from tests.terraform.root import Root, require, require_terraform
from tests.terraform.schema import SourceAddress, schema_folder


def test_a_provider_that_every_mode_admits_is_installed(tmp_path: Path, run: Run) -> None:
    require_terraform()
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    constraints: dict[SourceAddress, set[str]] = {}
    for mode in GUIDE:
        for provider in KURRENT_PROVIDERS:
            folder = tmp_path / mode / provider
            run("init", folder, *init_flags(mode), "--set", f"provider={provider}")
            for file in folder.rglob("versions.tf"):
                for source, version in asked_for(file):
                    constraints.setdefault(SourceAddress.parse(source), set()).add(version)
    assert len(constraints) >= 6
    (tmp_path / "root").mkdir()
    root = Root(tmp_path / "root", mirrored(build_mirror(tmp_path / "mirror", schemas=schema_folder())))
    root.write("main.tf", required(constraints))

    told = root.succeed("init", "-backend=false")

    for address in constraints:
        assert f"Installed {address.namespace}/{address.name} v" in told


def asked_for(file: Path) -> list[tuple[str, str]]:
    """The source and the version of each provider that a file requires."""
    text = file.read_text(encoding="utf-8")
    (settings,) = hcl2.loads(text, serialization_options=SerializationOptions(strip_string_quotes=True))["terraform"]
    blocks = settings.get("required_providers", [])
    providers = [body for block in blocks for name, body in block.items() if not name.startswith("__")]
    return [(body["source"], body.get("version", "")) for body in providers]


def required(constraints: dict[SourceAddress, set[str]]) -> str:
    """A root module that asks for all of this at once; each comma is an `and`."""
    entries = "".join(
        f'    {a.name} = {{\n      source  = "{a.namespace}/{a.name}"\n      version = "{together(versions)}"\n    }}\n'
        for a, versions in constraints.items()
    )
    return f"terraform {{\n  required_providers {{\n{entries}  }}\n}}\n"


def together(versions: set[str]) -> str:
    return ", ".join(sorted(version for version in versions if version))
