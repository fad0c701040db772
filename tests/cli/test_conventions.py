"""What a person expects of any command: docs/explanation/conventions.md has a row for each, and names its test here."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from click.testing import Result

from escscaffold.cli import ALL_COMMANDS
from escscaffold.clouds.fact_files import cloud_names, mode_names
from tests.cli.conftest import tree
from tests.conftest import Run as Runs

REPOSITORY = Path(__file__).parents[2]
PROGRAM = str(Path(sys.executable).with_name("escscaffold"))
PAGE = REPOSITORY / "docs/explanation/conventions.md"
Run = Callable[..., Result]


@pytest.fixture
def run(run: Runs) -> Run:
    """Run escscaffold, which must exit as expected."""

    def invoke(*arguments: object, expect: int = 0, **options: object) -> Result:
        done = run(*arguments, **options)
        assert done.exit_code == expect, done.output
        return done

    return invoke


def test_every_row_names_a_test_that_exists() -> None:
    rows = re.findall(r"^\| .* \| `(tests/[a-z_/]+\.py)::(test_\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert len(rows) >= 15
    for file, test in rows:
        assert f"def {test}(" in (REPOSITORY / file).read_text("utf-8"), f"{file}::{test}"


@pytest.mark.parametrize("command", [*ALL_COMMANDS, "ipam pull"])
def test_help_command_is_the_help_of_the_command(command: str, run: Run) -> None:
    assert run("help", *command.split()).output == run(*command.split(), "--help").output


def test_help_of_an_unknown_command_is_wrong_usage(run: Run) -> None:
    assert "No such command 'plann'. Did you mean plan?" in run("help", "plann", expect=2).output
    assert run("help").output == run("--help").output


def test_version_has_a_short_flag(run: Run) -> None:
    assert run("-V").output == run("--version").output
    assert pexpect.run(f"{PROGRAM} -V").decode().strip() == run("--version").output.strip()


def test_help_lists_clouds_and_modes(run: Run) -> None:
    text = " ".join(run("init", "--help", env={"COLUMNS": "200"}).output.split())

    # A name may be broken at its hyphen.
    for name in (*cloud_names(), *mode_names()):
        assert name in text.replace("- ", "-")


@pytest.mark.parametrize("flag", ["-v", "--debug"])
def test_debug_logs_to_stderr(flag: str, repository: Path, run: Run) -> None:
    run("set", "-C", repository, "tags.team=network")
    text = (repository / "escscaffold.toml").read_text()
    (repository / "escscaffold.toml").write_text(text.replace("network", "shop"))
    quiet = run("generate", "-C", repository, "--dry-run", expect=3)

    done = run("generate", "-C", repository, flag)

    assert re.search(r"^debug \d+\.\d{3}s write .*environments/prod/terraform\.tfvars$", done.stderr, re.MULTILINE)
    assert "debug " not in done.stdout
    assert "debug " not in quiet.output
    assert "debug " not in run("check", "-C", repository).output


def test_debug_shows_the_cause_of_an_error(tmp_path: Path, run: Run) -> None:
    done = run("plan", "-C", tmp_path / "nowhere", "--debug", expect=1)

    assert "Traceback (most recent call last)" in done.stderr
    assert "Traceback" not in run("plan", "-C", tmp_path / "nowhere", expect=1).output


def test_fmt_formats_stdin(run: Run) -> None:
    text = "version=1\n[reserved]\noffice   = '10.8.0.0/016'\n"

    formatted = run("fmt", "-", input=text).stdout
    assert formatted == 'version = 1\n\n[reserved]\noffice = "10.8.0.0/16"\n'
    assert run("fmt", "-", input=formatted).stdout == formatted
    assert run("fmt", "-", "--check", input=text, expect=3).stdout == ""
    assert "-version=1\n+version = 1\n" in run("fmt", "-", "--diff", input=text, expect=3).stdout
    assert run("fmt", "-", "--check", input=formatted).stdout == ""
    assert "ESC001" in run("fmt", "-", input="version = [", expect=1).output
    run("fmt", "-", "other.toml", input=text, expect=2)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("init", "{}/new", "--mode", "eks", "--yes"), "would write modules/eks/cluster.tf"),
        (("add", "-C", "{}", "staging", "--mode", "eks", "--yes"), "would write environments/staging/main.tf"),
        (("release", "-C", "{}", "environments/prod/main.tf"), "environments/prod/main.tf would no longer be"),
        (("scan", "-C", "{}", "--reserve", "used.txt"), "Dry run: nothing was written."),
    ],
)
def test_a_dry_run_says_what_would_change_and_writes_nothing(
    command: tuple[str, ...], told: str, repository: Path, run: Run
) -> None:
    (repository / "used.txt").write_text("10.77.0.0/16 office\n")
    before = tree(repository)

    done = run(*(part.format(repository) for part in command), "--dry-run", expect=3)

    assert told in done.stdout
    assert tree(repository) == before


@pytest.mark.parametrize(
    "command",
    [
        ("add", "-C", "{}", "staging", "--mode", "eks", "--yes"),
        ("release", "-C", "{}", "environments/prod/main.tf"),
        ("scan", "-C", "{}", "--reserve", "used.txt"),
        ("init", "{}/new", "--mode", "eks", "--yes"),
    ],
)
def test_a_dry_run_leaves_what_another_run_left(command: tuple[str, ...], repository: Path, run: Run) -> None:
    (repository / "used.txt").write_text("10.77.0.0/16 office\n")
    left = repository / "new" / ".escscaffold-left" if command[0] == "init" else repository / ".escscaffold-left"
    left.mkdir(parents=True)

    run(*(part.format(repository) for part in command), "--dry-run", expect=3)

    assert left.is_dir()
    run(*(part.format(repository) for part in command))
    assert not left.exists()


@pytest.mark.parametrize(
    ("command", "addressed"), [(("init", "{}/new"), "new"), (("add", "-C", "{}", "staging"), "staging")]
)
def test_a_dry_run_says_that_nothing_is_claimed(
    command: tuple[str, ...], addressed: str, repository: Path, run: Run
) -> None:
    ipam = 'kind = "netbox"\nurl = "https://netbox.example.com"\nclaim_from = ["10.64.0.0/10"]'
    answers = [] if addressed == "staging" else ["--set", f"ipam={{ {ipam.replace(chr(10), ', ')} }}"]
    if addressed == "staging":
        spec = repository / "escscaffold.toml"
        spec.write_text(spec.read_text() + f"\n[ipam]\n{ipam}\n")
    arguments = [*(part.format(repository) for part in command), "--mode", "eks", "--yes", *answers, "--dry-run"]

    assert "A dry run does not read the IPAM" in run(*arguments, expect=3).output
    assert "A dry run does not read the IPAM" not in run(*arguments, "--no-claim", expect=3).output


@pytest.mark.parametrize(
    "command",
    [
        *("add x --mode eks --yes", "plan", "check", "review", "set a=b", "generate", "remove x", "rename a b", "fmt"),
        *("ipam pull", "ipam claim", "ipam status", "ipam release x", "doctor"),
    ],
)
def test_a_command_that_fails_prints_json(command: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text("version = 1\n[")

    done = run(*command.split(), "-C", tmp_path, "--json", expect=1)

    assert isinstance(json.loads(done.stdout), dict)


def in_a_terminal(command: str, rows: int, **variables: str) -> str:
    shown = pexpect.spawn(
        "/bin/sh",
        ["-c", f"{PROGRAM} {command}"],
        env={"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **variables},
        encoding="utf-8",
        dimensions=(rows, 100),
        timeout=20,
    )
    shown.expect(pexpect.EOF)
    return str(shown.before)


def test_long_output_goes_to_the_pager_on_a_terminal(tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\ncat\n")
    pager.chmod(0o755)

    assert "PAGED" in in_a_terminal("explain", 20, PAGER=str(pager))
    assert "PAGED" in in_a_terminal("explain", 20, ESCSCAFFOLD_PAGER=str(pager), PAGER="cat")
    assert "PAGED" not in in_a_terminal("explain", 200, PAGER=str(pager))
    assert "PAGED" not in in_a_terminal("explain | cat", 20, PAGER=str(pager))
    assert "PAGED" not in in_a_terminal("explain --json", 20, PAGER=str(pager))


def test_sources_are_links_where_the_terminal_opens_them() -> None:
    address = "https://docs.kurrent.io/cloud/guides/kubernetes.html"

    linked = in_a_terminal("explain ESC201", 200, TERM_PROGRAM="WezTerm")
    assert f"\x1b]8;;{address}\x1b\\{address}\x1b]8;;\x1b\\" in linked
    page = re.search(
        r"\x1b\]8;;file://(\S+?\.md)(?:#\S+)?\x1b", in_a_terminal("explain ESC701", 200, VTE_VERSION="7600")
    )
    assert page is not None
    assert Path(page[1]).is_file()
    for variables in ({}, {"TERM_PROGRAM": "WezTerm", "NO_COLOR": "1"}, {"TERM_PROGRAM": "Apple_Terminal"}):
        assert "\x1b]8" not in in_a_terminal("explain ESC201", 200, **variables)
    assert "\x1b]8" not in in_a_terminal("explain ESC201 | cat", 200, TERM_PROGRAM="WezTerm")


def test_powershell_gets_values_with_what_they_are(repository: Path, run: Run) -> None:
    """By the protocol alone: no PowerShell runs here."""
    script = run("completion", "powershell").stdout
    assert "Register-ArgumentCompleter -Native -CommandName escscaffold" in script

    asked = {"_ESCSCAFFOLD_COMPLETE": "powershell_complete", "COMP_WORDS": "escscaffold plan --cloud g"}
    done = subprocess.run(
        [PROGRAM], cwd=repository, env=os.environ | asked, capture_output=True, text=True, check=False
    )

    assert done.stdout == "plain\tgcp\t\n"
