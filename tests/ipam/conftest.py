"""A NetBox for the whole run, a VRF of its own for each test, and what stands between."""

import json
import os
import shutil
import tempfile
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from filelock import FileLock

from tests.conftest import Run
from tests.ipam import server
from tests.ipam.between import Between, between
from tests.terraform.root import require

ROOT = "10.64.0.0/10"


@dataclass(frozen=True)
class NetBox:
    """What tests ask of NetBox by themselves."""

    url: str
    token: str

    def ask(self, method: str, path: str, data: Any = None) -> Any:
        """Return NetBox's answer, which must be good."""
        request = urllib.request.Request(
            f"{self.url}/api/{path}",
            json.dumps(data).encode() if data is not None else None,
            {"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            body = answer.read()
        return json.loads(body) if body else None


@dataclass(frozen=True)
class Table:
    """One VRF of it, with one container to claim from."""

    netbox: NetBox
    name: str
    number: int

    def add(self, prefix: str, status: str = "active", description: str = "", **more: Any) -> int:
        """Register a prefix and return its number."""
        row = {"prefix": prefix, "status": status, "description": description, "vrf": self.number, **more}
        return int(self.netbox.ask("POST", "ipam/prefixes/", row)["id"])

    def enforce(self, unique: bool) -> None:
        """Have NetBox refuse the same prefix twice, or not."""
        self.netbox.ask("PATCH", f"ipam/vrfs/{self.number}/", {"enforce_unique": unique})

    def rows(self) -> list[dict[str, Any]]:
        """Return every prefix of the table."""
        rows: list[dict[str, Any]] = self.netbox.ask("GET", f"ipam/prefixes/?vrf_id={self.number}&limit=1000")[
            "results"
        ]
        return rows

    def said(self) -> dict[str, str]:
        """Return the description of every prefix by the prefix; each is there once."""
        rows = self.rows()
        found = {row["prefix"]: row["description"] for row in rows}
        assert len(found) == len(rows), "a prefix is registered twice"
        return found

    def claimed(self) -> dict[str, str]:
        """Return what repositories claimed: the prefix by the description, each there once."""
        rows = [row for row in self.rows() if ": " in row["description"]]
        found = {row["description"]: row["prefix"] for row in rows}
        assert len(found) == len(rows), f"a claim is registered twice: {rows}"
        return found

    def flags(self, repository: str, url: str = "", **more: str) -> list[str]:
        """Return what makes a new repository claim from this table."""
        keys = {"kind": "netbox", "url": url or self.netbox.url, "vrf": self.name, "repository": repository, **more}
        pairs = [f'{key} = "{value}"' for key, value in keys.items()]
        if "claim_from" not in more:
            pairs.append(f'claim_from = ["{ROOT}"]')
        return ["--set", f"ipam={{ {', '.join(pairs)} }}"]


@pytest.fixture(scope="session")
def netbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetBox]:
    """The NetBox of this run: the one that the environment names, or one that is started once for all workers."""
    if url := os.environ.get("ESCSCAFFOLD_NETBOX_URL"):
        yield NetBox(url=url, token=os.environ.get("ESCSCAFFOLD_NETBOX_TOKEN", server.TOKEN))
        return
    lacks = server.missing()
    require(not lacks, lacks)
    base = tmp_path_factory.getbasetemp()
    # The folder of one worker lies in that of the run.
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "netbox"
    held, users, address = FileLock(f"{shared}.lock"), Path(f"{shared}.users"), Path(f"{shared}.url")
    with held:
        count = int(users.read_text()) if users.exists() else 0
        if count == 0:
            # The tests' own folder is closed to the account of the database, and may be too long for its socket.
            folder = Path(tempfile.mkdtemp(prefix="escscaffold-netbox-", dir="/tmp"))
            address.write_text(f"{server.start(folder).url} {folder}")
        users.write_text(str(count + 1))
    url, _, folder_name = address.read_text().partition(" ")
    yield NetBox(url=url, token=server.TOKEN)
    with held:
        left = int(users.read_text()) - 1
        users.write_text(str(left))
        if left == 0:
            server.stop(Path(folder_name))
            shutil.rmtree(folder_name, ignore_errors=True)


@pytest.fixture
def table(netbox: NetBox) -> Table:
    """A VRF of the test's own, with one container."""
    name = f"vrf-{uuid.uuid4().hex[:12]}"
    number = int(netbox.ask("POST", "ipam/vrfs/", {"name": name, "enforce_unique": True})["id"])
    made = Table(netbox=netbox, name=name, number=number)
    made.add(ROOT, "container", "cloud networks")
    return made


@pytest.fixture
def broken(netbox: NetBox) -> Iterator[Between]:
    """A server before NetBox that breaks what a test names."""
    with between(netbox.url) as made:
        yield made


@pytest.fixture(autouse=True)
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token, and pauses that no test has to wait for."""
    monkeypatch.setenv("NETBOX_TOKEN", server.TOKEN)
    monkeypatch.setattr("escscaffold.ipam.http.PAUSES", (0.01, 0.02, 0.03, 0.04))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


Init = Callable[..., Result]


@pytest.fixture
def init(run: Run, tmp_path: Path) -> Init:
    """Make a repository below the test's folder that claims from a table."""

    def invoke(table: Table, name: str = "net", *flags: str, mode: str = "eks", url: str = "") -> Result:
        ipam = [] if "ipam=" in " ".join(flags) else table.flags(f"platform/{name}", url)
        return run("init", tmp_path / name, "--mode", mode, "--environment", "prod", *ipam, "--yes", *flags)

    return invoke


def blocks(table: Table) -> list[IPv4Network]:
    """Return the claimed blocks that lie in no other claimed one."""
    found = sorted(IPv4Network(prefix) for prefix in table.claimed().values())
    return [one for one in found if not any(other != one and one.subnet_of(other) for other in found)]
