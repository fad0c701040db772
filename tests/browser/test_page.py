"""The page of a plan as a person uses it: look, filter, find, by keyboard, without scripts, and with a thousand."""

import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.support.ui import WebDriverWait

from escscaffold import check_plan, plan, read_spec
from escscaffold.drawing.layout import picture_of
from escscaffold.drawing.svg import svg_file
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.rendering.page import plan_page
from tests.benchmarks import fleets
from tests.browser.conftest import resize
from tests.drawing.crowds import SPECS, hostile_plan, topology

THREE = """
version = 1
[reserved]
office = "10.8.0.0/16"
[environments.live]
cloud = "aws"
region = "eu-central-1"
mode = "eks"
[environments.live.ranges]
kurrent = "172.29.98.0/24"
network = "172.16.0.0/16"
nodes-1 = "172.16.0.0/18"
nodes-2 = "172.16.64.0/18"
[environments.prod]
cloud = "gcp"
region = "europe-west2"
mode = "gke-standard"
[environments.prod.ranges]
kurrent = "172.22.110.0/24"
nodes = "172.30.0.0/16"
pods = "172.31.128.0/17"
[environments.test]
cloud = "gcp"
region = "europe-west2"
mode = "gke-autopilot"
[environments.test.ranges]
kurrent = "172.23.110.0/24"
nodes = "10.3.0.0/20"
pods = "10.2.0.0/17"
"""


def opened(browser: Chrome, page: Path, shown: AddressPlan) -> None:
    page.write_text(plan_page(shown, check_plan(shown)), encoding="utf-8")
    browser.get(page.as_uri())


def text_of(browser: Chrome, element: str) -> str:
    return str(browser.find_element("id", element).text)


def write(browser: Chrome, element: str, text: str) -> None:
    field = browser.find_element("id", element)
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(text or Keys.DELETE)


def found(browser: Chrome, text: str) -> list[str]:
    write(browser, "address", text)
    return text_of(browser, "found").splitlines()


def shown_environments(browser: Chrome) -> list[str]:
    return [e.text for e in browser.find_elements("css selector", "article:not([hidden]) h2")]


def test_it_finds_what_holds_an_address_and_says_what_it_is(browser: Chrome, page: Path) -> None:
    opened(browser, page, plan(read_spec(THREE)))

    assert found(browser, "172.30.4.5") == ["prod, nodes 172.30.0.0/16: usable; reachable through the peering"]
    assert [row.text.split()[0] for row in browser.find_elements("css selector", "tr[aria-current]")] == ["nodes"]
    # AWS keeps the first four addresses of a subnet and its last; Google the first two and the last two.
    for address, said in {
        "172.16.0.0": "reserved: the first address of the range",
        "172.16.0.3": "reserved by the cloud",
        "172.16.0.4": "usable",
        "172.16.63.254": "usable",
        "172.16.63.255": "reserved: the last address of the range",
    }.items():
        nodes, network = found(browser, address)
        assert nodes == f"live, nodes-1 172.16.0.0/18: {said}; reachable through the peering"
        assert network.startswith("live, network 172.16.0.0/16: contains it")
    assert "reserved by the cloud" in found(browser, "172.30.255.254")[0]
    assert "usable" in found(browser, "172.30.0.2")[0]
    assert found(browser, "172.31.0.9") == ["prod: free, inside the peering routes"]
    assert found(browser, "172.16.200.1")[-1] == "live: free, inside the peering routes"
    assert found(browser, "10.8.1.1") == ["office 10.8.0.0/16: reserved"]
    assert found(browser, "192.0.2.1") == []
    assert text_of(browser, "answer") == "No range of this plan contains 192.0.2.1."


def test_it_finds_what_a_block_overlaps(browser: Chrome, page: Path) -> None:
    opened(browser, page, plan(read_spec(THREE)))

    assert found(browser, "10.3.4.5/8") == [
        "test, nodes 10.3.0.0/20: inside this block; reachable through the peering",
        "test, pods 10.2.0.0/17: inside this block; reachable through the peering",
        "office 10.8.0.0/16: reserved",
    ]
    assert text_of(browser, "answer") == "10.0.0.0/8: 3 ranges."
    assert "the same block" in found(browser, "172.30.0.0/16")[0]
    assert "contains this block" in found(browser, "172.30.1.0/24")[0]
    for wrong in ("10.3", "10.3.4.256", "10.3.4.5/33", "fe80::1", "<b>"):
        assert found(browser, wrong) == []
        assert "Write an address or a block" in text_of(browser, "answer")
        assert browser.find_element("id", "address").get_attribute("aria-invalid") == "true"


def test_environments_are_filtered_and_what_is_found_comes_back(browser: Chrome, page: Path) -> None:
    opened(browser, page, plan(read_spec(THREE)))

    write(browser, "name", "T")
    assert shown_environments(browser) == ["test"]
    write(browser, "name", "")
    browser.find_element("id", "cloud").send_keys("Google Cloud")
    assert shown_environments(browser) == ["prod", "test"]
    browser.find_element("id", "mode").send_keys("GKE Autopilot")
    assert shown_environments(browser) == ["test"]
    assert text_of(browser, "shown") == "Shown: 1 of 3 environments."

    # By keyboard alone: from the field on to what was found, and there.
    field = browser.find_element("id", "address")
    field.send_keys("172.16.0.9", Keys.ENTER, *[Keys.TAB] * 4)
    assert browser.switch_to.active_element.text == "live, nodes-1 172.16.0.0/18"
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert shown_environments(browser) == ["live", "prod", "test"]
    assert browser.current_url.endswith("#e0-r2")


def test_it_is_read_without_scripts(browser: Chrome, page: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    opened(browser, page, plan(read_spec(THREE)))

    assert shown_environments(browser) == ["live", "prod", "test"]
    assert not browser.find_element("id", "tools").is_displayed()
    assert "The search needs JavaScript" in browser.find_element("tag name", "body").text
    assert browser.find_element("css selector", "#e1 svg").size["height"] > 300


def test_hostile_names_are_nothing_but_text_and_nothing_is_fetched(browser: Chrome, page: Path) -> None:
    opened(browser, page, hostile_plan())
    write(browser, "address", "10.0.0.0/8")
    write(browser, "name", "script")

    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert browser.execute_script("return document.querySelectorAll('script').length") == 2
    assert not browser.find_elements("css selector", "img, iframe, a[href^=http], [onload], [onerror]")
    assert shown_environments(browser) == ["<script>alert(1)</script>"]
    # And what would be injected all the same is not run.
    browser.execute_script(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.caught = 1\"><b style=color:red>')"
    )
    WebDriverWait(browser, 20).until(
        lambda opened: any("Content Security Policy" in line["message"] for line in opened.get_log("browser"))  # type: ignore[no-untyped-call]
    )
    assert browser.execute_script("return window.caught") is None


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_nothing_sticks_out_of_the_window(width: int, browser: Chrome, page: Path) -> None:
    resize(browser, width)
    opened(browser, page, plan(read_spec(THREE)))
    write(browser, "address", "172.16.0.0/12")

    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_thousand_environments_can_be_used(browser: Chrome, page: Path) -> None:
    page.write_text(plan_page(plan(replace(fleets.usual(1000), reserved={})), ()), encoding="utf-8")
    begin = time.monotonic()
    browser.get(page.as_uri())
    write(browser, "name", "e0012")

    assert len(shown_environments(browser)) == 10
    assert found(browser, "10.0.0.1")
    assert time.monotonic() - begin < 30


def test_texts_of_a_picture_are_as_wide_as_was_reckoned_at_most(browser: Chrome, page: Path) -> None:
    """With the fonts that are here: the widest that Debian has by itself, DejaVu's."""
    pictures = [picture_of(topology(name)) for name in SPECS]
    page.write_text("<meta charset=utf-8>" + "".join(map(svg_file, pictures)), encoding="utf-8")
    browser.get(page.as_uri())

    measured = browser.execute_script(
        "return [...document.querySelectorAll('svg')].map((svg) => [...svg.querySelectorAll('text')]"
        ".map((text) => text.getComputedTextLength()))"
    )

    for picture, widths in zip(pictures, measured, strict=True):
        texts = [shape for shape in picture.shapes if hasattr(shape, "anchor")]
        for text, width in zip(texts, widths, strict=True):
            assert width <= text.width, text
