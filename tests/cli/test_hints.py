"""A command that a message suggests works from where the user is: with -C, below the repository, in any folder."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from escscaffold import check
from escscaffold.cli import cli
from escscaffold.cli.hints import command_line, runnable, works_in
from tests.conftest import Run

GKE = ("--mode", "gke-standard", "--region", "europe-west2")
STATE = json.dumps({"version": 4, "resources": [{"mode": "managed", "type": "a", "name": "b", "instances": [{}]}]})


def suggested(result: Result) -> list[str]:
    """Return the words of the only escscaffold command that was printed, without the program's own name."""
    text = result.output.replace("\n", "\0")
    found = re.findall(r"`escscaffold ([^`\0]+)`|(?:[:(] |[\0(] *)escscaffold ([^\0)]+?)\.?(?=[\0)])", text)
    commands = {one or other for one, other in found}
    # Alternatives name commands, too: they are no next step.
    commands -= {command for _, command in found if "ENVIRONMENT" in command or command.split()[:1] == ["plan"]}
    assert len(commands) == 1, commands
    return shlex.split(commands.pop())


@pytest.fixture(params=["net", "my net"])
def network(request: pytest.FixtureRequest, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository in a folder of the current one, by that folder's name."""
    monkeypatch.chdir(tmp_path)
    assert run("init", request.param, *GKE, "--yes").exit_code == 0
    return str(request.param)


def _stale(network: str, run: Run) -> Result:
    spec = Path(network, "escscaffold.toml")
    spec.write_text(spec.read_text().replace("version = 1\n", 'version = 1\nprovider = "eventstorecloud"\n'))
    return run("check", "-C", network)


def _with_a_state(network: str, run: Run) -> Result:
    assert run("add", "-C", network, "dev", *GKE, "--yes").exit_code == 0
    Path(network, "environments/dev/terraform.tfstate").write_text(STATE)
    assert run("set", "-C", network, "dev.database.protected=false").exit_code == 0
    return run("remove", "-C", network, "dev")


@pytest.mark.parametrize(
    "suggest",
    [
        _stale,
        _with_a_state,
        lambda network, run: run("set", "-C", network, "prod.pods=/15", "prod.remote="),
        lambda network, run: run("-C", network, "set", "prod.pods=/15"),
        lambda network, run: run("scan", "-C", network, "used.txt", "--reserve"),
        lambda network, run: run("add", "-C", network, "dev", *GKE, "--yes"),
    ],
    ids=["stale", "state", "replace", "before the command", "reserve", "add"],
)
def test_a_suggested_command_works_from_where_the_user_is(
    suggest: Callable[[str, Run], Result], network: str, run: Run
) -> None:
    Path(network, "used.txt").write_text("192.168.7.0/24 office\n")

    words = suggested(suggest(network, run))

    assert words[1:3] == ["-C", network]
    again = run(*words)
    assert again.exit_code == 0, again.output
    assert check(network).verdict == "passed" or words[0] != "generate"


def test_a_file_is_released_from_where_the_user_is(network: str, run: Run) -> None:
    assert run("add", "-C", network, "dev", *GKE, "--yes").exit_code == 0
    Path(network, "environments/dev/main.tf").write_text("# edited\n")
    spec = Path(network, "escscaffold.toml")
    spec.write_text(re.sub(r"\[environments\.dev\][^[]*", "", spec.read_text()))

    conflict = run("generate", "-C", network)

    assert conflict.exit_code == 4
    release = next(line for line in conflict.output.splitlines() if "escscaffold release" in line)
    words = shlex.split(release.partition("escscaffold ")[2])
    assert words == ["release", "-C", network, "environments/dev/main.tf"]
    assert run(*words).output == "environments/dev/main.tf is no longer generated.\n"


def test_a_file_is_released_from_below_the_repository(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init", tmp_path, *GKE, "--yes").exit_code == 0
    assert run("add", "-C", tmp_path, "dev", *GKE, "--yes").exit_code == 0
    (tmp_path / "environments/dev/main.tf").write_text("# edited\n")
    spec = tmp_path / "escscaffold.toml"
    spec.write_text(re.sub(r"\[environments\.dev\][^[]*", "", spec.read_text()))
    monkeypatch.chdir(tmp_path / "environments/prod")

    conflict = run("generate")

    assert "keep it: escscaffold release ../dev/main.tf\n" in conflict.output
    assert run("release", "../dev/main.tf").exit_code == 0


def test_terraform_runs_from_where_the_user_is(network: str, run: Run) -> None:
    renamed = run("rename", "-C", network, "prod", "live")

    assert f"  terraform -chdir={shlex.quote(f'{network}/environments/live')} plan\n" in renamed.output


@pytest.mark.parametrize("command", ["plan", "check", "generate"])
def test_what_a_broken_repository_needs_is_run_where_it_is(command: str, network: str, run: Run) -> None:
    Path(network, "escscaffold.toml").unlink()

    result = run(command, "-C", network)

    assert suggested(result) == ["init", "-C", network]


def test_a_fix_names_the_repository_for_people_only(network: str, run: Run) -> None:
    lock = Path(network, "escscaffold.lock")
    lock.write_text(lock.read_text() + "<<<<<<< ours\n=======\n>>>>>>> theirs\n")

    shown = run("check", "-C", network)
    document = json.loads(run("check", "-C", network, "--json").stdout)

    assert f"`escscaffold generate -C {shlex.quote(network)}`" in shown.output
    fixes = [finding["fix"] for finding in document["findings"]]
    assert any("`escscaffold generate`" in fix for fix in fixes) and not any("-C" in fix for fix in fixes)


def test_without_a_folder_nothing_is_added(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", *GKE, "--yes").exit_code == 0

    assert suggested(run("set", "prod.pods=/15"))[:2] == ["set", "prod.pods=/15"]
    assert "  terraform -chdir=environments/live plan\n" in run("rename", "prod", "live").output


def test_a_command_that_names_its_folder_stays_as_it_is() -> None:
    with click.Context(cli) as context:
        works_in(context, Path("net"), Path("net"))

        assert runnable("Run: escscaffold set prod.mode=eks -C net.") == "Run: escscaffold set prod.mode=eks -C net."
        assert runnable(f"Run: {command_line('ipam', 'release', 'a')}") == "Run: escscaffold ipam release -C net a"
        assert runnable("`escscaffold add`, or -C DIR.") == "`escscaffold add -C net`, or -C DIR."
