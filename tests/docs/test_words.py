"""The words of the field: those that the house has replaced stay out of help, rules and the pages written by hand."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs.generate import WRITERS
from docs.writers.commands import command_names, inner_names
from escscaffold.cli import cli
from escscaffold.rules.catalogue import RULES
from tests.docs.console import PAGES, REPOSITORY, page_name

REPLACED = {
    r"(?:is|are) there already|what is there already": "existing",
    r"hides? (?:\w+ )?behind|hidden behind": "SNATed to the node's address",
    r"\banew\b|\bmade over\b": "again, or: Terraform replaces",
    r"\bnobody can say\b": "not known",
    r"takes? (?:something|what) else along": "also covers",
    r"\bnothing uses it\b": "free",
    r"\b(?:was|were|is|are|been|be) granted\b|\bgranted before\b": "allocated",
    r"\bwhat would be right\b|\bstray(?:s|ing)\b": "fix, drift",
    r"\bfor want of\b": "skipped: REASON",
    r"\bif it is meant\b|\bInstead, and nothing is replaced\b": "to proceed, alternatives",
    r"\bits files go\b|\bcalled otherwise\b|\b(?:is|are) gone\b": "removed, renamed",
    r"\bshall\b|\bmay not\b|\bthe usual\b": "must, cannot, default",
    r"\bbeside\b(?!-)|\bwhichever\b|\bmend\b|\bof its own\b(?! range)": "see also, repair, its own",
}
"""What the house wrote once, and what it writes now."""

_NOT_PROSE = re.compile(r"^```.*?^```$|`[^`\n]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)
# The reference and the explanations are still to be read through.
TO_COME = ("docs/reference/", "docs/explanation/", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
GENERATED = {REPOSITORY / "docs" / path for path in WRITERS}
READ_THROUGH = [page for page in PAGES if page not in GENERATED and not page_name(page).startswith(TO_COME)] + [
    REPOSITORY / "docs/reference/stability.md",
    REPOSITORY / "docs/explanation/conventions.md",
]


def found_in(text: str) -> list[str]:
    return [
        f"{match[0]!r}: write {better}"
        for words, better in REPLACED.items()
        for match in re.finditer(words, text, re.IGNORECASE)
    ]


def helps() -> Iterator[tuple[str, str]]:
    for name in command_names():
        for words in [(name,), *((name, inner) for inner in inner_names(name))]:
            yield " ".join(words), CliRunner().invoke(cli, [*words, "--help"]).output


@pytest.mark.parametrize("page", READ_THROUGH, ids=page_name)
def test_a_page_has_the_words_of_the_field(page: Path) -> None:
    assert found_in(_NOT_PROSE.sub("", page.read_text("utf-8"))) == []


def test_help_has_the_words_of_the_field() -> None:
    assert {name: found for name, text in helps() if (found := found_in(" ".join(text.split())))} == {}


def test_rules_have_the_words_of_the_field() -> None:
    told = {rule.code: found_in(f"{rule.title}. {rule.reason}") for rule in RULES.values()}

    assert {code: found for code, found in told.items() if found} == {}


@pytest.mark.parametrize(
    "text", ["Terraform makes the cluster anew.", "Pods hide behind their node.", "A range beside it"]
)
def test_a_replaced_word_is_found(text: str) -> None:
    assert len(found_in(text)) == 1
