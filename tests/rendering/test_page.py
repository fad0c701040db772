"""The page as text: what it lets a browser do, and how its script is written; tests/browser tries what it does."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from msgspec.structs import replace

from escscaffold import check_plan
from escscaffold.clouds.fact_files import template_root
from escscaffold.rendering.page import plan_page
from tests.drawing.crowds import NASTY, hostile_plan, plan_of

ERRORS = "pods that nothing covers"


class Reader(HTMLParser):
    """Collects the elements, and the text of styles and scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"style": [], "script": []}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.texts[self.cdata_elem][-1] += data


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_policy_lets_in_the_pages_own_style_and_script_and_nothing_else() -> None:
    read = Reader(plan_page(plan_of("eks"), ()))
    (policy,) = [a["content"] for _, a in read.elements if a.get("http-equiv") == "Content-Security-Policy"]
    (style,), (_, script) = read.texts["style"], read.texts["script"]

    assert policy == (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not [tag for tag, attributes in read.elements if {"src", "style"} & attributes.keys() or tag == "link"]
    assert not [a for _, attributes in read.elements for a in attributes if a.startswith("on")]


def test_names_end_no_element_and_the_data_is_what_it_was() -> None:
    read = Reader(plan_page(hostile_plan(), ()))
    data = json.loads(read.texts["script"][0])

    assert [tag for tag, _ in read.elements].count("script") == 2
    assert [one["name"] for one in data["environments"]] == list(NASTY)
    assert "<" not in read.texts["script"][0]


def test_findings_stand_with_their_environment_and_those_of_all_of_it_above() -> None:
    plan = plan_of(ERRORS)
    (finding,) = check_plan(plan)
    page = plan_page(plan, [finding, replace(finding, environment="", message="<b>All of it</b> is odd.")])

    above, _, below = page.partition("<article")
    assert "&lt;b&gt;All of it&lt;/b&gt; is odd." in above
    assert "No single remote range can cover nodes 172.30.0.0/16" in below
    assert below.count("ESC201") == 1


def test_the_script_is_written_with_care() -> None:
    script = template_root().joinpath("page", "page.js").read_text(encoding="utf-8")

    assert script.startswith('"use strict";\n')
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|\bvar\b|[^=!]==[^=]", script
    )
    assert max(map(len, script.splitlines())) <= 120
    assert len(script) < 8_000
