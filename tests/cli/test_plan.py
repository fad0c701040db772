"""`plan` answers what the vendor's guide answers, and refuses what it warns of."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EKS, GKE, GUIDE_RANGES, Plan, ranges, said
from tests.conftest import Run

GCP_MODES = ("gke-standard", "gke-autopilot", "gke-routes")
BESIDE_AKS = ["--cloud", "azure", "--range", "kurrent=172.22.110.0/24"]


Ends = tuple[str, str]


def row(cidr: str, ends: Ends, usable: Ends, hosts: int, assignable: tuple[str, str, int], origin: str) -> Any:
    return {
        "cidr": cidr,
        "first": ends[0],
        "last": ends[1],
        "first_usable": usable[0],
        "last_usable": usable[1],
        "hosts": hosts,
        "first_assignable": assignable[0],
        "last_assignable": assignable[1],
        "assignable": assignable[2],
        "origin": origin,
    }


def kept_by_nobody(cidr: str, ends: Ends, usable: Ends, hosts: int, origin: str) -> Any:
    return row(cidr, ends, usable, hosts, (*usable, hosts), origin)


KURRENT = kept_by_nobody(
    "172.22.110.0/24", ("172.22.110.0", "172.22.110.255"), ("172.22.110.1", "172.22.110.254"), 254, "pinned"
)
# Google keeps the first two addresses of a subnet, and the last two.
NODES = row(
    "172.30.0.0/16",
    ("172.30.0.0", "172.30.255.255"),
    ("172.30.0.1", "172.30.255.254"),
    65534,
    ("172.30.0.2", "172.30.255.253", 65532),
    "pinned",
)
PODS = kept_by_nobody(
    "172.31.128.0/17", ("172.31.128.0", "172.31.255.255"), ("172.31.128.1", "172.31.255.254"), 32766, "pinned"
)
GOOGLES_SERVICES = kept_by_nobody(
    "34.118.224.0/20", ("34.118.224.0", "34.118.239.255"), ("34.118.224.1", "34.118.239.254"), 4094, "implied"
)


def test_the_gke_example_has_the_guides_numbers(planned: Plan) -> None:
    document = planned(*GKE, "--environment", "prod", *ranges(**GUIDE_RANGES))

    assert document == {
        "version": 1,
        "environments": {
            "prod": {
                "cloud": "gcp",
                "region": "europe-west2",
                "mode": "gke-standard",
                "ranges": {"kurrent": KURRENT, "nodes": NODES, "pods": PODS, "services": GOOGLES_SERVICES},
                "remote": ["172.30.0.0/15"],
                "free": ["172.31.0.0/17"],
            }
        },
        "findings": [],
        "pools": [
            {"name": "", "cidr": "10.0.0.0/8", "free_addresses": 16777216, "largest": "10.0.0.0/8"},
            # The Kurrent network's 256 addresses, and the 131,072 that the peering routes to.
            {"name": "", "cidr": "172.16.0.0/12", "free_addresses": 1048576 - 256 - 131072, "largest": "172.16.0.0/14"},
            {"name": "", "cidr": "192.168.0.0/16", "free_addresses": 65536, "largest": "192.168.0.0/16"},
        ],
        "retired": {},
    }


def test_the_eks_example_has_the_guides_numbers(planned: Plan) -> None:
    given = ranges(kurrent="172.29.98.0/24", network="172.16.0.0/16", nodes_1="172.16.0.0/18", nodes_2="172.16.64.0/18")

    environment = planned(*EKS, *given)["environments"]["prod"]

    assert environment["remote"] == ["172.16.0.0/16"]
    assert environment["free"] == ["172.16.128.0/17"]
    assert list(environment["ranges"]) == ["kurrent", "network", "nodes-1", "nodes-2", "services"]
    # AWS keeps the first four addresses of a subnet, and the last one.
    assert environment["ranges"]["nodes-2"] == row(
        "172.16.64.0/18",
        ("172.16.64.0", "172.16.127.255"),
        ("172.16.64.1", "172.16.127.254"),
        16382,
        ("172.16.64.4", "172.16.127.254", 16379),
        "pinned",
    )
    # What EKS would take for services by itself, written out because it is clear of everything else.
    assert environment["ranges"]["services"]["cidr"] == "172.20.0.0/16"


def test_pods_that_keep_their_address_are_routed_to(planned: Plan) -> None:
    given = ranges(network="172.16.0.0/16", pods_1="100.64.0.0/18", pods_2="100.64.128.0/18")
    mode = ["--mode", "eks-custom", "--region", "eu-central-1"]

    hidden = planned(*mode, *given)["environments"]["prod"]
    routed = planned(*mode, *given, "--set", "options.snat=false", "--set", "routes=exact")["environments"]["prod"]

    assert hidden["remote"] == ["172.16.0.0/16"]
    assert routed["remote"] == ["100.64.0.0/18", "100.64.128.0/18", "172.16.0.0/16"]


@pytest.mark.parametrize("mode", ["aks-cni", "aks-kubenet-vnet", "aks-overlay"])
def test_the_aks_example_has_the_guides_numbers(mode: str, planned: Plan) -> None:
    given = ranges(network="172.16.0.0/15", nodes="172.16.0.0/16")

    environment = planned("--mode", mode, *BESIDE_AKS, *given)["environments"]["prod"]

    assert environment["region"] == "westeurope"
    assert environment["remote"] == ["172.16.0.0/15"]
    assert environment["free"] == ["172.17.0.0/16"]
    assert environment["ranges"]["nodes"]["hosts"] == 65534
    assert environment["ranges"]["nodes"]["assignable"] == 65531


def test_kubenet_routes_to_the_network_that_aks_makes(planned: Plan) -> None:
    environment = planned("--mode", "aks-kubenet", *BESIDE_AKS)["environments"]["prod"]

    assert environment["remote"] == ["10.224.0.0/12"]
    assert environment["ranges"]["network"]["origin"] == "implied"


@pytest.mark.parametrize("mode", GCP_MODES)
def test_every_gke_mode_routes_to_nodes_and_pods(mode: str, planned: Plan) -> None:
    environment = planned("--mode", mode, *ranges(**GUIDE_RANGES))["environments"]["prod"]

    assert environment["remote"] == ["172.30.0.0/15"]
    assert environment["free"] == ["172.31.0.0/17"]


@pytest.mark.parametrize("mode", GCP_MODES)
def test_the_pods_that_gke_picks_by_itself_are_refused_and_the_suggestion_works(mode: str, planned: Plan) -> None:
    asked = ["--mode", mode, *ranges(**GUIDE_RANGES | {"pods": "10.120.0.0/14"})]

    (finding,) = planned(*asked, exit_code=1)["findings"]

    assert (finding["code"], finding["severity"], finding["subject"]) == ("ESC201", "error", "pods")
    assert "172.30.0.0/16" in finding["message"]
    assert "10.120.0.0/14" in finding["message"]
    suggested = re.search(r'pods = "([^"]+)"', finding["fix"])
    assert suggested
    assert planned("--mode", mode, *ranges(**GUIDE_RANGES | {"pods": suggested[1]}))["findings"] == []


def test_exact_routes_need_no_common_supernet(planned: Plan) -> None:
    asked = [*GKE, *ranges(**GUIDE_RANGES | {"pods": "10.120.0.0/14"}), "--set", "routes=exact"]

    assert planned(*asked)["environments"]["prod"]["remote"] == ["10.120.0.0/14", "172.30.0.0/16"]


@pytest.mark.parametrize(
    ("network", "kept"),
    [
        ("172.30.0.0/16", "172.30.0.0/16"),
        ("172.31.128.0/17", "172.31.0.0/16"),
        ("172.31.4.0/22", "172.31.0.0/16"),
        ("172.16.0.0/12", "172.31.0.0/16"),
    ],
)
def test_aks_refuses_what_it_keeps_for_itself_and_the_suggestion_works(network: str, kept: str, planned: Plan) -> None:
    document = planned("--mode", "aks-cni", *BESIDE_AKS, *ranges(network=network, nodes="/24"), exit_code=1)

    errors = [f for f in document["findings"] if f["severity"] == "error" and kept in f["message"]]
    assert errors
    assert errors[0]["code"] == "ESC402"
    suggested = re.search(r'network = "([^"]+)"', errors[0]["fix"])
    assert suggested
    mended = planned("--mode", "aks-cni", *BESIDE_AKS, *ranges(network=suggested[1], nodes="/24"))
    assert [f for f in mended["findings"] if f["severity"] == "error"] == []


def test_aks_refuses_a_pinned_subnet_in_what_it_keeps(planned: Plan) -> None:
    document = planned("--mode", "aks-cni", "--range", "nodes=172.31.4.0/22", exit_code=1)

    assert "ESC402" in {f["code"] for f in document["findings"]}


def test_the_table_is_the_guides(run: Run) -> None:
    result = run("plan", *GKE, *ranges(**GUIDE_RANGES), env={"COLUMNS": "120"})

    rows = [re.split(r" {2,}", line.strip()) for line in result.output.splitlines()]
    nodes = ["172.30.0.0/16", "172.30.0.0 - 172.30.255.255", "172.30.0.2 - 172.30.255.253", "65532", "pinned"]
    assert ["nodes", *nodes] in rows
    pods = ["172.31.128.0/17", "172.31.128.0 - 172.31.255.255", "172.31.128.1 - 172.31.255.254", "32766", "pinned"]
    assert ["pods", *pods] in rows
    assert ["free", "172.31.0.0/17", "172.31.0.0 - 172.31.127.255", "172.31.0.1 - 172.31.127.254", "32766"] in rows
    assert "The peering routes to 172.30.0.0/15." in result.output


@pytest.mark.parametrize("columns", ["", "80"])
def test_the_table_is_whole_at_80_columns_and_in_a_pipe(columns: str, run: Run) -> None:
    shown = run("plan", *GKE, *ranges(**GUIDE_RANGES), env={"COLUMNS": columns}).output

    assert max(map(len, shown.splitlines())) <= 80
    lines = " ".join(shown.split())
    assert (
        "nodes 172.30.0.0/16 65532 pinned 172.30.0.0 - 172.30.255.255, assignable 172.30.0.2 - 172.30.255.253" in lines
    )
    assert "free 172.31.0.0/17 32766 172.31.0.0 - 172.31.127.255, assignable 172.31.0.1 - 172.31.127.254" in lines


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_the_table_and_the_findings_fit_the_terminal(columns: int, run: Run) -> None:
    asked = [*GKE, *ranges(**GUIDE_RANGES | {"pods": "10.120.0.0/14"})]

    lines = run("plan", *asked, env={"COLUMNS": str(columns)}).output.splitlines()

    assert any("172.30.0.0/16" in line for line in lines)
    assert [
        line for line in lines if len(line) > columns and " " in line.strip()[:columns] and "see:" not in line
    ] == []


def test_flags_alone_need_no_name_no_region_and_no_repository(planned: Plan) -> None:
    document = planned("--mode", "gke-standard")

    assert list(document["environments"]) == ["prod"]
    assert document["findings"] == []


def test_a_repository_is_planned_where_only_variables_are_set(repository: Path, planned: Plan) -> None:
    document = planned("-C", repository, env={"ESCSCAFFOLD_REGION": "eu-west-1", "ESCSCAFFOLD_MODE": "gke-standard"})

    assert document["environments"]["prod"]["mode"] == "eks"


def test_one_environment_of_a_repository_can_be_asked_for(repository: Path, run: Run, planned: Plan) -> None:
    assert run("add", "test", "-C", repository, "--mode", "eks", "--yes").exit_code == 0

    assert list(planned("-C", repository)["environments"]) == ["prod", "test"]
    assert list(planned("-C", repository, "test")["environments"]) == ["test"]
    unknown = run("plan", "-C", repository, "tset")
    assert unknown.exit_code == 2
    assert "there is no environment 'tset'. Did you mean test?" in said(unknown)


def test_the_plan_prints_as_markdown_and_as_a_picture(run: Run) -> None:
    markdown = run("plan", *GKE, *ranges(**GUIDE_RANGES), "--format", "markdown")
    picture = run("plan", *GKE, *ranges(**GUIDE_RANGES), "--format", "svg")

    assert "| nodes | 172.30.0.0/16 | 172.30.0.0 - 172.30.255.255 |" in markdown.output
    assert (markdown.exit_code, picture.exit_code) == (0, 0)
    assert picture.output.lstrip().startswith("<")
    assert "172.31.128.0/17" in picture.output


def test_an_svg_shows_one_environment_and_says_which_there_are(repository: Path, run: Run) -> None:
    assert run("add", "test", "-C", repository, "--mode", "eks", "--yes").exit_code == 0

    both = run("plan", "-C", repository, "--format", "svg")
    one = run("plan", "-C", repository, "test", "--format", "svg")

    assert both.exit_code == 2
    assert "choose one of prod, test." in both.stderr
    assert "--format html" in both.stderr
    assert (one.exit_code, one.stderr) == (0, "")
    assert '<title id="title">Network of test: AWS, ' in one.stdout


def test_mermaid_and_the_page_show_all_environments(repository: Path, run: Run) -> None:
    assert run("add", "test", "-C", repository, "--mode", "eks", "--yes").exit_code == 0

    chart = run("plan", "-C", repository, "--format", "mermaid").stdout
    page = run("plan", "-C", repository, "--format", "html").stdout

    assert chart.startswith("flowchart LR\n")
    assert [line.strip() for line in chart.splitlines() if line.startswith("  subgraph")] == [
        'subgraph e0["prod: AWS, eu-central-1"]',
        'subgraph e1["test: AWS, eu-central-1"]',
    ]
    assert page.startswith("<!doctype html>")
    assert [name in page for name in ('<h2 id="e0-name">prod</h2>', '<h2 id="e1-name">test</h2>')] == [True, True]


def test_a_picture_of_a_plan_with_errors_is_drawn_and_the_errors_are_told(run: Run) -> None:
    for form in ("svg", "mermaid", "html"):
        result = run("plan", *GKE, *ranges(**GUIDE_RANGES | {"pods": "10.120.0.0/14"}), "--format", form)

        assert result.exit_code == 1
        assert "10.120.0.0/14" in result.stdout
        assert "error ESC201 prod pods" in result.stderr


def test_an_unknown_region_is_a_warning_with_the_nearest(planned: Plan) -> None:
    (finding,) = planned("--mode", "gke-standard", "--region", "europe-wset2")["findings"]

    assert finding["severity"] == "warning"
    assert "europe-west2" in finding["fix"]


def test_a_kurrent_network_of_another_region_is_shown_with_it(run: Run, planned: Plan) -> None:
    flags = ("--mode", "eks", "--region", "eu-central-1", "--set", "kurrent_region=eu-west-1")
    shown = "AWS, eu-central-1 (Kurrent in eu-west-1)"

    environment = planned(*flags)["environments"]["prod"]

    assert (environment["region"], environment["kurrent_region"]) == ("eu-central-1", "eu-west-1")
    assert "kurrent_region" not in planned("--mode", "eks")["environments"]["prod"]
    assert run("plan", *flags).output.startswith(f"prod: {shown}, eks\n")
    for form in ("svg", "html"):
        assert shown in run("plan", *flags, "--format", form, "--quiet").output
