"""Settings, tags and options in the spec: what is read, and what is refused with a value that would work."""

import re
from collections.abc import Iterator, Mapping

import pytest

from escscaffold import check_plan, plan, read_spec, render
from escscaffold.clouds.choices import Setting
from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import Problem, SpecError

HEAD = 'version = 1\n[environments.prod]\ncloud = "{cloud}"\nregion = "{region}"\nmode = "{mode}"\n'
PLACES = {
    "eks": ("aws", "eu-central-1"),
    "eks-custom": ("aws", "eu-central-1"),
    "aks-cni": ("azure", "westeurope"),
    "gke-standard": ("gcp", "europe-west2"),
    "gke-routes": ("gcp", "europe-west2"),
}


def spec_text(mode: str, tables: str) -> str:
    cloud, region = PLACES[mode]
    return HEAD.format(cloud=cloud, region=region, mode=mode) + tables


def problems(mode: str, tables: str) -> tuple[Problem, ...]:
    with pytest.raises(SpecError) as caught:
        read_spec(spec_text(mode, tables))
    return caught.value.problems


def values_of(mode: str, tables: str) -> str:
    return render(plan(read_spec(spec_text(mode, tables))))["environments/prod/terraform.tfvars"].text


def test_settings_reach_terraform_as_they_were_given() -> None:
    text = values_of(
        "eks",
        "[environments.prod.kubernetes]\n"
        'instance_types = ["m7i.large", "m6i.large"]\n'
        'endpoint_access_ranges = ["198.51.100.0/24"]\n'
        "nodes_max = 9\n"
        "[environments.prod.database]\n"
        'instance_type = "m8"\nprotected = false\n',
    )

    assert 'instance_types         = ["m7i.large", "m6i.large"]\n' in text
    assert 'endpoint_access_ranges = ["198.51.100.0/24"]\n' in text
    assert "nodes_max              = 9\n" in text
    assert 'instance_type   = "m8"\n' in text
    assert "protected       = false\n" in text
    assert "disk_throughput = 125\n" in text


def test_tags_reach_terraform_and_none_are_written_where_there_are_none() -> None:
    assert "tags" not in values_of("eks", "")
    assert 'tags = {\n  team = "payments"\n}\n' in values_of(
        "gke-standard", '[environments.prod.tags]\nteam = "payments"\n'
    )


WRONG = {
    'log_types = ["audits"]': ("eks", "ESC004", "Did you mean audit?"),
    "log_types = 3": ("eks", "ESC004", 'Use a list like log_types = ["api"].'),
    'nodes_max = "9"': ("eks", "ESC004", "Use a number like nodes_max = 6."),
    "nodes_max = true": ("eks", "ESC004", "Use a number like nodes_max = 6."),
    "nodes_max = 0": ("eks", "ESC004", "Use 1."),
    "disk_size = 10": ("eks", "ESC004", "Use 20."),
    "nodes_min = 7": ("eks", "ESC004", "Set nodes_max = 7 or more."),
    'version = "1.36.1"': ("eks", "ESC004", 'Use a value like "1.36".'),
    'addons = ["coredns", "coredns@v1.12.4-eksbuild.1"]': ("eks", "ESC004", "Leave 'coredns' out."),
    'addons = ["coredns@1.12"]': ("eks", "ESC004", 'Use a value like "coredns".'),
    'instance_types = ["${x}"]': ("eks", "ESC004", 'Use a value like "m6i.large".'),
    'endpoint_access_ranges = ["198.51.100.1/24"]': ("eks", "ESC004", "The network is 198.51.100.0/24."),
    "pods_per_node = 300": ("aks-cni", "ESC004", "Use 250."),
    'sku_tier = "standard"': ("aks-cni", "ESC004", "Did you mean Standard?"),
    "deletion_protection = 1": ("gke-standard", "ESC004", "Write true or false, without quotes."),
    "max_pods_per_node = 110": ("gke-routes", "ESC002", "Known: "),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_setting_that_terraform_would_refuse_is_refused_with_one_that_works(line: str) -> None:
    mode, code, fix = WRONG[line]

    (problem,) = problems(mode, f"[environments.prod.kubernetes]\n{line}\n")

    assert problem.code == code
    assert fix in problem.fix
    assert problem.place.endswith(":7:1")


WRONG_DATABASE = {
    'topology = "two-node"': "Known: single-node, three-node-multi-zone.",
    'instance_type = "C4"': "Did you mean c4?",
    "disk_size = 7": "Use 10.",
    'projection_level = "all"': "Known: off, system, user.",
    "server_version = 24.10": "Put it in quotes. In a shell, quote twice: '\"1.36\"'.",
}


@pytest.mark.parametrize("line", WRONG_DATABASE)
def test_a_database_that_kurrent_cloud_would_refuse_is_refused(line: str) -> None:
    (problem,) = problems("gke-standard", f"[environments.prod.database]\n{line}\n")

    assert (problem.code, problem.fix) == ("ESC004", WRONG_DATABASE[line])


def test_a_disk_that_takes_no_iops_gets_none() -> None:
    (problem,) = problems("gke-standard", "[environments.prod.database]\ndisk_iops = 3000\n")

    assert problem.message == "disk_iops needs disk_type = 'gp3'."


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("gke-standard", 'Team = "a"'),
        ("gke-standard", 'team = "A"'),
        ("eks", '"a#b" = "c"'),
        ("aks-cni", '"a<b" = "c"'),
    ],
)
def test_a_tag_that_the_cloud_refuses_is_refused(mode: str, line: str) -> None:
    (problem,) = problems(mode, f"[environments.prod.tags]\n{line}\n")

    assert (problem.code, problem.fix) == ("ESC004", 'Use a value like team = "payments".')


def test_nodes_are_said_by_a_need_or_by_a_setting_and_not_by_both() -> None:
    ranges = "[environments.prod.ranges]\npods = { nodes = 50 }\n"

    (problem,) = problems("gke-standard", f"{ranges}[environments.prod.kubernetes]\nnodes_max = 60\n")

    assert problem.code == "ESC010"
    assert problem.message == "nodes_max is set twice: here, and by nodes of range pods."


def test_a_setting_that_says_how_many_nodes_there_can_be_sizes_the_ranges() -> None:
    planned = plan(read_spec(spec_text("gke-standard", "[environments.prod.kubernetes]\nnodes_max = 200\n")))

    (prod,) = planned.environments
    lengths = {r.name: r.cidr.prefixlen for r in prod.ranges}

    # 201 nodes with an upgrade's, each with a /24 for its pods.
    assert lengths["pods"] == 16


def test_a_range_that_is_too_small_for_the_settings_is_an_error() -> None:
    tables = '[environments.prod.ranges]\nnodes = "/24"\n[environments.prod.kubernetes]\npods_per_node = 110\n'

    told = {(f.code, f.subject) for f in check_plan(plan(read_spec(spec_text("aks-cni", tables))))}

    assert ("ESC407", "nodes") in told


def test_a_cluster_that_exists_is_in_no_network_that_is_made() -> None:
    told = problems("gke-standard", '[environments.prod.parts]\nkubernetes = "existing"\n')

    assert ("ESC010", 'Set network = "existing".') in [(p.code, p.fix) for p in told]


@pytest.mark.parametrize(
    "parts",
    ['kubernetes = "absent"', 'network = "existing"\nkubernetes = "existing"'],
    ids=["no cluster", "a cluster that exists"],
)
def test_settings_of_a_cluster_that_is_not_made_are_refused(parts: str) -> None:
    tables = f"[environments.prod.parts]\n{parts}\n[environments.prod.kubernetes]\nnodes_max = 9\n"

    found = [one for one in problems("gke-standard", tables) if one.path[-1] == "kubernetes" and one.path[-2] == "prod"]

    assert [one.code for one in found] == ["ESC010"]
    assert "applies only to a cluster created here" in found[0].message
    assert 'kubernetes = "create"' in found[0].fix


def test_each_setting_that_is_a_form_is_anchored_as_a_whole() -> None:
    """Terraform matches `^A|B$` where A begins the value: alternatives stand in parentheses."""
    for mode, cloud in mode_names().items():
        settings = load_cloud(cloud).modes[mode]
        for setting in {**settings.kubernetes, **settings.pool_settings()}.values():
            flat, before = setting.pattern, ""
            while flat != before:
                flat, before = re.sub(r"\\.|\[[^\]]*\]|\([^()]*\)", "", flat), flat
            assert "|" not in flat, f"{mode} {setting.name} = {setting.pattern}"


def settings_by_table() -> Iterator[tuple[str, Mapping[str, Setting]]]:
    facts = load_facts()
    yield "database", facts.kurrent.database
    yield "backup", facts.kurrent.backup
    yield "integrations", facts.kurrent.integrations.settings
    yield "pipeline", facts.pipeline
    yield from (("backend", backend.settings) for backend in facts.backends.values())
    for cloud in facts.clouds.values():
        yield "account", cloud.account
        for mode in cloud.modes.values():
            yield "kubernetes", mode.kubernetes
            yield "node_pools", mode.pools.settings if mode.pools else {}


def test_facts_that_few_tables_read_are_in_no_other_table() -> None:
    tables = list(settings_by_table())
    younger = {table for table, known in tables for setting in known.values() if setting.earlier != ""}
    selecting = {table for table, known in tables for setting in known.values() if setting.selects_module}
    kurrent, clouds = load_facts().kurrent, load_facts().clouds.values()
    changes = [*(cloud.database for cloud in clouds), *(provider.settings for provider in kurrent.providers.values())]

    assert younger == {"kubernetes", "database"}
    assert {"database"} <= selecting <= {"account", "backup", "database", "kubernetes"}
    assert not any({"earlier", "selects_module"} & change.keys() for known in changes for change in known.values())
