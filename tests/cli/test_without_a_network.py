"""Every command but `ipam` works without a network, also in a repository whose addresses an IPAM holds."""

import json
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from escscaffold.cli import cli
from escscaffold.planning.snapshot import Prefix, Snapshot, snapshot_text
from tests.cli.conftest import EKS
from tests.cli.test_adopt import CLUSTERS, FLAGS, SUBNETS, state
from tests.conftest import Run
from tests.git import commit, git

URL = "http://127.0.0.1:9"  # where nothing listens: what connects is refused, and says so
IPAM = f'ipam={{ kind = "netbox", url = "{URL}", claim_from = ["10.64.0.0/10"], repository = "platform/net" }}'
COMMANDS: dict[str, list[str]] = {
    "init": ["new", *EKS, "--environment", "prod", "--yes", "--set", IPAM, "--no-claim"],
    "add": ["test", *EKS, "--yes", "--no-claim"],
    "set": ["reserved.office=10.99.0.0/16"],
    "remove": ["old"],
    "rename": ["prod", "live"],
    "plan": [],
    "generate": ["--restore"],
    "release": ["environments/prod/outputs.tf"],
    "check": [],
    "fmt": [],
    "review": ["HEAD"],
    "adopt": ["found", *FLAGS],
    "scan": ["environments", "--reserve"],
    "explain": [],
    "schema": [],
    "doctor": [],
    "completion": ["zsh"],
}

_watching: list[tuple[int, list[str]]] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    # Other threads of the tests serve providers to Terraform.
    if _watching and event.startswith("socket.") and threading.get_ident() == _watching[-1][0]:
        _watching[-1][1].append(f"{event} {arguments[1:]}")


sys.addaudithook(_hook)


@contextmanager
def sockets() -> Iterator[list[str]]:
    """Give what is done with sockets meanwhile."""
    seen: list[str] = []
    _watching.append((threading.get_ident(), seen))
    try:
        yield seen
    finally:
        _watching.pop()


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that is committed, with what an IPAM had, and a file that somebody edited since."""
    from click.testing import CliRunner

    folder = tmp_path_factory.mktemp("claimed") / "network"
    for arguments in (
        ["init", str(folder), *COMMANDS["init"][1:]],
        ["add", "old", "-C", str(folder), *COMMANDS["add"][1:]],
    ):
        made = CliRunner().invoke(cli, arguments)
        assert made.exit_code == 0, made.output
    pulled = Snapshot(
        kind="netbox",
        url=URL,
        pulled="2026-11-28",
        prefixes=(Prefix(id=1, prefix="10.64.0.0/10", status="container", description=""),),
    )
    (folder / "escscaffold.ipam.json").write_text(snapshot_text(pulled))
    (folder / "found").mkdir()
    for name, text in (("clusters", json.dumps(CLUSTERS)), ("subnets", json.dumps(SUBNETS)), ("state", state())):
        (folder / f"found/{name}.json").write_text(text)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "Begin")
    outputs = folder / "environments/prod/outputs.tf"
    outputs.write_text(outputs.read_text() + "\n# ours\n")
    return folder


def test_every_command_but_ipam_is_tried() -> None:
    from click import Context

    assert {*COMMANDS, "ipam"} == {*cli.list_commands(Context(cli))}


@pytest.mark.parametrize("command", COMMANDS)
def test_it_opens_no_connection(
    command: str, claimed: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever has a token and a proxy in the environment is asked for neither.
    monkeypatch.setenv("NETBOX_TOKEN", "0123456789abcdef")
    monkeypatch.setenv("HTTPS_PROXY", URL)
    folder = tmp_path / "network"
    shutil.copytree(claimed, folder)

    with sockets() as seen:
        done = run("-C", folder, command, *COMMANDS[command])

    assert seen == []
    assert done.exit_code == 0, done.output
    assert "Traceback" not in done.output and "refuses the connection" not in done.output


def test_ipam_opens_one(claimed: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above can fail."""
    monkeypatch.setenv("NETBOX_TOKEN", "0123456789abcdef")
    monkeypatch.setattr("escscaffold.ipam.http.PAUSES", ())

    with sockets() as seen:
        done = run("-C", claimed, "ipam", "pull")

    assert done.exit_code == 1
    assert any(one.startswith("socket.connect ") for one in seen), done.output
