"""Mermaid itself draws every chart: those of the documentation, of reports in a pull request, and of a plan."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from docs.site.charts import mermaid_file
from escscaffold.drawing.mermaid import flowchart, overview
from escscaffold.drawing.topology import topology_of
from tests.docs.console import PAGES, REPOSITORY, fenced_blocks, page_name
from tests.drawing.crowds import SPECS, hostile_plan, plan_of, topology
from tests.properties import tries_more
from tests.terraform.root import require

DRAW = """
const done = arguments[arguments.length - 1]
mermaid.render("chart", arguments[0]).then(({ svg }) => done(["", svg]), (error) => done([String(error), ""]))
"""
COMMENTS = sorted((REPOSITORY / "tests/reviewing/cases").glob("*/comment.md"))


def charts() -> Iterator[tuple[str, str]]:
    for page in [*PAGES, *COMMENTS]:
        for line, lines in fenced_blocks(page.read_text(encoding="utf-8"), "mermaid"):
            yield f"{page_name(page)}:{line}", "\n".join(lines)
    # Most differ in names and numbers alone.
    for name in list(SPECS)[:: 1 if tries_more() else 4]:
        yield f"a plan, {name}", flowchart([topology(name)])
        yield f"a README, {name}", overview(plan_of(name))
    yield "hostile names", flowchart([topology_of(one) for one in hostile_plan().environments])
    yield "hostile names in a README", overview(hostile_plan())


@pytest.fixture
def mermaid(browser: Chrome, page: Path) -> Chrome:
    """A page with Mermaid, set as the site sets it."""
    program = mermaid_file()
    require(program is not None, "no Mermaid: npm install --prefix .venv/docs mermaid@11")
    assert program is not None
    page.write_text(f'<meta charset=utf-8><script src="{program.as_uri()}"></script>', encoding="utf-8")
    browser.get(page.as_uri())
    browser.execute_script('mermaid.initialize({startOnLoad: false, securityLevel: "strict"})')
    return browser


def drawn(browser: Chrome, chart: str) -> tuple[str, str]:
    error, svg = browser.execute_async_script(DRAW, chart)
    return str(error), str(svg)


def test_mermaid_draws_every_chart(mermaid: Chrome) -> None:
    failures = {}
    shown = list(charts())
    for place, chart in shown:
        error, svg = drawn(mermaid, chart)
        if error or "NaN" in svg or "<svg" not in svg:
            failures[place] = error or "an edge has no place"

    assert failures == {}
    # A page of each mode and a comment of a review are among them.
    assert sum(place.startswith("docs/modes/") for place, _ in shown) >= 10
    assert any("comment.md" in place for place, _ in shown)


def test_a_chart_that_does_not_parse_is_told(mermaid: Chrome) -> None:
    error, _ = drawn(mermaid, 'flowchart LR\n  subgraph default["subnet"]\n    node["node"]\n  end\n')

    assert re.search("Parse error on line 2", error)
