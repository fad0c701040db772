"""A few inputs through every door, the same each time; `python -m tests.fuzzing` is the long run."""

import sys
import time
from collections.abc import Iterator

import click
import pytest

from escscaffold.cli import cli
from escscaffold.rendering.page import picture_text
from tests.drawing.crowds import hostile_plan
from tests.fuzzing import asking, sinks
from tests.fuzzing import sandbox as sandboxes
from tests.fuzzing.doors import DOORS, feed
from tests.fuzzing.sandbox import Broken, Sandbox, sandbox
from tests.properties import tries_more

SEED, INPUTS = 0, 1900 if tries_more() else 800


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with sandbox() as made:
        yield made


@pytest.mark.parametrize("door", DOORS)
def test_no_input_breaks_a_promise(door: str, box: Sandbox) -> None:
    outcomes = [feed(box, door, SEED, number) for number in range(INPUTS * DOORS[door].share // 100 // DOORS[door].few)]

    assert {True, False} == set(outcomes), "a door that takes nothing, or refuses nothing, tries little"


BAD = {
    "an expression": ("a/main.tf", 'a = "zqx${file(1)}zqx"\n'),
    "a directive": ("a/terraform.tfvars", 'a = "zqx%{ if true }zqx"\n'),
    "a quote that ends a string": ("a/main.tf", 'a = "zqx" zqx"\n'),
    "a line of its own": ("a/main.tf", "# zqx\nzqx = 1\nb = zqx\n"),
    "a heredoc": ("a/main.tf", "a = <<-EOT\n  zqx\nEOT\n"),
    "HTML": ("README.md", "# A\n\nzqx<b>zqx</b>\n"),
    "a comment": ("README.md", "<!-- zqx -->\n"),
    "a link": ("README.md", "[a](https://zqx.example)\n"),
    "a bare link": ("README.md", "see https://zqx.example\n"),
    "a mention": ("README.md", "zqx @somebody\n"),
    "another column": ("README.md", "| a | b |\n|---|---|\n| zqx | b | c |\n"),
    "a script": ("docs/network-a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>zqx</script></svg>'),
    "a handler": ("docs/network-a.svg", '<svg xmlns="http://www.w3.org/2000/svg" onload="zqx"></svg>'),
    "no XML": ("docs/network-a.svg", '<svg xmlns="http://www.w3.org/2000/svg">zqx & </svg>'),
    "a command": (
        ".github/workflows/terraform.yml",
        "jobs: {terraform: {strategy: {matrix: {environment: [a]}}, steps: [{run: zqx}]}}\n",
    ),
    "a command of GitLab's": (
        ".gitlab-ci.yml",
        "terraform: {parallel: {matrix: [{ENVIRONMENT: [a]}]}, script: [!reference [zqx, script]]}\n",
    ),
    "an environment that is none": (
        ".gitlab-ci.yml",
        "terraform: {parallel: {matrix: [{ENVIRONMENT: [zqx-$(id)]}]}}\n",
    ),
    "a chart's line": ("README.md", "```mermaid\nflowchart LR\n  zqx --- x\n```\n"),
    "a schema": (".escscaffold/schema.json", '{"title": "zqx"}\n'),
    "a script of ours": ("scripts/check-connectivity.sh", "echo zqx\n"),
}


@pytest.mark.parametrize(("path", "text"), BAD.values(), ids=BAD)
def test_what_a_stranger_may_not_write_is_seen(path: str, text: str) -> None:
    with pytest.raises(Broken):
        sinks.hold_file(path, text.encode())


GOOD = {
    "a string": ("a/main.tf", 'a = "zqx $${file(1)} %%{ if } \\" zqx"\nb = { zqx = "zqx" }\n'),
    "a comment": ("a/main.tf", "a = 1 # zqx\n"),
    "text": ("README.md", "# zqx\n\n| a | b |\n|---|---|\n| zqx \\| | `zqx` |\n"),
    "a label": ("README.md", '```mermaid\nflowchart LR\n  subgraph e0["zqx#34;: a<br/>b"]\n  end\n```\n'),
    "an environment": (".gitlab-ci.yml", "terraform: {parallel: {matrix: [{ENVIRONMENT: [zqx, a-zqx]}]}}\n"),
    "text in a picture": (
        "docs/network-a.svg",
        '<svg xmlns="http://www.w3.org/2000/svg"><text>zqx &lt;b&gt;</text></svg>',
    ),
}


@pytest.mark.parametrize(("path", "text"), GOOD.values(), ids=GOOD)
def test_what_a_stranger_may_write_is_let_be(path: str, text: str) -> None:
    sinks.hold_file(path, text.encode())


@pytest.fixture(scope="module")
def page() -> str:
    return picture_text(hostile_plan(('zqx<b> & "zqx',), "gke-standard"), (), "html")


BREAKS = {
    "an element": ("zqx&lt;b&gt;", "zqx<b>"),
    "an element of ours that nobody began": ("zqx&lt;b&gt;", "zqx</th>"),
    "an element that stays open": ("zqx&lt;b&gt;", "zqx<p>"),
    "a comment": ("zqx&lt;b&gt;", "zqx<!-- -->"),
    "what runs": ('<th scope="row">zqx', '<th scope="row" onclick="x">zqx'),
    "a script": ("</main>", "</main><script>zqx</script>"),
    "the end of the data": ("zqx\\u003cb", "zqx</script>"),
    "a mark in the data": ("zqx\\u003cb", "zqx<b"),
    "a picture from outside": ("</main>", '</main><img src="https://example.org/x.png">'),
    "a link that leads away": ('href="#environments"', 'href="https://example.org"'),
    "a style from outside": (":root {", "@import url(https://example.org);\n:root {"),
    "a policy that lets in more": ("default-src &#39;none&#39;", "default-src *"),
    "a name that was escaped twice": ("zqx&lt;b&gt;", "zqx&amp;lt;b&amp;gt;"),
}


@pytest.mark.parametrize(("ours", "theirs"), BREAKS.values(), ids=BREAKS)
def test_what_a_page_may_not_have_is_seen(ours: str, theirs: str, page: str) -> None:
    sinks.FORMATS["html"](page)
    assert ours in page

    with pytest.raises(Broken):
        sinks.FORMATS["html"](page.replace(ours, theirs))


def test_flags_are_tried_on_every_command() -> None:
    assert set(asking.COMMANDS) == set(cli.list_commands(click.Context(cli)))


def _runs(monkeypatch: pytest.MonkeyPatch, what: object) -> None:
    monkeypatch.setattr(sandboxes, "main", what)


def test_a_write_outside_is_seen(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    box.empty()
    _runs(monkeypatch, lambda: (box.root / "elsewhere/secret.tf").write_text("x"))

    with pytest.raises(Broken, match="secret"):
        box.run("plan")


def test_a_process_is_seen(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    box.empty()
    _runs(monkeypatch, lambda: subprocess.run([sys.executable, "-c", ""], check=True))

    with pytest.raises(Broken, match="ran python"):
        box.run("plan")


def test_a_run_without_an_end_is_seen(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    box.empty()
    monkeypatch.setattr(sandboxes, "SECONDS", 0.2)
    _runs(monkeypatch, lambda: time.sleep(60))

    with pytest.raises(Broken, match="in time"):
        box.run("plan")


def test_what_steers_a_terminal_is_seen(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    box.empty()
    _runs(monkeypatch, lambda: print("\x1b[2J"))

    with pytest.raises(Broken, match="terminal"):
        box.run("plan")
