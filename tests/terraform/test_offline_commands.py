"""What else terraform does with schema providers alone: test with mocks, plan, apply; and real providers."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.terraform.mirror import build_mirror, mirrored
from tests.terraform.root import RIGHT_ROOTS, Root

MOCKED_TEST = """
mock_provider "kurrentcloud" {
  mock_resource "kurrentcloud_peering" {
    defaults = {
      provider_metadata = { aws_peering_link_id = "pcx-0123456789abcdef0" }
    }
  }
}

run "peering" {
  assert {
    condition     = output.link == "LINK"
    error_message = "not the link of the mock"
  }
}
"""


def test_mocked_test_passes(tmp_path: Path, from_mirror: Mapping[str, str]) -> None:
    root = Root.copy("kurrentcloud", tmp_path, from_mirror)
    root.write("peering.tftest.hcl", MOCKED_TEST.replace("LINK", "pcx-0123456789abcdef0"))
    root.succeed("init")

    assert "1 passed, 0 failed" in root.succeed("test")


def test_mocked_test_fails(tmp_path: Path, from_servers: Mapping[str, str]) -> None:
    root = Root.copy("kurrentcloud", tmp_path, from_servers)
    root.write("peering.tftest.hcl", MOCKED_TEST.replace("LINK", "another"))
    root.succeed("init")

    done = root.run("test", "-no-color")

    assert done.returncode == 1
    assert "not the link of the mock" in done.stderr


@pytest.mark.parametrize("name", RIGHT_ROOTS)
def test_plan_leaves_computed_values_unknown(name: str, tmp_path: Path, from_servers: Mapping[str, str]) -> None:
    root = Root.copy(name, tmp_path, from_servers)
    root.succeed("init")

    printed = root.succeed("plan")

    assert "+ id " in printed
    assert "(known after apply)" in printed
    assert "0 to change, 0 to destroy" in printed


def test_apply_is_repeatable(tmp_path: Path, from_servers: Mapping[str, str]) -> None:
    root = Root.copy("aws", tmp_path, from_servers)
    root.succeed("init")
    root.succeed("apply", "-auto-approve")
    made_up = root.succeed("output", "vpc")
    assert "No changes." in root.succeed("plan")

    root.replace('name     = "example"', 'name     = "renamed"')
    assert "0 to add, 1 to change, 0 to destroy" in root.succeed("plan")

    root.succeed("destroy", "-auto-approve")
    root.succeed("apply", "-auto-approve")
    assert root.succeed("output", "vpc") == made_up


def test_real_provider_stands_in(tmp_path: Path, schemas: Path, cli_configuration: Path) -> None:
    # For Terraform a schema provider of another version is as real as any.
    mirror = cli_configuration.parent / "mirror"
    (package,) = mirror.glob("registry.terraform.io/hashicorp/google/*/*")
    given = tmp_path / "99.1.0"
    shutil.copytree(package, given / package.name)

    configuration = build_mirror(tmp_path / "mirror", schemas=schemas, real={"hashicorp/google": given})

    (tmp_path / "root").mkdir()
    root = Root.copy("google", tmp_path / "root", mirrored(configuration))
    assert "Installed hashicorp/google v99.1.0" in root.succeed("init")
    assert root.validate() == []


def test_mirror_can_be_built_again(tmp_path: Path, schemas: Path) -> None:
    first = build_mirror(tmp_path, schemas=schemas)
    files = sorted(tmp_path.rglob("*"))

    assert build_mirror(tmp_path, schemas=schemas) == first
    assert sorted(tmp_path.rglob("*")) == files


def test_somebodys_folder_is_left_alone(tmp_path: Path, schemas: Path) -> None:
    (tmp_path / "mirror").mkdir()

    with pytest.raises(FileExistsError, match="not part of a mirror"):
        build_mirror(tmp_path, schemas=schemas)

    assert list(tmp_path.iterdir()) == [tmp_path / "mirror"]


def test_folder_without_schemas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no provider schemas in"):
        build_mirror(tmp_path / "mirror", schemas=tmp_path)
