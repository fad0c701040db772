"""What was granted stays: through any row of changes, no range moves that nobody touched."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EKS, Plan
from tests.conftest import Run

Places = dict[tuple[str, str], str]
SIZES = {
    "eks": {"nodes-1": (18, 24), "nodes-2": (18, 24), "services": (16, 20), "kurrent": (22, 24)},
    "eks-custom": {"nodes-1": (22, 26), "pods-1": (18, 22), "pods-2": (18, 22), "kurrent": (22, 24)},
    "gke-standard": {"nodes": (18, 24), "pods": (16, 20), "kurrent": (22, 24)},
    "aks-cni": {"nodes": (18, 24), "services": (16, 20), "kurrent": (22, 24)},
    "aks-podsubnet": {"nodes": (18, 24), "pods": (17, 22), "kurrent": (22, 24)},
}


def places(planned: Plan, repository: Path) -> Places:
    environments: dict[str, Any] = planned("-C", repository)["environments"]
    return {(e, r): row["cidr"] for e, plan in environments.items() for r, row in plan["ranges"].items()}


def unmoved(before: Places, after: Places, *, but: set[tuple[str, str]]) -> None:
    kept = before.keys() & after.keys() - but
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}


def write_spec(repository: Path, environments: dict[str, tuple[str, dict[str, str]]]) -> None:
    regions = {
        "eks": ("aws", "eu-central-1"),
        "eks-custom": ("aws", "eu-central-1"),
        "gke-standard": ("gcp", "europe-west2"),
        "aks-cni": ("azure", "westeurope"),
        "aks-podsubnet": ("azure", "westeurope"),
    }
    text = "version = 1\n"
    for name, (mode, ranges) in environments.items():
        cloud, region = regions[mode]
        text += f'[environments.{name}]\ncloud = "{cloud}"\nregion = "{region}"\nmode = "{mode}"\n'
        text += f"[environments.{name}.ranges]\n" + "".join(f'{r} = "{size}"\n' for r, size in ranges.items())
    (repository / "escscaffold.toml").write_text(text)


def generate(run: Run, repository: Path) -> Any:
    """Generate, whatever Terraform has to replace: what is asked here is where it lies."""
    spec = (repository / "escscaffold.toml").read_text()
    names = re.findall(r"^\[environments\.([a-z0-9-]+)\]$", spec, re.MULTILINE)
    return run("generate", "-C", repository, *(part for name in names for part in ("--accept-replace", name)))


def test_adding_one_before_all_others_moves_none(repository: Path, run: Run, planned: Plan) -> None:
    before = places(planned, repository)
    write_spec(repository, {"aaa": ("eks", {}), "prod": ("eks", {})})

    assert generate(run, repository).exit_code == 0

    unmoved(before, places(planned, repository), but=set())
    assert run("check", "-C", repository).exit_code == 0


def test_removing_one_moves_none(repository: Path, run: Run, planned: Plan) -> None:
    for name in ("blue", "green"):
        assert run("add", name, "-C", repository, *EKS, "--yes").exit_code == 0
    before = places(planned, repository)

    write_spec(repository, {"blue": ("eks", {}), "green": ("eks", {})})
    assert generate(run, repository).exit_code == 0

    after = places(planned, repository)
    assert {environment for environment, _ in after} == {"blue", "green"}
    unmoved(before, after, but=set())


def test_resizing_one_moves_no_other(repository: Path, run: Run, planned: Plan) -> None:
    before = places(planned, repository)
    write_spec(repository, {"prod": ("eks", {"nodes-1": "/17"})})

    assert generate(run, repository).exit_code == 0

    after = places(planned, repository)
    assert after["prod", "nodes-1"].endswith("/17")
    unmoved(before, after, but={("prod", "nodes-1")})


def test_a_size_that_is_the_granted_ones_moves_nothing(repository: Path, run: Run, planned: Plan) -> None:
    before = places(planned, repository)
    write_spec(repository, {"prod": ("eks", {"nodes-1": "/18", "network": "/16"})})

    assert generate(run, repository).exit_code == 0
    assert places(planned, repository) == before


def test_pinning_what_was_granted_changes_no_terraform(repository: Path, run: Run, planned: Plan) -> None:
    before = places(planned, repository)
    pins = {name: cidr for (_, name), cidr in before.items()}
    write_spec(repository, {"prod": ("eks", pins)})

    result = run("generate", "-C", repository, "--json")

    assert result.exit_code == 0
    assert not any(file["path"].endswith((".tf", ".tfvars")) for file in json.loads(result.stdout)["files"])
    assert places(planned, repository) == before


@pytest.mark.parametrize("seed", range(6))
def test_no_row_of_changes_moves_what_nobody_touched(seed: int, repository: Path, run: Run, planned: Plan) -> None:
    rng = random.Random(seed)
    environments: dict[str, tuple[str, dict[str, str]]] = {"prod": ("eks", {})}
    before = places(planned, repository)
    for step in range(6):
        touched: set[tuple[str, str]] = set()
        if step % 3 == 0 or len(environments) < 2:
            mode = rng.choice(list(SIZES))
            one = {f"env-{rng.randrange(1000)}-{step}": (mode, {})}
            environments = {**one, **environments} if rng.random() < 0.5 else {**environments, **one}
        elif step % 3 == 1:
            name, (mode, ranges) = rng.choice(list(environments.items()))
            which = rng.choice(list(SIZES[mode]))
            environments[name] = (mode, ranges | {which: f"/{rng.randint(*SIZES[mode][which])}"})
            touched = {(name, which)}
        else:
            del environments[rng.choice(list(environments))]
        write_spec(repository, environments)

        result = generate(run, repository)

        if result.exit_code == 1:
            # No room for the size that was drawn: the range that it was drawn for is what is told.
            assert {name for _, name in touched} & set(result.output.split())
            return
        assert result.exit_code == 0, result.output
        after = places(planned, repository)
        unmoved(before, after, but=touched)
        before = after
