"""What is drawn of a plan, and what a stranger's text may not become there: SVG, Mermaid, and the page."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from tests.fuzzing.sandbox import Broken
from tests.fuzzing.words import MARK


def svg(text: str) -> None:
    """Hold that it is XML whose elements draw, and that what is marked is text in it."""
    for element in ElementTree.fromstring(text).iter():
        name = element.tag.rpartition("}")[2]
        if name not in ("svg", "title", "desc", "style", "rect", "text", "tspan", "line", "g", "path", "circle"):
            raise Broken(f"an element {name}")
        for key, one in element.attrib.items():
            if key.startswith("on") or "href" in key or MARK in one:
                raise Broken(f"an attribute {key}={one!a}")
        if name == "style" and MARK in (element.text or ""):
            raise Broken("a style of a stranger's")


# --- Mermaid ---------------------------------------------------------------------------------------------------------

_LABEL = r'"(?:[A-Za-z0-9 ./,:_?-]|#\d+;|<br/>)+"'
_CHART = re.compile(
    r"flowchart LR|direction LR|end|class e\d+n [a-z-]+|classDef [a-z-]+ [a-z0-9#:,-]+|e\d+n --- e\d+p --- e\d+k"
    rf"|subgraph [ef]\d+[no]?\[{_LABEL}\]"
    rf"|(?:[er]\d+(?:[nk]|[rc]\d+)?|more)(?:\[{_LABEL}\]|\[\({_LABEL}\)\])(?::::[a-z-]+)?"
    rf"|e\d+p\(\[{_LABEL}\]\)(?::::[a-z-]+)?"
)


def mermaid(text: str) -> None:
    """Hold that each line is one of ours, and what is marked a label in which no sign means anything."""
    head, *lines = text.rstrip("\n").split("\n")
    for line in (head, *filter(None, lines)):
        if not _CHART.fullmatch(line.strip(" ")):
            raise Broken(f"a line of a chart {line[:200]!a}")
    begun = [line.split()[0] for line in lines if line]
    if head != "flowchart LR" or begun.count("subgraph") != begun.count("end"):
        raise Broken("it is no chart, or ends what it did not begin")


# --- the page --------------------------------------------------------------------------------------------------------

_NEST = {
    *("html", "head", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "form", "div", "label", "select"),
    *("option", "ul", "li", "noscript", "main", "article", "section", "figure", "table", "caption", "thead", "tbody"),
    *("tr", "th", "td", "code", "small", "strong", "script", "svg", "desc", "text", "tspan", "g"),
}
_ALONE = {"meta", "input", "br"}
_DRAWN = {"rect", "line", "path", "circle"}
_ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "for", "hidden", "value", "scope"),
    *("role", "tabindex", "type", "autocomplete", "spellcheck", "placeholder", "xmlns", "viewbox"),
    *("aria-label", "aria-labelledby", "aria-describedby"),
    *("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "width", "height", "d", "font-size"),
}
_WRITTEN = {"h2", "p", "li", "strong", "caption", "th", "td", "title", "desc", "text", "tspan"}
"""What may hold text of a stranger's."""


class Page(HTMLParser):
    """Reads a page; raises Broken where an element, an attribute or a text stands where none of ours does."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.policies: list[str] = []
        self.texts: list[tuple[str, str, str]] = []
        """Each element that has no other in it, with the nearest identity around it."""
        self._ids: list[str] = []
        self.feed(text)
        self.close()
        if self.open or self.rawdata:
            raise Broken(f"it breaks off in {self.open} {self.rawdata[:100]!a}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hold that the element is one of ours, with attributes of ours."""
        if tag not in _NEST | _ALONE | _DRAWN:
            raise Broken(f"an element {tag}")
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            is_odd = name == "href" and not re.fullmatch(r"#[a-z]+", value)
            if name not in _ATTRIBUTES or is_odd or (MARK in value and name != "aria-label"):
                raise Broken(f"an attribute {name}={value!a} of {tag}")
        if len(given) < len(attrs):
            raise Broken(f"an attribute twice: {attrs!a}")
        if "http-equiv" in given:
            self.policies.append(given["content"])
        if tag not in _ALONE:
            self.open.append(tag)
            self._ids.append(given.get("id", self._ids[-1] if self._ids else ""))
            self.texts.append((tag, self._ids[-1], ""))

    def handle_endtag(self, tag: str) -> None:
        """Hold that it ends what was begun last."""
        if not self.open or self.open.pop() != tag:
            raise Broken(f"an end of {tag}")
        self._ids.pop()

    def handle_data(self, data: str) -> None:
        """Keep a text; one of a stranger's stands where a text can."""
        around = self.open[-1] if self.open else ""
        if not around and data.strip():
            raise Broken(f"a text beside everything {data[:100]!a}")
        if MARK in data and around not in _WRITTEN and not self._is_data():
            raise Broken(f"a text in {around}: {data[:100]!a}")
        if around and self.texts[-1][0] == around:
            tag, identity, before = self.texts[-1]
            self.texts[-1] = tag, identity, before + data

    def _is_data(self) -> bool:
        return self.texts[-1][:2] == ("script", "plan")

    def handle_decl(self, decl: str) -> None:
        """Hold that it is the one of HTML."""
        if decl != "doctype html" or self.open:
            raise Broken(f"a declaration {decl!a}")

    def handle_comment(self, data: str) -> None:
        """Refuse it, as there is none of ours."""
        raise Broken(f"a comment, an instruction or a declaration {data[:100]!a}")

    handle_pi = unknown_decl = handle_comment

    def of(self, tag: str) -> list[str]:
        """Return the texts of all such elements."""
        return [text for name, _, text in self.texts if name == tag]


def page(text: str) -> None:
    """Hold that nobody's text is more than text in it, that it loads nothing, and runs only what it came with."""
    read = Page(text)
    (style,), (data, script) = read.of("style"), read.of("script")
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
    if read.policies != [f"{policy}base-uri 'none'; form-action 'none'"]:
        raise Broken(f"a policy {read.policies!a}")
    if "url(" in style or "@import" in style or "<" in data:
        raise Broken("its style loads something, or its data ends its block")
    for picture in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        svg(picture)
    shown = {(identity, tag): text for tag, identity, text in reversed(read.texts)}
    for tag, identity, name in _named(json.loads(data)):
        if shown.get((identity, tag)) != name:
            raise Broken(f"{name!a} is shown as {shown.get((identity, tag))!a}")


def _named(data: Any) -> list[tuple[str, str, str]]:
    """Return what the data names: by which element, and which text it has."""
    every = data["environments"]
    named = [("h2", f"{one['id']}-name", one["name"]) for one in every]
    return named + [
        ("th", one["id"], one["name"]) for home in (*every, {"ranges": data["kept"]}) for one in home["ranges"]
    ]


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
