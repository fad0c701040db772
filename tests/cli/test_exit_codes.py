"""Every command's exit codes, and the shape of its JSON, which is the same for good news and bad."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from escscaffold.cli import ALL_COMMANDS
from tests.cli.conftest import EKS, tree
from tests.conftest import Run

REFUSED = ["--mode", "aks-cni", "--range", "network=172.30.0.0/16", "--yes"]
UNREADABLE = ["--mode", "eks", "--range", "network=nonsense", "--yes"]
WRITING = {"version": int, "files": list, "replaces": list, "findings": list}
SHAPES: dict[str, dict[str, type]] = {
    "init": WRITING,
    "add": WRITING,
    "generate": WRITING,
    "check": {"version": int, "files": list, "findings": list, "complaints": list, "skipped": list},
    "plan": {"version": int, "environments": dict, "findings": list, "pools": list, "retired": dict},
    "scan": {
        "version": int,
        "found": list,
        "ignored": list,
        "peerings": list,
        "diagnoses": list,
        "unrouted": list,
        "unresolved": list,
        "problems": list,
        "reserved": list,
        "left_out": list,
        "findings": list,
    },
    "review": {
        "version": int,
        "before": str,
        "after": str,
        "verdict": dict,
        "addresses": dict,
        "renamed": dict,
        "impact": list,
        "instances": list,
        "resources": list,
        "not_generated": list,
        "secrets": list,
        "unread": list,
        "ipam": list,
        "other_files": list,
        "untracked_files": list,
        "plans": list,
        "known": list,
        "mended": list,
        "generated_files": list,
        "findings": list,
    },
    "release": {"version": int, "released": list, "findings": list},
    "fmt": {"version": int, "formatted": list, "findings": list},
    "explain": {"version": int, "findings": list, "rules": list},
}
REPLACEMENT = {"name", "old", "new", "replaces", "instead", "impossible", "see"}
FINDING = {"code", "severity", "environment", "subject", "message", "reason", "fix", "source"}


OUTCOMES: dict[str, list[tuple[str, int]]] = {
    "init": [("new --mode eks --yes", 0), ("new --mode eks --yes --dry-run", 3), ("new --cloud mars", 2)],
    "add": [("test --mode eks --yes", 0), ("test --mode eks --yes --dry-run", 3), ("test --mode nope", 2)],
    "adopt": [("nowhere.tf", 2), ("escscaffold.toml --to new --yes", 1)],
    "plan": [("", 0), ("nowhere", 2), ("--mode aks-cni --range network=172.30.0.0/16", 1)],
    "scan": [("environments/prod", 0), ("nowhere.tf", 2), ("escscaffold.toml", 1)],
    "explain": [("ESC201", 0), ("ESC999", 2)],
    "doctor": [("--color sometimes", 2)],
    "check": [("", 0), ("--as-of yesterday", 2)],
    "generate": [("", 0), ("--restore nowhere.tf", 2)],
    "review": [(". .", 0), ("", 1), ("--format nope", 2)],
    "set": [
        ("prod.tags.team=shop", 0),
        ("prod.tags.team=shop --dry-run", 3),
        ("ranges.network=10.64.0.0/16", 5),
        ("ranges.network=nonsense", 2),
    ],
    "remove": [("prod", 1), ("nowhere", 2)],
    "rename": [("prod live", 0), ("prod live --dry-run", 3), ("prod live --new-names", 5), ("nowhere live", 2)],
    "release": [("environments/prod/outputs.tf", 0), ("environments/prod/outputs.tf --dry-run", 3), ("nowhere.tf", 2)],
    "fmt": [("", 0), ("--nope", 2)],
    "schema": [("", 0), ("--nope", 2)],
    "completion": [("bash", 0), ("tcsh", 2)],
    "ipam": [("status", 1), ("nope", 2)],
}
"""The exit codes that docs/reference/commands.md lists, each from a command line in a repository of one environment."""


def document_of(stdout: str, command: str) -> Any:
    """Read the JSON and hold it to the command's shape; `error` says why there is nothing else."""
    document = json.loads(stdout)
    work = document.pop("work", [])
    assert bool(work) == bool(document.get("replaces"))
    complaints = [] if command == "check" else document.pop("complaints", [])
    assert all({"path", "message"} <= one.keys() for one in complaints)
    error = document.pop("error", None)
    assert error is None or error.keys() == {"message", "fix"}
    assert {key: type(value) for key, value in document.items()} == SHAPES[command]
    assert document["version"] == 1
    assert all(finding.keys() == FINDING for finding in document.get("findings", []))
    assert all(file.keys() == {"path", "state"} for file in document.get("files", []))
    assert all(one.keys() == REPLACEMENT for one in document.get("replaces", []))
    return document


def ask(run: Run, command: str, *arguments: object, exit_code: int, **options: Any) -> Any:
    """Run it with --json, and return the document if exit code and shape are right."""
    result = run(command, *arguments, "--json", **options)
    assert result.exit_code == exit_code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return document_of(result.stdout, command)


def test_init(tmp_path: Path, run: Run) -> None:
    written = ask(run, "init", tmp_path / "good", *EKS, "--yes", exit_code=0)

    assert {"path": "environments/prod/main.tf", "state": "new"} in written["files"]
    assert ask(run, "init", tmp_path / "bad", *REFUSED, exit_code=1)["findings"][0]["code"] == "ESC402"
    assert ask(run, "init", tmp_path / "good", *EKS, "--yes", exit_code=1)["files"] == []
    assert ask(run, "init", tmp_path / "bad", *UNREADABLE, exit_code=2)["findings"][0]["code"] == "ESC003"
    assert not (tmp_path / "bad").exists()


def test_add(repository: Path, run: Run) -> None:
    before = tree(repository)

    assert ask(run, "add", "test", "-C", repository, *REFUSED, exit_code=1)["findings"][0]["subject"] == "network"
    assert ask(run, "add", "test", "-C", repository, *UNREADABLE, exit_code=2)["findings"][0]["subject"] == "network"
    assert ask(run, "add", "test", "-C", repository.parent, *EKS, "--yes", exit_code=1)["files"] == []
    assert tree(repository) == before
    written = ask(run, "add", "test", "-C", repository, *EKS, "--yes", exit_code=0)
    assert {"path": "environments/test/main.tf", "state": "new"} in written["files"]


def test_add_tells_a_conflict(repository: Path, run: Run) -> None:
    (repository / "environments/test").mkdir()
    (repository / "environments/test/main.tf").write_text("# mine\n")

    conflict = ask(run, "add", "test", "-C", repository, *EKS, "--yes", exit_code=4)

    assert {"path": "environments/test/main.tf", "state": "beside"} in conflict["files"]
    assert (repository / "environments/test/main.tf").read_text() == "# mine\n"


def test_plan(repository: Path, run: Run) -> None:
    assert list(ask(run, "plan", *EKS, exit_code=0)["environments"]) == ["prod"]
    assert list(ask(run, "plan", "-C", repository, exit_code=0)["environments"]) == ["prod"]
    assert ask(run, "plan", *REFUSED, exit_code=1)["findings"][0]["code"] == "ESC402"
    assert ask(run, "plan", *UNREADABLE, exit_code=2)["findings"][0]["code"] == "ESC003"
    assert ask(run, "plan", "-C", repository.parent, exit_code=1)["environments"] == {}


def test_generate(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"

    assert ask(run, "generate", "-C", repository, exit_code=0)["files"] == []
    (repository / "environments/prod/main.tf").unlink()
    missing = [{"path": "environments/prod/main.tf", "state": "deleted"}]
    assert ask(run, "generate", "-C", repository, "--dry-run", exit_code=3)["files"] == missing
    assert ask(run, "generate", "-C", repository, "--diff", exit_code=3)["files"] == missing
    assert ask(run, "generate", "-C", repository, exit_code=0)["files"] == missing
    assert ask(run, "generate", "-C", repository, exit_code=0)["files"] == []
    (repository / "environments/prod/main.tf").write_text("<<<<<<< mine\n")
    marked = [{"path": "environments/prod/main.tf", "state": "unsolved"}]
    assert ask(run, "generate", "-C", repository, exit_code=4)["files"] == marked
    assert ask(run, "generate", "-C", repository, "--dry-run", exit_code=4)["files"] == marked
    spec.write_text(spec.read_text() + '[environments.prod.ranges]\nnodes-1 = "10.200.0.1/18"\n')
    assert ask(run, "generate", "-C", repository, exit_code=1)["findings"][0]["code"] == "ESC003"


def test_generate_accepts_no_replacement_unsaid(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace("eu-central-1", "eu-west-1"))

    assert ask(run, "generate", "-C", repository, "--dry-run", exit_code=3)["replaces"] != []
    (refused,) = ask(run, "generate", "-C", repository, exit_code=5)["replaces"]
    assert "eu-central-1" in refused["old"]
    assert "eu-west-1" in refused["new"]
    assert ask(run, "generate", "-C", repository, "--accept-replace", refused["name"], exit_code=0)["files"] != []


def test_check(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    good = spec.read_text()

    assert ask(run, "check", "-C", repository, exit_code=0)["files"] == []
    (repository / "docs/network-prod.svg").unlink()
    missing = [{"path": "docs/network-prod.svg", "state": "deleted"}]
    assert ask(run, "check", "-C", repository, exit_code=3)["files"] == missing
    run("generate", "-C", repository, "--restore")
    with (repository / "environments/prod/main.tf").open("a") as main:
        main.write("# mine\n")
    assert ask(run, "check", "-C", repository, exit_code=0)["files"] == []
    spec.write_text(good.replace("eu-central-1", "eu-west-1"))
    (repository / "environments/prod/terraform.tfvars").write_text('region = "eu-west-3"\n')
    conflict = {"path": "environments/prod/terraform.tfvars", "state": "conflict"}
    assert conflict in ask(run, "check", "-C", repository, exit_code=4)["files"]
    spec.write_text(good + '\n[environments.prod.ranges]\nnetwork = "10.0.0.0/8"\n')
    assert ask(run, "check", "-C", repository, exit_code=1)["findings"] != []
    spec.write_text("version = \n")
    assert ask(run, "check", "-C", repository, exit_code=1)["findings"][0]["code"] == "ESC001"


def test_release(repository: Path, run: Run) -> None:
    given = "environments/prod/outputs.tf"

    assert ask(run, "release", given, "-C", repository, exit_code=0)["released"] == [given]
    assert run("release", "nowhere.tf", "-C", repository).exit_code == 2


def test_fmt(repository: Path, run: Run) -> None:
    assert ask(run, "fmt", "-C", repository, exit_code=0)["formatted"] == []
    (repository / "escscaffold.toml").write_text("version=1")
    assert ask(run, "fmt", "--check", "-C", repository, exit_code=3)["formatted"] == ["escscaffold.toml"]
    (repository / "escscaffold.toml").write_text("version==1")
    assert ask(run, "fmt", "-C", repository, exit_code=1)["findings"][0]["code"] == "ESC001"


def test_scan(repository: Path, run: Run) -> None:
    (repository / "offices.txt").write_text("10.99.0.0/16\n")
    (repository / "broken.txt").write_text("what?\n")

    assert ask(run, "scan", "-C", repository, "offices.txt", exit_code=0)["found"][0]["cidr"] == "10.99.0.0/16"
    assert ask(run, "scan", "-C", repository, "offices.txt", "broken.txt", exit_code=1)["problems"][0]["line"] == 1
    assert run("scan", "-C", repository, "nowhere.txt", "--json").exit_code == 2
    (repository / "escscaffold.toml").write_text("version = 2\n")
    assert (
        ask(run, "scan", "-C", repository, "offices.txt", "--reserve", exit_code=1)["findings"][0]["code"] == "ESC006"
    )
    (repository / "escscaffold.toml").unlink()
    assert ask(run, "scan", "-C", repository, "offices.txt", "--reserve", exit_code=1)["found"] == []


def test_review(repository: Path, run: Run) -> None:
    same = ask(run, "review", ".", ".", "-C", repository, exit_code=0)
    edited = repository / "modules/aws-peering/routes.tf"
    edited.write_text("")
    (repository.parent / "before").mkdir()

    assert same["verdict"]["level"] == "same"
    assert ask(run, "review", "-C", repository, exit_code=1)["verdict"]["level"] == "error"
    changed = ask(run, "review", "../before", ".", "-C", repository, exit_code=0)
    assert {"path": "modules/aws-peering/routes.tf", "state": "edited"} in changed["generated_files"]
    (repository / "escscaffold.toml").write_text("version = 2")
    assert ask(run, "review", "../before", ".", "-C", repository, exit_code=1)["findings"][0]["code"] == "ESC006"


def test_explain(run: Run) -> None:
    rules = ask(run, "explain", exit_code=0)["rules"]
    (one,) = ask(run, "explain", "esc201", exit_code=0)["rules"]

    assert one in rules
    assert one["code"] == "ESC201"
    assert {"severity", "title", "reason", "source", "breaks", "mends"} <= one.keys()
    unknown = run("explain", "ESC999")
    assert unknown.exit_code == 2
    assert "ESC001" in unknown.output and "escscaffold explain" in unknown.output


def test_every_command_has_outcomes() -> None:
    assert OUTCOMES.keys() >= set(ALL_COMMANDS) - {"help"}


@pytest.mark.parametrize("command", OUTCOMES)
def test_exit_codes_are_those_of_the_table(
    command: str, repository: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, (arguments, code) in enumerate(OUTCOMES[command]):
        copy = tmp_path / str(number) / "live"
        shutil.copytree(repository, copy)
        monkeypatch.chdir(copy)

        result = run(command, *arguments.split())

        assert (arguments, result.exit_code) == (arguments, code), result.output


@pytest.mark.parametrize("command", SHAPES)
def test_an_unknown_option_is_wrong_usage(command: str, run: Run) -> None:
    result = run(command, "--no-such-option")

    assert result.exit_code == 2
    assert "--no-such-option" in result.output


@pytest.mark.parametrize("command", ["generate", "check", "plan", "add"])
def test_a_folder_without_a_spec_is_named(command: str, tmp_path: Path, run: Run) -> None:
    arguments = ["test", *EKS, "--yes"] if command == "add" else []

    result = run(command, *arguments, "-C", tmp_path)

    assert result.exit_code == 1
    assert str(tmp_path / "escscaffold.toml") in result.output
    assert "escscaffold init" in result.output
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("command", ["generate", "check", "plan"])
def test_a_spec_without_an_environment_is_told_what_to_do(command: str, repository: Path, run: Run) -> None:
    (repository / "escscaffold.toml").write_text("version = 1\n")
    before = tree(repository)

    result = run(command, "-C", repository)

    assert result.exit_code == 1
    assert "escscaffold add" in result.output
    assert tree(repository) == before


def test_every_rule_of_the_list_is_explained(run: Run) -> None:
    codes = [line.split()[0] for line in run("explain").output.splitlines()]

    assert len(codes) == len(set(codes)) > 20
    for code in codes:
        result = run("explain", code)
        assert result.exit_code == 0
        assert "Source: " in result.output
        assert "version = 1" in result.output
