"""A headless Chromium for the tests of what it shows: one for the whole session."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.terraform.root import require

PROGRAMS = ("chromium", "chromedriver")
"""As Debian's packages chromium and chromium-driver call them."""
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb"),
)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser with a profile of its own, or a skip that says what is missing."""
    found = [shutil.which(program) for program in PROGRAMS]
    missing = [program for program, path in zip(PROGRAMS, found, strict=True) if not path]
    require(not missing, f"{' and '.join(missing)} is not on the PATH, so no page was looked at in a browser")
    options = ChromeOptions()
    options.binary_location = found[0] or ""
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service(found[1] or ""))
    browser.set_page_load_timeout(60)
    yield browser
    browser.quit()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Where a test puts the page that it looks at."""
    return tmp_path / "page.html"


@pytest.fixture
def browser(chromium: Chrome) -> Iterator[Chrome]:
    """The browser as if it had just been opened, at the width of a desktop and in the light."""
    resize(chromium, 1280)
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    yield chromium
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    chromium.get("about:blank")
    chromium.get_log("browser")  # type: ignore[no-untyped-call]


def resize(browser: Chrome, width: int) -> None:
    """Make the window as wide as that."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
