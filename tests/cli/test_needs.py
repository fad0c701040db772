"""A range asked for by what it has to hold: sized by the cloud's arithmetic, by whatever door it comes."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import GKE, Plan, said, tree
from tests.conftest import Run

NEED = "pods={ nodes = 100, pods_per_node = 110, growth = 2 }"


@pytest.fixture
def hundred(tmp_path: Path, run: Run) -> Path:
    """A repository whose cluster is asked to have a hundred nodes."""
    folder = tmp_path / "network"
    result = run("init", folder, *GKE, "--range", "pods={ nodes = 100 }", "--yes", "--quiet")
    assert result.exit_code == 0, result.output
    return folder


def ask_for(repository: Path, pods: str) -> None:
    spec = repository / "escscaffold.toml"
    kept = [line for line in spec.read_text().splitlines() if not line.startswith("pods")]
    spec.write_text("\n".join([*kept, f"pods = {pods}"]) + "\n")


def pods_of(document: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = document["environments"]["prod"]["ranges"]["pods"]
    return row


def test_a_need_becomes_a_size(planned: Plan) -> None:
    # 101 nodes with a /24 each are 25,856 addresses: more than a /18 has, and no more than a /17.
    pods = pods_of(planned(*GKE, "--range", "pods={ nodes = 100 }"))

    assert pods["cidr"].endswith("/17")
    assert pods["origin"] == "sized"
    assert "room" not in pods
    assert "steps" not in pods


@pytest.mark.parametrize(
    "asked",
    [
        ["--range", NEED],
        ["--range", "pods={nodes=100,pods_per_node=110,growth=2}"],
        ["--set", "ranges.pods.nodes=100", "--set", "ranges.pods.pods_per_node=110", "--set", "ranges.pods.growth=2"],
        ["--set", "ranges.pods={ nodes = 100, pods_per_node = 110, growth = 2 }"],
    ],
    ids=["flag", "flag without spaces", "dotted keys", "one key"],
)
def test_every_door_takes_a_need(asked: list[str], planned: Plan) -> None:
    assert planned(*GKE, *asked) == planned(*GKE, "--range", NEED)


def test_a_variable_and_an_answers_file_take_a_need(tmp_path: Path, planned: Plan) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text(f'[environments.prod]\nmode = "gke-standard"\nranges.{NEED}\n'.replace("pods={", "pods = {"))
    expected = planned(*GKE, "--range", NEED)

    # A variable holds several ranges with spaces between them, so a need has none inside.
    variable = {"ESCSCAFFOLD_RANGE": NEED.replace(" ", "")}
    assert planned(*GKE, env=variable) == expected
    assert planned("--answers", answers, "--region", "europe-west2") == expected


@pytest.mark.parametrize(
    ("more", "length"),
    [
        ("", 17),
        (", pods_per_node = 32", 19),
        (", pods_per_node = 256", 16),
        (", surge = 28", 17),
        (", surge = 29", 16),
        (", spare = 6912", 17),
        (", spare = 6913", 16),
    ],
)
def test_each_part_of_a_need_counts(more: str, length: int, planned: Plan) -> None:
    assert pods_of(planned(*GKE, "--range", f"pods={{ nodes = 100{more} }}"))["cidr"].endswith(f"/{length}")


def test_services_are_counted_too(planned: Plan) -> None:
    document = planned("--mode", "aks-overlay", "--range", "services={ services = 500 }")

    # 500 and 4 that are taken besides are 504 of 512.
    assert document["environments"]["prod"]["ranges"]["services"]["cidr"].endswith("/23")


def test_nodes_asked_for_in_one_range_size_the_other(planned: Plan) -> None:
    ranges = planned(*GKE, "--range", "pods={ nodes = 5000, pods_per_node = 32 }")["environments"]["prod"]["ranges"]

    # 5001 nodes and the four addresses that Google keeps need more than the 4096 of the usual /20.
    assert ranges["nodes"]["cidr"].endswith("/19")
    assert ranges["nodes"]["origin"] == "sized"


def test_every_step_of_the_sum_is_explained_with_its_source(run: Run, planned: Plan) -> None:
    text = run("plan", *GKE, "--range", NEED, "--explain", env={"COLUMNS": "120"}).output
    steps = pods_of(planned(*GKE, "--range", NEED, "--explain"))["steps"]

    assert "101 x 256 = 25,856 addresses" in text
    assert [step["text"] for step in steps][:4] == [
        "100 nodes and 1 more during an upgrade: 101 nodes",
        "a node with up to 110 pods takes a /24 for them: 256 addresses",
        "101 x 256 = 25,856 addresses",
        "the smallest range that fits is a /17 with 32,768",
    ]
    assert all(step.keys() == {"text", "source"} for step in steps)
    assert all(step["text"] in text and step["source"] in text for step in steps)
    assert steps[1]["source"].startswith("https://cloud.google.com/")


def test_without_explain_no_step_is_shown(run: Run) -> None:
    assert "step by step" not in run("plan", *GKE, "--range", NEED).output


def test_every_range_of_every_mode_is_explained(run: Run) -> None:
    for mode in ("eks", "gke-routes", "gke-autopilot", "aks-cni", "aks-kubenet", "aks-overlay", "aks-podsubnet"):
        result = run("plan", "--mode", mode, "--explain")
        assert result.exit_code == 0, result.output
        assert "step by step:" in result.output


def test_room_to_grow_is_kept_beside_a_range(run: Run, planned: Plan) -> None:
    pods = pods_of(planned(*GKE, "--range", 'pods={ size = "/17", growth = 4 }'))

    assert pods["cidr"] == "10.0.0.0/17"
    assert pods["room"] == "10.0.0.0/15"
    text = run("plan", *GKE, "--range", 'pods={ size = "/17", growth = 4 }', env={"COLUMNS": "120"}).output
    assert "10.0.0.0/15 is kept free for growth of pods." in text


def test_room_that_is_not_there_is_a_warning(planned: Plan) -> None:
    asked = ["--range", 'pods={ cidr = "10.4.128.0/17", growth = 4 }', "--range", "nodes=10.4.0.0/20"]

    warnings = {f["subject"]: f for f in planned(*GKE, *asked)["findings"]}

    assert warnings["pods"]["code"] == "ESC306"
    assert warnings["pods"]["severity"] == "warning"


def test_a_pinned_range_that_is_too_small_is_an_error_with_the_sum(planned: Plan) -> None:
    (finding,) = planned(*GKE, "--range", 'pods={ cidr = "10.4.0.0/18", nodes = 100 }', exit_code=1)["findings"]

    assert (finding["code"], finding["subject"]) == ("ESC407", "pods")
    assert "fits 64 nodes, but 101 are needed" in finding["message"]
    assert "101 x 256 = 25,856 addresses" in finding["reason"]


def test_the_need_reaches_terraform(hundred: Path, run: Run) -> None:
    values = hundred / "environments/prod/terraform.tfvars"
    assert "kubernetes = {\n  nodes_max = 100\n}\n" in values.read_text()

    ask_for(hundred, "{ nodes = 90, pods_per_node = 110 }")

    # Fewer nodes in a range of the same size replace nothing.
    assert run("generate", "-C", hundred).exit_code == 0
    assert "kubernetes = {\n  max_pods_per_node = 110\n  nodes_max         = 90\n}\n" in values.read_text()


def test_without_a_need_terraform_keeps_its_defaults(tmp_path: Path, run: Run) -> None:
    assert run("init", tmp_path / "network", *GKE, "--yes").exit_code == 0

    assert "kubernetes = {" not in (tmp_path / "network/environments/prod/terraform.tfvars").read_text()


def test_other_pods_per_node_replace_the_cluster_though_no_range_changes(hundred: Path, run: Run) -> None:
    before = tree(hundred)
    # A /24 for 128 pods is that for 110, too: only the cluster's setting differs.
    ask_for(hundred, "{ nodes = 100, pods_per_node = 128 }")

    refused = run("generate", "-C", hundred)

    assert refused.exit_code == 5
    assert "prod.max_pods_per_node: 110 -> 128 replaces the cluster" in refused.output
    assert {n for n, body in tree(hundred).items() if before[n] != body} == {"escscaffold.toml"}
    assert run("generate", "-C", hundred, "--accept-replace", "prod.max_pods_per_node").exit_code == 0
    assert run("generate", "-C", hundred).exit_code == 0


def test_the_usual_pods_per_node_written_out_replace_nothing(hundred: Path, run: Run) -> None:
    ask_for(hundred, "{ nodes = 100, pods_per_node = 110 }")

    assert run("generate", "-C", hundred).exit_code == 0


def test_what_init_writes_of_a_need_is_one_line(hundred: Path) -> None:
    assert "\npods = { nodes = 100 }\n" in (hundred / "escscaffold.toml").read_text()


HOSTILE = {
    "{": "is not a table",
    "{nodes=1": "is not a table",
    "{nodes=1}}": "is not a table",
    "{}": "has no size",
    "{growth=2}": "has no size",
    '{nodes="x"}': "is not a whole number",
    "{nodes=true}": "is not a whole number",
    "{nodes=1.5}": "is not a whole number",
    "{nodes=nan}": "is not a whole number",
    "{nodes=[100]}": "is not a whole number",
    "{nodes=0}": "is outside 3 to",
    "{nodes=-5}": "is outside 3 to",
    "{nodes=99999999999999999999999999}": "a whole number is beyond the 64 bits of TOML",
    "{nodes=100,pods_per_node=1000}": "is outside 8 to 256",
    "{nodes=100,growth=0}": "growth = 0 is",
    "{nodes=100,growth=99999999}": "growth = 99999999 is",
    "{nodes=100,spare=-1}": "spare = -1 is outside 0 to 1,000,000",
    "{nodez=100}": "Did you mean nodes?",
    "{services=100}": "services does not change the size of pods",
    "{pods_per_node=110}": "nodes is missing",
    '{cidr="10.0.0.0/16",size="/16"}': "cidr and size are both set.",
    '{cidr="10.0.0.1/16"}': "host bits",
    '{size="17"}': "is not a prefix length",
    '{nodes=100,"a\\u001b[2Jb"=1}': "Unknown key",
    '{"${file(\\"x\\")}"=1}': "Unknown key",
}


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_a_table_that_is_no_need_is_refused_with_what_would_be_right(value: str, tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "new", *GKE, "--range", f"pods={value}", "--yes", env={"COLUMNS": "400"})

    assert result.exit_code == 2, result.output
    assert "--range pods" in result.output
    assert HOSTILE[value] in said(result)
    assert "fix: " in result.output
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    assert tree(tmp_path) == {}


def test_a_table_nested_too_deeply_is_refused(run: Run) -> None:
    result = run("plan", *GKE, "--range", "pods={a=" + "[" * 100_000)

    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)


def test_a_need_for_which_there_is_no_room_is_an_error_of_the_plan(planned: Plan) -> None:
    document = planned(*GKE, "--range", "pods={ nodes = 1_000_000, growth = 65_536 }", exit_code=1)

    assert "ESC305" in {f["code"] for f in document["findings"]}


def test_a_range_that_cannot_be_sized_says_so(run: Run) -> None:
    result = run("plan", "--mode", "aks-overlay", "--range", "network={ nodes = 100 }")

    assert result.exit_code == 2
    assert "nodes does not size network" in said(result)
    assert 'Set its size, such as "/16"' in said(result)


def test_a_bad_need_in_the_spec_is_told_with_its_line(hundred: Path, run: Run) -> None:
    ask_for(hundred, "{ nodes = 2 }")

    result = run("generate", "-C", hundred)

    assert result.exit_code == 1
    assert "ESC009 prod pods" in result.output
    lines = (hundred / "escscaffold.toml").read_text().splitlines()
    (line,) = (n for n, text in enumerate(lines, start=1) if text.startswith("pods"))
    assert f"escscaffold.toml:{line}:" in result.output
