"""An option of a mode changes which modules are written, and how they are called."""

from pathlib import PurePosixPath

import hcl2
import pytest
from hcl2.utils import SerializationOptions

from escscaffold import plan, read_spec, render
from tests.planning.conftest import environment

RANGES = {"network": "172.16.0.0/16", "pods-1": "100.64.0.0/18", "pods-2": "100.64.128.0/18"}


def files_of(snat: bool | None) -> dict[str, str]:
    text = "version = 1\n" + environment("prod", "eks-custom", RANGES, routes="exact")
    if snat is not None:
        text += f"[environments.prod.options]\nsnat = {str(snat).lower()}\n"
    return {path: file.text for path, file in render(plan(read_spec(text))).items()}


def modules_in(files: dict[str, str]) -> set[str]:
    return {PurePosixPath(path).parts[1] for path in files if path.startswith("modules/") and path.count("/") > 1}


def test_an_option_that_is_left_out_has_its_default() -> None:
    assert files_of(None) == files_of(True)


def test_nat_gateways_are_written_only_where_pods_keep_their_address() -> None:
    common = {
        "kurrent-database-protected",
        "kurrent-network",
        "kurrent-peering",
        "aws-flow-logs",
        "aws-network",
        "aws-pod-subnets",
        "eks-addons",
        "eks-custom",
        "eks-nodes",
        "aws-peering",
    }

    assert modules_in(files_of(True)) == common
    assert modules_in(files_of(False)) == common | {"aws-pod-nat"}


@pytest.mark.parametrize("snat", [True, False])
def test_the_network_plugin_is_set_up_before_the_first_node(snat: bool) -> None:
    text = files_of(snat)["modules/eks-custom/outputs.tf"]
    outputs = hcl2.loads(text, serialization_options=SerializationOptions(strip_string_quotes=True))["output"]

    (for_nodes,) = [one["for_nodes"] for one in outputs if "for_nodes" in one]

    assert "${aws_eks_addon.network_plugin}" in for_nodes["depends_on"]


@pytest.mark.parametrize(("value", "module"), [("true", "kurrent-database-protected"), ("false", "kurrent-database")])
def test_a_setting_that_selects_a_module_is_no_argument(value: str, module: str) -> None:
    table = f'[environments.prod.database]\nprevent_destroy = {value}\ninstance_type = "m8"\n'
    text = "version = 1\n" + environment("prod", "eks-custom", RANGES, routes="exact") + table

    files = {path: file.text for path, file in render(plan(read_spec(text))).items()}

    root = {name: files[f"environments/prod/{name}"] for name in ("main.tf", "variables.tf", "terraform.tfvars")}
    assert f'"../../modules/{module}"' in root["main.tf"]
    assert "instance_type" in root["variables.tf"]
    assert "instance_type" in root["terraform.tfvars"]
    assert not [name for name, text in root.items() if "prevent_destroy" in text]
