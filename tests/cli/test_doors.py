"""An answer is the same by whatever door it comes: flag, variable, `--set`, answers file or stdin."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import GKE, Plan, ranges, said
from tests.conftest import Run

FLAGS = [
    *["--environment", "live", "--cloud", "gcp", "--region", "europe-west1", "--mode", "gke-standard"],
    *["--range", "kurrent=172.22.110.0/24", "--range", "nodes=/18", "--reserve", "office=10.0.0.0/8"],
    *["--set", "routes=exact"],
]
VARIABLES = {
    "ESCSCAFFOLD_ENVIRONMENT": "live",
    "ESCSCAFFOLD_CLOUD": "gcp",
    "ESCSCAFFOLD_REGION": "europe-west1",
    "ESCSCAFFOLD_MODE": "gke-standard",
    "ESCSCAFFOLD_RANGE": "kurrent=172.22.110.0/24 nodes=/18",
    "ESCSCAFFOLD_RESERVE": "office=10.0.0.0/8",
    "ESCSCAFFOLD_SET": "routes=exact",
}
SETTINGS = [
    *["--environment", "live", "--set", "cloud=gcp", "--set", "region=europe-west1", "--set", "mode=gke-standard"],
    *["--set", "ranges.kurrent=172.22.110.0/24", "--set", 'ranges.nodes="/18"', "--set", "routes=exact"],
    *["--reserve", "office=10.0.0.0/8"],
]
SPEC = """\
version = 1

[reserved]
office = "10.0.0.0/8"

[environments.live]
cloud = "gcp"
region = "europe-west1"
mode = "gke-standard"
routes = "exact"

[environments.live.ranges]
kurrent = "172.22.110.0/24"
nodes = "/18"
"""


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.toml"
    path.write_text(SPEC)
    return path


def repository_of(run: Run, folder: Path, *arguments: object, **options: Any) -> dict[str, str]:
    result = run("init", folder, *arguments, "--yes", **options)
    assert result.exit_code == 0, result.output
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_every_door_writes_the_same_repository(tmp_path: Path, answers: Path, run: Run) -> None:
    by_flags = repository_of(run, tmp_path / "flags", *FLAGS)

    assert 'region = "europe-west1"' in by_flags["escscaffold.toml"]
    assert repository_of(run, tmp_path / "variables", env=VARIABLES) == by_flags
    assert repository_of(run, tmp_path / "settings", *SETTINGS) == by_flags
    assert repository_of(run, tmp_path / "file", "--answers", answers) == by_flags
    assert repository_of(run, tmp_path / "stdin", "--answers", "-", input=SPEC) == by_flags
    assert repository_of(run, tmp_path / "variable", env={"ESCSCAFFOLD_ANSWERS": str(answers)}) == by_flags


def test_what_init_writes_can_be_given_as_answers(tmp_path: Path, run: Run) -> None:
    first = repository_of(run, tmp_path / "first", *FLAGS)

    again = repository_of(run, tmp_path / "again", "--answers", tmp_path / "first/escscaffold.toml")

    assert again == first


def test_a_flag_wins_over_a_variable_and_both_over_the_answers(answers: Path, planned: Plan) -> None:
    env = {"ESCSCAFFOLD_REGION": "europe-west3", "ESCSCAFFOLD_RANGE": "nodes=/20"}

    by_file = planned("--answers", answers)["environments"]["live"]
    by_variable = planned("--answers", answers, env=env)["environments"]["live"]
    by_flag = planned("--answers", answers, "--region", "europe-west4", env=env)["environments"]["live"]
    by_setting = planned("--answers", answers, "--set", "region=europe-west6", env=env)["environments"]["live"]

    assert by_file["region"] == "europe-west1"
    assert by_file["ranges"]["nodes"]["cidr"].endswith("/18")
    assert by_variable["region"] == "europe-west3"
    assert by_variable["ranges"]["nodes"]["cidr"].endswith("/20")
    assert by_flag["region"] == "europe-west4"
    assert by_setting["region"] == "europe-west6"


def test_an_answers_file_may_leave_to_flags_what_it_does_not_say(tmp_path: Path, planned: Plan) -> None:
    answers = tmp_path / "part.toml"
    answers.write_text('[environments.live]\nmode = "gke-standard"\n')

    environment = planned("--answers", answers, "--region", "europe-west4")["environments"]["live"]

    assert (environment["cloud"], environment["region"]) == ("gcp", "europe-west4")


def test_further_environments_of_an_answers_file_come_along(tmp_path: Path, run: Run) -> None:
    answers = SPEC + SPEC[SPEC.index("[environments") :].replace("live", "spare").replace("172.22.110", "172.22.111")

    result = run("init", tmp_path / "network", "--answers", "-", "--yes", input=answers)

    assert result.exit_code == 0, result.output
    assert (tmp_path / "network/environments/live/main.tf").exists()
    assert (tmp_path / "network/environments/spare/main.tf").exists()


@pytest.mark.parametrize(
    "twice",
    [
        ["--range", "nodes=/18", "--range", "nodes=/20"],
        ["--range", "nodes=/18", "--range", "nodes=/18"],
        ["--range", "nodes=/18", "--set", "ranges.nodes=/20"],
        ["--region", "europe-west1", "--set", "region=europe-west2"],
        ["--set", "routes=exact", "--set", "routes=supernet"],
        ["--reserve", "office=10.8.0.0/16", "--reserve", "office=10.9.0.0/16"],
        ["--range", "nodes=/18", "--set", 'ranges={pods="/20"}'],
    ],
    ids=" ".join,
)
def test_the_same_thing_given_twice_is_refused(twice: list[str], run: Run) -> None:
    result = run("plan", "--mode", "gke-standard", *twice)

    assert result.exit_code == 2
    assert "ESC007" in result.output
    assert "set twice" in said(result)


@pytest.mark.parametrize(
    ("asked", "place", "near"),
    [
        (["--set", "regoin=europe-west2"], "--set regoin", "region"),
        (["--set", "parts.netwrok=create"], "--set parts.netwrok", "network"),
        (["--range", "pod=/17"], "--range pod", "pods"),
        (["--set", "routes=exakt"], "--set routes", "exact"),
        (["--set", "provider=kurentcloud"], "--set provider", "kurrentcloud"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_an_unknown_word_names_the_nearest(asked: list[str], place: str, near: str, run: Run) -> None:
    result = run("plan", *GKE, *asked)

    assert result.exit_code == 2
    assert place in result.output
    assert f"Did you mean {near}?" in said(result)


@pytest.mark.parametrize(
    ("asked", "near"),
    [(["--mode", "gke-standart"], "gke-standard"), (["--cloud", "gpc"], "gcp")],
    ids=["mode", "cloud"],
)
def test_a_misspelt_mode_or_cloud_alone_names_the_nearest(asked: list[str], near: str, run: Run) -> None:
    result = run("plan", *asked)

    assert result.exit_code == 2
    assert f"Did you mean {near}?" in said(result)
    assert "missing" not in result.output


def test_a_mode_of_another_cloud_is_told_so(run: Run) -> None:
    result = run("plan", "--cloud", "aws", "--mode", "gke-standard")

    assert result.exit_code == 2
    assert "gke-standard is a mode of gcp, not of aws" in said(result)


def test_all_problems_are_told_at_once(planned: Plan) -> None:
    document = planned(
        *["--environment", "Prod", *GKE, "--range", "nodes=172.30.0.1/16", "--range", "pod=/17"],
        *["--reserve", "office=10.8.0.0", "--set", "regoin=x", "--set", "routes=exakt"],
        exit_code=2,
    )

    assert {f["subject"] for f in document["findings"]} == {"Prod", "nodes", "pod", "office", "regoin", "routes"}
    nodes = next(f for f in document["findings"] if f["subject"] == "nodes")
    assert "--range nodes: " in nodes["message"]
    assert "172.30.0.0/16" in nodes["fix"]


def test_a_problem_names_the_variable_that_it_came_from(run: Run) -> None:
    env = {"ESCSCAFFOLD_MODE": "gke-standard", "ESCSCAFFOLD_RANGE": "nodes=/99", "ESCSCAFFOLD_REGION": "Europe"}

    result = run("plan", env=env)

    assert result.exit_code == 2
    assert "ESCSCAFFOLD_RANGE nodes: '/99'" in said(result)
    assert "ESCSCAFFOLD_REGION: Invalid region code 'Europe'" in said(result)


def test_a_problem_names_the_line_of_the_answers_file(answers: Path, run: Run) -> None:
    answers.write_text(SPEC.replace('"/18"', '"172.30.0.1/16"').replace("europe-west1", "Europe"))

    result = run("plan", "--answers", answers)

    assert result.exit_code == 2
    assert f"{answers}:14:1: '172.30.0.1/16' has host bits set." in said(result)
    assert f"{answers}:8:1: Invalid region code 'Europe'" in said(result)


@pytest.mark.parametrize("text", ["version = 1\n[environments", "environments = 5", "[environments]\nlive = 5", "\xff"])
def test_a_broken_answers_file_is_wrong_usage(text: str, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "answers.toml"
    path.write_bytes(text.encode("latin-1"))

    result = run("init", tmp_path / "network", "--answers", path, "--yes")

    assert result.exit_code == 2
    assert str(path) in result.output
    assert not (tmp_path / "network").exists()


def test_an_answers_file_that_is_not_there_is_wrong_usage(tmp_path: Path, run: Run) -> None:
    result = run("plan", "--answers", tmp_path / "nowhere.toml")

    assert result.exit_code == 2
    assert "No such file" in said(result)


@pytest.mark.parametrize("flag", ["--range", "--reserve", "--set"])
def test_a_flag_without_an_equals_sign_shows_how_to_write_it(flag: str, run: Run) -> None:
    result = run("plan", "--mode", "gke-standard", flag, "nodes")

    assert result.exit_code == 2
    assert f"Use {flag} " in said(result)


@pytest.mark.parametrize(
    "setting",
    [
        "ranges=5",
        "ranges.nodes.x=1",
        "mode=[1]",
        "cloud=[1]",
        "cloud.x=1",
        "region={}",
        "parts=[]",
        "a..b=1",
        ".=",
        "=",
    ],
)
def test_a_value_of_a_wrong_kind_is_told_at_its_flag(setting: str, run: Run) -> None:
    mode = [] if setting.startswith("mode") else ["--mode", "gke-standard"]

    result = run("plan", *mode, "--set", setting)

    assert result.exit_code == 2
    assert f"--set {setting.partition('=')[0]}".strip() in result.output


def test_the_json_of_a_refusal_is_on_stdout_and_its_words_are_not(run: Run) -> None:
    result = run("plan", *GKE, *ranges(nodes="172.30.0.1/16"), "--json")

    assert result.exit_code == 2
    assert [f["code"] for f in json.loads(result.stdout)["findings"]] == ["ESC003"]


def test_a_key_of_the_environment_that_is_taken_for_a_flag_is_told_how_to_be_set(run: Run) -> None:
    result = run("plan", "--mode", "gke-standard", "--routes", "exact")

    assert result.exit_code == 2
    assert "No such option '--routes'. Use --set routes=VALUE." in said(result)
    assert "--set" not in said(run("check", "--routes", "exact"))


def test_what_exists_and_is_not_named_is_asked_for_by_the_flag_that_names_it(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "new", "--mode", "gcp-existing", "--yes")

    assert result.exit_code == 2
    assert "--set existing.network: Name of the VPC network is missing." in said(result)
    assert 'Add existing.network = "vpc-shared".' in said(result)
    assert "--range: No range is set that connects to the database." in said(result)


def test_what_is_missing_in_an_answers_file_is_told_there(tmp_path: Path, run: Run) -> None:
    (tmp_path / "answers.toml").write_text('version = 1\n\n[environments.prod]\nmode = "gcp-existing"\n')

    result = run("init", tmp_path / "new", "--answers", tmp_path / "answers.toml", "--yes")

    assert result.exit_code == 2
    assert "answers.toml:3:2: Name of the VPC network is missing." in said(result).replace(" answers", "answers")


def test_a_long_list_of_what_is_known_is_cut(repository: Path, run: Run) -> None:
    result = run("release", "-C", repository, "nothing-like-it")

    assert result.exit_code == 2
    assert said(result).count(",") == 19
    assert said(result).endswith(" more. See: escscaffold release -h")
