"""The pages as a site: all of them are in its navigation, it builds without a warning, and fits a telephone."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from docs.site.charts import mermaid_file
from docs.site.navigation import navigation
from tests.browser.conftest import resize
from tests.docs.console import REPOSITORY
from tests.properties import tries_more
from tests.terraform.root import require

DOCS = REPOSITORY / "docs"
VARIABLE = "ESCSCAFFOLD_MKDOCS"


def pages_in(sections: list[dict[str, Any]]) -> list[str]:
    pages = [page for section in sections for pages in section.values() for page in pages]
    return [page if isinstance(page, str) else next(iter(page.values())) for page in pages]


def test_every_page_is_in_the_navigation_once() -> None:
    there = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))

    assert sorted(["README.md", *pages_in(navigation())]) == there


def test_a_section_is_never_empty() -> None:
    assert [title for section in navigation() for title, pages in section.items() if not pages] == []


def build(source: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of a checkout, as strictly as CONTRIBUTING.md says."""
    installed = shutil.which("mkdocs", path=str(REPOSITORY / ".venv/docs/bin"))
    program = os.environ.get(VARIABLE) or installed or shutil.which("mkdocs")
    require(program is not None, f"no mkdocs in .venv/docs, on the PATH or where {VARIABLE} names it")
    mermaid = mermaid_file()
    require(mermaid is not None, "no Mermaid: npm install --prefix .venv/docs mermaid@11")
    return subprocess.run(
        [str(program), "build", "--strict", "-f", source / "docs/site/mkdocs.yml", "-d", folder],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "ESCSCAFFOLD_MERMAID": str(mermaid)},
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this checkout; it must build without a warning."""
    folder = tmp_path_factory.mktemp("site")
    done = build(REPOSITORY, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address at which the site is served."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_page_loads_nothing_from_another_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert re.findall(r'(?:src|href)="(https?://[^"]+\.(?:js|css|woff2?))"', text) == [], page
    assert "Why a peering fails" in (site / "index.html").read_text("utf-8")


BROKEN = (
    ("docs/tutorial.md", "(how-to/install.md)", "(how-to/no-such-page.md)"),
    ("docs/reference/spec.md", "(findings.md#esc013)", "(findings.md#esc999)"),
    ("docs/README.md", "(images/gke-standard.svg)", "(images/no-such-picture.svg)"),
)


def test_each_broken_link_fails_the_build(tmp_path: Path) -> None:
    source = tmp_path / "checkout"
    shutil.copytree(REPOSITORY / "docs", source / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    for file in REPOSITORY.glob("*.md"):
        shutil.copy(file, source)
    for page, right, broken in BROKEN:
        text = (source / page).read_text("utf-8")
        assert right in text
        (source / page).write_text(text.replace(right, broken, 1), "utf-8")

    done = build(source, tmp_path / "site")

    assert done.returncode == 1
    for page, _, broken in BROKEN:
        warning = f"WARNING -  Doc file '{page.removeprefix('docs/')}' contains a link '{broken[1:-1]}'"
        assert done.stderr.count(warning) == 1
    # Each of them alone would fail it as well.
    assert f"Aborted with {len(BROKEN)} warnings in strict mode!" in done.stdout + done.stderr


OPENED = ("", "tutorial/", "modes/aks-cni/", "reference/findings/", "reference/json/")
WIDTHS = (1400, 900, 400)
# A page is opened once and then made narrower, and a colour scheme changes charts alone.
WINDOWS = [(WIDTHS, "light", OPENED), ((900,), "dark", ("modes/aks-cni/",))]
EACH_WINDOW = [((width,), scheme, OPENED) for width, scheme in product(WIDTHS, ("light", "dark"))]


@pytest.mark.parametrize(("widths", "scheme", "pages"), EACH_WINDOW if tries_more() else WINDOWS)
def test_pages_fit_the_window_and_charts_are_drawn(
    widths: tuple[int, ...], scheme: str, pages: tuple[str, ...], served: str, browser: Chrome
) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    try:
        for page in pages:
            resize(browser, widths[0])
            browser.get(f"{served}/{page}")
            WebDriverWait(browser, 20).until(
                lambda opened: opened.execute_script("return !document.querySelector('pre.chart')")
            )
            for width in widths:
                resize(browser, width)
                assert_fits(browser, page, width, scheme)
            assert browser.get_log("browser") == [], page  # type: ignore[no-untyped-call]
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def assert_fits(browser: Chrome, page: str, width: int, scheme: str) -> None:
    assert browser.execute_script("return window.innerWidth") == width
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width, page
    wide = "return [...document.querySelectorAll('article table')].filter((table) =>"
    wide += " table.scrollWidth > table.parentElement.clientWidth + 1).length"
    assert width < 1400 or browser.execute_script(wide) == 0, page
    if page == "":
        cards = browser.find_elements("css selector", ".grid.cards li")
        rows = len({card.rect["y"] for card in cards})
        assert (len(cards), rows) == (3, 3 if width == 400 else 1), "a row has an empty cell"
    if page.startswith("modes/"):
        (chart,) = browser.find_elements("css selector", "div.chart")
        assert chart.get_attribute("data-drawn") == scheme
        assert chart.find_element("tag name", "svg").size["height"] > 100
