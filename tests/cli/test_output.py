"""Help, colour, quiet, folders and encodings: what the terminal sees, whatever it is."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import escscaffold
from escscaffold.cli import COMMAND_GROUPS
from tests.cli.conftest import EKS, GKE, GUIDE_RANGES, ranges, tree
from tests.conftest import Run

COMMANDS = (
    *("init", "add", "adopt", "set", "remove", "rename", "plan", "generate", "release", "check"),
    *("fmt", "review", "scan", "ipam", "explain", "schema", "doctor", "completion"),
)
REFUSED = [*GKE, *ranges(**GUIDE_RANGES | {"pods": "10.120.0.0/14"})]
OLD_PEERING = """\
resource "kurrentcloud_project" "main" { name = "shop" }
resource "kurrentcloud_network" "main" {
  name       = "events"
  cidr_block = "172.29.98.0/24"
}
resource "kurrentcloud_peering" "main" {
  network_id             = kurrentcloud_network.main.id
  peer_resource_provider = "aws"
  peer_network_id        = "vpc-0a1b2c3d4e5f60718"
  peer_network_region    = "eu-central-1"
  routes                 = ["10.20.0.0/18"]
}
resource "aws_subnet" "nodes" {
  vpc_id     = "vpc-0a1b2c3d4e5f60718"
  cidr_block = "10.20.0.0/18"
}
"""
RED = "\x1b[31m"


def shell(*arguments: str | Path | bytes, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m escscaffold` as a process of its own."""
    program = [sys.executable, "-m", "escscaffold", *arguments]
    return subprocess.run(program, env=os.environ | variables, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_80_columns_and_ends_with_an_example_that_is_left_whole(command: str, run: Run) -> None:
    text = run(command, "--help", env={"COLUMNS": "80"}).output

    head, example = text.split("Example:\n")
    assert max(map(len, text.splitlines())) <= 80
    assert "\\b" not in text
    assert example.strip().startswith(f"escscaffold {command}")
    assert len(example.strip().splitlines()) == 1
    assert head.startswith(f"Usage: escscaffold {command}")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """What the examples speak of: two environments, a branch that they are compared with, what others have built."""
    monkeypatch.chdir(tmp_path)
    assert run("init", ".", *GKE, "--environment", "prod", "--yes", "-q").exit_code == 0
    assert run("add", "staging", "--mode", "gke-standard", "--yes", "-q").exit_code == 0
    for words in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "x"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        subprocess.run(["git", *words], check=True, timeout=60)
    (tmp_path / "infrastructure").mkdir()
    (tmp_path / "infrastructure/vpc.tf").write_text('resource "aws_vpc" "a" {\n  cidr_block = "192.168.0.0/16"\n}\n')
    return tmp_path


# docs/how-to/netbox.md shows the example of `ipam`, which needs a NetBox.
@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "ipam"])
def test_the_example_of_the_help_works(command: str, world: Path, run: Run) -> None:
    example = run(command, "--help").output.split("Example:\n")[1]
    if command == "adopt":
        (world / "infra").mkdir()
        (world / "infra/peering.tf").write_text(OLD_PEERING)
    if command == "add":
        assert run("remove", "staging", "-q").exit_code == 0

    result = run(*shlex.split(example)[1:])

    # What --diff would change is told by the exit code.
    assert result.exit_code == (3 if command == "set" else 0), result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_a_screen(command: str, run: Run) -> None:
    assert len(run(command, "--help", env={"COLUMNS": "80"}).output.splitlines()) <= 40


def test_the_help_of_all_lists_every_command(run: Run) -> None:
    text = run("--help", env={"COLUMNS": "80"}).output

    listed = re.findall(r"^  ([a-z]+) {2,}\S", text.split("Create:\n")[1].split("Start with:")[0], re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)
    assert re.findall(r"^([A-Z][a-z ]+):$", text, re.MULTILINE)[1:] == [*COMMAND_GROUPS]
    assert max(map(len, text.splitlines())) <= 80
    assert run("-h").output == run("--help").output
    assert "escscaffold init DIR" in text
    assert "\\b" not in text


def test_a_misspelt_command_is_wrong_usage(run: Run) -> None:
    assert run("inti").exit_code == 2


def test_colour_is_for_terminals_unless_it_is_asked_for(run: Run) -> None:
    assert RED not in run("plan", *REFUSED).output
    assert RED in run("plan", *REFUSED, "--color", "always").output
    # click's runner with colour on is a terminal as far as colour goes.
    assert RED not in run("plan", *REFUSED, "--color", "never", color=True).output
    assert RED not in run("plan", *REFUSED, color=True, env={"NO_COLOR": "1"}).output
    assert RED in run("plan", *REFUSED, "--color", "always", color=True, env={"NO_COLOR": "1"}).output
    assert run("plan", *REFUSED, "--color", "sometimes").exit_code == 2


def test_without_a_command_the_help_is_shown_and_no_error(run: Run) -> None:
    result = run()

    assert result.output.startswith("Usage: escscaffold [OPTIONS] COMMAND")
    assert result.output.count("Usage:") == 1
    assert "Error" not in result.output


def test_a_misspelt_command_is_told_with_the_nearest(run: Run) -> None:
    result = run("inti")

    assert result.exit_code == 2
    assert "No such command 'inti'. Did you mean init?" in result.output
    assert "Known: init, add," in run("deploy").output


def test_the_json_is_never_coloured(run: Run) -> None:
    assert "\x1b" not in run("plan", *REFUSED, "--json", "--color", "always").stdout


def test_quiet_prints_results_and_problems_only(tmp_path: Path, repository: Path, run: Run) -> None:
    assert run("init", tmp_path / "new", *EKS, "--yes", "--quiet").output == ""
    assert run("set", "kubernetes.endpoint_access_ranges=[]", "-C", repository, "-q").output == ""
    assert run("generate", "-C", repository, "-q").output == ""
    assert run("check", "-C", repository, "-q").output == ""
    assert "172.31.128.0/17" in run("plan", *GKE, *ranges(**GUIDE_RANGES), "--quiet").output
    assert "ESC201" in run("plan", *REFUSED, "--quiet").output
    assert "ESC501" in run("plan", "--mode", "eks", "--region", "eu-moon-1").output
    assert "ESC501" in run("plan", "--mode", "eks", "--region", "eu-moon-1", "--quiet").output


def test_quiet_keeps_the_refusals(tmp_path: Path, repository: Path, run: Run) -> None:
    (repository / "environments/prod/main.tf").write_text("<<<<<<< mine\n")

    assert "environments/prod/main.tf" in run("generate", "-C", repository, "-q").output
    assert "environments/prod/main.tf" in run("check", "-C", repository, "-q").output
    assert "not empty" in run("init", repository / "modules", *EKS, "--yes", "-q").output


def test_init_works_in_the_folder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    (tmp_path / "base").mkdir()
    monkeypatch.chdir(tmp_path)

    result = run("init", "network", "-C", "base", *EKS, "--yes")

    assert result.exit_code == 0
    assert (tmp_path / "base/network/escscaffold.toml").exists()
    assert "  cd base/network\n" in result.output
    assert run("check", "-C", "base/network").exit_code == 0


def test_init_here_needs_no_change_of_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)

    result = run("init", *EKS, "--yes")

    assert result.exit_code == 0
    assert "cd " not in result.output
    assert (tmp_path / "escscaffold.toml").exists()


def test_the_next_commands_are_three_and_the_folder_is_quoted(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "my network", *EKS, "--yes")

    steps = result.output.split("Next:\n")[1].splitlines()
    assert len(steps) == 3
    assert shlex.split(steps[0]) == ["cd", str(tmp_path / "my network")]
    assert all((tmp_path / "my network" / s.split("-chdir=")[1].split()[0]).is_dir() for s in steps[1:])


def test_the_module_is_the_command(tmp_path: Path) -> None:
    version = shell("--version")
    refused = shell("plan", *REFUSED)
    usage = shell("plan", "--no-such")

    assert version.stdout.decode() == f"escscaffold {escscaffold.__version__}\n"
    assert (refused.returncode, usage.returncode) == (1, 2)
    assert usage.stderr.decode() == "error No such option '--no-such'.\n  See: escscaffold plan -h\n"


def test_the_version_is_the_same_by_either_way(run: Run) -> None:
    assert run("--version").output == shell("--version").stdout.decode()


def test_a_folder_in_another_encoding_is_no_reason_to_fail(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"

    written = shell("init", folder, *EKS, "--yes", PYTHONIOENCODING="utf-8:strict")
    checked = shell("check", "-C", folder, PYTHONIOENCODING="utf-8:strict")
    missing = shell("check", "-C", folder + b"\xe8", PYTHONIOENCODING="utf-8:strict")

    assert (written.returncode, checked.returncode, missing.returncode) == (0, 0, 1)
    assert b"Traceback" not in written.stderr + missing.stderr


def test_a_diff_prints_in_a_terminal_that_knows_ascii_only(repository: Path) -> None:
    readme = repository / "README.md"
    readme.write_bytes(readme.read_bytes() + "\nCafé\n".encode() + b"\xe9\n")
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace("eu-central-1", "eu-west-1"))

    for encoding in ("ascii:strict", "utf-8:strict"):
        shown = shell("generate", "--diff", "-C", repository, PYTHONIOENCODING=encoding)
        assert shown.returncode == 3, shown.stderr.decode()
        assert b"eu-west-1" in shown.stdout


def test_an_output_that_cannot_be_written_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        program = [sys.executable, "-m", "escscaffold", "plan", "--mode", "eks"]
        done = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)

    assert done.returncode == 1
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error(repository: Path) -> None:
    program = (
        f"{shlex.quote(sys.executable)} -m escscaffold generate --diff -C {shlex.quote(str(repository))} | head -c 1"
    )
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace("eu-central-1", "eu-west-1"))

    done = subprocess.run(program, shell=True, capture_output=True, timeout=60, check=True)

    assert len(done.stdout) == 1
    assert b"Traceback" not in done.stderr


def test_nothing_is_left_where_init_only_showed_its_help(tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "network", "--help")

    assert tree(tmp_path) == {}
