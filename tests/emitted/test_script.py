"""The connectivity script that an emitted repository brings."""

import os
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
    "a cluster that does not let its pods ping": (
        GOOD.replace("ping ok", "ping denied"),
        0,
        ["hint    ping", "they lack NET_RAW", "ok      port"],
    ),
    "no ping and no port": (
        GOOD.replace("ping ok", "ping denied").replace("port ok", "port failed"),
        1,
        ["FAILED  port", "a route to 172.22.110.0/24 is missing"],
    ),
    "a closed port": (GOOD.replace("port ok", "port failed"), 1, ["FAILED  port", "the database is not up"]),
    "a pod without an image": ("ImagePullBackOff\n", 2, ["the nodes cannot get busybox:1.37", "--image"]),
    "a pod that the namespace refuses": (
        'Error from server (Forbidden): pods "x" is forbidden: violates PodSecurity "restricted:latest"\n',
        2,
        ["ask with --restricted, or name another --namespace", "violates PodSecurity"],
    ),
    "a pod that breaks off": ("Killed\n", 2, ["the pod did not run to its end", "Killed"]),
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


OUTPUTS = """{
  "database_dns_name": {"sensitive": false, "type": "string", "value": "c0brj8.mesdb.eventstore.cloud"},
  "kurrent_range": {"sensitive": false, "type": "string", "value": "172.22.110.0/24"},
  "remote": {"sensitive": false, "type": ["set", "string"], "value": ["10.0.0.0/16", "172.31.128.0/17"]}
}"""


def test_the_script_asks_with_what_terraform_knows(repository: Path, tmp_path: Path) -> None:
    terraform, kubectl = tmp_path / "terraform", tmp_path / "bin/kubectl"
    kubectl.parent.mkdir()
    terraform.write_text(f"#!/bin/sh\ncat <<'EOF'\n{OUTPUTS}\nEOF\n")
    asked = tmp_path / "asked"
    kubectl.write_text(f'#!/bin/sh\n[ "$3" = run ] || exit 0\nprintf "%s\\n" "$@" >{asked}\ncat <<"EOF"\n{GOOD}EOF\n')
    for stand_in in (terraform, kubectl):
        stand_in.chmod(0o755)
    path = {"PATH": f"{kubectl.parent}:{os.environ['PATH']}", "TERRAFORM": str(terraform)}

    done = subprocess.run(
        [repository / "scripts/check-connectivity.sh", "prod", "--namespace", "apps", "--restricted"],
        env=os.environ | path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "which the peering routes to (10.0.0.0/16 172.31.128.0/17)" in done.stdout
    arguments = asked.read_text()
    assert arguments.startswith("--namespace\napps\nrun\n")
    assert '"runAsNonRoot": true' in arguments
    assert arguments.endswith("\nc0brj8.mesdb.eventstore.cloud\n2113\n")


def test_the_script_says_that_kubectl_is_missing(repository: Path, tmp_path: Path) -> None:
    for program in ("bash", "env", "dirname"):
        (tmp_path / program).symlink_to(shutil.which(program) or program)
    script = repository / "scripts/check-connectivity.sh"
    asked = [script, "--host", "a", "--kurrent-range", "172.22.110.0/24", "--remote", "10.0.0.0/8"]

    done = subprocess.run(asked, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "kubectl is not installed" in done.stderr


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


def test_shellcheck_has_nothing_to_say(repository: Path, run: Run) -> None:
    shellcheck = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert shellcheck
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace("version = 1", 'version = 1\nprovider = "eventstorecloud"'))
    assert run("generate", "-C", repository).exit_code == 0
    scripts = sorted((repository / "scripts").iterdir())
    assert [script.name for script in scripts] == ["check-connectivity.sh", "read-kurrent-ids.sh"]

    done = subprocess.run([shellcheck, *scripts], capture_output=True, text=True, check=False)

    assert done.stdout == ""
    assert done.returncode == 0
