"""The examples of docs/how-to/custom-tf.md, each in the modes that it names: Terraform validates them beside ours."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.guide import GUIDE, init_flags
from tests.properties import some_of
from tests.terraform.attached import attached_in, reattaching, schema_providers
from tests.terraform.schema import schema_files, schema_folder

PAGE = Path(__file__).parents[2] / "docs/how-to/custom-tf.md"
OWN = Path(__file__).with_name("own")
FEDERATED = "azurerm_federated_identity_credential"
# The options that examples name.
IRSA = ("--set", "options.irsa=true")
AUTOSCALER = ("--set", "options.scaling=autoscaler")
ASKED_FOR = {"eks": (*IRSA, *AUTOSCALER), "eks-auto": IRSA, "eks-custom": (*IRSA, *AUTOSCALER)}
EVERY_MODE = "every mode"
_EXAMPLE = re.compile(r"^```hcl\n# environments/prod/(\w+)\.tf: ([\w, -]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [(name, modes.split(", "), text) for name, modes, text in _EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))]
MODES = sorted({mode for _, modes, _ in EXAMPLES for mode in modes} - {EVERY_MODE})


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment of Terraform with the providers that only `custom.tf` uses."""
    if not schema_folder().is_dir():
        yield terraform_environment
        return
    folder = tmp_path_factory.mktemp("own")
    for file in schema_files(OWN):
        (folder / file.name).write_text(file.read_text())
    for file in schema_files(schema_folder()):
        if file.name.startswith("hashicorp__azurerm__"):
            document = json.loads(file.read_text())
            ((_, schema),) = document["provider_schemas"].items()
            schema["resource_schemas"][FEDERATED] = json.loads((OWN / "federated_identity_credential.json").read_text())
            (folder / file.name).write_text(json.dumps(document))
    with schema_providers(folder) as servers:
        yield terraform_environment | reattaching(attached_in(terraform_environment) | dict(servers))


def modes_with_every_example() -> list[str]:
    """Return few modes that have all examples together."""
    has = {mode: {number for number, (_, modes, _) in enumerate(EXAMPLES) if mode in modes} for mode in MODES}
    left, picked = set[int]().union(*has.values()), list[str]()
    while left:
        picked.append(max(MODES, key=lambda mode: len(has[mode] & left)))
        left -= has[picked[-1]]
    return picked


@pytest.mark.parametrize("mode", some_of(MODES, *modes_with_every_example()))
def test_terraform_validates_the_examples(mode: str, tmp_path: Path, run: Run, beside: dict[str, str]) -> None:
    repository = tmp_path / "network"
    written = run("init", repository, *init_flags(mode), *ASKED_FOR.get(mode, ()))
    assert written.exit_code == 0, written.output
    root = repository / "environments/prod"
    for number, (name, modes, text) in enumerate(EXAMPLES):
        if {mode, EVERY_MODE} & set(modes):
            (root / f"{number}_{name}.tf").write_text(text)
    terraform: Terraform = terraform_in(beside)

    terraform(root, "fmt", "-check")
    terraform(root, "init", "-backend=false", "-input=false")
    terraform(root, "validate")


def test_every_example_is_validated_somewhere() -> None:
    fences = PAGE.read_text(encoding="utf-8").count("```hcl\n")

    assert len(EXAMPLES) == fences
    assert set(MODES) <= set(GUIDE)
    assert {mode for mode in GUIDE if not mode.endswith("-existing")} == set(MODES)
