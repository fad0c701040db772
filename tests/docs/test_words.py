"""The words of the field: those that the house has replaced stay out of help, findings, messages, pages and files."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs.writers.commands import command_names, inner_names
from escscaffold.cli import cli
from escscaffold.rules.catalogue import RULES
from tests.docs.console import PAGES, REPOSITORY, page_name

REPLACED = {
    r"(?:is|are) there already|what is there already|\bis not there\b": "existing, missing",
    r"\bhid(?:es?|den|ing) (?:\w+ )?behind|\bbehind (?:its|their) nodes?\b": "SNATed to the node's address",
    r"\banew\b|\bmade over\b|\bafresh\b": "again, or: Terraform replaces",
    r"\bnobody\b|\bsomebody\b|\bwhoever\b|\bwhomever\b": "the person, or the passive",
    r"\bt(?:ake|akes|aken|aking|ook) (?:\w+ ){0,4}along\b": "also covers",
    r"\bnothing uses it\b|\bwhat is left\b": "free",
    r"\b(?:was|were|is|are|been|be) granted\b|\bgranted before\b": "allocated",
    r"\bwhat would be right\b|\bstray(?:s|ing)?\b": "fix, drift",
    r"\bfor want of\b|^Not asked\b": "skipped: REASON",
    r"\bif it is meant\b|\border of the work\b|\bInstead, and nothing is replaced\b": "to proceed, steps, alternatives",
    r"\bits files go\b|\bcalled otherwise\b|\b(?:is|are) gone\b": "removed, renamed",
    r"\bshall\b|\bmay not\b|\bthe usual\b": "must, cannot, default",
    r"\bbeside\b(?!-)|\ball the same\b|\bin the way of\b": "next to, see also, anyway",
    r"\bwhichever\b|\bwhatever\b|\bmend(?:s|ed|ing)?\b|\bof (?:its|their) own\b(?! ranges?\b)": "any, repair, separate",
    r"\bwants\b|\bknows\b|\btells\b": "needs, reads, prints",
    r"\bthat (?:is|are) there\b(?! instead)|\bit is there\b|\bthey are there\b": "existing",
    r"\b(?:keep|stay)s? off\b|\bstayed off\b": "must not overlap",
    r"\bbr(?:eaks?|oke|oken) off\b": "interrupted, truncated",
    r"\bpeering (?:must |has to )?knows?\b": "remote range, peering routes",
    r"\bstays? where (?:it|they)\b|\bgone with\b|\(gone\)": "in place, removed",
    r"\bleft out\b": "dropped, skipped, not set",
    r"\bthus\b|\bhence\b|\bwherever\b|\bwill do as well\b|\bmade here\b": "plain words; created",
    r"\bby itself\b": "automatically, or: the subject's name",
    r"\bis told\b|\bare told\b|\bwas told\b": "is printed, is reported",
    r"\b(?:is|are|was|were) made\b(?! up)|\bTerraform makes\b|\bAKS makes\b": "created",
    r"^#+ What (?!is\b.*\?)|^Of (?:a|an|each|every|two) \w+": "the subject first; a noun or a task as heading",
    r"\bhalf way\b|\btakes? (?:\w+ )?out of no\b|\bnone leaves\b|\bof yours\b": "plain words",
    r"\bmakes? a new\b|\b(?:was|were) planned (?:for|with)\b|\bAKS made\b": "replaces, the plan has, created",
    r"\bno way (?:out|to the)\b|\bleads? out\b|\bgo(?:es)? out (?:by|through)\b|\bway back\b": "route to the internet",
    r"\bby whose\b|\bknow no\b|\bthan it should\b|\bof no matter\b|\bin silence\b": "by owner, global, than expected",
    r"\bthan (?:the one|those|what) that (?:was|were)\b|\bwas told another\b": "the wrong X, another X than planned",
    r"\bis no (?:id|block|text|number|map|template|escape|JSON)\b": "is not a",
    r"\bbehaviour\b|\bcolour(?:s|ed)?\b|\bmisspelt\b|\borganis(?:e|ation)\w*": "American spelling",
}
"""What the house wrote once, and what it writes now."""

_NOT_PROSE = re.compile(r"^```.*?^```$|`[^`\n]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)

_COMMENT = re.compile(r"^\s*# (.*)$", re.MULTILINE)
_SENTENCE = re.compile(r'^\s*(?:description|error_message)\s*=\s*"(.*)"$', re.MULTILINE)


def found_in(text: str) -> list[str]:
    return [
        f"{match[0]!r}: write {better}"
        for words, better in REPLACED.items()
        for match in re.finditer(words, text, re.IGNORECASE | re.MULTILINE)
    ]


def helps() -> Iterator[tuple[str, str]]:
    for name in command_names():
        for words in [(name,), *((name, inner) for inner in inner_names(name))]:
            yield " ".join(words), CliRunner().invoke(cli, [*words, "--help"]).output


def messages(source: Path) -> Iterator[tuple[int, str]]:
    """Yield what a module can print: its texts of several words with their lines, and no docstring of it."""
    tree = ast.parse(source.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said_of_code = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, documented)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said_of_code:
            yield node.lineno, node.value


@cache
def emitted_comments() -> dict[str, list[str]]:
    """Return the comments, descriptions and error messages of emitted Terraform, and the pages with it, by template."""
    found = {}
    for path in sorted((REPOSITORY / "templates").rglob("*")):
        name = path.relative_to(REPOSITORY / "templates").as_posix()
        if path.suffix == ".md" or name.endswith((".md.j2",)):
            found[name] = [_NOT_PROSE.sub("", path.read_text("utf-8"))]
        elif re.search(r"\.(?:tf|hcl)(?:\.j2)?$", name):
            text = path.read_text("utf-8")
            found[name] = [*_COMMENT.findall(text), *_SENTENCE.findall(text)]
    return found


def texts_of(facts: object) -> Iterator[str]:
    """Yield what facts print: their texts of several words."""
    if isinstance(facts, str):
        yield from [facts] if " " in facts else []
    elif isinstance(facts, dict | list):
        for inner in facts.values() if isinstance(facts, dict) else facts:
            yield from texts_of(inner)


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_a_page_has_the_words_of_the_field(page: Path) -> None:
    assert found_in(_NOT_PROSE.sub("", page.read_text("utf-8"))) == []


def test_help_has_the_words_of_the_field() -> None:
    assert {name: found for name, text in helps() if (found := found_in(" ".join(text.split())))} == {}


def test_rules_have_the_words_of_the_field() -> None:
    told = {rule.code: found_in(f"{rule.title}. {rule.reason}") for rule in RULES.values()}

    assert {code: found for code, found in told.items() if found} == {}


def test_messages_have_the_words_of_the_field() -> None:
    told = {
        f"{source.relative_to(REPOSITORY)}:{line}": found
        for source in sorted((REPOSITORY / "escscaffold").rglob("*.py"))
        for line, text in messages(source)
        if " " in text and (found := found_in(text))
    }

    assert told == {}


def test_emitted_comments_and_pages_have_the_words_of_the_field() -> None:
    told = {name: [w for text in texts for w in found_in(text)] for name, texts in emitted_comments().items()}

    assert len(told) > 100
    assert {name: found for name, found in told.items() if found} == {}


def test_facts_have_the_words_of_the_field() -> None:
    found = {
        path.relative_to(REPOSITORY).as_posix(): words
        for path in sorted((REPOSITORY / "templates").rglob("*.toml"))
        if (words := [w for text in texts_of(tomllib.loads(path.read_text("utf-8"))) for w in found_in(text)])
    }

    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "Terraform makes the cluster anew.",
        "Pods hide behind their node.",
        "A range beside it",
        "## What is promised",
        "AWS adds no route by itself",
    ],
)
def test_a_replaced_word_is_found(text: str) -> None:
    assert found_in(text)
