"""What a network engineer sees of claims in NetBox's own pages."""

import mimetypes
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import chromium, resize
from tests.conftest import Run
from tests.ipam.between import Answer, Between
from tests.ipam.conftest import NetBox, Table
from tests.ipam.server import PASSWORD
from tests.properties import in_full

__all__ = ["chromium"]

STATIC = os.environ.get("ESCSCAFFOLD_NETBOX_STATIC", "")
"""Where `netbox collectstatic` put its styles, for a picture; without them the page is bare."""
PICTURE = os.environ.get("ESCSCAFFOLD_NETBOX_PICTURE", "")
"""Where to put a picture of the page."""


@pytest.fixture
def pages(broken: Between, netbox: NetBox) -> Iterator[Between]:
    """NetBox's pages with their styles, if those are there."""

    def styled(request, passed_on):  # type: ignore[no-untyped-def]
        path = request.path.partition("?")[0]
        if not path.startswith("/static/"):
            return passed_on()
        file = Path(STATIC) / path.removeprefix("/static/")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        # A script that cannot be loaded would lead to a page of its own.
        return Answer(200, file.read_bytes() if STATIC and file.is_file() else b"", {"Content-Type": kind})

    broken.always(styled)
    yield broken


@in_full
def test_each_claim_says_which_repository_and_environment_holds_it(
    table: Table, pages: Between, chromium: Chrome, run: Run, tmp_path: Path
) -> None:
    for name, mode in (("network", "eks"), ("billing", "gke-standard")):
        flags = table.flags(f"platform/{name}")
        done = run("init", tmp_path / name, "--mode", mode, "--environment", "prod", "--yes", *flags)
        assert done.exit_code == 0, done.output
    resize(chromium, 1280)
    chromium.get(f"{pages.url}/login/")
    chromium.find_element(By.NAME, "username").send_keys("test")
    chromium.find_element(By.NAME, "password").send_keys(PASSWORD)
    chromium.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
    WebDriverWait(chromium, 60).until(lambda browser: "/login" not in browser.current_url)

    chromium.get(f"{pages.url}/ipam/prefixes/?vrf_id={table.number}")

    rows = {
        row.find_element(By.CSS_SELECTOR, "a").text: row.text
        for row in chromium.find_elements(By.CSS_SELECTOR, "table.object-list tbody tr")
    }
    assert "platform/network: prod network" in rows["10.64.0.0/16"]
    assert "Reserved" in rows["10.64.0.0/16"]
    assert "platform/network: prod nodes-1" in "\n".join(rows.values())
    assert "platform/billing: prod remote" in rows["10.66.0.0/16"]
    if PICTURE:
        table.netbox.ask("PATCH", f"ipam/vrfs/{table.number}/", {"name": "production"})
        chromium.refresh()
        chromium.get_screenshot_as_file(PICTURE)
