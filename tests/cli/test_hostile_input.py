"""Names and texts that nobody should give: refused by every door, with no traceback and nothing on disk.

What chance makes of them goes through the doors in tests/fuzzing.
"""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run
from tests.fuzzing.words import HOSTILE

DEVICES = {("--region", "con"), ("--region", "lpt1")}


def refused(result: object, folder: Path, *codes: int) -> str:
    """Assert that the command refused without a traceback, steered no terminal, and left nothing."""
    exit_code, output = result.exit_code, result.output  # type: ignore[attr-defined]
    assert exit_code in (codes or (2,)), output
    assert isinstance(result.exception, SystemExit)  # type: ignore[attr-defined]
    assert [c for c in output if not c.isprintable() and c != "\n"] == []
    assert tree(folder) == {}
    return str(output)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_of_an_environment_is_refused_by_every_door(name: str, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    spec = f'version = 1\n[environments.{json.dumps(name)}]\ncloud = "aws"\nregion = "eu-west-1"\nmode = "eks"\n'
    (tmp_path / "answers.toml").write_text(spec)

    refused(run("init", folder / "new", *EKS, "--environment", name, "--yes"), folder)
    refused(run("init", folder / "new", "--answers", "-", "--yes", input=spec), folder)
    refused(run("init", folder / "new", "--answers", tmp_path / "answers.toml", "--yes"), folder)
    if name:
        variables = {"ESCSCAFFOLD_ENVIRONMENT": name}
        refused(run("init", folder / "new", *EKS, "--yes", env=variables), folder)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_refused_by_add_and_in_the_spec(name: str, repository: Path, run: Run) -> None:
    before = tree(repository)

    added = run("add", "-C", repository, *EKS, "--environment", name, "--yes")
    (repository / "escscaffold.toml").write_text(
        f'version = 1\n[environments.{json.dumps(name)}]\ncloud = "aws"\nregion = "eu-west-1"\nmode = "eks"\n'
    )
    generated = run("generate", "-C", repository)

    assert (added.exit_code, generated.exit_code) == (2, 1)
    assert [c for c in added.output + generated.output if not c.isprintable() and c != "\n"] == []
    after = tree(repository)
    assert {n for n in before if after[n] != before[n]} == {"escscaffold.toml"}
    assert after.keys() == before.keys()


@pytest.mark.parametrize(
    ("flag", "text"),
    # A region may be called like a device: it names no file.
    [(flag, t) for t in HOSTILE.values() for flag in ("--cloud", "--region", "--mode") if (flag, t) not in DEVICES],
    ids=lambda value: ascii(value)[:20],
)
def test_a_hostile_word_is_refused(flag: str, text: str, tmp_path: Path, run: Run) -> None:
    given = ["--mode", "eks"] if flag == "--region" else []

    refused(run("init", tmp_path / "new", *given, flag, text, "--yes"), tmp_path)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_of_a_range_is_refused(name: str, tmp_path: Path, run: Run) -> None:
    refused(run("init", tmp_path / "new", *EKS, "--range", f"{name}=/20", "--yes"), tmp_path)


@pytest.mark.parametrize("name", [n for n in HOSTILE.values() if not n.isalnum() or not n.isascii()], ids=ascii)
def test_a_hostile_name_of_a_reserved_block_reaches_the_files_as_data_or_not_at_all(
    name: str, tmp_path: Path, run: Run
) -> None:
    result = run("init", tmp_path / "new", *EKS, "--reserve", f"{name}=10.99.0.0/16", "--yes")

    if result.exit_code == 0:
        # Dots, spaces and hyphens are free text there, and none of Terraform's or Markdown's signs is.
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzPABC0123456789 ._-")
        assert run("check", "-C", tmp_path / "new").exit_code == 0
    else:
        refused(result, tmp_path)


@pytest.mark.parametrize(
    "cidr",
    [
        *("10.0.0.0/33", "10.0.0.0/-1", "10.0.0/16", "010.0.0.0/16", "10.0.0.0/16/16", "10.0.0.0", "::/0"),
        *("10.0.0.0/\u0661\u0666", "10.0.0.0/255.255.0.0", "10.0.0.1/16", " 10.0.0.0/16", "10.0.0.0/16 "),
        *("/0", "/33", "/", "16", "true", "${x}"),
    ],
)
def test_a_text_that_is_no_range_is_refused(cidr: str, tmp_path: Path, run: Run) -> None:
    output = refused(run("init", tmp_path / "new", *EKS, "--range", f"network={cidr}", "--yes"), tmp_path)

    assert "--range network" in output


def test_a_region_with_a_typo_becomes_data_in_the_files(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "new", "--mode", "eks", "--region", "eu-cetral-1", "--yes")

    assert result.exit_code == 0
    assert "Did you mean eu-central-1?" in result.output
    assert '"eu-cetral-1"' in (tmp_path / "new/environments/prod/terraform.tfvars").read_text()


@pytest.mark.parametrize(
    "flags",
    [
        ["--mode", "eks", "--range", "network=0.0.0.0/0", "--range", "nodes-1=0.0.0.0/1", "--set", "routes=exact"],
        ["--mode", "aks-kubenet", "--range", "network=10.0.0.0/8", "--range", "kurrent=/8", "--reserve", "a=0.0.0.0/0"],
    ],
    ids=["everything is the network", "everything is reserved"],
)
def test_all_addresses_at_once_are_planned_or_refused(flags: list[str], run: Run) -> None:
    result = run("plan", *flags, "--json")

    assert result.exit_code == 1, result.output
    assert json.loads(result.stdout)["findings"]


@pytest.mark.parametrize(
    "arguments", [["generate", "\x1b[2J"], ["\x1b[2J"], ["plan", "--\x1b[2J"], ["check", "--format", "\x1b[2J"]]
)
def test_what_wrong_usage_repeats_steers_no_terminal(arguments: list[str], run: Run) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert "[2J" in result.output
    assert "\x1b" not in result.output


def test_what_stands_in_a_file_steers_no_terminal(repository: Path, run: Run) -> None:
    main = repository / "environments/prod/main.tf"
    main.write_text(f"{main.read_text()}\n# \x1b[2J\u202e\nresource \x1b[2J {{\n")
    (repository / "escscaffold.lock").unlink()

    for command in (["generate", "--diff"], ["check"], ["check", "--format", "github"]):
        output = run(*command, "-C", repository).output
        assert "main.tf" in output
        assert [c for c in output if not c.isprintable() and c != "\n"] == []


def test_a_name_that_no_disk_takes_is_no_folder(repository: Path, run: Run) -> None:
    long = "a" * 5000
    commands = (["review", long, "b"], ["rename", long, "b"], ["release", long], ["review", "-C", long])

    for name, *arguments in commands:
        result = run(name, "-C", repository, *arguments)

        assert result.exit_code in (1, 2)
        assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("command", ["plan", "check", "generate", "fmt"])
def test_a_spec_that_leads_to_a_device_is_not_read(command: str, tmp_path: Path, run: Run) -> None:
    # In its place could be /dev/zero, which never ends.
    (tmp_path / "escscaffold.toml").symlink_to("/dev/null")

    result = run(command, "-C", tmp_path)

    assert result.exit_code == 1
    assert "is not a file" in result.stderr or "is a symbolic link" in result.stderr


def test_debug_prints_no_line_that_a_ci_service_would_obey(run: Run) -> None:
    hostile = "a\r\n::set-output name=x::y\x1b[2J"

    done = run("plan", "--mode", "eks", "--range", hostile, "--debug")

    assert "Traceback" in done.stderr
    assert not [line for line in done.stderr.splitlines() if line.lstrip().startswith("::")]
    assert "\r" not in done.stderr
    assert "\x1b[2J" not in done.stderr
