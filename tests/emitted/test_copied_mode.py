"""A mode or a cloud is a folder of data and templates: a copy under another name is planned, written and accepted."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import escscaffold
from tests.conftest import Terraform, terraform_in
from tests.emitted.guide import GUIDE
from tests.emitted.judging import accept
from tests.properties import some_of

PACKAGE = Path(escscaffold.__file__).parent
TEMPLATES = PACKAGE.parent / "templates"

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def terraform(terraform_environment: dict[str, str]) -> Terraform:
    """One program is enough: what is written here differs from a mode's own files in names alone."""
    return terraform_in(terraform_environment)


@pytest.fixture
def copied(tmp_path: Path) -> tuple[Path, Command]:
    """Return templates of one's own, and escscaffold as a checkout that has them."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    shutil.copytree(TEMPLATES, checkout / "templates")
    (checkout / "escscaffold").symlink_to(PACKAGE)

    def command(*arguments: str | Path, exit_code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "escscaffold", *map(str, arguments)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done

    return checkout / "templates", command


def copy_mode(templates: Path, cloud: str, mode: str, name: str) -> None:
    modes = templates / cloud / "modes"
    shutil.copytree(modes / mode, modes / name)
    shutil.copy(modes / f"{mode}.toml", modes / f"{name}.toml")


def flags_of(mode: str) -> list[str]:
    """Return the guide's numbers without the mode's cloud."""
    flags = GUIDE[mode]
    at = flags.index("--cloud")
    return [*flags[:at], *flags[at + 2 :]]


COPIED = some_of([("aws", "eks"), ("azure", "aks-kubenet"), ("gcp", "gke-standard")], ("aws", "eks"))


@pytest.mark.parametrize(("cloud", "mode"), COPIED)
def test_a_copied_mode_is_planned_written_and_accepted(
    cloud: str, mode: str, copied: tuple[Path, Command], tmp_path: Path, terraform: Terraform
) -> None:
    templates, command = copied
    copy_mode(templates, cloud, mode, "copied")
    asked = ["--cloud", cloud, *flags_of(mode)]

    known, planned = (
        json.loads(command("plan", "--mode", name, *asked, "--json").stdout)["environments"]
        for name in (mode, "copied")
    )
    command("init", "network", "--environment", "prod", "--mode", "copied", *asked, "--yes")

    (own,), (other,) = planned.values(), known.values()
    assert {**own, "mode": mode} == other
    command("check", "-C", "network")
    accept(terraform, tmp_path / "network")


def test_a_copied_cloud_is_planned_written_and_accepted(
    copied: tuple[Path, Command], tmp_path: Path, terraform: Terraform
) -> None:
    templates, command = copied
    shutil.copytree(templates / "gcp", templates / "fourth")
    modes = templates / "fourth" / "modes"
    # A mode's name means one cloud.
    for file in sorted(modes.glob("*.toml")):
        (modes / file.stem).rename(modes / f"fourth-{file.stem}")
        file.rename(modes / f"fourth-{file.name}")
    facts = templates / "fourth" / "cloud.toml"
    facts.write_text(facts.read_text().replace('default_mode = "', 'default_mode = "fourth-'))

    flags = ["--cloud", "fourth", *flags_of("gke-standard"), "--yes"]
    command("init", "network", "--environment", "prod", "--mode", "fourth-gke-standard", *flags)

    command("check", "-C", "network")
    assert "fourth europe-west2 fourth-gke-standard" in (tmp_path / "network/escscaffold.lock").read_text()
    accept(terraform, tmp_path / "network")


def test_no_template_asks_for_the_name_of_a_mode() -> None:
    templates = [path for path in TEMPLATES.rglob("*") if path.suffix == ".j2"]

    assert [path.name for path in templates if "mode.name" in path.read_text()] == []


def test_a_mode_without_its_template_is_told_as_the_mistake_of_its_author(
    copied: tuple[Path, Command], tmp_path: Path
) -> None:
    templates, command = copied
    copy_mode(templates, "gcp", "gke-standard", "copied")
    (templates / "gcp/modes/copied/main.tf.j2").unlink()

    flags = ["--mode", "copied", "--cloud", "gcp", *flags_of("gke-standard"), "--yes"]
    done = command("init", "network", "--environment", "prod", *flags, exit_code=1)

    assert done.stderr.endswith(
        "ValueError: templates/gcp/modes/copied/main.tf.j2 is missing: a mode has a root module\n"
    )
    assert not (tmp_path / "network").exists()


def test_a_module_that_the_mode_does_not_name_is_told_as_the_mistake_of_its_author(
    copied: tuple[Path, Command], tmp_path: Path
) -> None:
    templates, command = copied
    copy_mode(templates, "gcp", "gke-standard", "copied")
    facts = templates / "gcp/modes/copied.toml"
    facts.write_text(facts.read_text().replace('"gcp-network", ', "", 1))

    flags = ["--mode", "copied", "--cloud", "gcp", *flags_of("gke-standard"), "--yes"]
    done = command("init", "network", "--environment", "prod", *flags, exit_code=1)

    assert "ValueError: copied: main.tf calls ['gcp-network'], and copied.toml names" in done.stderr
    assert not (tmp_path / "network").exists()
