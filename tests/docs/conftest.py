"""Fixtures of the documentation's tests."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.browser.conftest import browser, chromium
from tests.ipam.between import between, certificate_for
from tests.ipam.conftest import NetBox, Table, netbox
from tests.started import programs as started_programs

__all__ = ["browser", "chromium", "netbox", "netbox_environment", "plain_environment", "programs"]


@pytest.fixture(scope="session")
def plain_environment() -> Mapping[str, str]:
    """The environment of pages that do not run terraform by name; what escscaffold runs must ask no registry."""
    return os.environ


@pytest.fixture
def netbox_environment(netbox: NetBox, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """The environment of pages that work with a NetBox: there is one at https://netbox.example.com, behind a proxy."""
    for vrf in netbox.ask("GET", "ipam/vrfs/?name=production")["results"]:
        for row in netbox.ask("GET", f"ipam/prefixes/?vrf_id={vrf['id']}&limit=1000")["results"]:
            netbox.ask("DELETE", f"ipam/prefixes/{row['id']}/")
        netbox.ask("DELETE", f"ipam/vrfs/{vrf['id']}/")
    number = netbox.ask("POST", "ipam/vrfs/", {"name": "production", "enforce_unique": True})["id"]
    table = Table(netbox=netbox, name="production", number=number)
    table.add("10.64.0.0/10", "container", "cloud networks")
    table.add("10.8.0.0/16", "active", "office")
    authority = tmp_path / "authority"
    authority.mkdir()
    with between(netbox.url) as proxy:
        file, proxy.tls = certificate_for("netbox.example.com", authority)
        named = {
            "NETBOX_TOKEN": netbox.token,
            "HTTPS_PROXY": proxy.url,
            "REQUESTS_CA_BUNDLE": str(file),
            "NO_PROXY": "",
        }
        yield os.environ | named


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of the `escscaffold` that the pages run."""
    return started_programs()
