"""Random settings, drawn from the facts that the schema is written from: what `check` accepts, Terraform plans.

Only the variables are planned: they hold every demand on settings alone, and need no provider.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from escscaffold import check_plan, plan, read_spec, render
from escscaffold.clouds.choices import Setting
from escscaffold.clouds.fact_files import cloud_names, load_cloud, settings_of_database
from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.errors import SpecError
from tests.conftest import Terraform
from tests.properties import tries_more

MODES = [
    (cloud, mode) for cloud in cloud_names() for mode, facts in load_cloud(cloud).modes.items() if facts.kubernetes
]
DRAWN, PLANNED = 400, 12 if tries_more() else 4
TEXTS = {
    "instance_types": ["m6i.large", "m7g.large", "g4dn.xlarge"],
    "machine_type": ["e2-standard-4", "n4-standard-4", "c3-standard-4"],
    "node_size": ["Standard_D4ds_v5", "Standard_D2ds_v5", "Standard_D4s_v5"],
    "endpoint_access_ranges": ["198.51.100.0/24", "203.0.113.0/24"],
    "taints": ["a=b:NoSchedule", "example.com/a=b:PreferNoSchedule", "kubernetes.io/a=b:NoExecute"],
    "zones": ["europe-west2-a", "europe-west1-b"],
}


def written(value: bool | int | str | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else f"'{value}'"


def drawn(one: Setting, chance: random.Random) -> bool | int | str | list[str]:
    texts = list(one.choices) or TEXTS.get(one.name) or [one.example or str(one.default)]
    match one.kind:
        case "switch":
            return chance.random() < 0.5
        case "number":
            near = [value for value in (one.least, one.most, one.default) if isinstance(value, int)]
            return chance.choice([*near, *(value + 1 for value in near), chance.randint(1, 400), *one.numbers])
        case "text":
            return chance.choice(texts)
    return chance.sample(texts, chance.randint(0, len(texts)))


def table(name: str, known: dict[str, Setting], chance: random.Random) -> str:
    chosen = chance.sample(sorted(known), min(chance.randint(0, 8), len(known)))
    return f"[environments.prod.{name}]\n" + "".join(
        f"{key} = {written(drawn(known[key], chance))}\n" for key in chosen
    )


def documents(cloud: Cloud, mode: Mode, chance: random.Random) -> Iterator[str]:
    region = "europe-west2" if cloud.name == "gcp" else cloud.default_region
    head = f"version = 1\n[environments.prod]\ncloud = '{cloud.name}'\nregion = '{region}'\nmode = '{mode.name}'\n"
    database = dict(settings_of_database(cloud.name, "kurrentcloud", "create"))
    for _ in range(DRAWN):
        pool = node_pool(mode, chance)
        yield head + table("kubernetes", dict(mode.kubernetes), chance) + table("database", database, chance) + pool


def node_pool(mode: Mode, chance: random.Random) -> str:
    """Half of the time, a node pool with a number of nodes; nothing where the mode has none."""
    if mode.pools is None or chance.random() < 0.5:
        return ""
    known = dict(mode.pool_settings())
    most = known.pop("nodes_max")
    labels = chance.choice(
        ["", "labels = { 'example.com/kind' = 'batch' }\n", "labels = { 'k8s.io/kind' = 'batch' }\n"]
    )
    return table("node_pools.batch", known, chance) + f"nodes_max = {written(drawn(most, chance))}\n{labels}"


@pytest.mark.parametrize(("cloud", "mode"), MODES, ids=[mode for _, mode in MODES])
def test_no_settings_are_accepted_that_the_emitted_variables_refuse(
    cloud: str, mode: str, tmp_path: Path, terraform: Terraform
) -> None:
    facts = load_cloud(cloud)
    planned, refused = 0, 0
    for document in documents(facts, facts.modes[mode], random.Random(f"settings of {mode}")):
        try:
            plan_ = plan(read_spec(document))
        except SpecError:
            refused += 1
            continue
        if planned == PLANNED or any(finding.severity == "error" for finding in check_plan(plan_)):
            continue
        root = tmp_path / str(planned)
        root.mkdir()
        files = render(plan_)
        for path, file in files.items():
            name = path.removeprefix("environments/prod/")
            if path.startswith("environments/prod/variables") or name == "terraform.tfvars":
                (root / name).write_text(file.text)
        told = terraform(root, "plan", "-input=false", "-no-color", expect=None)
        assert told.returncode == 0, f"{document}\n{told.stderr}"
        planned += 1
    assert planned == PLANNED
    assert refused
