"""The pictures of a terminal: that they are fresh is the pages' test; here is that they can be read."""

import re
from xml.etree import ElementTree

import pytest

from docs.writers.screens import SCREENS
from tests.docs.console import REPOSITORY

SVG = "{http://www.w3.org/2000/svg}"
BEGINS = {
    "images/screen-finding.svg": "$ escscaffold plan",
    "images/screen-interview.svg": "Kubernetes service addresses",
    "images/screen-list.svg": "$ escscaffold init demo In lists",
    "images/screen-review.svg": "$ escscaffold review before after Stop and ask:",
    "images/screen-set.svg": "$ escscaffold set ranges.pods=172.31.0.0/16 Addresses:",
}


@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_says_in_words_what_it_shows_and_keeps_inside_its_frame(path: str) -> None:
    root = ElementTree.parse(REPOSITORY / "docs" / path).getroot()
    texts = root.findall(f"{SVG}text")
    words = " ".join(" ".join(text.text or "" for text in texts).split())

    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    # A line that the terminal broke in a word is two texts.
    assert words.replace(" ", "") == (root.findtext(f"{SVG}desc") or "").replace(" ", "")
    assert words.startswith(BEGINS[path])
    for text in texts:
        assert float(text.get("x", 0)) + float(text.get("textLength", 0)) <= float(root.get("width", 0)) - 16
        assert float(text.get("y", 0)) <= float(root.get("height", 0)) - 16


@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_tells_nothing_of_where_it_was_made(path: str) -> None:
    text = (REPOSITORY / "docs" / path).read_text(encoding="utf-8")

    assert not re.search(r"/tmp|/home|/root|Traceback", text)
    assert "prefers-color-scheme:dark" in text


def test_what_stops_shows_its_exit_code() -> None:
    ends = {path: (REPOSITORY / "docs" / path).read_text(encoding="utf-8") for path in SCREENS}

    of_the_interview = {"images/screen-interview.svg", "images/screen-list.svg"}
    assert {path for path, text in ends.items() if ">$ echo $?<" in text} == set(SCREENS) - of_the_interview
    assert all(ends[f"images/screen-{name}.svg"].rstrip().endswith(">5</text>\n</svg>") for name in ("set", "review"))
