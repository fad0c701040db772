"""Statements that were read once are not parsed again: what is read stays what the whole text says."""

from pathlib import Path

import pytest

from escscaffold.terraform.reading import NotHclError, Statements, read_hcl

ROOT = Path(__file__).parents[2]
TEXTS = {
    "nothing": "",
    "only comments": "# one\n\n  // two\n",
    "an indented statement first": '  a = 1\nb = "${a}"\n',
    "an operator's line": "a = 1 +\n2\nb = 2\n",
    "a comment below an expression": "a = b + c\n\n# about d\nd = var.x\n",
    "words at the beginning within brackets": "a = [\nb,\nc\n]\nd = {\ne = 1\n}\n",
    "a heredoc with words": "a = <<EOT\nb = 1\nEOT\nc = 2\n",
    "a string over two lines": 'a = "b\nc = 2\nd"\n',
    "a comment over two lines": "a = 1 /* b\nc = 2\n*/\nd = 3\n",
    "keywords for names": "in = 1\nfor = 2\nnull = 3\n",
    "line ends of Windows": "a = 1\r\nblock {\r\n  b = 2\r\n}\r\n",
    "no line end": "a = 1\nb = 2",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_read_by_its_statements_says_what_it_says_as_a_whole(text: str) -> None:
    known: Statements = {}

    assert read_hcl(text, known) == read_hcl(text) == read_hcl(text, known)


def test_so_do_the_files_that_are_written() -> None:
    known: Statements = {}
    texts = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "templates").glob("**/*.tf"))]

    assert len(texts) > 20
    for text in texts[::4]:
        assert read_hcl(text, known) == read_hcl(text)


def test_a_statement_has_the_line_that_it_has_in_each_text() -> None:
    known: Statements = {}

    first = read_hcl("a = 1\nb = 2\n", known)
    second = read_hcl("# more\na = 1\n\nblock {\n  c = 3\n}\nb = 2\n", known)

    assert [(a.name, a.line) for a in first.attributes] == [("a", 1), ("b", 2)]
    assert [(a.name, a.line) for a in second.attributes] == [("a", 2), ("b", 7)]
    assert [(b.line, b.body.attributes[0].line) for b in second.blocks] == [(4, 5)]


@pytest.mark.parametrize("text", ["a = 1\nb =\nc = 3\n", "a = [\nb = 1\n", "a = 1\n}\n", 'a = "\nb = 1\n'])
def test_what_is_no_hcl_is_told_at_its_line_in_the_whole_text(text: str) -> None:
    with pytest.raises(NotHclError) as whole:
        read_hcl(text)
    with pytest.raises(NotHclError) as by_statements:
        read_hcl(text, {})

    assert (by_statements.value.message, by_statements.value.line) == (whole.value.message, whole.value.line)
