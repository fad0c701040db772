"""Settings from the facts that the schema is written from: what `check` accepts, Terraform plans.

Each value of each setting is planned once, all of a mode in one plan; a full run plans random settings, too.
Only the variables are planned: they hold every demand on settings alone, and need no provider.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from escscaffold import check_plan, plan, read_spec, render
from escscaffold.clouds.choices import Setting
from escscaffold.clouds.fact_files import cloud_names, load_cloud, settings_of_database
from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import AddressPlan
from tests.conftest import Terraform
from tests.properties import in_full

MODES = [
    (cloud, mode) for cloud in cloud_names() for mode, facts in load_cloud(cloud).modes.items() if facts.kubernetes
]
DRAWN, PLANNED = 400, 12
TEXTS = {
    "instance_types": ["m6i.large", "m7g.large", "g4dn.xlarge"],
    "machine_type": ["e2-standard-4", "n4-standard-4", "c3-standard-4"],
    "node_size": ["Standard_D4ds_v5", "Standard_D2ds_v5", "Standard_D4s_v5"],
    "endpoint_access_ranges": ["198.51.100.0/24", "203.0.113.0/24"],
    "taints": ["a=b:NoSchedule", "example.com/a=b:PreferNoSchedule", "kubernetes.io/a=b:NoExecute"],
    "zones": ["europe-west2-a", "europe-west1-b"],
}


def written(value: object) -> str:
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


def head_of(cloud: Cloud, mode: Mode) -> str:
    region = "europe-west2" if cloud.name == "gcp" else cloud.default_region
    return f"version = 1\n[environments.prod]\ncloud = '{cloud.name}'\nregion = '{region}'\nmode = '{mode.name}'\n"


def documents(cloud: Cloud, mode: Mode, chance: random.Random) -> Iterator[str]:
    head = head_of(cloud, mode)
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


Chosen = tuple[str, str, str]
"""A table, one of its keys, and a value as it is written."""
DATABASE, CLUSTER, POOL = "database", "kubernetes", "node_pools.batch"


def values_of(table: str, known: Mapping[str, Setting]) -> Iterator[Chosen]:
    """Yield values of each setting: all choices, the ends and the default of a number, and texts."""
    for key, one in known.items():
        texts = list(one.choices) or TEXTS.get(one.name) or [one.example or str(one.default)]
        numbers = [one.least, one.least and one.least + 1, one.most, one.default, *one.numbers[:1], *one.numbers[-1:]]
        values: dict[str, Sequence[object]] = {
            "switch": [True, False],
            "number": sorted({value for value in numbers if isinstance(value, int)}),
            "text": texts,
        }
        several = [[], *([text] for text in (texts[:1] if one.choices else texts)), texts]
        yield from dict.fromkeys((table, key, written(value)) for value in values.get(one.kind, several))


def document_of(head: str, chosen: Iterable[Chosen]) -> str:
    tables: dict[str, list[str]] = {}
    for table, key, value in chosen:
        tables.setdefault(table, []).append(f"{key} = {value}\n")
    if POOL in tables and not any(line.startswith("nodes_max ") for line in tables[POOL]):
        # A pool has at least one node.
        tables[POOL].append("nodes_max = 3\n")
    return head + "".join(f"[environments.prod.{table}]\n{''.join(lines)}" for table, lines in tables.items())


def accepted(document: str) -> AddressPlan | None:
    """Return the plan of a document, unless it is refused."""
    try:
        made = plan(read_spec(document))
    except SpecError:
        return None
    return None if any(finding.severity == "error" for finding in check_plan(made)) else made


def as_many_as_are_accepted(head: str, chosen: list[Chosen], more: list[Chosen]) -> list[Chosen]:
    """Return what is chosen, and as many more as are accepted with it."""
    if not more or accepted(document_of(head, [*chosen, *more])):
        return [*chosen, *more]
    if len(more) == 1:
        return chosen
    half = len(more) // 2
    return as_many_as_are_accepted(head, as_many_as_are_accepted(head, chosen, more[:half]), more[half:])


def covering(head: str, values: Iterable[Chosen]) -> tuple[list[list[Chosen]], list[Chosen]]:
    """Return lists of values that are accepted together, in which each value is once, and those that no list takes."""
    lists, left = grown(head, [], list(values))
    # What is refused alone may be accepted with other values than the default.
    for base in tuple(lists):
        more, left = grown(head, base, left)
        lists += more
    return lists, left


def grown(head: str, base: list[Chosen], values: list[Chosen]) -> tuple[list[list[Chosen]], list[Chosen]]:
    """Return lists of values that are accepted with the others of a base, and the values that are not."""
    lists, refused = list[list[Chosen]](), list[Chosen]()
    while values:
        # One value of each setting.
        first = list({one[:2]: one for one in reversed(values)}.values())
        kept = [one for one in base if one[:2] not in {other[:2] for other in first}]
        chosen = as_many_as_are_accepted(head, kept, first) if accepted(document_of(head, kept)) else []
        taken = set(chosen) & set(first)
        lists += [chosen] if taken else []
        refused += [] if taken else first
        values = [one for one in values if one not in (taken or first)]
    return lists, refused


def plan_variables(made: Mapping[str, AddressPlan], root: Path, terraform: Terraform) -> None:
    """Have Terraform plan the variables of each document's environment, as a module each of one root."""
    calls = []
    for number, (document, plan_of_document) in enumerate(made.items()):
        module = root / str(number)
        module.mkdir(parents=True)
        (module / "escscaffold.toml").write_text(document)
        for path, file in render(plan_of_document).items():
            name = path.removeprefix("environments/prod/")
            if path.startswith("environments/prod/variables"):
                (module / name).write_text(file.text)
            elif name == "terraform.tfvars":
                calls.append(f'module "settings_{number}" {{\n  source = "./{number}"\n{file.text}}}\n')
    assert len(calls) == len(made)
    (root / "main.tf").write_text("\n".join(calls))
    terraform(root, "get")
    planned = terraform(root, "plan", "-input=false", "-no-color", expect=None)
    assert planned.returncode == 0, f"{root}, with a document in each folder:\n{planned.stderr}"


@pytest.mark.parametrize(("cloud", "mode"), MODES, ids=[mode for _, mode in MODES])
def test_each_value_of_each_setting_is_one_of_the_emitted_variables(
    cloud: str, mode: str, tmp_path: Path, terraform: Terraform
) -> None:
    facts = load_cloud(cloud)
    known = facts.modes[mode]
    head = head_of(facts, known)
    values = [*values_of(CLUSTER, known.kubernetes), *values_of(POOL, known.pool_settings())]
    values += values_of(DATABASE, dict(settings_of_database(cloud, "kurrentcloud", "create")))

    lists, alone = covering(head, values)

    documents = [document_of(head, chosen) for chosen in lists]
    made = {document: planned for document in documents if (planned := accepted(document))}
    assert len(made) == len(lists)
    plan_variables(made, tmp_path, terraform)
    # Numbers out of proportion, and texts of other regions or makers.
    assert [one for one in alone if one[2] in ("true", "false", "[]") or one[2].startswith("'")] == []
    assert len(alone) < len(values) / 6, alone


@in_full
@pytest.mark.parametrize(("cloud", "mode"), MODES, ids=[mode for _, mode in MODES])
def test_no_settings_are_accepted_that_the_emitted_variables_refuse(
    cloud: str, mode: str, tmp_path: Path, terraform: Terraform
) -> None:
    facts = load_cloud(cloud)
    planned, refused = dict[str, AddressPlan](), 0
    for document in documents(facts, facts.modes[mode], random.Random(f"settings of {mode}")):
        made = accepted(document)
        if made is None or len(planned) == PLANNED:
            refused += made is None
            continue
        planned[document] = made
    assert len(planned) == PLANNED
    assert refused
    plan_variables(planned, tmp_path, terraform)
