"""The connectivity script and the workflow that an emitted repository brings."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.emitted.guide import init_flags

GOOD = """\
pod-address 172.31.128.7
resolved 172.22.110.29
ping ok
port ok
"""

HINT = "outside what the peering routes to"
ANSWERS = {
    "all is well": (GOOD, 0, ["ok      name", "ok      ping", "ok      port"]),
    "a pod with an address that the peering does not know": (
        GOOD.replace("172.31.128.7", "10.120.0.7"),
        0,
        ["hint    address  the pod has 10.120.0.7, " + HINT],
    ),
    "a name that resolves elsewhere": (GOOD.replace("172.22.110.29", "10.0.0.1"), 1, ["FAILED  name", "rebind"]),
    "a name that does not resolve": (GOOD.replace("resolved 172.22.110.29\n", ""), 1, ["FAILED  name"]),
    "no answer to ping": (GOOD.replace("ping ok", "ping failed"), 1, ["FAILED  ping", "a route to 172.22.110.0/24"]),
    "a closed port": (GOOD.replace("port ok", "port failed"), 1, ["FAILED  port", "the database is not up"]),
    "a pod that never ran": ("ImagePullBackOff\n", 2, ["the pod did not run to its end"]),
}


@pytest.fixture
def repository(tmp_path: Path, run: Run) -> Path:
    assert run("init", tmp_path / "net", *init_flags("gke-standard")).exit_code == 0
    return tmp_path / "net"


@pytest.mark.parametrize("what", ANSWERS)
def test_the_script_says_which_step_failed_and_what_that_means(what: str, repository: Path, tmp_path: Path) -> None:
    told_by_pod, code, words = ANSWERS[what]
    stand_in = tmp_path / "bin/kubectl"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\n[ "$1" = run ] || exit 0\ncat <<"EOF"\n{told_by_pod}EOF\n')
    stand_in.chmod(0o755)

    done = subprocess.run(
        [
            *[repository / "scripts/check-connectivity.sh", "--host", "c0brj8.mesdb.eventstore.cloud"],
            *["--kurrent-range", "172.22.110.0/24", "--remote", "172.30.0.0/15"],
        ],
        env=os.environ | {"PATH": f"{stand_in.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stdout + done.stderr
    assert [word for word in words if word not in done.stdout + done.stderr] == []


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ("{}", "has no outputs yet: run terraform apply first"),
        ('{"kurrent_range": {"value": "172.22.110.0/24"}, "remote": {"value": ["172.30.0.0/15"]}}', "with --host"),
    ],
)
def test_the_script_says_why_it_knows_no_database(outputs: str, words: str, repository: Path, tmp_path: Path) -> None:
    stand_in = tmp_path / "stand-in"
    stand_in.write_text(f"#!/bin/sh\necho '{outputs}'\n")
    stand_in.chmod(0o755)
    script = repository / "scripts/check-connectivity.sh"
    environment = os.environ | {"TERRAFORM": str(stand_in)}

    done = subprocess.run([script, "prod"], env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert words in done.stderr


def test_the_script_refuses_what_is_no_range(repository: Path) -> None:
    script = repository / "scripts/check-connectivity.sh"
    done = subprocess.run(
        [script, "--host", "a", "--kurrent-range", "172.22.110/24", "--remote", "10.0.0.0/8"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "'172.22.110/24' is no range" in done.stderr


def test_shellcheck_has_nothing_to_say(repository: Path) -> None:
    shellcheck = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert shellcheck
    done = subprocess.run(
        [shellcheck, repository / "scripts/check-connectivity.sh"], capture_output=True, text=True, check=False
    )

    assert done.stdout == ""
    assert done.returncode == 0


def test_the_workflow_pins_its_actions_and_may_read_only(repository: Path) -> None:
    text = (repository / ".github/workflows/terraform.yml").read_text()
    actions = re.findall(r"uses: (\S+)", text)

    assert actions
    assert [action for action in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []
    assert re.findall(r"^permissions:\n((?:  .*\n)+)", text, re.MULTILINE) == ["  contents: read\n"]
    assert text.count("permissions:") == 1


def test_the_workflow_visits_every_environment(repository: Path, run: Run) -> None:
    run("add", "on", "-C", repository, "--mode", "gke-autopilot", "--yes")

    assert 'environment: ["on", "prod"]' in (repository / ".github/workflows/terraform.yml").read_text()
