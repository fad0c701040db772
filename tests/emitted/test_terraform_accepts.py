"""The real terraform on what escscaffold writes: every mode of the guide, both Kurrent providers."""

import json
from pathlib import Path

import hcl2
import pytest
from hcl2.utils import SerializationOptions

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.formatting import formatted
from tests.emitted.guide import GUIDE, REMOTE, init_flags
from tests.emitted.judging import judge, judge_as_a_whole, listed_modules
from tests.properties import in_full, tries_more

# One mode is judged as the workflow does it, and the others in less time.
AS_A_WHOLE = ("eks", "gke-autopilot", "aks-kubenet") if tries_more() else ("gke-autopilot",)


@pytest.mark.parametrize("mode", GUIDE)
def test_terraform_formats_validates_and_tests_it(mode: str, tmp_path: Path, run: Run, terraform: Terraform) -> None:
    written = run("init", tmp_path / "network", *init_flags(mode))
    assert written.exit_code == 0, written.output

    judged = judge_as_a_whole if mode in AS_A_WHOLE else judge
    told = judged(terraform, tmp_path / "network")

    assert "Success!" in told
    assert " 0 failed" in told


@pytest.mark.parametrize("mode", GUIDE)
def test_terraform_reads_the_ranges_of_the_plan(mode: str, tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "network", *init_flags(mode))

    text = (tmp_path / "network/environments/prod/terraform.tfvars").read_text()
    values = hcl2.loads(text, serialization_options=SerializationOptions(strip_string_quotes=True))

    asked = dict(f.split("=") for f in GUIDE[mode] if "/" in f)
    assert values["ranges"].items() >= asked.items()
    assert values["remote"] == REMOTE.get(mode, values["remote"])


def test_several_clouds_live_in_one_repository(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    repository = tmp_path / "network"
    run("init", repository, *init_flags("gke-standard"))
    for name, mode in (("test", "gke-autopilot"), ("aws", "eks"), ("azure", "aks-cni")):
        added = run("add", name, "-C", repository, "--mode", mode, "--region", "eu-central-1", "--yes")
        assert added.exit_code == 0, added.output

    formatted(repository)
    for name in ("prod", "test", "aws", "azure"):
        root = repository / "environments" / name
        terraform(root, "init", "-backend=false", "-input=false")
        # Its tests validate it first.
        assert "Success!" in terraform(root, "test", "-filter=tests/peering.tftest.hcl").stdout


def test_exact_routes_reach_every_covered_range(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    flags = ["--mode", "gke-standard", "--range", "nodes=10.127.0.0/16", "--range", "pods=10.128.0.0/16"]
    run("init", tmp_path / "network", *flags, "--set", "routes=exact", "--yes")

    assert "Success!" in judge(terraform, tmp_path / "network", "prod", "addresses")
    text = (tmp_path / "network/environments/prod/terraform.tfvars").read_text()
    assert 'remote = ["10.127.0.0/16", "10.128.0.0/16"]' in text


# Without SNAT there are more of them: the way of the pods to the internet, and their routes.
# The real provider plans the addresses of those below; the rest is that of the mode, or of the matrix.
@pytest.mark.parametrize(
    ("snat", "tests"),
    [pytest.param("true", ["addresses"], id="snat"), pytest.param("false", [], id="no snat", marks=in_full)],
)
def test_pods_in_cidr_blocks_of_their_own_hold_in_three_zones(
    snat: str, tests: list[str], tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    flags = [*init_flags("eks-custom"), "--range", "nodes-3=172.16.128.0/18", "--range", "pods-3=100.66.0.0/17"]
    written = run("init", tmp_path / "network", *flags, "--set", f"options.snat={snat}", "--set", "routes=exact")
    assert written.exit_code == 0, written.output

    told = judge(terraform, tmp_path / "network", "prod", *tests)

    assert " 0 failed" in told
    assert (tmp_path / "network/modules/aws-pod-nat").exists() == (snat == "false")


@pytest.mark.parametrize(
    ("mode", "needs", "settings"),
    [
        pytest.param(
            "gke-standard",
            ["pods={ nodes = 60, pods_per_node = 64 }"],
            {"nodes_max": 60, "max_pods_per_node": 64},
            marks=in_full,
        ),
        pytest.param(
            "aks-podsubnet",
            ["pods={ nodes = 20, pods_per_node = 50, surge = 2 }"],
            {"nodes_max": 20, "nodes_surge": 2, "pods_per_node": 50},
            marks=in_full,
        ),
        ("eks", ["nodes-1={ nodes = 20 }", "nodes-2={ nodes = 20 }"], {"nodes_max": 40}),
    ],
)
def test_what_ranges_are_sized_for_is_what_the_cluster_may_become(
    mode: str, needs: list[str], settings: dict[str, int], tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    flags = [flag for need in needs for flag in ("--range", need)]
    written = run("init", tmp_path / "network", "--mode", mode, *flags, "--yes")
    assert written.exit_code == 0, written.output

    values = hcl2.loads((tmp_path / "network/environments/prod/terraform.tfvars").read_text())
    assert {key: value for key, value in values["kubernetes"].items() if not key.startswith("__")} == settings
    assert " 0 failed" in judge(terraform, tmp_path / "network", "prod", "addresses")


def test_services_of_your_own_become_a_secondary_range(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    run("init", tmp_path / "network", *init_flags("gke-standard"), "--range", "services=10.96.0.0/20")

    assert "Success!" in judge(terraform, tmp_path / "network", "prod", "addresses")
    assert "10.96.0.0/20" in (tmp_path / "network/environments/prod/terraform.tfvars").read_text()


# The real provider takes seconds for each run, and its schema holds all of them elsewhere: here, validate and one file.
@pytest.mark.parametrize(
    ("flags", "tests"),
    [
        (init_flags("eks"), ["routes"]),
        (init_flags("aws-existing"), ["addresses"]),
        ([*init_flags("eks-custom"), "--set", "options.snat=false", "--set", "routes=exact"], ["addresses"]),
    ],
    ids=["eks", "aws-existing", "eks-custom-without-snat"],
)
def test_it_holds_with_the_real_aws_provider(
    flags: list[str],
    tests: list[str],
    tmp_path: Path,
    run: Run,
    program: str,
    real_aws_environment: dict[str, str],
) -> None:
    run("init", tmp_path / "network", *flags)

    assert "Success!" in judge(terraform_in(real_aws_environment, program), tmp_path / "network", "prod", *tests)


@pytest.mark.parametrize("mode", ["eks-custom", "azure-existing"])
def test_the_list_of_modules_is_that_of_init(mode: str, tmp_path: Path, run: Run, terraform_itself: Terraform) -> None:
    run("init", tmp_path / "network", *init_flags(mode))
    root = tmp_path / "network/environments/prod"

    terraform_itself(root, "init", "-backend=false")

    assert {"Modules": listed_modules(root)} == json.loads((root / ".terraform/modules/modules.json").read_text())
    assert [path.name for path in root.iterdir() if path.name.startswith(".terraform")] == [".terraform"]


def test_a_wrong_argument_is_refused(tmp_path: Path, run: Run, terraform: Terraform) -> None:
    run("init", tmp_path / "network", *init_flags("gke-standard"))
    file = tmp_path / "network/modules/gcp-network/subnet.tf"
    file = file if file.exists() else next((tmp_path / "network/modules/gcp-network").glob("sub*.tf"))
    text = file.read_text()
    assert "ip_cidr_range" in text
    file.write_text(text.replace("ip_cidr_range", "ip_cidr_rang", 1))
    root = tmp_path / "network/environments/prod"
    terraform(root, "init", "-backend=false")

    answer = json.loads(terraform(root, "validate", "-json", expect=1).stdout)

    assert any("ip_cidr_rang" in d["detail"] for d in answer["diagnostics"])
