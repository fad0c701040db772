"""What holds for every page: generated ones are fresh, links lead somewhere, and a sentence has its own line."""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.generate import WRITERS
from docs.writers.commands import command_names
from docs.writers.modes import every_mode
from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.planner import plan_addresses
from escscaffold.rules.catalogue import RULES, check_plan
from escscaffold.spec.reading import read_spec
from tests.conftest import CheckGolden
from tests.docs.console import PAGES, REPOSITORY, fenced_blocks, page_name, steps_of

DOCS = REPOSITORY / "docs"

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_TWO_SENTENCES = re.compile(r"[a-z)`][.?!](?:\*\*)? [A-Z`]")


WRITTEN_BY_HAND = [page for page in PAGES if page not in {DOCS / path for path in WRITERS}]


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """The page's text without code, in which anything may look like a link."""
    return _CODE.sub("`code`", _FENCED.sub("", text_of(page)))


@pytest.mark.parametrize("path", WRITERS)
def test_generated_page_is_fresh(path: str, check_golden: CheckGolden) -> None:
    check_golden(DOCS / path, WRITERS[path]())


@pytest.mark.parametrize("name", command_names())
def test_command_is_documented_and_shown(name: str) -> None:
    shown = [step.command.split() for page in PAGES for step in steps_of(text_of(page))]

    assert f"\n## {name}\n" in text_of(DOCS / "reference/commands.md")
    assert any(words[:2] == ["escscaffold", name] for words in shown), f"no page shows a run of {name}"


def test_each_mode_has_a_page_of_its_own() -> None:
    modes = {mode.name for mode in every_mode()}

    assert {page.stem for page in (DOCS / "modes").glob("*.md")} == modes
    for mode in modes:
        assert f"(modes/{mode}.md)" in text_of(DOCS / "README.md")


def test_the_spec_that_is_shown_is_read() -> None:
    ((_, lines),) = fenced_blocks(text_of(DOCS / "reference/spec.md"), "toml")

    assert check_plan(plan_addresses(read_spec("\n".join(lines), load_facts()))) == ()


def test_python_examples_run() -> None:
    failed, tried = doctest.testfile(
        str(DOCS / "reference/python.md"), module_relative=False, encoding="utf-8", optionflags=doctest.ELLIPSIS
    )

    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose_of(page)):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page_name(page)} links to {target}"
        assert there.is_relative_to(REPOSITORY), f"{page_name(page)} links to {target}, outside the repository"
        assert not anchor or anchor in _anchors(there), f"{page_name(page)}: no heading is {target}"


def test_links_of_rules_lead_somewhere() -> None:
    for rule in RULES.values():
        assert not rule.source.startswith("docs/") or (REPOSITORY / rule.source).is_file(), rule.code


def _anchors(page: Path) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.+)$", _FENCED.sub("", text_of(page)), re.MULTILINE):
        yield re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")
    yield from re.findall(r'^<a id="([a-z0-9]+)"></a>$', text_of(page), re.MULTILINE)


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=page_name)
def test_a_sentence_has_its_own_line(page: Path) -> None:
    for line in prose_of(page).splitlines():
        assert line.startswith("|") or not _TWO_SENTENCES.search(line), f"{page_name(page)}: {line}"


_COMMAND = re.compile(r"^(?:```|\|)|`[^`\n]+`", re.MULTILINE)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "docs" in page.parts and page.name != "README.md"], ids=page_name
)
def test_a_page_opens_with_what_it_lets_you_do_and_then_the_command(page: Path) -> None:
    """The first paragraph is short, and not far below it is a command, a table or the name of a key."""
    blocks = text_of(page).removeprefix("<!--").split("\n\n")
    opening = next(number for number, block in enumerate(blocks) if block.startswith("# ")) + 1
    words = re.sub(r"\]\([^)]*\)", "]", blocks[opening]).split()

    assert not blocks[opening].startswith(("#", "|", "- ", "```", "!")), "a page opens with a paragraph"
    assert len(words) <= 60, f"{len(words)} words"
    assert _COMMAND.search("\n\n".join(blocks[opening : opening + 4])), "no command in the first four blocks"
    # No fronted clause, and not what the page itself is.
    assert not re.match(r"(?:What|Of|With|Where|How|This page)\b", blocks[opening]), blocks[opening]
