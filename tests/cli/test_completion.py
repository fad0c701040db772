"""What a shell offers: by click's protocol, and in the shells themselves."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from escscaffold.cli import cli
from escscaffold.cli.shells import VARIABLE, Bash, Fish, Zsh
from tests.conftest import Run

PROGRAM = Path(sys.executable).with_name("escscaffold")
Offer = Callable[[str], list[str]]


@pytest.fixture
def offered(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Offer:
    """What is offered for a line that was typed in a repository with the environment prod."""
    monkeypatch.chdir(repository)

    def complete(line: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", f"escscaffold {line}")
        return [answer.partition(",")[2] for answer in Bash(cli, {}, "escscaffold", VARIABLE).complete().splitlines()]

    return complete


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("gen", ["generate"]),
        ("plan ", ["prod"]),
        ("plan prod ", []),
        ("remove p", ["prod"]),
        ("rename ", ["prod"]),
        ("set --environment ", ["prod"]),
        ("generate --repack p", ["prod"]),
        ("plan --cloud ", ["aws", "azure", "gcp"]),
        ("plan --cloud=g", ["gcp"]),
        ("plan --cloud gcp --mode gke-s", ["gke-standard"]),
        ("plan --mode gke-standard --region europe-west2", ["europe-west2"]),
        ("plan --region eu-central-", ["eu-central-1"]),
        ("plan --mode gke-standard --range ", ["kurrent=", "remote=", "nodes=", "pods=", "services="]),
        ("init new --mode gke-standard --set options.nodes=pu", ["options.nodes=public"]),
        ("init new --set prov", ["provider="]),
        ("set pro", ["provider=", "prod."]),
        ("set prod.ran", ["prod.ranges."]),
        ("set prod.ranges.nodes", ["prod.ranges.nodes-1=", "prod.ranges.nodes-2="]),
        ("set ranges.k", ["ranges.kurrent="]),
        ("set prod.mode=", ["prod.mode=aws-existing", "prod.mode=eks", "prod.mode=eks-auto", "prod.mode=eks-custom"]),
        ("set prod.options.nat=s", ["prod.options.nat=single"]),
        ("set prod.database.protected=", ["prod.database.protected=true", "prod.database.protected=false"]),
        ("set prod.region=eu-central", ["prod.region=eu-central-1"]),
        ("set backend.type=s", ["backend.type=s3"]),
        ("set environments.", []),
        ("set prod.nothing.", []),
        ("explain esc", []),
        ("explain ESC60", ["ESC601", "ESC602", "ESC603", "ESC604"]),
        ("release environments/prod/main", ["environments/prod/main.tf"]),
        ("generate --accept-replace prod.net", ["prod.network"]),
        ("completion ", ["bash", "fish", "powershell", "zsh"]),
        ("check --format g", ["github"]),
        ("init --ci gith", ["github"]),
        ("set ci=gitl", ["ci=gitlab"]),
        ("check --fo", ["--format"]),
    ],
)
def test_values_are_offered(line: str, answers: list[str], offered: Offer) -> None:
    assert offered(line) == answers


@pytest.mark.parametrize("where", ["-C {} plan ", "plan -C {} "])
def test_the_folder_that_is_named_is_read(
    where: str, repository: Path, offered: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert offered("plan ") == []
    assert offered(where.format(repository)) == ["prod"]


def test_files_and_folders_are_left_to_the_shell(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kind(line: str) -> str:
        monkeypatch.setenv("COMP_WORDS", f"escscaffold {line}")
        return Bash(cli, {}, "escscaffold", VARIABLE).complete().partition(",")[0]

    assert (kind("-C x"), kind("check -C x"), kind("scan x"), kind("init --answers x")) == (
        "dir",
        "dir",
        "file",
        "file",
    )


def test_a_released_file_is_offered_to_be_taken_back(offered: Offer, run: Run) -> None:
    run("release", "scripts/check-connectivity.sh")

    assert offered("generate --restore ") == ["scripts/check-connectivity.sh"]
    assert offered("generate --forget ") == []


@pytest.mark.parametrize(
    "spec", ["", "[", "environments = 3", "[environments]\nprod = 1", "[environments.prod]\nmode = []\ncloud = {}"]
)
def test_a_spec_that_is_none_offers_what_is_known_all_the_same(spec: str, repository: Path, offered: Offer) -> None:
    (repository / "escscaffold.toml").write_text(spec)

    for line in ("plan ", "set prod.", "set prod.ranges.", "set prod.mode=", "generate --accept-replace "):
        assert all(word.startswith("prod") for word in offered(line))
    assert offered("plan --cloud ") == ["aws", "azure", "gcp"]


def test_a_name_that_a_shell_would_run_is_not_offered(repository: Path, offered: Offer) -> None:
    names = ["$(touch x)", "a;b", "`x`", "-rf", "~", "a b", "*", "a\\nb", "x'"]
    tables = "".join(f'[environments."{name}"]\n' for name in names)
    (repository / "escscaffold.toml").write_text(f"version = 1\n{tables}[environments.good]\n")

    assert offered("plan ") == ["good"]
    assert [word for word in offered("set ") if word not in offered("set -- ")] == []
    assert all(re.fullmatch(r"[\w.=-]+", word) for word in offered("set "))


@pytest.mark.parametrize("shell", [Bash, Zsh, Fish])
def test_a_word_of_two_lines_is_not_repeated(
    shell: type[Bash] | type[Zsh] | type[Fish], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMP_WORDS", "escscaffold init 'a\nplain,b")
    monkeypatch.setenv("COMP_CWORD", "a\nplain,b" if shell is Fish else "2")

    assert shell(cli, {}, "escscaffold", VARIABLE).complete() == ""


@pytest.mark.parametrize("line", ["", "plan ", "set prod.", "explain E", "release ", "generate --", "review --format "])
def test_completing_imports_nothing_heavy(line: str, repository: Path) -> None:
    code = (
        "import sys, atexit; from escscaffold.__main__ import main\n"
        "atexit.register(lambda: print(sorted({'jinja2', 'hcl2', 'tomlkit', 'lark', 'filelock'} & set(sys.modules)),"
        " file=sys.stderr))\nmain()"
    )
    env = os.environ | {VARIABLE: "bash_complete", "COMP_WORDS": f"escscaffold {line}"}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, env=env, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stdout.strip()
    assert done.stderr.strip() == "[]"


class Shell:
    """A person at a shell that has read what `escscaffold completion` prints."""

    def __init__(self, name: str, folder: Path, start: list[str], setup: list[str]) -> None:
        program = shutil.which(name)
        if program is None:
            pytest.skip(f"no {name} here")
        keep = {k: v for k, v in os.environ.items() if k not in ("PS1", "PROMPT_COMMAND", "ENV", "BASH_ENV")}
        env = keep | {
            "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder.parent),
            "XDG_CONFIG_HOME": str(folder.parent / "config"),
            "TERM": "dumb",
            "LC_ALL": "C.UTF-8",
        }
        self.child: Any = pexpect.spawn(
            program, start, cwd=str(folder), env=env, encoding="utf-8", timeout=30, dimensions=(40, 200)
        )
        for line in setup:
            self.child.sendline(line)
        self.child.sendline("echo rea''dy")
        self.child.expect("ready\r?\n")

    def shows(self, typed: str, wanted: str) -> None:
        """Type, press the tabulator, and wait for what the shell makes of it."""
        self.child.send(typed + "\t")
        self.child.expect_exact(wanted)
        # Away with the line.
        self.child.sendcontrol("u")


SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], ["bind 'set bell-style none'", 'eval "$(escscaffold completion bash)"']),
    "zsh": (["-f", "-i"], ["autoload -Uz compinit && compinit -u", 'eval "$(escscaffold completion zsh)"']),
    "fish": (["--no-config", "-i"], ["escscaffold completion fish | source"]),
}


@pytest.fixture
def shell(request: pytest.FixtureRequest, repository: Path) -> Iterator[Shell]:
    started = Shell(request.param, repository, *SHELLS[request.param])
    yield started
    started.child.close(force=True)


@pytest.mark.parametrize("shell", SHELLS, indirect=True)
def test_a_real_shell_completes_the_line(shell: Shell) -> None:
    shell.shows("escscaffold gene", "escscaffold generate ")
    shell.shows("escscaffold plan p", "escscaffold plan prod ")
    # A key goes on without a space, and its value behind the equals sign.
    shell.shows("escscaffold set prod.ran", "escscaffold set prod.ranges.")
    shell.shows("escscaffold set prod.ranges.kur", "escscaffold set prod.ranges.kurrent=")
    shell.shows("escscaffold set prod.options.nat=sin", "escscaffold set prod.options.nat=single ")
    shell.shows("escscaffold plan --mode gke-st", "escscaffold plan --mode gke-standard ")
    # Behind the equals sign of a flag, the flag stays.
    shell.shows("escscaffold plan --mode=gke-st", "escscaffold plan --mode=gke-standard ")
    typed = "escscaffold plan --mode=gke-standard --set=options.nodes=pu"
    shell.shows(typed, f"{typed}blic ")


def test_a_program_can_read_what_is_printed(run: Run) -> None:
    document = json.loads(run("completion", "fish", "--json").stdout)

    assert (document["version"], document["shell"], document["findings"]) == (1, "fish", [])
    assert document["script"] == run("completion", "fish").stdout


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_can_read_what_is_printed(name: str, tmp_path: Path, run: Run) -> None:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"no {name} here")
    (tmp_path / "script").write_text(run("completion", name).stdout)

    subprocess.run([program, "-n", tmp_path / "script"], check=True, timeout=30)
