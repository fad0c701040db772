"""The README of a repository: what to do next, what an environment needs before its first apply, how it goes down."""

import re

import pytest

from escscaffold import plan, read_spec, render
from tests.rendering.test_files import MODES, environment

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
PROD = "[environments.prod.{}]\n{}\n"


def readme(*tables: str, mode: str = "eks", **parts: str) -> str:
    spec = "version = 1\n" + environment("prod", mode, **parts) + "\n" + "\n".join(tables)
    return render(plan(read_spec(spec)))["README.md"].text


def section(text: str, title: str) -> str:
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("mode", MODES)
def test_it_opens_with_what_to_do_next_and_ends_with_taking_down(mode: str) -> None:
    text = readme(mode=mode)
    headings = HEADING.findall(text)

    assert headings[:3] == ["Next steps", "Environments", "Before the first apply"]
    assert headings[-1] == "Take an environment down"
    # Every link into the page has its heading.
    known = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([a-z-]+)\)", text)) <= known


def test_each_environment_is_folded_and_has_its_picture_once() -> None:
    spec = "version = 1\n" + environment("a", "gke-standard") + environment("b", "eks")
    text = render(plan(read_spec(spec)))["README.md"].text

    assert re.findall(r"^### (\w+)$", section(text, "Environments"), re.MULTILINE) == ["a", "b"]
    assert text.count("<details>") == text.count("</details>") == 2
    assert text.count("docs/network-a.svg") == text.count("docs/network-b.svg") == text.count("```mermaid") == 1
    # With addresses in each picture and table, without in the chart of all.
    chart = text.partition("```mermaid\n")[2].partition("```")[0]
    assert not re.search(r"\d+\.\d+\.\d+\.\d+", chart)
    assert "a" in chart


# Nodes with those of an upgrade, vCPUs, and GB of disks: 6 nodes of 2; 6 and 1 of 4, of 100 GB; 5 and 1 of 4.
NEEDS = {
    "eks": "| prod, eu-central-1 | 6 | m6i.large | 12 |",
    "gke-standard": "| prod, europe-west2 | 7 | e2-standard-4 | 28 | 700 |",
    "aks-cni": "| prod, westeurope | 6 | Standard_D4ds_v5 | 24 |",
}


@pytest.mark.parametrize("mode", NEEDS)
def test_it_counts_what_the_nodes_take_of_the_quotas(mode: str) -> None:
    assert NEEDS[mode] in section(readme(mode=mode), "Before the first apply")


@pytest.mark.parametrize(
    ("mode", "settings", "row"),
    [
        (
            "eks",
            'nodes_max = 9\ninstance_types = ["m7i.4xlarge", "m6i.2xlarge"]',
            "| 9 | m7i.4xlarge or m6i.2xlarge | 144 |",
        ),
        ("eks", 'instance_types = ["m7i.metal-24xl"]', "| 6 | m7i.metal-24xl | by the type |"),
        ("gke-standard", 'nodes_surge = 3\nmachine_type = "e2-medium"', "| 9 | e2-medium | by the type | 900 |"),
        ("aks-cni", 'node_size = "Standard_E16ds_v5"\nos_disk_type = "Managed"', "| 6 | Standard_E16ds_v5 | 96 |"),
    ],
)
def test_the_numbers_follow_the_settings(mode: str, settings: str, row: str) -> None:
    assert row in readme(PROD.format("kubernetes", settings), mode=mode)


def test_autopilot_counts_no_nodes() -> None:
    assert "| environment | most nodes" not in readme(mode="gke-autopilot")


@pytest.mark.parametrize("mode", ["gke-standard", "gke-autopilot", "gcp-existing"])
def test_google_names_the_apis_that_are_asked(mode: str) -> None:
    said = section(readme(mode=mode), "Before the first apply")

    assert 'gcloud services enable --project "$GOOGLE_PROJECT"' in said
    assert "cloudresourcemanager.googleapis.com compute.googleapis.com" in said
    assert ("container.googleapis.com iam.googleapis.com" in said) == (mode != "gcp-existing")


def test_a_pinned_account_is_named_and_its_variable_is_not() -> None:
    text = readme(PROD.format("account", 'project = "acme-prod"'), mode="gke-standard")

    assert "gcloud services enable --project acme-prod" in text
    assert "GOOGLE_PROJECT" not in text
    assert 'Pinned: `project = "acme-prod"`.' in text


def test_the_commands_of_a_shared_vpc_are_for_each_service_project_that_no_environment_attaches() -> None:
    host = 'host_project = "acme-network"'
    ranges = {"nodes": "10.96.0.0/16", "pods": "10.128.0.0/14"}
    tables = [
        PROD.format("account", f'project = "acme-a"\n{host}'),
        PROD.format("options", 'shared_vpc = "create"'),
        environment("other", "gke-standard"),
        f'[environments.other.account]\nproject = "acme-b"\n{host}\n',
        environment("existing", "gke-standard", ranges, network="existing"),
        f'[environments.existing.account]\nproject = "acme-a"\n{host}\n',
    ]

    said = section(readme(*tables, mode="gke-standard"), "Before the first apply")
    attaching, _, granting = said.partition("need `roles/compute.networkUser` on the subnet")

    assert re.findall(r"associated-projects add (\S+)", attaching) == ["acme-b"]
    assert re.findall(r"number=\$\(gcloud projects describe (\S+)", attaching) == ["acme-b"]
    assert re.findall(r"number=\$\(gcloud projects describe (\S+)", granting) == ["acme-a"]


def test_azure_tells_who_creates_the_service_principal() -> None:
    created = section(readme(mode="aks-cni"), "Before the first apply")
    existing = section(
        readme(PROD.format("options", 'service_principal = "existing"'), mode="aks-cni"), "Before the first apply"
    )

    assert "prod creates Kurrent Cloud's service principal" in created
    assert "az ad sp create --id 38bd60cb-6efa-49e8-a1cd-3b9f61d9435e" in existing
    assert "az ad sp create" not in created


STEPS = {
    "eks": [
        "Back up",
        "Delete the resources that Kubernetes created at AWS",
        "Turn off deletion protection",
        "Destroy",
    ],
    "gke-standard": [
        "Back up",
        "Delete the resources that Kubernetes created at Google Cloud",
        "Turn off deletion protection",
        "Destroy",
    ],
    "aks-cni": [
        "Back up",
        "Delete the resources that Kubernetes created at Azure",
        "Turn off deletion protection",
        "Keep",
        "Destroy",
    ],
    "aws-existing": ["Back up", "Turn off deletion protection", "Destroy"],
}


@pytest.mark.parametrize("mode", STEPS)
def test_what_protects_an_environment_is_lifted_in_order(mode: str) -> None:
    said = section(readme(mode=mode), "Take an environment down")
    steps = re.findall(r"^(\d)\. (.+)$", said, re.MULTILINE)

    assert [int(number) for number, _ in steps] == list(range(1, len(STEPS[mode]) + 1))
    assert all(text.startswith(begin) for (_, text), begin in zip(steps, STEPS[mode], strict=True))
    assert "escscaffold set prod.database.protected=false" in said
    assert ("deletion_protection=false" in said) == (mode == "gke-standard")


def test_a_database_that_is_not_made_is_not_lifted() -> None:
    said = section(readme(mode="aws-existing", database="absent"), "Take an environment down")

    assert "protected" not in said
    assert "1. Destroy it" in said


def test_a_database_that_is_not_made_has_no_output_to_name() -> None:
    assert "database_dns_name" not in readme(mode="aws-existing", database="absent")
    assert "output database_dns_name` prints" in readme(mode="aws-existing")


def test_an_adopted_environment_follows_its_own_steps() -> None:
    notice = "Did `escscaffold adopt` write the environment?"

    assert notice in section(readme(mode="aws-existing"), "Next steps")
    assert notice not in readme(mode="eks")


@pytest.mark.parametrize("mode", MODES)
def test_the_guides_check_and_the_consoles_stand_beside_the_script(mode: str) -> None:
    text = readme(mode=mode)
    said = section(text, "Check the connection")

    for words in ("scripts/check-connectivity.sh prod", "kubectl run -i --tty --rm debug", "ifconfig", "ping DATABASE"):
        assert words in said
    assert "| where | what it must show |" in said
    assert "status `Active`" in said


def test_warnings_and_taints_are_explained() -> None:
    said = section(readme(), "Warnings and failures of Terraform")

    assert "Check block assertion known after apply" in said
    assert "untaint" in said
    assert "role assignment takes effect after some minutes" in section(
        readme(mode="aks-cni"), "Warnings and failures of Terraform"
    )


def test_the_environment_with_the_most_steps_is_shown() -> None:
    spec = "version = 1\n" + environment("a", "aws-existing") + environment("b", "aks-cni")
    spec += environment("c", "gke-standard")

    said = section(render(plan(read_spec(spec)))["README.md"].text, "Take an environment down")

    assert "here for c; another environment can need fewer steps:" in said
    assert "escscaffold set c.kubernetes.deletion_protection=false" in said
    assert "4. For b only: keep Kurrent Cloud's service principal" in said
    assert "5. Destroy it" in said


def test_each_node_pool_is_counted() -> None:
    pool = 'machine_type = "c3-standard-8"\nnodes_max = 20\ndisk_size = 50'

    said = readme(PROD.format("node_pools.batch", pool), mode="gke-standard")

    assert "| prod, europe-west2 | 7 | e2-standard-4 | 28 | 700 |" in said
    # 20 nodes and the one that an upgrade adds, of 8 vCPUs and 50 GB.
    assert "| prod, pool batch, europe-west2 | 21 | c3-standard-8 | 168 | 1050 |" in said
