"""The connectivity script that an emitted repository brings."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Run
from tests.emitted.guide import init_flags

GOOD = "resolved=172.22.110.29 ping=ok port=ok"
NO_PING = "resolved=172.22.110.29 ping=failed port=ok"
ROUTE = "FAILED  route    nothing returns from c0brj8.mesdb.eventstore.cloud: a route to 172.22.110.0/24 is missing"

ANSWERS: dict[str, tuple[str, int, list[str]]] = {
    "all is well": (GOOD, 0, ["ok      name", "ok      route", "ok      port", "ok      ping"]),
    "a name that resolves elsewhere": (GOOD.replace("172.22.110.29", "10.0.0.1"), 1, ["FAILED  name", "rebind"]),
    "a name that does not resolve": (
        "resolved= ping=unknown port=unknown",
        1,
        ["FAILED  name", "unknown route    not checked", "unknown port     not checked"],
    ),
    "a dropped ping beside an open port": (NO_PING, 0, ["hint    ping", "something drops ICMP", "ok      port"]),
    "a pod that may not ping": (
        GOOD.replace("ping=ok", "ping=denied"),
        0,
        ["hint    ping", "it lacks NET_RAW", "ok      port"],
    ),
    "no packet returns": (
        "resolved=172.22.110.29 ping=failed port=failed",
        1,
        [ROUTE, "unknown port     not checked, because no packet returns"],
    ),
    "no packet returns and no ping may be sent": ("resolved=172.22.110.29 ping=denied port=failed", 1, [ROUTE]),
    "a closed port": (GOOD.replace("port=ok", "port=failed"), 1, ["ok      route", "FAILED  port", "network policy"]),
    "a refused connection": (
        "resolved=172.22.110.29 ping=failed port=refused",
        1,
        ["ok      route", "FAILED  port", "the database is not up", "hint    ping"],
    ),
}
NOT_RUN: dict[str, tuple[dict[str, str], list[str]]] = {
    "a pull limit": (
        {"phase": "Pending", "waiting": "ImagePullBackOff", "why": "429 Too Many Requests - toomanyrequests"},
        ["the registry's pull limit is reached", "--image public.ecr.aws/docker/library/busybox:1.37"],
    ),
    "an image that the node cannot pull": (
        {"phase": "Pending", "waiting": "ImagePullBackOff", "why": "Back-off pulling image"},
        ["the node cannot pull busybox:1.37"],
    ),
    "no room": (
        {"phase": "Pending", "why": "0/3 nodes are available: 3 Insufficient memory."},
        ["no node has room for the pod", "3 Insufficient memory"],
    ),
    "taints": (
        {"phase": "Pending", "why": "0/3 nodes are available: 3 node(s) had untolerated taint {gpu: true}."},
        ["no node takes the pod: all of them have taints"],
    ),
    "a pod that breaks off": ({"phase": "Failed", "why": "OOMKilled"}, ["the pod did not run to its end", "OOMKilled"]),
}
REFUSED = {
    "a quota": (
        'Error from server (Forbidden): pods "c" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4',
        "the quota of the namespace has no room for the pod",
    ),
    "a service account": (
        'Error from server (Forbidden): error looking up service account a/default: serviceaccount "default" not found',
        "the namespace has no service account named default yet",
    ),
    "Gatekeeper": (
        'Error from server (Forbidden): admission webhook "validation.gatekeeper.sh" denied the request: [repos] no',
        "a policy of the cluster (Gatekeeper, Kyverno, Azure Policy) refuses the pod",
    ),
    "the Pod Security Standard": (
        'Error from server (Forbidden): pods "c" is forbidden: violates PodSecurity "restricted:latest"',
        "the Pod Security Standard of the namespace refuses the pod",
    ),
    "rights": (
        'Error from server (Forbidden): pods is forbidden: User "me" cannot create resource "pods"',
        "you may not create pods there",
    ),
    "a login": ("error: You must be logged in to the server (Unauthorized)", "kubectl is not signed in"),
    "a login helper": (
        "Unable to connect to the server: getting credentials: exec: executable gke-gcloud-auth-plugin not found",
        "kubectl is not signed in",
    ),
    "an endpoint": (
        "Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout",
        "does not reach the cluster",
    ),
    "a namespace": ('Error from server (NotFound): namespaces "a" not found', "there is no such namespace"),
}
DATABASE = (
    "--host",
    "c0brj8.mesdb.eventstore.cloud",
    "--kurrent-range",
    "172.22.110.0/24",
    "--remote",
    "172.30.0.0/15",
)


@pytest.fixture
def repository(tmp_path: Path, run: Run) -> Path:
    assert run("init", tmp_path / "net", *init_flags("gke-standard")).exit_code == 0
    return tmp_path / "net"


@dataclass
class Cluster:
    """A cluster that the stand-in for kubectl answers for."""

    folder: Path
    script: Path

    def check(self, *arguments: str, **described: object) -> subprocess.CompletedProcess[str]:
        """Run the script before a cluster that is so."""
        (self.folder / "cluster.json").write_text(json.dumps(described))
        done = subprocess.run(
            [self.script, *arguments],
            env=os.environ | {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert {pod["kind"] for pod in self.pods()} <= {"Pod"}
        return done

    def pods(self) -> list[dict[str, Any]]:
        """Return the manifests of all pods that were asked for."""
        manifests = self.folder / "manifests.yaml"
        return list(yaml.safe_load_all(manifests.read_text())) if manifests.exists() else []

    def asked(self) -> list[str]:
        return (self.folder / "kubectl.log").read_text().splitlines()


@pytest.fixture
def cluster(repository: Path, tmp_path: Path) -> Cluster:
    stand_in = tmp_path / "bin/kubectl"
    stand_in.parent.mkdir()
    program = Path(__file__).with_name("stand_in_kubectl.py")
    stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} -IS {program} {tmp_path} "$@"\n')
    stand_in.chmod(0o755)
    return Cluster(tmp_path, repository / "scripts/check-connectivity.sh")


def became(message: str, address: str = "172.31.128.7") -> dict[str, str]:
    return {"phase": "Failed", "node": "node-1", "address": address, "message": message}


@pytest.mark.parametrize("what", ANSWERS)
def test_the_script_says_which_step_failed_and_what_that_means(what: str, cluster: Cluster) -> None:
    told_by_pod, code, words = ANSWERS[what]

    done = cluster.check(*DATABASE, nodes=[["", "", "", ""]], pods={"": became(told_by_pod)})

    assert done.returncode == code, done.stdout + done.stderr
    assert [word for word in words if word not in done.stdout + done.stderr] == []


def test_a_pod_outside_of_what_the_peering_routes_to_is_a_hint(cluster: Cluster) -> None:
    done = cluster.check(*DATABASE, nodes=[["", "", "", ""]], pods={"": became(GOOD, "10.120.0.7")})

    assert done.returncode == 0
    assert "hint    address  the pod has 10.120.0.7, outside what the peering routes to (172.30.0.0/15)" in done.stdout


@pytest.mark.parametrize("what", NOT_RUN)
def test_a_pod_that_does_not_run_says_nothing_of_the_peering(what: str, cluster: Cluster) -> None:
    pod, words = NOT_RUN[what]

    done = cluster.check(*DATABASE, "--timeout", "1", nodes=[["", "", "", ""]], pods={"": pod})

    assert done.returncode == 2, done.stdout + done.stderr
    assert "unknown pod      not checked:" in done.stdout
    assert [word for word in words if word not in done.stdout] == []
    assert "FAILED" not in done.stdout


@pytest.mark.parametrize("what", REFUSED)
def test_a_pod_that_is_refused_is_told_as_such(what: str, cluster: Cluster) -> None:
    error, words = REFUSED[what]

    done = cluster.check(*DATABASE, nodes=[["", "", "", ""]], create=error, pods={})

    assert done.returncode == 2
    assert f"error: {words}" in done.stderr or words in done.stderr.splitlines()[0]
    assert error in done.stderr


def test_each_zone_of_each_node_group_gets_a_pod(cluster: Cluster) -> None:
    nodes = [["eu-central-1a", "default", "", ""], ["eu-central-1b", "default", "", ""]]
    nodes += [["eu-central-1a", "default", "", ""], ["eu-central-1a", "batch", "", ""]]
    reached, cut_off = became(GOOD), became("resolved=172.22.110.29 ping=failed port=failed")

    done = cluster.check(*DATABASE, nodes=nodes, pods={"eu-central-1a": reached, "eu-central-1b": cut_off})

    assert done.returncode == 1, done.stdout + done.stderr
    titles = [line for line in done.stdout.splitlines() if line.startswith("node group")]
    assert titles == [
        "node group batch, zone eu-central-1a (node node-1)",
        "node group default, zone eu-central-1a (node node-1)",
        "node group default, zone eu-central-1b (node node-1)",
    ]
    assert ROUTE in done.stdout.partition("zone eu-central-1b")[2]
    assert "FAILED" not in done.stdout.partition("zone eu-central-1b")[0]


def test_a_quota_that_has_room_for_one_pod_leaves_the_others_unknown(cluster: Cluster) -> None:
    nodes = [["eu-central-1a", "default", "", ""], ["eu-central-1b", "default", "", ""]]
    quota = REFUSED["a quota"][0]

    done = cluster.check(*DATABASE, nodes=nodes, create=quota, room=1, pods={"eu-central-1a": became(GOOD)})

    assert done.returncode == 2, done.stdout + done.stderr
    first, second = done.stdout.split("zone eu-central-1a")[1].split("zone eu-central-1b")
    assert "ok      port" in first
    assert "unknown pod      not checked: the quota of the namespace has no room for the pod" in second


def test_who_may_not_list_nodes_gets_one_pod_and_a_hint(cluster: Cluster) -> None:
    done = cluster.check(*DATABASE, pods={"": became(GOOD)})

    assert done.returncode == 0, done.stdout + done.stderr
    assert "hint    nodes    kubectl cannot list the nodes, so one pod is checked" in done.stdout


def test_the_pod_is_restricted_small_and_on_linux_and_is_deleted(cluster: Cluster) -> None:
    done = cluster.check(
        *DATABASE,
        "--namespace",
        "apps",
        "--image",
        "mirror.example.org:5000/busybox@sha256:0a",
        nodes=[["europe-west2-a", "", "default", ""]],
        pods={"": became(GOOD)},
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (pod,) = cluster.pods()
    (container,) = pod["spec"]["containers"]
    assert pod["spec"]["nodeSelector"] == {
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": "europe-west2-a",
        "cloud.google.com/gke-nodepool": "default",
    }
    # The four demands of the Pod Security Standard "restricted" on a pod like this.
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    assert pod["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert set(container["resources"]) == {"requests", "limits"}
    assert container["image"] == "mirror.example.org:5000/busybox@sha256:0a"
    assert container["args"][1:] == ["probe", "c0brj8.mesdb.eventstore.cloud", "2113"]
    assert all(asked.startswith("--namespace apps ") for asked in cluster.asked() if "config" not in asked)
    assert "delete pod --selector check=check-connectivity-" in cluster.asked()[-1]


def test_the_probe_runs_under_a_plain_shell(cluster: Cluster, tmp_path: Path) -> None:
    """The probe's own words, from programs that answer as busybox does."""
    script = cluster.script.read_text()
    probe = script.partition("<<'PROBE' || true\n")[2].partition("\nPROBE\n")[0]
    programs = tmp_path / "busybox"
    programs.mkdir()
    lookup = "Server:\\t10.0.0.10\\nAddress:\\t10.0.0.10:53\\n\\nName:\\tdb.example.org\\nAddress: 172.22.110.29\\n"
    for name, text in {
        "timeout": 'shift; exec "$@"',
        "nslookup": f"printf '{lookup}'",
        "ping": "echo 'ping: permission denied (are you root?)'; exit 1",
        "nc": "echo 'nc: db.example.org (172.22.110.29:2113): Connection refused'; exit 1",
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)

    done = subprocess.run(
        ["sh", "-c", probe, "probe", "db.example.org", "2113"],
        env={"PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "resolved=172.22.110.29 ping=denied port=refused\n"
    # Only what fails leaves its words in the status of the pod.
    assert done.returncode == 1


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


def test_the_script_asks_with_what_terraform_knows(cluster: Cluster, tmp_path: Path) -> None:
    terraform = tmp_path / "terraform"
    terraform.write_text(f"#!/bin/sh\ncat <<'EOF'\n{OUTPUTS}\nEOF\n")
    terraform.chmod(0o755)
    os.environ["TERRAFORM"] = str(terraform)
    try:
        done = cluster.check("prod", nodes=[["", "", "", ""]], pods={"": became(GOOD)})
    finally:
        del os.environ["TERRAFORM"]

    assert done.returncode == 0, done.stdout + done.stderr
    assert "which the peering routes to (10.0.0.0/16 172.31.128.0/17)" in done.stdout


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
    assert "'172.22.110/24' is not a range" in done.stderr


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
