"""The page of limits answers each question that it lists, and every page that a new user reads first links it."""

import re

import pytest

from tests.docs.console import REPOSITORY
from tests.terraform.root import require
from tests.terraform.schema import schema_of

DOCS = REPOSITORY / "docs"
TEXT = (DOCS / "explanation/limits.md").read_text("utf-8")

ROW = re.compile(r"^\| \[[^]]+\]\(#([^)]+)\) \|", re.MULTILINE)


def anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def test_each_question_of_the_table_has_its_answer_in_the_same_order() -> None:
    questions = [anchor(heading) for heading in re.findall(r"^## (.+\?)$", TEXT, re.MULTILINE)]

    assert ROW.findall(TEXT) == questions
    assert len(questions) == 10


def test_each_answer_has_a_source() -> None:
    answers = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:-1]

    assert len(answers) == 10
    for answer in answers:
        vendors = r"\]\(https://(docs\.kurrent\.io|docs\.aws\.amazon\.com|cloud\.google\.com|learn\.microsoft\.com)/"
        assert re.search(vendors, answer), answer.partition("\n")[0]


@pytest.mark.parametrize(
    "page", ["../README.md", "README.md", *(f"modes/{page.name}" for page in sorted((DOCS / "modes").glob("*.md")))]
)
def test_a_page_that_is_read_first_links_it(page: str) -> None:
    assert "explanation/limits.md)" in (DOCS / page).read_text("utf-8")


def test_the_resources_that_it_names_are_in_the_provider() -> None:
    schema = schema_of("kurrent-io/kurrentcloud")
    require(schema is not None, "no schema of kurrent-io/kurrentcloud")
    assert schema is not None
    named = set(re.findall(r"`(kurrentcloud_\w+)`", TEXT))

    assert named <= schema.resources.keys()
    assert len(named) == 6
    assert not [name for name in schema.resources if "link" in name or "vpn" in name]
    cluster = schema.resources["kurrentcloud_managed_cluster"]["block"]["attributes"]
    assert not [name for name in cluster if "password" in name]
